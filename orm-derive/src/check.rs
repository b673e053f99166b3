//! What must hold between the fields of one struct. Rules that concern other models are checked by the compiler, with
//! functions of `schema::shape`.
use crate::{
    errors::Errors,
    expand::builder::METHODS,
    lower::text,
    model::{Column, Field, Key, KeyPart, Kind, Model, Proxy, Relation, RelationKind},
};
use quote::ToTokens;
use std::collections::HashMap;

/// Every rule. Each reports what breaks it; a relationship that breaks one is marked.
const RULES: &[fn(&mut Model, &Errors)] = &[
    has_a_primary_key,
    has_few_columns,
    columns_have_different_names,
    constants_have_different_names,
    fields_are_not_called_like_methods_of_the_builder,
    constants_are_not_called_like_functions_of_the_model,
    accessors_are_not_called_like_methods_of_entities,
    proxies_have_names_of_their_own,
    composite_keys_are_not_generated,
    there_is_one_column_of_each_role,
    keys_belong_to_one_relationship,
    sides_belong_to_one_relationship,
    keys_have_one_constraint,
    orphans_have_a_single_parent,
    orphans_go_with_their_owner,
    passive_deletes_delete_nothing,
];

/// Checks all rules.
pub(crate) fn check(model: &mut Model, errors: &Errors) {
    RULES.iter().for_each(|rule| rule(model, errors));
}

fn has_a_primary_key(model: &mut Model, errors: &Errors) {
    if model.primary_key().is_empty() {
        let message = format!(
            "`{}` has no primary key: put `#[orm(primary_key)]` on a field, such as `id: i64`, or on each field of a composite key",
            model.name
        );
        errors.at(model.name.span(), message);
    }
}

fn has_few_columns(model: &mut Model, errors: &Errors) {
    let count = model.columns().count();
    if count > 128 {
        let message =
            format!("`{}` has {count} columns, of at most 128: split it into two models with a `HasOne`", model.name);
        errors.at(model.name.span(), message);
    }
}

fn columns_have_different_names(model: &mut Model, errors: &Errors) {
    let mut seen: HashMap<&str, &Field> = HashMap::new();
    for (_, field, column) in model.columns() {
        if let Some(other) = seen.insert(&column.name, field) {
            let message =
                format!("the column `{}` is already that of `{}`: give it another name", column.name, other.name);
            errors.at(field.name.span(), message);
        }
    }
}

fn constants_have_different_names(model: &mut Model, errors: &Errors) {
    let mut seen: HashMap<String, &Field> = HashMap::new();
    for field in model.fields.iter().filter(|field| !matches!(field.kind, Kind::Skipped)) {
        if let Some(other) = seen.insert(text(&field.constant), field) {
            let message = format!("the constant `{}` is already that of `{}`", field.constant, other.name);
            errors.at(field.constant.span(), message);
        }
    }
}

fn fields_are_not_called_like_methods_of_the_builder(model: &mut Model, errors: &Errors) {
    for name in METHODS {
        for field in model.fields.iter().filter(|field| field.name == name) {
            let message = format!(
                "a field cannot be called `{name}`, which is a method of the builder: rename the field, with `column = \"{name}\"` for the old name in the database"
            );
            errors.at(field.name.span(), message);
        }
    }
}

fn constants_are_not_called_like_functions_of_the_model(model: &mut Model, errors: &Errors) {
    for field in model.fields.iter().filter(|field| !matches!(field.kind, Kind::Skipped)) {
        let name = text(&field.constant);
        if ["builder", "query"].contains(&name.as_str()) {
            let message = format!(
                "`{}::{name}` is a function of every model: name the constant of this field otherwise, `#[orm(constant = \"{}\")]`",
                model.name,
                name.to_uppercase()
            );
            errors.at(field.constant.span(), message);
        }
    }
}

/// Methods of an entity, and methods of traits of the standard prelude that it implements.
const RESERVED: &[&str] = &[
    "value",
    "to_value",
    "handle",
    "key",
    "update",
    "set",
    "apply",
    "clone",
    "clone_from",
    "eq",
    "ne",
    "into",
    "try_into",
    "to_owned",
    "as_ref",
];

fn accessors_are_not_called_like_methods_of_entities(model: &mut Model, errors: &Errors) {
    let of_relations = model.relations().map(|(_, relation)| ("relationship", &relation.accessor));
    let of_columns = model.columns().filter_map(|(_, _, column)| Some(("deferred column", column.accessor.as_ref()?)));
    for (what, accessor) in of_relations.chain(of_columns) {
        let name = text(accessor);
        if RESERVED.contains(&name.as_str()) {
            let message = format!(
                "`{name}` is a method of every entity, so a {what} needs another: `#[orm(accessor = \"{name}_\")]`, or rename the field"
            );
            errors.at(accessor.span(), message);
        }
    }
}

fn proxies_have_names_of_their_own(model: &mut Model, errors: &Errors) {
    let mut seen: Vec<String> = model.relations().map(|(_, relation)| text(&relation.accessor)).collect();
    for Proxy { name, .. } in &model.proxies {
        let written = text(name);
        if RESERVED.contains(&written.as_str()) || seen.contains(&written) {
            errors.at(
                name.span(),
                format!("`{written}` is a method of the entity already: give this proxy another name"),
            );
        }
        seen.push(written);
    }
}

