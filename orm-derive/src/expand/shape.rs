//! `Record::SHAPE`: what other models may ask.
use super::{Context, table};
use crate::names;
use crate::{
    lower::text,
    model::{Field, Link, Relation, RelationKind},
};
use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ExprPath;

pub(crate) fn expand(context: &Context<'_>) -> TokenStream {
    let Context { model, p, positions, .. } = context;
    let name = text(&model.name);
    let columns = &table::columns(context).0;
    let primary_key = positions.list(&model.primary_key());
    let uniques = model.uniques.iter().map(|unique| positions.list(unique));
    let relations = model.relations().map(|(field, relation)| one_relation(context, field, relation));
    quote! {
        &#p::shape::Shape {
            model: #name,
            path: <Self as #p::Record>::PATH,
            columns: #columns,
            primary_key: #primary_key,
            uniques: &[#(#p::schema::Unique { columns: #uniques }),*],
            relations: &[#(#relations),*],
        }
    }
}

fn one_relation(context: &Context<'_>, field: &Field, relation: &Relation) -> TokenStream {
    let p = &context.p;
    let (name, target) = (text(&field.name), context.target(field));
    let kind = format_ident!("{}", relation.kind.name());
    let mut shape = quote_spanned! {names::at(&field.ty)=>
        #p::shape::RelationShape::of::<#target>(#name, #p::shape::Kind::#kind)
    };
    let own = &relation.target;
    shape.extend(match &relation.kind {
        RelationKind::BelongsTo(key) => {
            let columns = context.positions.list(&key.fields);
            quote!(.key(#columns).optional::<<#own as #p::ToOneTarget>::Null>())
        }
        RelationKind::HasOne(key) | RelationKind::HasMany(key) if !key.is_empty() => {
            quote!(.key(&[#(#p::column_of::<#target, _>(#key)),*]))
        }
        RelationKind::HasOne(_) | RelationKind::HasMany(_) => TokenStream::new(),
        RelationKind::ManyToMany(link) => {
            let link = one_link(p, link);
            quote!(.link(#link))
        }
    });
    if let Some(inverse) = &relation.inverse {
        let inverse = text(inverse);
        shape.extend(quote!(.inverse(#inverse)));
    }
    if relation.cascade.iter().any(|cascade| cascade == "DeleteOrphan") {
        shape.extend(quote!(.delete_orphan()));
    }
    shape
}

fn one_link(p: &TokenStream, link: &Link) -> TokenStream {
    match link {
        Link::Model { near, far, constants } => {
            let written: Vec<String> =
                constants.iter().map(|(name, value)| format!("{name} = {}", value.to_token_stream())).collect();
            let (written, near_name, far_name) = (written.join(", "), last(near), last(far));
            quote! {
                #p::shape::LinkShape {
                    table: #p::path_of(#near), near: &[#near_name], far: &[#far_name], constants: #written,
                }
            }
        }
        Link::Table { name, near, far } => {
            quote!(#p::shape::LinkShape { table: #name, near: &[#(#near),*], far: &[#(#far),*], constants: "" })
        }
    }
}

/// The last name of a path.
fn last(path: &ExprPath) -> String {
    path.path.segments.last().map(|segment| text(&segment.ident)).unwrap_or_default()
}
