//! Stubs for what cannot be a model at all, so that code which uses it is not in error too.
use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

/// A stub of the implementations; nothing for a generic item, whose parameters' bounds are unknown.
pub(crate) fn model(input: &DeriveInput) -> TokenStream {
    if !input.generics.params.is_empty() {
        return TokenStream::new();
    }
    let name = &input.ident;
    let p = quote!(::orm::__private);
    quote! {
        #[automatically_derived]
        impl #p::Record for #name {
            type Key = i64;
            const PATH: &'static str = "";
            const SHAPE: &'static #p::shape::Shape = &#p::shape::Shape {
                model: "", path: "", columns: &[], groups: &[], primary_key: &[], uniques: &[], relations: &[],
            };
            fn table() -> &'static #p::schema::Table { #p::std::unreachable!() }
            fn read(_: &mut #p::RowReader<'_>) -> #p::Result<Self> { #p::std::unreachable!() }
            fn copy(&self) -> Self { #p::std::unreachable!() }
            fn column(&self, _: usize) -> &dyn #p::ColumnValue { #p::std::unreachable!() }
            fn column_mut(&mut self, _: usize) -> &mut dyn #p::ColumnValue { #p::std::unreachable!() }
            fn relation(&self, _: usize) -> &dyn #p::RelationField { #p::std::unreachable!() }
            fn relation_mut(&mut self, _: usize) -> &mut dyn #p::RelationField { #p::std::unreachable!() }
        }
        #[automatically_derived]
        impl #p::Model for #name {
            type Accessors<'s> = #p::Raw<'s, Self>;
        }
    }
}
