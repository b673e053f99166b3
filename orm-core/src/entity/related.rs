//! What both kinds of relationship of an entity share: whether they may be used, and reading what is in memory.
use super::Raw;
use crate::{
    error::{Error, Kind, Result},
    memory::{Edge, Locked, Members, ResultId, State, Target},
    model::{Node, Record},
    query::{Include, Query, expr::Expr},
    relation::Relation,
    schema::{Relationship, RelationshipKind, Strategy},
    session::{Asked, Loading, Single, Site},
};

/// A relationship of an entity, without its type.
#[derive(Clone, Copy)]
pub(super) struct At<'s> {
    pub(super) session: &'s crate::session::Session,
    pub(super) node: Node,
    pub(super) result: ResultId,
    pub(super) relationship: &'static Relationship,
    pub(super) position: u16,
    /// Where it is asked for, if that is known.
    pub(super) site: Option<Site>,
}

impl<'s> At<'s> {
    pub(super) fn new<R: Relation>(raw: Raw<'s, R::Owner>) -> Self
    where
        R::Owner: Record,
    {
        Self {
            session: raw.session(),
            node: raw.node(),
            result: raw.result(),
            relationship: R::relationship(),
            position: R::INDEX,
            site: None,
        }
    }

    /// Asked for from there.
    pub(super) fn asked_at(self, site: Site) -> Self {
        Self { site: Some(site), ..self }
    }

    pub(super) fn asked(&self) -> Asked {
        Asked { node: self.node, result: self.result, site: self.site }
    }

    /// The targets as a query, which is asked for from there.
    pub(super) fn query_from<M: Record>(self, site: Site) -> Query<M> {
        self.session.note_single(self.asked_at(site).asked(), Single::Query(self.position));
        self.query()
    }

    /// The targets as a query.
    pub(super) fn query<M: Record>(&self) -> Query<M> {
        let owner = self.session.memory().graph().values(self.node, self.relationship.near_key());
        let mut query = Query::new();
        query.parts.narrow(Expr::target_of(self.relationship, owner));
        query
    }

    /// The result that the targets belong to.
    pub(super) fn targets(&self) -> ResultId {
        self.session.memory().child_result((self.result, self.node), self.position)
    }

    /// Loads the relationship if it is not in memory.
    async fn load(&self) -> Result<()> {
        self.alive()?;
        match self.session.memory().strategy(self.result, self.relationship) {
            Some(Strategy::NoLoad) => Ok(()),
            _ => self.load_whole().await,
        }
    }

    /// As [`load`](Self::load), also where it is not to be loaded by itself: for what must know all targets.
    async fn load_whole(&self) -> Result<()> {
        self.alive()?;
        self.not_raised()?;
        if self.session.knows(self.node, self.relationship) {
            return Ok(());
        }
        self.not_raised_on_sql()?;
        self.session.load_lazy(self.asked(), self.relationship).await
    }

    /// Loads the relationship and reads it.
    pub(super) async fn read<T>(&self, read: impl Fn() -> Result<T>) -> Result<T> {
        loop {
            let restored = self.session.restored();
            self.load().await?;
            match read() {
                Err(error) if error.is_not_loaded() && self.session.restored() != restored => {}
                read => return read,
            }
        }
    }

    /// Loads the relationship and locks memory while all members are in it.
    pub(super) async fn lock(&self) -> Result<(Locked<'s>, Members)> {
        loop {
            let restored = self.session.restored();
            self.load_whole().await?;
            let graph = self.session.memory().graph();
            match self.members_in(&graph) {
                Some(members) => return Ok((graph, members)),
                None if self.session.restored() == restored => return Err(self.not_loaded()),
                None => {}
            }
        }
    }

    pub(super) fn not_raised(&self) -> Result<()> {
        match self.session.memory().strategy(self.result, self.relationship) {
            Some(Strategy::Raise) => Err(self.refused("is declared or queried as `raise`")),
            _ => Ok(()),
        }
    }

    /// An error where only memory may be asked, as the query or the declaration says, or else the session.
    fn not_raised_on_sql(&self) -> Result<()> {
        let memory = self.session.memory();
        let asked = memory.result(self.result).and_then(|result| result.include(self.relationship));
        let asked = asked.filter(|include| !include.unnamed);
        match asked.map(Include::strategy).or(self.relationship.load) {
            Some(Strategy::RaiseOnSql) => {
                Err(self.refused("is not in memory, and declared or queried as `raise_on_sql`"))
            }
            _ if asked.is_none() && self.session.loading() == Loading::RaiseOnSql => {
                Err(self.refused("is not in memory, and its session loads nothing lazily (`Loading::RaiseOnSql`)"))
            }
            _ => Ok(()),
        }
    }

    fn refused(&self, why: &str) -> Error {
        let path = self.relationship.path();
        Error::new(Kind::NotLoaded, format!("{path} {why}: load it with the query, `.with({path})`"))
    }

    /// A deleted entity has no relationships.
    pub(super) fn alive(&self) -> Result<()> {
        match self.session.memory().arena.state(self.node) {
            State::Deleting | State::Deleted => {
                let name = self.session.memory().graph().name(self.node);
                let message = format!(
                    "{} of {name} is not there any more, since the entity is deleted: a deletion that is not flushed is taken \
                     back by `session.add(entity)`",
                    self.relationship.path()
                );
                Err(Error::new(Kind::Deleted, message))
            }
            State::Persistent | State::Pending | State::Transient => Ok(()),
        }
    }

    pub(super) fn not_loaded(&self) -> Error {
        let path = self.relationship.path();
        if self.partial().is_some() {
            let message = format!(
                "{path} was loaded in part, by a filter or a limit: read that by `.{name}().partial()?`, or await the whole \
                 (`.{name}().await?`)",
                name = self.relationship.name
            );
            return Error::new(Kind::NotLoaded, message);
        }
        Error::new(
            Kind::NotLoaded,
            format!(
                "{path} is not in memory: await it (`.{}().await?`), or load it with the query, `.with({path})`",
                self.relationship.name
            ),
        )
    }

    pub(super) fn not_counted(&self) -> Error {
        let (path, name) = (self.relationship.path(), self.relationship.name);
        Error::new(
            Kind::NotLoaded,
            format!(
                "the number of {path} is not in memory: ask for it (`.{name}().count().await?`), or load it with the query, \
                 `.with({path}.counted())`, or `.with_count()` on the option that loads some of them"
            ),
        )
    }

    /// The number of members that this entity's result was told.
    pub(super) fn counted(&self) -> Option<u64> {
        self.session.memory().counted((self.result, self.node), self.position)
    }

    /// Whether the entity has a row.
    pub(super) fn is_stored(&self) -> bool {
        self.session.memory().arena.state(self.node) == State::Persistent
    }

    /// All members, if they are in memory; deleted ones are left out.
    pub(super) fn members(&self) -> Option<Members> {
        self.members_in(&self.session.memory().graph())
    }

    fn members_in(&self, graph: &Locked<'_>) -> Option<Members> {
        let memory = self.session.memory();
        let members = match graph.graph.cells.get(&(self.node, self.position)) {
            Some(cell) if cell.members.is_some() => cell.members.clone(),
            Some(cell) if memory.arena.state(self.node) == State::Pending => Some(Members::of(cell.known().to_vec())),
            None if graph.is_new(self.node, self.position) => Some(Members::default()),
            _ if memory.strategy(self.result, self.relationship) == Some(Strategy::NoLoad) => Some(Members::default()),
            _ => None,
        }?;
        let gone =
            |node: &Node| matches!(memory.arena.state(*node), State::Deleting | State::Deleted | State::Transient);
        if members.as_slice().iter().any(gone) {
            return Some(Members::of(members.as_slice().iter().copied().filter(|node| !gone(node)).collect()));
        }
        Some(members)
    }

    /// The members of a filtered or limited load of this entity's result.
    pub(super) fn partial(&self) -> Option<Members> {
        let result = self.session.memory().result(self.result)?;
        result.state().partial.get(&(self.node, self.position)).cloned()
    }

    /// The only target, if memory knows.
    pub(super) fn target(&self) -> Option<Option<Node>> {
        let RelationshipKind::BelongsTo { .. } = self.relationship.kind else {
            return self.members().map(|members| members.as_slice().first().copied());
        };
        let edge = Edge::of(self.relationship)?;
        match self.session.memory().graph().target(self.node, &edge) {
            Target::None | Target::Dangling => Some(None),
            Target::Node(node) => Some(Some(node)),
            Target::Key(_)
                if self.session.memory().strategy(self.result, self.relationship) == Some(Strategy::NoLoad) =>
            {
                Some(None)
            }
            Target::Key(_) => None,
        }
    }
}
