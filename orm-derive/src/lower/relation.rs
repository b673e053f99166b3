//! Fields that are relationships.
use super::{
    column::{action, is_member},
    link, text,
};
use crate::{
    attr::{Arg, Attributes, Item, read},
    model::{Key, Order, Ordering, Relation, RelationKind},
    names,
    symbol::{self, Place},
};
use syn::{Expr, ExprPath, GenericArgument, Ident, PathArguments, Type, spanned::Spanned};

/// The kind and the target of a relationship field; `None` for other types.
pub(crate) fn target(ty: &Type) -> Option<(Place, Type)> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let place = match last.ident.to_string().as_str() {
        "BelongsTo" => Place::BELONGS_TO,
        "HasOne" => Place::HAS_ONE,
        "HasMany" => Place::HAS_MANY,
        "ManyToMany" => Place::MANY_TO_MANY,
        _ => return None,
    };
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(target) => Some((place, target.clone())),
        _ => None,
    }
}

/// The relationship of a field of the model; its index and what its key is follow when all fields are known.
pub(crate) fn lower(
    attributes: &Attributes<'_>,
    (model, field): (&Ident, &Ident),
    place: Place,
    target: Type,
) -> Relation {
    let inverse = inverse(attributes);
    Relation {
        accessor: attributes.name(&symbol::ACCESSOR).unwrap_or_else(|| names::local(field)),
        marker: names::marker(model, field),
        index: 0,
        target,
        kind: kind(attributes, field, place, inverse.is_some()),
        inverse,
        cascade: cascade(attributes),
        order_by: order_by(attributes),
        ordering: ordering(attributes),
        load: attributes.choice(&symbol::LOAD, symbol::STRATEGIES),
        passive_deletes: passive_deletes(attributes, place),
        single_parent: attributes.flag(&symbol::SINGLE_PARENT),
        broken: false,
    }
}

fn inverse(attributes: &Attributes<'_>) -> Option<Ident> {
    let path = attributes.path(&symbol::BACK_POPULATES)?;
    let name = path.path.get_ident().cloned();
    if name.is_none() {
        let last = path.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        attributes.errors.on(
            &path,
            format!("`back_populates` takes the name of a field of the other model: write `back_populates = {last}`"),
        );
    }
    name
}

fn kind(attributes: &Attributes<'_>, field: &Ident, place: Place, inverse: bool) -> RelationKind {
    match place {
        Place::BELONGS_TO => RelationKind::BelongsTo(Key {
            fields: Vec::new(),
            references: members(attributes, attributes.paths(&symbol::REFERENCES).unwrap_or_default()),
            on_delete: action(attributes, &symbol::ON_DELETE),
            on_update: action(attributes, &symbol::ON_UPDATE),
            constraint: attributes.switch(&symbol::CONSTRAINT).unwrap_or(true),
            index: attributes.switch(&symbol::INDEX).unwrap_or(true),
        }),
        Place::HAS_ONE => RelationKind::HasOne(key_of_targets(attributes, field, inverse)),
        Place::HAS_MANY => RelationKind::HasMany(key_of_targets(attributes, field, inverse)),
        _ => RelationKind::ManyToMany(link::lower(attributes, field)),
    }
}

/// The key of a `HasOne` or `HasMany` that has no other side.
fn key_of_targets(attributes: &Attributes<'_>, field: &Ident, inverse: bool) -> Vec<ExprPath> {
    let key = attributes.paths(&symbol::FOREIGN_KEY).unwrap_or_default();
    match (attributes.span(&symbol::FOREIGN_KEY), inverse) {
        (Some(span), true) => {
            let message =
                "the key is declared at the other side, which `back_populates` names: remove `foreign_key` here";
            attributes.errors.at(span, message);
            Vec::new()
        }
        (None, false) if !attributes.has(&symbol::BACK_POPULATES) => {
            let message = format!(
                "where is the key of `{}`? Name the other side, `#[orm(back_populates = user)]`, or, if there is none, its column, `#[orm(foreign_key = Order::user_id)]`",
                text(field)
            );
            attributes.errors.at(field.span(), message);
            Vec::new()
        }
        _ => members(attributes, key),
    }
}

/// Paths to columns of a model; others are reported.
fn members(attributes: &Attributes<'_>, paths: Vec<ExprPath>) -> Vec<ExprPath> {
    let (members, bare): (Vec<_>, Vec<_>) = paths.into_iter().partition(|path| path.path.segments.len() > 1);
    for path in bare {
        attributes
            .errors
            .on(&path, "this takes a column of the other model: write it with its model, `Order::user_id`");
    }
    members
}

