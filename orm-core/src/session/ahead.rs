//! What a flush reads before it can decide: partners that are displaced, targets that lost their owner.
use super::{Held, Session};
use crate::{
    error::Result,
    fast::HashSet,
    load::{self, Request},
    memory::{ALONE, Edge, Far, Freshness, Lost, Nodes, ResultId, ResultSet, State},
    model::Node,
    query::{Include, Parts, expr::Expr},
    schema::{Grouped, Table},
    unit_of_work::{Ends, Progress, Unknown},
    value::Value,
};

impl Session {
    /// Reads the partners that children of a one-to-one displace, where nobody knew whether there is one: one statement
    /// for each relationship.
    pub(super) async fn displace(&self, held: &mut Held) -> Result<()> {
        let displacing = {
            let noted = std::mem::take(&mut self.memory.graph().graph.displacing);
            let mut seen = HashSet::default();
            let stays = |parent: &Node| self.memory.arena.state(*parent) == State::Persistent;
            let last = |(parent, _, edge): &(Node, Node, Edge)| {
                edge.down().is_some_and(|down| stays(parent) && seen.insert((*parent, down.position())))
            };
            // The last word on each counts.
            noted.into_iter().rev().filter(last).collect::<Vec<_>>()
        };
        let owners = displacing.iter().filter_map(|(parent, _, edge)| Some((edge.down()?, *parent)));
        self.read_targets(held, owners.collect()).await?;
        let mut graph = self.memory.graph();
        displacing.into_iter().try_for_each(|displaced| graph.displace_loaded(displaced))
    }

    /// Reads the targets that a cascade must know, whether criteria hide them from the session or not: one statement for each
    /// relationship. Those that they may hide do not become collections.
    pub(super) async fn read_needed(
        &self,
        held: &mut Held,
        needed: Grouped<Node>,
        progress: &mut Progress,
    ) -> Result<()> {
        let (may_hide, seen): (Vec<_>, Vec<_>) =
            needed.into_iter().partition(|(relationship, _)| progress.may_hide(relationship));
        for (relationship, owners) in may_hide {
            let result = self.memory.keep(ResultSet::new(Nodes::List(owners.clone().into()), Vec::new()));
            let include = Include { without_criteria: true, ..Include::new(relationship) };
            let request = Request::new(include, owners.clone(), result);
            self.loader(held, Freshness::ByTransaction).await?.related(request).await?;
            let position = relationship.position();
            owners
                .into_iter()
                .for_each(|owner| progress.note_found(owner, position, self.found(result, owner, position)));
        }
        let seen =
            seen.into_iter().flat_map(|(relationship, owners)| owners.into_iter().map(move |o| (relationship, o)));
        self.read_targets(held, seen.collect()).await
    }

    /// The targets of an owner that a partial load found.
    fn found(&self, result: ResultId, owner: Node, relation: u16) -> Vec<Node> {
        let found =
            self.memory.result(result).and_then(|result| result.state().partial.get(&(owner, relation)).cloned());
        found.map(|targets| targets.as_slice().to_vec()).unwrap_or_default()
    }

    /// Reads the targets that were taken from their only owner while they were not in memory, so that all are entities.
    pub(super) async fn read_lost(&self, held: &mut Held) -> Result<()> {
        let lost = std::mem::take(&mut self.memory.graph().graph.lost);
        let unknown: Grouped<Vec<Value>> = {
            let mut graph = self.memory.graph();
            let mut key_of = |lost: &Lost| match &lost.target {
                Far::Key(key) if graph.lost_node(lost).is_none() => Some((lost.relationship, key.clone())),
                Far::Key(_) | Far::Node(_) => None,
            };
            lost.iter().filter_map(&mut key_of).collect()
        };
        for (relationship, keys) in unknown {
            self.read_rows(held, (relationship.target(), relationship.far_key()), keys).await?;
        }
        let mut graph = self.memory.graph();
        for lost in lost {
            // One that is still not there is gone already.
            if let Some(node) = graph.lost_node(&lost) {
                graph.graph.lost.push(Lost { target: Far::Node(node), ..lost });
            }
        }
        Ok(())
    }

    /// Reads the last positions of lists that get members and are not in memory: one statement for each relationship.
    pub(super) async fn read_ends(&self, held: &mut Held, unknown: Vec<Unknown>, ends: &mut Ends) -> Result<()> {
        for lists in unknown {
            let connection = held.connection(self.db.driver()).await?;
            let found = load::ends(lists.relationship, &lists.keys, connection, self.db.dialect()).await?;
            ends.learn(&lists, found);
        }
        Ok(())
    }

    /// Reads the targets of owners: one statement for each relationship.
    pub(super) async fn read_targets(&self, held: &mut Held, owners: Grouped<Node>) -> Result<()> {
        for (relationship, owners) in owners {
            let request = Request::new(Include::new(relationship), owners, ALONE);
            self.loader(held, Freshness::ByTransaction).await?.related(request).await?;
        }
        Ok(())
    }

    /// Reads the rows with these values in some columns.
    pub(super) async fn read_rows(
        &self,
        held: &mut Held,
        (table, columns): (&'static Table, &'static [u16]),
        keys: Vec<Vec<Value>>,
    ) -> Result<()> {
        let parts = Parts { filter: Some(Expr::among(table, columns, keys)), ..Parts::new(table) };
        self.loader(held, Freshness::ByTransaction).await?.query(Box::new(parts)).await?;
        Ok(())
    }
}
