//! What happens when a future that writes is dropped half way.
use super::{Held, Session, held::End};
use crate::{
    error::{Error, Kind},
    sql::Effect,
};

pub(super) const COMMIT: &str = "a commit, which the database may have carried out,";

/// A piece of work that leaves the session failed if it is dropped before its end. The transaction is rolled back in the
/// database at once; inside a savepoint that is left to the savepoint's end, which undoes only its own part.
pub(super) struct Guard<'a> {
    session: &'a Session,
    pub(super) held: &'a mut Held,
    what: &'static str,
    done: bool,
}

impl<'a> Guard<'a> {
    /// `what` names the work: "a flush".
    pub(super) fn new(session: &'a Session, held: &'a mut Held, what: &'static str) -> Self {
        Self { session, held, what, done: false }
    }

    /// For a statement of the user's own; one that writes nothing may be dropped.
    pub(super) fn by_effect(session: &'a Session, held: &'a mut Held, effect: Effect) -> Self {
        Self { session, held, what: "a write", done: effect != Effect::Writes }
    }

    /// The work came to its end, good or bad.
    pub(super) fn done(mut self) {
        self.done = true;
    }
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        if self.done {
            return;
        }
        self.held.count_into(&self.session.statements);
        let what = if self.held.commit == End::Now { COMMIT } else { self.what };
        self.session.fail(&cancelled(what));
        if self.held.savepoints() == 0 {
            self.held.abandon();
        }
    }
}

pub(super) fn cancelled(what: &str) -> Error {
    Error::new(
        Kind::Other,
        format!("{what} was cancelled before its end: its transaction is rolled back in the database"),
    )
}
