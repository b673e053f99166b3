//! Merging: values with what they hold inside are laid over the entities with their keys.
//!
//! First the values are taken apart into [`Copied`] rows, which are in memory but are no entities. Then the session finds or
//! loads the entities with their keys, a level at a time. Then, in one piece and with nothing left that could fail half way,
//! the copies are written onto the entities, and their relationships are connected.
mod apart;
mod check;
mod lay;
mod locate;

use super::graph::EdgeKey;
use crate::{
    fast::HashMap,
    model::{Node, Open},
    relation::Content,
    schema::{Relationship, Table},
    value::{Key, Value},
};

/// The rows of the values that were given: roots first, then level by level.
#[derive(Default)]
pub(crate) struct Copies {
    pub(crate) rows: Vec<Copied>,
    /// The first row of each table and key.
    first: HashMap<(usize, Key), usize>,
    /// Where each level ends.
    ends: Vec<usize>,
}

/// A row of a value that was given, before it is an entity or part of one.
pub(crate) struct Copied {
    pub(crate) table: &'static Table,
    /// Where its columns are in the model's growing chunk; nowhere for a row that was given by its key alone.
    version: Option<u32>,
    open: Open,
    /// Its primary key, if that is known.
    key: Option<Vec<Value>>,
    /// The keys that a relationship decides, whatever their columns hold.
    decided: Vec<EdgeKey>,
    related: Vec<(u16, Box<dyn Content>)>,
    fields: Vec<Field>,
    /// Who it is: an entity of the session, or the same as an earlier row.
    pub(crate) is: Identity,
}

/// Who a copied row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Identity {
    /// A row that has to be added.
    New,
    /// An entity.
    Entity(Node),
    /// The same new row as an earlier copy.
    SameAs(usize),
}

/// What a relationship field of a copied row held.
struct Field {
    relationship: &'static Relationship,
    partial: bool,
    targets: Vec<Target>,
}

/// A target in a relationship field.
#[derive(Debug, Clone, Copy)]
enum Target {
    Copied(usize),
    Entity(Node),
}
