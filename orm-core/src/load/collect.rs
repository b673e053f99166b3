//! One pass over the rows of a statement: each part decoded once, and who belongs to whom.
use super::plan::Plan;
use crate::{
    driver::Sink,
    error::Result,
    model::Batch,
    schema::{RelationshipKind, Table},
    sql::{Select, selected},
    value::{Key, Row, SqlType, Value},
};
use foldhash::fast::RandomState;
use hashbrown::{HashMap, HashSet};

/// The rows of a statement, taken apart.
pub(super) struct Collected {
    /// Part 0 is the root, part `n` the join `n - 1`.
    pub(super) parts: Vec<Part>,
    /// For a near load: the owner's key of each row, and the row of the root.
    pub(super) near: Vec<(Key, u32)>,
    near_at: NearAt,
    /// What was selected beside each row of the root.
    pub(super) beside: Vec<Vec<Value>>,
    beside_at: Vec<(usize, SqlType)>,
    /// The pairs of `near`, where one may come again behind others.
    seen: HashSet<(Key, u32), RandomState>,
    current: Vec<Option<u32>>,
}

/// The rows of one table.
pub(super) struct Part {
    pub(super) table: &'static Table,
    pub(super) rows: Box<dyn Batch>,
    /// Pairs of a row of the owner's part and a row of this one; empty for the root.
    pub(super) edges: Vec<(u32, u32)>,
    /// Whether no row occurs twice by itself, so that nothing needs to be compared.
    pub(super) unique: bool,
    parent: Option<usize>,
    ordinal: usize,
    deferred: bool,
    key: Vec<(usize, SqlType)>,
    known: HashMap<Key, u32, RandomState>,
    last: Option<(Key, u32)>,
    linked: HashSet<(u32, u32), RandomState>,
}

/// Where a near load finds the key of the owner.
enum NearAt {
    Nowhere,
    /// In columns of the root row itself.
    Row(&'static [u16]),
    /// In columns behind all others.
    Behind(Vec<(usize, SqlType)>),
}

impl Collected {
    pub(super) fn new(plan: &Plan) -> Self {
        let select = &plan.select;
        let mut ordinal = 0;
        let mut parts = Vec::with_capacity(select.joins.len() + 1);
        let near_at = near_at(select);
        let repeats = matches!(near_at, NearAt::Behind(_));
        let unique = !repeats && !select.joins.iter().any(|join| join.relationship.is_to_many());
        parts.push(Part::new(select.table, (select.deferred, unique), None, &mut ordinal));
        for join in &select.joins {
            let parent = join.parent.map_or(0, |parent| parent + 1);
            parts.push(Part::new(join.relationship.target(), (join.deferred, false), Some(parent), &mut ordinal));
        }
        let current = vec![None; parts.len()];
        Self {
            parts,
            near: Vec::new(),
            near_at,
            beside: Vec::new(),
            beside_at: beside_at(select),
            seen: HashSet::default(),
            current,
        }
    }

