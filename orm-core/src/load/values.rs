//! Rows as plain values, with what was loaded inside them.
use super::{
    collect::Collected,
    plan::{Plan, plan},
    run::{run, run_near},
};
use crate::{
    driver::{BoxFuture, Connection, Dialect},
    error::Result,
    model::Batch,
    query::{Include, Parts},
    relation::RelatedRow,
    schema::{Relationship, RelationshipKind, Table},
    value::{Key, Value},
};
use std::collections::HashMap;

/// Runs a query; the batch holds the model's values, their relationship fields filled as the query says.
pub(crate) async fn values(parts: &Parts, connection: &mut dyn Connection, dialect: Dialect) -> Result<Box<dyn Batch>> {
    let plan = plan(parts);
    let collected = run(&plan, connection, dialect).await?;
    let mut path = vec![parts.table];
    Ok(assemble(plan, collected, connection, (dialect, &mut path)).await?.0)
}

/// The rows of the root, and for a near load the owner's key of each.
type Assembled = (Box<dyn Batch>, Vec<(Key, u32)>);

type Path<'p> = (Dialect, &'p mut Vec<&'static Table>);

/// Fills the parts from the last to the first, each into its owner's.
fn assemble<'a>(
    plan: Plan,
    collected: Collected,
    connection: &'a mut dyn Connection,
    (dialect, path): Path<'a>,
) -> BoxFuture<'a, Result<Assembled>> {
    Box::pin(async move {
        let Collected { parts, near, .. } = collected;
        let mut done: Vec<Option<Box<dyn Batch>>> = Vec::new();
        let mut edges = Vec::new();
        for part in parts {
            done.push(Some(part.rows));
            edges.push(part.edges);
        }
        for number in (0..done.len()).rev() {
            let Some(mut rows) = done[number].take() else { continue };
            for after in plan.after.iter().filter(|after| after.part == number) {
                fill_after(rows.as_mut(), &after.include, connection, (dialect, path)).await?;
            }
            let Some(join) = number.checked_sub(1).map(|join| &plan.select.joins[join]) else {
                return Ok((rows, near));
            };
            let owner = join.parent.map_or(0, |parent| parent + 1);
            if let Some(owners) = &mut done[owner] {
                let groups = group(owners.len(), &edges[number]);
                distribute(owners.as_mut(), rows, &groups, (join.relationship, join.filter.is_some()));
            }
        }
        unreachable!("part 0 is the last of the loop")
    })
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
    include: &Include,
    connection: &mut dyn Connection,
    (dialect, path): Path<'_>,
) -> Result<()> {
    let relationship = include.relationship;
    let columns = relationship.near_key();
    let mut keys: HashMap<Key, Vec<Value>> = HashMap::new();
    let mut order = Vec::new();
    let mut owner_keys = Vec::with_capacity(owners.len());
    for row in 0..owners.len() {
        let key = owners.key(row, columns);
        if !key.has_null() && !keys.contains_key(&key) {
            keys.insert(key.clone(), columns.iter().map(|column| owners.value(row, *column)).collect());
            order.push(key.clone());
        }
        owner_keys.push(key);
    }
    let values: Vec<Vec<Value>> = order.iter().filter_map(|key| keys.remove(key)).collect();
    let mut by_key: HashMap<Key, Vec<u32>> = HashMap::new();
    let mut targets = (relationship.target().operations.batch)(0);
    if !values.is_empty() {
        let (plan, collected) = run_near(include, values, connection, (dialect, path)).await?;
        path.push(relationship.target());
        let (rows, near) = assemble(plan, collected, connection, (dialect, path)).await?;
        path.pop();
        targets = rows;
        for (key, row) in near {
            by_key.entry(key).or_default().push(row);
        }
    }
    let groups: Vec<Vec<u32>> = owner_keys.iter().map(|key| by_key.get(key).cloned().unwrap_or_default()).collect();
    distribute(owners, targets, &groups, (relationship, include.is_partial()));
    Ok(())
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
    for (owner, group) in groups.iter().enumerate() {
        let wanted: Vec<RelatedRow> = group
            .iter()
            .map(|target| {
                let left = &mut uses[*target as usize];
                *left -= 1;
                RelatedRow { row: *target, copy: *left > 0 }
            })
            .collect();
        owners.fill(owner, position, related.content(&wanted, partial));
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
