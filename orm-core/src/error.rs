//! The one error type of the library.
use std::{error::Error as StdError, fmt, sync::Arc};

/// The result of most calls of this library.
pub type Result<T, E = Error> = std::result::Result<T, E>;

type Source = Box<dyn StdError + Send + Sync>;

/// What went wrong, with predicates to branch on and facts to show.
///
/// The type is opaque and cheap to clone: a session whose flush failed repeats its first cause on every statement until
/// `rollback`. `Display` says what happened and what to do; [`source`](StdError::source) is the driver's own error, or the one that was
/// given to [`Error::other`], however often it was wrapped since.
///
/// ```
/// let error = orm_core::Error::other(std::io::Error::other("disk full"));
/// assert!(!error.is_not_found());
/// ```
#[derive(Clone)]
pub struct Error(Arc<Repr>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    NotFound,
    MultipleRows,
    NotLoaded,
    UniqueViolation,
    ForeignKeyViolation,
    NotNullViolation,
    CheckViolation,
    Stale,
    Deleted,
    WrongSession,
    Retryable,
    Connection,
    Database,
    Decode,
    Usage,
    Unsupported,
    Other,
}

struct Repr {
    kind: Kind,
    message: String,
    facts: Facts,
    source: Option<Source>,
}

/// What the database said about a broken constraint, as far as it says it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    pub(crate) table: Option<String>,
    pub(crate) constraint: Option<String>,
    pub(crate) columns: Vec<String>,
    pub(crate) entity: Option<String>,
    /// The values that broke the constraint, as the database shows them.
    pub(crate) values: Option<String>,
    /// Of a statement that is run for many sets of values, the position of the set that was refused.
    pub(crate) set: Option<usize>,
}

