//! The builder: a type parameter for each column that may be required, a setter for each field.
use super::slots::Slots;
use super::{Context, table};
use crate::{
    lower::text,
    model::{Column, Default, Field, KeyPart, Kind, RelationKind},
    names,
};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Ident;

/// The builder's methods that are no setters.
pub(crate) const METHODS: &[&str] = &["build", "or_connect"];

/// A type parameter of the builder.
struct Parameter {
    /// The field that it stands for.
    field: usize,
    name: Ident,
    /// Its type in a fresh builder.
    start: TokenStream,
}

/// The struct, which users may name.
pub(crate) fn declaration(context: &Context<'_>) -> TokenStream {
    let (model, krate) = (context.model, &context.model.krate);
    let (name, visibility, builder) = (&model.name, &model.visibility, &model.builder);
    let (parameters, p) = (parameters(context), quote!(#krate::__private));
    let names = names(&parameters);
    let stored = Slots::of(context).tuple(|field| stored_type(field, &p));
    let doc = format!(
        "Builds a [`{name}`]; [`{name}::builder`] begins one. Its type parameters say which required columns were given."
    );
    quote! {
        #[doc = #doc]
        #[allow(non_camel_case_types, dead_code, unreachable_pub)]
        #[must_use = "a builder does nothing until it is built or added"]
        #visibility struct #builder<#(#names),*>(
            #stored,
            #p::PhantomData<fn() -> (#(#names,)*)>,
        );
    }
}

pub(crate) fn expand(context: &Context<'_>) -> TokenStream {
    let Context { model, p, .. } = context;
    let parameters = parameters(context);
    let (name, visibility, builder) = (&model.name, &model.visibility, &model.builder);
    let (names, starts) = (names(&parameters), parameters.iter().map(|parameter| &parameter.start));
    let setters = setters(context, &parameters);
    let (finish, conversions) = (finish(context), conversions(context, &names));
    let begin = format!(
        "Begins a `{name}`: give its columns by the methods of the same names, then `build()`, or give the builder itself to a session or a relationship."
    );
    quote! {
        impl #name {
            #[doc = #begin]
            #visibility fn builder() -> #builder<#(#starts),*> {
                #builder(#p::std::default::Default::default(), #p::PhantomData)
            }
        }
        impl<#(#names),*> #builder<#(#names),*> {
            #setters
            /// The value. Columns left to the database hold 0, an empty text or the like; `add` takes the builder itself.
            #visibility fn build(self) -> #name
            where
                #(#names: #p::GivenUnless<()>,)*
            {
                self.finish().value
            }
            /// The row, or, where one with the same unique value exists, that one.
            #visibility fn or_connect(self, by: impl #p::IntoUnique<#name>) -> #p::OrConnect<Self> {
                #p::OrConnect::new(self, by)
            }
            #finish
        }
        #conversions
    }
}

fn names(parameters: &[Parameter]) -> Vec<&Ident> {
    parameters.iter().map(|parameter| &parameter.name).collect()
}

/// Columns that may be required have a parameter: those without default, role or certain generation.
fn parameters(context: &Context<'_>) -> Vec<Parameter> {
    let fields = context.model.fields.iter().enumerate();
    fields
        .filter_map(|(i, field)| {
            start(context, field).map(|start| Parameter { field: i, name: names::parameter(&field.name), start })
        })
        .collect()
}

