//! Queries as data: columns, predicates, orders and load options, each with its root model in its type.
//!
//! Nothing here knows SQL or a database. The types are thin: inside, a query is [`Parts`], conditions and values are
//! [`expr::Expr`], and what is loaded along is a tree of [`Include`]s.
mod aggregate;
mod arithmetic;
mod case;
mod column;
mod combine;
mod declare;
mod embed;
pub mod expr;
mod expression;
mod function;
mod include;
mod join;
mod load;
mod matching;
mod operand;
mod order;
mod outputs;
mod path;
mod predicate;
mod projected;
mod relation;
mod rows;
mod selection;
mod set_rows;
mod source;
mod subquery;
mod term;
#[cfg(test)]
mod tests;
mod walk;
mod whole;
mod window;

pub use aggregate::{Number, count};
pub use arithmetic::{Arithmetic, Calculate, EitherNull, Whole};
pub use case::{Case, NoCase, case};
pub use column::Column;
pub use declare::{KeyOf, column_of, encode, encode_for, foreign_key, reference};
pub use embed::Embed;
pub use expression::Expression;
pub use function::{Arguments, Date, Time, function};
pub use include::Include;
pub use join::{Alias, IntoJoin, Join, alias};
pub use load::{FromJoin, Includes, IntoInclude, Load};
pub use matching::{AverageOf, Matching, ScalarOf, SumOf};
pub use operand::{ByExpression, ByNullable, ByScalar, ByValue, IntoList, IntoOperand, List};
pub use order::{IntoOrder, OrderBy};
pub use outputs::{Outputs, Rows};
pub(crate) use path::same_path;
pub use predicate::Predicate;
pub use projected::{Projected, Tuples};
pub use relation::{RelationQuery, Seen, Through};
pub use rows::{Lock, Parts, Query};
pub use selection::{SelectItem, Selectable, Selection};
pub use set_rows::SetRows;
pub use source::{Combined, SetOperator, Source};
pub use subquery::{Outer, exists, scalar};
pub use term::{IntoExpression, value};
pub use whole::{WholeRow, row};
pub use window::{Window, WindowFunction, dense_rank, first_value, lag, last_value, lead, rank, row_number, window};
