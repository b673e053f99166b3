//! Loops that send a statement for each object are told of, with the place that sends them.
use super::{Loading, Session};
use crate::{
    fast::{HashMap, HashSet},
    memory::{ALONE, Awaited, ResultId},
    model::Node,
    schema::{Table, id},
};
use std::{
    panic::Location,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// A place in the user's code.
pub(crate) type Site = &'static Location<'static>;

/// Who asks, and from where, if that is known.
#[derive(Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) node: Node,
    pub(crate) result: ResultId,
    pub(crate) site: Option<Site>,
}

/// What sends a statement for each object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Single {
    /// It is awaited.
    Awaited(Awaited),
    /// The relationship at that position is queried.
    Query(u16),
}

/// A model, what is asked of its entities, and where.
pub(crate) type Place = (usize, Single, Site);

/// How many entities asked from a place since the last commit, and the last of them.
#[derive(Default)]
pub(super) struct Loops(Mutex<HashMap<Place, (u32, Option<Node>)>>);

impl Loops {
    /// The number of entities that asked from there, if it is a new one.
    fn next(&self, place: Place, node: Node) -> Option<u32> {
        let mut counts = self.counts();
        let (count, last) = counts.entry(place).or_default();
        let new = last.replace(node) != Some(node);
        *count += u32::from(new);
        new.then_some(*count)
    }

    pub(super) fn clear(&self) {
        self.counts().clear();
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<Place, (u32, Option<Node>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The places that a database has warned of.
#[derive(Default)]
pub(crate) struct Told(Mutex<HashSet<Place>>);

impl Told {
    /// Whether it is told for the first time.
    pub(crate) fn is_new(&self, place: Place) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(place)
    }
}

impl Session {
    /// What is awaited of an entity is loaded for it alone.
    pub(super) fn note_alone(&self, asked: Asked, awaited: Awaited, first: bool) {
        let several = self.memory.result(asked.result).is_some_and(|result| result.nodes.len() > 1);
        // The first one of a result may be the only one that is wanted; the others come together.
        if !(first && several && asked.result != ALONE && self.loading() == Loading::Adaptive) {
            self.note_single(asked, Single::Awaited(awaited));
        }
    }

    /// A statement is sent for one entity.
    pub(crate) fn note_single(&self, asked: Asked, single: Single) {
        let (Some(most), Some(site)) = (self.db.single_loads(), asked.site) else { return };
        let table = self.memory.arena.table(asked.node);
        let place = (id(table), single, site);
        let Some(count) = self.loops.next(place, asked.node).filter(|count| *count == most.max(1)) else { return };
        if self.db.told().is_new(place) {
            let (what, instead) = single.described(table);
            tracing::warn!(
                target: "orm::loops",
                statements = count,
                "{site} asks for {what} of one {} at a time, {count} times so far in this session: {instead}",
                table.model
            );
        }
    }
}

impl Single {
    /// What is asked for, and what to write instead.
    fn described(self, table: &'static Table) -> (String, String) {
        let relationship = |position: u16| table.relationships[usize::from(position)].path();
        let together = "get the entities by one query (or `session.get_many`), so that they load along with each other";
        match self {
            Self::Awaited(Awaited::Targets(position)) => {
                let path = relationship(position);
                (format!("`{path}`"), format!("{together}, or load it with their query, `.with({path})`"))
            }
            Self::Awaited(Awaited::Count(position)) => {
                let path = relationship(position);
                let instead = format!("{together}, or count with their query, `.with({path}.counted())`");
                (format!("the number of `{path}`"), instead)
            }
            Self::Awaited(Awaited::Column(position)) => {
                let path = format!("{}::{}", table.model, table.columns[usize::from(position)].field);
                (format!("`{path}`"), format!("{together}, or load it with their query, `.with({path})`"))
            }
            Self::Query(position) => {
                let path = relationship(position);
                let instead = format!(
                    "ask for the targets of all of them by one query, or load them with theirs, `.with({path}.filter(..))`"
                );
                (format!("a query of `{path}`"), instead)
            }
        }
    }
}
