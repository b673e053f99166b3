//! A relationship to many of an entity.
use super::{Collection, Model, Partial, Raw, related::At};
use crate::{
    error::{Error, Result},
    fast::HashSet,
    memory::{Edge, Locked, Taken, stranger},
    model::{Existing, IntoKey, KeyColumns, Node},
    query::Query,
    relation::{Attachable, Detachable, IntoRelated, NewRow, Pushable, Related, Relation},
    schema::{RelationshipKind, Table},
    value::{Key, Value},
};
use std::{
    future::{Future, IntoFuture},
    panic::Location,
    pin::Pin,
};

/// A relationship to many of an entity: `user.orders()`.
///
/// It never touches the database until it is awaited: `.await` loads what is not in memory and gives a [`Collection`].
/// Changes show at once on both sides, and are written by the next flush.
///
/// ```
/// # use orm::prelude::*;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
/// # let db = shop().await?;
/// let session = db.session();
/// let user = session.get_one::<User>(1).await?;
/// for order in user.orders().await? {                    // loads on the first await
///     for item in order.items().await? {
///         println!("{} x {}", item.quantity, item.product().await?.name);
///     }
/// }
/// let open = user.orders().query().filter(Order::status.eq("pending")).count(&session).await?;
/// assert_eq!((user.orders().loaded()?.len(), open), (1, 1));
/// # Ok(()) }
/// ```
#[must_use = "await it, or call one of its methods"]
pub struct ManyRelation<'s, R: Relation> {
    owner: Raw<'s, R::Owner>,
}

impl<R: Relation> Clone for ManyRelation<'_, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R: Relation> Copy for ManyRelation<'_, R> {}

impl<'s, R: Relation> ManyRelation<'s, R> {
    pub(super) fn new(owner: Raw<'s, R::Owner>) -> Self {
        Self { owner }
    }
}

