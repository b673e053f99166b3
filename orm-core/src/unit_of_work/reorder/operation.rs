//! Operations: a plan's steps taken apart into what they do to each row, and put together again.
use crate::{
    fast::HashMap,
    model::Node,
    schema::{Relationship, Table},
    unit_of_work::plan::{Delete, Insert, Linked, Links, New, Part, Plan, Removed, Source, Step, Update, Written},
};

/// What a statement does, without its rows: operations of one shape may go in one statement.
#[derive(Debug, Clone)]
pub(super) enum Shape {
    Insert { table: &'static Table, columns: Vec<u16>, connect: Option<&'static [u16]>, returning: Vec<u16> },
    Update { table: &'static Table, columns: Vec<u16>, part: Part },
    Delete { table: &'static Table },
    Link { relationship: &'static Relationship, add: bool, if_absent: bool, whole: bool },
}

/// What is done to one row.
#[derive(Debug)]
pub(super) struct Operation {
    /// The position of its shape.
    pub(super) class: usize,
    pub(super) row: Row,
}

#[derive(Debug)]
pub(super) enum Row {
    Written(Written),
    Removed(Removed),
    Linked(Linked),
}

/// Operations in an order, and their shapes.
#[derive(Debug, Default)]
pub(super) struct Operations {
    pub(super) shapes: Vec<Shape>,
    pub(super) list: Vec<Operation>,
}

impl Shape {
    /// Whether rows of both may go in one statement. Inserts stay apart: their order is that of adding.
    fn joins(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Update { table, columns, part },
                Self::Update { table: other, columns: others, part: other_part },
            ) => table == other && columns == others && part == other_part,
            (Self::Delete { table }, Self::Delete { table: other }) => table == other,
            (
                Self::Link { relationship, add, if_absent, whole },
                Self::Link { relationship: other, add: adds, if_absent: absent, whole: all },
            ) => std::ptr::eq(*relationship, *other) && (add, if_absent, whole) == (adds, absent, all),
            _ => false,
        }
    }
}

impl Shape {
    /// The table of a model's rows; links have none.
    pub(super) fn table(&self) -> Option<&'static Table> {
        match self {
            Self::Insert { table, .. } | Self::Update { table, .. } | Self::Delete { table } => Some(table),
            Self::Link { .. } => None,
        }
    }
}

impl Shape {
    /// The columns that are written.
    pub(super) fn columns(&self) -> &[u16] {
        match self {
            Self::Insert { columns, .. } | Self::Update { columns, .. } => columns,
            Self::Delete { .. } | Self::Link { .. } => &[],
        }
    }
}

impl Operation {
    /// The entity whose row in the database it is about; links have none.
    pub(super) fn node(&self) -> Option<Node> {
        match &self.row {
            Row::Written(row) => Some(row.replaced.unwrap_or(row.node)),
            Row::Removed(row) => Some(row.node),
            Row::Linked(_) => None,
        }
    }
}

impl Operations {
    pub(super) fn of(plan: Plan) -> Self {
        let mut operations = Self::default();
        for step in plan.steps {
            let (shape, rows) = take_apart(step);
            let class = operations.class(shape);
            operations.list.extend(rows.into_iter().map(|row| Operation { class, row }));
        }
        operations
    }

    /// The position of a shape, which is added if nothing joins it.
    pub(super) fn class(&mut self, shape: Shape) -> usize {
        self.shapes.iter().position(|other| other.joins(&shape)).unwrap_or_else(|| {
            self.shapes.push(shape);
            self.shapes.len() - 1
        })
    }

    pub(super) fn shape(&self, operation: usize) -> &Shape {
        &self.shapes[self.list[operation].class]
    }

    /// The value that the last of the operations which write the column of a row gives it for good.
    pub(super) fn last_written(&self, node: Node, column: u16) -> Option<Source> {
        self.list.iter().rev().filter(|operation| operation.node() == Some(node)).find_map(|operation| {
            let Shape::Update { columns, part: Part::All | Part::Some, .. } = &self.shapes[operation.class] else {
                return None;
            };
            let Row::Written(row) = &operation.row else { return None };
            columns.iter().position(|other| *other == column).map(|place| row.values[place].clone())
        })
    }

