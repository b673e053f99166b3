//! Rows as plain values, with what was loaded inside them.
use super::{
    collect::Collected,
    count::count_near,
    plan::{After, Plan, plan},
    run::{From, run, run_near},
    source::Source,
};
use crate::{
    driver::BoxFuture,
    error::Result,
    model::Batch,
    query::{Criteria, Include, Parts},
    relation::RelatedRow,
    schema::{Relationship, RelationshipKind, Strategy},
    sql::Select,
    value::{Key, Value},
};
use foldhash::fast::RandomState;
use hashbrown::{HashMap, HashSet};

/// Runs a query; the batch holds the model's values, their relationship fields filled as the query says. With it comes what
/// was selected beside each row.
pub(crate) async fn values(parts: &Parts, mut source: Source<'_>) -> Result<(Box<dyn Batch>, Vec<Vec<Value>>)> {
    let plan = plan(parts, parts.criteria.clone());
    let dialect = source.dialect;
    let mut collected = run(&plan, source.connection().await?, dialect).await?;
    let beside = std::mem::take(&mut collected.beside);
    Ok((assemble(plan, collected, &mut source).await?.0, beside))
}

/// The rows of the root, and for a near load the owner's key of each.
pub(super) type Assembled = (Box<dyn Batch>, Vec<(Key, u32)>);

/// Fills the parts from the last to the first, each into its owner's.
pub(super) fn assemble<'a>(
    plan: Plan,
    collected: Collected,
    source: &'a mut Source<'_>,
) -> BoxFuture<'a, Result<Assembled>> {
    Box::pin(async move {
        let Collected { parts, near, .. } = collected;
        let (parts, edges): (Vec<_>, Vec<_>) = parts.into_iter().map(|part| (Some(part.rows), part.edges)).unzip();
        let mut done: Vec<Option<Box<dyn Batch>>> = parts;
        for number in (0..done.len()).rev() {
            let Some(mut rows) = done[number].take() else { continue };
            leave_empty(rows.as_mut(), &plan.includes[number]);
            for after in plan.after.iter().filter(|after| after.part == number) {
                let query = (number == 0 && plan.whole).then(|| plan.select.clone());
                fill_after(rows.as_mut(), after, query, source).await?;
            }
            for include in plan.includes[number].iter().filter(|include| include.counts()) {
                let criteria = plan.select.criteria.following().of_targets(include);
                count_in(rows.as_mut(), (include.relationship, criteria), source).await?;
            }
            let Some(join) = number.checked_sub(1).map(|join| &plan.select.joins[join]) else {
                return Ok((rows, near));
            };
            let owner = join.parent.map_or(0, |parent| parent + 1);
            if let Some(owners) = &mut done[owner] {
                let groups = group(owners.len(), &edges[number]);
                distribute(owners.as_mut(), rows, &groups, (join.relationship, join.is_partial()));
            }
        }
        unreachable!("part 0 is the last of the loop")
    })
}

/// Relationships that are not to be loaded are empty, and known to be but a part.
fn leave_empty(rows: &mut dyn Batch, includes: &[Include]) {
    for include in includes.iter().filter(|include| include.strategy() == Strategy::NoLoad) {
        let mut nothing = (include.relationship.target().operations.batch)(0).into_related();
        for row in 0..rows.len() {
            rows.fill(row, include.relationship.position(), nothing.content(&[], true));
        }
    }
}

fn group(owners: usize, edges: &[(u32, u32)]) -> Vec<Vec<u32>> {
    let mut groups = vec![Vec::new(); owners];
    for (owner, target) in edges {
        groups[*owner as usize].push(*target);
    }
    groups
}

/// Loads a relationship for the rows of a batch and fills it in.
async fn fill_after(
    owners: &mut dyn Batch,
    after: &After,
    query: Option<Select>,
    source: &mut Source<'_>,
) -> Result<()> {
    let After { include, path, criteria, .. } = after;
    let (owner_keys, keys) = keys_of(owners, include.relationship.near_key());
    let mut by_key: HashMap<Key, Vec<u32>, RandomState> = HashMap::default();
    let mut targets = (include.relationship.target().operations.batch)(0);
    if !keys.is_empty() {
        let from = From { keys, query, path: path.clone(), criteria: criteria.clone() };
        let dialect = source.dialect;
        let (plan, collected) = run_near(include, from, source.connection().await?, dialect).await?;
        let (rows, near) = assemble(plan, collected, source).await?;
        targets = rows;
        for (key, row) in near {
            by_key.entry(key).or_default().push(row);
        }
    }
    let groups: Vec<Vec<u32>> = owner_keys.iter().map(|key| by_key.get(key).cloned().unwrap_or_default()).collect();
    distribute(owners, targets, &groups, (include.relationship, include.is_partial()));
    Ok(())
}

/// Counts the targets of a relationship for the rows of a batch.
async fn count_in(
    owners: &mut dyn Batch,
    (relationship, criteria): (&'static Relationship, Criteria),
    source: &mut Source<'_>,
) -> Result<()> {
    let (owner_keys, keys) = keys_of(owners, relationship.near_key());
    let dialect = source.dialect;
    let numbers = count_near((relationship, criteria), keys, source.connection().await?, dialect).await?;
    for (owner, key) in owner_keys.iter().enumerate() {
        owners.set_total(owner, relationship.position(), numbers.get(key).copied().unwrap_or_default());
    }
    Ok(())
}

/// The key of each row, and those to ask for: each once, none with a null.
fn keys_of(rows: &dyn Batch, columns: &[u16]) -> (Vec<Key>, Vec<Vec<Value>>) {
    let mut seen: HashSet<Key, RandomState> = HashSet::default();
    let mut keys = Vec::with_capacity(rows.len());
    let mut values = Vec::new();
    for row in 0..rows.len() {
        let key = rows.key(row, columns);
        if !key.has_null() && seen.insert(key.clone()) {
            values.push(columns.iter().map(|column| rows.value(row, *column)).collect());
        }
        keys.push(key);
    }
    (keys, values)
}

/// Moves the targets into the fields of their owners; who is shared is copied for all but the last.
fn distribute(
    owners: &mut dyn Batch,
    targets: Box<dyn Batch>,
    groups: &[Vec<u32>],
    (relationship, partial): (&'static Relationship, bool),
) {
    let position = relationship.position();
    let mut uses = vec![0_u32; targets.len()];
    groups.iter().flatten().for_each(|target| uses[*target as usize] += 1);
    let mut related = targets.into_related();
    let to_one = matches!(relationship.kind, RelationshipKind::BelongsTo { .. });
    for (owner, group) in groups.iter().enumerate() {
        let wanted: Vec<RelatedRow> = group
            .iter()
            .map(|target| {
                let left = &mut uses[*target as usize];
                *left -= 1;
                RelatedRow { row: *target, copy: *left > 0 }
            })
            .collect();
        owners.fill(owner, position, related.content(&wanted, partial && (!to_one || wanted.is_empty())));
    }
}

impl Relationship {
    /// The columns of the owner that a load compares.
    pub(crate) fn near_key(&self) -> &'static [u16] {
        match (&self.kind, self.key()) {
            (RelationshipKind::BelongsTo { .. }, Some((columns, _))) => columns,
            (_, Some((_, references))) => references,
            (_, None) => self.link_references().0,
        }
    }
}
