//! Projections: the rows of a query as structs of the user's own, and their lists, one statement for each list and level.
use super::{collect::read_key, run::feed, source::Source, unread};
use crate::{
    driver::{BoxFuture, Dialect, Sink, Statement},
    error::{Error, Result},
    fast::{HashMap, HashSet},
    query::{
        Criteria, Parts, Tuples,
        expr::{Expr, OrderTerm},
        projection::{List, Nested, Outline, ProjectedRows},
    },
    schema::{Relationship, RelationshipKind},
    sql::{self, Effect, Near, NearKeys, Touched},
    value::{Key, Row, SqlType, Value},
};
use std::any::Any;

/// Rows that lead to their own kind deeper than this are taken for a circle.
const DEEPEST: usize = 100;

/// Where columns are, and their types.
type Places = Vec<(usize, SqlType)>;

/// A query whose rows become a projection.
pub struct Projecting {
    pub(crate) tuples: Tuples,
    pub(crate) effect: Effect,
    pub(crate) lists: Vec<List>,
    /// For each list, where the keys of its owners are.
    pub(crate) keys: Vec<Places>,
    /// What the rows become.
    pub(crate) nested: Nested,
}

impl Projecting {
    /// The tables that it reads.
    pub(crate) fn touched(&self) -> Touched {
        Touched::by_projection(&self.tuples, &self.lists)
    }
}

/// Runs the query and loads the lists.
pub(crate) async fn projected(projecting: Projecting, mut source: Source<'_>) -> Result<Box<dyn ProjectedRows>> {
    let Projecting { tuples, effect: _, lists, keys, nested } = projecting;
    let statement = sql::tuples(source.dialect, &tuples)?;
    let criteria = tuples.parts.criteria.following();
    let owners = Owners::new((nested.rows)(), tuples.columns, keys);
    let owners = feed(Box::new(owners), &statement, source.connection()?).await?;
    complete(*owners, lists, &mut Below { source: &mut source, criteria, depth: 0 }).await
}

/// Where the lists come from, and how deep they are.
struct Below<'a, 'c> {
    source: &'a mut Source<'c>,
    criteria: Criteria,
    depth: usize,
}

/// Values whose lists are still empty, and what must be asked for to fill them.
struct Owners {
    rows: Box<dyn ProjectedRows>,
    /// What is selected, for messages.
    selected: Vec<Expr>,
    lists: Vec<Wanted>,
}

/// The owners of one list.
struct Wanted {
    places: Places,
    /// The values that a key stands for.
    owners: HashMap<Key, Vec<u32>>,
    /// Each key once, in the order in which they came.
    keys: Vec<Vec<Value>>,
}

impl Owners {
    fn new(rows: Box<dyn ProjectedRows>, selected: Vec<Expr>, keys: Vec<Places>) -> Self {
        let wanted = |places| Wanted { places, owners: HashMap::default(), keys: Vec::new() };
        Self { rows, selected, lists: keys.into_iter().map(wanted).collect() }
    }
}

impl Wanted {
    fn note(&mut self, row: &dyn Row, owner: u32) -> Result<()> {
        let key = read_key(row, &self.places)?;
        if key.has_null() {
            return Ok(());
        }
        let owners = self.owners.entry(key).or_default();
        if owners.is_empty() {
            let values = self.places.iter().map(|(ordinal, sql_type)| row.value(*ordinal, *sql_type));
            self.keys.push(values.collect::<Result<_>>()?);
        }
        owners.push(owner);
        Ok(())
    }
}

impl Sink for Owners {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        let number = self.rows.count() as u32;
        self.rows.decode(row).map_err(|(error, read)| unread::selected(error, row, (&self.selected, read)))?;
        self.lists.iter_mut().try_for_each(|list| list.note(row, number))
    }
}

/// Loads the lists and fills them in.
fn complete<'a>(
    owners: Owners,
    lists: Vec<List>,
    below: &'a mut Below<'_, '_>,
) -> BoxFuture<'a, Result<Box<dyn ProjectedRows>>> {
    Box::pin(async move {
        let Owners { mut rows, selected: _, lists: wanted } = owners;
        let count = rows.count();
        let mut filled: Vec<Box<dyn Any + Send>> = Vec::with_capacity(lists.len());
        for (list, wanted) in lists.into_iter().zip(wanted) {
            let (targets, owner_of) = targets(list, wanted, below).await?;
            filled.push(targets.by_owner(&owner_of, count));
        }
        if !filled.is_empty() {
            rows.fill(filled);
        }
        Ok(rows)
    })
}

