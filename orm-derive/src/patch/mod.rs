//! `derive(Patch)`: some columns of a model, each of them given or not.
mod document;

use crate::{
    errors::Errors,
    expand::within,
    lower::{self, text},
    model::{Field, KeyPart, Kind, Model},
    names,
};
use document::Documents;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{DeriveInput, Ident, Visibility};

/// A field of the patch.
struct Part<'m> {
    field: &'m Field,
    visibility: &'m Visibility,
    is_group: bool,
    documents: Documents,
}

/// The patch and its implementations; nothing if the item has no columns.
pub(crate) fn expand(input: &DeriveInput, errors: &Errors) -> TokenStream {
    let Some(named) = lower::named_fields(input, "Patch", errors) else { return TokenStream::new() };
    // What is wrong with the declaration is told by the derive that it is for.
    let Some(model) = lower::model(input, &Errors::default()) else { return TokenStream::new() };
    let container = document::Container::of(&input.attrs, errors);
    let fields = named.named.iter().filter(|field| field.ident.is_some());
    let fields = model.fields.iter().zip(fields);
    let parts: Vec<Part<'_>> = fields.filter_map(|(field, given)| part(field, given, &container, errors)).collect();
    let patch = names::patch(&model.name);
    let declaration = declaration(&model, &patch, &parts);
    let checks = checks(&model);
    let implementations = implementations(&model, &patch, &parts, container.strict);
    let inside = within(&model.krate, &quote!(#checks #implementations));
    quote!(#declaration #inside)
}

/// Keys, relationships, and what the session fills by itself are no part of a patch.
fn part<'m>(
    field: &'m Field,
    given: &'m syn::Field,
    container: &document::Container,
    errors: &Errors,
) -> Option<Part<'m>> {
    let is_group = match &field.kind {
        Kind::Column(column) if column.key == KeyPart::No && column.role.is_none() => false,
        Kind::Group { .. } => true,
        Kind::Column(_) | Kind::Skipped | Kind::Relation(_) => return None,
    };
    let documents = Documents::of(&field.name, &given.attrs, container, errors);
    Some(Part { field, visibility: &given.vis, is_group, documents })
}

/// The struct, which users write and read.
fn declaration(model: &Model, patch: &Ident, parts: &[Part<'_>]) -> TokenStream {
    let (name, visibility, krate) = (&model.name, &model.visibility, &model.krate);
    let doc = format!("Changes of some columns of [`{name}`]: `None` leaves a column as it is.");
    let fields = parts.iter().map(|part| {
        let (field, visibility, ty) = (&part.field.name, part.visibility, &part.field.ty);
        let doc = format!("`{}`, if it is to be changed.", text(field));
        let ty = match part.is_group {
            true => names::patch_of(ty),
            false => quote!(#krate::__private::std::option::Option<#ty>),
        };
        quote!(#[doc = #doc] #visibility #field: #ty)
    });
    quote! {
        #[doc = #doc]
        #[derive(Clone, Default)]
        #[allow(dead_code, unreachable_pub)]
        #visibility struct #patch { #(#fields),* }
    }
}

/// A struct with a primary key is a model, one without is a group of columns.
fn checks(model: &Model) -> TokenStream {
    let name = &model.name;
    let is = if model.primary_key().is_empty() { quote!(is_group) } else { quote!(is_model) };
    quote_spanned!(names::at(name)=> const _: () = __orm::patch::#is::<#name>();)
}

fn implementations(model: &Model, patch: &Ident, parts: &[Part<'_>], strict: bool) -> TokenStream {
    let (name, title) = (&model.name, patch.to_string());
    let fields = parts.iter().map(described);
    let apply = parts.iter().map(|Part { field: Field { name, .. }, is_group, .. }| match is_group {
        true => quote!(__orm::Patch::apply_to(self.#name, &mut row.#name);),
        false => quote!(__orm::patch::set(&mut row.#name, self.#name);),
    });
    let from = parts.iter().map(|Part { field: Field { name, .. }, is_group, .. }| match is_group {
        true => quote!(#name: row.#name.into()),
        false => quote!(#name: __orm::std::option::Option::Some(row.#name)),
    });
    let setters = parts.iter().map(|part| setter(model, part));
    quote! {
        impl __orm::Patch for #patch {
            type Of = #name;
            const FIELDS: &'static [__orm::patch::PatchField<Self>] = {
                #[allow(unused_imports)]
                use __orm::patch::NotInDocuments as _;
                &[#(#fields),*]
            };
            const STRICT: bool = #strict;
            #[allow(unused_variables)]
            fn apply_to(self, row: &mut #name) { #(#apply)* }
        }
        impl #patch { #(#setters)* }
        impl __orm::std::convert::From<#name> for #patch {
            #[allow(unused_variables)]
            fn from(row: #name) -> Self { Self { #(#from),* } }
        }
        impl __orm::std::fmt::Debug for #patch {
            fn fmt(&self, f: &mut __orm::std::fmt::Formatter<'_>) -> __orm::std::fmt::Result {
                __orm::patch::debug(self, #title, f)
            }
        }
        impl __orm::serde::Serialize for #patch {
            fn serialize<S: __orm::serde::Serializer>(
                &self,
                serializer: S,
            ) -> __orm::std::result::Result<S::Ok, S::Error> {
                __orm::patch::serialize(self, serializer)
            }
        }
        impl<'de> __orm::serde::Deserialize<'de> for #patch {
            fn deserialize<D: __orm::serde::Deserializer<'de>>(
                document: D,
            ) -> __orm::std::result::Result<Self, D::Error> {
                __orm::patch::deserialize(document)
            }
        }
    }
}

/// The entry of a field in the table of the patch.
fn described(Part { field, is_group, documents, .. }: &Part<'_>) -> TokenStream {
    let (name, ty, title) = (&field.name, &field.ty, text(&field.name));
    let (writes, reads) = (documents.writes(), &documents.reads);
    let (is_given, write, read) = match is_group {
        true => (
            quote!(|patch| !__orm::Patch::is_empty(&patch.#name)),
            quote!(|patch| __orm::patch::write_group(&patch.#name)),
            quote!(|patch, document| __orm::patch::read_group(&mut patch.#name, document)),
        ),
        false => (
            quote!(|patch| patch.#name.is_some()),
            quote!(|patch| __orm::patch::write(__orm::patch::InDocuments::<#ty>::WRITE, patch.#name.as_ref())),
            quote!(|patch, document| {
                __orm::patch::read(__orm::patch::InDocuments::<#ty>::READ, &mut patch.#name, document)
            }),
        ),
    };
    quote! {
        __orm::patch::PatchField {
            field: #title, writes: #writes, reads: &[#(#reads),*], is_given: #is_given, write: #write, read: #read,
        }
    }
}

fn setter(model: &Model, Part { field, is_group, .. }: &Part<'_>) -> TokenStream {
    let (name, ty, visibility) = (names::local(&field.name), &field.ty, &model.visibility);
    let doc = format!("Changes `{}`.", text(&field.name));
    let (takes, value) = match is_group {
        true => {
            let patch = names::patch_of(ty);
            (quote!(impl __orm::std::convert::Into<#patch>), quote!(value.into()))
        }
        false => (
            quote!(impl __orm::IntoColumn<#ty>),
            quote!(__orm::std::option::Option::Some(__orm::IntoColumn::into_column(value))),
        ),
    };
    let member = &field.name;
    quote_spanned! {names::at(ty)=>
        #[doc = #doc]
        #[must_use]
        #visibility fn #name(mut self, value: #takes) -> Self {
            self.#member = #value;
            self
        }
    }
}