impl<'s, R: Relation<Owner: Model, Target: Model>> ManyRelation<'s, R> {
    pub(super) fn at(&self) -> At<'s> {
        At::new::<R>(self.owner)
    }

    /// The members, if all of them are in memory.
    ///
    /// # Errors
    /// [`is_not_loaded`](Error::is_not_loaded), [`is_deleted`](Error::is_deleted).
    pub fn loaded(self) -> Result<Collection<'s, R::Target>> {
        let at = self.at();
        at.alive()?;
        let members = at.members().ok_or_else(|| at.not_loaded())?;
        Ok(Collection::new(at.session, members, at.targets()))
    }

    /// Whether all members are in memory.
    pub fn is_loaded(self) -> bool {
        self.at().members().is_some()
    }

    /// What a filtered or limited load found, by the result that this entity was reached through.
    ///
    /// # Errors
    /// [`is_not_loaded`](Error::is_not_loaded) if there was no such load.
    pub fn partial(self) -> Result<Partial<'s, R::Target>> {
        let at = self.at();
        let members = at.partial().ok_or_else(|| at.not_loaded())?;
        Ok(Partial::new(at.session, (members, at.counted()), at.targets()))
    }

    /// The members as a query, to be filtered, counted and paged by the database. SQLAlchemy's dynamic relationship.
    ///
    /// Of an entity that is not written yet it finds nothing.
    #[track_caller]
    pub fn query(self) -> Query<R::Target> {
        self.at().query_from(Location::caller())
    }

    /// The number of members: from memory if they are there, else counted by the database. In a loop over the entities of a
    /// result the second one counts for the next 1,000 along with itself, as loads do ([`Loading`](crate::session::Loading)).
    /// Such a number answers once, and only if the session neither wrote anything nor began or ended a transaction
    /// meanwhile.
    ///
    /// # Errors
    /// The database fails; [`is_deleted`](Error::is_deleted).
    #[track_caller]
    pub fn count(self) -> impl Future<Output = Result<u64>> + Send {
        let at = self.at().asked_at(Location::caller());
        async move {
            at.alive()?;
            match at.members() {
                Some(members) => Ok(members.as_slice().len() as u64),
                None if at.is_stored() => at.session.count_lazy(at.asked(), at.relationship).await,
                None => at.query::<R::Target>().count(at.session).await,
            }
        }
    }

    /// The number of members, nothing asked: as the query of this entity's result counted them, for
    /// [`with_count`](crate::query::Load::with_count) or [`counted`](crate::query::RelationQuery::counted); else of the
    /// members that are in memory, if these are all.
    ///
    /// # Errors
    /// [`is_not_loaded`](Error::is_not_loaded), [`is_deleted`](Error::is_deleted).
    pub fn counted(self) -> Result<u64> {
        let at = self.at();
        at.alive()?;
        at.counted().or_else(|| Some(at.members()?.as_slice().len() as u64)).ok_or_else(|| at.not_counted())
    }

    /// Adds a member: an entity, a value, or a builder, which becomes part of the session. If it was in another owner's
    /// collection of a one-to-many, it leaves that. Returns the member.
    ///
    /// # Errors
    /// [`is_deleted`](Error::is_deleted), [`is_wrong_session`](Error::is_wrong_session) for a member without key.
    pub fn push(self, member: impl IntoRelated<R>) -> Result<super::Entity<'s, R::Target>>
    where
        R: Pushable,
    {
        let at = self.at();
        at.alive()?;
        let Some(member) = member.into_related() else { return Err(Error::usage("nothing was pushed")) };
        let mut graph = at.session.memory().graph();
        let node = take::<R::Target>(&mut graph, member, &at)?;
        join(&mut graph, &at, node, true)?;
        drop(graph);
        Ok(at.session.entity_at(node, at.targets()))
    }

    /// Takes a member out. A one-to-many's member loses its key, or is deleted where the relationship says
    /// `delete_orphan`; a many-to-many's link is deleted.
    ///
    /// # Errors
    /// It is no member; [`is_deleted`](Error::is_deleted), [`is_wrong_session`](Error::is_wrong_session).
    pub fn remove(self, member: super::Entity<'_, R::Target>) -> Result<()>
    where
        R: Detachable,
    {
        let at = self.at();
        at.alive()?;
        let member = at.session.own(member, || at.relationship.path())?;
        let mut graph = at.session.memory().graph();
        if !is_member(&mut graph, &at, member) {
            return Err(no_member(&graph, &at, member));
        }
        join(&mut graph, &at, member, false)
    }

    /// Takes all members out; those that are not in memory are loaded for it.
    ///
    /// # Errors
    /// As [`remove`](Self::remove), and the database fails.
    pub async fn clear(self) -> Result<()>
    where
        R: Detachable,
    {
        self.set(std::iter::empty::<super::Entity<'s, R::Target>>()).await
    }

    /// Replaces the members: those not given are taken out as by [`remove`](Self::remove), new ones are added, and the list
    /// has the order that is given until it is loaded again. What is not in memory is loaded for it.
    ///
    /// # Errors
    /// As [`remove`](Self::remove), and the database fails.
    pub async fn set<I: IntoRelated<R>>(self, members: impl IntoIterator<Item = I>) -> Result<()>
    where
        R: Detachable,
    {
        let at = self.at();
        let members: Vec<Related<R::Target>> = members.into_iter().filter_map(I::into_related).collect();
        let (mut graph, before) = at.lock().await?;
        let taken = members.into_iter().map(|member| take::<R::Target>(&mut graph, member, &at));
        let after = taken.collect::<Result<Vec<Node>>>()?;
        let kept: HashSet<Node> = after.iter().copied().collect();
        for node in before.as_slice().iter().rev().copied().filter(|node| !kept.contains(node)) {
            if is_member(&mut graph, &at, node) {
                join(&mut graph, &at, node, false)?;
            }
        }
        after.iter().try_for_each(|node| join(&mut graph, &at, *node, true))?;
        graph.rearrange(at.node, at.position, &after);
        Ok(())
    }

    /// Whether an entity is a member, as far as memory knows.
    ///
    /// # Errors
    /// [`is_not_loaded`](Error::is_not_loaded), [`is_deleted`](Error::is_deleted).
    pub fn contains(self, member: super::Entity<'_, R::Target>) -> Result<bool> {
        Ok(self.loaded()?.contains(member))
    }

    /// Links rows by their keys, nothing loaded: written by the next flush, where a link is not there yet.
    ///
    /// # Errors
    /// [`is_deleted`](Error::is_deleted).
    pub fn attach<K: IntoKey<<R::Target as crate::model::Record>::Key>>(
        self,
        keys: impl IntoIterator<Item = K>,
    ) -> Result<()>
    where
        R: Attachable,
    {
        self.link_keys(keys, true)
    }

    /// Takes links to rows away by their keys, nothing loaded: written by the next flush.
    ///
    /// # Errors
    /// [`is_deleted`](Error::is_deleted).
    pub fn detach<K: IntoKey<<R::Target as crate::model::Record>::Key>>(
        self,
        keys: impl IntoIterator<Item = K>,
    ) -> Result<()>
    where
        R: Attachable,
    {
        self.link_keys(keys, false)
    }

    fn link_keys<K: IntoKey<<R::Target as crate::model::Record>::Key>>(
        self,
        keys: impl IntoIterator<Item = K>,
        add: bool,
    ) -> Result<()> {
        let at = self.at();
        at.alive()?;
        let mut graph = at.session.memory().graph();
        for key in keys {
            graph.link_key(at.node, at.position, key.into_key().into_values(), add)?;
        }
        Ok(())
    }
}

/// The entity of a target that was given; a value becomes one.
pub(super) fn take<M: Model>(graph: &mut Locked<'_>, target: Related<M>, at: &At<'_>) -> Result<Node> {
    match target {
        Related::Existing(existing) if existing.session == at.session.id() => {
            graph.take_entity(existing.node, at.relationship)?;
            Ok(existing.node)
        }
        Related::Existing(Existing { session: Existing::BY_KEY, key: Some(key), .. }) => {
            by_key(graph, M::table(), &key)
        }
        Related::Existing(_) => Err(stranger(&at.relationship.path(), &format!("the {}", M::table().model))),
        Related::New(draft) => match graph.take_new(NewRow::of(draft), at.relationship, at.session.id())? {
            Taken::Node(node) => Ok(node),
            Taken::Existing { key, .. } => by_key(graph, M::table(), &key),
        },
    }
}

fn by_key(graph: &mut Locked<'_>, table: &'static Table, key: &[Value]) -> Result<Node> {
    let key = Key::of(key.iter().map(Key::from));
    graph.find(table, table.primary_key, &key).ok_or_else(|| not_in_memory(table.model, &key))
}

fn not_in_memory(model: &str, key: &Key) -> Error {
    Error::usage(format!(
        "the {model} with the key {key} means the existing row, which is not in memory: get it first, or leave the key out \
         to add a new one"
    ))
}

/// Whether an entity is a member; a link of which memory knows nothing may be one.
fn is_member(graph: &mut Locked<'_>, at: &At<'_>, node: Node) -> bool {
    match Edge::of(at.relationship) {
        Some(edge) => graph.is_child_of(node, &edge, at.node),
        None => graph.is_linked((at.node, at.position, node)) != Some(false),
    }
}

fn no_member(graph: &Locked<'_>, at: &At<'_>, node: Node) -> Error {
    let (path, member, owner) = (at.relationship.path(), graph.name(node), graph.name(at.node));
    Error::usage(format!("{member} was removed from {path} of {owner}, and is not in it: ask `contains` first"))
}

/// A member joins or leaves, on both sides.
pub(super) fn join(graph: &mut Locked<'_>, at: &At<'_>, member: Node, add: bool) -> Result<()> {
    if let RelationshipKind::ManyToMany(_) = at.relationship.kind {
        return graph.link(at.node, at.position, member, add);
    }
    let Some(edge) = Edge::of(at.relationship) else { return Ok(()) };
    if add {
        return graph.set_parent(member, &edge, Some(at.node));
    }
    graph.set_parent(member, &edge, None)
}

impl<'s, R: Relation<Owner: Model, Target: Model>> IntoFuture for ManyRelation<'s, R> {
    type Output = Result<Collection<'s, R::Target>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 's>>;

    #[track_caller]
    fn into_future(self) -> Self::IntoFuture {
        let at = self.at().asked_at(Location::caller());
        Box::pin(async move { at.read(|| self.loaded()).await })
    }
}
