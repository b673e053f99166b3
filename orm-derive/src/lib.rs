//! The derive macros of the crate `orm`: use them through its prelude.
//!
//! The pipeline is parse and report, check and report, expand: nothing can fail after the checks. A struct with a mistake
//! is expanded as far as it is understood, or to stubs, so that one mistake is one error.
mod attr;
mod check;
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
    let input = parse_macro_input!(input as DeriveInput);
    let errors = errors::Errors::default();
    let expanded = match lower::model(&input, &errors) {
        Some(mut model) => {
            check::check(&mut model, &errors);
            expand::model(&model, errors.count() == 0)
        }
        None => fallback::model(&input),
    };
    let errors = errors.into_tokens();
    quote!(#expanded #errors).into()
}
