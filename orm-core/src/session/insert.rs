//! Running inserts of many rows, and upserts.
use super::Executor;
use crate::{
    entity::Model,
    error::{Error, Result},
    query::{InsertMany, Meeting, Upsert},
    sql::write::{self, Conflict, OnConflict},
    unit_of_work::Insertion,
};

impl<M: Model> InsertMany<M> {
    /// Inserts the rows and tells their number. Nothing comes into a session's memory.
    ///
    /// # Errors
    /// What a hook refused, what the database refused; then none of the rows is there.
    pub async fn run<E: Executor>(self, executor: E) -> Result<u64> {
        if self.rows.is_empty() { Ok(0) } else { executor.insert(Insertion::new(self.rows, None)).await }
    }

    /// Inserts the rows and gives them back in their order, with what the database made: plain values of a `&Db` or
    /// `session.values()`, entities of a `&Session`.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    #[doc(alias = "returning")]
    pub async fn all<E: Executor>(self, executor: E) -> Result<Vec<E::Row<M>>> {
        if self.rows.is_empty() {
            Ok(Vec::new())
        } else {
            executor.inserted::<M>(Insertion::new(self.rows, None)).await
        }
    }
}

impl<M: Model> Upsert<M> {
    /// Writes the rows and tells how many were inserted or updated; those that stayed by `do_nothing` do not count.
    ///
    /// # Errors
    /// The columns of `on_conflict` are not unique, two rows have the same values of them, what a hook refused, what the
    /// database refused. Then nothing is written.
    pub async fn run<E: Executor>(self, executor: E) -> Result<u64> {
        if self.rows.is_empty() { Ok(0) } else { executor.insert(self.insertion()?).await }
    }

    /// Writes the rows and gives them back as they are now, in the order in which they were given: plain values of a `&Db`
    /// or `session.values()`, entities of a `&Session`, where those in memory take the new values.
    ///
    /// # Errors
    /// As [`run`](Self::run). After `do_nothing` MySQL (not MariaDB) cannot tell which rows were inserted.
    #[doc(alias = "returning")]
    pub async fn all<E: Executor>(self, executor: E) -> Result<Vec<E::Row<M>>> {
        if self.rows.is_empty() { Ok(Vec::new()) } else { executor.inserted::<M>(self.insertion()?).await }
    }

    fn insertion(self) -> Result<Insertion> {
        let action = match self.meeting {
            Meeting::Nothing => OnConflict::Nothing,
            Meeting::SetGiven => OnConflict::SetGiven,
            Meeting::Set(set) => match set.iter().find(|(_, value)| !write::is_writable(value)) {
                Some((column, _)) => return Err(not_writable::<M>(*column)),
                None => OnConflict::Set(set),
            },
        };
        let conflict = Conflict { target: self.target, action, other_keys: self.other_keys };
        Ok(Insertion::new(self.rows, Some(conflict)))
    }
}

fn not_writable<M: Model>(column: u16) -> Error {
    let table = M::table();
    Error::usage(format!(
        "an upsert sets {}.{} to something that it cannot compute: give values, columns of {}, `orm::given(..)`, and what \
         `plus`, `minus`, `times`, `lower` and `upper` make of them",
        table.name,
        table.columns[usize::from(column)].name,
        table.model
    ))
}
