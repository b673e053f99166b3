//! From the model to code. Nothing here fails, and what is emitted is data and calls of one line.
pub(crate) mod accessors;
pub(crate) mod builder;
mod checks;
mod columns;
mod markers;
mod positions;
mod record;
mod shape;
mod slots;
pub(crate) mod table;
#[cfg(test)]
mod tests;

use crate::model::{Field, Kind, Model};
use positions::Positions;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, Path};

/// What every part of the expansion needs.
pub(crate) struct Context<'m> {
    pub(crate) model: &'m Model,
    /// What stands for `::orm::__private`.
    pub(crate) p: TokenStream,
    pub(crate) positions: Positions,
    /// Whether no mistake was found, so that the other models can be asked.
    pub(crate) sound: bool,
}

/// All that `derive(Model)` makes: the builder's type, which users may name, and the rest in a constant without a name.
pub(crate) fn model(model: &Model, sound: bool) -> TokenStream {
    let context = Context::of(model, sound);
    let parts = [
        record::expand(&context),
        columns::expand(&context),
        markers::expand(&context),
        accessors::expand(&context),
        builder::expand(&context),
        checks::expand(&context),
    ];
    let builder = builder::declaration(&context);
    let inside = within(&model.krate, &parts.into_iter().collect());
    quote!(#builder #inside)
}

/// Implementations in a scope of their own, where `__orm` is what generated code may name.
pub(crate) fn within(krate: &Path, items: &TokenStream) -> TokenStream {
    quote! {
        #[allow(nonstandard_style, dead_code, unreachable_pub, unused_imports)]
        const _: () = {
            use #krate::__private as __orm;
            #items
        };
    }
}

impl<'m> Context<'m> {
    fn of(model: &'m Model, sound: bool) -> Self {
        let p = quote!(__orm);
        Self { model, positions: Positions::of(model, &p), p, sound }
    }

    /// The model that a relationship leads to.
    pub(crate) fn target(&self, field: &Field) -> TokenStream {
        let p = &self.p;
        match &field.kind {
            Kind::Relation(relation) => {
                let target = &relation.target;
                match relation.kind {
                    crate::model::RelationKind::BelongsTo(_) => quote!(<#target as #p::ToOneTarget>::Model),
                    _ => quote!(#target),
                }
            }
            Kind::Column(_) | Kind::Group { .. } | Kind::Skipped => quote!(()),
        }
    }

    /// The model's name.
    pub(crate) fn name(&self) -> &Ident {
        &self.model.name
    }
}
