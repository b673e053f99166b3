//! Rows, identities and the journal against a twin of hash maps, by random operations.
use super::{Freshness, Memory, State, Unwritten};
use crate::{
    model::{ColumnSet, ColumnValue, Node, Open, Record},
    relation::RelationField,
    schema::{Table, shape::Shape},
    sql::tests::models::column,
    value::{Key, RowReader, SqlType, Value},
};
use proptest::{collection::vec, prelude::*};
use std::{any::TypeId, collections::HashMap};

/// A key that the program makes, and two columns.
#[derive(Debug, Clone, PartialEq)]
struct Row([i64; 3]);

impl Record for Row {
    type Key = i64;
    const PATH: &'static str = "tests::Row";
    const SHAPE: &'static Shape =
        &Shape { model: "Row", path: Self::PATH, columns: &[], primary_key: &[0], uniques: &[], relations: &[] };

    fn table() -> &'static Table {
        static TABLE: Table = Table {
            id: TypeId::of::<Row>,
            model: "Row",
            name: "rows",
            schema: None,
            columns: &[column("id", SqlType::I64), column("a", SqlType::I64), column("b", SqlType::I64)],
            primary_key: &[0],
            uniques: &[],
            indexes: &[],
            checks: &[],
            relationships: &[],
            read_only: false,
            operations: crate::model::operations::<Row>(None, crate::relation::Derived::NONE),
        };
        &TABLE
    }

    fn read(_: &mut RowReader<'_>) -> crate::Result<Self> {
        unreachable!("rows are made here")
    }

    fn copy(&self) -> Self {
        self.clone()
    }

    fn column(&self, position: usize) -> &dyn ColumnValue {
        &self.0[position]
    }

    fn column_mut(&mut self, position: usize) -> &mut dyn ColumnValue {
        &mut self.0[position]
    }

    fn relation(&self, _: usize) -> &dyn RelationField {
        unreachable!("it has none")
    }

    fn relation_mut(&mut self, _: usize) -> &mut dyn RelationField {
        unreachable!("it has none")
    }
}

#[derive(Debug, Clone)]
enum Op {
    /// Rows from a result; of many, the first load is a chunk of its own.
    Load {
        first: i64,
        count: i64,
        value: i64,
        force: bool,
        twice: bool,
    },
    Add {
        key: i64,
        value: i64,
    },
    Change {
        entity: usize,
        column: usize,
        value: i64,
    },
    Move {
        entity: usize,
        key: i64,
    },
    Delete {
        entity: usize,
    },
    Write,
    Commit,
    Rollback,
    Mark,
    Undo,
    /// Looks all keys up, which makes the index where there is none.
    Look,
}

fn operations() -> impl Strategy<Value = Vec<Op>> {
    let entity = || 0..100usize;
    let load = (0..12i64, prop_oneof![4 => 1..6i64, 1 => 60..90i64], 0..5i64, any::<bool>(), any::<bool>());
    let one = prop_oneof![
        4 => load.prop_map(|(first, count, value, force, twice)| Op::Load { first, count, value, force, twice }),
        2 => (0..200i64, 0..5i64).prop_map(|(key, value)| Op::Add { key, value }),
        5 => (entity(), 1..3usize, 0..5i64).prop_map(|(entity, column, value)| Op::Change { entity, column, value }),
        2 => (entity(), 0..200i64).prop_map(|(entity, key)| Op::Move { entity, key }),
        1 => entity().prop_map(|entity| Op::Delete { entity }),
        3 => Just(Op::Write),
        2 => Just(Op::Commit),
        2 => Just(Op::Rollback),
        2 => Just(Op::Mark),
        2 => Just(Op::Undo),
        1 => Just(Op::Look),
    ];
    vec(one, 1..40)
}

