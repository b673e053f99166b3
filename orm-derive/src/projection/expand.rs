//! From the projection to code: a function for each field that tells what fills it, and calls of generic ones.
use super::{Field, Narrowed, Projection, Source};
use crate::{expand::within, names};
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Ident;

/// A field, and the function that tells what fills it.
struct Part<'p> {
    field: &'p Field,
    function: Ident,
}

pub(super) fn projection(projection: &Projection) -> TokenStream {
    let numbered = projection.fields.iter().enumerate();
    let parts: Vec<Part<'_>> =
        numbered.map(|(number, field)| Part { field, function: format_ident!("__part_{number}") }).collect();
    let functions = parts.iter().map(|part| function(projection, part));
    let implementation = implementation(projection, &parts);
    within(&projection.krate, &quote!(#(#functions)* #implementation))
}

/// A constant of a model, all at the place of its name.
fn constant(model: &TokenStream, name: &Ident) -> TokenStream {
    names::put(quote!(<#model>::#name), names::at(name))
}

/// A constant of the model behind a relationship: what names that stays at its place, so that a mistake there is told once.
fn constant_behind(model: &TokenStream, name: &Ident) -> TokenStream {
    let at = names::at(name);
    let name = names::put(quote!(#name), at);
    quote_spanned!(at=> <#model>::#name)
}

fn implementation(projection: &Projection, parts: &[Part<'_>]) -> TokenStream {
    let Projection { name, from, .. } = projection;
    let filled = || parts.iter().filter(|part| is_filled(part.field));
    let call = |part: &Part<'_>, what: &str| call(projection, part, what);
    let widths = filled().map(|part| call(part, "width"));
    let lists = filled().map(|part| call(part, "lists"));
    let outlines = filled().map(|part| call(part, "outline"));
    let reads = parts.iter().map(|part| read(projection, part));
    let fills = filled().map(|part| call(part, "fill"));
    quote! {
        impl __orm::Projection for #name {
            type Model = #from;
            const WIDTH: usize = 0 #(+ #widths)*;
            const LISTS: usize = 0 #(+ #lists)*;
            #[allow(unused_variables)]
            fn outline(outline: &mut __orm::projection::Outline) { #(#outlines;)* }
            #[allow(unused_variables)]
            fn read(reader: &mut __orm::RowReader<'_>) -> __orm::Result<Self> {
                __orm::std::result::Result::Ok(Self { #(#reads),* })
            }
            #[allow(unused_variables)]
            fn fill(&mut self, lists: &mut __orm::projection::Lists<'_>) { #(#fills;)* }
        }
    }
}

fn is_filled(field: &Field) -> bool {
    !matches!(field.source, Source::Skipped | Source::Broken)
}

/// A call of a generic function of `orm::query::projection` for a field.
fn call(projection: &Projection, Part { field, function }: &Part<'_>, what: &str) -> TokenStream {
    let (Field { name, ty, .. }, from) = (field, &projection.from);
    let arguments = match what {
        "outline" => quote!(, outline),
        "read" => quote!(, reader),
        "fill" => quote!(, &mut self.#name, lists),
        _ => TokenStream::new(),
    };
    let what = format_ident!("{what}");
    quote!(__orm::projection::#what::<#from, #ty, _>(#function #arguments))
}

fn read(projection: &Projection, part: &Part<'_>) -> TokenStream {
    let name = &part.field.name;
    let value = match part.field.source {
        Source::Skipped => quote_spanned!(names::at(&part.field.ty)=> __orm::std::default::Default::default()),
        Source::Broken => quote!(__orm::projection::unknown()),
        _ => {
            let read = call(projection, part, "read");
            quote!(#read?)
        }
    };
    quote!(#name: #value)
}

/// Tells what fills a field. Whether it fits is asked here alone, so that a mistake is told once, at the field's type.
fn function(projection: &Projection, Part { field, function }: &Part<'_>) -> TokenStream {
    let (Field { ty, .. }, from) = (field, &projection.from);
    let Some(value) = value(projection, field) else { return TokenStream::new() };
    let part = names::put(quote!(impl __orm::projection::Part<#from, #ty>), names::at(ty));
    quote!(fn #function() -> #part { #value })
}

fn value(projection: &Projection, field: &Field) -> Option<TokenStream> {
    let (Field { ty, source, .. }, from) = (field, &projection.from);
    Some(match source {
        Source::Named(name) => constant(&quote!(#from), name),
        Source::List { relation, narrowed } => list(&constant(&quote!(#from), relation), relation, narrowed),
        Source::Path { steps, column } => path(projection, steps, column),
        Source::Expression(expression) => quote!(#expression),
        Source::Flattened => names::put(quote!(__orm::projection::flat::<#ty>()), names::at(ty)),
        Source::Skipped | Source::Broken => return None,
    })
}

fn list(constant: &TokenStream, relation: &Ident, narrowed: &Narrowed) -> TokenStream {
    let Narrowed { filter, order_by, limit } = narrowed;
    let at = names::at(relation);
    let filter = filter.iter().map(|filter| quote_spanned!(at=> .filter(#filter)));
    let order_by = order_by.iter().map(|order| quote_spanned!(at=> .order_by(#order)));
    let limit = limit.iter().map(|limit| quote_spanned!(at=> .limit(#limit)));
    quote_spanned!(at=> __orm::projection::list(#constant) #(#filter)* #(#order_by)* #(#limit)*)
}

/// The models on the way are told by the relationships, so that nobody must name them.
fn path(projection: &Projection, steps: &[Ident], column: &Ident) -> TokenStream {
    let from = &projection.from;
    let mut model = names::put(quote!(#from), steps.first().map_or_else(Span::call_site, names::at));
    let mut relations = Vec::new();
    for step in steps {
        let (relation, at) = (constant_behind(&model, step), names::at(step));
        let index = quote_spanned!(at=> { __orm::index_of(#relation) as usize });
        model = quote_spanned!(at=> <<#model as __orm::RelationAt<#index>>::Relation as __orm::Relation>::Target);
        relations.push((relation, at));
    }
    let end = constant_behind(&model, column);
    let through =
        |end, (relation, at): (TokenStream, _)| quote_spanned!(at=> __orm::RelationQuery::path(#relation, #end));
    relations.into_iter().rev().fold(end, through)
}
