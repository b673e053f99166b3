//! Expressions without types: what predicates, orders and selected columns are made of.
use crate::{
    schema::{Relationship, Table},
    value::Value,
};

/// Where a column is, seen from the root of the query: nothing, or the to-one relationships on the way.
pub type Path = Vec<&'static Relationship>;

/// An expression over the columns of a model and what its relationships lead to.
#[derive(Clone)]
pub enum Expr {
    /// A column of the root, or of what a path of to-one relationships leads to.
    Column {
        /// The way there.
        path: Path,
        /// The table at its end.
        table: &'static Table,
        /// The column's position.
        column: u16,
    },
    /// A bound value.
    Value(Value),
    /// An operation on two.
    Binary(Box<Expr>, Operator, Box<Expr>),
    /// All of them; true if there are none.
    All(Vec<Expr>),
    /// At least one of them; false if there are none.
    Any(Vec<Expr>),
    /// The opposite.
    Not(Box<Expr>),
    /// Null or not.
    IsNull(Box<Expr>),
    /// One of these values; false if there are none.
    In(Box<Expr>, Vec<Value>),
    /// Between two, both included.
    Between(Box<Expr>, Box<Expr>, Box<Expr>),
    /// A pattern, with `\` before what is meant literally.
    Like {
        /// The text.
        text: Box<Expr>,
        /// The pattern.
        pattern: Value,
        /// Whether case counts.
        case_sensitive: bool,
    },
    /// Whether a relationship leads to a row that meets a condition.
    Related {
        /// The way to the relationship's owner.
        path: Path,
        /// The relationship.
        relationship: &'static Relationship,
        /// The condition on the target, of which the target is the root.
        condition: Option<Box<Expr>>,
    },
    /// A function of the database or an aggregate.
    Function(Function, Vec<Expr>),
}

/// An operation on two expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// A function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Function {
    Count,
    CountDistinct,
    Sum,
    Average,
    Minimum,
    Maximum,
    Lower,
    Upper,
    Coalesce,
    Length,
    Abs,
}
