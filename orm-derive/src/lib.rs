//! The derive macros of the crate `orm`: use them through its prelude.
//!
//! The pipeline is parse and report, check and report, expand: nothing can fail after the checks. A struct with a mistake
//! is expanded as far as it is understood, or to stubs, so that one mistake is one error.
mod attr;
mod check;
mod column_enum;
mod column_type;
mod embedded;
mod errors;
mod expand;
mod fallback;
mod lower;
mod model;
mod names;
mod symbol;

use proc_macro::TokenStream;
use quote::quote;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct a model: a table's row as a value, an entity inside a session.
///
/// The crate's guide and `orm::Model` have the attributes and examples.
#[proc_macro_derive(Model, attributes(orm))]
pub fn model(input: TokenStream) -> TokenStream {
    with_errors(&parse_macro_input!(input as DeriveInput), |input, errors| match lower::model(input, errors) {
        Some(mut model) => {
            check::check(&mut model, errors);
            expand::model(&model, errors.count() == 0)
        }
        None => fallback::model(input),
    })
}

/// Makes a struct a group of columns that models take in by `#[orm(embed)]`.
#[proc_macro_derive(Embedded, attributes(orm))]
pub fn embedded(input: TokenStream) -> TokenStream {
    with_errors(&parse_macro_input!(input as DeriveInput), embedded::expand)
}

/// Makes an enum of variants without fields a column type: stored by name, or with `#[orm(integer)]` by number.
#[proc_macro_derive(ColumnEnum, attributes(orm))]
pub fn column_enum(input: TokenStream) -> TokenStream {
    with_errors(&parse_macro_input!(input as DeriveInput), column_enum::expand)
}

/// Makes a struct of one field a column type, stored as that field is.
#[proc_macro_derive(ColumnType, attributes(orm))]
pub fn column_type(input: TokenStream) -> TokenStream {
    with_errors(&parse_macro_input!(input as DeriveInput), column_type::expand)
}

fn with_errors(
    input: &DeriveInput,
    expand: fn(&DeriveInput, &errors::Errors) -> proc_macro2::TokenStream,
) -> TokenStream {
    let errors = errors::Errors::default();
    let expanded = expand(input, &errors);
    let errors = errors.into_tokens();
    quote!(#expanded #errors).into()
}
