//! Decimals in SQLite, which has integers and 64-bit floating-point numbers only.
//!
//! A number of up to 15 digits survives the way into such a number and back; one that does not is refused.
use crate::error::{Error, Kind, Result};
use orm_sqlite::Bound;
use rusqlite::types::ValueRef;
use rust_decimal::{Decimal, prelude::ToPrimitive};

pub(super) fn bound(decimal: Decimal) -> Result<Bound<'static>> {
    if decimal.fract().is_zero() {
        if let Some(integer) = decimal.to_i64() {
            return Ok(Bound::Integer(integer));
        }
    } else if let Ok(real) = decimal.to_string().parse()
        && from_real(real) == Some(decimal)
    {
        return Ok(Bound::Real(real));
    }
    let message =
        format!("SQLite would lose digits of {decimal}: it keeps 15, or 18 without a fraction; store it as text");
    Err(Error::new(Kind::Unsupported, message))
}

pub(super) fn read(stored: ValueRef<'_>) -> Result<Decimal> {
    let read = match stored {
        ValueRef::Integer(number) => Some(Decimal::from(number)),
        ValueRef::Real(number) => from_real(number),
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).ok().and_then(|text| text.parse().ok()),
        ValueRef::Null | ValueRef::Blob(_) => None,
    };
    read.ok_or_else(|| Error::new(Kind::Decode, format!("the stored value is no decimal: {stored:?}")))
}

/// By its first 15 digits: what is beyond them is noise of the conversion, or of a sum.
fn from_real(real: f64) -> Option<Decimal> {
    Decimal::from_scientific(&format!("{real:.14e}")).ok().map(|decimal| decimal.normalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::dec;

    fn back(decimal: Decimal) -> Option<Decimal> {
        match bound(decimal).ok()? {
            Bound::Integer(number) => read(ValueRef::Integer(number)).ok(),
            Bound::Real(number) => read(ValueRef::Real(number)).ok(),
            _ => None,
        }
    }

    #[test]
    fn fifteen_digits_come_back() {
        for decimal in [dec!(0), dec!(-1), dec!(99.99), dec!(0.1), dec!(-1234567890123.45), dec!(9223372036854775807)] {
            assert_eq!(back(decimal), Some(decimal));
        }
        assert_eq!(read(ValueRef::Real(0.1 + 0.2)).ok(), Some(dec!(0.3)));
    }

    #[test]
    fn what_would_lose_digits_is_refused() {
        for decimal in [dec!(1234567890123456.7), dec!(0.1234567890123456789), Decimal::MAX, Decimal::MIN] {
            let error = bound(decimal).expect_err("too many digits");
            assert!(error.to_string().contains("lose digits"), "{error}");
        }
    }
}
