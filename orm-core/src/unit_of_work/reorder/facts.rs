//! What each operation gives up, takes and names, and from that which must wait for which.
use super::{
    operation::{Operations, Row, Shape},
    token::{Keys, Rows, Stored, Token},
};
use crate::{
    fast::{HashMap, HashSet},
    model::{ColumnSet, Node},
    schema::{Action, ForeignKey, Link, Relationship, RelationshipKind, Table, id},
    unit_of_work::plan::{Linked, Source, Written},
    value::Value,
};

/// Why an operation waits for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// Both are about one row.
    Row,
    /// It takes the values of these unique columns, which the other gives up.
    Unique(ColumnSet),
    /// Its foreign key of these columns names what the other makes.
    Reference(&'static [u16]),
    /// It takes away what the other's foreign key of these columns names until then.
    Release(&'static [u16]),
}

/// An operation that another waits for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wait {
    pub(super) on: usize,
    pub(super) cause: Cause,
}

#[derive(Default)]
struct Facts {
    frees: Vec<Token>,
    takes: Vec<Token>,
    drops: Vec<(Token, ForeignKey)>,
    needs: Vec<(Token, &'static [u16])>,
    /// Where it takes away all rows of a link model: the key that they name, and the model's table.
    clears: Option<(Token, &'static Table)>,
    /// Rows whose generated keys it writes, and the columns of the key.
    rows: Vec<(Node, &'static [u16])>,
}

/// For each operation those that it waits for.
pub(super) fn waits(operations: &Operations, stored: &dyn Stored) -> Vec<Vec<Wait>> {
    let facts = Collector::new(operations, stored).collect(operations);
    let places = Places::of(operations, &facts);
    facts.iter().enumerate().map(|(place, facts)| places.waits(operations, place, facts)).collect()
}

struct Collector<'a> {
    rows: Rows<'a>,
    keys: HashMap<usize, Keys>,
}

impl<'a> Collector<'a> {
    fn new(operations: &Operations, stored: &'a dyn Stored) -> Self {
        let inserted = |place: &usize| matches!(operations.shape(*place), Shape::Insert { .. });
        let places = (0..operations.list.len()).filter(inserted);
        let inserted: HashSet<Node> = places.filter_map(|place| operations.list[place].node()).collect();
        Self { rows: Rows::new(stored, inserted), keys: HashMap::default() }
    }

    fn collect(mut self, operations: &Operations) -> Vec<Facts> {
        let facts = |(place, operation): (usize, &super::operation::Operation)| match &operation.row {
            Row::Written(row) => self.written(operations.shape(place), operation.node().unwrap_or(row.node), row),
            Row::Removed(row) => match operations.shape(place) {
                Shape::Delete { table } => self.removed(table, row.node),
                _ => Facts::default(),
            },
            Row::Linked(row) => match operations.shape(place) {
                Shape::Link { relationship, add, .. } => linked(relationship, *add, row),
                _ => Facts::default(),
            },
        };
        operations.list.iter().enumerate().map(facts).collect()
    }

    fn written(&mut self, shape: &Shape, node: Node, row: &Written) -> Facts {
        let (Shape::Insert { table, columns, .. } | Shape::Update { table, columns, .. }) = shape else {
            return Facts::default();
        };
        let keys = self.keys.entry(id(*table)).or_insert_with(|| Keys::of(table));
        let is_touched = |key: &[u16]| key.iter().any(|column| columns.contains(column));
        let uniques: Vec<&[u16]> = keys.uniques.iter().copied().filter(|key| is_touched(key)).collect();
        let foreign: Vec<ForeignKey> = keys.foreign.iter().copied().filter(|key| is_touched(key.columns)).collect();
        let state = |rows: &Rows<'_>| -> (Vec<_>, Vec<_>) {
            let unique = uniques.iter().map(|key| rows.unique(node, table, key)).collect();
            (unique, foreign.iter().map(|key| rows.reference(node, key)).collect())
        };
        let before = state(&self.rows);
        for (column, source) in columns.iter().zip(&row.values) {
            self.rows.write(node, *column, source.clone());
        }
        let after = state(&self.rows);
        let mut facts = Facts::default();
        for (before, after) in before.0.into_iter().zip(after.0).filter(|(before, after)| before != after) {
            facts.frees.extend(before);
            facts.takes.extend(after);
        }
        for ((before, after), key) in before.1.into_iter().zip(after.1).zip(&foreign).filter(|((b, a), _)| b != a) {
            facts.drops.extend(before.map(|token| (token, *key)));
            facts.needs.extend(after.map(|token| (token, key.columns)));
        }
        facts.rows = named_rows(columns, &row.values, &foreign);
        facts
    }

    fn removed(&mut self, table: &'static Table, node: Node) -> Facts {
        let keys = self.keys.entry(id(table)).or_insert_with(|| Keys::of(table));
        let frees = keys.uniques.iter().filter_map(|key| self.rows.unique(node, table, key)).collect();
        let drops = keys.foreign.iter().filter_map(|key| Some((self.rows.reference(node, key)?, *key))).collect();
        Facts { frees, drops, ..Facts::default() }
    }
}

/// The inserted rows whose keys are among the values.
fn named_rows(columns: &[u16], values: &[Source], foreign: &[ForeignKey]) -> Vec<(Node, &'static [u16])> {
    let named = columns.iter().zip(values).filter_map(|(column, source)| match source {
        Source::Inserted { node, .. } => Some((*node, *column)),
        Source::Value(_) => None,
    });
    let with_key = |(node, column): (Node, u16)| {
        let key = foreign.iter().find(|key| key.columns.contains(&column));
        (node, key.map_or(&[][..], |key| key.columns))
    };
    named.map(with_key).collect()
}

/// A link names both of its ends, and is a row of its own.
fn linked(relationship: &'static Relationship, add: bool, row: &Linked) -> Facts {
    let (near, far) = relationship.link_references();
    let mut facts = Facts::default();
    let ends = [(relationship.owner(), near, &row.near), (relationship.target(), far, &row.far)];
    for (table, references, sources) in ends {
        facts.rows.extend(sources.iter().filter_map(|source| match source {
            Source::Inserted { node, .. } => Some((*node, &[][..])),
            Source::Value(_) => None,
        }));
        let Some(token) = values(sources).and_then(|values| token(table, references, values)) else { continue };
        match add {
            true => facts.needs.push((token, &[])),
            false => facts.drops.push((token, end_of_link(table, references))),
        }
    }
    if let (true, RelationshipKind::ManyToMany(Link::Model { table, .. })) = (row.far.is_empty(), relationship.kind) {
        facts.clears = facts.drops.first().map(|(token, _)| (token.clone(), table()));
    }
    let tokens = link_row(relationship, row);
    if add {
        facts.takes = tokens;
    } else {
        facts.frees = tokens;
    }
    facts
}

fn values(sources: &[Source]) -> Option<Vec<Value>> {
    let value = |source: &Source| if let Source::Value(value) = source { Some(value.clone()) } else { None };
    sources.iter().map(value).collect()
}

fn token(table: &'static Table, columns: &[u16], values: Vec<Value>) -> Option<Token> {
    (columns.len() == values.len()).then(|| Token::of(table, columns.iter().copied().zip(values).collect()))?
}

/// The foreign key of a link, as far as it matters for the order: its row goes away with it.
fn end_of_link(target: &'static Table, target_columns: &'static [u16]) -> ForeignKey {
    let (on_delete, on_update) = (Action::NoAction, Action::NoAction);
    ForeignKey { columns: &[], target, target_columns, on_delete, on_update, index: false }
}

/// The unique values of a link model's row, as far as the link says them.
fn link_row(relationship: &'static Relationship, row: &Linked) -> Vec<Token> {
    let RelationshipKind::ManyToMany(Link::Model { table, near, far, constants }) = relationship.kind else {
        return Vec::new();
    };
    let table = table();
    let side = |position: u16| table.relationships[usize::from(position)].key().map_or(&[][..], |(columns, _)| columns);
    let (Some(near_values), Some(far_values)) = (values(&row.near), values(&row.far)) else { return Vec::new() };
    let mut parts: HashMap<u16, Value> = side(near).iter().copied().zip(near_values).collect();
    parts.extend(side(far).iter().copied().zip(far_values));
    parts.extend(constants.iter().map(|(column, value)| (*column, value())));
    let token = |key: &&[u16]| {
        let values: Option<Vec<(u16, Value)>> =
            key.iter().map(|column| parts.get(column).map(|value| (*column, value.clone()))).collect();
        Token::of(table, values?)
    };
    Keys::of(table).uniques.iter().filter_map(token).collect()
}

/// Which operations do what to each token and each row.
struct Places<'f> {
    frees: HashMap<&'f Token, Vec<usize>>,
    takes: HashMap<&'f Token, Vec<usize>>,
    drops: HashMap<&'f Token, Vec<(usize, ForeignKey)>>,
    inserts: HashMap<Node, usize>,
    /// The operation before one that is about the same row.
    previous: Vec<Option<usize>>,
}

