//! `proxy(role_names = roles.name)`: names for what lies behind relationships.
use super::text;
use crate::{
    attr::{Arg, Attributes, Entry, Item, read},
    model::{Kind, Model, Proxy},
    names,
    symbol::{self, nearest},
};
use syn::{Expr, ExprField, Ident, Member};

/// Reads the proxies of a struct whose fields are known.
pub(super) fn lower(model: &mut Model, attributes: &Attributes<'_>) {
    for entry in attributes.all(&symbol::PROXY) {
        let Arg::List(items) = &entry.arg else {
            attributes.wrong::<()>(entry, &symbol::PROXY, "takes names and what they stand for");
            continue;
        };
        let proxies: Vec<Proxy> = items.iter().filter_map(|item| one(model, attributes, item)).collect();
        model.proxies.extend(proxies);
    }
}

fn one(model: &Model, attributes: &Attributes<'_>, item: &Item) -> Option<Proxy> {
    let Some((name, relation, member)) = parts(item) else {
        let message =
            "a proxy leads over a relationship of this struct to a field behind it: write `role_names = roles.name`";
        attributes.errors.on(item, message);
        return None;
    };
    let is_relation = |kind: &Kind| matches!(kind, Kind::Relation(_));
    let found = model.fields.iter().position(|field| field.name == relation && is_relation(&field.kind));
    if found.is_none() {
        attributes.errors.at(relation.span(), no_such(model, &relation));
    }
    Some(Proxy { name: names::local(name), field: found?, member })
}

/// `role_names`, `roles` and `name` of `role_names = roles.name`.
fn parts(item: &Item) -> Option<(&Ident, Ident, Ident)> {
    let Item::Word(Entry { name, arg: Arg::Value(Expr::Field(ExprField { base, member, .. })) }) = item else {
        return None;
    };
    match member {
        Member::Named(member) => Some((name, read::as_word(base)?, member.clone())),
        Member::Unnamed(_) => None,
    }
}

fn no_such(model: &Model, relation: &Ident) -> String {
    let names: Vec<String> = model.relations().map(|(field, _)| text(&field.name)).collect();
    let written = text(relation);
    match nearest(&written, names.iter().map(String::as_str)) {
        Some(near) => format!("`{}` has no relationship `{written}`: did you mean `{near}`?", model.name),
        None => format!("`{}` has no relationship `{written}` over which a proxy could lead", model.name),
    }
}
