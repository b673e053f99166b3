//! The rows of link tables: from links that were made and taken away, and from deleted entities.
use super::{
    plan::{Linked, Links, Source, Step},
    planner::Planner,
};
use crate::{
    memory::{Far, LinkChange, Locked},
    model::Node,
    schema::{PassiveDeletes, Relationship, RelationshipKind},
};

/// The steps that take links away. Their ends are in the database.
pub(super) fn removed(graph: &Locked<'_>, changes: &[LinkChange]) -> Vec<Step> {
    let mut steps = Vec::new();
    for change in changes.iter().filter(|change| !change.add) {
        let (near, far) = change.relationship.link_references();
        let far = match &change.far {
            Far::Node(node) => graph.values(*node, far),
            Far::Key(key) => key.clone(),
        };
        let row = Linked { near: Source::values(graph.values(change.near, near)), far: Source::values(far) };
        push(&mut steps, (change.relationship, false, false), row);
    }
    steps
}

/// The steps that make links.
pub(super) fn added(planner: &mut Planner<'_, '_>, changes: &[LinkChange]) -> Vec<Step> {
    let mut steps = Vec::new();
    for change in changes.iter().filter(|change| change.add) {
        let (near, far) = change.relationship.link_references();
        let near = planner.key_sources(change.near, near);
        let (far, by_key) = match &change.far {
            Far::Node(node) => (planner.key_sources(*node, far), false),
            Far::Key(key) => (Source::values(key.clone()), true),
        };
        // Whether a link is there already is known only where both ends are new or the collection was loaded.
        let if_absent = by_key || !change.known;
        push(&mut steps, (change.relationship, true, if_absent), Linked { near, far });
    }
    steps
}

/// The steps that delete all links of entities whose rows others take over.
pub(super) fn of_replaced(planner: &mut Planner<'_, '_>) -> Vec<Step> {
    of_deleted(planner, planner.changes.switches.iter().map(|switch| switch.old))
}

/// The steps that delete all links of deleted entities.
pub(super) fn of_deleted(planner: &mut Planner<'_, '_>, deletes: impl Iterator<Item = Node>) -> Vec<Step> {
    let mut steps = Vec::new();
    for node in deletes {
        for relationship in planner.graph.arena.table(node).relationships {
            if matches!(relationship.kind, RelationshipKind::ManyToMany(_))
                && relationship.passive_deletes == PassiveDeletes::Never
            {
                let near = Source::values(planner.stored_values(node, relationship.link_references().0));
                push(&mut steps, (relationship, false, false), Linked { near, far: Vec::new() });
            }
        }
    }
    steps
}

/// Appends a row to the step of its relationship. One link that may be there already makes the step one for links that may.
fn push(steps: &mut Vec<Step>, (relationship, add, if_absent): (&'static Relationship, bool, bool), row: Linked) {
    for step in steps.iter_mut() {
        if let Step::Link(links) = step
            && std::ptr::eq(links.relationship, relationship)
            && links.add == add
        {
            links.if_absent |= if_absent;
            links.rows.push(row);
            return;
        }
    }
    steps.push(Step::Link(Links { relationship, add, if_absent, rows: vec![row] }));
}
