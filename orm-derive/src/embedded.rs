//! `derive(Embedded)`: a group of columns that several models share.
use crate::{
    attr::Attributes,
    errors::Errors,
    expand::{builder, table, within},
    lower,
    model::{Column, Field, KeyPart, Kind},
    names,
    symbol::{self, Place},
};
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::DeriveInput;

/// The implementation; nothing if the item cannot be a group.
pub(crate) fn expand(input: &DeriveInput, errors: &Errors) -> TokenStream {
    let Some(named) = lower::named_fields(input, "Embedded", errors) else { return TokenStream::new() };
    let mut attributes = Attributes::parse(&input.attrs, errors);
    attributes.keep_those_of(Place::EMBEDDED);
    let (case, krate) = (lower::case(&attributes), lower::krate(&attributes));
    let fields: Vec<Field> = named.named.iter().filter_map(|field| lower_field(input, field, &case, errors)).collect();
    let p = quote!(__orm);
    let (implementation, constants) = (implementation(input, &p, &fields), constants(input, &p, &fields));
    within(&krate, &quote!(#implementation #constants))
}

fn lower_field(input: &DeriveInput, field: &syn::Field, case: &str, errors: &Errors) -> Option<Field> {
    let name = field.ident.clone()?;
    let mut attributes = Attributes::parse(&field.attrs, errors);
    if lower::relation::target(&field.ty).is_some() {
        errors.on(&field.ty, "a relationship cannot be in an embedded group: put it into the model");
    }
    if let Some(span) = attributes.span(&symbol::ACCESSOR) {
        errors.at(
            span,
            "a column of an embedded group has no method on entities: remove this, and load it by `.with(..)`",
        );
    }
    let kind = match lower::relation::target(&field.ty) {
        Some(_) => Kind::Skipped,
        None => lower::column::lower(&mut attributes, &name, case),
    };
    match &kind {
        Kind::Column(column) if column.key != KeyPart::No => {
            errors.at(name.span(), "a primary key cannot be in an embedded group: put it into the model");
        }
        Kind::Group { .. } => errors.at(name.span(), "a group cannot be embedded in a group: embed both in the model"),
        Kind::Column(_) | Kind::Skipped | Kind::Relation(_) => {}
    }
    let constant = attributes.name(&symbol::CONSTANT).unwrap_or_else(|| names::local(&name));
    Some(Field { name, ty: lower::with_self(&field.ty, &input.ident), constant, kind })
}

fn columns(fields: &[Field]) -> impl Iterator<Item = (usize, &Field, &Column)> {
    let columns = fields.iter().filter_map(|field| match &field.kind {
        Kind::Column(column) => Some((field, column)),
        Kind::Group { .. } | Kind::Skipped | Kind::Relation(_) => None,
    });
    columns.enumerate().map(|(i, (field, column))| (i, field, column))
}

fn implementation(input: &DeriveInput, p: &TokenStream, fields: &[Field]) -> TokenStream {
    let name = &input.ident;
    let columns_of_table = columns(fields).map(|(_, field, column)| table::column(p, field, column));
    let read = every(p, fields, |_, field, _| {
        let of = names::column(&field.ty, p);
        quote!(#of::read(reader)?)
    });
    let open = every(p, fields, |i, field, column| {
        let none = quote!(#p::std::option::Option::None);
        builder::column_value(p, field, column, (&quote!(position + #i), &none))
    });
    let arms: Vec<_> = columns(fields)
        .map(|(i, field, _)| {
            let (i, of, field) = (Literal::usize_unsuffixed(i), names::column(&field.ty, p), &field.name);
            (quote!(#i => #of::as_value(&self.#field),), quote!(#i => #of::as_value_mut(&mut self.#field),))
        })
        .collect();
    let (shared, mutable): (Vec<_>, Vec<_>) = arms.into_iter().unzip();
    let none = quote!(_ => #p::std::panic!("there is no such column"));
    quote! {
        impl #p::Embedded for #name {
            const COLUMNS: &'static [#p::schema::Column] = &[#(#columns_of_table),*];
            fn read(reader: &mut #p::RowReader<'_>) -> #p::Result<Self> {
                #p::std::result::Result::Ok(Self { #(#read),* })
            }
            fn open(open: &mut #p::Open, position: usize) -> Self {
                Self { #(#open),* }
            }
            fn column(&self, position: usize) -> &dyn #p::ColumnValue {
                match position { #(#shared)* #none }
            }
            fn column_mut(&mut self, position: usize) -> &mut dyn #p::ColumnValue {
                match position { #(#mutable)* #none }
            }
        }
        impl #p::FromRow for #name {
            fn names() -> #p::std::option::Option<#p::std::vec::Vec<&'static str>> {
                #p::std::option::Option::Some(#p::names_of(<Self as #p::Embedded>::COLUMNS))
            }
            fn read(reader: &mut #p::RowReader<'_>) -> #p::Result<Self> {
                <Self as #p::Embedded>::read(reader)
            }
        }
    }
}

/// Each field with its value: a column's by its position, a skipped one's default.
fn every(p: &TokenStream, fields: &[Field], value: impl Fn(usize, &Field, &Column) -> TokenStream) -> Vec<TokenStream> {
    let mut position = 0;
    let mut one = |field: &Field| match &field.kind {
        Kind::Column(column) => {
            position += 1;
            value(position - 1, field, column)
        }
        Kind::Group { .. } | Kind::Skipped | Kind::Relation(_) => quote!(#p::std::default::Default::default()),
    };
    let values = fields.iter().map(|field| {
        let (name, value) = (&field.name, one(field));
        quote!(#name: #value)
    });
    values.collect()
}

fn constants(input: &DeriveInput, p: &TokenStream, fields: &[Field]) -> TokenStream {
    let (name, visibility) = (&input.ident, &input.vis);
    let constants = columns(fields).map(|(i, field, column)| {
        let (constant, ty, i) = (&field.constant, &field.ty, Literal::usize_unsuffixed(i));
        let doc = format!("The column `{}` of the group; `.column(..)` of a model's group takes it.", column.name);
        quote! {
            #[doc = #doc]
            #visibility const #constant: #p::Column<#name, #ty> = #p::Column::new(#i);
        }
    });
    quote! {
        impl #name {
            #(#constants)*
        }
    }
}
