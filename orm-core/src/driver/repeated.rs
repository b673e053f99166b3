//! A statement that is run for many sets of values.
use crate::value::Sets;
use std::sync::Arc;

/// A statement to run once for each of several sets of values.
#[derive(Debug, Clone)]
pub struct Repeated {
    /// The text. Drivers keep prepared statements by it.
    pub sql: Arc<str>,
    /// What is bound, run by run.
    pub sets: Sets,
    /// A text for several sets at once, for a driver that is faster with it and can tell all the same what each set did.
    pub together: Option<Together>,
}

/// A text that does for several sets of values at once what another does for one.
#[derive(Debug, Clone)]
pub struct Together {
    /// The text; it takes the values of one set after another.
    pub sql: Arc<str>,
    /// For how many sets it is.
    pub sets: usize,
    /// Whether each set inserts a row whose number is asked for.
    pub numbers: bool,
}
