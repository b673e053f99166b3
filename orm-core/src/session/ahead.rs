//! What a flush reads before it can decide: partners that are displaced, targets that lost their owner.
use super::{Held, Session};
use crate::{
    error::Result,
    load::{self, Request},
    memory::{ALONE, Edge, Far, Freshness, Lost, State},
    model::Node,
    query::{Include, Parts, expr::Expr},
    schema::{Relationship, Table},
    unit_of_work::{Ends, Unknown},
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
        for (relationship, owners) in grouped(owners) {
            let request = Request::new(Include::new(relationship), owners, ALONE);
            self.loader(held, Freshness::ByTransaction).await?.related(request).await?;
        }
        let mut graph = self.memory.graph();
        displacing.into_iter().try_for_each(|displaced| graph.displace_loaded(displaced))
    }

    /// Reads the targets that were taken from their only owner while they were not in memory, so that all are entities.
    pub(super) async fn read_lost(&self, held: &mut Held) -> Result<()> {
        let lost = std::mem::take(&mut self.memory.graph().graph.lost);
        let unknown: Vec<(&'static Relationship, Vec<Value>)> = {
            let mut graph = self.memory.graph();
            let mut key_of = |lost: &Lost| match &lost.target {
                Far::Key(key) if graph.lost_node(lost).is_none() => Some((lost.relationship, key.clone())),
                Far::Key(_) | Far::Node(_) => None,
            };
            lost.iter().filter_map(&mut key_of).collect()
        };
        for (relationship, keys) in grouped(unknown.into_iter()) {
            self.read_rows(held, (relationship.target(), relationship.far_key()), &keys).await?;
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

    /// Reads the rows with these values in some columns.
    async fn read_rows(
        &self,
        held: &mut Held,
        (table, columns): (&'static Table, &'static [u16]),
        keys: &[Vec<Value>],
    ) -> Result<()> {
        let is = |key: &Vec<Value>| {
            let equal = |(column, value): (&u16, &Value)| Expr::equal(table, *column, value.clone());
            Expr::All(columns.iter().zip(key).map(equal).collect())
        };
        let mut parts = Parts::new(table);
        parts.filter = Some(Expr::Any(keys.iter().map(is).collect()));
        self.loader(held, Freshness::ByTransaction).await?.query(&parts).await?;
        Ok(())
    }
}

/// Things by their relationship, in the order in which the relationships come first.
fn grouped<T>(things: impl Iterator<Item = (&'static Relationship, T)>) -> Vec<(&'static Relationship, Vec<T>)> {
    let mut groups: Vec<(&'static Relationship, Vec<T>)> = Vec::new();
    for (relationship, thing) in things {
        match groups.iter_mut().find(|(other, _)| std::ptr::eq(*other, relationship)) {
            Some((_, group)) => group.push(thing),
            None => groups.push((relationship, vec![thing])),
        }
    }
    groups
}
