//! What a flush will do, as a value that prints.
use crate::{
    driver::Dialect,
    fast::HashMap,
    memory::Arena,
    model::{ColumnSet, Node},
    schema::{Link, Relationship, RelationshipKind, Table},
    sql,
    value::{Key, Value},
};
use std::fmt;

/// The statements of a flush, in order. `session.plan()` gives it; printing it shows a line for each statement, with keys
/// that are not known yet by the number of the row within this plan: `users#1.id`.
#[derive(Debug, Default)]
pub struct Plan {
    pub(crate) steps: Vec<Step>,
    /// Rows that were given by their keys as targets of a to-many: the flush reads them before it plans.
    pub(crate) claimed: Vec<Claimed>,
}

/// Rows that are not in memory and get an owner.
#[derive(Debug)]
pub(crate) struct Claimed {
    pub(crate) relationship: &'static Relationship,
    pub(crate) keys: Vec<Key>,
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
    pub(crate) rows: Vec<New>,
    /// Whether the values are left in memory, in the planned versions of the rows.
    pub(crate) in_memory: bool,
    /// Else the values of the columns, one row after another, until they are sent.
    pub(crate) values: Vec<Source>,
    /// The columns that may follow a parent whose key memory does not have yet.
    pub(crate) followed: ColumnSet,
    /// Whether a row names a parent.
    pub(crate) names_parents: bool,
}

impl Insert {
    /// No rows yet.
    pub(crate) fn new(table: &'static Table) -> Self {
        Self {
            table,
            columns: Vec::new(),
            connect: None,
            returning: Vec::new(),
            rows: Vec::new(),
            in_memory: false,
            values: Vec::new(),
            followed: ColumnSet::EMPTY,
            names_parents: false,
        }
    }

    /// The values of a row, if they are not in memory.
    pub(crate) fn values_of(&self, row: usize) -> &[Source] {
        &self.values[row * self.columns.len()..(row + 1) * self.columns.len()]
    }
}

/// A row to be inserted.
#[derive(Debug)]
pub(crate) struct New {
    pub(crate) node: Node,
    /// The version of the row in memory that was planned.
    pub(crate) version: Option<u32>,
}

#[derive(Debug)]
pub(crate) struct Update {
    pub(crate) table: &'static Table,
    pub(crate) columns: Vec<u16>,
    pub(crate) part: Part,
    pub(crate) rows: Vec<Written>,
    /// The columns that may follow a parent whose key memory does not have yet.
    pub(crate) followed: ColumnSet,
    /// Whether a row names a parent.
    pub(crate) names_parents: bool,
}

impl Update {
    /// No rows yet.
    pub(crate) fn new(table: &'static Table) -> Self {
        let (columns, rows) = (Vec::new(), Vec::new());
        Self { table, columns, part: Part::All, rows, followed: ColumnSet::EMPTY, names_parents: false }
    }

    /// Whether the versions of the rows are compared.
    pub(crate) fn is_locked(&self) -> bool {
        self.rows.iter().any(|row| row.is_locked(self.table))
    }
}

/// How much of what changes in its rows an UPDATE writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    All,
    /// Another UPDATE of the same flush writes the rest.
    Some,
    /// Nothing: it only makes room until the rows are updated or deleted.
    Interim,
    /// That the rows are deleted, which stay as they are else.
    Deleted,
}

/// A row to be updated; while the order is found, also one to be inserted.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) node: Node,
    /// The version of the row in memory that was planned.
    pub(crate) version: Option<u32>,
    /// The version of the row in memory that the database has, if that was planned.
    pub(crate) stored: Option<u32>,
    /// Whether what follows is left in memory: the key and the lock in the stored version, the values in the planned one.
    pub(crate) in_memory: bool,
    /// The primary key in the database; empty for a row to be inserted.
    pub(crate) key: Vec<Source>,
    /// The value of the version column in the database, if there is one and it is compared.
    pub(crate) lock: Option<Value>,
    /// The values of the columns, until they are sent.
    pub(crate) values: Vec<Source>,
    /// The deleted entity whose row this one takes over.
    pub(crate) replaced: Option<Node>,
}

