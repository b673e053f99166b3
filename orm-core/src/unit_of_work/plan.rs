//! What a flush will do, as a value that prints.
use crate::{
    model::Node,
    schema::{Relationship, Table},
    value::{Key, Value},
};
use std::{collections::HashMap, fmt};

/// The statements of a flush, in order. `session.plan()` gives it; printing it shows a line for each statement, with keys
/// that are not known yet by the number of the row within this plan: `users#1.id`.
#[derive(Debug, Default)]
pub struct Plan {
    pub(crate) steps: Vec<Step>,
}

#[derive(Debug)]
pub(crate) enum Step {
    Insert(Insert),
    Update(Update),
    Delete(Delete),
    Link(Links),
}

#[derive(Debug)]
pub(crate) struct Insert {
    pub(crate) table: &'static Table,
    pub(crate) columns: Vec<u16>,
    /// The unique columns by which rows that are there already are taken instead.
    pub(crate) connect: Option<&'static [u16]>,
    /// The columns whose values the database makes.
    pub(crate) returning: Vec<u16>,
    pub(crate) rows: Vec<Written>,
}

#[derive(Debug)]
pub(crate) struct Update {
    pub(crate) table: &'static Table,
    pub(crate) columns: Vec<u16>,
    pub(crate) rows: Vec<Written>,
}

/// A row to be inserted or updated.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) node: Node,
    /// The version of the row in memory that was planned.
    pub(crate) version: Option<u32>,
    /// The primary key in the database; empty for a row to be inserted.
    pub(crate) key: Vec<Source>,
    /// The value of the version column in the database, if there is one and it is compared.
    pub(crate) lock: Option<Value>,
    pub(crate) values: Vec<Source>,
}

#[derive(Debug)]
pub(crate) struct Delete {
    pub(crate) table: &'static Table,
    pub(crate) rows: Vec<Removed>,
}

#[derive(Debug)]
pub(crate) struct Removed {
    pub(crate) node: Node,
    pub(crate) key: Vec<Value>,
    pub(crate) lock: Option<Value>,
}

/// Rows of a link table, to be inserted or deleted.
#[derive(Debug)]
pub(crate) struct Links {
    pub(crate) relationship: &'static Relationship,
    pub(crate) add: bool,
    /// Whether a link may be there already.
    pub(crate) if_absent: bool,
    pub(crate) rows: Vec<Linked>,
}

#[derive(Debug)]
pub(crate) struct Linked {
    pub(crate) near: Vec<Source>,
    /// Empty to delete all links of the near side.
    pub(crate) far: Vec<Source>,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Source {
    Value(Value),
    /// A column of a row that an earlier step inserts.
    Inserted {
        node: Node,
        column: u16,
    },
}

impl Source {
    pub(crate) fn values(values: Vec<Value>) -> Vec<Self> {
        values.into_iter().map(Self::Value).collect()
    }
}

impl Plan {
    /// The number of statements, before they are divided by the database's limit of bound values.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The numbers of the rows that are inserted, by table, in the order of the plan.
    fn numbers(&self) -> HashMap<Node, (&'static Table, usize)> {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        let mut numbers = HashMap::new();
        for step in &self.steps {
            if let Step::Insert(insert) = step {
                for row in &insert.rows {
                    let count = counts.entry(insert.table.name).or_default();
                    *count += 1;
                    numbers.insert(row.node, (insert.table, *count));
                }
            }
        }
        numbers
    }
}

type Numbers = HashMap<Node, (&'static Table, usize)>;

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers = self.numbers();
        for (i, step) in self.steps.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            step.show(f, &numbers)?;
        }
        Ok(())
    }
}

impl Step {
    fn show(&self, f: &mut fmt::Formatter<'_>, numbers: &Numbers) -> fmt::Result {
        match self {
            Self::Insert(insert) => {
                let verb = if insert.connect.is_some() { "insert or connect" } else { "insert" };
                write!(f, "{verb} {} ×{}", insert.table.name, insert.rows.len())?;
                show_sources(f, insert.table, &insert.columns, &insert.rows, numbers)
            }
            Self::Update(update) => {
                write!(f, "update {} ×{} (", update.table.name, update.rows.len())?;
                for (i, column) in update.columns.iter().enumerate() {
                    write!(f, "{}{}", if i > 0 { ", " } else { "" }, update.table.columns[usize::from(*column)].name)?;
                }
                f.write_str(")")?;
                show_sources(f, update.table, &update.columns, &update.rows, numbers)
            }
            Self::Delete(delete) => {
                write!(f, "delete {} ×{} [", delete.table.name, delete.rows.len())?;
                for (i, row) in delete.rows.iter().enumerate() {
                    write!(f, "{}{}", if i > 0 { ", " } else { "" }, Key::of(row.key.iter().map(Key::from)))?;
                }
                f.write_str("]")
            }
            Self::Link(links) => {
                let verb = if links.add { "link" } else { "unlink" };
                write!(f, "{verb} {} ×{}", links.relationship.path(), links.rows.len())
            }
        }
    }
}

/// The columns that get a value from a row inserted earlier: `{ user_id: users#1.id }`.
fn show_sources(
    f: &mut fmt::Formatter<'_>,
    table: &Table,
    columns: &[u16],
    rows: &[Written],
    numbers: &Numbers,
) -> fmt::Result {
    let mut separator = " { ";
    for (position, column) in columns.iter().enumerate() {
        let mut sources: Vec<String> = Vec::new();
        for row in rows {
            if let Source::Inserted { node, column } = &row.values[position]
                && let Some((target, number)) = numbers.get(node)
            {
                let text = format!("{}#{number}.{}", target.name, target.columns[usize::from(*column)].name);
                if sources.last() != Some(&text) {
                    sources.push(text);
                }
            }
        }
        if !sources.is_empty() {
            write!(f, "{separator}{}: {}", table.columns[usize::from(*column)].name, sources.join(" | "))?;
            separator = ", ";
        }
    }
    if separator == ", " { f.write_str(" }") } else { Ok(()) }
}