fn composite_keys_are_not_generated(model: &mut Model, errors: &Errors) {
    let key = model.primary_key();
    let composite = key.len() > 1;
    for field in key {
        let Field { name, kind: Kind::Column(column), .. } = &mut model.fields[field] else { continue };
        match column.key {
            KeyPart::Generated if composite => {
                errors.at(name.span(), "only a primary key of one column can be generated: remove `generated`");
            }
            KeyPart::IfInteger if composite => column.key = KeyPart::Given,
            KeyPart::No | KeyPart::Given | KeyPart::IfInteger | KeyPart::Generated => {}
        }
    }
}

fn there_is_one_column_of_each_role(model: &mut Model, errors: &Errors) {
    let mut seen: HashMap<String, &Field> = HashMap::new();
    for (_, field, column) in model.columns() {
        let Some(role) = &column.role else { continue };
        if let Some(other) = seen.insert(role.method.to_string(), field) {
            errors.at(role.method.span(), format!("`{}` is already the `{}` of this model", other.name, role.method));
        }
    }
}

fn keys_belong_to_one_relationship(model: &mut Model, errors: &Errors) {
    let mut seen: HashMap<Vec<usize>, String> = HashMap::new();
    for field in &mut model.fields {
        let Kind::Relation(Relation { kind: RelationKind::BelongsTo(Key { fields, .. }), broken, .. }) =
            &mut field.kind
        else {
            continue;
        };
        if *broken {
            continue;
        }
        if let Some(other) = seen.insert(fields.clone(), text(&field.name)) {
            let message = format!(
                "`{}` and `{other}` are two relationships over one key: give each its own, `#[orm(foreign_key = ..)]`",
                field.name
            );
            errors.at(field.name.span(), message);
            *broken = true;
        }
    }
}

/// Two collections of one struct cannot have the same other side, nor the same key.
fn sides_belong_to_one_relationship(model: &mut Model, errors: &Errors) {
    let mut seen: HashMap<String, String> = HashMap::new();
    for field in &mut model.fields {
        let name = text(&field.name);
        let Kind::Relation(relation) = &mut field.kind else { continue };
        let key = match &relation.kind {
            RelationKind::HasOne(key) | RelationKind::HasMany(key) if !key.is_empty() && !relation.broken => key,
            _ => continue,
        };
        let key: String = key.iter().map(|path| path.to_token_stream().to_string()).collect();
        if let Some(other) = seen.insert(key, name.clone()) {
            let message = format!("`{name}` and `{other}` are two relationships over one key: remove one");
            errors.at(field.name.span(), message);
            relation.broken = true;
        }
    }
}

fn keys_have_one_constraint(model: &mut Model, errors: &Errors) {
    for (i, field, column) in model.columns() {
        let Column { references: Some(reference), filled: true, .. } = column else { continue };
        let of = model.relations().find(|(_, relation)| match &relation.kind {
            RelationKind::BelongsTo(key) => key.fields == [i] && key.constraint,
            RelationKind::HasOne(_) | RelationKind::HasMany(_) | RelationKind::ManyToMany(_) => false,
        });
        if let Some((relation, _)) = of {
            let message =
                format!("`{}` already references the key of `{}`: remove `references`", field.name, relation.name);
            errors.on(&reference.column, message);
        }
    }
}

/// Whether a target may have several owners.
fn has_shared_targets(relation: &Relation) -> bool {
    match relation.kind {
        RelationKind::BelongsTo(_) | RelationKind::ManyToMany(_) => !relation.single_parent,
        RelationKind::HasOne(_) | RelationKind::HasMany(_) => false,
    }
}

fn orphans_have_a_single_parent(model: &mut Model, errors: &Errors) {
    for (_, relation) in model.relations() {
        let orphan = relation.cascade.iter().find(|cascade| *cascade == "DeleteOrphan");
        if let Some(orphan) = orphan.filter(|_| has_shared_targets(relation)) {
            let message = format!(
                "the target of a `{}` may have other owners, so it is no orphan when this one lets it go: declare `delete_orphan` at the other side, or add `single_parent`",
                relation.kind.name()
            );
            errors.at(orphan.span(), message);
        }
    }
}

/// Whether a deletion of the owner deletes the targets.
fn deletes(relation: &Relation) -> bool {
    relation.cascade.iter().any(|cascade| cascade == "Delete" || cascade == "ALL")
}

fn orphans_go_with_their_owner(model: &mut Model, errors: &Errors) {
    for (_, relation) in model.relations() {
        let orphan = relation.cascade.iter().find(|cascade| *cascade == "DeleteOrphan");
        if let Some(orphan) = orphan.filter(|_| !deletes(relation) && !has_shared_targets(relation)) {
            errors.at(
                orphan.span(),
                "what is deleted when it is taken from its owner is also deleted with its owner: write `cascade(all, delete_orphan)`",
            );
        }
    }
}

fn passive_deletes_delete_nothing(model: &mut Model, errors: &Errors) {
    for (_, relation) in model.relations() {
        if let Some(passive) =
            relation.passive_deletes.as_ref().filter(|passive| *passive == "All" && deletes(relation))
        {
            errors.at(
                passive.span(),
                "`passive_deletes = \"all\"` leaves every target to the database, and `cascade` deletes them: write `passive_deletes` alone to leave only those that are not in memory, or remove `delete` from the cascade",
            );
        }
    }
}