    fn take_beside(&mut self, row: &dyn Row) -> Result<()> {
        let value = |(ordinal, sql_type): &(usize, SqlType)| match row.is_null(*ordinal) {
            true => Ok(sql_type.null()),
            false => row.value(*ordinal, *sql_type),
        };
        self.beside.push(self.beside_at.iter().map(value).collect::<Result<_>>()?);
        Ok(())
    }
}

/// Where what is selected beside is found: behind all others, where no keys of owners are.
fn beside_at(select: &Select) -> Vec<(usize, SqlType)> {
    let types = select.beside.iter().map(|(_, sql_type)| *sql_type);
    types.enumerate().map(|(position, sql_type)| (select.width() + position, sql_type)).collect()
}

fn near_at(select: &Select) -> NearAt {
    let Some(near) = &select.near else { return NearAt::Nowhere };
    let relationship = near.relationship;
    match (&relationship.kind, relationship.key()) {
        (RelationshipKind::BelongsTo { .. }, Some((_, references))) => NearAt::Row(references),
        (_, Some((columns, _))) => NearAt::Row(columns),
        (_, None) => {
            let width = select.width();
            let types = relationship.near_types();
            NearAt::Behind(types.into_iter().enumerate().map(|(i, sql_type)| (width + i, sql_type)).collect())
        }
    }
}

impl Part {
    fn new(
        table: &'static Table,
        (deferred, unique): (bool, bool),
        parent: Option<usize>,
        ordinal: &mut usize,
    ) -> Self {
        let columns: Vec<u16> = selected(table, deferred).collect();
        let place = |column: &u16| {
            let at = columns.iter().position(|other| other == column).unwrap_or_default();
            (*ordinal + at, table.columns[usize::from(*column)].sql_type)
        };
        let key = table.primary_key.iter().map(place).collect();
        let part = Self {
            table,
            rows: (table.operations.batch)(0),
            edges: Vec::new(),
            unique,
            parent,
            ordinal: *ordinal,
            deferred,
            key,
            known: HashMap::default(),
            last: None,
            linked: HashSet::default(),
        };
        *ordinal += columns.len();
        part
    }

    /// The row's number within the part, decoded if it is new; `None` where an outer join found nothing.
    fn take(&mut self, row: &dyn Row) -> Result<Option<u32>> {
        let next = self.rows.len() as u32;
        if self.unique {
            self.rows.decode(row, self.ordinal, self.deferred)?;
            return Ok(Some(next));
        }
        let key = read_key(row, &self.key)?;
        if key.has_null() {
            return Ok(None);
        }
        if let Some((last, number)) = &self.last
            && *last == key
        {
            return Ok(Some(*number));
        }
        let number = *self.known.entry(key.clone()).or_insert(next);
        if number == next {
            self.rows.decode(row, self.ordinal, self.deferred)?;
        }
        self.last = Some((key, number));
        Ok(Some(number))
    }

    fn link(&mut self, owner: u32, target: u32) {
        if self.edges.last() != Some(&(owner, target)) && self.linked.insert((owner, target)) {
            self.edges.push((owner, target));
        }
    }
}

pub(super) fn read_key(row: &dyn Row, columns: &[(usize, SqlType)]) -> Result<Key> {
    let part = |(ordinal, sql_type): &(usize, SqlType)| {
        if row.is_null(*ordinal) {
            Ok(Key::Null)
        } else if sql_type.is_integer() {
            row.i64(*ordinal).map(Key::Int)
        } else {
            row.value(*ordinal, *sql_type).map(|value| Key::from(&value))
        }
    };
    match columns {
        [only] => part(only),
        _ => Ok(Key::Tuple(columns.iter().map(part).collect::<Result<_>>()?)),
    }
}

impl Sink for Collected {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        for number in 0..self.parts.len() {
            let part = &mut self.parts[number];
            let owner = part.parent.map(|parent| self.current[parent]);
            let taken = if owner == Some(None) { None } else { part.take(row)? };
            if let (Some(Some(owner)), Some(target)) = (owner, taken) {
                part.link(owner, target);
            }
            self.current[number] = taken;
        }
        let Some(root) = self.current[0] else { return Ok(()) };
        if !self.beside_at.is_empty() && root as usize == self.beside.len() {
            self.take_beside(row)?;
        }
        match &self.near_at {
            NearAt::Nowhere => {}
            // Rows of the root are numbered as they come: one that was there before has a smaller number.
            NearAt::Row(_) if (root as usize) < self.near.len() => {}
            NearAt::Row(columns) => self.near.push((self.parts[0].rows.key(root as usize, columns), root)),
            NearAt::Behind(columns) => {
                let pair = (read_key(row, columns)?, root);
                if self.seen.insert(pair.clone()) {
                    self.near.push(pair);
                }
            }
        }
        Ok(())
    }
}
