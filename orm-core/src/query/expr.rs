//! Expressions without types: what predicates, orders and selected columns are made of.
use super::{Tuples, walk};
use crate::{
    schema::{Relationship, RelationshipKind, Table},
    value::{SqlType, Value},
};

/// Where a column is: where the way begins, and the to-one relationships on it.
#[derive(Debug, Clone, Default)]
pub struct Path {
    /// Where it begins.
    pub start: Start,
    /// The relationships, in their order.
    pub steps: Vec<&'static Relationship>,
}

/// Where a path begins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Start {
    /// At the root of the query.
    #[default]
    Root,
    /// At what the query joins under that name.
    Join(&'static str),
    /// At the root of a query around this one, by its number.
    Outer(u64),
}

impl Path {
    /// The root itself.
    pub const fn new() -> Self {
        Self { start: Start::Root, steps: Vec::new() }
    }

    /// Whether it is the root itself.
    pub fn is_root(&self) -> bool {
        self.start == Start::Root && self.steps.is_empty()
    }
}

/// An expression over the columns of a model and what its relationships lead to.
#[derive(Debug, Clone)]
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
    /// A column of the rows of a query that is the root, by its position.
    Output(Start, u16),
    /// In an upsert: a column of the row that was given.
    Given {
        /// The column's position.
        column: u16,
    },
    /// A bound value.
    Value(Value),
    /// A number in the text itself, where a database takes no bound value.
    Literal(u32),
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
    /// One of these values, of which none is null; false if there are none.
    In(Box<Expr>, Vec<Value>),
    /// One of the values of a query of one column.
    InQuery(Box<Expr>, Box<Tuples>),
    /// Between two, both included.
    Between(Box<Expr>, Box<Expr>, Box<Expr>),
    /// A pattern, with `\` before what is meant literally.
    Like {
        /// The text.
        text: Box<Expr>,
        /// The pattern.
        pattern: Value,
        /// Whether upper and lower case are alike, whatever the database does by itself.
        any_case: bool,
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
    /// Whether the row is a target of the owner with that key, through a link.
    Linked {
        /// The way to the target.
        path: Path,
        /// The many-to-many from the owner.
        relationship: &'static Relationship,
        /// The owner's key: the columns that the link's near side references.
        owner: Vec<Value>,
    },
    /// A value computed from all rows that a relationship leads to and that meet a condition.
    OfRelated {
        /// The way to the relationship's owner.
        path: Path,
        /// The relationship.
        relationship: &'static Relationship,
        /// The condition on the target, of which the target is the root.
        condition: Option<Box<Expr>>,
        /// The aggregate, of which the target is the root.
        value: Box<Expr>,
    },
    /// Whether a query gives a row.
    Exists(Box<Subquery>),
    /// The value of a query of one column and at most one row.
    Scalar(Box<Subquery>),
    /// The value of the first condition that holds, else the last value or null.
    Case(Vec<(Expr, Expr)>, Option<Box<Expr>>),
    /// A function of the database or an aggregate.
    Function(Function, Vec<Expr>),
    /// A function over the rows around each row.
    Over(Box<Expr>, Box<WindowParts>),
    /// The number as that type, where the database would make another one of it (the sum of integers).
    Cast(Box<Expr>, SqlType),
    /// The value turned into another type.
    Convert(Box<Expr>, SqlType),
    /// What cannot be said: the query is refused with these words.
    Unknown(String),
}

/// A query inside an expression.
#[derive(Debug, Clone)]
pub struct Subquery {
    /// Without columns it is asked only whether there is a row.
    pub tuples: Tuples,
    /// The number by which it names a row of the query around it, if it does.
    pub outer: Option<u64>,
    /// Where that row is.
    pub path: Path,
}

/// The rows around each row that a function is computed from.
#[derive(Debug, Clone, Default)]
pub struct WindowParts {
    /// Only rows with the same values of these.
    pub partition: Vec<Expr>,
    /// In which order.
    pub order: Vec<OrderTerm>,
    /// How many rows before and after this one; `None` is all. Without it, all up to this one if there is an order.
    pub rows: Option<(Option<u32>, Option<u32>)>,
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
    /// A division of integers, whose fraction is cut off.
    DivideWhole,
    Remainder,
}

/// A function. `Count` of nothing counts rows.
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
    Negate,
    Trim,
    Concat,
    Substring,
    Replace,
    NullIf,
    /// To so many digits behind the point.
    Round,
    /// Of a floating-point number.
    RoundFloat,
    Floor,
    Ceiling,
    Year,
    Month,
    Day,
    Hour,
    Minute,
    RowNumber,
    Rank,
    DenseRank,
    Lag,
    Lead,
    FirstValue,
    LastValue,
    /// One that the library does not know, by its name.
    Named(&'static str),
}

