//! Exact decimal numbers.
use super::{IntoColumn, scalar::scalar_column};
use ::rust_decimal::Decimal;

// 0 is an amount like any other, so nothing stands for "not given".
scalar_column!(Decimal, Decimal, Decimal, "a decimal number");

// Whole numbers convert without loss; floats do not, and have no conversion. With more than one integer type here, a
// literal still becomes an `i32`, the language's default.
macro_rules! whole_numbers {
    ($($integer:ty),*) => {$(
        impl IntoColumn<Decimal> for $integer {
            fn into_column(self) -> Decimal {
                Decimal::from(self)
            }
        }

        impl IntoColumn<Option<Decimal>> for $integer {
            fn into_column(self) -> Option<Decimal> {
                Some(Decimal::from(self))
            }
        }
    )*};
}
whole_numbers!(i32, i64);
