//! Tables in the order of their foreign keys.
use super::order::{Dependency, layers};
use crate::{memory::Arena, model::Node, schema::Table};

/// Tables that reference each other, and their rows; most groups are a single table.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) tables: Vec<&'static Table>,
    pub(super) nodes: Vec<Node>,
}

/// The tables of the rows in groups, referenced ones first, otherwise in the order of the rows.
pub(super) fn groups(arena: &Arena, nodes: &[Node]) -> Vec<Group> {
    let mut tables: Vec<&'static Table> = Vec::new();
    for node in nodes {
        let table = arena.table(*node);
        if tables.last() != Some(&table) && !tables.contains(&table) {
            tables.push(table);
        }
    }
    if tables.len() == 1 {
        return vec![Group { tables, nodes: nodes.to_vec() }];
    }
    let mut groups: Vec<Vec<&'static Table>> = tables.into_iter().map(|table| vec![table]).collect();
    let order = loop {
        match layers(&references(&groups)) {
            Ok(sorted) => break sorted.layers,
            Err(circle) => merge(&mut groups, circle),
        }
    };
    let filled = |group: usize| {
        let tables = groups[group].clone();
        let nodes = nodes.iter().copied().filter(|node| tables.contains(&arena.table(*node))).collect();
        Group { tables, nodes }
    };
    order.into_iter().flatten().map(filled).collect()
}

fn references(groups: &[Vec<&'static Table>]) -> Vec<Vec<Dependency>> {
    let group_of = |table: &'static Table| groups.iter().position(|group| group.contains(&table));
    let of_group = |(own, group): (usize, &Vec<&'static Table>)| {
        let targets = group.iter().flat_map(|table| targets(table));
        let others = targets.filter_map(group_of).filter(|on| *on != own);
        others.map(|on| Dependency { on, breakable: false }).collect()
    };
    groups.iter().enumerate().map(of_group).collect()
}

/// The tables whose rows must be there before a row of this one.
fn targets(table: &'static Table) -> impl Iterator<Item = &'static Table> {
    let without_constraint = table.relationships.iter().filter_map(|r| match r.kind {
        crate::schema::RelationshipKind::BelongsTo { .. } => Some(r.target()),
        _ => None,
    });
    // A key that only the parent declares is found from the parent.
    table.foreign_keys().map(|key| key.target).chain(without_constraint)
}

fn merge(groups: &mut Vec<Vec<&'static Table>>, mut circle: Vec<usize>) {
    circle.sort_unstable();
    let first = circle[0];
    for group in circle.into_iter().skip(1).rev() {
        let tables = groups.remove(group);
        groups[first].extend(tables);
    }
}
