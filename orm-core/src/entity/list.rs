//! A list of which the session keeps the order: `album.tracks()`, declared with `ordering = Track::position`.
use super::{
    Entity, ManyRelation, Model,
    many::{join, take},
    related::At,
};
use crate::{
    error::{Error, Result},
    memory::Locked,
    model::Node,
    relation::{IntoRelated, OrderedList, Relation},
};

/// Lists with `#[orm(ordering = ..)]`: SQLAlchemy's `ordering_list`, Rails' `acts_as_list`.
///
/// ```
/// # use orm::prelude::*;
/// #[derive(Model, Clone, Debug)]
/// struct Album {
///     #[orm(primary_key)]
///     id: i64,
///     #[orm(back_populates = album, ordering = Track::position)]
///     tracks: HasMany<Track>,
/// }
///
/// #[derive(Model, Clone, Debug)]
/// struct Track {
///     #[orm(primary_key)]
///     id: i64,
///     album_id: i64,
///     #[orm(default)]                                    // builders may leave it out
///     position: i32,
///     title: String,
///     #[orm(back_populates = tracks)]
///     album: BelongsTo<Album>,
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
/// # let db = Db::connect("sqlite::memory:").await?;
/// # orm::schema![Album, Track].create_all(&db).await?;
/// let session = db.session();
/// let titles = ["one", "two"].map(|title| Track::builder().title(title));
/// let album = session.add(Album::builder().tracks(titles));
/// let intro = album.tracks().insert(0, Track::builder().title("intro"))?;
/// session.commit().await?;                               // 0, 1, 2
/// album.tracks().move_to(2, intro)?;
/// session.commit().await?;                               // three rows are updated
/// assert_eq!(album.tracks().await?.values(Track::title).collect::<Vec<_>>(), ["one", "two", "intro"]);
/// assert_eq!(intro.position, 2);
/// # Ok(()) }
/// ```
///
/// The collection has the new order at once; the positions are given by the flush, as keys are. It counts the members of a
/// list that is in memory, and writes what differs. Members of a list that is not in memory are appended behind the last
/// position that the database has, which one statement reads for all lists. A member that goes leaves a gap there, which
/// does no harm to the order and is closed when the list is changed in memory.
///
/// A position that the program gives itself, in a builder or by `set`, is left as it is by the flush that writes it, and
/// the others are counted around it. Writes past the session (`insert_many`, `update` and `delete` of a query) give no
/// positions. Two sessions that append at the same time may give the same one: where that matters declare `unique(album_id,
/// position)`, and the later one fails.
impl<'s, R: Relation<Owner: Model, Target: Model>> ManyRelation<'s, R> {
    /// Adds a member at a place, counted from 0: an entity, a value or a builder, which becomes part of the session. A member of
    /// this list is moved there, one of another owner's leaves that. Returns the member.
    ///
    /// # Errors
    /// The list is shorter; it [`is_not_loaded`](Error::is_not_loaded); as [`push`](Self::push).
    pub fn insert(self, place: usize, member: impl IntoRelated<R>) -> Result<Entity<'s, R::Target>>
    where
        R: OrderedList,
    {
        let at = self.at();
        let Some(member) = member.into_related() else { return Err(Error::usage("nothing was inserted")) };
        let mut graph = lock(&at)?;
        graph.has_place((at.node, at.position), place)?;
        let node = take::<R::Target>(&mut graph, member, &at)?;
        join(&mut graph, &at, node, true)?;
        graph.place_member((at.node, at.position), node, place)?;
        drop(graph);
        Ok(at.session.entity_at(node, at.targets()))
    }

    /// Moves a member to a place, counted from 0 without it; the members behind make room.
    ///
    /// # Errors
    /// It is no member; the list is shorter; it [`is_not_loaded`](Error::is_not_loaded);
    /// [`is_deleted`](Error::is_deleted), [`is_wrong_session`](Error::is_wrong_session).
    pub fn move_to(self, place: usize, member: Entity<'_, R::Target>) -> Result<()>
    where
        R: OrderedList,
    {
        let at = self.at();
        let mut graph = lock(&at)?;
        let node = own(&graph, &at, member)?;
        graph.place_member((at.node, at.position), node, place)
    }

    /// Gives the members this order; those that are not named come behind, in the order that they have.
    ///
    /// # Errors
    /// One of them is no member; the list [`is_not_loaded`](Error::is_not_loaded);
    /// [`is_deleted`](Error::is_deleted), [`is_wrong_session`](Error::is_wrong_session).
    pub fn reorder<'e>(self, order: impl IntoIterator<Item = Entity<'e, R::Target>>) -> Result<()>
    where
        R: OrderedList,
    {
        let at = self.at();
        let order: Vec<Entity<'e, R::Target>> = order.into_iter().collect();
        let mut graph = lock(&at)?;
        let order = order.into_iter().map(|member| own(&graph, &at, member)).collect::<Result<Vec<Node>>>()?;
        graph.rearrange(at.node, at.position, &order);
        Ok(())
    }
}

/// Memory, locked while it has the list.
fn lock<'s>(at: &At<'s>) -> Result<Locked<'s>> {
    at.alive()?;
    let mut graph = at.session.memory().graph();
    graph.know_new(at.node, at.position);
    let known = graph.graph.cells.get(&(at.node, at.position)).is_some_and(|cell| cell.members.is_some());
    if known { Ok(graph) } else { Err(at.not_loaded()) }
}

fn own<M: Model>(graph: &Locked<'_>, at: &At<'_>, member: Entity<'_, M>) -> Result<Node> {
    let node = at.session.own(member, || at.relationship.path())?;
    match graph.graph.cells.get(&(at.node, at.position)).and_then(|cell| cell.members.as_ref()) {
        Some(members) if members.contains(node) => Ok(node),
        _ => {
            let (path, member, owner) = (at.relationship.path(), graph.name(node), graph.name(at.node));
            Err(Error::usage(format!(
                "{member} cannot be moved in {path} of {owner}, where it is no member: `insert` it"
            )))
        }
    }
}
