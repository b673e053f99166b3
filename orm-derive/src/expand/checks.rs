//! Checks against other models, which the compiler makes: constants at the field that made the claim.
use super::Context;
use crate::model::{Field, Link, Relation, RelationKind};
use crate::names;
use proc_macro2::{Literal, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{ExprPath, Ident};

pub(crate) fn expand(context: &Context<'_>) -> TokenStream {
    if !context.sound {
        return TokenStream::new();
    }
    let (p, name) = (&context.p, context.name());
    let relations = context.model.relations().map(|(field, relation)| one(context, field, relation));
    let orderings = context.model.relations().filter_map(|(field, relation)| ordering(context, field, relation));
    let nulls = context.model.columns().filter_map(|(position, _, column)| {
        let reference = column.references.as_ref()?;
        Some(sets_null(context, &[position], [&reference.on_delete, &reference.on_update]))
    });
    let references = context.model.columns().filter_map(|(_, _, column)| {
        let reference = column.references.as_ref()?;
        let (path, model) = (&reference.column, super::table::owner(&reference.column));
        Some(at(path, p, |p, span| {
            quote_spanned!(span=> #p::shape::unique_column(<#model as #p::Record>::SHAPE, &[#path.position()]))
        }))
    });
    let model = constant(quote!(#p::shape::model(<#name as #p::Record>::SHAPE)), names::at(name));
    quote!(#model #(#relations)* #(#orderings)* #(#nulls)* #(#references)*)
}

/// A constant that evaluates a check at that place.
fn constant(check: TokenStream, span: Span) -> TokenStream {
    names::put(quote!(const _: () = #check;), span)
}

fn one(context: &Context<'_>, field: &Field, relation: &Relation) -> TokenStream {
    let (p, name, target) = (&context.p, context.name(), context.target(field));
    let index = Literal::usize_unsuffixed(relation.index);
    let span = names::at(&field.ty);
    match &relation.kind {
        RelationKind::BelongsTo(key) => {
            let check = constant(quote!(#p::shape::belongs_to(<#name as #p::Record>::SHAPE, #index)), span);
            let types = same_types(context, &target, key);
            let nulls = sets_null(context, &key.fields, [&key.on_delete, &key.on_update]);
            quote!(#check #types #nulls)
        }
        RelationKind::HasOne(key) | RelationKind::HasMany(key) if !key.is_empty() => {
            let check =
                quote!(#p::shape::one_sided(<#name as #p::Record>::SHAPE, #index, <#target as #p::Record>::SHAPE));
            let check = constant(check, span);
            let columns = if key.len() == 1 { quote!(#(#key)*) } else { quote!((#(#key),*)) };
            let types = at(
                &key[0],
                p,
                |p, span| quote_spanned!(span=> #p::foreign_key::<#target, <#name as #p::Record>::Key, _>(#columns)),
            );
            quote!(#check #types)
        }
        RelationKind::ManyToMany(Link::Model { near, far, .. }) => at(near, p, |p, span| {
            quote_spanned! {span=>
                #p::shape::link(
                    <#name as #p::Record>::SHAPE,
                    <#target as #p::Record>::SHAPE,
                    (#p::shape_of(#near), #p::index_of(#near)),
                    (#p::shape_of(#far), #p::index_of(#far)),
                )
            }
        }),
        RelationKind::HasOne(_) | RelationKind::HasMany(_) | RelationKind::ManyToMany(Link::Table { .. }) => {
            TokenStream::new()
        }
    }
}

/// The positions of a list are kept in a column that can hold them.
fn ordering(context: &Context<'_>, field: &Field, relation: &Relation) -> Option<TokenStream> {
    let (target, column) = (context.target(field), &relation.ordering.as_ref()?.column);
    let position = super::table::position(&context.p, &target, column);
    Some(at(
        column,
        &context.p,
        |p, span| quote_spanned!(span=> #p::shape::ordering(<#target as #p::Record>::SHAPE, #position)),
    ))
}

/// A key that an action sets to null may be null.
fn sets_null(context: &Context<'_>, key: &[usize], actions: [&Ident; 2]) -> TokenStream {
    let (p, name, columns) = (&context.p, context.name(), context.positions.list(key));
    let Some(action) = actions.into_iter().find(|action| *action == "SetNull") else { return TokenStream::new() };
    constant(quote!(#p::shape::sets_null(<#name as #p::Record>::SHAPE, #columns)), names::at(action))
}

/// The same for a check that names something of another model: that stays where the user wrote it.
fn at(path: &ExprPath, p: &TokenStream, check: impl FnOnce(&TokenStream, Span) -> TokenStream) -> TokenStream {
    let span = names::at(path);
    let check = check(&names::put(p.clone(), span), span);
    quote_spanned!(span=> const _: () = #check;)
}

/// The key's type is that of the primary key, or its columns' types are those of the referenced ones, which are unique.
fn same_types(context: &Context<'_>, target: &TokenStream, key: &crate::model::Key) -> TokenStream {
    let p = &context.p;
    let types: Vec<_> = key.fields.iter().map(|field| &context.model.fields[*field].ty).collect();
    let Some(span) = types.first().map(names::at) else { return TokenStream::new() };
    if !key.references.is_empty() {
        let columns = &key.references;
        let check = |p: &TokenStream, span| {
            let shape = quote!(<#target as #p::Record>::SHAPE);
            quote_spanned!(span=> #p::shape::unique_column(#shape, &[#(#columns.position()),*]))
        };
        return at(&columns[0], p, check);
    }
    let scalars = types.iter().map(|ty| quote!(<#ty as #p::ColumnType>::Scalar));
    let tuple = if types.len() == 1 { quote!(#(#scalars)*) } else { quote!((#(#scalars),*)) };
    constant(quote!(#p::same_type::<#tuple, <#target as #p::Record>::Key>()), span)
}
