//! What lies behind a relationship, by a method of its own: `user.role_names()`, declared with `proxy(role_names = roles.name)`.
use super::{Entity, Model, Raw, related::At};
use crate::{
    error::{Error, Kind, Result},
    model::{ColumnAt, Node},
    query::{Column, EitherNull},
    relation::{Many, One, Relation, RelationAt},
    schema::Relationship,
    value::{ColumnType, NotNull, Nullability, Nullable},
};
use std::{
    future::{Future, IntoFuture},
    marker::PhantomData,
    panic::Location,
    pin::Pin,
};

/// What lies behind a relationship of an entity: SQLAlchemy's association proxy, for reading.
///
/// A proxy is declared at the struct: `proxy(name = relationship.field)`, where the field is a column or a relationship of the
/// model that the relationship leads to. Behind a relationship to many it gives a `Vec`, behind one to one the thing
/// itself, or an `Option` where there may be none. `.await` loads what is not in memory, in at most two statements;
/// awaited for several entities of one result it loads for all of them, as relationships do.
///
/// ```
/// # use orm::prelude::*;
/// #[derive(Model, Clone, Debug)]
/// #[orm(proxy(author_name = author.name, tags = taggings.tag))]
/// struct Post {
///     #[orm(primary_key)]
///     id: i64,
///     author_id: i64,
///     author: BelongsTo<Author>,
///     #[orm(back_populates = post)]
///     taggings: HasMany<Tagging>,
/// }
///
/// #[derive(Model, Clone, Debug)]
/// #[orm(proxy(tag_name = tag.name))]
/// struct Tagging {
///     #[orm(primary_key)]
///     id: i64,
///     post_id: i64,
///     tag_id: i64,
///     #[orm(back_populates = taggings)]
///     post: BelongsTo<Post>,
///     tag: BelongsTo<Tag>,
/// }
/// # #[derive(Model, Clone, Debug)]
/// # struct Author { #[orm(primary_key)] id: i64, name: String }
/// # #[derive(Model, Clone, Debug)]
/// # struct Tag { #[orm(primary_key)] id: i64, name: String }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
/// # let db = Db::connect("sqlite::memory:").await?;
/// # orm::schema![Post, Tagging, Author, Tag].create_all(&db).await?;
/// # let writing = db.session();
/// # let taggings = ["a", "b"].map(|name| Tagging::builder().tag(Tag::builder().name(name)));
/// # writing.add(Post::builder().author(Author::builder().name("Ann")).taggings(taggings));
/// # writing.commit().await?;
/// let session = db.session();
/// let post = session.get_one::<Post>(1).await?;
/// let name: &String = post.author_name().await?;
/// let tags: Vec<Entity<'_, Tag>> = post.tags().await?;       // two statements, however many taggings
/// assert_eq!((name.as_str(), tags.len()), ("Ann", 2));
/// assert_eq!(post.taggings().loaded()?.first().map(|t| t.tag_name().loaded()).transpose()?.unwrap(), "a");
/// # Ok(()) }
/// ```
///
/// It is read only. To add, push to the relationship itself: `user.roles().push(role)` of a `ManyToMany` makes the link, and
/// `post.taggings().push(Tagging::builder().tag(tag))` one with columns of its own. To filter, write the path:
/// `Post::taggings.any(Tagging::tag.has(Tag::name.eq("a")))`.
#[must_use = "await it, or call one of its methods"]
pub struct Proxy<'s, R: Relation, P> {
    owner: Raw<'s, R::Owner>,
    path: PhantomData<fn() -> P>,
}

impl<R: Relation, P> Clone for Proxy<'_, R, P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R: Relation, P> Copy for Proxy<'_, R, P> {}

/// The column (`RELATION` is false) or relationship of that number, as what a [`Proxy`] leads to.
#[derive(Debug, Clone, Copy)]
pub struct Member<const RELATION: bool, const N: usize>;

/// What a proxy reads of the rows of `M`.
pub trait Beyond<M: Model>: 'static {
    /// What one of them gives.
    type Item<'s>;
    /// Whether it may give nothing.
    type Null: Nullability;
    #[doc(hidden)]
    fn relationship() -> Option<&'static Relationship>;
    #[doc(hidden)]
    fn of<'s>(member: Entity<'s, M>) -> Result<Vec<Self::Item<'s>>>;
}

impl<M: Model + ColumnAt<N, Type: ColumnType>, const N: usize> Beyond<M> for Member<false, N> {
    type Item<'s> = &'s M::Type;
    type Null = NotNull;

    fn relationship() -> Option<&'static Relationship> {
        None
    }

    fn of<'s>(member: Entity<'s, M>) -> Result<Vec<&'s M::Type>> {
        Ok(vec![Column::<M, M::Type>::new(N as u16).of(member.value())])
    }
}

