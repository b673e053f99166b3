//! What takes part: contenders, and the databases that they work on.
use super::{Run, Workload};
use crate::Result;
use std::{future::Future, pin::Pin};

/// A future in a box.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A library, connected to a database of its own.
pub trait Contender: Send {
    /// As the table names it.
    fn name(&self) -> &'static str;

    /// Does the work once, and times it by the run. What it cannot do it leaves untimed.
    fn work<'a>(&'a mut self, workload: Workload, run: &'a mut Run) -> BoxFuture<'a, Result<()>>;
}

/// Looks at a contender's database from outside, and tidies it up.
pub trait Keeper: Send {
    /// The key and name of each user beyond those that were there at first.
    fn inserted(&mut self) -> BoxFuture<'_, Result<Vec<(i64, String)>>>;

    /// The number of users whose hair was dyed in that round.
    fn dyed(&mut self, round: u64) -> BoxFuture<'_, Result<i64>>;

    /// Takes away what was inserted.
    fn restore(&mut self) -> BoxFuture<'_, Result<()>>;

    /// Lets the database forget what updates and deletes left behind.
    fn tidy(&mut self) -> BoxFuture<'_, Result<()>>;
}

/// Where databases are made: with a number of users, and all the rest.
pub trait Place: Send {
    /// The title of the tables.
    fn title(&self) -> &'static str;

    /// The names of all contenders; the first one is the floor.
    fn names(&self) -> &'static [&'static str];

    /// Whether a workload is worth a line there.
    fn has(&self, workload: Workload) -> bool;

    /// Makes a database for that contender and connects both.
    fn enter<'a>(&'a mut self, name: &'static str, users: usize) -> BoxFuture<'a, Result<Entrant>>;

    /// Takes all databases away.
    fn leave(&mut self) -> BoxFuture<'_, Result<()>>;
}

/// A contender with the keeper of its database.
pub type Entrant = (Box<dyn Contender>, Box<dyn Keeper>);