#[derive(Debug, Clone)]
struct Entity {
    node: Node,
    state: State,
    now: [i64; 3],
    /// What the database has, where that differs.
    base: Option<[i64; 3]>,
    /// What it was when it came into memory, and whether it was read then.
    first: ([i64; 3], bool),
    /// The epoch that it was read in; none where a rollback left that open.
    seen: Option<u32>,
    /// Whether it was first read after the transaction's first write.
    tentative: bool,
}

#[derive(Debug, Clone, Default)]
struct Twin {
    entities: Vec<Entity>,
    by_key: HashMap<i64, usize>,
    epoch: u32,
    written: bool,
}

impl Twin {
    fn load(&mut self, key: i64, row: [i64; 3], force: bool, node: Node) -> Option<usize> {
        let Some(id) = self.by_key.get(&key).copied() else {
            let (seen, tentative) = (Some(self.epoch), self.written);
            let first = (row, true);
            self.entities.push(Entity { node, state: State::Persistent, now: row, base: None, first, seen, tentative });
            self.by_key.insert(key, self.entities.len() - 1);
            return None;
        };
        let epoch = self.epoch;
        let entity = &mut self.entities[id];
        let newer = entity.seen.is_none_or(|seen| seen < epoch) || force;
        if newer && entity.state != State::Deleting {
            entity.seen = Some(epoch);
            entity.take(row, force);
        }
        Some(id)
    }

    fn undo(&mut self, before: &Self) {
        let since = self.entities.split_off(before.entities.len());
        let seen: Vec<Option<u32>> = self.entities.iter().map(|entity| entity.seen).collect();
        let read: Vec<[i64; 3]> = self.entities.iter().map(|entity| entity.base.unwrap_or(entity.now)).collect();
        let (epoch, written) = (self.epoch, self.written);
        *self = Self { epoch, written, ..before.clone() };
        for (entity, (seen, read)) in self.entities.iter_mut().zip(seen.into_iter().zip(read)) {
            // Of what is as it was read since, that stays true.
            if entity.base.unwrap_or(entity.now) == read {
                entity.seen = seen;
            }
        }
        for mut entity in since {
            (entity.now, entity.base) = (entity.first.0, None);
            entity.state = if entity.first.1 { State::Persistent } else { State::Transient };
            if entity.first.1 {
                entity.seen = entity.seen.filter(|_| !entity.tentative);
                self.by_key.entry(entity.now[0]).or_insert(self.entities.len());
            }
            self.entities.push(entity);
        }
    }

    fn write(&mut self) {
        self.written |= self.entities.iter().any(Entity::is_unwritten);
        for entity in self.entities.iter().filter(|entity| entity.is_unwritten()) {
            self.by_key.remove(&entity.base.unwrap_or(entity.now)[0]);
        }
        for (id, entity) in self.entities.iter_mut().enumerate().filter(|(_, entity)| entity.is_unwritten()) {
            match entity.state {
                State::Deleting => entity.state = State::Deleted,
                State::Pending => (entity.state, entity.seen) = (State::Persistent, Some(self.epoch)),
                State::Persistent | State::Deleted | State::Transient => {}
            }
            entity.base = None;
            if entity.state == State::Persistent {
                self.by_key.insert(entity.now[0], id);
            }
        }
    }

    /// The keys that a write will bring.
    fn unwritten_keys(&self) -> impl Iterator<Item = i64> + '_ {
        let new = |entity: &&Entity| {
            entity.state == State::Pending || entity.base.is_some_and(|base| base[0] != entity.now[0])
        };
        self.entities.iter().filter(new).map(|entity| entity.now[0])
    }

    /// Whether a key is no entity's, nor will be.
    fn is_free(&self, key: i64) -> bool {
        let has = |entity: &Entity| entity.now[0] == key || entity.base.is_some_and(|base| base[0] == key);
        !self.entities.iter().any(has)
    }
}

impl Entity {
    /// A row of a newer epoch: what was changed since keeps its value, unless it is forced.
    fn take(&mut self, row: [i64; 3], force: bool) {
        let before = self.base.filter(|_| !force);
        match before {
            None => (self.now, self.base) = (row, None),
            Some(base) => {
                for column in 0..3 {
                    if self.now[column] == base[column] {
                        self.now[column] = row[column];
                    }
                }
                self.base = Some(row);
            }
        }
    }

