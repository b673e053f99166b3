//! The markers of relationships: `__User_orders`, `User::orders`, and what they answer.
use super::Context;
use crate::{
    model::{Field, Link, Relation, RelationKind},
    names,
};
use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};

pub(crate) fn expand(context: &Context<'_>) -> TokenStream {
    context.model.relations().map(|(field, relation)| one(context, field, relation)).collect()
}

fn one(context: &Context<'_>, field: &Field, relation: &Relation) -> TokenStream {
    let Context { model, p, .. } = context;
    let (name, visibility, marker) = (&model.name, &model.visibility, &relation.marker);
    let index = Literal::usize_unsuffixed(relation.index);
    let (relation_impl, filled) = (implementation(context, field, relation), filled_by(context, field, relation));
    let ordered = ordered(context, field, relation);
    quote! {
        #[derive(#p::Clone, #p::Copy)]
        #visibility struct #marker;
        impl #p::RelationAt<#index> for #name {
            type Relation = #marker;
        }
        #relation_impl
        #filled
        #ordered
    }
}

fn implementation(context: &Context<'_>, field: &Field, relation: &Relation) -> TokenStream {
    let (p, name, target, marker) = (&context.p, context.name(), context.target(field), &relation.marker);
    let index = Literal::usize_unsuffixed(relation.index);
    let two_sided = relation.inverse.is_some() && !relation.broken;
    let own = &relation.target;
    let one = quote!(#p::One);
    let (cardinality, null) = match relation.kind {
        RelationKind::BelongsTo(_) => (one, quote!(<#own as #p::ToOneTarget>::Null)),
        RelationKind::HasOne(_) => (one, quote!(#p::Nullable)),
        RelationKind::HasMany(_) | RelationKind::ManyToMany(_) => (quote!(#p::Many), quote!(#p::NotNull)),
    };
    let inverse = match &relation.inverse {
        Some(inverse) if two_sided => {
            let call = quote!(#p::describe::inverse::<#name, #target>(#index));
            let call = names::put(call, names::at(inverse));
            quote!(<#target as #p::RelationAt<{ #call }>>::Relation)
        }
        _ => quote!(#p::Reverse<Self>),
    };
    let fill = match relation.kind {
        RelationKind::HasOne(_) | RelationKind::HasMany(_) if two_sided => quote!(<Self as #p::Relation>::Inverse),
        RelationKind::HasOne(_) | RelationKind::HasMany(_) => quote!(Self),
        RelationKind::BelongsTo(_) | RelationKind::ManyToMany(_) => quote!(()),
    };
    let attach = attachable(p, relation);
    let push = match relation.kind {
        RelationKind::ManyToMany(_) => quote!(<Self as #p::Relation>::Attach),
        RelationKind::BelongsTo(_) | RelationKind::HasOne(_) | RelationKind::HasMany(_) => quote!(#p::Answer<true>),
    };
    quote_spanned! {names::at(&field.ty)=>
        impl #p::Relation for #marker {
            type Owner = #name;
            type Target = #target;
            type Inverse = #inverse;
            type Cardinality = #cardinality;
            type Null = #null;
            type Fill = #fill;
            type Detach = #p::Answer<{ #p::describe::detachable::<#marker>() }>;
            type Attach = #p::Answer<#attach>;
            type Push = #push;
            const INDEX: u16 = #index;
        }
    }
}

fn attachable(p: &TokenStream, relation: &Relation) -> TokenStream {
    match &relation.kind {
        RelationKind::ManyToMany(Link::Model { near, far, constants }) => {
            let model = super::table::owner(near);
            let constants = constants.iter().map(|(column, _)| quote!(#model::#column.position()));
            quote! {
                { #p::shape::attachable(#p::shape_of(#near), #p::index_of(#near), #p::index_of(#far), &[#(#constants),*]) }
            }
        }
        RelationKind::ManyToMany(Link::Table { .. }) => quote!(true),
        RelationKind::BelongsTo(_) | RelationKind::HasOne(_) | RelationKind::HasMany(_) => quote!(false),
    }
}

/// A list of which the session keeps the positions fills them in, too.
fn ordered(context: &Context<'_>, field: &Field, relation: &Relation) -> Option<TokenStream> {
    let (p, target, marker) = (&context.p, context.target(field), &relation.marker);
    let column = &relation.ordering.as_ref()?.column;
    let position = super::table::position(p, &target, column);
    Some(quote_spanned! {names::at(column)=>
        impl #p::OrderedList for #marker {}
        impl #p::FilledBy<<#marker as #p::Relation>::Fill>
            for <#target as #p::ColumnAt<{ #position as usize }>>::Field {}
    })
}

/// Which columns of which builder the relationship fills.
fn filled_by(context: &Context<'_>, field: &Field, relation: &Relation) -> TokenStream {
    let (p, name, marker) = (&context.p, context.name(), &relation.marker);
    let target = context.target(field);
    match &relation.kind {
        RelationKind::BelongsTo(key) => {
            let states = key.fields.iter().map(|field| names::state(name, &context.model.fields[*field].name));
            quote!(#(impl #p::FilledBy<#marker> for #states {})*)
        }
        RelationKind::HasOne(key) | RelationKind::HasMany(key) => {
            let columns = key.iter().map(|column| {
                quote_spanned! {names::at(column)=>
                    <#target as #p::ColumnAt<{ #p::column_of::<#target, _>(#column) as usize }>>::Field
                }
            });
            quote!(#(impl #p::FilledBy<#marker> for #columns {})*)
        }
        RelationKind::ManyToMany(_) => TokenStream::new(),
    }
}
