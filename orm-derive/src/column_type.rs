//! `derive(ColumnType)`: a newtype as a column, stored as what is inside.
use crate::{attr::Attributes, errors::Errors, expand::within, lower, names, symbol::Place};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::{Data, DataStruct, DeriveInput, Field, Index, Member};

/// The implementation; nothing if the item cannot be a column.
pub(crate) fn expand(input: &DeriveInput, errors: &Errors) -> TokenStream {
    let Some((member, field)) = only_field(input, errors) else { return TokenStream::new() };
    let mut attributes = Attributes::parse(&input.attrs, errors);
    attributes.keep_those_of(Place::NEWTYPE);
    let krate = lower::krate(&attributes);
    let (p, name, inner) = (quote!(__orm), &input.ident, &field.ty);
    let of = names::column(inner, &p);
    let wrap = quote!(|inner| Self { #member: inner });
    let implementation = quote_spanned! {names::at(inner)=>
        impl #p::ColumnType for #name {
            const TYPE: #p::SqlType = #of::TYPE;
            const VARIANTS: &'static [&'static str] = #of::VARIANTS;
            const HAS_PLACEHOLDER: bool = #of::HAS_PLACEHOLDER;
            type Null = #of::Null;
            type Scalar = Self;
            type Start<F> = #of::Start<F>;
            fn decode(cell: #p::Cell<'_>) -> #p::Result<Self> {
                #of::decode(cell).map(#wrap)
            }
            fn from_value(value: #p::Value) -> #p::Result<Self> {
                #of::from_value(value).map(#wrap)
            }
            fn encode(&self) -> #p::Value {
                #of::encode(&self.#member)
            }
            fn same(&self, other: &Self) -> bool {
                #of::same(&self.#member, &other.#member)
            }
            fn key(&self) -> #p::Key {
                #of::key(&self.#member)
            }
            fn unset() -> #p::std::option::Option<Self> {
                #of::unset().map(#wrap)
            }
            fn placeholder() -> #p::std::option::Option<Self> {
                #of::placeholder().map(#wrap)
            }
        }
    };
    within(&krate, &implementation)
}

fn only_field<'a>(input: &'a DeriveInput, errors: &Errors) -> Option<(Member, &'a Field)> {
    if !input.generics.params.is_empty() {
        errors.on(&input.generics, "a newtype with `derive(ColumnType)` cannot be generic: write one for each type");
        return None;
    }
    let Data::Struct(DataStruct { fields, .. }) = &input.data else {
        errors.on(&input.ident, "`derive(ColumnType)` is for newtypes; for an enum there is `derive(ColumnEnum)`");
        return None;
    };
    let mut all = fields.iter();
    let (Some(field), None) = (all.next(), all.next()) else {
        let message = "a newtype has exactly one field: for several columns there is `derive(Embedded)`, for one JSON column `Json<..>`";
        errors.on(input.ident.to_token_stream(), message);
        return None;
    };
    let member = field.ident.clone().map_or(Member::Unnamed(Index::from(0)), Member::Named);
    Some((member, field))
}