impl Error {
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self(Arc::new(Repr { kind, message: message.into(), facts: Facts::default(), source: None }))
    }

    pub(crate) fn with_source(kind: Kind, message: impl Into<String>, source: impl Into<Source>) -> Self {
        Self(Arc::new(Repr { kind, message: message.into(), facts: Facts::default(), source: Some(source.into()) }))
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    /// One error for everything that was found, or none.
    pub(crate) fn of_findings(summary: &str, findings: &[String]) -> Result<()> {
        match findings {
            [] => Ok(()),
            [only] => Err(Self::usage(format!("{summary}: {only}"))),
            several => Err(Self::usage(format!("{summary}:\n- {}", several.join("\n- ")))),
        }
    }

    /// Wraps this error: a new message and the same kind and facts; this one becomes the source.
    pub(crate) fn context(self, message: impl Into<String>) -> Self {
        let (kind, facts) = (self.0.kind, self.0.facts.clone());
        Self(Arc::new(Repr { kind, message: message.into(), facts, source: Some(Box::new(self)) }))
    }

    pub(crate) fn kind(&self) -> Kind {
        self.0.kind
    }

    pub(crate) fn facts(&self) -> &Facts {
        &self.0.facts
    }

    /// Whether a constraint is broken.
    pub(crate) fn is_violation(&self) -> bool {
        match self.0.kind {
            Kind::UniqueViolation | Kind::ForeignKeyViolation | Kind::NotNullViolation | Kind::CheckViolation => true,
            Kind::NotFound
            | Kind::MultipleRows
            | Kind::NotLoaded
            | Kind::Stale
            | Kind::Deleted
            | Kind::WrongSession
            | Kind::Retryable
            | Kind::Connection
            | Kind::Database
            | Kind::Decode
            | Kind::Usage
            | Kind::Unsupported
            | Kind::Other => false,
        }
    }

    pub(crate) fn with_facts(self, facts: Facts) -> Self {
        match Arc::try_unwrap(self.0) {
            Ok(repr) => Self(Arc::new(Repr { facts, ..repr })),
            Err(shared) => {
                let (kind, message) = (shared.kind, shared.message.clone());
                Self(Arc::new(Repr { kind, message, facts, source: Some(Box::new(Self(shared))) }))
            }
        }
    }

    /// Names the entity that was being written, where nothing nearer to it has named one.
    pub(crate) fn with_entity(self, entity: String) -> Self {
        let mut facts = self.0.facts.clone();
        facts.entity.get_or_insert(entity);
        self.with_facts(facts)
    }

    /// Wraps an error of your own, to leave a transaction with it.
    pub fn other(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let source = error.into();
        let message = source.to_string();
        Self(Arc::new(Repr { kind: Kind::Other, message, facts: Facts::default(), source: Some(source) }))
    }

    /// No row where one was required (`get_one`, `one`, a required to-one whose row is gone).
    pub fn is_not_found(&self) -> bool {
        self.0.kind == Kind::NotFound
    }

    /// More than one row where at most one was allowed.
    pub fn is_multiple_rows(&self) -> bool {
        self.0.kind == Kind::MultipleRows
    }

    /// `.loaded()` or `.partial()` of a relationship that is not in memory.
    pub fn is_not_loaded(&self) -> bool {
        self.0.kind == Kind::NotLoaded
    }

    /// A primary key or unique constraint.
    pub fn is_unique_violation(&self) -> bool {
        self.0.kind == Kind::UniqueViolation
    }

    /// A foreign key that names no row, or a row that is still referenced.
    pub fn is_foreign_key_violation(&self) -> bool {
        self.0.kind == Kind::ForeignKeyViolation
    }

    /// Null for a column that must have a value.
    pub fn is_not_null_violation(&self) -> bool {
        self.0.kind == Kind::NotNullViolation
    }

    /// A `CHECK` constraint, also one of an enum column.
    pub fn is_check_violation(&self) -> bool {
        self.0.kind == Kind::CheckViolation
    }

    /// A row was changed or deleted by somebody else since it was read.
    pub fn is_stale(&self) -> bool {
        self.0.kind == Kind::Stale
    }

    /// A relationship of an entity that was deleted.
    pub fn is_deleted(&self) -> bool {
        self.0.kind == Kind::Deleted
    }

    /// An entity or handle of another session.
    pub fn is_wrong_session(&self) -> bool {
        self.0.kind == Kind::WrongSession
    }

    /// A serialization failure, a deadlock or a busy database: the same transaction may succeed if run again.
    pub fn is_retryable(&self) -> bool {
        self.0.kind == Kind::Retryable
    }

    /// The connection could not be made or was lost.
    pub fn is_connection(&self) -> bool {
        self.0.kind == Kind::Connection
    }

    /// The table of a broken constraint.
    pub fn table(&self) -> Option<&str> {
        self.0.facts.table.as_deref()
    }

    /// The name of a broken constraint: as the database gives it, else as `create_all` names it.
    pub fn constraint(&self) -> Option<&str> {
        self.0.facts.constraint.as_deref()
    }

    /// The columns of a broken constraint; empty where they are not known.
    pub fn columns(&self) -> &[String] {
        &self.0.facts.columns
    }

    /// The entity that was being written, such as `User#7` or `User (new)`; of several rows in one statement the one that
    /// broke the constraint, where that can be known.
    pub fn entity(&self) -> Option<&str> {
        self.0.facts.entity.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.0.kind, self.0.message)?;
        if let Some(source) = &self.0.source {
            write!(f, " ({source})")?;
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source = self.0.source.as_deref()?;
        // An error of ours that was wrapped is told by the wrapping message already: what comes next is its own source.
        source.downcast_ref::<Self>().map_or(Some(source as _), StdError::source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_of_a_wrapped_error_is_the_foreign_one() {
        let error = Error::other(std::io::Error::other("disk full")).context("saving: disk full").context("twice");
        let source = error.source().expect("the foreign error");
        assert!(source.downcast_ref::<std::io::Error>().is_some());
        assert!(Error::usage("no").context("wrapped").source().is_none());
    }
}