    fn is_unwritten(&self) -> bool {
        match self.state {
            State::Pending | State::Deleting => true,
            State::Persistent => self.base.is_some(),
            State::Deleted | State::Transient => false,
        }
    }
}

struct Course {
    memory: Memory,
    twin: Twin,
    committed: Twin,
    marks: Vec<(usize, Unwritten, Twin)>,
    /// Keys that entities had, as written in this transaction.
    freed: Vec<i64>,
}

impl Course {
    fn run(&mut self, op: &Op) -> Result<(), TestCaseError> {
        match *op {
            Op::Load { first, count, value, force, twice } => self.load((first..first + count, value), force, twice)?,
            Op::Add { key, value } if self.twin.is_free(key) => self.add([key, value, value]),
            Op::Change { entity, column, value } => self.change(entity, column, value),
            Op::Move { entity, key } if self.twin.is_free(key) => self.change(entity, 0, key),
            Op::Add { .. } | Op::Move { .. } => {}
            Op::Delete { entity } => self.delete(entity),
            Op::Write => self.write(),
            Op::Commit => self.commit(),
            Op::Rollback => self.rollback(),
            Op::Mark => {
                self.write();
                let graph = self.memory.graph();
                self.marks.push((graph.graph.journal.len(), graph.graph.unwritten(), self.twin.clone()));
            }
            Op::Undo => self.undo(),
            Op::Look => self.compare_keys()?,
        }
        self.compare_rows()
    }

    fn load(&mut self, rows: (std::ops::Range<i64>, i64), force: bool, twice: bool) -> Result<(), TestCaseError> {
        // The database has no row of a key that is not written yet, nor one that this transaction freed.
        let mut unwritten: Vec<i64> = self.twin.unwritten_keys().collect();
        unwritten.extend(&self.freed);
        let keys = || rows.0.clone().filter(|key| !unwritten.contains(key));
        let all = || keys().map(|key| Row([key, rows.1, key % 3]));
        let batch: Vec<Row> = if twice { all().chain(all()).collect() } else { all().collect() };
        let freshness = if force { Freshness::Force } else { Freshness::ByTransaction };
        let nodes = self.memory.graph().intern(Row::table(), Box::new(batch.clone()), !twice, freshness);
        let nodes = nodes.expect("rows of one model");
        prop_assert_eq!(nodes.len(), batch.len());
        for (row, node) in batch.iter().zip(nodes.iter()) {
            if let Some(known) = self.twin.load(row.0[0], row.0, force, node) {
                prop_assert_eq!(self.twin.entities[known].node, node, "one row is one entity");
            }
        }
        Ok(())
    }

    fn add(&mut self, row: [i64; 3]) {
        let added = self.memory.graph().add_or_connect(Row::table(), Box::new(Row(row)), Open::default());
        let (node, _) = added.expect("a row of the model");
        let (state, first, seen) = (State::Pending, (row, false), Some(self.twin.epoch));
        self.twin.entities.push(Entity { node, state, now: row, base: None, first, seen, tentative: false });
    }

    fn pick(&self, entity: usize, states: &[State]) -> Option<usize> {
        let all: Vec<usize> =
            (0..self.twin.entities.len()).filter(|id| states.contains(&self.twin.entities[*id].state)).collect();
        all.get(entity % all.len().max(1)).copied()
    }

    fn change(&mut self, entity: usize, column: usize, value: i64) {
        let Some(id) = self.pick(entity, &[State::Persistent, State::Pending]) else { return };
        let entity = &mut self.twin.entities[id];
        self.memory.update(entity.node, None, |row: &mut Row| row.0[column] = value).expect("a row of the model");
        if entity.now[column] != value {
            if entity.state == State::Persistent {
                entity.base.get_or_insert(entity.now);
            }
            entity.now[column] = value;
        }
    }

