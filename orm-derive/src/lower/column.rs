//! Fields that are columns, groups of columns, or neither.
use super::text;
use crate::{
    attr::Attributes,
    model::{Column, Default, KeyPart, Kind, Reference, Role},
    names,
    symbol::{self, Place, Word},
};
use proc_macro2::Span;
use syn::{Expr, Ident, Type};

/// The kind of a field that is no relationship.
pub(crate) fn lower(attributes: &mut Attributes<'_>, name: &Ident, case: &str) -> Kind {
    if attributes.has(&symbol::SKIP) {
        attributes.keep_those_of(Place::SKIPPED);
        attributes.flag(&symbol::SKIP);
        return Kind::Skipped;
    }
    if attributes.has(&symbol::EMBED) {
        attributes.keep_those_of(Place::GROUP);
        attributes.flag(&symbol::EMBED);
        return Kind::Group { prefix: attributes.text(&symbol::PREFIX).map_or_else(String::new, |text| text.value()) };
    }
    attributes.keep_those_of(Place::COLUMN);
    Kind::Column(column(attributes, name, case))
}

/// A column.
pub(crate) fn column(attributes: &Attributes<'_>, name: &Ident, case: &str) -> Column {
    Column {
        name: attributes
            .text(&symbol::COLUMN)
            .map_or_else(|| names::in_case(&text(name), case), |written| written.value()),
        key: key(attributes),
        unique: attributes.flag(&symbol::UNIQUE),
        index: attributes.flag(&symbol::INDEX),
        max_length: attributes.number(&symbol::MAX_LENGTH),
        decimal: attributes.pair(&symbol::DECIMAL),
        default: default(attributes),
        sql_type: attributes.text(&symbol::SQL_TYPE),
        check: attributes.text(&symbol::CHECK),
        role: role(attributes),
        references: reference(attributes),
        filled: false,
        group: attributes.text(&symbol::DEFERRED),
        accessor: None,
    }
}

/// The method that loads a column which may be left out; its type says so.
pub(crate) fn accessor(attributes: &Attributes<'_>, name: &Ident, ty: &Type) -> Option<Ident> {
    let given = attributes.name(&symbol::ACCESSOR);
    if is_deferred(ty) {
        return Some(given.unwrap_or_else(|| names::local(name)));
    }
    for word in [&symbol::ACCESSOR, &symbol::DEFERRED] {
        if let Some(span) = attributes.span(word) {
            let message = format!("`{}` is for a column of type `Deferred<T>`: make it one, or remove this", word.name);
            attributes.errors.at(span, message);
        }
    }
    None
}

fn is_deferred(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    path.path.segments.last().is_some_and(|last| last.ident == "Deferred" && !last.arguments.is_empty())
}

/// An integer key is generated unless something else says what it is.
fn key(attributes: &Attributes<'_>) -> KeyPart {
    let generated = attributes.switch(&symbol::GENERATED);
    if !attributes.flag(&symbol::PRIMARY_KEY) {
        if let Some(span) = attributes.span(&symbol::GENERATED) {
            attributes.errors.at(span, "only a primary key can be generated: add `primary_key`, or remove `generated`");
        }
        return KeyPart::No;
    }
    let given =
        attributes.has(&symbol::DEFAULT) || attributes.has(&symbol::DEFAULT_SQL) || attributes.has(&symbol::REFERENCES);
    match generated {
        Some(true) => KeyPart::Generated,
        Some(false) => KeyPart::Given,
        None if given => KeyPart::Given,
        None => KeyPart::IfInteger,
    }
}

fn default(attributes: &Attributes<'_>) -> Default {
    if let (Some(_), Some(span)) = (attributes.find(&symbol::DEFAULT), attributes.span(&symbol::DEFAULT_SQL)) {
        attributes
            .errors
            .at(span, "a column has one default: `default` is made by Rust, `default_sql` by the database; remove one");
    }
    match (attributes.expression(&symbol::DEFAULT), attributes.text(&symbol::DEFAULT_SQL)) {
        (Some(value), _) => Default::Rust(value),
        (None, Some(expression)) => Default::Sql(expression),
        (None, None) => Default::None,
    }
}

fn role(attributes: &Attributes<'_>) -> Option<Role> {
    let words: [&Word; 3] = [&symbol::VERSION, &symbol::CREATED_AT, &symbol::UPDATED_AT];
    let mut roles = words.into_iter().filter(|word| attributes.flag(word));
    let role = roles.next()?;
    if let Some(span) = roles.next().and_then(|word| attributes.span(word)) {
        attributes.errors.at(span, format!("this column is already the `{}`: use one column for each", role.name));
    }
    let span = attributes.span(role)?;
    Some(Role { method: Ident::new(role.name, span) })
}

fn reference(attributes: &Attributes<'_>) -> Option<Reference> {
    if !attributes.has(&symbol::REFERENCES) {
        for word in [&symbol::ON_DELETE, &symbol::ON_UPDATE] {
            if let Some(span) = attributes.span(word) {
                let message = format!(
                    "`{}` belongs at the foreign key: write it at the `BelongsTo`, or add `references = User::id` here",
                    word.name
                );
                attributes.errors.at(span, message);
            }
        }
        return None;
    }
    let column = attributes.path(&symbol::REFERENCES)?;
    if column.path.segments.len() < 2 {
        let message = "`references` takes a column of a model: write `references = User::id`";
        attributes.errors.on(&column, message);
        return None;
    }
    Some(Reference {
        column,
        on_delete: action(attributes, &symbol::ON_DELETE),
        on_update: action(attributes, &symbol::ON_UPDATE),
    })
}

/// The variant of `schema::Action`.
pub(crate) fn action(attributes: &Attributes<'_>, word: &Word) -> Ident {
    attributes.choice(word, symbol::ACTIONS).unwrap_or_else(|| Ident::new("NoAction", Span::call_site()))
}

/// Whether an expression is a path to a column of a model.
pub(crate) fn is_member(value: &Expr) -> bool {
    matches!(value, Expr::Path(path) if path.path.segments.len() > 1)
}
