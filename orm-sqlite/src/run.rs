//! A statement that runs: bound, then stepped.
use crate::{
    Row,
    statement::{Statement, failure},
};
use rusqlite::{Error, Result, ffi};
use std::{
    ffi::{c_char, c_int, c_void},
    marker::PhantomData,
};

/// A value as it is bound to a placeholder.
#[derive(Debug, Clone, PartialEq)]
pub enum Bound<'v> {
    /// Null.
    Null,
    /// An integer.
    Integer(i64),
    /// A floating-point number; NaN is stored as null.
    Real(f64),
    /// A text, which is not copied.
    Text(&'v str),
    /// Bytes, which are not copied.
    Blob(&'v [u8]),
    /// A text that was made for this, which SQLite copies.
    Made(String),
}

/// A statement while it is bound and stepped. Dropped, it is reset.
///
/// `'v` is how long the bound values live: as long as the run, for they are not copied.
#[derive(Debug)]
pub struct Run<'s, 'v> {
    statement: &'s mut Statement,
    /// The placeholders that were bound since the start.
    bound: c_int,
    state: State,
    values: PhantomData<&'v [u8]>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Binding,
    Stepping,
    Ended,
}

impl<'s, 'v> Run<'s, 'v> {
    /// Starts a run. Whatever a run before it left behind, had it been forgotten instead of dropped, ends here.
    pub(crate) fn new(statement: &'s mut Statement) -> Self {
        statement.reset();
        Self { statement, bound: 0, state: State::Binding, values: PhantomData }
    }

    /// The number of placeholders.
    pub fn parameters(&self) -> usize {
        self.statement.parameters() as usize
    }

    /// Goes back to the start; all placeholders are to be bound again.
    pub fn restart(&mut self) {
        if self.state == State::Stepping {
            self.statement.reset();
        }
        self.bound = 0;
        self.state = State::Binding;
    }

    /// Binds the next placeholder.
    ///
    /// # Errors
    /// There is none left, the statement was stepped already, or the value is too large.
    pub fn bind(&mut self, value: Bound<'v>) -> Result<()> {
        if self.state != State::Binding {
            return Err(failure(ffi::SQLITE_MISUSE, Some("the statement was stepped: restart it first".to_owned())));
        }
        let code = self.bind_at(self.bound + 1, value);
        if code != ffi::SQLITE_OK {
            return Err(self.statement.error(code));
        }
        self.bound += 1;
        Ok(())
    }

    fn bind_at(&mut self, place: c_int, value: Bound<'v>) -> c_int {
        let raw = self.statement.raw();
        match value {
            // SAFETY: the statement lives and does not run; SQLite checks the place. The same in the next two.
            Bound::Null => unsafe { ffi::sqlite3_bind_null(raw, place) },
            // SAFETY: see above.
            Bound::Integer(number) => unsafe { ffi::sqlite3_bind_int64(raw, place, number) },
            // SAFETY: see above.
            Bound::Real(number) => unsafe { ffi::sqlite3_bind_double(raw, place, number) },
            Bound::Text(text) => self.bind_text(place, text, ffi::SQLITE_STATIC()),
            Bound::Made(text) => self.bind_text(place, &text, ffi::SQLITE_TRANSIENT()),
            // A null pointer would be a null.
            // SAFETY: see above.
            Bound::Blob([]) => unsafe { ffi::sqlite3_bind_zeroblob(raw, place, 0) },
            Bound::Blob(bytes) => {
                let (start, length) = (bytes.as_ptr().cast::<c_void>(), bytes.len() as u64);
                // SAFETY: the bytes are read by steps only. A step follows only when every placeholder was bound in this
                // run, to values that live as long as it; a run that is forgotten leaves pointers that no step reads.
                unsafe { ffi::sqlite3_bind_blob64(raw, place, start, length, ffi::SQLITE_STATIC()) }
            }
        }
    }

    fn bind_text(&mut self, place: c_int, text: &str, life: ffi::sqlite3_destructor_type) -> c_int {
        let (start, length) = (text.as_ptr().cast::<c_char>(), text.len() as u64);
        let encoding = ffi::SQLITE_UTF8 as u8;
        // SAFETY: a text that is not copied is borrowed for `'v`, as bytes are in `bind_at`; the pointer of an empty one is
        // not null, and nothing is read from it.
        unsafe { ffi::sqlite3_bind_text64(self.statement.raw(), place, start, length, life, encoding) }
    }

    /// The next row, or none after the last one.
    ///
    /// # Errors
    /// Not all placeholders were bound, or SQLite refuses; the run is over then.
    #[inline]
    pub fn step(&mut self) -> Result<Option<Row<'_>>> {
        match self.state {
            State::Ended => return Ok(None),
            State::Binding if self.bound != self.statement.parameters() => {
                return Err(Error::InvalidParameterCount(self.bound as usize, self.parameters()));
            }
            State::Binding | State::Stepping => self.state = State::Stepping,
        }
        // SAFETY: the statement lives, and what is bound to it does, as said in `bind_at`.
        match unsafe { ffi::sqlite3_step(self.statement.raw()) } {
            ffi::SQLITE_ROW => Ok(Some(Row::new(self.statement))),
            ffi::SQLITE_DONE => {
                self.end();
                Ok(None)
            }
            code => {
                let error = self.statement.error(code);
                self.end();
                Err(error)
            }
        }
    }

    fn end(&mut self) {
        self.statement.reset();
        self.state = State::Ended;
    }

    /// All changes of the connection so far.
    pub fn total_changes(&self) -> u64 {
        // SAFETY: the connection outlives its statements. The same in the next two.
        let changes = unsafe { ffi::sqlite3_total_changes64(self.statement.database()) };
        changes.cast_unsigned()
    }

    /// The rows that the last INSERT, UPDATE or DELETE of the connection changed.
    pub fn changes(&self) -> u64 {
        // SAFETY: see above.
        let changes = unsafe { ffi::sqlite3_changes64(self.statement.database()) };
        changes.cast_unsigned()
    }

    /// The number of the row that was inserted last.
    pub fn last_insert_rowid(&self) -> i64 {
        // SAFETY: see above.
        unsafe { ffi::sqlite3_last_insert_rowid(self.statement.database()) }
    }
}

impl Drop for Run<'_, '_> {
    fn drop(&mut self) {
        if self.state == State::Stepping {
            self.statement.reset();
        }
    }
}
