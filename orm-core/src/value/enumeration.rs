//! Enums as columns: by the names of their variants, or by their numbers.
use super::{Cell, Value, cell::unexpected_null};
use crate::error::{Error, Kind, Result};

/// An enum of variants without fields, as `derive(ColumnEnum)` describes it.
pub trait Enumeration: Sized + 'static {
    /// What is stored for each by name.
    const NAMES: &'static [&'static str];
    /// What is stored for each by number.
    const NUMBERS: &'static [i32];

    /// The place among the variants.
    fn position(&self) -> usize;

    /// The variant at that place.
    fn at(position: usize) -> Option<Self>;
}

/// The number of a variant.
///
/// # Panics
/// It does not fit; in a constant, that is a compile error.
#[track_caller]
pub const fn discriminant(number: i128) -> i32 {
    assert!(
        number >= i32::MIN as i128 && number <= i32::MAX as i128,
        "the number of a variant is at most that of an `i32`"
    );
    number as i32
}

/// The variant of that stored name.
///
/// # Errors
/// There is none.
pub fn decode_name<E: Enumeration>(cell: Cell<'_>) -> Result<E> {
    if cell.is_null() {
        return Err(unexpected_null());
    }
    by_name(cell.text()?)
}

/// The variant of that stored number.
///
/// # Errors
/// There is none.
pub fn decode_number<E: Enumeration>(cell: Cell<'_>) -> Result<E> {
    if cell.is_null() {
        return Err(unexpected_null());
    }
    by_number(cell.i64()?)
}

/// The variant of a value that holds its name.
///
/// # Errors
/// There is none.
pub fn from_name<E: Enumeration>(value: &Value) -> Result<E> {
    match value {
        Value::String(Some(name)) => by_name(name),
        other => Err(Error::new(Kind::Decode, format!("expected the name of a variant, got {other:?}"))),
    }
}

/// The variant of a value that holds its number.
///
/// # Errors
/// There is none.
pub fn from_number<E: Enumeration>(value: &Value) -> Result<E> {
    match value {
        Value::Int(Some(number)) => by_number(i64::from(*number)),
        Value::BigInt(Some(number)) => by_number(*number),
        other => Err(Error::new(Kind::Decode, format!("expected the number of a variant, got {other:?}"))),
    }
}

/// The name of a variant, to bind.
pub fn name<E: Enumeration>(variant: &E) -> Value {
    Value::String(Some(E::NAMES[variant.position()].into()))
}

/// The number of a variant, to bind.
pub fn number<E: Enumeration>(variant: &E) -> Value {
    Value::Int(Some(E::NUMBERS[variant.position()]))
}

fn by_name<E: Enumeration>(name: &str) -> Result<E> {
    let position = E::NAMES.iter().position(|own| *own == name);
    position
        .and_then(E::at)
        .ok_or_else(|| Error::new(Kind::Decode, format!("{name:?} is none of {}", E::NAMES.join(", "))))
}

fn by_number<E: Enumeration>(number: i64) -> Result<E> {
    let position = E::NUMBERS.iter().position(|own| i64::from(*own) == number);
    position.and_then(E::at).ok_or_else(|| Error::new(Kind::Decode, format!("{number} is the number of no variant")))
}