/// The complete targets of a list, and the owner of each.
async fn targets(list: List, wanted: Wanted, below: &mut Below<'_, '_>) -> Result<(Box<dyn ProjectedRows>, Vec<u32>)> {
    if wanted.keys.is_empty() {
        return Ok(((list.nested.rows)(), Vec::new()));
    }
    if below.depth == DEEPEST {
        return Err(too_deep(list.include.relationship));
    }
    let outline = (list.nested.outline)();
    let (select, keys) = NearSelect::new(&list, &outline, &below.criteria);
    let owned = Owners::new((list.nested.rows)(), select.tuples.columns.clone(), keys);
    let seen = select.own_key.clone().map(|places| Seen { places, pairs: HashSet::default() });
    let places = select.places.clone();
    let mut sink = Box::new(Targets { owned, owners: wanted.owners, owner_of: Vec::new(), places, seen });
    let dialect = below.source.dialect;
    for chunk in sql::key_chunks(dialect, select.places.len(), wanted.keys) {
        let statement = select.statement(dialect, chunk)?;
        sink = feed(sink, &statement, below.source.connection()?).await?;
    }
    below.depth += 1;
    let rows = complete(sink.owned, outline.lists, below).await?;
    below.depth -= 1;
    Ok((rows, sink.owner_of))
}

/// A circle, or nearly one.
fn too_deep(relationship: &'static Relationship) -> Error {
    Error::usage(format!(
        "{}::{} leads more than {DEEPEST} levels deep, so that its rows are taken for a circle: end the projection with a struct \
         that does not hold it again",
        relationship.owner().model,
        relationship.name
    ))
}

/// The select of a list's targets, but for the keys of their owners.
struct NearSelect {
    tuples: Tuples,
    relationship: &'static Relationship,
    limit: Option<u64>,
    /// Where the key of the owner is.
    places: Places,
    /// Where the target's own key is, if a link may lead to it twice.
    own_key: Option<Places>,
}

impl NearSelect {
    /// With it, for each list of the targets, where the keys of its owners are.
    fn new(list: &List, outline: &Outline, criteria: &Criteria) -> (Self, Vec<Places>) {
        let include = &list.include;
        let relationship = include.relationship;
        let table = relationship.target();
        let mut parts = Parts { filter: include.filter.clone(), criteria: criteria.clone(), ..Parts::new(table) };
        parts.order.extend(include.order.iter().cloned());
        parts.order.extend(OrderTerm::of(table, relationship.order_by));
        let (mut tuples, keys) = outline.tuples(parts);
        let own_key = match relationship.kind {
            RelationshipKind::ManyToMany(_) => Some(add_key(&mut tuples)),
            RelationshipKind::BelongsTo { .. } | RelationshipKind::HasOne(_) | RelationshipKind::HasMany(_) => None,
        };
        let types =
            relationship.near_key().iter().map(|column| relationship.owner().columns[usize::from(*column)].sql_type);
        let places = (tuples.columns.len()..).zip(types).collect();
        (Self { tuples, relationship, limit: include.limit, places, own_key }, keys)
    }

    fn statement(&self, dialect: Dialect, keys: Vec<Vec<Value>>) -> Result<Statement> {
        let near = Near { relationship: self.relationship, keys: NearKeys::Values(keys), limit: self.limit };
        sql::tuples_near(dialect, &self.tuples, &near)
    }
}

/// Selects the primary key too, and tells where it is.
fn add_key(tuples: &mut Tuples) -> Places {
    let table = tuples.parts.table;
    let first = tuples.columns.len();
    tuples.columns.extend(table.primary_key.iter().map(|column| Expr::column(table, *column)));
    let types = table.primary_key.iter().map(|column| table.columns[usize::from(*column)].sql_type);
    (first..).zip(types).collect()
}

/// The targets of a list: each is decoded as often as there are owners that it goes to, so that none must be copied.
struct Targets {
    owned: Owners,
    owners: HashMap<Key, Vec<u32>>,
    owner_of: Vec<u32>,
    /// Where the key of the owner is.
    places: Places,
    /// Where a link leads to them.
    seen: Option<Seen>,
}

/// The pairs of a link that came before, each by the owner's key and that of the target.
struct Seen {
    places: Places,
    pairs: HashSet<(Key, Key)>,
}

impl Sink for Targets {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        let near = read_key(row, &self.places)?;
        let Some(owners) = self.owners.get(&near) else { return Ok(()) };
        if let Some(Seen { places, pairs }) = &mut self.seen
            && !pairs.insert((near, read_key(row, places)?))
        {
            return Ok(());
        }
        for owner in owners {
            self.owned.row(row)?;
            self.owner_of.push(*owner);
        }
        Ok(())
    }
}
