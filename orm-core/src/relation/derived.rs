//! What a model derives besides `Model`, as functions over the erased contents of relationship fields.
//!
//! A field compares, prints, reads and writes its targets through functions in the table of their model. So the fields of
//! related models do not call each other's code, and a chain of models is no chain of generic functions, which the compiler
//! would cut off at its limit.
use super::{Content, content::Values, field::rows_of};
use crate::{error::Error, model::Record};
use erased_serde::Serialize as Writable;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{fmt, marker::PhantomData};

/// Whether two fields hold equal values; what holds entities or builders is equal to nothing.
pub type Equal = fn(&dyn Content, &dyn Content) -> bool;

/// Prints the targets in a field.
pub type Print = fn(&dyn Content, Targets, &mut fmt::Formatter<'_>) -> fmt::Result;

/// The targets in a field as rows to be written.
pub type Write = for<'a> fn(&'a dyn Content) -> Result<Vec<&'a dyn Writable>, Error>;

/// Reads one target, or, if so asked, a sequence of them.
pub type Read = fn(&mut dyn erased_serde::Deserializer<'_>, Targets) -> Result<Box<dyn Content>, erased_serde::Error>;

/// How many targets a field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Targets {
    /// At most one.
    One,
    /// Any number.
    Many,
}

/// The functions that a model has by what it derives.
#[derive(Clone, Copy)]
pub struct Derived {
    /// Where the model is `PartialEq`.
    pub equal: Option<Equal>,
    /// Where the model is `Debug`.
    pub print: Option<Print>,
    /// Where the model is `Serialize`.
    pub write: Option<Write>,
    /// Where the model is `Deserialize`.
    pub read: Option<Read>,
}

impl Derived {
    /// Of a model that derives nothing.
    pub const NONE: Self = Self { equal: None, print: None, write: None, read: None };
}

/// Asks what a model derives: its own constants are there if the model has the trait, those of [`NotDerived`] if not.
pub struct DerivedOf<M>(PhantomData<M>);

/// The answers for a model without the traits.
pub trait NotDerived {
    /// It cannot be compared.
    const EQUAL: Option<Equal> = None;
    /// It cannot be printed.
    const PRINT: Option<Print> = None;
    /// It cannot be written.
    const WRITE: Option<Write> = None;
    /// It cannot be read.
    const READ: Option<Read> = None;
}

impl<M> NotDerived for DerivedOf<M> {}

impl<M: Record + PartialEq> DerivedOf<M> {
    /// Compares rows of the model.
    pub const EQUAL: Option<Equal> = Some(|a, b| match (rows_of::<M>(a), rows_of::<M>(b)) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    });
}

impl<M: Record + fmt::Debug> DerivedOf<M> {
    /// Prints rows of the model.
    pub const PRINT: Option<Print> = Some(|content, targets, f| match (rows_of::<M>(content), targets) {
        (Ok(rows), Targets::Many) => fmt::Debug::fmt(rows, f),
        (Ok(rows), Targets::One) => fmt::Debug::fmt(&rows.first(), f),
        (Err(_), _) => f.write_str("Given"),
    });
}

impl<M: Record + Serialize> DerivedOf<M> {
    /// Writes rows of the model.
    pub const WRITE: Option<Write> = Some(|content| {
        let rows: &[M] = rows_of(content)?;
        Ok(rows.iter().map(|row| row as &dyn Writable).collect())
    });
}

impl<M: Record + DeserializeOwned> DerivedOf<M> {
    /// Reads rows of the model.
    pub const READ: Option<Read> = Some(|document, targets| {
        let rows = match targets {
            Targets::One => vec![M::deserialize(document)?],
            Targets::Many => Vec::<M>::deserialize(document)?,
        };
        Ok(Box::new(Values::new(rows, false)))
    });
}
