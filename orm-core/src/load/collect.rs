//! One pass over the rows of a statement: each part decoded once, and who belongs to whom.
use super::{near::Near, plan::Plan, recall::Recall};
use crate::{
    driver::Sink,
    error::Result,
    fast::HashSet,
    memory::{Known, Places},
    model::Batch,
    schema::{RelationshipKind, Table},
    sql::{JoinNode, Select, selected},
    value::{Key, KeyMap, Row, SqlType, Value},
};

/// The rows of a statement, taken apart.
pub(super) struct Collected {
    /// Part 0 is the root, part `n` the join `n - 1`.
    pub(super) parts: Vec<Part>,
    /// For a near load: the owner's key of each row of the root.
    pub(super) near: Near,
    near_at: NearAt,
    /// What was selected beside each row of the root.
    pub(super) beside: Vec<Vec<Value>>,
    beside_at: Vec<(usize, SqlType)>,
    /// The pairs of `near`, where one may come again behind others.
    seen: HashSet<(Key, u32)>,
    /// What the row at hand has of each part: its number there, and whether it is new.
    current: Vec<Option<(u32, bool)>>,
    /// How many statements more add rows after the one that runs.
    pub(super) more: usize,
    /// The number of owners that are asked for, if they are.
    pub(super) owners: usize,
}

/// The rows of one table.
pub(super) struct Part {
    pub(super) table: &'static Table,
    /// Those that were decoded.
    pub(super) rows: Box<dyn Batch>,
    /// For a session: the entities of rows that were not decoded since it has them.
    pub(super) places: Places,
    memory: Option<Known>,
    /// Whether the rows become entities.
    stays: bool,
    /// Whether room was made for rows that may not have come.
    expects: bool,
    /// Pairs of a row of the owner's part and a row of this one; empty for the root.
    pub(super) edges: Vec<(u32, u32)>,
    /// Whether each row of the result has another row here, so that nothing needs to be compared.
    once: bool,
    /// What joins it; the root is joined by nothing.
    join: Option<Joined>,
    ordinal: usize,
    deferred: bool,
    key: Vec<(usize, SqlType)>,
    known: KeyMap<u32>,
    last: Option<(Key, u32)>,
    linked: HashSet<(u32, u32)>,
}

#[derive(Clone, Copy)]
struct Joined {
    /// The part of the owners.
    parent: usize,
    /// Whether the owner's own key says which target it has.
    to_one: bool,
}

/// Where a near load finds the key of the owner.
enum NearAt {
    Nowhere,
    /// In columns of the root row itself.
    Row(Vec<(usize, SqlType)>),
    /// In deferred columns, which are not there.
    LeftOut,
    /// In columns behind all others.
    Behind(Vec<(usize, SqlType)>),
}

impl Collected {
    /// `recall`: the memory that may have rows already.
    pub(super) fn new(plan: &Plan, recall: &Recall<'_>) -> Self {
        let select = &plan.select;
        let mut parts = Vec::with_capacity(select.joins.len() + 1);
        let near_at = near_at(select);
        let repeats = matches!(near_at, NearAt::Behind(_));
        let once = !repeats && !select.joins.iter().any(|join| join.relationship.is_to_many());
        parts.push(Part::root(select, once).for_memory(recall, |recall| recall.of_root(select.table)));
        let mut ordinal = parts[0].width();
        for (number, join) in select.joins.iter().enumerate() {
            let once = !repeats && comes_once(select, number);
            let to_one = matches!(join.relationship.kind, RelationshipKind::BelongsTo { .. });
            let joined = Joined { parent: join.parent.map_or(0, |parent| parent + 1), to_one };
            let part = Part::new(join.relationship.target(), (join.deferred, once), Some(joined), &mut ordinal);
            parts.push(part.for_memory(recall, |recall| recall.of_related(join.relationship.target())));
        }
        let current = vec![None; parts.len()];
        Self {
            parts,
            near: Near::default(),
            near_at,
            beside: Vec::new(),
            beside_at: beside_at(select),
            seen: HashSet::default(),
            current,
            more: 0,
            owners: 0,
        }
    }

