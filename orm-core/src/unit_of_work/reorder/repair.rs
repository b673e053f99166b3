//! Circles among operations, opened: a row gives up a value before it can take the next one, or takes some columns later.
use super::{
    facts::{Cause, Wait},
    meanwhile::{Meanwhile, column_of},
    operation::{Operation, Operations, Row, Shape},
    token::{Keys, Stored},
};
use crate::{
    fast::HashSet,
    model::{ColumnSet, Node},
    schema::Table,
    unit_of_work::plan::{New, Part, Source, Written},
    value::Value,
};

/// A change of the operations that opens a circle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Repair {
    /// The row of this operation gives up its unique values of these columns before.
    Park(usize, ColumnSet),
    /// The row of this operation gives up its reference before.
    Release(usize, &'static [u16]),
    /// The operation leaves the foreign key to another one after it.
    Postpone(usize, &'static [u16]),
}

impl Repair {
    /// What opens the circle of a thing that waits, if anything does.
    pub(super) fn of(operations: &Operations, place: usize, wait: &Wait) -> Option<Self> {
        let repair = match wait.cause {
            Cause::Row => return None,
            Cause::Unique(columns) => Self::Park(wait.on, columns),
            Cause::Release(columns) => Self::Release(wait.on, columns),
            Cause::Reference(columns) => Self::Postpone(place, columns),
        };
        repair.is_possible(operations).then_some(repair)
    }

    fn place(self) -> usize {
        match self {
            Self::Park(place, _) | Self::Release(place, _) | Self::Postpone(place, _) => place,
        }
    }

    fn is_possible(self, operations: &Operations) -> bool {
        match (self, operations.shape(self.place())) {
            (Self::Park(_, key), Shape::Update { table, part, .. }) => {
                *part != Part::Interim && column_of(table, key).is_some()
            }
            (Self::Park(_, key), Shape::Delete { table }) => column_of(table, key).is_some(),
            (Self::Release(_, columns), Shape::Update { table, part, .. }) => {
                *part != Part::Interim && nullable(table, columns).next().is_some()
            }
            (Self::Release(_, columns), Shape::Delete { table }) => nullable(table, columns).next().is_some(),
            (Self::Postpone(_, key), Shape::Update { table, columns, part }) => {
                let late = postponed(table, key);
                let (inside, outside): (Vec<u16>, Vec<u16>) = columns.iter().partition(|column| late.has(**column));
                *part != Part::Interim && !inside.is_empty() && !outside.is_empty()
            }
            (Self::Postpone(_, key), Shape::Insert { table, columns, .. }) => {
                let written = |column: u16| columns.contains(&column);
                !key.is_empty() && nullable(table, key).any(written)
            }
            (Self::Park(..), Shape::Insert { .. } | Shape::Link { .. })
            | (Self::Release(..), Shape::Insert { .. } | Shape::Link { .. })
            | (Self::Postpone(..), Shape::Delete { .. } | Shape::Link { .. }) => false,
        }
    }
}

/// The columns of a foreign key that may be null while the row stays what it is.
fn nullable(table: &'static Table, key: &[u16]) -> impl Iterator<Item = u16> {
    let alone = |column: &u16| table.columns[usize::from(*column)].nullable && !table.primary_key.contains(column);
    key.iter().copied().filter(alone)
}

/// The columns of a foreign key, and those that are unique together with them: half of a unique value may be what another row
/// has. Where the value of such columns cannot be parked instead, the foreign key goes alone.
fn postponed(table: &'static Table, key: &[u16]) -> ColumnSet {
    let uniques = Keys::of(table).uniques;
    let sets = uniques.iter().map(|unique| unique.iter().copied().collect::<ColumnSet>());
    let sets: Vec<ColumnSet> = sets.filter(|set| column_of(table, *set).is_some()).collect();
    let mut late: ColumnSet = key.iter().copied().collect();
    loop {
        let met = sets.iter().filter(|set| set.iter().any(|column| late.has(column)));
        let all = met.fold(late, |all, set| all.union(*set));
        if all == late {
            return late;
        }
        late = all;
    }
}

/// The row of a repair, what is done to which columns, and the columns that its operation wrote until then.
type Id = (Node, Kind, ColumnSet, ColumnSet);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Park,
    Release,
    Postpone,
}

/// The operations that were parked, released and divided already: twice would not help.
#[derive(Debug, Default)]
pub(super) struct Repairs {
    done: HashSet<Id>,
    meanwhile: Meanwhile,
}

impl Repairs {
    pub(super) fn is_new(&self, operations: &Operations, repair: Repair) -> bool {
        self.id(operations, repair).is_some_and(|id| !self.done.contains(&id))
    }

    fn id(&self, operations: &Operations, repair: Repair) -> Option<Id> {
        let place = repair.place();
        let node = operations.list[place].node()?;
        let written = operations.shape(place).columns().iter().copied().collect();
        let (kind, columns) = match repair {
            Repair::Park(_, columns) => (Kind::Park, columns),
            Repair::Release(_, columns) => (Kind::Release, columns.iter().copied().collect()),
            Repair::Postpone(_, columns) => (Kind::Postpone, columns.iter().copied().collect()),
        };
        Some((node, kind, columns, written))
    }