impl Expr {
    /// A column of the root.
    pub fn column(table: &'static Table, column: u16) -> Self {
        Self::Column { path: Path::new(), table, column }
    }

    /// Whether the root is a target of the owner with that key: the condition of a query over one owner's targets. The key is
    /// the foreign key for a `BelongsTo`, else the columns that the foreign key or the link references.
    pub fn target_of(relationship: &'static Relationship, owner: Vec<Value>) -> Self {
        let target = relationship.target();
        let columns = match (relationship.kind, relationship.key()) {
            (RelationshipKind::BelongsTo { .. }, Some((_, references))) => references,
            (RelationshipKind::HasOne(_) | RelationshipKind::HasMany(_), Some((columns, _))) => columns,
            (_, None) | (RelationshipKind::ManyToMany(_), _) => {
                return Self::Linked { path: Path::new(), relationship, owner };
            }
        };
        let equal = |(column, value): (&u16, Value)| {
            Self::Binary(Box::new(Self::column(target, *column)), Operator::Equal, Box::new(Self::Value(value)))
        };
        Self::All(columns.iter().zip(owner).map(equal).collect())
    }

    /// Whether a column of the root has that value.
    pub(crate) fn equal(table: &'static Table, column: u16, value: Value) -> Self {
        Self::Binary(Box::new(Self::column(table, column)), Operator::Equal, Box::new(Self::Value(value)))
    }

    /// The rows with these primary keys, each in the order of the key's columns.
    pub(crate) fn keyed(table: &'static Table, keys: Vec<Vec<Value>>) -> Self {
        Self::among(table, table.primary_key, keys)
    }

    /// The rows with one of these keys in these columns.
    pub(crate) fn among(table: &'static Table, columns: &[u16], keys: Vec<Vec<Value>>) -> Self {
        if let [column] = *columns {
            let values = keys.into_iter().filter_map(|mut key| key.pop()).collect();
            return Self::In(Box::new(Self::column(table, column)), values);
        }
        let row = |key: Vec<Value>| {
            let equal = |(column, value): (&u16, Value)| Self::equal(table, *column, value);
            Self::All(columns.iter().zip(key).map(equal).collect())
        };
        Self::Any(keys.into_iter().map(row).collect())
    }

    /// Whether it is true of every row.
    pub(crate) fn is_always(&self) -> bool {
        matches!(self, Self::All(parts) if parts.is_empty())
    }

    /// Both conditions, without nesting.
    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::All(mut a), Self::All(b)) => {
                a.extend(b);
                Self::All(a)
            }
            (Self::All(mut a), b) => {
                a.push(b);
                Self::All(a)
            }
            (a, Self::All(mut b)) => {
                b.insert(0, a);
                Self::All(b)
            }
            (a, b) => Self::All(vec![a, b]),
        }
    }

    /// Either condition, without nesting.
    pub(crate) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Any(mut a), b) => {
                a.push(b);
                Self::Any(a)
            }
            (a, b) => Self::Any(vec![a, b]),
        }
    }

    /// The same expression seen from the owner of a to-one relationship that leads to its root.
    pub(crate) fn through(mut self, relationship: &'static Relationship) -> Self {
        walk::paths(&mut self, &mut |path| {
            if path.start == Start::Root {
                path.steps.insert(0, relationship);
            }
        });
        self
    }

    /// The same expression where its root is something else.
    pub(crate) fn from(mut self, start: Start) -> Self {
        walk::starts(&mut self, &mut |own| {
            if *own == Start::Root {
                *own = start;
            }
        });
        self
    }
}

/// One term of an order.
#[derive(Debug, Clone)]
pub struct OrderTerm {
    /// What is compared.
    pub expr: Expr,
    /// Its type.
    pub sql_type: SqlType,
    /// Whether greater values come first.
    pub descending: bool,
    /// Where nulls go; by default where the database puts them (SQLite and MySQL: before all values, PostgreSQL: after).
    pub nulls: Option<Nulls>,
}

/// Where nulls go in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nulls {
    /// Before all values.
    First,
    /// After all values.
    Last,
}

impl OrderTerm {
    /// The declared order of a relationship, or of a key, as terms over its target.
    pub fn of(table: &'static Table, order: &[crate::schema::Order]) -> Vec<Self> {
        let term = |order: &crate::schema::Order| Self::by(table, order.column, order.descending);
        order.iter().map(term).collect()
    }

    /// By a column of the root.
    pub(crate) fn by(table: &'static Table, column: u16, descending: bool) -> Self {
        let sql_type = table.columns[usize::from(column)].sql_type;
        Self { expr: Expr::column(table, column), sql_type, descending, nulls: None }
    }
}
