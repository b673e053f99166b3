//! Rows as plain values, with what was loaded inside them.
use super::{
    alone::{is_alone, run_alone},
    collect::Collected,
    count::count_near,
    met::Met,
    near::{Grouped, Lists, Near},
    plan::{After, Plan, is_deeper, plan},
    recall::Recall,
    run::{From, run, run_near},
    source::Source,
};
use crate::{
    driver::BoxFuture,
    error::Result,
    model::Batch,
    query::{Criteria, Include, Parts},
    schema::{Relationship, RelationshipKind, Strategy},
    sql::Select,
    value::{Key, KeyMap, Value},
};

/// Runs a query; the batch holds the model's values, their relationship fields filled as the query says. With it comes what
/// was selected beside each row.
pub(crate) async fn values(parts: Box<Parts>, mut source: Source<'_>) -> Result<(Box<dyn Batch>, Vec<Vec<Value>>)> {
    let criteria = parts.criteria.clone();
    let dialect = source.dialect;
    if is_alone(&parts) {
        let root = run_alone((parts, criteria), Recall::nothing(), source.connection()?, dialect).await?;
        return Ok((root.rows, Vec::new()));
    }
    Box::pin(planned((parts, criteria), source)).await
}

async fn planned(
    (parts, criteria): (Box<Parts>, Criteria),
    mut source: Source<'_>,
) -> Result<(Box<dyn Batch>, Vec<Vec<Value>>)> {
    let plan = plan(*parts, criteria);
    let dialect = source.dialect;
    let mut collected = run(&plan, Recall::nothing(), source.connection()?, dialect).await?;
    let beside = std::mem::take(&mut collected.beside);
    Ok((assemble(plan, *collected, &mut source).await?.0, beside))
}

/// The rows of the root, and for a near load the owner's key of each.
pub(super) type Assembled = (Box<dyn Batch>, Near);

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
                let lists = Lists::of(owners.len(), &edges[number]);
                let groups: Vec<_> = (0..owners.len()).map(|owner| Some(lists.get(owner))).collect();
                distribute(owners.as_mut(), rows, &groups, (join.relationship, join.is_partial()));
            }
        }
        unreachable!("part 0 is the last of the loop")
    })
}

/// Relationships that are not to be loaded are empty, and known to be but a part.
fn leave_empty(rows: &mut dyn Batch, includes: &[Include]) {
    for include in includes.iter().filter(|include| include.strategy() == Strategy::NoLoad) {
        let mut nothing = (include.relationship.target().operations.batch)(0).into_related(Vec::new());
        for row in 0..rows.len() {
            rows.fill(row, include.relationship.position(), nothing.content(&[], true));
        }
    }
}

/// Loads a relationship for the rows of a batch and fills it in.
async fn fill_after(
    owners: &mut dyn Batch,
    after: &After,
    query: Option<Select>,
    source: &mut Source<'_>,
) -> Result<()> {
    let After { include, path, criteria, .. } = after;
    let met = after.met.clone().or_else(|| (include.recursive == Some(u32::MAX)).then(Met::default));
    let (owner_keys, keys) = keys_of(owners, include.relationship, met.as_ref());
    let mut by_key = Grouped::default();
    let mut targets = (include.relationship.target().operations.batch)(0);
    if !keys.is_empty() {
        let recall = Recall::nothing();
        let from = From { keys, query, path: path.clone(), criteria: criteria.clone(), recall };
        let dialect = source.dialect;
        let (mut plan, collected) = run_near(include, from, source.connection()?, dialect).await?;
        for deeper in plan.after.iter_mut().filter(|after| is_deeper(include, &after.include)) {
            deeper.met.clone_from(&met);
        }
        let (rows, near) = assemble(plan, *collected, source).await?;
        targets = rows;
        by_key = near.grouped(Some);
    }
    let found = |key: &Key| by_key.get(key).unwrap_or_default();
    let groups: Vec<_> = owner_keys.iter().map(|key| key.as_ref().map(found)).collect();
    distribute(owners, targets, &groups, (include.relationship, include.is_partial()));
    Ok(())
}

/// Counts the targets of a relationship for the rows of a batch.
async fn count_in(
    owners: &mut dyn Batch,
    (relationship, criteria): (&'static Relationship, Criteria),
    source: &mut Source<'_>,
) -> Result<()> {
    let (owner_keys, keys) = keys_of(owners, relationship, None);
    let dialect = source.dialect;
    let numbers = count_near((relationship, criteria), keys, source.connection()?, dialect).await?;
    for (owner, key) in owner_keys.iter().enumerate() {
        let number = key.as_ref().and_then(|key| numbers.get(key)).copied();
        owners.set_total(owner, relationship.position(), number.unwrap_or_default());
    }
    Ok(())
}

/// The key of each row that a load goes on from, and those to ask for: each once, none with a null.
fn keys_of(
    rows: &dyn Batch,
    relationship: &'static Relationship,
    met: Option<&Met>,
) -> (Vec<Option<Key>>, Vec<Vec<Value>>) {
    let columns = relationship.near_key();
    let mut seen = KeyMap::default();
    let mut keys = Vec::with_capacity(rows.len());
    let mut values = Vec::new();
    for row in 0..rows.len() {
        if met.is_some_and(|met| !met.goes_on(relationship, rows, row)) {
            keys.push(None);
            continue;
        }
        let key = rows.key(row, columns);
        if !key.has_null() && seen.insert(key.clone(), ()).is_none() {
            values.push(columns.iter().map(|column| rows.value(row, *column)).collect());
        }
        keys.push(Some(key));
    }
    (keys, values)
}

/// Moves the targets into the fields of their owners; who is shared is copied for all but the last. Owners without a group
/// stay unloaded.
fn distribute(
    owners: &mut dyn Batch,
    targets: Box<dyn Batch>,
    groups: &[Option<&[u32]>],
    (relationship, partial): (&'static Relationship, bool),
) {
    let position = relationship.position();
    let mut uses = vec![0_u32; targets.len()];
    groups.iter().copied().flatten().flatten().for_each(|target| uses[*target as usize] += 1);
    let mut related = targets.into_related(uses);
    let to_one = matches!(relationship.kind, RelationshipKind::BelongsTo { .. });
    for (owner, group) in groups.iter().enumerate() {
        let Some(group) = group else { continue };
        owners.fill(owner, position, related.content(group, partial && (!to_one || group.is_empty())));
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