impl Written {
    /// A row with nothing to write yet.
    pub(crate) fn of(New { node, version }: New) -> Self {
        let (key, values) = (Vec::new(), Vec::new());
        Self { node, version, stored: None, in_memory: false, key, lock: None, values, replaced: None }
    }

    /// The same row, with nothing to write yet.
    pub(crate) fn again(&self) -> Self {
        let (node, version) = (self.node, self.version);
        Self { replaced: self.replaced, ..Self::of(New { node, version }) }
    }
}

#[derive(Debug)]
pub(crate) struct Delete {
    pub(crate) table: &'static Table,
    pub(crate) rows: Vec<Removed>,
}

impl Delete {
    /// Whether the versions of the rows are compared.
    pub(crate) fn is_locked(&self) -> bool {
        self.rows.iter().any(|row| row.lock.is_some())
    }
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

impl Links {
    /// No row has more.
    fn most_columns(&self) -> usize {
        let ends = self.rows.first().map_or(0, |row| row.near.len() + row.far.len());
        let others = match self.relationship.kind {
            RelationshipKind::ManyToMany(Link::Model { table, .. }) => table().columns.len(),
            _ => 0,
        };
        ends + others
    }
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
        self.steps.len() + self.claimed.len()
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.claimed.is_empty()
    }

    /// Whether it is one statement that a server carries out whole or not at all, so that it needs no transaction around it,
    /// which would be two round trips more. What has to write all of its rows must be sure to: on PostgreSQL it checks that by
    /// itself; elsewhere one row is whole, and so is an INSERT, unless triggers of that server can leave rows out.
    pub(crate) fn is_whole(&self, dialect: Dialect, leaves_rows_out: bool) -> bool {
        let ([step], []) = (self.steps.as_slice(), self.claimed.as_slice()) else { return false };
        let (width, rows, is_whole) = match step {
            Step::Insert(insert) => {
                let key = insert.table.generated_key();
                // Other columns may be read by another statement, and be what their fields cannot hold.
                let is_plain = insert.connect.is_none() && insert.returning.iter().all(|column| Some(*column) == key);
                let is_counted = !insert.returning.is_empty();
                (insert.columns.len(), insert.rows.len(), is_plain && !(is_counted && leaves_rows_out))
            }
            Step::Update(update) => {
                let is_counted = update.part != Part::Deleted || update.is_locked();
                let width = update.table.primary_key.len() + usize::from(update.is_locked()) + update.columns.len();
                (width, update.rows.len(), !is_counted || (update.rows.len() == 1 && !leaves_rows_out))
            }
            Step::Delete(delete) => {
                let is_whole = !delete.is_locked() || (delete.rows.len() == 1 && !leaves_rows_out);
                (delete.table.primary_key.len() + usize::from(delete.is_locked()), delete.rows.len(), is_whole)
            }
            Step::Link(links) => (links.most_columns(), links.rows.len(), true),
        };
        let is_whole = match (dialect, step) {
            (Dialect::Sqlite, _) => false,
            (Dialect::Postgres, Step::Update(_) | Step::Delete(_)) => true,
            _ => is_whole,
        };
        is_whole && sql::statements(dialect, width, rows) == 1
    }

    /// Adds a row that is not in memory and gets an owner.
    pub(crate) fn claim(&mut self, relationship: &'static Relationship, key: Key) {
        match self.claimed.iter_mut().find(|claimed| std::ptr::eq(claimed.relationship, relationship)) {
            Some(claimed) => claimed.keys.push(key),
            None => self.claimed.push(Claimed { relationship, keys: vec![key] }),
        }
    }

    /// The numbers of the rows that are inserted, by table, in the order of the plan.
    fn numbers(&self) -> HashMap<Node, (&'static Table, usize)> {
        let mut counts: HashMap<&str, usize> = HashMap::default();
        let mut numbers = HashMap::default();
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
        for (i, Claimed { relationship, keys }) in self.claimed.iter().enumerate() {
            let line = if i + self.steps.len() > 0 { "\n" } else { "" };
            let columns: Vec<&str> = relationship.key_on_target().map(|column| column.name).collect();
            write!(f, "{line}update {} ×{} ({})", relationship.target().name, keys.len(), columns.join(", "))?;
            show_keys(f, keys.iter().map(|key| vec![key.clone()]))?;
        }
        Ok(())
    }
}

