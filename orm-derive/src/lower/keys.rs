//! The keys of `BelongsTo`s: names of fields, looked up when all fields are known.
use super::{text, word};
use crate::{
    attr::Attributes,
    errors::Errors,
    model::{KeyPart, Kind, Model, Relation, RelationKind},
    symbol,
};
use syn::{Expr, Ident, spanned::Spanned};

/// The key that a `BelongsTo` names.
pub(crate) struct Named {
    /// The field of the relationship.
    field: usize,
    /// The names, with their places.
    key: Vec<Ident>,
    /// Whether they were written.
    written: bool,
}

impl Named {
    /// What `foreign_key` says, or `<field>_id`.
    pub(crate) fn of(field: usize, name: &Ident, attributes: &Attributes<'_>) -> Self {
        let Some(paths) = attributes.paths(&symbol::FOREIGN_KEY) else {
            return Self { field, key: vec![Ident::new(&format!("{}_id", text(name)), name.span())], written: false };
        };
        let mut key = Vec::new();
        for path in paths {
            match path.path.get_ident() {
                Some(name) => key.push(name.clone()),
                None => attributes.errors.on(
                    &path,
                    "the key of a `BelongsTo` is in this struct: write its field's name alone, `foreign_key = user_id`",
                ),
            }
        }
        Self { field, key, written: true }
    }
}

/// Looks up the keys, and tells their columns that a relationship can fill them.
pub(crate) fn resolve(model: &mut Model, keys: Vec<Named>, errors: &Errors) {
    for named in keys {
        let found: Vec<Option<usize>> = named.key.iter().map(|name| position(model, name)).collect();
        for (name, found) in named.key.iter().zip(&found) {
            if found.is_none() {
                errors.at(name.span(), missing(model, &named, name));
            }
        }
        let fields: Vec<usize> = found.iter().copied().flatten().collect();
        fields.iter().for_each(|field| fill(model, *field));
        if let Kind::Relation(Relation { kind: RelationKind::BelongsTo(key), broken, .. }) =
            &mut model.fields[named.field].kind
        {
            *broken |= fields.len() < found.len() || fields.is_empty();
            key.fields = fields;
        }
    }
}

/// A key that a relationship fills is not generated.
fn fill(model: &mut Model, field: usize) {
    if let Kind::Column(column) = &mut model.fields[field].kind {
        column.filled = true;
        if column.key == KeyPart::IfInteger {
            column.key = KeyPart::Given;
        }
    }
}

fn missing(model: &Model, named: &Named, name: &Ident) -> String {
    if named.written {
        return no_column(model, name);
    }
    let field = &model.fields[named.field].name;
    format!(
        "the key of `{field}` is missing: add the field `{name}` with the type of the other model's primary key, or name it, `#[orm(foreign_key = ..)]`"
    )
}

/// The field of a column that a list names; others are reported.
pub(crate) fn field(model: &Model, value: &Expr, errors: &Errors) -> Option<usize> {
    let name = word(value, errors)?;
    let found = position(model, &name);
    if found.is_none() {
        errors.at(value.span(), no_column(model, &name));
    }
    found
}

fn no_column(model: &Model, name: &Ident) -> String {
    let fields: Vec<String> = model.columns().map(|(_, field, _)| text(&field.name)).collect();
    let written = text(name);
    match symbol::nearest(&written, fields.iter().map(String::as_str)) {
        Some(near) => format!("`{}` has no column `{written}`: did you mean `{near}`?", model.name),
        None => format!("`{}` has no column `{written}`: it has {}", model.name, fields.join(", ")),
    }
}

fn position(model: &Model, name: &Ident) -> Option<usize> {
    model.columns().find(|(_, field, _)| text(&field.name) == text(name)).map(|(i, ..)| i)
}
