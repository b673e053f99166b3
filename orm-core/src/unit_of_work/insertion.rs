//! Rows that are inserted without a session's memory: a flush of just these rows, or an upsert.
use super::{
    Changes,
    broken::complete,
    collect,
    execute::{Database, Done, Executed, execute},
    plan::{Insert, Plan, Step},
    planner::plan,
    rowids::{Learned, RowIds},
    settle::settle,
    upsert,
};
use crate::{
    driver::{Connection, Dialect},
    error::{Error, Result},
    fast::HashMap,
    memory::{Locked, Memory, wrong_model},
    model::{Batch, Draft, Node, Open, Record},
    relation::{Content, take_related},
    schema::Table,
    sql::{self, write::Conflict},
    value::Value,
};
use std::time::SystemTime;

/// Rows to be inserted.
pub struct Insertion {
    table: &'static Table,
    rows: Box<dyn Batch>,
    /// What was left open in the rows, and what their relationship fields held.
    others: Vec<(Open, Related)>,
    conflict: Option<Conflict>,
}

type Related = Vec<(u16, Box<dyn Content>)>;

/// What an insertion tells of its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GiveBack {
    Count,
    Rows,
}

/// Rows that were inserted; none, if only their number was asked for.
pub(crate) struct Inserted {
    pub(crate) count: u64,
    pub(crate) rows: Box<dyn Batch>,
    /// What counts once it is committed.
    pub(crate) learned: Learned,
}

/// Rows that were checked, and how they will be inserted.
pub(crate) struct Prepared {
    table: &'static Table,
    dialect: Dialect,
    now: SystemTime,
    memory: Memory,
    nodes: Vec<Node>,
    changes: Changes,
    plan: Plan,
    conflict: Option<Conflict>,
}

/// No session has this number.
const NO_SESSION: u64 = 0;

impl Insertion {
    pub(crate) fn new<M: Record>(drafts: Vec<Draft<M>>, conflict: Option<Conflict>) -> Self {
        let (mut rows, mut others) = (Vec::with_capacity(drafts.len()), Vec::with_capacity(drafts.len()));
        for Draft { mut value, open } in drafts {
            others.push((open, take_related(&mut value)));
            rows.push(value);
        }
        Self { table: M::table(), rows: Box::new(rows), others, conflict }
    }

    pub(crate) fn table(&self) -> &'static Table {
        self.table
    }

    pub(crate) fn is_upsert(&self) -> bool {
        self.conflict.is_some()
    }

    /// Runs hooks, fills times and versions, checks, and plans.
    ///
    /// # Errors
    /// What a flush of these rows would refuse, and rows of other tables.
    pub(crate) fn prepare(self, dialect: Dialect, now: SystemTime) -> Result<Prepared> {
        let Self { table, rows, others, conflict } = self;
        let memory = Memory::new();
        let mut graph = memory.graph();
        let nodes = graph.place_all(table, rows)?;
        for (node, other) in nodes.iter().zip(others) {
            add(&mut graph, *node, other)?;
        }
        only_these(&graph, table, nodes.len())?;
        let changes = collect(&mut graph, now)?;
        let mut plan = plan(&mut graph, &changes)?;
        if conflict.is_some() {
            plan.spell_out(graph.arena);
        }
        let plan = grouped(plan, table);
        drop(graph);
        let prepared = Prepared { table, dialect, now, memory, nodes, changes, plan, conflict };
        if let Some(conflict) = &prepared.conflict {
            upsert::check(table, conflict, (&prepared.inserts(), dialect))?;
        }
        Ok(prepared)
    }
}

fn add(graph: &mut Locked<'_>, node: Node, (open, related): (Open, Related)) -> Result<()> {
    if !open.connect.is_empty() {
        return Err(Error::usage(format!(
            "a {} with `or_connect` was given to `insert_many`: say what happens to rows that are there already by `.on_conflict(..)`",
            graph.arena.table(node).model
        )));
    }
    graph.enlist(node, open);
    graph.take_in((node, false), related, NO_SESSION)
}

/// A flush keeps the order in which keys are made; here rows of one shape are one statement, unless rows may reference rows
/// before them.
fn grouped(plan: Plan, table: &'static Table) -> Plan {
    if plan.steps.len() < 2 || table.foreign_keys().any(|key| key.target == table) {
        return plan;
    }
    let mut steps: Vec<Step> = Vec::new();
    for step in plan.steps {
        let Step::Insert(insert) = step else {
            steps.push(step);
            continue;
        };
        let same = steps.iter_mut().find_map(|step| match step {
            Step::Insert(other) if other.columns == insert.columns && other.in_memory == insert.in_memory => {
                Some(other)
            }
            _ => None,
        });
        match same {
            Some(other) => {
                other.rows.extend(insert.rows);
                other.values.extend(insert.values);
                other.names_parents |= insert.names_parents;
            }
            None => steps.push(Step::Insert(insert)),
        }
    }
    Plan { steps, ..Plan::default() }
}

