//! The states of a generated builder: a type parameter for each required column says whether it was given.
use super::ColumnSet;
use crate::{relation::Answer, value::LeftOut};
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

/// The first state of a column of which a constant says whether it may be left out: `Answer<true>` if it may.
pub trait StartIf<F> {
    /// `Given`, or `Missing<F>`.
    type Start;
}
impl<F> StartIf<F> for Answer<true> {
    type Start = Given;
}
impl<F> StartIf<F> for Answer<false> {
    type Start = Missing<F>;
}

/// Turns what a builder was given into a row, and notes what was left open. Of a plain value nothing is noted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Open {
    /// The columns that were not given and have no Rust default.
    pub unset: ColumnSet,
    /// The columns that were given, also if their value looks unset.
    pub given: ColumnSet,
    /// The unique columns by which an existing row is taken instead; none for a row that is new in any case.
    pub connect: ColumnSet,
}

impl Open {
    /// These columns are given now.
    pub(crate) fn note_given(&mut self, columns: ColumnSet) {
        self.given = self.given.union(columns);
        columns.iter().for_each(|column| self.unset = self.unset.without(column));
    }

    /// Whether the row was given as a plain value.
    pub(crate) fn is_of_value(self) -> bool {
        self.unset.is_empty() && self.given.is_empty() && self.connect.is_empty()
    }

    /// A column that is required, or else null, or else filled by a relationship.
    pub fn column<T>(&mut self, position: usize, value: Option<T>, left_out: LeftOut<T>) -> T {
        match value {
            None if left_out.nullable => placeholder(left_out),
            value => self.database(position, value, left_out),
        }
    }

    /// A column that the database or the session fills if it is not given.
    pub fn database<T>(&mut self, position: usize, value: Option<T>, left_out: LeftOut<T>) -> T {
        match value {
            Some(value) => self.give(position, value),
            None => {
                self.unset.insert(position as u16);
                placeholder(left_out)
            }
        }
    }

    /// A column with a Rust default.
    pub fn or_default<T>(&mut self, position: usize, value: Option<T>, default: impl FnOnce() -> T) -> T {
        match value {
            Some(value) => self.give(position, value),
            None => default(),
        }
    }

    /// A group of so many columns that was given.
    pub fn group<G>(&mut self, position: usize, count: usize, group: G) -> G {
        (position..position + count).for_each(|column| self.given.insert(column as u16));
        group
    }

    fn give<T>(&mut self, position: usize, value: T) -> T {
        self.given.insert(position as u16);
        value
    }
}

/// What stands in a column that was not given. The derive has checked that the type has such a value, or that the
/// column is required, and then the builder's type does not let it come here.
fn placeholder<T>(left_out: LeftOut<T>) -> T {
    match (left_out.placeholder)() {
        Some(value) => value,
        None => panic!("`{}` says HAS_PLACEHOLDER, but placeholder() gives no value", std::any::type_name::<T>()),
    }
}
