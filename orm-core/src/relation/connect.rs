//! Rows that may be there already: named by their key, or taken by a unique column.
use super::{IntoRelated, Related, Relation};
use crate::{
    model::{ColumnSet, Draft, Existing, IntoDraft, Node, Record},
    query::Column,
    value::Value,
};
use std::marker::PhantomData;

/// A row that is taken as it is where one with the same unique value exists, and else added: `or_connect` of a builder or a
/// value makes it. Prisma's `connectOrCreate`.
///
/// ```
/// use orm::prelude::*;
///
/// #[derive(Model, Clone, Debug)]
/// struct Post {
///     #[orm(primary_key)]
///     id: i64,
///     title: String,
///     #[orm(through("post_tags", post_id, tag_id), back_populates = posts)]
///     tags: ManyToMany<Tag>,
/// }
///
/// #[derive(Model, Clone, Debug)]
/// struct Tag {
///     #[orm(primary_key)]
///     id: i64,
///     #[orm(unique, max_length = 50)]
///     name: String,
///     #[orm(through("post_tags", tag_id, post_id), back_populates = tags)]
///     posts: ManyToMany<Post>,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// let db = Db::connect("sqlite::memory:").await?;
/// orm::schema![Post, Tag].create_all(&db).await?;
/// let tags = |names: &[&str]| names.iter().map(|name| Tag::builder().name(*name).or_connect(Tag::name)).collect::<Vec<_>>();
///
/// let session = db.session();
/// session.add(Post::builder().title("first").tags(tags(&["rust", "orm"])));
/// session.commit().await?;
/// let session = db.session();
/// session.add(Post::builder().title("second").tags(tags(&["orm", "sql"])));
/// session.commit().await?;                    // one INSERT .. ON CONFLICT for both tags
/// assert_eq!(Tag::query().count(&db).await?, 3);
/// # Ok(()) }
/// ```
///
/// The flush sends one native upsert for all such rows of a shape, so that two programs at once make one row; the entity has
/// the values of the row that is there. Rows of one session with the same value are one entity, and one that is in memory
/// already is used without a statement. An existing row is not written: the columns that were given, and the targets of its
/// `BelongsTo` fields, count for a new row only; members that are given for its collections are added to them.
#[derive(Debug, Clone, Copy)]
#[must_use = "give it to `add` or to a relationship"]
pub struct OrConnect<B> {
    row: B,
    by: ColumnSet,
}

impl<B> OrConnect<B> {
    #[doc(hidden)]
    pub fn new<M>(row: B, by: impl IntoUnique<M>) -> Self {
        Self { row, by: by.into_columns() }
    }
}

impl<B: IntoDraft> IntoDraft for OrConnect<B> {
    type Model = B::Model;

    fn into_draft(self) -> Draft<B::Model> {
        connecting(self.row.into_draft(), self.by)
    }
}

impl<R: Relation, B: IntoRelated<R>> IntoRelated<R> for OrConnect<B> {
    fn into_related(self) -> Option<Related<R::Target>> {
        Some(match self.row.into_related()? {
            Related::New(draft) => Related::New(connecting(draft, self.by)),
            existing @ Related::Existing(_) => existing,
        })
    }
}

fn connecting<M>(mut draft: Draft<M>, by: ColumnSet) -> Draft<M> {
    draft.open.connect = by;
    draft
}

/// The columns by which `or_connect` finds an existing row: one column, or a tuple of those of a unique constraint.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no unique column of `{M}`",
    label = "expected a unique column of `{M}`, or a tuple of the columns of a unique constraint"
)]
pub trait IntoUnique<M> {
    /// Their positions.
    #[doc(hidden)]
    fn into_columns(self) -> ColumnSet;
}

impl<M, T> IntoUnique<M> for Column<M, T> {
    fn into_columns(self) -> ColumnSet {
        ColumnSet::EMPTY.with(self.position())
    }
}

macro_rules! tuples {
    ($($($column:ident $position:tt),+;)*) => {$(
        impl<M, $($column: IntoUnique<M>),+> IntoUnique<M> for ($($column,)+) {
            fn into_columns(self) -> ColumnSet {
                ColumnSet::EMPTY$(.union(self.$position.into_columns()))+
            }
        }
    )*};
}
tuples! {
    A 0, B 1;
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
}

/// An existing row by its primary key, as the target of a relationship: `Country::existing("DE")`. Hibernate's
/// `getReference`.
#[derive(Debug, Clone)]
#[must_use = "give it to a relationship"]
pub struct Keyed<M> {
    key: Vec<Value>,
    model: PhantomData<fn() -> M>,
}

impl<M> Keyed<M> {
    pub(crate) fn new(key: Vec<Value>) -> Self {
        Self { key, model: PhantomData }
    }
}

impl<R: Relation<Target = M>, M: Record> IntoRelated<R> for Keyed<M> {
    fn into_related(self) -> Option<Related<M>> {
        let table = M::table();
        let nowhere = Node { chunk: u32::MAX, row: u32::MAX };
        let (key, columns) = (Some(self.key), table.primary_key);
        Some(Related::Existing(Existing { table, session: Existing::BY_KEY, node: nowhere, key, columns }))
    }
}
