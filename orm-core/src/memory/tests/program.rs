//! What a random program may do to memory, and the rows it does it to.
use crate::{
    model::{ColumnValue, Record},
    relation::RelationField,
    schema::{Table, shape::Shape},
    sql::tests::models::column,
    value::{RowReader, SqlType},
};
use proptest::{collection::vec, prelude::*};
use std::any::TypeId;

/// A key that the program makes, and two columns.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row(pub(super) [i64; 3]);

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
            soft_delete: None,
            criteria: &[],
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

    fn relation(&self, _: usize) -> &RelationField {
        unreachable!("it has none")
    }

    fn relation_mut(&mut self, _: usize) -> &mut RelationField {
        unreachable!("it has none")
    }
}

#[derive(Debug, Clone)]
pub(super) enum Op {
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

pub(super) fn operations() -> impl Strategy<Value = Vec<Op>> {
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
