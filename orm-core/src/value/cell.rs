//! A row as a driver shows it: columns by ordinal, borrowed until the next row.
use super::{ColumnType, SqlType, Value};
use crate::error::{Error, Kind, Result};

/// One row of a result, implemented by each driver. Ordinals count from 0 and are within the statement's columns.
///
/// The driver has checked once per statement that the columns can be read as asked, not once per value.
pub trait Row {
    /// Whether the value is null.
    fn is_null(&self, ordinal: usize) -> bool;
    /// Any integer column.
    fn i64(&self, ordinal: usize) -> Result<i64>;
    /// Any floating-point column, or an integer one.
    fn f64(&self, ordinal: usize) -> Result<f64>;
    /// A boolean column (SQLite and MySQL: an integer that is 0 or not).
    fn bool(&self, ordinal: usize) -> Result<bool>;
    /// A text column.
    fn text(&self, ordinal: usize) -> Result<&str>;
    /// A column of bytes.
    fn bytes(&self, ordinal: usize) -> Result<&[u8]>;
    /// A column of any type, null or not, as a value of the variant that `SqlType` names.
    fn value(&self, ordinal: usize, sql_type: SqlType) -> Result<Value>;
    /// The ordinal of the first column of that name, where the driver knows names.
    fn ordinal_of(&self, name: &str) -> Option<usize> {
        let _ = name;
        None
    }
    /// The names of the columns, where the driver knows them.
    fn names(&self) -> Vec<String> {
        Vec::new()
    }
}

/// A row whose columns stand at other ordinals.
pub(crate) struct Rearranged<'r> {
    pub(crate) row: &'r dyn Row,
    /// The ordinal of each column in the row.
    pub(crate) places: &'r [usize],
}

impl Row for Rearranged<'_> {
    fn is_null(&self, ordinal: usize) -> bool {
        self.row.is_null(self.places[ordinal])
    }
    fn i64(&self, ordinal: usize) -> Result<i64> {
        self.row.i64(self.places[ordinal])
    }
    fn f64(&self, ordinal: usize) -> Result<f64> {
        self.row.f64(self.places[ordinal])
    }
    fn bool(&self, ordinal: usize) -> Result<bool> {
        self.row.bool(self.places[ordinal])
    }
    fn text(&self, ordinal: usize) -> Result<&str> {
        self.row.text(self.places[ordinal])
    }
    fn bytes(&self, ordinal: usize) -> Result<&[u8]> {
        self.row.bytes(self.places[ordinal])
    }
    fn value(&self, ordinal: usize, sql_type: SqlType) -> Result<Value> {
        self.row.value(self.places[ordinal], sql_type)
    }
    fn names(&self) -> Vec<String> {
        let names = self.row.names();
        self.places.iter().filter_map(|place| names.get(*place).cloned()).collect()
    }
}

/// One value of a row.
#[derive(Clone, Copy)]
pub struct Cell<'r> {
    row: &'r dyn Row,
    ordinal: usize,
}

impl<'r> Cell<'r> {
    /// The value at `ordinal`.
    pub fn new(row: &'r dyn Row, ordinal: usize) -> Self {
        Self { row, ordinal }
    }

    /// Whether it is null.
    pub fn is_null(self) -> bool {
        self.row.is_null(self.ordinal)
    }

    /// As an integer.
    pub fn i64(self) -> Result<i64> {
        self.row.i64(self.ordinal)
    }

    /// As a floating-point number.
    pub fn f64(self) -> Result<f64> {
        self.row.f64(self.ordinal)
    }

    /// As a boolean.
    pub fn bool(self) -> Result<bool> {
        self.row.bool(self.ordinal)
    }

    /// As text.
    pub fn text(self) -> Result<&'r str> {
        self.row.text(self.ordinal)
    }

    /// As bytes.
    pub fn bytes(self) -> Result<&'r [u8]> {
        self.row.bytes(self.ordinal)
    }

    /// As a value of that type.
    pub fn value(self, sql_type: SqlType) -> Result<Value> {
        self.row.value(self.ordinal, sql_type)
    }
}

/// Reads the columns of one model from a row, in their order.
pub struct RowReader<'r> {
    row: &'r dyn Row,
    ordinal: usize,
    deferred: bool,
}

impl<'r> RowReader<'r> {
    /// Starts at `ordinal`. `deferred`: whether the statement selected the deferred columns too.
    pub fn new(row: &'r dyn Row, ordinal: usize, deferred: bool) -> Self {
        Self { row, ordinal, deferred }
    }

    /// The next column, as the type of its field.
    pub fn read<T: ColumnType>(&mut self) -> Result<T> {
        T::read(self)
    }

    /// The next value, whatever its type.
    pub fn cell(&mut self) -> Cell<'r> {
        let cell = Cell::new(self.row, self.ordinal);
        self.ordinal += 1;
        cell
    }

    /// Whether the value so many columns ahead is null.
    pub(crate) fn is_null(&self, ahead: usize) -> bool {
        self.row.is_null(self.ordinal + ahead)
    }

    /// Leaves out so many columns.
    pub(crate) fn skip(&mut self, columns: usize) {
        self.ordinal += columns;
    }

    /// Reads columns of which the deferred ones were not selected.
    pub(crate) fn without_deferred<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let before = std::mem::take(&mut self.deferred);
        let value = read(self);
        self.deferred = before;
        value
    }

    /// The ordinal of the next column.
    pub fn ordinal(&self) -> usize {
        self.ordinal
    }

    /// Whether deferred columns are among the selected ones.
    pub fn has_deferred(&self) -> bool {
        self.deferred
    }
}

pub(crate) fn out_of_range(number: i64, wanted: &str) -> Error {
    Error::new(Kind::Decode, format!("the stored number {number} does not fit into {wanted}"))
}

pub(crate) fn unexpected_null() -> Error {
    Error::new(Kind::Decode, "the stored value is null, and the field is not an `Option`: make the field an `Option`")
}
