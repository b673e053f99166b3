//! A relationship to one of an entity.
use super::{Entity, Model, Raw, many::take, related::At};
use crate::{
    error::{Error, Kind, Result},
    memory::{Edge, Locked},
    model::Node,
    query::Query,
    relation::{Detachable, IntoRelated, Relation},
    schema::RelationshipKind,
    value::{NotNull, Nullability, Nullable},
};
use std::{
    future::{Future, IntoFuture},
    panic::Location,
    pin::Pin,
};

/// A relationship to one of an entity: `order.user()`.
///
/// It never touches the database until it is awaited: `.await` loads what is not in memory. It gives an [`Entity`] where the
/// key is NOT NULL, an `Option` of one where it may be null, and for a `HasOne`.
///
/// ```
/// # use orm::prelude::*;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
/// # let db = shop().await?;
/// let session = db.session();
/// let order = session.get_one::<Order>(1).await?;
/// let user: Entity<'_, User> = order.user().await?;               // the key is NOT NULL
/// let profile: Option<Entity<'_, UserProfile>> = user.profile().await?;
/// assert!(profile.is_none());
/// let profile = user.profile().set(UserProfile::builder().bio("Reader"))?;
/// assert_eq!(profile.map(|profile| profile.user().loaded()).transpose()?, Some(user));
/// # Ok(()) }
/// ```
#[must_use = "await it, or call one of its methods"]
pub struct OneRelation<'s, R: Relation> {
    owner: Raw<'s, R::Owner>,
}

impl<R: Relation> Clone for OneRelation<'_, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R: Relation> Copy for OneRelation<'_, R> {}

/// What awaiting a relationship to one gives: the entity, or an `Option` of it.
pub trait Found: Nullability {
    /// The type.
    type Of<'s, M: Model>: Send;
    #[doc(hidden)]
    fn of<'s, M: Model>(target: Option<Entity<'s, M>>, missing: impl FnOnce() -> Error) -> Result<Self::Of<'s, M>>;
}

impl Found for NotNull {
    type Of<'s, M: Model> = Entity<'s, M>;

    fn of<'s, M: Model>(target: Option<Entity<'s, M>>, missing: impl FnOnce() -> Error) -> Result<Entity<'s, M>> {
        target.ok_or_else(missing)
    }
}

impl Found for Nullable {
    type Of<'s, M: Model> = Option<Entity<'s, M>>;

    fn of<'s, M: Model>(target: Option<Entity<'s, M>>, _: impl FnOnce() -> Error) -> Result<Option<Entity<'s, M>>> {
        Ok(target)
    }
}

impl<'s, R: Relation> OneRelation<'s, R> {
    pub(super) fn new(owner: Raw<'s, R::Owner>) -> Self {
        Self { owner }
    }
}

impl<'s, R: Relation<Owner: Model, Target: Model>> OneRelation<'s, R> {
    fn at(&self) -> At<'s> {
        At::new::<R>(self.owner)
    }

    /// Whether the target, or that there is none, is in memory.
    pub fn is_loaded(self) -> bool {
        self.at().target().is_some()
    }

    /// The target, if memory knows it.
    ///
    /// # Errors
    /// [`is_not_loaded`](Error::is_not_loaded), [`is_deleted`](Error::is_deleted); [`is_not_found`](Error::is_not_found)
    /// where there must be one and is none.
    pub fn loaded(self) -> Result<<R::Null as Found>::Of<'s, R::Target>>
    where
        R::Null: Found,
    {
        let at = self.at();
        at.alive()?;
        let target = at.target().ok_or_else(|| at.not_loaded())?;
        let entity = target.map(|node| at.session.entity_at(node, at.targets()));
        R::Null::of(entity, || missing(&at))
    }

    /// The target as a query.
    #[track_caller]
    pub fn query(self) -> Query<R::Target> {
        self.at().query_from(Location::caller())
    }

    /// Sets the target: an entity, a value or a builder, which becomes part of the session. Both sides change at once; the
    /// former partner of a one-to-one is left without one. Returns the target.
    ///
    /// # Errors
    /// [`is_deleted`](Error::is_deleted), [`is_wrong_session`](Error::is_wrong_session) for a target without key; the former
    /// partner may not be alone.
    pub fn set(self, target: impl IntoRelated<R>) -> Result<Option<Entity<'s, R::Target>>> {
        let at = self.at();
        at.alive()?;
        // An entity looks up its key for this, so that it comes before the lock.
        let target = target.into_related();
        let mut graph = at.session.memory().graph();
        let node = match target {
            Some(target) => Some(take::<R::Target>(&mut graph, target, &at)?),
            None => None,
        };
        relate(&mut graph, &at, node)?;
        drop(graph);
        Ok(node.map(|node| at.session.entity_at(node, at.targets())))
    }

    /// Takes the target away. Offered where the key may be null, or the relationship deletes orphans.
    ///
    /// # Errors
    /// [`is_deleted`](Error::is_deleted); a `HasOne` that is not in memory is [`is_not_loaded`](Error::is_not_loaded).
    pub fn clear(self) -> Result<()>
    where
        R: Detachable,
    {
        let at = self.at();
        at.alive()?;
        relate(&mut at.session.memory().graph(), &at, None)
    }
}

fn missing(at: &At<'_>) -> Error {
    let name = at.session.memory().graph().name(at.node);
    let path = at.relationship.path();
    let why = if at.session.db().criteria().concern_targets(at.relationship) {
        format!(
            "its key names no row, or a criterion hides the row: load it around the criteria, \
             `.with({path}.selectin().without_criteria())`, or ask for those that are seen, `.filter({path}.exists())`"
        )
    } else {
        "its key names no row, or was not given".to_owned()
    };
    Error::new(Kind::NotFound, format!("{path} of {name} is not there: {why}"))
}

/// Sets the target of a `BelongsTo` or a `HasOne`, on both sides.
fn relate(graph: &mut Locked<'_>, at: &At<'_>, target: Option<Node>) -> Result<()> {
    let Some(edge) = Edge::of(at.relationship) else { return Ok(()) };
    if let RelationshipKind::BelongsTo { .. } = at.relationship.kind {
        return graph.set_parent(at.node, &edge, target);
    }
    match target {
        Some(child) => graph.set_parent(child, &edge, Some(at.node)),
        None => {
            let known = graph.graph.cells.get(&(at.node, at.position)).is_some_and(|cell| cell.members.is_some());
            if !known {
                return Err(at.not_loaded());
            }
            graph.members(at.node, at.position).into_iter().try_for_each(|child| graph.set_parent(child, &edge, None))
        }
    }
}

impl<'s, R: Relation<Owner: Model, Target: Model, Null: Found>> IntoFuture for OneRelation<'s, R> {
    type Output = Result<<R::Null as Found>::Of<'s, R::Target>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 's>>;

    #[track_caller]
    fn into_future(self) -> Self::IntoFuture {
        let at = self.at().asked_at(Location::caller());
        Box::pin(async move { at.read(|| self.loaded()).await })
    }
}
