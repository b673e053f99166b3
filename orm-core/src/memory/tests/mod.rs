//! Rows, identities and the journal against a twin of hash maps, by random operations.
mod known;
mod program;
mod twin;

use self::{
    program::{Op, Row, operations},
    twin::{Entity, Twin},
};
use super::{Freshness, Memory, State, Unwritten};
use crate::{
    model::{ColumnSet, Node, Open, Record},
    value::{Key, Value},
};
use proptest::prelude::*;
use std::sync::Arc;

struct Course {
    memory: Arc<Memory>,
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
                let mut graph = self.memory.graph();
                self.marks.push((graph.graph.journal.mark(), graph.graph.unwritten(), self.twin.clone()));
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
        let nodes = known::take(&self.memory, &batch, !twice, freshness);
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
        let (replaced, tentative) = (Vec::new(), false);
        self.twin.entities.push(Entity { node, state, now: row, base: None, first, seen, replaced, tentative });
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
        run(&ops)?;
    }
}

fn run(ops: &[Op]) -> Result<(), TestCaseError> {
    let twin = Twin { epoch: 1, ..Twin::default() };
    let (memory, committed) = (Arc::new(Memory::new()), twin.clone());
    let mut course = Course { memory, committed, twin, marks: Vec::new(), freed: Vec::new() };
    for op in ops {
        course.run(op)?;
    }
    course.compare_keys()
}

#[test]
fn a_row_that_a_savepoint_read_again_is_not_taken_for_read_once_that_is_undone() {
    let load = |value| Op::Load { first: 0, count: 1, value, force: false, twice: false };
    let add = Op::Add { key: 5, value: 0 };
    let ops = [Op::Mark, add, Op::Mark, load(2), Op::Undo, load(2), Op::Undo, load(0)];
    run(&ops).expect("memory is its twin");
}
