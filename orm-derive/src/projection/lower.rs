//! From the struct and its attributes to the projection.
use super::{Field, Narrowed, Projection, Source};
use crate::{
    attr::{Arg, Attributes, read},
    errors::Errors,
    lower, names,
    symbol::{self, Place, Word},
};
use syn::{DeriveInput, Expr, Ident, Member};

/// In a projection it names a column of the model, not of the table.
const COLUMN: Word = Word { example: "column = email", ..symbol::COLUMN };

/// The words that say what fills a field; one at most.
const SOURCES: [&Word; 6] = [&COLUMN, &symbol::RELATION, &symbol::PATH, &symbol::EXPR, &symbol::FLATTEN, &symbol::SKIP];

/// The words that say which targets of a relationship to many.
const NARROWING: [&Word; 3] = [&symbol::FILTER, &symbol::ORDER_BY, &symbol::LIMIT];

/// The projection of a struct; `None` if the item cannot be one at all.
pub(super) fn projection(input: &DeriveInput, errors: &Errors) -> Option<Projection> {
    let named = lower::named_fields(input, "Projection", errors)?;
    let mut attributes = Attributes::parse(&input.attrs, errors);
    attributes.keep_those_of(Place::PROJECTION);
    let krate = lower::krate(&attributes);
    if !attributes.has(&symbol::FROM) {
        errors.on(&input.ident, "a projection is read from a model: name it at the struct, `#[orm(from = User)]`");
    }
    let from = attributes.path(&symbol::FROM)?;
    let field = |field: &syn::Field| {
        let name = field.ident.clone()?;
        let mut attributes = Attributes::parse(&field.attrs, errors);
        attributes.keep_those_of(Place::PROJECTED);
        let source = source(&attributes, &name);
        Some(Field { name, ty: lower::with_self(&field.ty, &input.ident), source })
    };
    let fields = named.named.iter().filter_map(field).collect();
    Some(Projection { name: input.ident.clone(), krate, from, fields })
}

fn source(attributes: &Attributes<'_>, name: &Ident) -> Source {
    let mut said = SOURCES.into_iter().filter(|word| attributes.has(word));
    let (first, second) = (said.next(), said.next());
    if let (Some(first), Some(second)) = (first, second) {
        return conflict(attributes, second, first);
    }
    let narrowing = NARROWING.into_iter().find(|word| attributes.has(word));
    match (first, narrowing) {
        (Some(word), Some(narrowing)) if !is_relation(word) => conflict(attributes, narrowing, word),
        (_, Some(_)) => list(attributes, name),
        (None, None) => Source::Named(names::local(name)),
        (Some(word), None) => said_by(attributes, word).unwrap_or(Source::Broken),
    }
}

fn is_relation(word: &Word) -> bool {
    [symbol::RELATION.name, COLUMN.name].contains(&word.name)
}

fn conflict(attributes: &Attributes<'_>, word: &Word, other: &Word) -> Source {
    if let Some(span) = attributes.span(word) {
        let message = format!("`{}` and `{}` cannot be said of one field: remove one", word.name, other.name);
        attributes.errors.at(span, message);
    }
    Source::Broken
}

fn said_by(attributes: &Attributes<'_>, word: &Word) -> Option<Source> {
    match word.name {
        name if name == symbol::PATH.name => path(attributes),
        name if name == symbol::EXPR.name => value(attributes, word).map(Box::new).map(Source::Expression),
        name if name == symbol::FLATTEN.name => attributes.flag(word).then_some(Source::Flattened),
        name if name == symbol::SKIP.name => attributes.flag(word).then_some(Source::Skipped),
        _ => other_name(attributes, word).map(Source::Named),
    }
}

/// `column = email`, `relation = orders`
fn other_name(attributes: &Attributes<'_>, word: &Word) -> Option<Ident> {
    let entry = attributes.find(word)?;
    let name = match &entry.arg {
        Arg::Value(value) => read::as_word(value),
        Arg::None | Arg::List(_) => None,
    };
    name.or_else(|| attributes.wrong(entry, word, "takes the name of a field of the model"))
}

fn value(attributes: &Attributes<'_>, word: &Word) -> Option<Expr> {
    let entry = attributes.find(word)?;
    match &entry.arg {
        Arg::Value(value) => Some(value.clone()),
        Arg::None | Arg::List(_) => attributes.wrong(entry, word, "takes an expression"),
    }
}

/// `path = profile.bio`: at least one relationship and a column.
fn path(attributes: &Attributes<'_>) -> Option<Source> {
    let takes = "takes relationships to one and the column at the end";
    let entry = attributes.find(&symbol::PATH)?;
    let mut steps = Vec::new();
    let whole = match &entry.arg {
        Arg::Value(value) => steps_of(value, &mut steps).is_some(),
        Arg::None | Arg::List(_) => false,
    };
    match steps.pop() {
        Some(column) if whole && !steps.is_empty() => Some(Source::Path { steps, column }),
        _ => attributes.wrong(entry, &symbol::PATH, takes),
    }
}

fn steps_of(value: &Expr, steps: &mut Vec<Ident>) -> Option<()> {
    match value {
        Expr::Field(field) => {
            steps_of(&field.base, steps)?;
            let Member::Named(name) = &field.member else { return None };
            steps.push(name.clone());
        }
        other => steps.push(read::as_word(other)?),
    }
    Some(())
}

fn list(attributes: &Attributes<'_>, name: &Ident) -> Source {
    let other = SOURCES.into_iter().find(|word| attributes.has(word));
    let relation = match other {
        Some(word) => other_name(attributes, word),
        None => Some(names::local(name)),
    };
    let [filter, order_by, limit] = NARROWING.map(|word| value(attributes, word));
    relation.map_or(Source::Broken, |relation| Source::List {
        relation,
        narrowed: Box::new(Narrowed { filter, order_by, limit }),
    })
}
