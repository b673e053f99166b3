//! What serde's attributes of the struct say of the names in documents.
use crate::{errors::Errors, lower::text};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Ident, LitStr, meta::ParseNestedMeta, spanned::Spanned};

/// Attributes of the struct.
#[derive(Default)]
pub(super) struct Container {
    writes: String,
    reads: String,
    pub(super) strict: bool,
}

/// The names of a field.
#[derive(Default)]
pub(super) struct Documents {
    writes: Option<String>,
    pub(super) reads: Vec<String>,
}

impl Container {
    pub(super) fn of(attributes: &[Attribute], errors: &Errors) -> Self {
        let mut container = Self::default();
        each(attributes, errors, |meta| {
            if meta.path.is_ident("deny_unknown_fields") {
                container.strict = true;
                return Ok(());
            }
            if !meta.path.is_ident("rename_all") {
                return skip(meta);
            }
            let (writes, reads) = both(meta)?;
            container.writes = writes.unwrap_or_default();
            container.reads = reads.unwrap_or_default();
            Ok(())
        });
        container
    }
}

impl Documents {
    pub(super) fn of(name: &Ident, attributes: &[Attribute], container: &Container, errors: &Errors) -> Self {
        let name = text(name);
        let mut writes = Some(in_case(&name, &container.writes));
        let mut reads = Some(in_case(&name, &container.reads));
        let mut aliases = Vec::new();
        each(attributes, errors, |meta| {
            let word = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
            match word.as_str() {
                "rename" => {
                    let (own_writes, own_reads) = both(meta)?;
                    writes = own_writes.or(writes.take());
                    reads = own_reads.or(reads.take());
                }
                "alias" => aliases.push(meta.value()?.parse::<LitStr>()?.value()),
                "skip" => (writes, reads) = (None, None),
                "skip_serializing" => writes = None,
                "skip_deserializing" => reads = None,
                "with" | "serialize_with" | "deserialize_with" | "flatten" => {
                    let message = format!(
                        "`derive(Patch)` reads and writes this column by its own type and cannot follow `{word}`: give the type \
                         serde's traits instead (a newtype with `derive(ColumnType)`)"
                    );
                    errors.at(meta.path.span(), message);
                    return skip(meta);
                }
                _ => return skip(meta),
            }
            Ok(())
        });
        let reads = reads.map_or_else(Vec::new, |read| std::iter::once(read).chain(aliases).collect());
        Self { writes, reads }
    }

    pub(super) fn writes(&self) -> TokenStream {
        match &self.writes {
            Some(name) => quote!(__orm::std::option::Option::Some(#name)),
            None => quote!(__orm::std::option::Option::None),
        }
    }
}

/// Each word in `#[serde(..)]`. What serde does not understand it says itself.
fn each(attributes: &[Attribute], _: &Errors, mut word: impl FnMut(&ParseNestedMeta<'_>) -> syn::Result<()>) {
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        _ = attribute.parse_nested_meta(|meta| word(&meta));
    }
}

/// Takes no notice of a word and what it was given.
fn skip(meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
    if meta.input.peek(syn::Token![=]) {
        meta.value()?.parse::<syn::Expr>()?;
    } else if meta.input.peek(syn::token::Paren) {
        meta.parse_nested_meta(|inner| skip(&inner))?;
    }
    Ok(())
}

/// `= "x"`, or `(serialize = "x", deserialize = "y")`: what is written, and what is read.
fn both(meta: &ParseNestedMeta<'_>) -> syn::Result<(Option<String>, Option<String>)> {
    if meta.input.peek(syn::Token![=]) {
        let name = meta.value()?.parse::<LitStr>()?.value();
        return Ok((Some(name.clone()), Some(name)));
    }
    let (mut writes, mut reads) = (None, None);
    meta.parse_nested_meta(|inner| {
        let name = inner.value()?.parse::<LitStr>()?.value();
        if inner.path.is_ident("serialize") {
            writes = Some(name);
        } else {
            reads = Some(name);
        }
        Ok(())
    })?;
    Ok((writes, reads))
}

/// A field's name in one of serde's cases.
fn in_case(name: &str, case: &str) -> String {
    let pascal = || {
        let capital = |word: &str| {
            let mut letters = word.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        };
        name.split('_').map(capital).collect::<String>()
    };
    match case {
        "UPPERCASE" | "SCREAMING_SNAKE_CASE" => name.to_uppercase(),
        "PascalCase" => pascal(),
        "camelCase" => {
            let pascal = pascal();
            let mut letters = pascal.chars();
            letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
        }
        "kebab-case" => name.replace('_', "-"),
        "SCREAMING-KEBAB-CASE" => name.to_uppercase().replace('_', "-"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_the_cases_of_serde() {
        let cases =
            ["lowercase", "UPPERCASE", "PascalCase", "camelCase", "snake_case", "SCREAMING_SNAKE_CASE", "kebab-case"];
        let names: Vec<String> = cases.iter().map(|case| in_case("full_name", case)).collect();
        assert_eq!(names, ["full_name", "FULL_NAME", "FullName", "fullName", "full_name", "FULL_NAME", "full-name"]);
    }
}