impl Step {
    /// Puts rows that are updated and deleted into the order of their keys, so that transactions lock them in one order.
    pub(crate) fn sort(&mut self, arena: &Arena) {
        match self {
            Self::Update(Update { table, rows, .. }) if rows.len() > 1 => {
                sort(rows, |row| row.known_key(arena, table));
            }
            Self::Delete(delete) if delete.rows.len() > 1 => {
                sort(&mut delete.rows, |row| Key::of(row.key.iter().map(Key::from)));
            }
            Self::Insert(_) | Self::Update(_) | Self::Delete(_) | Self::Link(_) => {}
        }
    }

    fn show(&self, f: &mut fmt::Formatter<'_>, numbers: &Numbers) -> fmt::Result {
        match self {
            Self::Insert(insert) => {
                let verb = if insert.connect.is_some() { "insert or connect" } else { "insert" };
                write!(f, "{verb} {} ×{}", insert.table.name, insert.rows.len())?;
                let rows = (0..insert.rows.len()).map(|row| insert.values_of(row));
                show_sources(f, (insert.table, &insert.columns), rows, numbers)
            }
            Self::Update(update) => {
                let verb = if update.part == Part::Deleted { "soft delete" } else { "update" };
                write!(f, "{verb} {} ×{} (", update.table.name, update.rows.len())?;
                for (i, column) in update.columns.iter().enumerate() {
                    write!(f, "{}{}", if i > 0 { ", " } else { "" }, update.table.columns[usize::from(*column)].name)?;
                }
                f.write_str(if update.part == Part::Interim { ") meanwhile" } else { ")" })?;
                show_keys(f, update.rows.iter().map(|row| row.key.iter().map(part).collect()))?;
                let rows = update.rows.iter().map(|row| row.values.as_slice());
                show_sources(f, (update.table, &update.columns), rows, numbers)
            }
            Self::Delete(delete) => {
                write!(f, "delete {} ×{}", delete.table.name, delete.rows.len())?;
                show_keys(f, delete.rows.iter().map(|row| row.key.iter().map(Key::from).collect()))
            }
            Self::Link(links) => {
                let verb = if links.add { "link" } else { "unlink" };
                write!(f, "{verb} {} ×{}", links.relationship.path(), links.rows.len())
            }
        }
    }
}

/// Sorts rows by their keys; most often they are in order, as they were read.
fn sort<T>(rows: &mut [T], key: impl Fn(&T) -> Key) {
    if !rows.is_sorted_by_key(&key) {
        rows.sort_by_cached_key(key);
    }
}

/// A part of a key, if it is known.
fn part(source: &Source) -> Key {
    match source {
        Source::Value(value) => Key::from(value),
        Source::Inserted { .. } => Key::Null,
    }
}

/// The keys of rows in the database, the first ten: ` [1, 2]`.
fn show_keys(f: &mut fmt::Formatter<'_>, keys: impl ExactSizeIterator<Item = Vec<Key>>) -> fmt::Result {
    let count = keys.len();
    let shown: Vec<String> = keys.take(10).map(|key| Key::of(key).to_string()).filter(|key| key != "null").collect();
    match (shown.is_empty(), count > 10) {
        (true, _) => Ok(()),
        (false, true) => write!(f, " [{}, …]", shown.join(", ")),
        (false, false) => write!(f, " [{}]", shown.join(", ")),
    }
}

/// The columns that get a value from a row inserted earlier: `{ user_id: users#1.id }`.
fn show_sources<'s>(
    f: &mut fmt::Formatter<'_>,
    (table, columns): (&Table, &[u16]),
    rows: impl Iterator<Item = &'s [Source]> + Clone,
    numbers: &Numbers,
) -> fmt::Result {
    let mut separator = " { ";
    for (position, column) in columns.iter().enumerate() {
        let mut sources: Vec<String> = Vec::new();
        for row in rows.clone() {
            if let Source::Inserted { node, column } = &row[position]
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
