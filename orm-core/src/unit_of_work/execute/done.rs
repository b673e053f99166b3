//! What became of a plan's steps, as far as memory and later steps must know it.
use crate::{
    error::{Error, Result},
    fast::HashMap,
    model::{ColumnSet, Node},
    unit_of_work::{
        plan::{New, Source},
        rowids::Learned,
    },
    value::Value,
};

/// What the steps of a plan did, in their order.
#[derive(Debug, Default)]
pub(crate) struct Executed {
    pub(crate) steps: Vec<Done>,
    pub(crate) learned: Learned,
}

/// What one step did. Of most steps there is nothing to know.
#[derive(Debug, Default)]
pub(crate) struct Done {
    nodes: Nodes,
    /// The columns that the database made.
    columns: Vec<u16>,
    /// Their values, one row after another.
    values: Vec<Value>,
    /// The rows that did not come back, in ascending order.
    absent: Vec<usize>,
    /// What was written to columns that memory may not have, by the rows in their order.
    pub(crate) filled: Vec<Filled>,
    /// Whether the key of the table is the number of the row, if the step found out.
    pub(super) is_rowid: Option<bool>,
}

/// What was written to a column that follows another row.
#[derive(Debug)]
pub(crate) struct Filled {
    /// The position of the row in its step.
    pub(crate) row: usize,
    pub(crate) column: u16,
    pub(crate) value: Value,
    /// Whether the database made it; else a parent had it.
    pub(crate) made: bool,
}

/// The inserted rows of a step, to be found by other steps.
#[derive(Debug, Default)]
enum Nodes {
    #[default]
    None,
    /// So many rows that follow each other in memory.
    Run(Node, usize),
    Places(HashMap<Node, usize>),
}

impl Nodes {
    fn of(rows: &[New]) -> Self {
        let Some(first) = rows.first().map(|row| row.node) else { return Self::None };
        let follows = |(place, row): (usize, &New)| {
            row.node.chunk == first.chunk && row.node.row as usize == first.row as usize + place
        };
        if rows.iter().enumerate().all(follows) {
            return Self::Run(first, rows.len());
        }
        Self::Places(rows.iter().enumerate().map(|(place, row)| (row.node, place)).collect())
    }

    fn place(&self, node: Node) -> Option<usize> {
        match self {
            Self::None => None,
            Self::Run(first, rows) if node.chunk == first.chunk && node.row >= first.row => {
                Some((node.row - first.row) as usize).filter(|place| place < rows)
            }
            Self::Run(..) => None,
            Self::Places(places) => places.get(&node).copied(),
        }
    }
}

impl Done {
    /// An INSERT of these rows.
    pub(in crate::unit_of_work) fn inserted(rows: &[New], filled: Vec<Filled>) -> Self {
        Self { nodes: Nodes::of(rows), filled, ..Self::default() }
    }

    /// Some of the rows came back: these columns of each, one row after another.
    pub(in crate::unit_of_work) fn came_back(&mut self, columns: &[u16], values: Vec<Value>) {
        self.columns.clear();
        self.columns.extend_from_slice(columns);
        if self.values.is_empty() {
            self.values = values;
        } else {
            self.values.extend(values);
        }
    }

    /// That row of the step did not come back; its values stand for nothing.
    pub(super) fn note_absent(&mut self, row: usize) {
        self.absent.push(row);
    }

    /// What the database made of that row of the step.
    pub(crate) fn made(&self, row: usize) -> impl Iterator<Item = (u16, &Value)> {
        let width = self.columns.len();
        let is_absent = self.values.is_empty() || self.absent.binary_search(&row).is_ok();
        let values = if is_absent { &[] } else { &self.values[row * width..(row + 1) * width] };
        self.columns.iter().copied().zip(values)
    }

    fn value(&self, node: Node, column: u16) -> Option<&Value> {
        let row = self.nodes.place(node)?;
        self.made(row).find(|(other, _)| *other == column).map(|(_, value)| value)
    }
}

impl Executed {
    /// The value of a source, now that what it names is inserted.
    pub(in crate::unit_of_work) fn resolve(&self, source: &Source) -> Result<Value> {
        match source {
            Source::Value(value) => Ok(value.clone()),
            Source::Inserted { node, column } => self.inserted(*node, *column),
        }
    }

    fn inserted(&self, node: Node, column: u16) -> Result<Value> {
        let value = self.steps.iter().find_map(|done| done.value(node, column));
        value
            .cloned()
            .ok_or_else(|| Error::usage("the database did not give back the key of a row that another row references"))
    }

    pub(in crate::unit_of_work) fn resolve_all(&self, sources: &[Source]) -> Result<Vec<Value>> {
        sources.iter().map(|source| self.resolve(source)).collect()
    }

    /// The values of rows, one row after another, and those of them that memory may not have. `followed`: columns that may
    /// follow a parent.
    pub(in crate::unit_of_work) fn values(
        &self,
        sources: Vec<Source>,
        (columns, followed): (&[u16], ColumnSet),
    ) -> Result<(Vec<Value>, Vec<Filled>)> {
        let mut filled = Vec::new();
        let (mut row, mut place) = (0, 0);
        let value = |source| {
            let at = (row, columns[place]);
            place += 1;
            if place == columns.len() {
                (row, place) = (row + 1, 0);
            }
            self.taken(source, at, followed, &mut filled)
        };
        let values = sources.into_iter().map(value).collect::<Result<Vec<Value>>>()?;
        Ok((values, filled))
    }

    pub(super) fn taken(
        &self,
        source: Source,
        (row, column): (usize, u16),
        followed: ColumnSet,
        filled: &mut Vec<Filled>,
    ) -> Result<Value> {
        let (value, made) = match source {
            Source::Value(value) if !followed.has(column) => return Ok(value),
            Source::Value(value) => (value, false),
            Source::Inserted { node, column } => (self.inserted(node, column)?, true),
        };
        filled.push(Filled { row, column, value: value.clone(), made });
        Ok(value)
    }
}
