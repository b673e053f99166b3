//! Collects errors, so that a struct with three mistakes is told three times, each at its place.
use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use std::cell::RefCell;

/// The mistakes found so far.
#[derive(Default)]
pub(crate) struct Errors(RefCell<Vec<syn::Error>>);

impl Errors {
    /// Adds a mistake at a place.
    pub(crate) fn at(&self, span: Span, message: impl Into<String>) {
        self.0.borrow_mut().push(syn::Error::new(span, message.into()));
    }

    /// Adds a mistake in these tokens.
    pub(crate) fn on(&self, tokens: impl ToTokens, message: impl Into<String>) {
        self.0.borrow_mut().push(syn::Error::new_spanned(tokens, message.into()));
    }

    /// Adds a mistake that the parser found.
    pub(crate) fn push(&self, error: syn::Error) {
        self.0.borrow_mut().push(error);
    }

    /// The number of mistakes.
    pub(crate) fn count(&self) -> usize {
        self.0.borrow().len()
    }

    /// All mistakes as `compile_error!`s.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.0.into_inner().iter().map(syn::Error::to_compile_error).collect()
    }
}
