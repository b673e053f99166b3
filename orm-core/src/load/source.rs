//! Where loads send their statements.
use crate::{
    driver::{Connection, Dialect},
    error::{Error, Result},
};

/// A connection for loads, and the dialect that it speaks.
pub(crate) struct Source<'a> {
    pub(super) dialect: Dialect,
    connection: Option<&'a mut dyn Connection>,
}

impl<'a> Source<'a> {
    /// A connection that somebody holds.
    pub(crate) fn given(connection: &'a mut dyn Connection, dialect: Dialect) -> Self {
        Self { dialect, connection: Some(connection) }
    }

    /// None, where nothing is left to load.
    pub(super) fn none(dialect: Dialect) -> Self {
        Self { dialect, connection: None }
    }

    pub(super) fn connection(&mut self) -> Result<&mut dyn Connection> {
        match &mut self.connection {
            Some(connection) => Ok(&mut **connection),
            None => Err(Error::usage("the connection of this load is busy with the rows of its query")),
        }
    }
}