impl<M, const N: usize> Beyond<M> for Member<true, N>
where
    M: Model + RelationAt<N, Relation: Relation<Owner = M, Target: Model>>,
{
    type Item<'s> = Entity<'s, <M::Relation as Relation>::Target>;
    type Null = <M::Relation as Relation>::Null;

    fn relationship() -> Option<&'static Relationship> {
        Some(<M::Relation as Relation>::relationship())
    }

    fn of<'s>(member: Entity<'s, M>) -> Result<Vec<Self::Item<'s>>> {
        let at = At::new::<M::Relation>(member.raw());
        let nodes = nodes(&at).ok_or_else(|| at.not_loaded())?;
        Ok(nodes.into_iter().map(|node| at.session.entity_at(node, at.targets())).collect())
    }
}

/// How much a proxy gives: a cardinality, and whether there may be nothing.
pub trait Extent {
    /// So many of them.
    type Of<I>;
    #[doc(hidden)]
    fn of<I>(items: Vec<I>, missing: impl FnOnce() -> Error) -> Result<Self::Of<I>>;
}

impl<N: Nullability> Extent for (Many, N) {
    type Of<I> = Vec<I>;

    fn of<I>(items: Vec<I>, _: impl FnOnce() -> Error) -> Result<Vec<I>> {
        Ok(items)
    }
}

impl Extent for (One, NotNull) {
    type Of<I> = I;

    fn of<I>(items: Vec<I>, missing: impl FnOnce() -> Error) -> Result<I> {
        items.into_iter().next().ok_or_else(missing)
    }
}

impl Extent for (One, Nullable) {
    type Of<I> = Option<I>;

    fn of<I>(items: Vec<I>, _: impl FnOnce() -> Error) -> Result<Option<I>> {
        Ok(items.into_iter().next())
    }
}

/// How much a proxy over these two gives.
type ExtentOf<R, P> = (
    <R as Relation>::Cardinality,
    <<R as Relation>::Null as EitherNull<<P as Beyond<<R as Relation>::Target>>::Null>>::Null,
);

/// What a proxy over these two gives.
type Found<'s, R, P> = <ExtentOf<R, P> as Extent>::Of<<P as Beyond<<R as Relation>::Target>>::Item<'s>>;

impl<'s, R, P> Proxy<'s, R, P>
where
    R: Relation<Owner: Model, Target: Model, Null: EitherNull<P::Null>>,
    P: Beyond<R::Target>,
    ExtentOf<R, P>: Extent,
{
    pub(super) fn new(owner: Raw<'s, R::Owner>) -> Self {
        Self { owner, path: PhantomData }
    }

    /// What lies there, if all of it is in memory.
    ///
    /// # Errors
    /// [`is_not_loaded`](Error::is_not_loaded), [`is_deleted`](Error::is_deleted); [`is_not_found`](Error::is_not_found)
    /// where there must be one and is none.
    pub fn loaded(self) -> Result<Found<'s, R, P>> {
        let at = At::new::<R>(self.owner);
        at.alive()?;
        let members = nodes(&at).ok_or_else(|| at.not_loaded())?.into_iter();
        let entities = members.map(|node| at.session.entity_at::<R::Target>(node, at.targets()));
        let items = entities.map(P::of).collect::<Result<Vec<_>>>()?.into_iter().flatten().collect();
        ExtentOf::<R, P>::of(items, || missing(&at))
    }

    /// Whether all of it is in memory.
    pub fn is_loaded(self) -> bool {
        self.loaded().is_ok()
    }
}

impl<'s, R, P> IntoFuture for Proxy<'s, R, P>
where
    R: Relation<Owner: Model, Target: Model, Null: EitherNull<P::Null>>,
    P: Beyond<R::Target>,
    ExtentOf<R, P>: Extent,
{
    type Output = Result<Found<'s, R, P>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 's>>;

    #[track_caller]
    fn into_future(self) -> Self::IntoFuture {
        let at = At::new::<R>(self.owner).asked_at(Location::caller());
        Box::pin(async move {
            load(at, P::relationship()).await?;
            self.loaded()
        })
    }
}

/// Loads a relationship, and one of what it leads to.
async fn load(at: At<'_>, beyond: Option<&'static Relationship>) -> Result<()> {
    let members = at.read(|| nodes(&at).ok_or_else(|| at.not_loaded())).await?;
    let (Some(relationship), result) = (beyond, at.targets()) else { return Ok(()) };
    let position = relationship.position();
    let of = |node: Node| At { node, result, relationship, position, ..at };
    let open: Vec<Node> = members.into_iter().filter(|node| nodes(&of(*node)).is_none()).collect();
    let Some(first) = open.first() else { return Ok(()) };
    of(*first).not_raised()?;
    at.session.load_together(&open, (result, at.site), relationship).await
}

/// The targets of a relationship, if they are in memory.
fn nodes(at: &At<'_>) -> Option<Vec<Node>> {
    match at.relationship.is_to_many() {
        true => at.members().map(|members| members.as_slice().to_vec()),
        false => at.target().map(|target| target.into_iter().collect()),
    }
}

fn missing(at: &At<'_>) -> Error {
    let name = at.session.memory().graph().name(at.node);
    let path = at.relationship.path();
    Error::new(
        Kind::NotFound,
        format!("what lies behind {path} of {name} is not there: a key names no row, or was not given"),
    )
}
