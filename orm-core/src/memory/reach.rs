//! What an operation reaches over the relationships that cascade it, as far as it is in memory.
use super::{Edge, Locked, State, Target};
use crate::{
    error::Error,
    fast::HashSet,
    model::Node,
    schema::{Cascade, Grouped, Relationship, RelationshipKind},
};

impl Locked<'_> {
    /// An entity, and what is in memory of its targets over relationships with that cascade, and so on.
    pub(crate) fn reached(&mut self, node: Node, cascade: Cascade) -> Vec<Node> {
        let mut reached = vec![node];
        let mut seen: HashSet<Node> = reached.iter().copied().collect();
        let mut next = 0;
        // The list grows while it is walked.
        while next < reached.len() {
            for relationship in cascading(self.arena.table(reached[next]).relationships, cascade) {
                let targets = self.known_targets(reached[next], relationship).unwrap_or_default();
                reached.extend(targets.into_iter().filter(|target| seen.insert(*target)));
            }
            next += 1;
        }
        reached
    }

    /// The relationships with that cascade whose targets are in memory, with their owners among these entities.
    pub(crate) fn reached_from(&mut self, owners: &[Node], cascade: Cascade) -> Grouped<Node> {
        let mut reached = Grouped::default();
        for owner in owners {
            for relationship in cascading(self.arena.table(*owner).relationships, cascade) {
                if self.known_targets(*owner, relationship).is_some() {
                    reached.push(relationship, *owner);
                }
            }
        }
        reached
    }

    /// The targets of a relationship that are part of the session, if memory knows them.
    pub(crate) fn known_targets(&mut self, node: Node, relationship: &'static Relationship) -> Option<Vec<Node>> {
        let mut targets = match (&relationship.kind, Edge::of(relationship)) {
            (RelationshipKind::BelongsTo { .. }, Some(edge)) => match self.target(node, &edge) {
                Target::Node(target) => vec![target],
                Target::None | Target::Dangling | Target::Key(_) => return None,
            },
            _ => self.graph.cells.get(&(node, relationship.position()))?.known().to_vec(),
        };
        let arena = self.arena;
        targets.retain(|target| !matches!(arena.state(*target), State::Deleted | State::Transient));
        Some(targets)
    }
}

fn cascading(relationships: &'static [Relationship], cascade: Cascade) -> impl Iterator<Item = &'static Relationship> {
    relationships.iter().filter(move |relationship| relationship.cascade.has(cascade))
}

/// A new row was given over a relationship that does not add its targets.
pub(crate) fn not_cascaded(relationship: &Relationship) -> Error {
    Error::usage(format!(
        "a new {} was given for {}, which does not cascade `save_update`: add it by itself, `session.add(..)`, and give the \
         entity; or add `save_update` to its `cascade(..)`",
        relationship.target().model,
        relationship.path()
    ))
}
