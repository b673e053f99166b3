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
//! - Queries and loading: [`Query`], [`RelationQuery`], [`Load`]; which way to load when: [`guide::loading`].
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
    entity::{Collection, Entity, IntoEntity, ManyRelation, Model, OneRelation, Partial},
    exists, first_value, function, lag, last_value, lead,
    model::{Change, Embedded, Handle, IntoDraft, Patch, Record},
    query::{
        Alias, Column, Cursor, Embed, Expression, FromRow, InsertMany, Keyset, Load, Lock, OnConflict, Outer, Outputs,
        Projected, Rows, SetRows, Sorting, Upsert, Window, given, sql, value,
    },
    rank,
    relation::{BelongsTo, HasMany, HasOne, IntoRelated, IntoUnique, Keyed, ManyToMany, OrConnect, Relation},
    row, row_number, scalar, schema,
    schema::Strategy,
    session::{EntityState, Executor, KeysetPage, Loading, Page, Session, ValueStream, Values},
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
#[doc(alias = "relationship")]
#[doc(alias = "declarative_base")]
pub use orm_derive::Model;
pub use orm_derive::{ColumnEnum, ColumnType, Embedded, Patch};

#[cfg(feature = "rust_decimal")]
pub use orm_core::dec;

/// What a program that uses this library imports: `use orm::prelude::*`.
pub mod prelude {
    pub use crate::{
        BelongsTo, Change, ColumnEnum, ColumnType, Db, Deferred, Embedded, Entity, HasMany, HasOne, ManyToMany, Model,
        Patch, Predicate, Query, RelationQuery, Session,
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