    /// The steps of the operations in these batches. A row whose key was changed is found by its new key from then on.
    pub(super) fn into_plan(self, batches: Vec<Vec<usize>>) -> Plan {
        let Self { shapes, list } = self;
        let mut list: Vec<Option<Operation>> = list.into_iter().map(Some).collect();
        let mut keys: HashMap<Node, Vec<Source>> = HashMap::default();
        let mut steps = Vec::with_capacity(batches.len());
        for batch in batches {
            let operations: Vec<Operation> = batch.into_iter().filter_map(|place| list[place].take()).collect();
            let Some(first) = operations.first() else { continue };
            let shape = shapes[first.class].clone();
            let rows = operations.into_iter().map(|operation| found_by(operation, &shape, &mut keys)).collect();
            steps.push(put_together(shape, rows));
        }
        Plan { steps, ..Plan::default() }
    }
}

/// The row of an operation with the key that it has by then.
fn found_by(operation: Operation, shape: &Shape, keys: &mut HashMap<Node, Vec<Source>>) -> Row {
    let node = operation.node();
    let mut row = operation.row;
    let known = node.and_then(|node| keys.get(&node).cloned());
    match (&mut row, known) {
        (Row::Written(row), Some(key)) if !row.key.is_empty() => row.key = key,
        (Row::Removed(row), Some(key)) => {
            let value = |source| if let Source::Value(value) = source { Some(value) } else { None };
            row.key = key.into_iter().filter_map(value).collect();
        }
        _ => {}
    }
    if let (Row::Written(row), Shape::Update { table, columns, .. }, Some(node)) = (&row, shape, node)
        && columns.iter().any(|column| table.primary_key.contains(column))
    {
        let part = |(place, column): (usize, &u16)| match columns.iter().position(|other| other == column) {
            Some(at) => row.values[at].clone(),
            None => row.key[place].clone(),
        };
        keys.insert(node, table.primary_key.iter().enumerate().map(part).collect());
    }
    row
}

fn take_apart(step: Step) -> (Shape, Vec<Row>) {
    match step {
        Step::Insert(Insert { table, columns, connect, returning, rows, values, .. }) => {
            let (width, mut values) = (columns.len(), values.into_iter());
            let row = |row| Row::Written(Written { values: values.by_ref().take(width).collect(), ..Written::of(row) });
            let rows = rows.into_iter().map(row).collect();
            (Shape::Insert { table, columns, connect, returning }, rows)
        }
        Step::Update(Update { table, columns, part, rows, .. }) => {
            (Shape::Update { table, columns, part }, rows.into_iter().map(Row::Written).collect())
        }
        Step::Delete(Delete { table, rows }) => (Shape::Delete { table }, rows.into_iter().map(Row::Removed).collect()),
        Step::Link(Links { relationship, add, if_absent, rows }) => {
            let whole = rows.first().is_some_and(|row| row.far.is_empty());
            (Shape::Link { relationship, add, if_absent, whole }, rows.into_iter().map(Row::Linked).collect())
        }
    }
}

fn put_together(shape: Shape, rows: Vec<Row>) -> Step {
    let written = |row| if let Row::Written(row) = row { Some(row) } else { None };
    let removed = |row| if let Row::Removed(row) = row { Some(row) } else { None };
    let linked = |row| if let Row::Linked(row) = row { Some(row) } else { None };
    match shape {
        Shape::Insert { table, columns, connect, returning } => {
            let mut insert = Insert { columns, connect, returning, ..Insert::new(table) };
            for row in rows.into_iter().filter_map(written) {
                insert.rows.push(New { node: row.node, version: row.version });
                insert.values.extend(row.values);
            }
            Step::Insert(insert)
        }
        Shape::Update { table, columns, part } => Step::Update(Update {
            columns,
            part,
            rows: rows.into_iter().filter_map(written).collect(),
            ..Update::new(table)
        }),
        Shape::Delete { table } => Step::Delete(Delete { table, rows: rows.into_iter().filter_map(removed).collect() }),
        Shape::Link { relationship, add, if_absent, .. } => {
            Step::Link(Links { relationship, add, if_absent, rows: rows.into_iter().filter_map(linked).collect() })
        }
    }
}
