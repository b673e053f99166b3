//! The position of each field's column in the table: a number, or an expression after an embedded group.
use crate::{
    model::{Kind, Model},
    names,
};
use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

/// For each field, where its column, or the first of its group, is.
pub(crate) struct Positions(Vec<Position>);

/// So many columns, and those of some groups.
#[derive(Clone, Default)]
pub(crate) struct Position {
    own: usize,
    groups: Vec<TokenStream>,
}

impl Positions {
    pub(crate) fn of(model: &Model, p: &TokenStream) -> Self {
        let mut next = Position::default();
        let mut positions = Vec::new();
        for field in &model.fields {
            positions.push(next.clone());
            match &field.kind {
                Kind::Column(_) => next.own += 1,
                Kind::Group { .. } => {
                    let group = names::group(&field.ty, p);
                    next.groups.push(quote!(#group::COLUMNS.len()));
                }
                Kind::Skipped | Kind::Relation(_) => {}
            }
        }
        Self(positions)
    }

    /// The position of a field as `usize`.
    pub(crate) fn at(&self, field: usize) -> &Position {
        &self.0[field]
    }

    /// The position of a field as `u16`.
    pub(crate) fn short(&self, field: usize) -> TokenStream {
        let position = &self.0[field];
        if position.groups.is_empty() { position.to_token_stream() } else { quote!((#position) as u16) }
    }

    /// The position of a field as an argument of a type. A bare number is much cheaper for the compiler to tell from others.
    pub(crate) fn argument(&self, field: usize) -> TokenStream {
        let position = &self.0[field];
        if position.groups.is_empty() { position.to_token_stream() } else { quote!({ #position }) }
    }

    /// The positions of fields as a list of `u16`.
    pub(crate) fn list(&self, fields: &[usize]) -> TokenStream {
        let positions = fields.iter().map(|field| self.short(*field));
        quote!(&[#(#positions),*])
    }
}

impl ToTokens for Position {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let (own, groups) = (Literal::usize_unsuffixed(self.own), &self.groups);
        tokens.extend(quote!(#own #(+ #groups)*));
    }
}
