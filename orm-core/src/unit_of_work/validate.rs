//! What can be known to be wrong before any statement is sent.
use super::Changes;
use crate::{
    error::{Error, Kind, Result},
    memory::{Edge, LinkChange, Locked, Reference, State, Target},
    model::{ColumnSet, Node},
    schema::{Role, Table},
    value::{Value, is_null, is_unset},
};

/// Checks all rows that are to be written.
pub(super) fn check(graph: &mut Locked<'_>, changes: &Changes) -> Result<()> {
    let deleted = changes.deletes.iter().chain(changes.soft_deletes.iter().map(|deleted| &deleted.node));
    for node in changes.inserts.iter().chain(changes.updates.iter().map(|(node, _)| node)).chain(deleted) {
        writable(graph.arena.table(*node))?;
    }
    for change in changes.links.iter().filter(|change| change.add) {
        complete_link(graph, change)?;
    }
    let mut checks = Checks::default();
    for node in &changes.inserts {
        checks.of(graph, *node);
        row(graph, *node, (&checks, None))?;
        connectable(graph, *node)?;
    }
    let switched = changes.switches.iter().map(|switch| (switch.node, switch.columns));
    for (node, columns) in changes.updates.iter().copied().chain(switched) {
        writable(checks.of(graph, node))?;
        row(graph, node, (&checks, Some(columns)))?;
    }
    Ok(())
}

/// What is to be checked of the rows of a table; they tend to follow each other.
#[derive(Default)]
struct Checks {
    table: Option<&'static Table>,
    limited: ColumnSet,
    edges: Vec<Edge>,
}

