//! What a flush reads before it can decide: partners that are displaced, targets that lost their owner.
use super::{Held, Session};
use crate::{
    error::Result,
    load::Request,
    memory::{ALONE, Edge, Far, Freshness, Lost, State},
    model::Node,
    query::{Include, Parts, expr::Expr},
    schema::{Grouped, Table},
    value::Value,
};
use std::collections::HashSet;

impl Session {
    /// Reads the partners that children of a one-to-one displace, where nobody knew whether there is one: one statement
    /// for each relationship.
    pub(super) async fn displace(&self, held: &mut Held) -> Result<()> {
        let displacing = {
            let noted = std::mem::take(&mut self.memory.graph().graph.displacing);
            let mut seen = HashSet::new();
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
        self.loader(held, Freshness::ByTransaction).await?.query(&parts).await?;
        Ok(())
    }
}
