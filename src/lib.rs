//! A relational ORM with a session: identity map, unit of work, relationships that stay consistent, loading without
//! surprises.
//!
//! # In one page
//!
//! A model is a plain struct. Outside a session it is a value: build it, clone it, serialize it. Inside a [`Session`] it is
//! an [`Entity`] with identity: one for each row, `Copy`, tied to the session's lifetime.
//!
//! ```
//! use orm::prelude::*;
//!
//! #[derive(Model, Clone, Debug)]
//! pub struct User {
//!     #[orm(primary_key)]
//!     pub id: i64,
//!     pub name: String,
//!     #[orm(back_populates = user)]
//!     pub orders: HasMany<Order>,
//! }
//!
//! #[derive(Model, Clone, Debug)]
//! pub struct Order {
//!     #[orm(primary_key)]
//!     pub id: i64,
//!     pub user_id: i64,
//!     pub total: i64,
//!     #[orm(back_populates = orders)]
//!     pub user: BelongsTo<User>,
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> orm::Result<()> {
//! let db = Db::connect("sqlite::memory:").await?;
//! orm::schema![User, Order].create_all(&db).await?;
//!
//! let session = db.session();
//! let ann = session.add(User::builder().name("Ann"));
//! let order = ann.orders().push(Order::builder().total(5))?;   // order.user() is Ann at once
//! session.commit().await?;                                     // two INSERTs, keys read back
//! assert_eq!(order.user_id, ann.id);
//!
//! // Entities from a session, plain values from the database.
//! let rich: Vec<Entity<'_, User>> = User::query().filter(User::orders.any(Order::total.gt(3))).all(&session).await?;
//! let values: Vec<User> = User::query().with(User::orders).all(&db).await?;
//! assert_eq!((rich[0], values[0].orders.get()?.len()), (ann, 1));
//! # Ok(()) }
//! ```
//!
//! # Where to look
//!
//! - Declaring models: [`derive@Model`]; enums, newtypes, groups of columns: [`derive@ColumnEnum`], [`derive@ColumnType`],
//!   [`derive@Embedded`]; partial input: [`derive@Patch`].
//! - Tables: [`schema!`], [`schema::Schema`].
//! - Reading and writing: [`Session`], [`Entity`], [`Db`].
//! - Values that come back: [`Session::merge`] for whole trees, [`Patch`] for some columns, [`OrConnect`] for rows that may be
//!   there already.
//! - Relationships of an entity: [`ManyRelation`], [`OneRelation`].
//! - Queries and loading: [`Query`], [`RelationQuery`], [`Load`]; structs of your own instead of rows: [`derive@Projection`];
//!   which way to load when: [`guide::loading`].
//! - Many rows at once: [`Query::set`], [`Query::delete`], [`InsertMany`] with [`on_conflict`](InsertMany::on_conflict); SQL of your own:
//!   [`sql()`].
//! - What went wrong: [`Error`].
//!
//! # Why not just sqlx?
//!
//! Because a request that reads a graph, changes parts of it and saves them is more than its statements: which rows are new,
//! in which order they may be written, which key goes where, what a deletion takes along, who loads what when. What it costs:
//! a copy of a row when it is changed, an index when a row is looked up by its key, one lock per call. What it never costs: a
//! copy of a row that is only read, or a hash of a row that is read once.
//!
//! # Seeing the SQL
//!
//! Each statement is one `tracing` event, at level debug with the target `orm::sql`: its text, with its `kind`, the time and the
//! number of rows as fields, and the bound values if [`DbOptions::log_values`] says so. With `tracing-subscriber` set up,
//! `RUST_LOG=orm::sql=debug` shows them. In a test [`Session::statement_count`] and [`Session::expect_statements`] count them;
//! [`Session::plan`] says what a flush would write.
//!
//! # Features
//!
//! `sqlite` (default), `postgres`, `mysql`; `chrono`, `time`, `uuid`, `rust_decimal`, `json` for column types.
#![warn(missing_docs, unreachable_pub, clippy::print_stdout)]
#[doc(hidden)]
pub use orm_core::__private;
pub use orm_core::{
    Error, Predicate, Query, RelationQuery, Result, Sql, alias, case, count,
    db::Db,
    dense_rank,
    driver::{DbOptions, Dialect, Isolation, RunStatements, Synchronous},
    entity::{Collection, DeferredValue, Entity, IntoEntity, ManyRelation, Model, OneRelation, Partial, Proxy},
    exists, first_value, function, lag, last_value, lead,
    model::{Change, Embedded, Handle, IntoDraft, Patch, Record},
    query::{
        Alias, Column, Cursor, Embed, Expression, FromRow, InsertMany, Keyset, Load, Lock, Object, ObjectQuery,
        OnConflict, OrderBy, Outer, Outputs, Projected, Projection, ProjectionQuery, Rows, SetRows, Sorting, Upsert,
        Window, given, sql, value,
    },
    rank,
    relation::{BelongsTo, HasMany, HasOne, IntoRelated, IntoUnique, Keyed, ManyToMany, OrConnect, Relation},
    row, row_number, scalar, schema,
    schema::Strategy,
    session::{
        EntityState, Executor, KeysetPage, Loading, Page, Session, StatementExpectation, StatementNumber, ValueStream,
        Values,
    },
    unit_of_work::Plan,
    value::{ColumnType, Deferred, IntoColumn},
    window,
};
/// # Declaring models
///
/// A required key, a nullable one, one-to-one, many-to-many through a bare table, columns that the session fills, and hooks:
///
/// ```
/// use orm::prelude::*;
///
/// #[derive(Model, Clone, Debug)]
/// #[orm(before_save = Issue::trim, validate = Issue::check)]
/// struct Issue {
///     #[orm(primary_key)]
///     id: i64,
///     #[orm(max_length = 200)]
///     title: String,
///     project_code: String,
///     assignee_id: Option<i64>,
///     #[orm(version)]                                     // a conflict is `is_stale`
///     version: i32,
///     #[orm(foreign_key = project_code, back_populates = issues)]
///     project: BelongsTo<Project>,                        // NOT NULL: an issue has a project
///     #[orm(back_populates = assigned, on_delete = "set_null")]
///     assignee: BelongsTo<Option<User>>,                  // nullable key, so `Option`
///     #[orm(through("issue_tags", issue_id, tag_id), back_populates = issues)]
///     tags: ManyToMany<Tag>,
/// }
///
/// impl Issue {
///     fn trim(&mut self, _: Change) -> orm::Result<()> {
///         self.title = self.title.trim().to_owned();
///         Ok(())
///     }
///
///     fn check(&mut self, _: Change) -> orm::Result<()> {
///         if self.title.is_empty() { Err(orm::Error::other("a title is needed")) } else { Ok(()) }
///     }
/// }
///
/// #[derive(Model, Clone, Debug)]
/// struct Project {
///     #[orm(primary_key, max_length = 10)]
///     code: String,                                       // a natural key
///     #[orm(back_populates = project, cascade(all, delete_orphan), order_by = Issue::id, load = "selectin")]
///     issues: HasMany<Issue>,
/// }
///
/// #[derive(Model, Clone, Debug)]
/// struct User {
///     #[orm(primary_key)]
///     id: i64,
///     #[orm(back_populates = assignee)]
///     assigned: HasMany<Issue>,
///     #[orm(back_populates = user, cascade(all, delete_orphan))]
///     settings: HasOne<Settings>,
/// }
///
/// #[derive(Model, Clone, Debug)]
/// struct Settings {
///     #[orm(primary_key)]
///     id: i64,
///     #[orm(unique)]                                      // one-to-one
///     user_id: i64,
///     #[orm(back_populates = settings)]
///     user: BelongsTo<User>,
/// }
///
/// #[derive(Model, Clone, Debug)]
/// struct Tag {
///     #[orm(primary_key)]
///     id: i64,
///     #[orm(through("issue_tags", tag_id, issue_id), back_populates = tags)]
///     issues: ManyToMany<Issue>,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// let db = Db::connect("sqlite::memory:").await?;
/// orm::schema![Issue, Project, User, Settings, Tag].create_all(&db).await?;
/// let session = db.session();
/// let project = session.add(Project::builder().code("ORM").issues([Issue::builder().title(" first ")]));
/// session.commit().await?;
/// assert_eq!(project.issues().await?.first().expect("an issue").title, "first");
/// # Ok(()) }
/// ```
/// # Rows that are hidden
///
/// `criteria` names a condition that all rows of the model meet, as far as queries see them; `soft_delete` a column that is set
/// instead of deleting a row. Both hold wherever the model appears: in queries, their joins, conditions and inner queries, in
/// every lazy and eager load, in `get`, in set-based writes. A condition with values of a request, such as a tenant, is given to
/// the database handle: [`Db::with_criteria`]. [`Query::without_criteria`] and [`Load::without_criteria`] look around them.
///
/// ```
/// use chrono::{DateTime, Utc};
/// use orm::prelude::*;
///
/// #[derive(Model, Clone, Debug)]
/// #[orm(soft_delete = deleted_at, criteria = Article::published)]
/// struct Article {
///     #[orm(primary_key)]
///     id: i64,
///     title: String,
///     #[orm(default = true)]
///     public: bool,
///     deleted_at: Option<DateTime<Utc>>,
///     #[orm(back_populates = article, cascade(all, delete_orphan))]
///     comments: HasMany<Comment>,
/// }
///
/// impl Article {
///     fn published() -> Predicate<Self> {
///         Self::public.eq(true)                           // called at each execution
///     }
/// }
///
/// #[derive(Model, Clone, Debug)]
/// #[orm(soft_delete = deleted)]                           // a flag does too
/// struct Comment {
///     #[orm(primary_key)]
///     id: i64,
///     article_id: i64,
///     #[orm(default = false)]
///     deleted: bool,
///     #[orm(back_populates = comments)]
///     article: BelongsTo<Article>,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// let db = Db::connect("sqlite::memory:").await?;
/// orm::schema![Article, Comment].create_all(&db).await?;
/// let session = db.session();
/// let news = session.add(Article::builder().title("news").comments([Comment::builder()]));
/// session.add(Article::builder().title("draft").public(false));
/// session.commit().await?;
/// assert_eq!(Article::query().count(&db).await?, 1);
///
/// session.delete(news);                                   // two UPDATEs: the article, and its comment by the cascade
/// session.commit().await?;
/// assert_eq!(Article::query().count(&db).await?, 0);
///
/// let all = || Article::query().without_criteria();
/// assert_eq!(all().count(&db).await?, 2);
/// let news = all().filter(Article::title.eq("news")).one(&session).await?;
/// news.set(Article::deleted_at, None);                    // restored, without its comment
/// session.commit().await?;
/// assert_eq!(Article::query().with(Article::comments).one(&db).await?.comments.get()?.len(), 0);
/// # Ok(()) }
/// ```
///
/// What must see all rows does: cascades, `refresh`, what a flush reads, the search for conflicts of an upsert, `or_connect`
/// (both may meet a hidden row, and leave it hidden unless they write the column), SQL of your own. Entities that are in memory
/// are found by their keys. A hidden target of a required relationship is an error that says so
/// ([`Error::is_not_found`]), of a nullable one `None`; owners are never left out for it, but by `inner_joined`. What is
/// selected through a required relationship (`Order::user.path(..)`, a [`derive@Projection`]) is the same error: filter by
/// `Order::user.exists()`. `merge` looks for rows as `get` does.
///
/// A deletion that marks a row counts its `version` and sets its `updated_at`. What a delete cascade reaches is deleted in its own
/// way; what else names the row keeps its key, links stay, and no `ON DELETE` of the database runs, so that the row can come
/// back. Changes that were not flushed are not written with it. A marked row still holds its unique values; where they are to be
/// free, make the index with a condition by SQL of your own. A collection that was loaded shows a restored row when it is loaded
/// again ([`Session::refresh_with`]). [`Session::delete_permanently`] removes a row, and takes the children that a cascade reaches
/// along for good, hidden ones too, since their keys would name nothing; so does the delete of a parent that is not softly
/// deleted. [`Query::delete_permanently`] runs no cascades, as no write by a query does. Links of a many-to-many are added and removed as rows, whatever their model says.
#[doc(alias = "relationship")]
#[doc(alias = "paranoid")]
#[doc(alias = "default_scope")]
#[doc(alias = "declarative_base")]
pub use orm_derive::Model;
/// # A tree of your own structs
///
/// ```
/// use orm::prelude::*;
///
/// #[derive(Model, Clone, Debug)]
/// struct Folder {
///     #[orm(primary_key)]
///     id: i64,
///     name: String,
///     parent_id: Option<i64>,
///     #[orm(back_populates = folders)]
///     parent: BelongsTo<Option<Folder>>,
///     #[orm(back_populates = parent)]
///     folders: HasMany<Folder>,
/// }
///
/// #[derive(Projection)]
/// #[orm(from = Folder)]
/// struct Tree {
///     name: String,
///     #[orm(path = parent.name)]
///     inside: Option<String>,
///     #[orm(order_by = Folder::name)]
///     folders: Vec<Tree>,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let db = Db::connect("sqlite::memory:").await?;
/// # orm::schema![Folder].create_all(&db).await?;
/// # let session = db.session();
/// session.add(Folder::builder().name("music").folders([Folder::builder().name("jazz")]));
/// session.commit().await?;
/// let tree = Folder::query().filter(Folder::parent_id.is_null()).project::<Tree>().one(&db).await?;
/// assert_eq!((tree.name.as_str(), tree.inside, tree.folders[0].name.as_str()), ("music", None, "jazz"));
/// assert_eq!(tree.folders[0].inside.as_deref(), Some("music"));
/// # Ok(()) }
/// ```
#[doc(alias = "select")]
#[doc(alias = "DTO")]
pub use orm_derive::Projection;
pub use orm_derive::{ColumnEnum, ColumnType, Embedded, Patch};

#[cfg(feature = "rust_decimal")]
pub use orm_core::dec;

/// What a program that uses this library imports: `use orm::prelude::*`.
pub mod prelude {
    pub use crate::{
        BelongsTo, Change, ColumnEnum, ColumnType, Db, Deferred, Embedded, Entity, HasMany, HasOne, ManyToMany, Model,
        ObjectQuery, Patch, Predicate, Projection, Query, RelationQuery, Session,
    };

    #[cfg(feature = "uuid")]
    pub use orm_core::__private::Uuid;
    #[cfg(feature = "json")]
    pub use orm_core::value::Json;
    #[cfg(feature = "rust_decimal")]
    pub use orm_core::{__private::Decimal, dec};
}

/// Pages that explain one subject each.
pub mod guide {
    #[doc = include_str!("loading.md")]
    pub mod loading {}
}

/// The program of the README, so that it is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
