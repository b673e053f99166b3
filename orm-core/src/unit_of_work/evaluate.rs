//! What a database will find and compute, told from the rows in memory, where that is sure.
//!
//! Nothing here guesses: what may come out otherwise on some database, under some collation or type, is not answered.
use super::pattern;
use crate::{
    driver::Dialect,
    model::Rows,
    query::expr::{Expr, Function, Operator},
    schema::Table,
    value::{Value, is_null},
};
use std::cmp::Ordering;

/// The truth of a condition as SQL knows it, or that it cannot be told here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Truth {
    Yes,
    No,
    /// Neither: something compared with null.
    Null,
    /// Only the database can say.
    Unsure,
}

/// One row, and what decides how its values compare.
#[derive(Clone, Copy)]
pub(super) struct Stored<'a> {
    pub(super) dialect: Dialect,
    pub(super) table: &'static Table,
    pub(super) rows: &'a dyn Rows,
    pub(super) row: usize,
}

impl Truth {
    fn of(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }

    fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Null | Self::Unsure => self,
        }
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Unsure, _) | (_, Self::Unsure) => Self::Unsure,
            (Self::Null, _) | (_, Self::Null) => Self::Null,
            (Self::Yes, Self::Yes) => Self::Yes,
        }
    }

    fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }
}

impl Stored<'_> {
    /// Whether the row meets a condition.
    pub(super) fn truth(self, expr: &Expr) -> Truth {
        match expr {
            Expr::All(parts) => parts.iter().map(|part| self.truth(part)).fold(Truth::Yes, Truth::and),
            Expr::Any(parts) => parts.iter().map(|part| self.truth(part)).fold(Truth::No, Truth::or),
            Expr::Not(inner) => self.truth(inner).not(),
            Expr::IsNull(inner) => self.value(inner).map_or(Truth::Unsure, |value| Truth::of(is_null(&value))),
            Expr::Binary(left, operator, right) => self.compare(left, *operator, right),
            Expr::Between(value, low, high) => {
                let above = self.compare(value, Operator::GreaterOrEqual, low);
                above.and(self.compare(value, Operator::LessOrEqual, high))
            }
            Expr::In(value, list) => {
                let equal = |item: &Value| self.compare(value, Operator::Equal, &Expr::Value(item.clone()));
                list.iter().map(equal).fold(Truth::No, Truth::or)
            }
            Expr::Like { text, pattern, any_case } => self.like(text, pattern, *any_case),
            Expr::Column { .. } | Expr::Value(_) => match self.value(expr) {
                Some(Value::Bool(Some(value))) => Truth::of(value),
                Some(Value::Bool(None)) => Truth::Null,
                _ => Truth::Unsure,
            },
            Expr::Given { .. }
            | Expr::InQuery(..)
            | Expr::Related { .. }
            | Expr::Linked { .. }
            | Expr::OfRelated { .. }
            | Expr::Exists(_)
            | Expr::Scalar(_)
            | Expr::Output(..)
            | Expr::Literal(_)
            | Expr::Unknown(_)
            | Expr::Case(..)
            | Expr::Over(..)
            | Expr::Function(..)
            | Expr::Convert(..)
            | Expr::Cast(..) => Truth::Unsure,
        }
    }

    /// What an expression gives for the row.
    pub(super) fn value(self, expr: &Expr) -> Option<Value> {
        match expr {
            Expr::Value(value) => Some(value.clone()),
            Expr::Column { path, column, .. } if path.is_root() && self.rows.is_loaded(self.row, *column) => {
                Some(self.rows.value(self.row, *column))
            }
            Expr::Binary(left, operator, right) => arithmetic(self.value(left)?, *operator, self.value(right)?),
            Expr::Function(Function::Coalesce, arguments) => {
                let values: Option<Vec<Value>> = arguments.iter().map(|argument| self.value(argument)).collect();
                let values = values?;
                let first = values.iter().find(|value| !is_null(value)).or(values.last());
                first.cloned()
            }
            _ => None,
        }
    }

    fn compare(self, left: &Expr, operator: Operator, right: &Expr) -> Truth {
        if self.has_own_type(left) || self.has_own_type(right) {
            return Truth::Unsure;
        }
        let (Some(left), Some(right)) = (self.value(left), self.value(right)) else { return Truth::Unsure };
        if is_null(&left) || is_null(&right) {
            return Truth::Null;
        }
        if let (Operator::Equal | Operator::NotEqual, Some(equal)) = (operator, self.equal(&left, &right)) {
            return Truth::of(equal == (operator == Operator::Equal));
        }
        let Some(order) = self.order(&left, &right) else { return Truth::Unsure };
        match operator {
            Operator::Less => Truth::of(order == Ordering::Less),
            Operator::LessOrEqual => Truth::of(order != Ordering::Greater),
            Operator::Greater => Truth::of(order == Ordering::Greater),
            Operator::GreaterOrEqual => Truth::of(order != Ordering::Less),
            Operator::Equal
            | Operator::NotEqual
            | Operator::Add
            | Operator::Subtract
            | Operator::Multiply
            | Operator::Divide
            | Operator::DivideWhole
            | Operator::Remainder => Truth::Unsure,
        }
    }

    /// Whether a column has a database type whose rules nobody here knows.
    fn has_own_type(self, expr: &Expr) -> bool {
        matches!(expr, Expr::Column { column, .. } if self.table.columns[usize::from(*column)].custom_type.is_some())
    }

    fn equal(self, left: &Value, right: &Value) -> Option<bool> {
        match (left, right) {
            (Value::String(Some(left)), Value::String(Some(right))) => self.same_text(left, right),
            #[cfg(feature = "uuid")]
            (Value::Uuid(Some(left)), Value::Uuid(Some(right))) => Some(left == right),
            _ => self.order(left, right).map(|order| order == Ordering::Equal),
        }
    }

    /// MySQL's collations take texts for equal that differ in case or in trailing spaces, and some others.
    fn same_text(self, left: &str, right: &str) -> Option<bool> {
        let is_mysql = matches!(self.dialect, Dialect::MySql | Dialect::MariaDb);
        if left == right || !is_mysql {
            return Some(left == right);
        }
        let plain = |text: &str| text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        let alike = left.trim_end().eq_ignore_ascii_case(right.trim_end());
        (plain(left) && plain(right) && !alike).then_some(false)
    }

    fn order(self, left: &Value, right: &Value) -> Option<Ordering> {
        match (left, right) {
            (Value::String(Some(left)), Value::String(Some(right))) => {
                (self.dialect == Dialect::Sqlite).then(|| left.cmp(right))
            }
            (Value::Bytes(Some(left)), Value::Bytes(Some(right))) => Some(left.cmp(right)),
            (Value::Double(Some(left)), Value::Double(Some(right))) => left.partial_cmp(right),
            _ => integers(left, right).or_else(|| moments(left, right)),
        }
    }

    fn like(self, text: &Expr, pattern: &Value, any_case: bool) -> Truth {
        if self.has_own_type(text) {
            return Truth::Unsure;
        }
        match (self.value(text), pattern) {
            (Some(Value::String(Some(text))), Value::String(Some(pattern))) => {
                pattern::matches(self.dialect, &text, pattern, any_case).map_or(Truth::Unsure, Truth::of)
            }
            (Some(Value::String(None)), _) => Truth::Null,
            _ => Truth::Unsure,
        }
    }
}