    /// The operations with these repairs.
    pub(super) fn apply(
        &mut self,
        operations: Operations,
        mut repairs: Vec<Repair>,
        stored: &dyn Stored,
    ) -> Operations {
        repairs.retain(|repair| self.id(&operations, *repair).is_some_and(|id| self.done.insert(id)));
        repairs.sort_by_key(|repair| repair.place());
        let mut repairs = repairs.into_iter().peekable();
        let Operations { shapes, list } = operations;
        let mut repaired = Operations { shapes, list: Vec::with_capacity(list.len() + repairs.len()) };
        for (place, operation) in list.into_iter().enumerate() {
            let mut parts = Parts { before: Vec::new(), operation, after: Vec::new() };
            while let Some(repair) = repairs.next_if(|repair| repair.place() == place) {
                self.repair(&mut repaired, &mut parts, (repair, stored));
            }
            repaired.list.extend(parts.before);
            repaired.list.push(parts.operation);
            repaired.list.extend(parts.after);
        }
        repaired
    }

    fn repair(&mut self, operations: &mut Operations, parts: &mut Parts, (repair, stored): (Repair, &dyn Stored)) {
        let Some(table) = operations.shapes[parts.operation.class].table() else { return };
        match repair {
            Repair::Park(_, columns) => {
                let Some(column) = column_of(table, columns) else { return };
                let value = self.meanwhile.value(table, column, &parts.key());
                parts.meanwhile(operations, (table, stored), vec![(column, value)]);
            }
            Repair::Release(_, columns) => {
                let null = |column: u16| (column, table.columns[usize::from(column)].sql_type.null());
                parts.meanwhile(operations, (table, stored), nullable(table, columns).map(null).collect());
            }
            Repair::Postpone(_, columns) => parts.postpone(operations, columns),
        }
    }
}

/// An operation, and those that were taken out of it.
struct Parts {
    before: Vec<Operation>,
    operation: Operation,
    after: Vec<Operation>,
}

impl Parts {
    /// The key by which the row is found.
    fn key(&self) -> Vec<Value> {
        let value = |source: &Source| if let Source::Value(value) = source { Some(value.clone()) } else { None };
        match &self.operation.row {
            Row::Written(row) => row.key.iter().filter_map(value).collect(),
            Row::Removed(row) => row.key.clone(),
            Row::Linked(_) => Vec::new(),
        }
    }

    /// Columns of the row hold other values until the operation.
    fn meanwhile(
        &mut self,
        operations: &mut Operations,
        (table, stored): (&'static Table, &dyn Stored),
        changes: Vec<(u16, Value)>,
    ) {
        let (node, replaced) = match &self.operation.row {
            Row::Written(row) => (row.node, row.replaced),
            Row::Removed(row) => (row.node, None),
            Row::Linked(_) => return,
        };
        let (columns, values) = changes.into_iter().unzip::<_, _, Vec<_>, Vec<_>>();
        let class = operations.class(Shape::Update { table, columns, part: Part::Interim });
        let (key, values) = (Source::values(self.key()), Source::values(values));
        let row = Written { key, values, replaced, ..Written::of(New { node, version: None }) };
        let changed = operations.shapes[class].columns().to_vec();
        self.before.push(Operation { class, row: Row::Written(row) });
        self.restore(operations, stored, &changed);
    }

    /// The operation gives back what it would not have written: what an earlier part of it wrote, or what is stored.
    fn restore(&mut self, operations: &mut Operations, stored: &dyn Stored, changed: &[u16]) {
        let Shape::Update { table, columns, part } = operations.shapes[self.operation.class].clone() else { return };
        let node = self.operation.node();
        let (Row::Written(row), Some(node)) = (&mut self.operation.row, node) else { return };
        let mut written: Vec<(u16, Source)> = columns.into_iter().zip(std::mem::take(&mut row.values)).collect();
        for column in changed {
            if written.iter().all(|(other, _)| other != column) {
                let earlier = if part == Part::Some { operations.last_written(node, *column) } else { None };
                written.push((*column, earlier.unwrap_or_else(|| Source::Value(stored.stored(node, *column)))));
            }
        }
        written.sort_by_key(|(column, _)| *column);
        let (columns, values) = written.into_iter().unzip();
        row.values = values;
        self.operation.class = operations.class(Shape::Update { table, columns, part });
    }

    /// The columns of a foreign key are written by an operation of their own, later.
    fn postpone(&mut self, operations: &mut Operations, key: &[u16]) {
        let Row::Written(row) = &mut self.operation.row else { return };
        let shape = operations.shapes[self.operation.class].clone();
        let (table, late) = match shape {
            Shape::Insert { table, columns, .. } => {
                let alone: Vec<u16> = nullable(table, key).collect();
                let mut late = Vec::new();
                for (column, value) in columns.iter().zip(&mut row.values).filter(|(c, _)| alone.contains(c)) {
                    let null = Source::Value(table.columns[usize::from(*column)].sql_type.null());
                    late.push((*column, std::mem::replace(value, null)));
                }
                (table, late)
            }
            Shape::Update { table, columns, .. } => {
                let (values, postponed) = (std::mem::take(&mut row.values), postponed(table, key));
                let (late, now): (Vec<_>, Vec<_>) =
                    columns.into_iter().zip(values).partition(|(column, _)| postponed.has(*column));
                let (columns, values) = now.into_iter().unzip();
                row.values = values;
                self.operation.class = operations.class(Shape::Update { table, columns, part: Part::Some });
                (table, late)
            }
            Shape::Delete { .. } | Shape::Link { .. } => return,
        };
        let (columns, values) = late.into_iter().unzip();
        let class = operations.class(Shape::Update { table, columns, part: Part::Some });
        let row = Written { key: row_key(table, row), lock: None, values, ..row.again() };
        self.after.push(Operation { class, row: Row::Written(row) });
    }
}

/// The key of a row once it is written.
fn row_key(table: &'static Table, row: &Written) -> Vec<Source> {
    if !row.key.is_empty() {
        return row.key.clone();
    }
    table.primary_key.iter().map(|column| Source::Inserted { node: row.node, column: *column }).collect()
}
