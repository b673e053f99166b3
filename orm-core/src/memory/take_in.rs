//! Values with related values inside become entities with relationships.
use super::{Claim, Edge, Locked, Pending, State};
use crate::{
    error::{Error, Kind, Result},
    model::{Existing, Node},
    relation::{Content, Incoming},
    schema::{Relationship, RelationshipKind, Table},
    value::{Key, Value, is_unset},
};

/// A target as it is connected: an entity, or a row by its key.
enum Found {
    Node(Node),
    Key(Vec<Value>),
}

impl Locked<'_> {
    /// Takes in what the relationship fields of an added row held. `session` is the session's own number.
    pub(crate) fn take_in(&mut self, owner: Node, related: Vec<(u16, Box<dyn Content>)>, session: u64) -> Result<()> {
        for (relation, content) in related {
            for incoming in content.into_incoming() {
                let relationship = &self.arena.table(owner).relationships[usize::from(relation)];
                let found = self.find_incoming(incoming, relationship, session)?;
                self.connect(owner, relation, found)?;
            }
        }
        Ok(())
    }

    fn find_incoming(
        &mut self,
        incoming: Incoming,
        relationship: &'static Relationship,
        session: u64,
    ) -> Result<Found> {
        match incoming {
            Incoming::Existing(existing) => self.find_existing(existing, relationship, session),
            Incoming::New { table, row, unset, given, related } => {
                let node = self.add(table, row, Pending::new(unset, given))?;
                if let Some(key) = self.given_key(table, node, unset) {
                    // A generated key that is set means the existing row; the copy that was given is not added.
                    self.withdraw(node);
                    return Ok(Found::Key(key));
                }
                self.take_in(node, related, session)?;
                Ok(Found::Node(node))
            }
        }
    }

    pub(crate) fn given_key(
        &self,
        table: &'static Table,
        node: Node,
        unset: crate::model::ColumnSet,
    ) -> Option<Vec<Value>> {
        let column = table.generated_key().filter(|column| !unset.has(*column))?;
        let value = self.values(node, &[column]).remove(0);
        (!is_unset(&value, table.columns[usize::from(column)].sql_type)).then(|| vec![value])
    }

    fn find_existing(
        &mut self,
        existing: Existing,
        relationship: &'static Relationship,
        session: u64,
    ) -> Result<Found> {
        if existing.session != session {
            return existing.key.map(Found::Key).ok_or_else(|| wrong_session(&relationship.path()));
        }
        if self.arena.state(existing.node) == State::Transient {
            self.enlist_again(existing.node);
        }
        Ok(Found::Node(existing.node))
    }

    fn connect(&mut self, owner: Node, relation: u16, found: Found) -> Result<()> {
        let relationship: &'static Relationship = &self.arena.table(owner).relationships[usize::from(relation)];
        let edge = Edge::of(relationship);
        match (&relationship.kind, found, edge) {
            (RelationshipKind::BelongsTo { .. }, Found::Node(parent), Some(edge)) => {
                self.set_parent(owner, &edge, Some(parent))
            }
            (RelationshipKind::BelongsTo { .. }, Found::Key(key), Some(edge)) => self.set_parent_key(owner, &edge, key),
            (RelationshipKind::ManyToMany(_), Found::Node(far), _) => {
                self.link(owner, relation, far, true);
                Ok(())
            }
            (RelationshipKind::ManyToMany(_), Found::Key(key), _) => {
                self.link_key(owner, relation, key, true);
                Ok(())
            }
            (_, Found::Node(child), Some(edge)) => self.set_parent(child, &edge, Some(owner)),
            (_, Found::Key(key), _) => self.claim(relationship, owner, key),
            (_, Found::Node(_), None) => Ok(()),
        }
    }

    /// Gives a child a parent by its key.
    pub(crate) fn set_parent_key(&mut self, child: Node, edge: &Edge, key: Vec<Value>) -> Result<()> {
        if let Some(parent) = self.find(edge.parent, edge.references, &Key::of(key.iter().map(Key::from))) {
            return self.set_parent(child, edge, Some(parent));
        }
        self.set_parent(child, edge, None)?;
        self.set_link(child, edge.columns, None);
        self.write_key(child, edge, Some(key))
    }

    fn claim(&mut self, relationship: &'static Relationship, owner: Node, key: Vec<Value>) -> Result<()> {
        let target = relationship.target();
        let found = self.find(target, target.primary_key, &Key::of(key.iter().map(Key::from)));
        match (found, Edge::of(relationship)) {
            (Some(child), Some(edge)) => self.set_parent(child, &edge, Some(owner)),
            _ => {
                self.graph.claims.push(Claim { relationship, owner, key });
                Ok(())
            }
        }
    }

    /// Gives a child that was loaded for a claim its owner.
    pub(crate) fn fulfil(&mut self, claim: &Claim) -> Result<()> {
        let target = claim.relationship.target();
        let key = Key::of(claim.key.iter().map(Key::from));
        let Some(child) = self.find(target, target.primary_key, &key) else {
            let message = format!(
                "{} was given the {} with key {key}, and there is no such row: leave its key out to add a new one",
                claim.relationship.path(),
                target.model
            );
            return Err(Error::new(Kind::NotFound, message));
        };
        match Edge::of(claim.relationship) {
            Some(edge) => self.set_parent(child, &edge, Some(claim.owner)),
            None => Ok(()),
        }
    }
}

pub(crate) fn wrong_session(what: &str) -> Error {
    Error::new(
        Kind::WrongSession,
        format!(
            "{what} was given an entity of another session, which has no key yet: flush it there first, or add it here"
        ),
    )
}
