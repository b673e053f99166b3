//! `impl Record`: the columns and relationships of a row by position.
use super::{Context, shape, table};
use crate::model::{Field, Kind, Model};
use crate::names;
use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};
use syn::Type;

pub(crate) fn expand(context: &Context<'_>) -> TokenStream {
    let Context { model, p, .. } = context;
    let (name, path) = (&model.name, format!("::{}", crate::lower::text(&model.name)));
    let (key, shape, table) = (key(model), shape::expand(context), table::expand(context));
    let (read, copy) = (read(context), copy(context));
    let column = by_position(context, Access::Shared);
    let column_mut = by_position(context, Access::Mutable);
    let (relation, relation_mut) = (relations(context, &quote!(field)), relations(context, &quote!(field_mut)));
    let constants = table::columns(context).1;
    quote! {
        #constants
        impl #p::Record for #name {
            type Key = #key;
            const PATH: &'static str = #p::std::concat!(#p::std::module_path!(), #path);
            const SHAPE: &'static #p::shape::Shape = #shape;
            fn table() -> &'static #p::schema::Table {
                #table
            }
            fn read(reader: &mut #p::RowReader<'_>) -> #p::Result<Self> {
                #p::std::result::Result::Ok(#read)
            }
            fn copy(&self) -> Self {
                #copy
            }
            fn column(&self, position: usize) -> &dyn #p::ColumnValue {
                #column
            }
            fn column_mut(&mut self, position: usize) -> &mut dyn #p::ColumnValue {
                #column_mut
            }
            fn relation(&self, position: usize) -> &#p::RelationField {
                #relation
            }
            fn relation_mut(&mut self, position: usize) -> &mut #p::RelationField {
                #relation_mut
            }
        }
    }
}

/// The type of the primary key: the column's, or a tuple.
fn key(model: &Model) -> TokenStream {
    let types: Vec<_> = model.primary_key().into_iter().map(|field| &model.fields[field].ty).collect();
    match types.as_slice() {
        [] => quote!(i64),
        [one] => quote!(#one),
        several => quote!((#(#several),*)),
    }
}

fn read(context: &Context<'_>) -> TokenStream {
    let p = &context.p;
    let fields = context.model.fields.iter().map(|field| {
        let (name, ty) = (&field.name, &field.ty);
        let value = match field.kind {
            Kind::Column(_) => call(names::column(ty, p), quote!(::read(reader)?), ty),
            Kind::Group { .. } => call(names::group(ty, p), quote!(::read(reader)?), ty),
            Kind::Skipped => quote_spanned!(names::at(ty)=> <#ty as #p::std::default::Default>::default()),
            Kind::Relation(_) => quote!(#p::std::default::Default::default()),
        };
        quote!(#name: #value)
    });
    let name = context.name();
    quote!(#name { #(#fields),* })
}

fn copy(context: &Context<'_>) -> TokenStream {
    let p = &context.p;
    let fields = context.model.fields.iter().map(|field| {
        let (name, ty) = (&field.name, &field.ty);
        let value = match field.kind {
            Kind::Column(_) => call(names::column(ty, p), quote!(::copied(&self.#name)), ty),
            Kind::Group { .. } => call(names::group(ty, p), quote!(::copied(&self.#name)), ty),
            Kind::Skipped => quote_spanned!(names::at(ty)=> #p::std::clone::Clone::clone(&self.#name)),
            Kind::Relation(_) => quote!(#p::std::default::Default::default()),
        };
        quote!(#name: #value)
    });
    let name = context.name();
    quote!(#name { #(#fields),* })
}

/// A call of a trait's function, all at the place of the type.
fn call(of: TokenStream, call: TokenStream, ty: &Type) -> TokenStream {
    let call = names::put(call, names::at(ty));
    quote!(#of #call)
}

/// A run of columns of the struct itself, and the group that follows it, if any.
#[derive(Default)]
struct Run<'m> {
    own: Vec<&'m Field>,
    group: Option<&'m Field>,
}

/// Whether a reference may be changed.
#[derive(Clone, Copy, PartialEq)]
enum Access {
    Shared,
    Mutable,
}

/// The column at `position`: a `match` for each run of own columns, and a call into each group.
fn by_position(context: &Context<'_>, access: Access) -> TokenStream {
    let p = &context.p;
    let mut runs = vec![Run::default()];
    for field in &context.model.fields {
        let Some(run) = runs.last_mut() else { continue };
        match field.kind {
            Kind::Column(_) => run.own.push(field),
            Kind::Group { .. } => {
                run.group = Some(field);
                runs.push(Run::default());
            }
            Kind::Skipped | Kind::Relation(_) => {}
        }
    }
    let last = quote!(#p::std::panic!("there is no such column"));
    runs.into_iter().rev().fold(last, |rest, run| one_run(p, access, &run, &rest))
}

fn one_run(p: &TokenStream, access: Access, run: &Run<'_>, rest: &TokenStream) -> TokenStream {
    let count = Literal::usize_unsuffixed(run.own.len());
    let after = run.group.map(|Field { name, ty, .. }| {
        let group = names::group(ty, p);
        let column = match access {
            Access::Shared => quote!(::column(&self.#name, position)),
            Access::Mutable => quote!(::column_mut(&mut self.#name, position)),
        };
        let column = call(group.clone(), column, ty);
        quote! {{
            let (position, length) = (position - #count, #group::COLUMNS.len());
            if position < length {
                return #column;
            }
            let position = position - length;
            #rest
        }}
    });
    let own = run.own.iter().enumerate().map(|(i, Field { name, ty, .. })| {
        let value = match access {
            Access::Shared => quote!(::as_value(&self.#name)),
            Access::Mutable => quote!(::as_value_mut(&mut self.#name)),
        };
        let (i, value) = (Literal::usize_unsuffixed(i), call(names::column(ty, p), value, ty));
        quote!(#i => #value,)
    });
    let after = after.as_ref().unwrap_or(rest);
    quote!(match position { #(#own)* _ => #after })
}

fn relations(context: &Context<'_>, field: &TokenStream) -> TokenStream {
    let p = &context.p;
    let arms = context.model.relations().map(|(Field { name, .. }, relation)| {
        let index = Literal::usize_unsuffixed(relation.index);
        quote!(#index => self.#name.#field(),)
    });
    quote!(match position { #(#arms)* _ => #p::std::panic!("there is no such relationship") })
}
