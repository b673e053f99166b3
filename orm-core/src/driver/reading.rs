//! What reading a row has in common in every database.
use crate::error::{Error, Kind, Result};

/// The number in a narrower type.
pub(super) fn fitting<N: Copy + std::fmt::Display, T: TryFrom<N>>(number: N) -> Result<T> {
    T::try_from(number).map_err(|_| {
        let wanted = std::any::type_name::<T>();
        Error::new(Kind::Decode, format!("the stored number {number} does not fit into {wanted}"))
    })
}

/// A column that cannot be read as the field wants it.
pub(super) fn wrong(ordinal: usize, stored: &str, wanted: &str) -> Error {
    Error::new(Kind::Decode, format!("column {ordinal} of the result holds {stored}, and the field is {wanted}"))
}

/// Stored bytes that are not what they should be.
pub(super) fn malformed(wanted: &str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::with_source(Kind::Decode, format!("the stored value is not {wanted}"), source)
}