impl Checks {
    fn of(&mut self, graph: &Locked<'_>, node: Node) -> &'static Table {
        let table = graph.arena.table(node);
        if self.table != Some(table) {
            let limited = |column: &u16| table.columns[usize::from(*column)].max_length.is_some();
            self.limited = (0..table.columns.len() as u16).filter(limited).collect();
            self.edges = graph.edges(table);
            self.table = Some(table);
        }
        table
    }
}

/// `columns`: those that are written, if not all are.
fn row(graph: &mut Locked<'_>, node: Node, (checks, columns): (&Checks, Option<ColumnSet>)) -> Result<()> {
    if checks.limited.is_empty() && checks.edges.is_empty() {
        return Ok(());
    }
    let limited = checks.limited.iter().filter(|column| columns.is_none_or(|columns| columns.has(*column))).collect();
    let checked = lengths(graph, node, limited).and_then(|()| keys(graph, node, &checks.edges));
    checked.map_err(|error| error.with_entity(graph.name(node)))
}

fn writable(table: &Table) -> Result<()> {
    if table.read_only {
        return Err(Error::usage(format!("{} is declared `read_only`: it can be loaded, not written", table.model)));
    }
    Ok(())
}

/// A link that is made from its two ends has nothing but its keys, constants and defaults.
fn complete_link(graph: &Locked<'_>, change: &LinkChange) -> Result<()> {
    let Some((link, column)) = change.relationship.link_needs() else { return Ok(()) };
    let message = format!(
        "{} of {} cannot be linked: a link needs `{}` besides its two keys; add the link itself, \
         `session.add({}::builder()..)`, or give the column a default",
        change.relationship.path(),
        graph.name(change.near),
        column.field,
        link.model,
    );
    Err(Error::usage(message))
}

/// A row that is taken by unique columns has values there, or a parent that will give them.
fn connectable(graph: &mut Locked<'_>, node: Node) -> Result<()> {
    let Some(by) = graph.connects_by(node) else { return Ok(()) };
    let table = graph.arena.table(node);
    let edges = graph.edges(table);
    for column in by {
        let filled = edges.iter().filter(|edge| edge.columns.contains(column));
        let has_parent = filled.into_iter().any(|edge| graph.has_parent(node, edge));
        if !has_parent && is_null(&graph.values(node, &[*column])[0]) {
            let message = format!(
                "a {} was given with `or_connect` of {}, which is null: no row is found by null",
                table.model,
                table.columns[usize::from(*column)].field
            );
            return Err(Error::usage(message));
        }
    }
    Ok(())
}

fn lengths(graph: &Locked<'_>, node: Node, columns: ColumnSet) -> Result<()> {
    let table = graph.arena.table(node);
    for position in columns.iter() {
        let column = &table.columns[usize::from(position)];
        let Some(limit) = column.max_length else { continue };
        let Value::String(Some(text)) = graph.values(node, &[position]).remove(0) else { continue };
        let length = text.chars().count();
        if length > limit as usize {
            let message = format!(
                "{}.{} of {} has {length} characters, and `max_length` allows {limit}",
                table.name,
                column.name,
                graph.name(node)
            );
            return Err(Error::new(Kind::CheckViolation, message));
        }
    }
    Ok(())
}

/// A required foreign key needs a parent that is written, or will be by this flush.
fn keys(graph: &mut Locked<'_>, node: Node, edges: &[Edge]) -> Result<()> {
    for edge in edges {
        match graph.target(node, edge) {
            Target::Node(parent) => alive(graph, node, edge, parent)?,
            Target::None if !edge.is_nullable() && needs_value(graph, node, edge) => {
                return Err(missing(graph, node, edge));
            }
            Target::Key(key) if is_placeholder(edge, &key) => return Err(missing(graph, node, edge)),
            Target::None | Target::Key(_) | Target::Dangling => {}
        }
    }
    Ok(())
}

/// Whether a key is the 0 that a generated key is before its row is written.
fn is_placeholder(edge: &Edge, key: &[Value]) -> bool {
    let generated = edge.parent.generated_key().filter(|generated| edge.references == [*generated]);
    generated.is_some_and(|column| is_unset(&key[0], edge.parent.columns[usize::from(column)].sql_type))
}

/// Whether a null key cannot be left to the database.
fn needs_value(graph: &Locked<'_>, node: Node, edge: &Edge) -> bool {
    if graph.graph.links.contains_key(&(node, edge.columns)) {
        // Its parent was taken away, while the key keeps its value.
        return true;
    }
    let open = graph.graph.open.get(&node).unwrap_or_default();
    edge.columns.iter().any(|column| {
        let info = &edge.child.columns[usize::from(*column)];
        let left_to_database = open.unset.has(*column) && matches!(info.default, crate::schema::Default::Sql(_));
        let value = graph.values(node, &[*column]).remove(0);
        !left_to_database
            && !open.given.has(*column)
            && info.role == Role::Plain
            && is_unset(&value, info.sql_type)
            && !is_filled_by_another(graph, node, edge, *column)
    })
}

/// Whether a parent that has no key yet fills the column through another key that shares it.
fn is_filled_by_another(graph: &Locked<'_>, node: Node, edge: &Edge, column: u16) -> bool {
    let linked = |other: &Edge| matches!(graph.graph.links.get(&(node, other.columns)), Some(Reference::To(_)));
    let mut others = graph.edges(edge.child).into_iter().filter(|other| other.columns != edge.columns);
    others.any(|other| other.columns.contains(&column) && linked(&other))
}

fn missing(graph: &Locked<'_>, node: Node, edge: &Edge) -> Error {
    let column = &edge.child.columns[usize::from(edge.columns[0])];
    let relation = edge.up.map(|up| edge.child.relationships[usize::from(up)].name);
    let field = relation.unwrap_or(column.field);
    let parent = edge.parent.model.to_lowercase();
    let message = format!(
        "{}.{} of {} is 0, empty or nil, which is no key: it was read from the {parent} before that was flushed, or never \
         given; use .{field}({parent})",
        edge.child.name,
        column.name,
        graph.name(node),
    );
    Error::new(Kind::NotNullViolation, message)
}

fn alive(graph: &Locked<'_>, node: Node, edge: &Edge, parent: Node) -> Result<()> {
    match graph.arena.state(parent) {
        State::Persistent | State::Pending => Ok(()),
        State::Deleting | State::Deleted if edge.is_nullable() => Ok(()),
        // The parent's row stays, and so does what names it.
        State::Deleting if graph.deletes_softly(parent) && graph.arena.state(node) == State::Persistent => Ok(()),
        State::Deleting | State::Deleted => Err(Error::new(
            Kind::ForeignKeyViolation,
            format!("{} belongs to {}, which is deleted", graph.name(node), graph.name(parent)),
        )),
        State::Transient => Err(Error::usage(format!(
            "{} belongs to a {} that is not in the session any more: add it again with `session.add`",
            graph.name(node),
            edge.parent.model
        ))),
    }
}
