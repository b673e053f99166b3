//! The states of a generated builder: a type parameter for each required column says whether it was given.
use std::marker::PhantomData;

/// A column that has a value, or needs none.
#[derive(Debug, Clone, Copy)]
pub enum Given {}

/// A required column without a value yet; `F` names the field.
#[derive(Debug, Clone, Copy)]
pub struct Missing<F>(PhantomData<fn() -> F>);

/// States of a column that may be left as they are when a relationship `R` takes the row: given, or a key that `R` fills.
#[diagnostic::on_unimplemented(
    message = "a required column was not given: `{Self}`",
    label = "call the setter of the field that `Missing<..>` names",
    note = "a column is required unless it is an `Option`, has a default, is generated, or is the key that this relationship fills"
)]
pub trait GivenUnless<R> {}
impl<R> GivenUnless<R> for Given {}
#[diagnostic::do_not_recommend]
impl<R, F: FilledBy<R>> GivenUnless<R> for Missing<F> {}

/// The key column `Self` is filled by the relationship `R`.
pub trait FilledBy<R> {}