macro_rules! ordered {
    ($left:ident, $right:ident: $($(#[$feature:meta])? $variant:ident),* $(,)?) => {
        match ($left, $right) {
            $($(#[$feature])? (Value::$variant(Some(left)), Value::$variant(Some(right))) => Some(left.cmp(right)),)*
            _ => None,
        }
    };
}

fn integers(left: &Value, right: &Value) -> Option<Ordering> {
    ordered!(left, right: Bool, TinyInt, SmallInt, Int, BigInt, TinyUnsigned, SmallUnsigned, Unsigned, BigUnsigned)
}

fn moments(left: &Value, right: &Value) -> Option<Ordering> {
    ordered!(left, right:
        #[cfg(feature = "rust_decimal")] Decimal,
        #[cfg(feature = "chrono")] ChronoDate,
        #[cfg(feature = "chrono")] ChronoTime,
        #[cfg(feature = "chrono")] ChronoDateTime,
        #[cfg(feature = "chrono")] ChronoDateTimeUtc,
        #[cfg(feature = "time")] TimeDate,
        #[cfg(feature = "time")] TimeTime,
        #[cfg(feature = "time")] TimeDateTime,
        #[cfg(feature = "time")] TimeDateTimeWithTimeZone,
    )
}

/// Integers that stay within their type, and floats; how others are rounded is the database's affair.
fn arithmetic(left: Value, operator: Operator, right: Value) -> Option<Value> {
    macro_rules! computed {
        ($($variant:ident),*) => {
            match (left, operator, right) {
                $(
                    (Value::$variant(Some(a)), Operator::Add, Value::$variant(Some(b))) => {
                        Some(Value::$variant(Some(a.checked_add(b)?)))
                    }
                    (Value::$variant(Some(a)), Operator::Subtract, Value::$variant(Some(b))) => {
                        Some(Value::$variant(Some(a.checked_sub(b)?)))
                    }
                    (Value::$variant(Some(a)), Operator::Multiply, Value::$variant(Some(b))) => {
                        Some(Value::$variant(Some(a.checked_mul(b)?)))
                    }
                )*
                (Value::Double(Some(a)), Operator::Add, Value::Double(Some(b))) => finite(a + b),
                (Value::Double(Some(a)), Operator::Subtract, Value::Double(Some(b))) => finite(a - b),
                (Value::Double(Some(a)), Operator::Multiply, Value::Double(Some(b))) => finite(a * b),
                (left, Operator::Add | Operator::Subtract | Operator::Multiply, right)
                    if is_null(&left) || is_null(&right) => Some(left.as_null()),
                _ => None,
            }
        };
    }
    computed!(TinyInt, SmallInt, Int, BigInt, TinyUnsigned, SmallUnsigned, Unsigned, BigUnsigned)
}

fn finite(number: f64) -> Option<Value> {
    number.is_finite().then_some(Value::Double(Some(number)))
}
