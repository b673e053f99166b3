//! A column of an entity that may be left out of a load.
use super::{Model, Raw};
use crate::{
    error::{Error, Kind, Result},
    memory::State,
    query::Column,
    session::{Asked, Site},
    value::{ColumnType, Deferred},
};
use std::{
    future::{Future, IntoFuture},
    panic::Location,
    pin::Pin,
};

/// A [`Deferred`] column of an entity: `user.photo()`. SQLAlchemy's deferred column.
///
/// It never touches the database until it is awaited: `.await` loads what is not in memory, with the columns of the same
/// `#[orm(deferred = "group")]`. The second one among the entities of a result loads the column for the next 1,000 along with
/// it, as relationships do ([`Loading`](crate::session::Loading)). To load it with the query, use `.with(User::photo)`.
///
/// A column that was set is in memory, and is written without a load.
///
/// ```
/// # use orm::prelude::*;
/// #[derive(Model, Clone)]
/// struct Document {
///     #[orm(primary_key)]
///     id: i64,
///     title: String,
///     body: Deferred<String>,
/// }
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
/// # let db = Db::connect("sqlite::memory:").await?;
/// # orm::schema![Document].create_all(&db).await?;
/// # let session = db.session();
/// # session.add(Document::builder().title("Plan").body("Long"));
/// # session.commit().await?;
/// let session = db.session();
/// let document = Document::query().one(&session).await?;
/// assert!(!document.body().is_loaded());
/// let body: &String = document.body().await?;
/// assert_eq!(body, "Long");
/// # Ok(()) }
/// ```
#[must_use = "await it, or call one of its methods"]
pub struct DeferredValue<'s, M, C> {
    owner: Raw<'s, M>,
    column: u16,
    field: fn(&M) -> &C,
}

impl<M, C> Clone for DeferredValue<'_, M, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, C> Copy for DeferredValue<'_, M, C> {}

impl<'s, M: Model> Raw<'s, M> {
    /// A column that may be left out.
    pub fn deferred<C>(self, column: Column<M, C>, field: fn(&M) -> &C) -> DeferredValue<'s, M, C> {
        DeferredValue { owner: self, column: column.position(), field }
    }
}

impl<'s, M: Model, T: ColumnType> DeferredValue<'s, M, Deferred<T>> {
    /// Whether the value is in memory.
    pub fn is_loaded(self) -> bool {
        (self.field)(self.owner.row()).is_loaded()
    }

    /// The value, if it is in memory.
    ///
    /// # Errors
    /// [`is_not_loaded`](Error::is_not_loaded).
    pub fn loaded(self) -> Result<&'s T> {
        (self.field)(self.owner.row()).loaded().map_err(|_| self.not_loaded())
    }

    async fn load(self, site: Site) -> Result<&'s T> {
        let session = self.owner.session();
        let asked = Asked { node: self.owner.node(), result: self.owner.result(), site: Some(site) };
        loop {
            let restored = session.restored();
            if self.is_loaded() {
                return self.loaded();
            }
            self.alive()?;
            session.load_column(asked, self.column).await?;
            if self.is_loaded() || session.restored() == restored {
                return (self.field)(self.owner.row()).loaded().map_err(|_| self.gone());
            }
        }
    }

    fn state(self) -> State {
        self.owner.session().memory().arena.state(self.owner.node())
    }

    /// A deleted row has no columns to load.
    fn alive(self) -> Result<()> {
        match self.state() {
            State::Deleting | State::Deleted => {
                let (path, name) = (self.path(), self.owner.name());
                Err(Error::new(
                    Kind::Deleted,
                    format!("{path} of {name} cannot be loaded any more, since the entity is deleted: load it before"),
                ))
            }
            State::Persistent | State::Pending | State::Transient => Ok(()),
        }
    }

    fn path(self) -> String {
        let table = M::table();
        format!("{}::{}", table.model, table.columns[usize::from(self.column)].field)
    }

    fn not_loaded(self) -> Error {
        let (path, field) = (self.path(), M::table().columns[usize::from(self.column)].field);
        let message = format!(
            "{path} is not in memory: await it (`.{field}().await?`), or load it with the query, `.with({path})`"
        );
        Error::new(Kind::NotLoaded, message)
    }

    /// What it means that a load found no row.
    fn gone(self) -> Error {
        let name = self.owner.name();
        match self.state() {
            State::Pending | State::Transient => Error::new(
                Kind::NotLoaded,
                format!(
                    "{} of {name} was not given, and the entity is not written: flush before it is read",
                    self.path()
                ),
            ),
            State::Persistent | State::Deleting | State::Deleted => {
                Error::new(Kind::NotFound, format!("{name} is gone: somebody deleted its row"))
            }
        }
    }
}

impl<'s, M: Model, T: ColumnType> IntoFuture for DeferredValue<'s, M, Deferred<T>> {
    type Output = Result<&'s T>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 's>>;

    #[track_caller]
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.load(Location::caller()))
    }
}
