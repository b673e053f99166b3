//! The methods of an entity: for its relationships, and for columns that may be left out.
use super::Context;
use crate::{
    lower::text,
    model::{Field, Kind, Proxy, Relation, RelationKind},
    names,
};
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::{Ident, Visibility};

pub(crate) fn expand(context: &Context<'_>) -> TokenStream {
    let model = context.model;
    let accessors = names::accessors(&model.name);
    let methods = model.relations().map(|(field, relation)| method(context, field, relation));
    let columns = model.columns().filter_map(|(_, field, column)| deferred(context, field, column.accessor.as_ref()?));
    let proxies = model.proxies.iter().map(|proxy| self::proxy(context, proxy));
    let rest = without_relationships(&model.name, &model.visibility);
    quote! {
        #rest
        impl<'s> #accessors<'s> {
            #(#methods)*
            #(#columns)*
            #(#proxies)*
        }
    }
}

/// The struct and what every model has.
pub(crate) fn without_relationships(name: &Ident, visibility: &Visibility) -> TokenStream {
    let (accessors, p) = (names::accessors(name), quote!(__orm));
    let doc = format!("The relationships of an entity of [`{name}`], which derefs to its columns.");
    quote! {
        #[doc = #doc]
        #[derive(#p::Clone, #p::Copy)]
        #visibility struct #accessors<'s>(#p::Raw<'s, #name>);
        impl #p::std::ops::Deref for #accessors<'_> {
            type Target = #name;
            fn deref(&self) -> &#name {
                &self.0
            }
        }
        impl<'s> #p::std::convert::From<#p::Raw<'s, #name>> for #accessors<'s> {
            fn from(raw: #p::Raw<'s, #name>) -> Self {
                Self(raw)
            }
        }
        impl<'s> #p::std::convert::AsRef<#p::Raw<'s, #name>> for #accessors<'s> {
            fn as_ref(&self) -> &#p::Raw<'s, #name> {
                &self.0
            }
        }
        impl #p::Model for #name {
            type Accessors<'s> = #accessors<'s>;
        }
    }
}

fn method(context: &Context<'_>, field: &Field, relation: &Relation) -> TokenStream {
    let (p, visibility) = (&context.p, &context.model.visibility);
    let (accessor, marker, name) = (&relation.accessor, &relation.marker, text(&field.name));
    let (result, call, verb) = match relation.kind {
        RelationKind::BelongsTo(_) | RelationKind::HasOne(_) => (quote!(OneRelation), quote!(one), "set"),
        RelationKind::HasMany(_) | RelationKind::ManyToMany(_) => (quote!(ManyRelation), quote!(many), "push"),
    };
    let doc = format!(
        "The relationship `{name}`: `.await?` loads it if needed, `.loaded()?` never does, `.{verb}(..)` changes it."
    );
    quote! {
        #[doc = #doc]
        #visibility fn #accessor(self) -> #p::#result<'s, #marker> {
            self.0.#call()
        }
    }
}

fn deferred(context: &Context<'_>, field: &Field, accessor: &Ident) -> Option<TokenStream> {
    let (p, visibility, model) = (&context.p, &context.model.visibility, &context.model.name);
    let (Field { name, ty, constant, .. }, shown) = (field, text(&field.name));
    let doc = format!(
        "The column `{shown}`, which may be left out of a load: `.await?` loads it if needed, `.loaded()?` never does."
    );
    Some(quote! {
        #[doc = #doc]
        #visibility fn #accessor(self) -> #p::DeferredValue<'s, #model, #ty> {
            self.0.deferred(#model::#constant, |row| &row.#name)
        }
    })
}

fn proxy(context: &Context<'_>, proxy: &Proxy) -> TokenStream {
    let (p, model, field) = (&context.p, context.model, &context.model.fields[proxy.field]);
    let Kind::Relation(relation) = &field.kind else { return TokenStream::new() };
    if !context.sound {
        return TokenStream::new();
    }
    let (owner, target, member) = (&model.name, context.target(field), text(&proxy.member));
    let (name, visibility, marker) = (&proxy.name, &model.visibility, &relation.marker);
    let (index, shape) = (Literal::usize_unsuffixed(relation.index), quote!(<#target as #p::Record>::SHAPE));
    let number = quote!(#p::shape::member(<#owner as #p::Record>::SHAPE, #index, #shape, #member));
    let number = names::put(number, names::at(&proxy.member));
    let doc = format!(
        "What lies behind `{}`: its `{member}`. `.await?` loads it if needed, `.loaded()?` never does.",
        text(&field.name)
    );
    quote! {
        #[doc = #doc]
        #visibility fn #name(self) -> #p::Proxy<'s, #marker, #p::Member<{ #p::shape::is_relation(#shape, #member) }, { #number }>> {
            self.0.proxy()
        }
    }
}