    fn delete(&mut self, entity: usize) {
        let Some(id) = self.pick(entity, &[State::Persistent]) else { return };
        let entity = &mut self.twin.entities[id];
        entity.state = State::Deleting;
        let mut graph = self.memory.graph();
        graph.set_state(entity.node, State::Deleting);
        graph.graph.deleting.push(entity.node);
    }

    /// As a flush settles: old keys leave the index before new ones enter.
    fn write(&mut self) {
        let mut graph = self.memory.graph();
        let unwritten: Vec<(Node, State)> =
            self.twin.entities.iter().filter(|e| e.is_unwritten()).map(|e| (e.node, e.state)).collect();
        graph.graph.written |= !unwritten.is_empty();
        for (node, state) in &unwritten {
            let current = graph.arena.slot(*node).current();
            let stored = graph.graph.base.remove(node).unwrap_or(current);
            if *state != State::Pending {
                graph.leave(*node, stored);
            }
        }
        for (node, state) in unwritten {
            if state == State::Deleting {
                graph.set_state(node, State::Deleted);
                continue;
            }
            graph.set_state(node, State::Persistent);
            graph.close(node);
            let version = graph.arena.slot(node).current();
            graph.enter(node, version);
        }
        graph.graph.pending.clear();
        graph.graph.deleting.clear();
        graph.forget_unchanged();
        graph.all_written();
        drop(graph);
        let gone = self.twin.entities.iter().filter(|entity| entity.is_unwritten());
        self.freed.extend(gone.map(|entity| entity.base.unwrap_or(entity.now)[0]));
        self.twin.write();
    }

    fn commit(&mut self) {
        self.write();
        self.memory.graph().committed();
        self.end_transaction();
    }

    fn rollback(&mut self) {
        self.memory.graph().rolled_back();
        self.twin.undo(&self.committed);
        self.end_transaction();
    }

    fn end_transaction(&mut self) {
        self.twin.epoch += 1;
        self.twin.written = false;
        self.twin.entities.iter_mut().for_each(|entity| entity.tentative = false);
        self.committed = self.twin.clone();
        self.marks.clear();
        self.freed.clear();
    }

    fn undo(&mut self) {
        let Some((mark, unwritten, before)) = self.marks.pop() else { return };
        self.memory.graph().undo_to(mark, unwritten);
        self.twin.undo(&before);
    }

    fn compare_keys(&self) -> Result<(), TestCaseError> {
        let mut graph = self.memory.graph();
        for key in 0..200 {
            let expected = self.twin.by_key.get(&key).map(|id| self.twin.entities[*id].node);
            let found = graph.find(Row::table(), &[0], &Key::from(&Value::BigInt(Some(key))));
            prop_assert_eq!(found, expected, "the entity of the key {}", key);
        }
        Ok(())
    }

    fn compare_rows(&self) -> Result<(), TestCaseError> {
        let graph = self.memory.graph();
        for entity in &self.twin.entities {
            let row = graph.arena.row::<Row>(entity.node).map(|row| row.0);
            prop_assert_eq!(row, Some(entity.now), "the columns of {:?}", entity);
            prop_assert_eq!(graph.arena.state(entity.node), entity.state, "the state of {:?}", entity);
            let differs =
                |base: [i64; 3]| (0..3u16).filter(move |c| base[usize::from(*c)] != entity.now[usize::from(*c)]);
            let changed: ColumnSet = entity.base.into_iter().flat_map(differs).collect();
            prop_assert_eq!(graph.changed(entity.node), changed, "the changes of {:?}", entity);
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn memory_is_its_twin(ops in operations()) {
        let twin = Twin { epoch: 1, ..Twin::default() };
        let mut course = Course { memory: Memory::new(), committed: twin.clone(), twin, marks: Vec::new(), freed: Vec::new() };
        for op in &ops {
            course.run(op)?;
        }
        course.compare_keys()?;
    }
}
