//! The row that a statement stands on.
use crate::statement::Statement;
use rusqlite::{ffi, types::ValueRef};
use std::{
    ffi::{CStr, c_int},
    marker::PhantomData,
    slice,
};

/// The row that a [`Run`](crate::Run) stands on, until its next step. Columns count from 0; beyond the last one is null.
#[derive(Debug)]
pub struct Row<'r> {
    raw: *mut ffi::sqlite3_stmt,
    life: PhantomData<&'r ()>,
}

impl<'r> Row<'r> {
    #[inline]
    pub(crate) fn new(statement: &'r Statement) -> Self {
        Self { raw: statement.raw(), life: PhantomData }
    }

    /// The value and its type. SQLite calls a value unprotected if another thread may use its connection meanwhile; ours is
    /// borrowed, so that none can.
    #[inline]
    fn stored(&self, column: usize) -> (*mut ffi::sqlite3_value, c_int) {
        let column = c_int::try_from(column).unwrap_or(c_int::MAX);
        // SAFETY: the statement stands on a row as long as it is borrowed; SQLite answers a null for a column beyond.
        let value = unsafe { ffi::sqlite3_column_value(self.raw, column) };
        // SAFETY: the value is valid until the next step.
        let kind = unsafe { ffi::sqlite3_value_type(value) };
        (value, kind)
    }

    /// Whether the value is null.
    #[inline]
    pub fn is_null(&self, column: usize) -> bool {
        self.stored(column).1 == ffi::SQLITE_NULL
    }

    /// The value, if it is an integer.
    #[inline]
    pub fn integer(&self, column: usize) -> Option<i64> {
        match self.stored(column) {
            // SAFETY: the value is valid until the next step.
            (value, ffi::SQLITE_INTEGER) => Some(unsafe { ffi::sqlite3_value_int64(value) }),
            _ => None,
        }
    }

    /// The value, if it is a floating-point number.
    #[inline]
    pub fn real(&self, column: usize) -> Option<f64> {
        match self.stored(column) {
            // SAFETY: the value is valid until the next step.
            (value, ffi::SQLITE_FLOAT) => Some(unsafe { ffi::sqlite3_value_double(value) }),
            _ => None,
        }
    }

    /// The value, if it is a text: its bytes, which may not be UTF-8.
    #[inline]
    pub fn text(&self, column: usize) -> Option<&'r [u8]> {
        match self.stored(column) {
            // SAFETY: the value is a text.
            (value, ffi::SQLITE_TEXT) => Some(unsafe { text(value) }),
            _ => None,
        }
    }

    /// The value, whatever it is.
    pub fn value(&self, column: usize) -> ValueRef<'r> {
        match self.stored(column) {
            // SAFETY: the value is valid until the next step. The same in the next one.
            (value, ffi::SQLITE_INTEGER) => ValueRef::Integer(unsafe { ffi::sqlite3_value_int64(value) }),
            // SAFETY: see above.
            (value, ffi::SQLITE_FLOAT) => ValueRef::Real(unsafe { ffi::sqlite3_value_double(value) }),
            // SAFETY: the value is a text.
            (value, ffi::SQLITE_TEXT) => ValueRef::Text(unsafe { text(value) }),
            // SAFETY: the value is a blob.
            (value, ffi::SQLITE_BLOB) => ValueRef::Blob(unsafe { blob(value) }),
            _ => ValueRef::Null,
        }
    }

    /// The names of the columns.
    pub fn names(&self) -> Vec<String> {
        // SAFETY: the statement lives as long as it is borrowed.
        let columns = unsafe { ffi::sqlite3_column_count(self.raw) };
        (0..columns).map(|column| self.name(column)).collect()
    }

    fn name(&self, column: c_int) -> String {
        // SAFETY: as in `names`, which counts the columns.
        let name = unsafe { ffi::sqlite3_column_name(self.raw, column) };
        assert!(!name.is_null(), "SQLite is out of memory");
        // SAFETY: a text that ends with a zero, which nothing touches meanwhile.
        unsafe { CStr::from_ptr(name) }.to_string_lossy().into_owned()
    }
}

/// # Safety
/// The value is a text of the row that its statement stands on. SQLite converts a text at most once, from the encoding of the
/// database, when it is first read: what was read stays until the next step.
#[inline]
unsafe fn text<'r>(value: *mut ffi::sqlite3_value) -> &'r [u8] {
    // SAFETY: as the caller says.
    let start = unsafe { ffi::sqlite3_value_text(value) };
    // SAFETY: as the caller says; asked after the text, it is the length of that.
    let length = unsafe { ffi::sqlite3_value_bytes(value) };
    assert!(!start.is_null(), "SQLite is out of memory");
    // SAFETY: SQLite gave so many bytes.
    unsafe { slice::from_raw_parts(start, length.unsigned_abs() as usize) }
}

/// # Safety
/// The value is a blob of the row that its statement stands on.
unsafe fn blob<'r>(value: *mut ffi::sqlite3_value) -> &'r [u8] {
    // SAFETY: as the caller says.
    let length = unsafe { ffi::sqlite3_value_bytes(value) };
    // SAFETY: as the caller says.
    let start = unsafe { ffi::sqlite3_value_blob(value) };
    if start.is_null() {
        // That of an empty one is null.
        return &[];
    }
    // SAFETY: SQLite gave so many bytes.
    unsafe { slice::from_raw_parts(start.cast(), length.unsigned_abs() as usize) }
}
