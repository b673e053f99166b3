//! Where loads send their statements.
use crate::{
    driver::{Connection, Dialect, Driver},
    error::{Error, Kind, Result},
};

/// A connection for loads, and the dialect that it speaks.
pub(crate) struct Source<'a> {
    pub(super) dialect: Dialect,
    origin: Origin<'a>,
}

enum Origin<'a> {
    Given(&'a mut dyn Connection),
    /// Taken from the pool when the first load asks, and kept.
    Pool(&'a dyn Driver, Option<Box<dyn Connection>>),
}

impl<'a> Source<'a> {
    /// A connection that somebody holds.
    pub(crate) fn given(connection: &'a mut dyn Connection, dialect: Dialect) -> Self {
        Self { dialect, origin: Origin::Given(connection) }
    }

    /// A connection that is taken from the pool if it is needed.
    pub(super) fn pool(driver: &'a dyn Driver) -> Self {
        Self { dialect: driver.dialect(), origin: Origin::Pool(driver, None) }
    }

    pub(super) async fn connection(&mut self) -> Result<&mut dyn Connection> {
        match &mut self.origin {
            Origin::Given(connection) => Ok(&mut **connection),
            Origin::Pool(driver, taken) => {
                if taken.is_none() {
                    *taken = Some(driver.acquire().await?);
                }
                match taken {
                    Some(connection) => Ok(connection.as_mut()),
                    None => Err(Error::new(Kind::Connection, "there is no connection")),
                }
            }
        }
    }
}