fn only_these(graph: &Locked<'_>, table: &Table, rows: usize) -> Result<()> {
    let graph = &graph.graph;
    if graph.pending.len() == rows && graph.link_changes.is_empty() && !graph.has_open_questions() {
        return Ok(());
    }
    Err(Error::usage(format!(
        "the rows given to `{}::insert_many` hold related rows: it inserts rows of one table; add trees with `session.add_all`",
        table.model
    )))
}

impl Prepared {
    pub(crate) fn table(&self) -> &'static Table {
        self.table
    }

    fn inserts(&self) -> Vec<&Insert> {
        let mut inserts = Vec::new();
        for step in &self.plan.steps {
            match step {
                Step::Insert(insert) => inserts.push(insert),
                Step::Update(_) | Step::Delete(_) | Step::Link(_) => {}
            }
        }
        inserts
    }

    /// Whether an error may leave rows behind, so that all must be kept or undone together: there is more than one statement,
    /// or one that is run for each row.
    pub(crate) fn is_divisible(&self) -> bool {
        let inserts = self.inserts();
        let of = |insert: &&Insert| match (self.dialect, &self.conflict) {
            (Dialect::Sqlite, None) => insert.rows.len(),
            _ => sql::statements(self.dialect, insert.columns.len(), insert.rows.len()),
        };
        inserts.iter().map(of).sum::<usize>() + (self.plan.steps.len() - inserts.len()) > 1
    }

    /// Whether it needs no transaction: an error leaves nothing behind.
    pub(crate) fn is_whole(&self, leaves_rows_out: bool) -> bool {
        match (self.dialect, &self.conflict) {
            (Dialect::Sqlite, _) | (_, Some(_)) => !self.is_divisible(),
            (dialect, None) => self.plan.is_whole(dialect, leaves_rows_out),
        }
    }

    /// Sends the statements. `alone`: outside of a transaction, as the one statement that there is.
    ///
    /// # Errors
    /// What the database refuses. Nothing is undone here.
    pub(crate) async fn run(
        mut self,
        (connection, rowids): (&mut dyn Connection, &RowIds),
        (alone, back): (bool, GiveBack),
    ) -> Result<Inserted> {
        if let Some(conflict) = &self.conflict {
            return upsert::run((self.table, conflict), &self.inserts(), (connection, self.dialect), back).await;
        }
        let arena = &self.memory.arena;
        let database = Database { connection, dialect: self.dialect, now: self.now, arena, rowids, alone };
        let executed = execute(&mut self.plan, database).await;
        let executed = executed.map_err(|error| complete(self.table, error, true))?;
        let count = self.nodes.len() as u64;
        let rows = match back {
            GiveBack::Count => (self.table.operations.batch)(0),
            GiveBack::Rows => self.written(&executed)?,
        };
        Ok(Inserted { count, rows, learned: executed.learned })
    }

    /// The rows in their order, with what the database made. Nobody else has seen them: they are not copied.
    fn written(self, executed: &Executed) -> Result<Box<dyn Batch>> {
        let Self { table, memory, nodes, changes, plan, .. } = self;
        let mut graph = memory.graph();
        // Keys of parents that were not known follow where memory is settled.
        let follows = !graph.graph.links.is_empty();
        if follows {
            settle(&mut graph, &plan, executed, changes.links_seen)?;
        }
        let growing = graph.model(table).growing;
        drop(graph);
        let arena = memory.arena;
        let place = |node: &Node| arena.current_version(*node).unwrap_or(node.row) as usize;
        let places: Vec<usize> = nodes.iter().map(place).collect();
        let mut rows = arena.into_growing(growing).ok_or_else(wrong_model)?.into_batch(&places);
        if !follows {
            set_made(rows.as_mut(), &nodes, plan.steps.iter().zip(&executed.steps))?;
        }
        Ok(rows)
    }
}

/// Sets what the database made of the rows, which are those of the nodes.
fn set_made<'p>(rows: &mut dyn Batch, nodes: &[Node], steps: impl Iterator<Item = (&'p Step, &'p Done)>) -> Result<()> {
    let mut places: Option<HashMap<Node, usize>> = None;
    let mut made: Vec<(u16, Value)> = Vec::new();
    for (step, done) in steps {
        let Step::Insert(insert) = step else { continue };
        for (place, row) in insert.rows.iter().enumerate() {
            made.clear();
            made.extend(done.made(place).map(|(column, value)| (column, value.clone())));
            // Most often the rows are one step, in their order.
            let place = match nodes.get(place) {
                Some(node) if *node == row.node => place,
                _ => places.get_or_insert_with(|| nodes.iter().copied().zip(0..).collect())[&row.node],
            };
            rows.set(place, &made)?;
        }
    }
    Ok(())
}
