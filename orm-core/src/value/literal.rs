//! Decimal literals: `dec!(99.99)`.
use ::rust_decimal::Decimal;

/// An exact decimal number, checked while compiling: `dec!(99.99)`, `dec!(-0.5)`, `dec!(1_000)`.
///
/// ```
/// assert_eq!(orm_core::dec!(99.90).to_string(), "99.90");
/// ```
#[macro_export]
macro_rules! dec {
    (- $number:literal) => {
        const { $crate::__private::decimal(::core::stringify!($number), true) }
    };
    ($number:literal) => {
        const { $crate::__private::decimal(::core::stringify!($number), false) }
    };
}

/// The number that a literal writes.
///
/// # Panics
/// It is no decimal literal, or has more digits than a `Decimal` holds; in a constant, that is a compile error.
#[track_caller]
pub const fn decimal(text: &str, negative: bool) -> Decimal {
    let (bytes, mut digits, mut scale, mut fraction, mut i) = (text.as_bytes(), 0u128, 0, false, 0);
    while i < bytes.len() {
        match bytes[i] {
            b'_' => {}
            b'.' if !fraction => fraction = true,
            digit @ b'0'..=b'9' => {
                digits = digits * 10 + (digit - b'0') as u128;
                scale += fraction as u32;
                assert!(digits >> 96 == 0 && scale <= 28, "a `Decimal` has at most 28 digits");
            }
            b'-' if i == 0 && !negative => return decimal(text.split_at(1).1, true),
            _ => panic!("`dec!` takes digits with at most one point: `dec!(99.99)`"),
        }
        i += 1;
    }
    Decimal::from_parts(digits as u32, (digits >> 32) as u32, (digits >> 64) as u32, negative && digits != 0, scale)
}
