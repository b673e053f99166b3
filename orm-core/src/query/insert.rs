//! Many new rows at once, and what happens to those that are there already.
use super::{Column, Expression, IntoOperand, expr::Expr};
use crate::{
    model::{Draft, IntoDraft, Record},
    value::ColumnType,
};
use std::fmt;

/// Rows to be inserted without a session's memory, made by `User::insert_many(rows)`.
///
/// Rows of several shapes may be mixed; each shape is one statement, in pieces where the database's limits ask for it, and all
/// are kept or none. Defaults, times, the first version, `before_save` and `validate` apply as in a session. What is returned
/// is in the order of the rows.
///
/// ```
/// # use orm::prelude::*;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
/// # let db = shop().await?;
/// let products = [Product::builder().name("mouse").price(dec!(9.50)), Product::builder().name("desk").price(dec!(99))];
/// let products: Vec<Product> = Product::insert_many(products).all(&db).await?;      // keys and all
/// assert!(products[0].id < products[1].id);
/// let roles = ["admin", "guest"].map(|name| Role::builder().name(name));
/// assert_eq!(Role::insert_many(roles).run(&db).await?, 2);
/// # Ok(()) }
/// ```
#[must_use = "nothing is inserted until `run` or `all`"]
pub struct InsertMany<M> {
    pub(crate) rows: Vec<Draft<M>>,
}

impl<M: Record> InsertMany<M> {
    pub(crate) fn new<D: IntoDraft<Model = M>>(rows: impl IntoIterator<Item = D>) -> Self {
        Self { rows: rows.into_iter().map(D::into_draft).collect() }
    }

    /// Says by which unique columns a row may meet one that is there: a column, or a tuple of them. What happens then is
    /// said next. SQL's `ON CONFLICT`, MySQL's `ON DUPLICATE KEY UPDATE`: one statement, so that nobody comes in between.
    ///
    /// MySQL and MariaDB cannot be told which unique key is meant. Where the rows could meet another one by a second unique
    /// key, running the upsert is an error there, unless [`or_other_keys`](Upsert::or_other_keys) is said.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let users = ["ann@example.com", "bob@example.com"].map(|email| User::builder().email(email).full_name("New"));
    /// let users = User::insert_many(users).on_conflict(User::email).update(User::full_name).all(&db).await?;
    /// assert_eq!((users.len(), users[0].id), (2, 1));
    /// # Ok(()) }
    /// ```
    #[doc(alias = "upsert")]
    #[doc(alias = "ON CONFLICT")]
    #[doc(alias = "ON DUPLICATE KEY UPDATE")]
    #[doc(alias = "insert_or_ignore")]
    #[doc(alias = "merge")]
    pub fn on_conflict(self, columns: impl ColumnList<M>) -> OnConflict<M> {
        OnConflict { rows: self.rows, target: columns.into_positions() }
    }
}

/// An insert that may meet rows that are there: what happens to them comes next.
#[must_use = "say what happens to a row that is there: `do_nothing`, `update`, `update_all` or `set`"]
pub struct OnConflict<M> {
    rows: Vec<Draft<M>>,
    target: Vec<u16>,
}

impl<M: Record> OnConflict<M> {
    /// A row that is there stays as it is; it is neither counted nor returned.
    pub fn do_nothing(self) -> Upsert<M> {
        self.upsert(Meeting::Nothing)
    }

    /// A row that is there takes these columns of the row that was given.
    pub fn update(self, columns: impl ColumnList<M>) -> Upsert<M> {
        let given = columns.into_positions().into_iter().map(|column| (column, Expr::Given { column }));
        let set = given.collect();
        self.upsert(Meeting::Set(set))
    }

    /// A row that is there takes all columns that were given, but those by which it was met, its key, and its `created_at`.
    pub fn update_all(self) -> Upsert<M> {
        self.upsert(Meeting::SetGiven)
    }

