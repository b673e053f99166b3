//! `through(..)`: the table between the sides of a many-to-many.
use super::{column::is_member, text};
use crate::{
    attr::{Arg, Attributes, Entry, Item, read},
    model::Link,
    symbol,
};
use syn::{Expr, Ident};

const EXAMPLES: &str = "write `through(UserRole::user, UserRole::role)` for a link model, or `through(\"user_roles\", user_id, role_id)` for a bare table";

/// The link of a many-to-many; a broken one if it is reported.
pub(crate) fn lower(attributes: &Attributes<'_>, field: &Ident) -> Link {
    let broken = Link::Table { name: String::new(), near: Vec::new(), far: Vec::new() };
    let Some(entry) = attributes.find(&symbol::THROUGH) else {
        let message = format!("which table is between the sides of `{}`? {EXAMPLES}", text(field));
        attributes.errors.at(field.span(), message);
        return broken;
    };
    let link = match &entry.arg {
        Arg::List(items) => from_list(attributes, items),
        Arg::None | Arg::Value(_) => None,
    };
    link.unwrap_or_else(|| {
        attributes.errors.at(entry.name.span(), format!("this is no link: {EXAMPLES}"));
        broken
    })
}

fn from_list(attributes: &Attributes<'_>, items: &[Item]) -> Option<Link> {
    match items {
        [Item::Value(Expr::Path(near)), Item::Value(Expr::Path(far)), rest @ ..]
            if near.path.segments.len() > 1 && far.path.segments.len() > 1 =>
        {
            let constants = match rest {
                [] => Vec::new(),
                [Item::Word(entry)] if entry.name == symbol::WHERE => constants(attributes, entry),
                _ => return None,
            };
            Some(Link::Model { near: near.clone(), far: far.clone(), constants })
        }
        [Item::Value(table), Item::Value(near), Item::Value(far)] if !is_member(near) => {
            let name = read::as_text(table)?.value();
            Some(Link::Table { name, near: columns(near)?, far: columns(far)? })
        }
        _ => None,
    }
}

/// `where(kind = "MANAGES")`
fn constants(attributes: &Attributes<'_>, entry: &Entry) -> Vec<(Ident, Expr)> {
    let items = match &entry.arg {
        Arg::List(items) => items.as_slice(),
        Arg::None | Arg::Value(_) => &[],
    };
    let constant = |item: &Item| match item {
        Item::Word(Entry { name, arg: Arg::Value(value) }) => Some((name.clone(), value.clone())),
        _ => None,
    };
    let constants: Option<Vec<_>> = items.iter().map(constant).collect();
    constants.filter(|constants| !constants.is_empty()).unwrap_or_else(|| {
        let message =
            "`where` in a link takes columns of the link model and their values: write `where(kind = \"MANAGES\")`";
        attributes.errors.at(entry.name.span(), message);
        Vec::new()
    })
}

/// Names of columns of a bare table: bare or as text, one or several in parentheses.
fn columns(value: &Expr) -> Option<Vec<String>> {
    match value {
        Expr::Tuple(tuple) => tuple.elems.iter().map(column).collect(),
        Expr::Paren(inner) => columns(&inner.expr),
        other => column(other).map(|column| vec![column]),
    }
}

fn column(value: &Expr) -> Option<String> {
    read::as_text(value).map(|name| name.value()).or_else(|| read::as_word(value).map(|name| text(&name)))
}
