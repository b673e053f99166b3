//! SQL of the user's own, with bound values.
use crate::{
    error::Result,
    value::{ColumnType, RowReader, Value},
};
use std::fmt;

/// A statement of your own: its text, with `?` where a value is bound, and the values.
///
/// `?` is the placeholder on every database; in quotes and comments it is what it is, and `??` is PostgreSQL's operator `?`.
/// SQLAlchemy calls this `text(…)`, EF Core `FromSql`.
///
/// ```
/// # use orm::prelude::*;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
/// # let db = shop().await?;
/// let session = db.session();
/// let names: Vec<(i64, String)> = orm::sql("SELECT id, full_name FROM users WHERE id < ?").bind(10).all(&db).await?;
/// let users = orm::sql("SELECT * FROM users WHERE full_name = ?").bind("Ann").entities::<User>(&session).await?;
/// assert_eq!((names[0].1.as_str(), users[0].id), ("Ann", names[0].0));
/// let rows = session.execute(orm::sql("UPDATE products SET price = price + ?").bind(dec!(1))).await?;
/// assert_eq!(rows, 1);
/// # session.rollback().await?;
/// # Ok(()) }
/// ```
#[must_use = "a statement does nothing until it is executed"]
#[derive(Clone)]
pub struct Sql {
    pub(crate) text: String,
    pub(crate) values: Vec<Value>,
}

/// A statement of your own; see [`Sql`].
#[doc(alias = "raw")]
#[doc(alias = "text")]
#[doc(alias = "query_raw")]
pub fn sql(text: impl Into<String>) -> Sql {
    Sql { text: text.into(), values: Vec::new() }
}

impl Sql {
    /// Binds the value of the next `?`. It is sent in its own type and never becomes part of the text.
    pub fn bind(mut self, value: impl IntoBound) -> Self {
        self.values.push(value.into_bound());
        self
    }
}

impl fmt::Debug for Sql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sql").field("text", &self.text).field("values", &self.values.len()).finish()
    }
}

/// What can be bound to a statement of your own: a value of any column type, or a text.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be bound to a statement",
    label = "expected a value of a column type",
    note = "derive `ColumnType` or `ColumnEnum` for it, or bind one of its fields"
)]
pub trait IntoBound {
    /// As a value to bind.
    #[doc(hidden)]
    fn into_bound(self) -> Value;
}

impl<T: ColumnType> IntoBound for T {
    fn into_bound(self) -> Value {
        self.encode()
    }
}

impl IntoBound for &str {
    fn into_bound(self) -> Value {
        Value::String(Some(self.to_owned()))
    }
}

impl IntoBound for &String {
    fn into_bound(self) -> Value {
        Value::String(Some(self.clone()))
    }
}

impl IntoBound for Option<&str> {
    fn into_bound(self) -> Value {
        Value::String(self.map(str::to_owned))
    }
}

/// What a row of [`Sql::all`] can become: a value, a tuple of up to eight in the order of the columns, or a struct with
/// `#[derive(Embedded)]`, whose columns are found by their names.
#[diagnostic::on_unimplemented(
    message = "a row cannot become `{Self}`",
    label = "expected a column type, a tuple of up to eight, or a struct with `#[derive(Embedded)]`",
    note = "rows of a model are read by `.values::<Model>(..)`, or by `.entities::<Model>(&session)`"
)]
pub trait FromRow: Sized + Send + 'static {
    /// The names of the columns, where they are found by name; without them they are read in their order.
    #[doc(hidden)]
    fn names() -> Option<Vec<&'static str>> {
        None
    }

    /// Reads the columns.
    ///
    /// # Errors
    /// A value is null and may not be, or is of another type.
    #[doc(hidden)]
    fn read(reader: &mut RowReader<'_>) -> Result<Self>;
}

impl<T: ColumnType> FromRow for T {
    fn read(reader: &mut RowReader<'_>) -> Result<Self> {
        T::decode(reader.cell())
    }
}

macro_rules! tuples {
    ($($($item:ident)+;)*) => {$(
        impl<$($item: ColumnType),+> FromRow for ($($item,)+) {
            fn read(reader: &mut RowReader<'_>) -> Result<Self> {
                Ok(($($item::decode(reader.cell())?,)+))
            }
        }
    )*};
}
tuples! {
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E F;
    A B C D E F G;
    A B C D E F G H;
}

/// The names in the database of columns; generated code calls it.
#[doc(hidden)]
pub fn names_of(columns: &[crate::schema::Column]) -> Vec<&'static str> {
    columns.iter().map(|column| column.name).collect()
}
