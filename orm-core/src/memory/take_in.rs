//! Values with related values inside become entities with relationships.
use super::{Claim, Edge, Locked, State, keyless, not_cascaded};
use crate::{
    error::{Error, Kind, Result},
    model::{Existing, Node, Open},
    relation::{Content, Incoming, NewRow},
    schema::{Cascade, Relationship, RelationshipKind, Table},
    value::{Key, Value, is_unset},
};

/// A target as it is connected: an entity, or a row by its key.
enum Found {
    Node(Node),
    Key(Vec<Value>),
}

/// What became of a new row that was given as a target.
pub(crate) enum Taken {
    /// It is an entity.
    Node(Node),
    /// Its generated key is set, which means the existing row; the copy that was given is not added.
    Existing { copy: Node, key: Vec<Value> },
}

impl Locked<'_> {
    /// Takes in what the relationship fields of an added row held. `session` is the session's own number. Of a row that was
    /// `known` before, what its own keys lead to stays.
    pub(crate) fn take_in(
        &mut self,
        (owner, known): (Node, bool),
        related: Vec<(u16, Box<dyn Content>)>,
        session: u64,
    ) -> Result<()> {
        if !known {
            self.show_by_key(owner);
        }
        for (relation, content) in related {
            let kind = &self.arena.table(owner).relationships[usize::from(relation)].kind;
            if known && matches!(kind, RelationshipKind::BelongsTo { .. }) {
                continue;
            }
            for incoming in content.into_incoming() {
                let relationship = &self.arena.table(owner).relationships[usize::from(relation)];
                let found = self.find_incoming(incoming, (owner, relationship), session)?;
                self.connect(owner, relation, found)?;
            }
        }
        Ok(())
    }

    fn find_incoming(&mut self, incoming: Incoming, at: (Node, &'static Relationship), session: u64) -> Result<Found> {
        match incoming {
            Incoming::Existing(existing) => self.find_existing(existing, at, session),
            Incoming::New(new) => match self.take_new(new, at.1, session)? {
                Taken::Node(node) => Ok(Found::Node(node)),
                Taken::Existing { copy, key } => self.named((copy, key), at.1),
            },
        }
    }

    /// A new row is given as a target: it becomes part of the session, with what it holds.
    ///
    /// # Errors
    /// The relationship does not cascade to new rows, or some relationship of the row cannot be as it is given.
    pub(crate) fn take_new(
        &mut self,
        NewRow { table, row, open, related }: NewRow,
        relationship: &'static Relationship,
        session: u64,
    ) -> Result<Taken> {
        let (node, known) = self.add_or_connect(table, row, open)?;
        if let Some(key) = self.given_key(table, node, open) {
            self.withdraw(node);
            return Ok(Taken::Existing { copy: node, key });
        }
        if !known && !relationship.cascade.has(Cascade::SaveUpdate) {
            self.withdraw(node);
            return Err(not_cascaded(relationship));
        }
        self.take_in((node, known), related, session)?;
        Ok(Taken::Node(node))
    }

    fn given_key(&self, table: &'static Table, node: Node, open: Open) -> Option<Vec<Value>> {
        if !open.connect.is_empty() {
            return None;
        }
        let column = table.generated_key().filter(|column| !open.unset.has(*column))?;
        let value = self.values(node, &[column]).remove(0);
        (!is_unset(&value, table.columns[usize::from(column)].sql_type)).then(|| vec![value])
    }

    fn find_existing(
        &mut self,
        existing: Existing,
        (owner, relationship): (Node, &'static Relationship),
        session: u64,
    ) -> Result<Found> {
        if existing.session != session {
            let error = || keyless(&self.name(owner), &relationship.path(), relationship.target().model);
            let key = existing.key.ok_or_else(error)?;
            return if existing.columns == relationship.target_key() {
                Ok(Found::Key(key))
            } else {
                self.by_other_key(&key, relationship)
            };
        }
        self.take_entity(existing.node, relationship)?;
        Ok(Found::Node(existing.node))
    }

    /// An entity is given as a target: one that is not in the session any more is added again.
    ///
    /// # Errors
    /// It is deleted, or would have to be added and the relationship does not cascade to new rows.
    pub(crate) fn take_entity(&mut self, node: Node, relationship: &'static Relationship) -> Result<()> {
        match self.arena.state(node) {
            State::Pending | State::Persistent => Ok(()),
            State::Transient if relationship.cascade.has(Cascade::SaveUpdate) => self.readmit(node),
            State::Transient => Err(not_cascaded(relationship)),
            State::Deleting | State::Deleted => {
                Err(Error::new(Kind::Deleted, format!("{} was given as a target, and is deleted", self.name(node))))
            }
        }
    }

    /// A row that was given as a value with its generated key, as the relationship names it.
    fn named(&self, (node, key): (Node, Vec<Value>), relationship: &'static Relationship) -> Result<Found> {
        let target = relationship.target();
        let columns = relationship.target_key();
        if columns == target.primary_key {
            return Ok(Found::Key(key));
        }
        let key = self.values(node, columns);
        let unset = |(column, value): (&u16, &Value)| is_unset(value, target.columns[usize::from(*column)].sql_type);
        if columns.iter().zip(&key).any(unset) { Err(no_other_key(relationship)) } else { Ok(Found::Key(key)) }
    }

    /// A row that was given by its primary key, where the relationship references other columns.
    fn by_other_key(&mut self, key: &[Value], relationship: &'static Relationship) -> Result<Found> {
        let target = relationship.target();
        let found = self.find(target, target.primary_key, &Key::of(key.iter().map(Key::from)));
        found.map(Found::Node).ok_or_else(|| no_other_key(relationship))
    }

    fn connect(&mut self, owner: Node, relation: u16, found: Found) -> Result<()> {
        let relationship: &'static Relationship = &self.arena.table(owner).relationships[usize::from(relation)];
        let edge = Edge::of(relationship);
        match (&relationship.kind, found, edge) {
            (RelationshipKind::BelongsTo { .. }, Found::Node(parent), Some(edge)) => {
                self.set_parent(owner, &edge, Some(parent))
            }
            (RelationshipKind::BelongsTo { .. }, Found::Key(key), Some(edge)) => self.set_parent_key(owner, &edge, key),
            (RelationshipKind::ManyToMany(_), Found::Node(far), _) => self.link(owner, relation, far, true),
            (RelationshipKind::ManyToMany(_), Found::Key(key), _) => self.link_key(owner, relation, key, true),
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

fn no_other_key(relationship: &Relationship) -> Error {
    let target = relationship.target();
    let columns = relationship.target_key().iter().map(|column| target.columns[usize::from(*column)].field);
    Error::usage(format!(
        "{} was given a {} by its primary key, and references {}: give that, or an entity",
        relationship.path(),
        target.model,
        columns.collect::<Vec<_>>().join(" and ")
    ))
}
