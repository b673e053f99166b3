//! A plan in another order: where rows give up unique values, or keys, that others take in the same flush.
//!
//! The ordinary plan goes by tables: updates, inserts, links, deletes. That is not good enough where a value wanders from row
//! to row. Then each statement is taken apart into its rows, what must come first is found from what each gives up, takes
//! and names, circles are opened, and rows of one shape are put together again. A plan of which no value wanders does not
//! come here.
mod facts;
mod meanwhile;
mod operation;
mod refusal;
mod repair;
#[cfg(test)]
mod tests;
mod token;

pub(super) use token::{Stored, Token};

use self::{
    facts::{Cause, Wait, waits},
    operation::{Operations, Shape},
    repair::{Repair, Repairs},
};
use super::{
    order::{Dependency, batches, layers},
    plan::{Part, Plan},
};
use crate::error::Result;

/// The most statements that a chain of values takes row by row; a longer one takes two, with other values meanwhile.
const LONG: usize = 3;

/// The plan in an order that unique values allow too.
///
/// # Errors
/// Rows that exchange values, of which none can hold another value meanwhile.
pub(super) fn reorder(plan: Plan, stored: &dyn Stored) -> Result<Plan> {
    let mut operations = Operations::of(plan);
    let mut repairs = Repairs::default();
    let mut shortened = false;
    loop {
        let waits = waits(&operations, stored);
        let wanted = circles(&operations, &waits, &repairs)
            .map_err(|circle| refusal::error(&operations, &waits, (&circle, stored)))?;
        if !wanted.is_empty() {
            operations = repairs.apply(operations, wanted, stored);
            continue;
        }
        let classes: Vec<usize> = operations.list.iter().map(|operation| operation.class).collect();
        let batches = batches(&dependencies(&waits, |_, _| false), &classes);
        let chains = if shortened { Vec::new() } else { chains(&operations, &waits, &batches) };
        if chains.is_empty() {
            return Ok(operations.into_plan(batches));
        }
        shortened = true;
        operations = repairs.apply(operations, chains, stored);
    }
}

fn dependencies(waits: &[Vec<Wait>], breakable: impl Fn(usize, &Wait) -> bool) -> Vec<Vec<Dependency>> {
    let of_thing = |(thing, waits): (usize, &Vec<Wait>)| {
        let dependency = |wait: &Wait| Dependency { on: wait.on, breakable: breakable(thing, wait) };
        waits.iter().map(dependency).collect()
    };
    waits.iter().enumerate().map(of_thing).collect()
}

/// What opens all circles.
fn circles(operations: &Operations, waits: &[Vec<Wait>], repairs: &Repairs) -> Result<Vec<Repair>, Vec<usize>> {
    let repair = |thing: usize, wait: &Wait| {
        Repair::of(operations, thing, wait).filter(|repair| repairs.is_new(operations, *repair))
    };
    let sorted = layers(&dependencies(waits, |thing, wait| repair(thing, wait).is_some()))?;
    let of_pair = |(thing, on): &(usize, usize)| {
        let between = waits[*thing].iter().filter(|wait| wait.on == *on);
        between.filter_map(|wait| repair(*thing, wait)).collect::<Vec<_>>()
    };
    Ok(sorted.broken.iter().flat_map(of_pair).collect())
}

/// What shortens chains of values that go from row to row of one shape: where some of the rows must hold other values
/// meanwhile anyway, or the chain is long, all of them do.
fn chains(operations: &Operations, waits: &[Vec<Wait>], batches: &[Vec<usize>]) -> Vec<Repair> {
    let mut statements = vec![0_usize; operations.shapes.len()];
    batches.iter().for_each(|batch| statements[operations.list[batch[0]].class] += 1);
    for (place, _) in waits.iter().enumerate().filter(|(place, waits)| is_parked(operations, *place, waits)) {
        statements[operations.list[place].class] += LONG;
    }
    let is_long = |place: usize| {
        let class = operations.list[place].class;
        statements[class] > LONG && matches!(operations.shapes[class], Shape::Update { .. })
    };
    let along = |(thing, waits): (usize, &Vec<Wait>)| {
        let same = |wait: &&Wait| operations.list[wait.on].class == operations.list[thing].class;
        let waits = waits.iter().filter(same).filter(|wait| matches!(wait.cause, Cause::Unique(_)));
        waits.filter_map(|wait| Repair::of(operations, thing, wait)).collect::<Vec<_>>()
    };
    waits.iter().enumerate().filter(|(thing, _)| is_long(*thing)).flat_map(along).collect()
}

/// Whether a row holds another value until this operation.
fn is_parked(operations: &Operations, place: usize, waits: &[Wait]) -> bool {
    let interim = |on: usize| matches!(operations.shape(on), Shape::Update { part: Part::Interim, .. });
    !interim(place) && waits.iter().any(|wait| wait.cause == Cause::Row && interim(wait.on))
}