    /// A row that is there sets a column, to a value, to something computed of its own columns, or of those that were
    /// [`given`].
    pub fn set<T, K>(self, column: Column<M, T>, value: impl IntoOperand<M, T, K>) -> Upsert<M> {
        self.upsert(Meeting::Set(Vec::new())).set(column, value)
    }

    fn upsert(self, meeting: Meeting) -> Upsert<M> {
        Upsert { rows: self.rows, target: self.target, meeting, other_keys: false }
    }
}

/// What happens to a row that is there.
#[derive(Debug, Clone)]
pub(crate) enum Meeting {
    Nothing,
    Set(Vec<(u16, Expr)>),
    SetGiven,
}

/// Rows that are inserted, or meet rows that are there.
///
/// Times, the first version, `before_save` and `validate` apply to the given rows, as to new ones. Where a row that is there
/// really changes, its `updated_at` and its `version` follow.
#[must_use = "nothing is written until `run` or `all`"]
pub struct Upsert<M> {
    pub(crate) rows: Vec<Draft<M>>,
    pub(crate) target: Vec<u16>,
    pub(crate) meeting: Meeting,
    pub(crate) other_keys: bool,
}

impl<M: Record> Upsert<M> {
    /// Sets one more column of a row that is there. The last one of a column counts.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let laptop = Product::builder().id(1).name("laptop").price(dec!(10));
    /// let dearer = Product::price + orm::given(Product::price);
    /// let products = Product::insert_many([laptop]).on_conflict(Product::id).set(Product::price, dearer).all(&db).await?;
    /// assert_eq!(products[0].price, dec!(1009.50));
    /// # Ok(()) }
    /// ```
    pub fn set<T, K>(mut self, column: Column<M, T>, value: impl IntoOperand<M, T, K>) -> Self {
        let mut set = match self.meeting {
            Meeting::Set(set) => set,
            Meeting::Nothing | Meeting::SetGiven => Vec::new(),
        };
        set.retain(|(position, _)| *position != column.position());
        set.push((column.position(), value.into_operand()));
        self.meeting = Meeting::Set(set);
        self
    }

    /// On MySQL and MariaDB: a row that is met by another unique key counts too. Elsewhere that is an error all the same.
    pub fn or_other_keys(mut self) -> Self {
        self.other_keys = true;
        self
    }
}

/// In an upsert: a column of the row that was given, where the column itself is of the row that is there. SQL's `excluded`.
#[doc(alias = "excluded")]
#[doc(alias = "VALUES")]
pub fn given<M, T>(column: Column<M, T>) -> Expression<M, T> {
    Expression::new(Expr::Given { column: column.position() })
}

/// A column of `M`, or a tuple of up to eight.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name columns of `{M}`",
    label = "expected a column of `{M}` such as `{M}::name`, or a tuple of up to eight"
)]
pub trait ColumnList<M> {
    /// Their positions in the table.
    #[doc(hidden)]
    fn into_positions(self) -> Vec<u16>;
}

impl<M, T: ColumnType> ColumnList<M> for Column<M, T> {
    fn into_positions(self) -> Vec<u16> {
        vec![self.position()]
    }
}

macro_rules! tuples {
    ($($($item:ident $position:tt)+;)*) => {$(
        impl<M, $($item: ColumnType),+> ColumnList<M> for ($(Column<M, $item>,)+) {
            fn into_positions(self) -> Vec<u16> {
                vec![$(self.$position.position()),+]
            }
        }
    )*};
}
tuples! {
    A 0;
    A 0 B 1;
    A 0 B 1 C 2;
    A 0 B 1 C 2 D 3;
    A 0 B 1 C 2 D 3 E 4;
    A 0 B 1 C 2 D 3 E 4 F 5;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7;
}

macro_rules! shown {
    ($($name:ident)*) => {$(
        impl<M: Record> fmt::Debug for $name<M> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let table = M::table().name;
                f.debug_struct(stringify!($name)).field("table", &table).field("rows", &self.rows.len()).finish()
            }
        }
    )*};
}
shown!(InsertMany OnConflict Upsert);
