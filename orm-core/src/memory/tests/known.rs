//! Rows that memory has are known while a result comes in.
use super::program::Row;
use crate::{
    memory::{Freshness, Known, Memory, Nodes, Places, State},
    model::{Node, Record, Rows},
    value::{Key, Value},
};
use std::sync::Arc;

/// A result as it comes in: the rows that are decoded, and the places of all.
fn read(memory: &Arc<Memory>, rows: &[Row], freshness: Freshness) -> (Vec<Row>, Places) {
    let mut known = Known::new(memory, Row::table(), freshness);
    let (mut decoded, mut places) = (Vec::new(), Places::default());
    for row in rows {
        let is_same = |rows: &dyn Rows, at: usize| {
            (0..3).all(|column| rows.value(at, column) == Value::BigInt(Some(row.0[usize::from(column)])))
        };
        match known
            .as_mut()
            .and_then(|known| known.asks().then_some(known))
            .and_then(|known| known.entity(&Key::Int(row.0[0]), is_same))
        {
            Some(node) => places.push_known(node, decoded.len()),
            None => {
                places.push_decoded(decoded.len());
                decoded.push(row.clone());
            }
        }
    }
    (decoded, places)
}

/// Takes a result into memory.
pub(super) fn take(memory: &Arc<Memory>, rows: &[Row], unique: bool, freshness: Freshness) -> Nodes {
    let (decoded, places) = read(memory, rows, freshness);
    intern(memory, (decoded, places), unique, freshness)
}

fn intern(memory: &Memory, (decoded, places): (Vec<Row>, Places), unique: bool, freshness: Freshness) -> Nodes {
    let nodes = memory.graph().intern_among(Row::table(), Box::new(decoded), (places, unique), freshness);
    nodes.expect("rows of one model")
}

fn rows(keys: impl IntoIterator<Item = i64>) -> Vec<Row> {
    keys.into_iter().map(|key| Row([key, key % 7, 0])).collect()
}

#[test]
fn only_rows_that_are_new_or_differ_are_decoded() {
    let memory = Arc::new(Memory::new());
    let read = |rows: &[Row], freshness| {
        let (decoded, places) = read(&memory, rows, freshness);
        let count = decoded.len();
        (count, intern(&memory, (decoded, places), true, freshness))
    };
    let (all, again) = (rows(0..100), rows((0..100).rev().chain(200..205)));
    assert_eq!(read(&all, Freshness::ByTransaction).0, 100);
    assert_eq!(read(&all, Freshness::ByTransaction).0, 0);
    assert_eq!(read(&all, Freshness::Force).0, 100, "what is to replace memory is always read");
    let (decoded, nodes) = read(&again, Freshness::ByTransaction);
    assert_eq!((decoded, nodes.len()), (5, 105));
    assert_eq!(nodes.get(0), Some(Node { chunk: nodes.get(99).expect("a row").chunk, row: 99 }));
    let mut changed = rows(0..100);
    changed[50].0[2] = 1;
    assert_eq!(read(&changed, Freshness::ByTransaction).0, 0, "the transaction has seen them");
    memory.graph().graph.epoch += 1;
    assert_eq!(read(&changed, Freshness::ByTransaction).0, 1);
    assert_eq!(read(&changed, Freshness::ByTransaction).0, 0);
}

#[test]
fn an_entity_that_leaves_while_its_row_comes_in_is_another_one_then() {
    let memory = Arc::new(Memory::new());
    let all = rows(0..3);
    let first = take(&memory, &all, true, Freshness::ByTransaction);
    let came = read(&memory, &all, Freshness::ByTransaction);
    let left = first.get(1).expect("a row");
    memory.graph().expunge(left);
    let nodes = intern(&memory, came, true, Freshness::ByTransaction);
    assert_eq!((nodes.get(0), nodes.get(2)), (first.get(0), first.get(2)));
    let other = nodes.get(1).expect("a row");
    assert_ne!(other, left);
    assert_eq!((memory.arena.row::<Row>(other), memory.arena.state(other)), (Some(&all[1]), State::Persistent));
}
