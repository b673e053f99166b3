//! Stubs for what cannot be a model at all, so that code which uses it is not in error too.
use crate::expand;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, parse_quote};

/// A stub of the implementations; nothing for a generic item, whose parameters' bounds are unknown.
pub(crate) fn model(input: &DeriveInput) -> TokenStream {
    if !input.generics.params.is_empty() {
        return TokenStream::new();
    }
    let (name, p) = (&input.ident, quote!(__orm));
    let accessors = expand::accessors::without_relationships(name, &input.vis);
    let record = quote! {
        impl #p::Record for #name {
            type Key = i64;
            const PATH: &'static str = "";
            const SHAPE: &'static #p::shape::Shape =
                &#p::shape::Shape { model: "", path: "", columns: &[], primary_key: &[], uniques: &[], relations: &[] };
            fn table() -> &'static #p::schema::Table { #p::std::unreachable!() }
            fn read(_: &mut #p::RowReader<'_>) -> #p::Result<Self> { #p::std::unreachable!() }
            fn copy(&self) -> Self { #p::std::unreachable!() }
            fn column(&self, _: usize) -> &dyn #p::ColumnValue { #p::std::unreachable!() }
            fn column_mut(&mut self, _: usize) -> &mut dyn #p::ColumnValue { #p::std::unreachable!() }
            fn relation(&self, _: usize) -> &#p::RelationField { #p::std::unreachable!() }
            fn relation_mut(&mut self, _: usize) -> &mut #p::RelationField { #p::std::unreachable!() }
        }
    };
    expand::within(&parse_quote!(::orm), &quote!(#record #accessors))
}