impl<'f> Places<'f> {
    fn of(operations: &Operations, facts: &'f [Facts]) -> Self {
        let (frees, takes, drops) = (HashMap::default(), HashMap::default(), HashMap::default());
        let mut places =
            Self { frees, takes, drops, inserts: HashMap::default(), previous: vec![None; operations.list.len()] };
        let mut last: HashMap<Node, usize> = HashMap::default();
        for (place, facts) in facts.iter().enumerate() {
            facts.frees.iter().for_each(|token| places.frees.entry(token).or_default().push(place));
            facts.takes.iter().for_each(|token| places.takes.entry(token).or_default().push(place));
            facts.drops.iter().for_each(|(token, key)| places.drops.entry(token).or_default().push((place, *key)));
            let Some(node) = operations.list[place].node() else { continue };
            if let Shape::Insert { .. } = operations.shape(place) {
                places.inserts.insert(node, place);
            }
            places.previous[place] = last.insert(node, place);
        }
        places
    }

    fn waits(&self, operations: &Operations, place: usize, facts: &Facts) -> Vec<Wait> {
        let node = operations.list[place].node();
        let of_others = |on: &usize| node.is_none() || operations.list[*on].node() != node;
        let mut waits: Vec<Wait> = self.previous[place].map(|on| Wait { on, cause: Cause::Row }).into_iter().collect();
        for token in &facts.takes {
            let on = self.frees.get(token).into_iter().flatten().copied().filter(of_others);
            waits.extend(on.map(|on| Wait { on, cause: Cause::Unique(token.columns) }));
        }
        for (token, columns) in &facts.needs {
            let on = self.takes.get(token).into_iter().flatten().copied().filter(of_others);
            waits.extend(on.map(|on| Wait { on, cause: Cause::Reference(columns) }));
        }
        for (row, columns) in &facts.rows {
            let on = self.inserts.get(row).copied().filter(|on| *on != place);
            waits.extend(on.map(|on| Wait { on, cause: Cause::Reference(columns) }));
        }
        // Rows of the link that go elsewhere are not meant.
        if let Some((token, table)) = &facts.clears {
            let drops = self.drops.get(token).into_iter().flatten();
            let of_link = drops.filter(|(on, _)| operations.shape(*on).table() == Some(table));
            waits.extend(of_link.map(|(on, key)| Wait { on: *on, cause: Cause::Release(key.columns) }));
        }
        for token in &facts.frees {
            let updates = matches!(operations.shape(place), Shape::Update { .. });
            let drops = self.drops.get(token).into_iter().flatten();
            // What names a key that changes may change with it.
            let drops = drops.filter(|(on, key)| of_others(on) && !(updates && key.on_update == Action::Cascade));
            waits.extend(drops.map(|(on, key)| Wait { on: *on, cause: Cause::Release(key.columns) }));
        }
        waits
    }
}
