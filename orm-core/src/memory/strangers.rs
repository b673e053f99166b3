//! Entities of other sessions, and what is said where they cannot be taken.
use crate::error::{Error, Kind};

/// An entity of another session was given to a call that works on the session's own entities.
pub(crate) fn stranger(what: &str, name: &str) -> Error {
    let message = format!(
        "{what} was given {name} of another session: get the row in this session by its key, or take the entity over with \
         `session.merge(entity.to_value())`"
    );
    Error::new(Kind::WrongSession, message)
}

/// An entity of another session was given as a related value, and there is no key to use it by.
pub(crate) fn keyless(owner: &str, path: &str, model: &str) -> Error {
    let message = format!(
        "{path} of {owner} was given the {model} of another session without a key: flush it there and give the entity itself \
         (not its handle), or add it here"
    );
    Error::new(Kind::WrongSession, message)
}
