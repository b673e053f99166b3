//! What a relationship field of a value holds, its model erased, so that related models do not nest in each other's types.
use super::Related;
use crate::{
    model::{Draft, Existing, Open, Record},
    schema::Table,
};
use std::any::Any;

/// The targets in a relationship field.
pub trait Content: Any + Send + Sync {
    /// Hands out the targets.
    fn into_incoming(self: Box<Self>) -> Vec<Incoming>;
    /// A copy, to any depth.
    fn copy(&self) -> Box<dyn Content>;
    /// Whether there may be more targets than these.
    fn is_partial(&self) -> bool;
    /// Whether it holds targets, and not only their number.
    fn is_loaded(&self) -> bool {
        true
    }
    /// How many targets there are in all, if that was counted.
    fn total(&self) -> Option<u64> {
        None
    }
    /// Takes the number of targets that there are in all.
    fn set_total(&mut self, _total: u64) {}
    /// For the field's own code.
    fn as_any(&self) -> &dyn Any;
}

/// The number of targets, none of which was loaded.
pub(super) struct Counted(pub(super) u64);

impl Content for Counted {
    fn into_incoming(self: Box<Self>) -> Vec<Incoming> {
        Vec::new()
    }

    fn copy(&self) -> Box<dyn Content> {
        Box::new(Self(self.0))
    }

    fn is_partial(&self) -> bool {
        false
    }

    fn is_loaded(&self) -> bool {
        false
    }

    fn total(&self) -> Option<u64> {
        Some(self.0)
    }

    fn set_total(&mut self, total: u64) {
        self.0 = total;
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A target on its way into a session.
pub enum Incoming {
    /// A new row, with what its own relationship fields held.
    New(NewRow),
    /// An entity.
    Existing(Existing),
}

/// A row that is no entity yet.
pub struct NewRow {
    /// Its table.
    pub table: &'static Table,
    /// The model, its relationship fields emptied.
    pub row: Box<dyn Any + Send + Sync>,
    /// What was left open in it.
    pub open: Open,
    /// What the relationship fields held, by their positions.
    pub related: Vec<(u16, Box<dyn Content>)>,
}

impl NewRow {
    pub(crate) fn of<M: Record>(draft: Draft<M>) -> Self {
        let Draft { mut value, open } = draft;
        let related = take_related(&mut value);
        Self { table: M::table(), row: Box::new(value), open, related }
    }
}

impl Incoming {
    pub(crate) fn new<M: Record>(draft: Draft<M>) -> Self {
        Self::New(NewRow::of(draft))
    }
}

/// Empties the relationship fields of a row.
pub(crate) fn take_related<M: Record>(row: &mut M) -> Vec<(u16, Box<dyn Content>)> {
    taken(M::table(), &mut |position| row.relation_mut(usize::from(position)).take())
}

fn taken(table: &Table, take: &mut dyn FnMut(u16) -> Option<Box<dyn Content>>) -> Vec<(u16, Box<dyn Content>)> {
    let positions = 0..table.relationships.len() as u16;
    positions.filter_map(|position| take(position).map(|content| (position, content))).collect()
}

/// Targets that are all plain values, as a load gives them, or as the user does.
pub(crate) struct Values<T> {
    pub(crate) rows: Vec<T>,
    pub(crate) partial: bool,
    /// How many there are in all, where that was counted.
    pub(crate) total: Option<u64>,
}

impl<T> Values<T> {
    pub(crate) fn new(rows: Vec<T>, partial: bool) -> Self {
        Self { rows, partial, total: None }
    }
}

/// Targets of any kind, as a builder collects them.
pub(crate) struct Mixed<T>(pub(crate) Vec<Related<T>>);

impl<T: Record> Content for Values<T> {
    fn into_incoming(self: Box<Self>) -> Vec<Incoming> {
        let mut incoming = Vec::with_capacity(self.rows.len());
        for row in self.rows {
            incoming.push(Incoming::new(crate::model::IntoDraft::into_draft(row)));
        }
        incoming
    }

    fn copy(&self) -> Box<dyn Content> {
        let mut rows = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            rows.push(copy_deep(row));
        }
        Box::new(Self { rows, partial: self.partial, total: self.total })
    }

    fn is_partial(&self) -> bool {
        self.partial
    }

    fn total(&self) -> Option<u64> {
        self.total
    }

    fn set_total(&mut self, total: u64) {
        self.total = Some(total);
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl<T: Record> Content for Mixed<T> {
    fn into_incoming(self: Box<Self>) -> Vec<Incoming> {
        let incoming = |related| match related {
            Related::New(draft) => Incoming::new(draft),
            Related::Existing(existing) => Incoming::Existing(existing),
        };
        self.0.into_iter().map(incoming).collect()
    }

    fn copy(&self) -> Box<dyn Content> {
        let copy = |related: &Related<T>| match related {
            Related::New(draft) => Related::New(Draft { value: copy_deep(&draft.value), open: draft.open }),
            Related::Existing(existing) => Related::Existing(existing.clone()),
        };
        Box::new(Self(self.0.iter().map(copy).collect()))
    }

    fn is_partial(&self) -> bool {
        false
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A copy of a row with all that its relationship fields hold.
pub(crate) fn copy_deep<M: Record>(row: &M) -> M {
    let mut copy = row.copy();
    for i in 0..M::table().relationships.len() {
        if let Some(content) = row.relation(i).content() {
            copy.relation_mut(i).fill(content.copy());
        } else if let Some(total) = row.relation(i).total() {
            copy.relation_mut(i).set_total(total);
        }
    }
    copy
}

/// Loaded rows that are given out to the relationship fields of their owners.
pub trait RelatedRows: Send {
    /// The content of a field with the rows at those positions.
    fn content(&mut self, rows: &[u32], partial: bool) -> Box<dyn Content>;
}

/// Rows of a model that are given out one by one: moved at their last use, copied before.
pub struct Targets<T> {
    rows: Vec<Option<T>>,
    /// How often each is still wanted; none if each is wanted once.
    uses: Vec<u32>,
}

impl<T> Targets<T> {
    pub(crate) fn new(rows: Vec<T>, uses: Vec<u32>) -> Self {
        Self { rows: rows.into_iter().map(Some).collect(), uses }
    }
}

impl<T: Record> RelatedRows for Targets<T> {
    fn content(&mut self, rows: &[u32], partial: bool) -> Box<dyn Content> {
        let mut given = Vec::with_capacity(rows.len());
        for place in rows.iter().map(|row| *row as usize) {
            let left = self.uses.get_mut(place).map_or(0, |uses| {
                *uses -= 1;
                *uses
            });
            let row = &mut self.rows[place];
            given.extend(if left > 0 { row.as_ref().map(copy_deep) } else { row.take() });
        }
        Box::new(Values::new(given, partial))
    }
}
