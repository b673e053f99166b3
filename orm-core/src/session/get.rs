//! Single rows by their keys.
use super::Session;
use crate::{
    entity::{Entity, Model},
    error::{Error, Kind, Result},
    load::{Request, loads_alone},
    memory::{ALONE, Freshness, ResultId, State, UNVERIFIED, stranger},
    model::{IntoKey, KeyColumns, Node},
    query::{Include, IntoInclude, Parts, Query, expr::Expr},
    schema::{Cascade, Relationship, Table},
    value::{Key, Value},
};
use std::collections::HashSet;

impl Session {
    /// The entity with that primary key; from memory if it is there, else by one SELECT.
    ///
    /// # Errors
    /// The database fails.
    pub async fn get<M: Model>(&self, key: impl IntoKey<M::Key>) -> Result<Option<Entity<'_, M>>> {
        let values = key.into_key().into_values();
        let found = self.get_node(M::table(), values).await?;
        Ok(found.map(|(node, result)| self.entity_at(node, result)))
    }

    /// The entity with that primary key, which must exist. SQLAlchemy's `get_one`.
    ///
    /// # Errors
    /// [`is_not_found`](Error::is_not_found), or the database fails.
    pub async fn get_one<M: Model>(&self, key: impl IntoKey<M::Key>) -> Result<Entity<'_, M>> {
        let values = key.into_key().into_values();
        let name = Key::of(values.iter().map(Key::from));
        match self.get_node(M::table(), values).await? {
            Some((node, result)) => Ok(self.entity_at(node, result)),
            None => Err(Error::new(Kind::NotFound, format!("there is no {} with the key {name}", M::table().model))),
        }
    }

    /// The entities with these primary keys in the order of the keys, `None` for those that do not exist. Those in memory
    /// are not asked for; the others by one SELECT, in pieces where the database's limit asks for it.
    ///
    /// # Errors
    /// The database fails.
    pub async fn get_many<M: Model, K: IntoKey<M::Key>>(
        &self,
        keys: impl IntoIterator<Item = K>,
    ) -> Result<Vec<Option<Entity<'_, M>>>> {
        let keys: Vec<Vec<Value>> = keys.into_iter().map(|key| key.into_key().into_values()).collect();
        let table = M::table();
        let missing: Vec<Vec<Value>> = keys.iter().filter(|key| self.find(table, key).is_none()).cloned().collect();
        if !missing.is_empty() {
            let mut held = self.held.lock().await;
            self.check()?;
            let loaded = self.load_keys(&mut held, table, missing).await;
            held.count_into(&self.statements);
            loaded?;
        }
        let entity = |key: &Vec<Value>| self.find(table, key).map(|node| self.entity_at(node, ALONE));
        Ok(keys.iter().map(entity).collect())
    }

    /// Reads the row of an entity again; its unwritten changes are lost. Relationships that cascade `refresh` (`all` does) and
    /// are in memory are read again with their targets, in one statement per level and relationship; what was added there
    /// and is not written is not added any more.
    ///
    /// # Errors
    /// [`is_not_found`](Error::is_not_found) if the row is gone, [`is_wrong_session`](Error::is_wrong_session).
    pub async fn refresh<M: Model>(&self, entity: Entity<'_, M>) -> Result<()> {
        if entity.raw().session_id() != self.id() {
            let name = entity.raw().session().memory().graph().name(entity.raw().node());
            return Err(stranger("`session.refresh`", &name));
        }
        let table = M::table();
        let node = entity.raw().node();
        let values = self.memory.graph().values(node, table.primary_key);
        let parts =
            Parts { filter: Some(Expr::keyed(table, vec![values])), refresh_existing: true, ..Parts::new(table) };
        let result = self.load_by_key(&parts).await?;
        let found = self.memory.result(result).is_some_and(|result| result.nodes.len() == 1);
        if !found {
            return Err(gone(&self.memory.graph().name(node)));
        }
        self.refresh_targets(node).await
    }

    /// Reads again what is in memory of an entity's targets over relationships that cascade `refresh`.
    async fn refresh_targets(&self, node: Node) -> Result<()> {
        let mut seen = HashSet::from([node]);
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
            let request = Request::new(include, vec![entity.raw().node()], entity.raw().result());
            self.loader(&mut held, Freshness::Force).await?.related(request).await?;
        }
        held.count_into(&self.statements);
        Ok(())
    }

    async fn get_node(&self, table: &'static Table, key: Vec<Value>) -> Result<Option<(Node, ResultId)>> {
        if let Some(node) = self.find(table, &key) {
            return Ok(Some((node, ALONE)));
        }
        if loads_alone(table) {
            let mut held = self.held.lock().await;
            self.check()?;
            let node = self.loader(&mut held, Freshness::ByTransaction).await?.by_key(table, key).await;
            held.count_into(&self.statements);
            return Ok(node?.map(|node| (node, ALONE)));
        }
        let parts = Parts { filter: Some(Expr::keyed(table, vec![key])), ..Parts::new(table) };
        let result = self.load_by_key(&parts).await?;
        let node = self.memory.result(result).and_then(|result| result.nodes.get(0));
        Ok(node.map(|node| (node, result)))
    }

    /// Runs a query by key: memory has answered what it can, so that nothing is flushed before.
    async fn load_by_key(&self, parts: &Parts) -> Result<ResultId> {
        let mut held = self.held.lock().await;
        self.check()?;
        let freshness = if parts.refresh_existing { Freshness::Force } else { Freshness::ByTransaction };
        let result = self.loader(&mut held, freshness).await?.query(parts).await;
        held.count_into(&self.statements);
        result
    }

    /// The entity that memory has of a row; not one of which a rollback left nobody knowing whether it exists.
    fn find(&self, table: &'static Table, key: &[Value]) -> Option<Node> {
        let found = self.memory.graph().find(table, table.primary_key, &Key::of(key.iter().map(Key::from)));
        found.filter(|node| self.memory.arena.epoch(*node) != UNVERIFIED)
    }
}

fn gone(name: &str) -> Error {
    Error::new(Kind::NotFound, format!("{name} is gone: somebody deleted its row"))
}