/// `cascade(all, delete_orphan)`: variants and constants of `schema::Cascades`.
fn cascade(attributes: &Attributes<'_>) -> Vec<Ident> {
    let Some(entry) = attributes.find(&symbol::CASCADE) else { return Vec::new() };
    let Arg::List(items) = &entry.arg else {
        attributes.wrong::<()>(entry, &symbol::CASCADE, "takes a list");
        return Vec::new();
    };
    items.iter().filter_map(|item| one_cascade(attributes, item)).collect()
}

fn one_cascade(attributes: &Attributes<'_>, item: &Item) -> Option<Ident> {
    let word = match item {
        Item::Value(value) => read::as_word(value),
        Item::Word(_) => None,
    };
    let Some(word) = word else {
        attributes.errors.on(item, "`cascade` takes names: write `cascade(all, delete_orphan)`");
        return None;
    };
    let found = symbol::CASCADES.iter().find(|(name, _)| word == name);
    if found.is_none() {
        attributes.errors.at(word.span(), read::no_such("cascade", &word.to_string(), symbol::CASCADES));
    }
    found.map(|(_, variant)| Ident::new(variant, word.span()))
}

/// `passive_deletes`, `passive_deletes = "all"`: a variant of `schema::PassiveDeletes`.
fn passive_deletes(attributes: &Attributes<'_>, place: Place) -> Option<Ident> {
    let entry = attributes.find(&symbol::PASSIVE_DELETES)?;
    if let Arg::None = entry.arg {
        return Some(Ident::new("Unloaded", entry.name.span()));
    }
    let chosen = attributes.choice(&symbol::PASSIVE_DELETES, symbol::PASSIVE)?;
    if chosen == "All" && place == Place::MANY_TO_MANY {
        let message = "the links of a `ManyToMany` are never in memory as rows: write `passive_deletes` alone to leave them to `ON DELETE`";
        attributes.errors.at(chosen.span(), message);
    }
    Some(chosen)
}

/// `ordering = Track::position`, `ordering_start = 1`
fn ordering(attributes: &Attributes<'_>) -> Option<Ordering> {
    let start = attributes.number(&symbol::ORDERING_START);
    let Some(span) = attributes.span(&symbol::ORDERING) else {
        if let Some(span) = attributes.span(&symbol::ORDERING_START) {
            attributes
                .errors
                .at(span, "`ordering_start` is where `ordering = Track::position` begins to count: add that");
        }
        return None;
    };
    if attributes.has(&symbol::ORDER_BY) {
        attributes.errors.at(span, "a list with `ordering` is in the order of its positions: remove `order_by`");
    }
    let column = members(attributes, vec![attributes.path(&symbol::ORDERING)?]).pop()?;
    Some(Ordering { column, start: start.unwrap_or_default() })
}

/// `order_by = OrderItem::id`, `order_by = (OrderItem::position.desc(), OrderItem::id)`
fn order_by(attributes: &Attributes<'_>) -> Vec<Order> {
    let Some(entry) = attributes.find(&symbol::ORDER_BY) else { return Vec::new() };
    let Arg::Value(value) = &entry.arg else {
        attributes.wrong::<()>(entry, &symbol::ORDER_BY, "takes a column or several in parentheses");
        return Vec::new();
    };
    let columns: Vec<&Expr> = match value {
        Expr::Tuple(tuple) => tuple.elems.iter().collect(),
        Expr::Paren(inner) => vec![&inner.expr],
        other => vec![other],
    };
    columns.into_iter().filter_map(|column| order(attributes, column)).collect()
}

fn order(attributes: &Attributes<'_>, value: &Expr) -> Option<Order> {
    let (column, descending) = match value {
        Expr::MethodCall(call) if call.args.is_empty() && (call.method == "desc" || call.method == "asc") => {
            (call.receiver.as_ref(), call.method == "desc")
        }
        other => (other, false),
    };
    match column {
        Expr::Path(path) if is_member(column) => Some(Order { column: path.clone(), descending }),
        other => {
            let message = "`order_by` takes columns of the other model: write `order_by = OrderItem::id`, or `OrderItem::id.desc()`";
            attributes.errors.at(other.span(), message);
            None
        }
    }
}