fn start(context: &Context<'_>, field: &Field) -> Option<TokenStream> {
    let (p, ty, marker) = (&context.p, &field.ty, names::state(context.name(), &field.name));
    let (of, group) = (names::column(ty, p), names::group(ty, p));
    match &field.kind {
        Kind::Column(column) => {
            let open = column.role.is_some() || !matches!(column.default, Default::None);
            match column.key {
                _ if open => None,
                KeyPart::Generated => None,
                KeyPart::IfInteger => {
                    Some(quote!(<#p::Answer<{ #of::TYPE.is_integer() }> as #p::StartIf<#marker>>::Start))
                }
                KeyPart::No | KeyPart::Given => Some(names::put(quote!(#of::Start<#marker>), names::at(ty))),
            }
        }
        Kind::Group { .. } => {
            Some(quote!(<#p::Answer<{ #p::shape::group_is_optional(#group::COLUMNS) }> as #p::StartIf<#marker>>::Start))
        }
        Kind::Skipped | Kind::Relation(_) => None,
    }
}

/// How a field is in a builder.
fn stored_type(field: &Field, p: &TokenStream) -> TokenStream {
    let ty = &field.ty;
    match field.kind {
        Kind::Relation(_) => quote!(#ty),
        Kind::Column(_) | Kind::Group { .. } | Kind::Skipped => quote!(#p::Option<#ty>),
    }
}

fn setters(context: &Context<'_>, parameters: &[Parameter]) -> TokenStream {
    // A field that is called like one of these has been reported.
    let slots = Slots::of(context);
    let fields = slots.fields().filter(|(_, field)| !METHODS.iter().any(|method| field.name == method));
    fields.map(|(slot, field)| setter(context, parameters, &slot, field)).collect()
}

fn setter(context: &Context<'_>, parameters: &[Parameter], slot: &TokenStream, field: &Field) -> TokenStream {
    let Context { model, p, .. } = context;
    let (visibility, builder, name, ty) = (&model.visibility, &model.builder, names::local(&field.name), &field.ty);
    let (doc, takes, value) = given(context, field);
    if !parameters.iter().any(|parameter| gives(context, field, parameter.field)) {
        return quote_spanned! {names::at(ty)=>
            #[doc = #doc]
            #visibility fn #name(mut self, value: #takes) -> Self {
                self.0 #slot = #value;
                self
            }
        };
    }
    let states = parameters.iter().map(|parameter| {
        let name = &parameter.name;
        if gives(context, field, parameter.field) { quote!(#p::Given) } else { quote!(#name) }
    });
    quote_spanned! {names::at(ty)=>
        #[doc = #doc]
        #visibility fn #name(mut self, value: #takes) -> #builder<#(#states),*> {
            self.0 #slot = #value;
            #builder(self.0, #p::PhantomData)
        }
    }
}

/// Whether the setter of a field settles the parameter of another: its own, or the key of a `BelongsTo`.
fn gives(context: &Context<'_>, field: &Field, parameter: usize) -> bool {
    match &field.kind {
        Kind::Relation(relation) => match &relation.kind {
            RelationKind::BelongsTo(key) => key.fields.contains(&parameter),
            RelationKind::HasOne(_) | RelationKind::HasMany(_) | RelationKind::ManyToMany(_) => false,
        },
        Kind::Column(_) | Kind::Group { .. } | Kind::Skipped => context.model.fields[parameter].name == field.name,
    }
}

/// The documentation of a setter, what it takes, and what it stores.
fn given(context: &Context<'_>, field: &Field) -> (String, TokenStream, TokenStream) {
    let (p, ty, name) = (&context.p, &field.ty, text(&field.name));
    let some = quote!(#p::Some);
    match &field.kind {
        Kind::Column(column) => (
            format!("Gives the column `{}`.", column.name),
            quote!(impl #p::IntoColumn<#ty>),
            quote!(#some(value.into_column())),
        ),
        Kind::Group { .. } | Kind::Skipped => {
            (format!("Gives the columns of the group `{name}`."), quote!(#ty), quote!(#some(value)))
        }
        Kind::Relation(relation) => {
            let marker = &relation.marker;
            match relation.kind {
                RelationKind::BelongsTo(_) | RelationKind::HasOne(_) => (
                    format!(
                        "Gives the target of `{name}`: an entity, a handle, a value or a builder. Values have no identity: the same new value given twice is two rows."
                    ),
                    quote!(impl #p::IntoRelated<#marker>),
                    quote!(<#ty>::given::<#marker, _>([value])),
                ),
                RelationKind::HasMany(_) | RelationKind::ManyToMany(_) => (
                    format!(
                        "Gives the targets of `{name}`: entities, handles, values or builders. Values have no identity: the same new value given twice is two rows."
                    ),
                    quote!(impl #p::IntoIterator<Item: #p::IntoRelated<#marker>>),
                    quote!(<#ty>::given::<#marker, _>(value)),
                ),
            }
        }
    }
}

/// The function that turns what was given into a row.
fn finish(context: &Context<'_>) -> TokenStream {
    let Context { model, p, positions, .. } = context;
    let name = &model.name;
    let slots = Slots::of(context);
    let fields = model.fields.iter().enumerate().map(|(i, field)| {
        let (field_name, ty, position, slot) = (&field.name, &field.ty, positions.at(i), slots.place(field));
        let value = match &field.kind {
            Kind::Column(column) => column_value(p, field, column, (&quote!(#position), &quote!(self.0 #slot))),
            Kind::Group { .. } => {
                let group = names::group(ty, p);
                quote!(#group::given_or_open(self.0 #slot, &mut open, #position))
            }
            Kind::Relation(_) => quote!(self.0 #slot),
            Kind::Skipped => quote!(<#ty as #p::std::default::Default>::default()),
        };
        quote_spanned!(names::at(ty)=> #field_name: #value)
    });
    quote! {
        fn finish(self) -> #p::Draft<#name> {
            let mut open = #p::Open::default();
            let value = #name { #(#fields),* };
            #p::Draft { value, open }
        }
    }
}

/// The value of a column from what was given, at that position of the table.
pub(crate) fn column_value(
    p: &TokenStream,
    field: &Field,
    column: &Column,
    (position, given): (&TokenStream, &TokenStream),
) -> TokenStream {
    let of = names::column(&field.ty, p);
    let left_open = column.role.is_some() || matches!(column.key, KeyPart::Generated | KeyPart::IfInteger);
    match &column.default {
        Default::Rust(_) => {
            let default = table::default_value(p, field, column);
            quote!(open.or_default(#position, #given, || #default))
        }
        Default::Sql(_) => quote!(open.database(#position, #given, #of::LEFT_OUT)),
        Default::None if left_open => quote!(open.database(#position, #given, #of::LEFT_OUT)),
        Default::None => quote!(open.column(#position, #given, #of::LEFT_OUT)),
    }
}

/// A complete builder is a new row; for a relationship it may lack the key that the relationship fills.
fn conversions(context: &Context<'_>, names: &[&Ident]) -> TokenStream {
    let Context { model, p, .. } = context;
    let (name, builder) = (&model.name, &model.builder);
    quote! {
        impl<#(#names: #p::GivenUnless<()>),*> #p::IntoDraft for #builder<#(#names),*> {
            type Model = #name;
            fn into_draft(self) -> #p::Draft<#name> {
                self.finish()
            }
        }
        impl<R, #(#names),*> #p::IntoRelated<R> for #builder<#(#names),*>
        where
            R: #p::Relation<Target = #name>,
            #(#names: #p::GivenUnless<R::Fill>,)*
        {
            fn into_related(self) -> #p::Option<#p::Related<#name>> {
                #p::Some(#p::Related::New(self.finish()))
            }
        }
    }
}