    /// Takes what a row has of a part, and tells its number there and whether it is new.
    fn take_part(&mut self, number: usize, row: &dyn Row) -> Result<Option<(u32, bool)>> {
        let part = &mut self.parts[number];
        let owner = match part.join {
            None => None,
            Some(join) => match self.current[join.parent] {
                None => return Ok(None),
                owner => owner,
            },
        };
        let before = part.len();
        let Some(taken) = part.take(row)? else { return Ok(None) };
        if let Some((owner, is_new)) = owner {
            part.link(owner, taken, is_new);
        }
        Ok(Some((taken, taken == before)))
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

/// Whether each row of the result has another row of that join: on the way to it each target has one owner, and no other
/// collection is joined.
fn comes_once(select: &Select, number: usize) -> bool {
    let way: Vec<usize> = std::iter::successors(Some(number), |join| select.joins[*join].parent).collect();
    let many = |join: &JoinNode| join.relationship.is_to_many();
    let of_one_owner = |join: &JoinNode| {
        matches!(join.relationship.kind, RelationshipKind::HasMany(_) | RelationshipKind::HasOne(_))
            && join.named.is_none()
    };
    select.named.is_empty()
        && select.source.is_none()
        && way.iter().all(|join| of_one_owner(&select.joins[*join]))
        && select.joins.iter().enumerate().all(|(join, node)| !many(node) || way.contains(&join))
}

fn near_at(select: &Select) -> NearAt {
    let Some(near) = &select.near else { return NearAt::Nowhere };
    let relationship = near.relationship;
    match (&relationship.kind, relationship.key()) {
        (RelationshipKind::BelongsTo { .. }, Some((_, references))) => in_row(select, references),
        (_, Some((columns, _))) => in_row(select, columns),
        (_, None) => {
            let width = select.width();
            let types = relationship.near_types();
            NearAt::Behind(types.into_iter().enumerate().map(|(i, sql_type)| (width + i, sql_type)).collect())
        }
    }
}

fn in_row(select: &Select, columns: &[u16]) -> NearAt {
    select.places(columns).map_or(NearAt::LeftOut, NearAt::Row)
}

impl Part {
    /// The rows of the select's own table. `once`: each row of the result has another one.
    pub(super) fn root(select: &Select, once: bool) -> Self {
        Self::new(select.table, (select.deferred, once), None, &mut 0)
    }

    /// The number of its columns in a row of the result.
    fn width(&self) -> usize {
        selected(self.table, self.deferred).count()
    }

    fn new(table: &'static Table, (deferred, once): (bool, bool), join: Option<Joined>, ordinal: &mut usize) -> Self {
        let place = |column: &u16| {
            let at = selected(table, deferred).position(|other| other == *column).unwrap_or_default();
            (*ordinal + at, table.columns[usize::from(*column)].sql_type)
        };
        let key = table.primary_key.iter().map(place).collect();
        let part = Self {
            table,
            rows: (table.operations.batch)(0),
            places: Places::default(),
            memory: None,
            stays: false,
            expects: false,
            edges: Vec::new(),
            once,
            join,
            ordinal: *ordinal,
            deferred,
            key,
            known: KeyMap::default(),
            last: None,
            linked: HashSet::default(),
        };
        *ordinal += part.width();
        part
    }

    /// If a session loads: rows that it has need not be decoded, but those with deferred columns bring more than it may have.
    pub(super) fn for_memory(self, recall: &Recall<'_>, known: impl FnOnce(&Recall<'_>) -> Option<Known>) -> Self {
        let brings_more = self.deferred && self.table.columns.iter().any(|column| column.deferred);
        let memory = if brings_more { None } else { known(recall) };
        Self { memory, stays: recall.is_of_session(), ..self }
    }

    /// Makes room for so many rows, where all of them will be decoded: what grows by doubling is copied, and touches more
    /// memory than it needs.
    pub(super) fn expect(&mut self, rows: usize) {
        if self.memory.is_none() && rows > 0 {
            self.rows.expect(rows);
            self.expects = true;
        }
        if self.join.is_some() && self.edges.is_empty() {
            let _ = self.edges.try_reserve_exact(rows);
        }
    }

    /// Gives back room that is left over, if the rows stay in memory.
    pub(super) fn fit(&mut self) {
        if self.stays || self.expects {
            self.rows.fit();
        }
    }

    /// The number of rows.
    fn len(&self) -> u32 {
        self.places.len(self.rows.len()) as u32
    }

    /// The row's number within the part, decoded if it is new; `None` where an outer join found nothing.
    pub(super) fn take(&mut self, row: &dyn Row) -> Result<Option<u32>> {
        let next = self.len();
        if self.once {
            // A primary key is null only where nothing was found; the root is always there.
            if self.join.is_some() && self.key.iter().any(|(ordinal, _)| row.is_null(*ordinal)) {
                return Ok(None);
            }
            let asks = self.memory.as_mut().is_some_and(Known::asks);
            // A key that cannot be read is told of by who reads the row.
            let key = if asks { read_key(row, &self.key).ok() } else { None };
            self.add(row, key.as_ref())?;
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
        let number = *self.known.get_or_insert(&key, next);
        if number == next {
            let asks = self.memory.as_mut().is_some_and(Known::asks);
            self.add(row, asks.then_some(&key))?;
        }
        self.last = Some((key, number));
        Ok(Some(number))
    }

    /// Takes a new row: its entity, if memory is asked for a key and has it, else its columns.
    fn add(&mut self, row: &dyn Row, key: Option<&Key>) -> Result<()> {
        let decoded = self.rows.len();
        if let (Some(memory), Some(key)) = (&mut self.memory, key)
            && let Some(node) = memory.entity(key, |rows, other| rows.is_stored_as(other, row, self.ordinal))
        {
            self.places.push_known(node, decoded);
            return Ok(());
        }
        self.rows.decode(row, self.ordinal, self.deferred)?;
        self.places.push_decoded(decoded);
        Ok(())
    }

    /// Notes an owner of a row. `is_new`: whether this row of the result is the first of the owner.
    fn link(&mut self, owner: u32, target: u32, is_new: bool) {
        let is_known = match self.join {
            _ if self.once => false,
            Some(Joined { to_one: true, .. }) => !is_new,
            _ => self.edges.last() == Some(&(owner, target)) || !self.linked.insert((owner, target)),
        };
        if !is_known {
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
            self.current[number] = self.take_part(number, row)?;
        }
        let Some((root, _)) = self.current[0] else { return Ok(()) };
        if !self.beside_at.is_empty() && root as usize == self.beside.len() {
            self.take_beside(row)?;
        }
        match &self.near_at {
            NearAt::Nowhere => {}
            // Rows of the root are numbered as they come: one that was there before has a smaller number.
            NearAt::Row(_) | NearAt::LeftOut if (root as usize) < self.near.len() => {}
            NearAt::Row(columns) => self.near.push(read_key(row, columns)?, root),
            NearAt::LeftOut => self.near.push(Key::Null, root),
            NearAt::Behind(columns) => {
                let key = read_key(row, columns)?;
                if self.seen.insert((key.clone(), root)) {
                    self.near.push(key, root);
                }
            }
        }
        Ok(())
    }

    fn expect(&mut self, rows: usize) {
        let rows = rows.saturating_mul(1 + self.more);
        // Of a part of which one row comes with several rows of the result, nobody knows how many there are.
        self.parts.iter_mut().filter(|part| part.once).for_each(|part| part.expect(rows));
        if !matches!(self.near_at, NearAt::Nowhere) {
            self.near.expect(self.owners, rows);
        }
    }

    fn end(&mut self) {
        if self.more == 0 {
            self.parts.iter_mut().for_each(Part::fit);
        }
    }
}
