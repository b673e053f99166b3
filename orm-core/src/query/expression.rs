//! Typed expressions: what a path, an aggregate or a function gives; and the comparisons, which columns have too.
use super::{
    Column, IntoList, IntoOperand, List, OrderBy, Predicate,
    expr::{Expr, Operator},
};
use crate::{
    model::Record,
    value::{ColumnType, Value, is_null},
};
use std::{fmt, marker::PhantomData};

/// An expression of type `T` over the rows of model `M`: a path through a relationship, an aggregate.
///
/// It compares, orders and is selected like a column.
pub struct Expression<M, T> {
    pub(crate) expr: Expr,
    types: PhantomData<fn() -> (M, T)>,
}

impl<M, T> Expression<M, T> {
    pub(crate) fn new(expr: Expr) -> Self {
        Self { expr, types: PhantomData }
    }

    pub(super) fn into_expr(self) -> Expr {
        self.expr
    }
}

impl<M: Record, T> Column<M, T> {
    /// The column as an expression.
    pub fn expr(self) -> Expr {
        Expr::column(M::table(), self.position())
    }

    pub(super) fn into_expr(self) -> Expr {
        self.expr()
    }
}

impl<M: Record, T> From<Column<M, T>> for Expression<M, T> {
    fn from(column: Column<M, T>) -> Self {
        Self::new(column.expr())
    }
}

impl<M, T> Clone for Expression<M, T> {
    fn clone(&self) -> Self {
        Self::new(self.expr.clone())
    }
}

impl<M, T> fmt::Debug for Expression<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expr.fmt(f)
    }
}

/// A comparison; with a null it is `IS NULL` or `IS NOT NULL`, never the unknown of SQL.
fn compare<M>(left: Expr, operator: Operator, right: Expr) -> Predicate<M> {
    let to_null = matches!(&right, Expr::Value(value) if is_null(value));
    Predicate::new(match operator {
        Operator::Equal if to_null => Expr::IsNull(Box::new(left)),
        Operator::NotEqual if to_null => Expr::Not(Box::new(Expr::IsNull(Box::new(left)))),
        operator => Expr::Binary(Box::new(left), operator, Box::new(right)),
    })
}

fn one_of<M>(left: Expr, list: List) -> Predicate<M> {
    let values = match list {
        List::Query(query) => return Predicate::new(Expr::InQuery(Box::new(left), query)),
        List::Values(values) => values,
    };
    let (nulls, values): (Vec<Value>, Vec<Value>) = values.into_iter().partition(is_null);
    if nulls.is_empty() {
        return Predicate::new(Expr::In(Box::new(left), values));
    }
    let null = Expr::IsNull(Box::new(left.clone()));
    Predicate::new(if values.is_empty() { null } else { Expr::In(Box::new(left), values).or(null) })
}

fn like<M>(text: Expr, pattern: String, any_case: bool) -> Predicate<M> {
    Predicate::new(Expr::Like { text: Box::new(text), pattern: Value::String(Some(pattern)), any_case })
}

/// The text with `\` before what means something in a pattern.
fn literal(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 2);
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

macro_rules! comparisons {
    ($name:ident $(: $bound:ident)?) => {
        impl<M $(: $bound)?, T: ColumnType> $name<M, T> {
            /// Equal. `eq(None)` is `IS NULL`.
            pub fn eq<K>(self, other: impl IntoOperand<M, T, K>) -> Predicate<M> {
                compare(self.into_expr(), Operator::Equal, other.into_operand())
            }

            /// Not equal. `ne(None)` is `IS NOT NULL`. As in SQL, a null is not "not equal" to a value: where nulls should
            /// be found too, add `.or(column.is_null())`.
            pub fn ne<K>(self, other: impl IntoOperand<M, T, K>) -> Predicate<M> {
                compare(self.into_expr(), Operator::NotEqual, other.into_operand())
            }

            /// Greater.
            pub fn gt<K>(self, other: impl IntoOperand<M, T, K>) -> Predicate<M> {
                compare(self.into_expr(), Operator::Greater, other.into_operand())
            }

            /// Greater or equal.
            pub fn ge<K>(self, other: impl IntoOperand<M, T, K>) -> Predicate<M> {
                compare(self.into_expr(), Operator::GreaterOrEqual, other.into_operand())
            }

            /// Less.
            pub fn lt<K>(self, other: impl IntoOperand<M, T, K>) -> Predicate<M> {
                compare(self.into_expr(), Operator::Less, other.into_operand())
            }

            /// Less or equal.
            pub fn le<K>(self, other: impl IntoOperand<M, T, K>) -> Predicate<M> {
                compare(self.into_expr(), Operator::LessOrEqual, other.into_operand())
            }

            /// Between two, both included.
            pub fn between<K, L>(self, low: impl IntoOperand<M, T, K>, high: impl IntoOperand<M, T, L>) -> Predicate<M> {
                let (low, high) = (Box::new(low.into_operand()), Box::new(high.into_operand()));
                Predicate::new(Expr::Between(Box::new(self.into_expr()), low, high))
            }

            /// One of these values, or of the values of a query of one column. A `None` among them finds nulls; no values
            /// find nothing.
            pub fn is_in<K>(self, values: impl IntoList<T, K>) -> Predicate<M> {
                one_of(self.into_expr(), values.into_list())
            }

            /// None of these values. A null is found only if `None` is not among them and the list is empty.
            pub fn not_in<K>(self, values: impl IntoList<T, K>) -> Predicate<M> {
                self.is_in(values).not()
            }

            /// Null.
            pub fn is_null(self) -> Predicate<M> {
                Predicate::new(Expr::IsNull(Box::new(self.into_expr())))
            }

            /// Not null.
            pub fn is_not_null(self) -> Predicate<M> {
                self.is_null().not()
            }

            /// Smaller values first.
            pub fn asc(self) -> OrderBy<M> {
                OrderBy::new(self.into_expr(), T::TYPE, false)
            }

            /// Greater values first.
            pub fn desc(self) -> OrderBy<M> {
                OrderBy::new(self.into_expr(), T::TYPE, true)
            }
        }

        impl<M $(: $bound)?, T: ColumnType<Scalar = String>> $name<M, T> {
            /// Matches a pattern of SQL: `%` for any text, `_` for one character, `\` before either to mean it literally.
            /// Whether case counts is the database's rule: on PostgreSQL it does, on SQLite not for ASCII letters, on MySQL
            /// by the column's collation.
            pub fn like(self, pattern: impl Into<String>) -> Predicate<M> {
                like(self.into_expr(), pattern.into(), false)
            }

            /// [`like`](Self::like) with upper and lower case alike.
            pub fn ilike(self, pattern: impl Into<String>) -> Predicate<M> {
                like(self.into_expr(), pattern.into(), true)
            }

            /// Contains that text, literally; case as for [`like`](Self::like).
            pub fn contains(self, text: impl AsRef<str>) -> Predicate<M> {
                like(self.into_expr(), format!("%{}%", literal(text.as_ref())), false)
            }

            /// Begins with that text, literally; case as for [`like`](Self::like).
            pub fn starts_with(self, text: impl AsRef<str>) -> Predicate<M> {
                like(self.into_expr(), format!("{}%", literal(text.as_ref())), false)
            }

            /// Ends with that text, literally; case as for [`like`](Self::like).
            pub fn ends_with(self, text: impl AsRef<str>) -> Predicate<M> {
                like(self.into_expr(), format!("%{}", literal(text.as_ref())), false)
            }
        }
    };
}
comparisons!(Column: Record);
comparisons!(Expression);
