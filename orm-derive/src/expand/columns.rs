//! Constants for columns and groups, and what names a column by its position: `User::email`, `ColumnAt`.
use super::Context;
use crate::{
    lower::text,
    model::{Column, Field, Kind},
    names,
};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

pub(crate) fn expand(context: &Context<'_>) -> TokenStream {
    let Context { model, .. } = context;
    let (name, fields) = (&model.name, model.fields.iter().enumerate());
    let (mut constants, mut items) = (TokenStream::new(), TokenStream::new());
    for (i, field) in fields {
        match &field.kind {
            Kind::Column(column) => {
                constants.extend(column_constant(context, i, field, column));
                items.extend(column_at(context, i, field));
            }
            Kind::Group { .. } => {
                constants.extend(group_constant(context, i, field));
                items.extend(state(context, field));
            }
            Kind::Relation(_) | Kind::Skipped => {}
        }
    }
    quote! {
        #[allow(non_upper_case_globals, dead_code, unreachable_pub)]
        #[automatically_derived]
        impl #name {
            #constants
        }
        #items
    }
}

fn column_constant(context: &Context<'_>, i: usize, field: &Field, column: &Column) -> TokenStream {
    let Context { model, p, positions, .. } = context;
    let (name, visibility, constant, ty) = (&model.name, &model.visibility, &field.constant, &field.ty);
    let position = positions.short(i);
    let doc = format!("The column `{}` of the table `{}`.", column.name, model.table);
    quote! {
        #[doc = #doc]
        #visibility const #constant: #p::Column<#name, #ty> = #p::Column::new(#position);
    }
}

fn group_constant(context: &Context<'_>, i: usize, field: &Field) -> TokenStream {
    let Context { model, p, positions, .. } = context;
    let (name, visibility, constant, ty) = (&model.name, &model.visibility, &field.constant, &field.ty);
    let position = positions.short(i);
    let doc = format!("The columns of the group `{}`; `.column(..)` names one of them.", text(&field.name));
    quote! {
        #[doc = #doc]
        #visibility const #constant: #p::Embed<#name, #ty> = #p::Embed::new(#position);
    }
}

/// The name of a field in the builder's state.
fn state(context: &Context<'_>, field: &Field) -> TokenStream {
    let visibility = &context.model.visibility;
    let marker = names::marker(context.name(), &field.name);
    quote! {
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code, unreachable_pub)]
        #visibility enum #marker {}
    }
}

fn column_at(context: &Context<'_>, i: usize, field: &Field) -> TokenStream {
    let (p, name, ty, position) = (&context.p, context.name(), &field.ty, context.positions.at(i));
    let (marker, state) = (names::marker(name, &field.name), state(context, field));
    let implementation = quote_spanned! {ty.span()=>
        #[automatically_derived]
        impl #p::ColumnAt<{ #position }> for #name {
            type Type = #ty;
            type Field = #marker;
        }
    };
    quote!(#state #implementation)
}
