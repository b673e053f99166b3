//! Constants for columns, groups and relationships, and what names a column by its position: `User::email`, `ColumnAt`.
use super::Context;
use crate::{
    lower::text,
    model::{Column, Field, Kind, Relation},
    names,
};
use proc_macro2::TokenStream;
use quote::quote;

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
            Kind::Relation(relation) => constants.extend(relation_constant(context, field, relation)),
            Kind::Skipped => {}
        }
    }
    quote! {
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

fn relation_constant(context: &Context<'_>, field: &Field, relation: &Relation) -> TokenStream {
    let (visibility, constant, marker) = (&context.model.visibility, &field.constant, &relation.marker);
    let doc = format!("The relationship `{}`: a path for queries and load options.", text(&field.name));
    quote! {
        #[doc = #doc]
        #visibility const #constant: #marker = #marker;
    }
}

/// The name of a field in the builder's state, as errors show it.
fn state(context: &Context<'_>, field: &Field) -> TokenStream {
    let marker = names::state(context.name(), &field.name);
    quote!(pub enum #marker {})
}

fn column_at(context: &Context<'_>, i: usize, field: &Field) -> TokenStream {
    let (p, name, position, ty) = (&context.p, context.name(), context.positions.argument(i), &field.ty);
    let (marker, state) = (names::state(name, &field.name), state(context, field));
    quote! {
        #state
        impl #p::ColumnAt<#position> for #name {
            type Field = #marker;
            type Type = #ty;
        }
    }
}
