//! Where a builder stores what it was given: a tuple, or tuples of tuples, as long as `Default` is implemented for.
use super::Context;
use crate::model::{Field, Kind};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The longest tuple that is `Default`.
const LONGEST: usize = 12;

/// The fields that a builder stores, in their order.
pub(crate) struct Slots<'m>(Vec<&'m Field>);

impl<'m> Slots<'m> {
    pub(crate) fn of(context: &Context<'m>) -> Self {
        Self(context.model.fields.iter().filter(|field| !matches!(field.kind, Kind::Skipped)).collect())
    }

    /// The fields with their places.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (TokenStream, &'m Field)> {
        self.0.iter().enumerate().map(|(slot, field)| (self.at(slot), *field))
    }

    /// The place of a field.
    pub(crate) fn place(&self, field: &Field) -> Option<TokenStream> {
        self.0.iter().position(|stored| stored.name == field.name).map(|slot| self.at(slot))
    }

    /// The tuple, each field as the function tells.
    pub(crate) fn tuple(&self, of: impl Fn(&Field) -> TokenStream) -> TokenStream {
        let mut items: Vec<TokenStream> = self.0.iter().map(|field| of(field)).collect();
        while items.len() > LONGEST {
            items = items.chunks(LONGEST).map(|items| quote!((#(#items,)*))).collect();
        }
        quote!((#(#items,)*))
    }

    /// `.3`, or, of many fields, `.1.3`: the digits of the number, the greatest first.
    fn at(&self, slot: usize) -> TokenStream {
        let (mut length, mut rest, mut digits) = (self.0.len(), slot, vec![slot % LONGEST]);
        while length > LONGEST {
            (length, rest) = (length.div_ceil(LONGEST), rest / LONGEST);
            digits.push(rest % LONGEST);
        }
        let digits = digits.into_iter().rev().map(Literal::usize_unsuffixed);
        quote!(#(.#digits)*)
    }
}
