//! An entity: a small, copyable reference to a row in a session's memory.
use super::{Model, Raw};
use crate::{
    error::{Error, Kind, Result},
    memory::State,
    model::{Existing, Handle, KeyColumns, Patch},
    query::{Column, Object},
    relation::{IntoRelated, Related, Relation},
    value::{ColumnType, IntoColumn, Value, is_unset},
};
use std::{fmt, hash, ops::Deref};

/// A row in a session's memory, with identity: one for each row, however it was reached.
///
/// It is `Copy` and cannot outlive its session. Columns are read as fields (`user.email`), relationships through methods of
/// their names (`user.orders()`). Two entities are equal if they are the same row of the same session.
///
/// A field is changed by [`set`](Self::set) or [`update`](Self::update): `user.email = ..` does not compile ("cannot assign to
/// data in dereference"), since others may hold the entity too.
///
/// ```
/// # use orm::prelude::*;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
/// # let db = shop().await?;
/// let session = db.session();
/// let user = session.get_one::<User>(1).await?;
/// let before: &User = user.value();                      // stays as it was
/// user.update(|u| u.full_name = "Ann Smith".into());
/// assert_eq!((before.full_name.as_str(), user.full_name.as_str()), ("Ann", "Ann Smith"));
/// session.rollback().await?;
/// assert_eq!(user.full_name, "Ann");
/// # Ok(()) }
/// ```
pub struct Entity<'s, M: Model> {
    accessors: M::Accessors<'s>,
}

impl<M: Model> Clone for Entity<'_, M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M: Model> Copy for Entity<'_, M> {}

impl<'s, M: Model> Deref for Entity<'s, M> {
    type Target = M::Accessors<'s>;

    fn deref(&self) -> &Self::Target {
        &self.accessors
    }
}

impl<'s, M: Model> Entity<'s, M> {
    pub(crate) fn new(raw: Raw<'s, M>) -> Self {
        Self { accessors: raw.into() }
    }

    pub(crate) fn raw(&self) -> Raw<'s, M> {
        *self.accessors.as_ref()
    }

    /// The row as it is now, for as long as the session lives; later changes do not show in it.
    pub fn value(&self) -> &'s M {
        self.raw().row()
    }

    /// The entity without the session's lifetime, of use only to its session.
    pub fn handle(&self) -> Handle<M> {
        Handle::new(self.raw().session_id(), self.raw().node())
    }

    /// The primary key.
    ///
    /// # Errors
    /// The entity is not written yet, so that its key is not known.
    pub fn key(&self) -> Result<M::Key> {
        let raw = self.raw();
        let memory = raw.session().memory();
        match memory.arena.state(raw.node()) {
            State::Pending | State::Transient => {
                Err(Error::usage(format!("the {} has no key before it is flushed", M::table().model)))
            }
            State::Persistent | State::Deleting | State::Deleted => {
                M::Key::from_values(memory.graph().values(raw.node(), M::table().primary_key))
            }
        }
    }

    /// Changes columns. The closure runs on a copy of the row; what it changed is published at once, merged with what
    /// somebody else changed meanwhile, and written by the next flush.
    pub fn update<T>(&self, change: impl FnOnce(&mut M) -> T) -> T {
        self.change(None, change)
    }

    /// `assigned`: the column that was named, which counts as changed whatever its value.
    fn change<T>(&self, assigned: Option<u16>, change: impl FnOnce(&mut M) -> T) -> T {
        let raw = self.raw();
        let memory = raw.session().memory();
        let node = raw.node();
        if matches!(memory.arena.state(node), State::Deleting | State::Deleted) {
            let mut graph = memory.graph();
            let name = graph.name(node);
            graph.graph.mistake(Error::new(Kind::Deleted, format!(
                "{name} was changed after it was deleted: leave it as it is, or take the deletion back by `session.add(entity)` \
                 before the change"
            )));
        }
        let mut result = None;
        let published = memory.update(node, assigned, |row: &mut M| result = Some(change(row)));
        if let Err(error) = published {
            memory.graph().graph.mistake(error);
        }
        match result {
            Some(result) => result,
            None => unreachable!("an update runs its closure once"),
        }
    }

    /// Sets one column.
    pub fn set<T: ColumnType>(&self, column: Column<M, T>, value: impl IntoColumn<T>) {
        let value = value.into_column();
        let position = column.position();
        self.change(Some(position), |row| row.column_mut(usize::from(position)).assign(&value));
    }

    /// Changes the columns that a patch gives, as [`update`](Self::update) does.
    pub fn apply<P: Patch<Of = M>>(&self, patch: P) {
        self.update(|row| patch.apply_to(row));
    }

    /// A copy of the row as a value, with what its query loaded inside its relationship fields.
    pub fn to_value(&self) -> M {
        let raw = self.raw();
        super::to_value::to_value(raw.session().memory(), raw.node(), raw.result())
    }
}

impl<M: Model> PartialEq for Entity<'_, M> {
    fn eq(&self, other: &Self) -> bool {
        self.handle() == other.handle()
    }
}

impl<M: Model> Eq for Entity<'_, M> {}

impl<M: Model> hash::Hash for Entity<'_, M> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.handle().hash(state);
    }
}

impl<M: Model> fmt::Debug for Entity<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.raw().name())
    }
}

impl<M: Model + serde::Serialize> serde::Serialize for Entity<'_, M> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value().serialize(serializer)
    }
}

impl<R: Relation<Target = M>, M: Model> IntoRelated<R> for Entity<'_, M> {
    fn into_related(self) -> Option<Related<M>> {
        let raw = self.raw();
        let memory = raw.session().memory();
        let stored = matches!(memory.arena.state(raw.node()), State::Persistent | State::Deleting);
        let table = M::table();
        let columns = R::relationship().target_key();
        let key = stored.then(|| memory.graph().values(raw.node(), columns));
        Some(Related::Existing(Existing { table, session: raw.session_id(), node: raw.node(), key, columns }))
    }
}

impl<M: Model> From<Entity<'_, M>> for Handle<M> {
    fn from(entity: Entity<'_, M>) -> Self {
        entity.handle()
    }
}

impl<M: Model> Object<M> for Entity<'_, M> {
    fn values(&self, columns: &[u16]) -> Result<Vec<Value>> {
        let (raw, table) = (self.raw(), M::table());
        let memory = raw.session().memory();
        let values = memory.graph().values(raw.node(), columns);
        let is_new = matches!(memory.arena.state(raw.node()), State::Pending | State::Transient);
        let mut both = columns.iter().zip(&values);
        match both.find(|(column, value)| is_unset(value, table.columns[usize::from(**column)].sql_type)) {
            Some((column, _)) if is_new => Err(Error::usage(format!(
                "a query compares with a new {}, which has no {} before it is flushed: `session.flush().await?` first",
                table.model,
                table.columns[usize::from(*column)].name
            ))),
            _ => Ok(values),
        }
    }
}
