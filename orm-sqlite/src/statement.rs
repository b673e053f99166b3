//! One prepared statement, finalized when it is dropped.
use rusqlite::{Connection, Error, Result, ffi};
use std::{
    ffi::{CStr, c_char, c_int, c_uint},
    ptr::{self, NonNull},
};

/// A prepared statement. It does not borrow its connection: [`Database`](crate::Database) keeps both, and drops the
/// statements first.
#[derive(Debug)]
pub(crate) struct Statement {
    raw: NonNull<ffi::sqlite3_stmt>,
    database: NonNull<ffi::sqlite3>,
    parameters: c_int,
}

// SAFETY: SQLite lets a connection and its statements move between threads as long as one of them uses these at a time, which
// exclusive access sees to; rusqlite refuses to open a connection of an SQLite that was built without that.
unsafe impl Send for Statement {}

impl Statement {
    /// Prepares the text, to be kept.
    pub(crate) fn prepare(connection: &Connection, sql: &str) -> Result<Self> {
        // SAFETY: the handle is used while the connection is borrowed, or by a statement that is dropped before it.
        let database = unsafe { connection.handle() };
        let Some(database) = NonNull::new(database) else { return Err(failure(ffi::SQLITE_MISUSE, None)) };
        let length = c_int::try_from(sql.len()).map_err(|_| failure(ffi::SQLITE_TOOBIG, None))?;
        let (text, mut raw, mut rest) = (sql.as_ptr().cast::<c_char>(), ptr::null_mut(), ptr::null());
        let flags = ffi::SQLITE_PREPARE_PERSISTENT as c_uint;
        // SAFETY: the text is `length` bytes long; the two places outlive the call.
        let code =
            unsafe { ffi::sqlite3_prepare_v3(database.as_ptr(), text, length, flags, &raw mut raw, &raw mut rest) };
        let prepared = NonNull::new(raw).filter(|_| code == ffi::SQLITE_OK);
        let whole = rest.addr() >= text.addr() + sql.len();
        let Some(raw) = prepared else {
            // It knows how to tell what is wrong, and where.
            connection.prepare(sql)?;
            return Err(failure(ffi::SQLITE_MISUSE, Some("the text holds no statement".to_owned())));
        };
        let mut statement = Self { raw, database, parameters: 0 };
        if !whole {
            // It refuses a second statement, and knows a comment.
            connection.prepare(sql)?;
        }
        // SAFETY: the statement was just prepared.
        statement.parameters = unsafe { ffi::sqlite3_bind_parameter_count(statement.raw()) };
        Ok(statement)
    }

    pub(crate) fn raw(&self) -> *mut ffi::sqlite3_stmt {
        self.raw.as_ptr()
    }

    pub(crate) fn database(&self) -> *mut ffi::sqlite3 {
        self.database.as_ptr()
    }

    /// The number of its placeholders.
    pub(crate) fn parameters(&self) -> c_int {
        self.parameters
    }

    /// Ends the run of it, if there is one.
    pub(crate) fn reset(&mut self) {
        // SAFETY: the statement lives as long as `self`. What it answers is the error of the last step, which was told.
        unsafe { ffi::sqlite3_reset(self.raw()) };
    }

    /// The error of the call that just answered with this code.
    pub(crate) fn error(&self, code: c_int) -> Error {
        // SAFETY: the connection outlives its statements.
        let message = unsafe { ffi::sqlite3_errmsg(self.database()) };
        if message.is_null() {
            return failure(code, None);
        }
        // SAFETY: a text that ends with a zero, and stays until the next call.
        let message = unsafe { CStr::from_ptr(message) };
        failure(code, Some(message.to_string_lossy().into_owned()))
    }
}

impl Drop for Statement {
    fn drop(&mut self) {
        // SAFETY: nobody else has the statement, and its connection is still open.
        unsafe { ffi::sqlite3_finalize(self.raw()) };
    }
}

pub(crate) fn failure(code: c_int, message: Option<String>) -> Error {
    Error::SqliteFailure(ffi::Error::new(code), message)
}
