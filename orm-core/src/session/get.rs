//! Single rows by their keys.
use super::{Held, Session};
use crate::{
    entity::{Entity, Model},
    error::{Error, Kind, Result},
    fast::HashSet,
    load::{Request, loads_alone, touched, touched_near},
    memory::{ALONE, Freshness, Nodes, ResultId, ResultSet, State, UNVERIFIED},
    model::{IntoKey, KeyColumns, Node},
    query::{Include, IntoInclude, Parts, Query, expr::Expr},
    schema::{Cascade, Relationship, Table},
    value::{Key, Value},
};

impl Session {
    /// The entity with that primary key; from memory if it is there, else by one SELECT, before which unwritten changes of
    /// its table are flushed. To read a row whatever memory has of it, run a query with
    /// [`refresh_existing`](Query::refresh_existing) or [`for_update`](Query::for_update).
    ///
    /// # Errors
    /// The database fails.
    pub async fn get<M: Model>(&self, key: impl IntoKey<M::Key>) -> Result<Option<Entity<'_, M>>> {
        let key = key.into_key();
        let found = self.get_node::<M>(&key.identity(), key).await?;
        Ok(found.map(|(node, result)| self.entity_at(node, result)))
    }

    /// The entity with that primary key, which must exist. SQLAlchemy's `get_one`.
    ///
    /// # Errors
    /// [`is_not_found`](Error::is_not_found), or the database fails.
    pub async fn get_one<M: Model>(&self, key: impl IntoKey<M::Key>) -> Result<Entity<'_, M>> {
        let key = key.into_key();
        let name = key.identity();
        match self.get_node::<M>(&name, key).await? {
            Some((node, result)) => Ok(self.entity_at(node, result)),
            None => Err(Error::new(Kind::NotFound, self.no_row(M::table(), &name))),
        }
    }

    fn no_row(&self, table: &'static Table, key: &Key) -> String {
        let model = table.model;
        let around = format!(
            ", or a criterion hides it: `{model}::query().without_criteria()` with a filter for the key finds it then"
        );
        let around = if self.db.criteria().concern(table) { around } else { String::new() };
        format!("there is no {model} with the key {key}{around}")
    }

    /// The entities with these primary keys in the order of the keys, `None` for those that do not exist. Those in memory
    /// are not asked for; the others by one SELECT, in pieces where the database's limit asks for it. Together they are one
    /// result: what is awaited of one is loaded for the others along with it.
    ///
    /// # Errors
    /// The database fails.
    pub async fn get_many<M: Model, K: IntoKey<M::Key>>(
        &self,
        keys: impl IntoIterator<Item = K>,
    ) -> Result<Vec<Option<Entity<'_, M>>>> {
        let keys: Vec<Vec<Value>> = keys.into_iter().map(|key| key.into_key().into_values()).collect();
        let table = M::table();
        self.load_missing(table, &keys).await?;
        let found: Vec<Option<Node>> = keys.iter().map(|key| self.find(table, &named(key))).collect();
        let result = self.keep_together(table, &found);
        Ok(found.into_iter().map(|node| node.map(|node| self.entity_at(node, result))).collect())
    }

    async fn load_missing(&self, table: &'static Table, keys: &[Vec<Value>]) -> Result<()> {
        let missing = || keys.iter().filter(|key| self.find(table, &named(key)).is_none()).cloned().collect::<Vec<_>>();
        if missing().is_empty() {
            return Ok(());
        }
        let mut held = self.held.lock().await;
        self.autoflush(&mut held, || touched(&self.db.hide(Parts::new(table)))).await?;
        self.check()?;
        for chunk in crate::sql::key_chunks(self.db().dialect(), table.primary_key.len(), missing()) {
            let parts = self.db.hide(Parts { filter: Some(Expr::keyed(table, chunk)), ..Parts::new(table) });
            self.run_by_key(&mut held, parts).await?;
        }
        Ok(())
    }

    /// Entities that were asked for together load along with each other. Where attributes load something, they did so for
    /// the rows that were read, and these keep the results they have.
    fn keep_together(&self, table: &'static Table, found: &[Option<Node>]) -> ResultId {
        if !loads_alone(table) {
            return ALONE;
        }
        let nodes: Vec<Node> = found.iter().flatten().copied().collect();
        self.memory.keep(ResultSet::new(Nodes::List(nodes.into()), Vec::new()))
    }

    /// Reads the row of an entity again, with what attributes load along and the deferred columns that are in memory. Its
    /// unwritten changes are lost; those of others in what is read are flushed first. Relationships that cascade `refresh` (`all`
    /// does) and are in memory are read again with their targets, in one statement per level and relationship; what was added
    /// there and is not written is not added any more. Other relationships stay as they are.
    ///
    /// # Errors
    /// [`is_not_found`](Error::is_not_found) if the row is gone, [`is_deleted`](Error::is_deleted),
    /// [`is_wrong_session`](Error::is_wrong_session); the entity is not written yet.
    pub async fn refresh<M: Model>(&self, entity: Entity<'_, M>) -> Result<()> {
        let node = self.own(entity, || "`session.refresh`".to_owned())?;
        self.refresh_node(M::table(), node).await?;
        self.refresh_targets(node).await
    }

    async fn refresh_node(&self, table: &'static Table, node: Node) -> Result<()> {
        let mut held = self.held.lock().await;
        self.check()?;
        let parts = {
            let mut graph = self.memory.graph();
            stored(graph.arena.state(node), || graph.name(node))?;
            self.memory.note_write();
            graph.discard(node);
            let key = graph.values(node, table.primary_key);
            let filter = Some(Expr::keyed(table, vec![key]));
            Parts { filter, refresh_existing: true, deferred: graph.has_deferred(node), ..Parts::new(table) }
        };
        self.autoflush(&mut held, || touched(&parts)).await?;
        let result = self.run_by_key(&mut held, Box::new(parts)).await?;
        if self.memory.result(result).is_some_and(|result| result.nodes.len() == 1) {
            return Ok(());
        }
        // Whoever gets it next asks the database.
        self.memory.arena.slot(node).set_epoch(UNVERIFIED);
        Err(gone(&self.memory.graph().name(node)))
    }

    /// Reads again what is in memory of an entity's targets over relationships that cascade `refresh`.
    async fn refresh_targets(&self, node: Node) -> Result<()> {
        let mut seen = HashSet::from_iter([node]);
        let mut level = vec![node];
        while !level.is_empty() {
            let mut below = Vec::new();
            let reached = self.memory.graph().reached_from(&level, Cascade::Refresh);
            for (relationship, owners) in reached {
                self.refresh_relationship(relationship, &owners).await?;
                let mut graph = self.memory.graph();
                let targets = owners.iter().filter_map(|owner| graph.known_targets(*owner, relationship));
                below.extend(targets.flatten().filter(|target| seen.insert(*target)));
            }
            level = below;
        }
        Ok(())
    }

    async fn refresh_relationship(&self, relationship: &'static Relationship, owners: &[Node]) -> Result<()> {
        {
            let mut graph = self.memory.graph();
            for owner in owners {
                for target in graph.known_targets(*owner, relationship).unwrap_or_default() {
                    if graph.arena.state(target) == State::Pending {
                        graph.withdraw(target);
                    }
                }
            }
            graph.forget_withdrawn();
        }
        let mut held = self.held.lock().await;
        self.check()?;
        let request = Request::new(Include::new(relationship), owners.to_vec(), ALONE);
        let loaded = self.loader(&mut held, Freshness::Force).await?.related(request).await;
        held.count_into(&self.statements);
        loaded.map(|_| ())
    }

    /// Reads the row of an entity again, and relationships of it: `session.refresh_with(user, User::orders)`.
    ///
    /// # Errors
    /// As [`refresh`](Self::refresh).
    pub async fn refresh_with<M: Model>(
        &self,
        entity: Entity<'_, M>,
        relationships: impl IntoInclude<M>,
    ) -> Result<()> {
        self.refresh(entity).await?;
        let includes: Vec<Include> = Query::<M>::new().with(relationships).parts.include;
        let mut held = self.held.lock().await;
        self.check()?;
        for include in includes {
            self.autoflush(&mut held, || touched_near(&include, self.db.criteria().applied())).await?;
            let request = Request::new(include, vec![entity.raw().node()], entity.raw().result());
            let loaded = self.loader(&mut held, Freshness::Force).await?.related(request).await;
            held.count_into(&self.statements);
            loaded?;
        }
        Ok(())
    }

    /// `name`: that of the key.
    async fn get_node<M: Model>(&self, name: &Key, key: M::Key) -> Result<Option<(Node, ResultId)>> {
        match self.find(M::table(), name) {
            Some(node) => Ok(Some((node, ALONE))),
            None => self.read_node(M::table(), (name, key.into_values())).await,
        }
    }

    async fn read_node(
        &self,
        table: &'static Table,
        (name, key): (&Key, Vec<Value>),
    ) -> Result<Option<(Node, ResultId)>> {
        let mut held = self.held.lock().await;
        self.autoflush(&mut held, || touched(&self.db.hide(Parts::new(table)))).await?;
        // The flush may have written it, and who had the connection before may have read it.
        if let Some(node) = self.find(table, name) {
            return Ok(Some((node, ALONE)));
        }
        self.check()?;
        if loads_alone(table) {
            let node = self.loader(&mut held, Freshness::ByTransaction).await?.by_key(table, key).await;
            held.count_into(&self.statements);
            return Ok(node?.map(|node| (node, ALONE)));
        }
        let parts = self.db.hide(Parts { filter: Some(Expr::keyed(table, vec![key])), ..Parts::new(table) });
        let result = self.run_by_key(&mut held, parts).await?;
        let node = self.memory.result(result).and_then(|result| result.nodes.get(0));
        Ok(node.map(|node| (node, result)))
    }

    /// Runs a query by key.
    async fn run_by_key(&self, held: &mut Held, parts: Box<Parts>) -> Result<ResultId> {
        let freshness = if parts.refresh_existing { Freshness::Force } else { Freshness::ByTransaction };
        let result = self.loader(held, freshness).await?.query(parts).await;
        held.count_into(&self.statements);
        Ok(result?.result)
    }

    /// The entity that memory has of a row; not one of which a rollback left nobody knowing whether it exists.
    fn find(&self, table: &'static Table, key: &Key) -> Option<Node> {
        let found = self.memory.graph().find(table, table.primary_key, key);
        found.filter(|node| self.memory.arena.epoch(*node) != UNVERIFIED)
    }
}

/// The identity that these values of a primary key name.
fn named(key: &[Value]) -> Key {
    Key::of(key.iter().map(Key::from))
}

/// Only what is in the database can be read again.
fn stored(state: State, name: impl FnOnce() -> String) -> Result<()> {
    match state {
        State::Persistent => Ok(()),
        State::Pending => Err(Error::usage(format!("{} is not written yet: flush before `session.refresh`", name()))),
        State::Transient => Err(Error::usage(format!(
            "{} is not part of the session: add it with `session.add` before `session.refresh`",
            name()
        ))),
        State::Deleting | State::Deleted => {
            Err(Error::new(Kind::Deleted, format!("{} is deleted, and cannot be read again", name())))
        }
    }
}

fn gone(name: &str) -> Error {
    Error::new(Kind::NotFound, format!("{name} is gone: somebody deleted its row"))
}
