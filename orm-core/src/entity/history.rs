//! What changed in a relationship to many since the last flush.
use super::{Entity, ManyRelation, Model, related::At};
use crate::{
    fast::{HashMap, HashSet},
    memory::{Edge, Locked, State},
    model::Node,
    relation::Relation,
};

impl<'s, R: Relation<Owner: Model, Target: Model>> ManyRelation<'s, R> {
    /// The members that joined and are not written yet, whether or not the collection is loaded: nothing is loaded for it.
    /// Links attached by key are not among them while their rows are not in memory. SQLAlchemy's history of an attribute.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let session = db.session();
    /// let user = session.get_one::<User>(1).await?;
    /// let order = user.orders().push(Order::builder().total_amount(dec!(5)))?;
    /// assert_eq!(user.orders().added(), [order]);
    /// session.flush().await?;
    /// assert!(user.orders().added().is_empty() && user.orders().removed().is_empty());
    /// # Ok(()) }
    /// ```
    pub fn added(self) -> Vec<Entity<'s, R::Target>> {
        self.changed(true)
    }

    /// The members that left and are not written yet, whether or not the collection is loaded: nothing is loaded for it.
    pub fn removed(self) -> Vec<Entity<'s, R::Target>> {
        self.changed(false)
    }

    fn changed(self, joined: bool) -> Vec<Entity<'s, R::Target>> {
        let at = self.at();
        let mut graph = at.session.memory().graph();
        let nodes = match Edge::of(at.relationship) {
            Some(edge) if joined => joined_children(&mut graph, &edge, at.node),
            Some(edge) => left_children(&mut graph, &edge, at.node),
            None => linked(&graph, &at, joined),
        };
        drop(graph);
        nodes.into_iter().map(|node| at.session.entity_at(node, at.targets())).collect()
    }
}

/// Unwritten children whose key leads to the parent, and did not when they were read.
fn joined_children(graph: &mut Locked<'_>, edge: &Edge, parent: Node) -> Vec<Node> {
    let (pending, changed) = (graph.graph.pending.clone(), changed_children(graph, edge));
    let added = pending.into_iter().filter(|node| graph.arena.table(*node) == edge.child);
    let mut added: Vec<Node> = added.filter(|node| graph.arena.state(*node) == State::Pending).collect();
    added.extend(changed.into_iter().filter(|child| !was_child_of(graph, edge, (*child, parent))));
    added.retain(|child| graph.is_child_of(*child, edge, parent));
    added
}

/// Changed children whose key led to the parent when they were read, and does not now.
fn left_children(graph: &mut Locked<'_>, edge: &Edge, parent: Node) -> Vec<Node> {
    let mut left = changed_children(graph, edge);
    left.retain(|child| was_child_of(graph, edge, (*child, parent)) && !graph.is_child_of(*child, edge, parent));
    left
}

fn changed_children(graph: &Locked<'_>, edge: &Edge) -> Vec<Node> {
    let is = |node: &Node| {
        graph.arena.table(*node) == edge.child
            && graph.arena.state(*node) == State::Persistent
            && graph.graph.base.contains_key(node)
    };
    let mut seen = HashSet::default();
    graph.graph.dirty.iter().copied().filter(|node| is(node) && seen.insert(*node)).collect()
}

/// Whether the key that the database has leads to the parent.
fn was_child_of(graph: &Locked<'_>, edge: &Edge, (child, parent): (Node, Node)) -> bool {
    let Some(base) = graph.graph.base.get(&child) else { return false };
    let (rows, row) = graph.arena.version(child, *base);
    let has_row = !matches!(graph.arena.state(parent), State::Pending | State::Transient);
    has_row && rows.key(row, edge.columns) == graph.key(parent, edge.references)
}

/// The far ends of links that were made, or taken away, in the end.
fn linked(graph: &Locked<'_>, at: &At<'_>, joined: bool) -> Vec<Node> {
    let (mut order, mut sums) = (Vec::new(), HashMap::default());
    for change in &graph.graph.link_changes {
        let Some(far) = change.seen_from(at.node, at.relationship) else { continue };
        *sums.entry(far).or_insert_with(|| {
            order.push(far);
            0
        }) += if change.add { 1 } else { -1 };
    }
    let wanted = if joined { 1 } else { -1 };
    order.into_iter().filter(|node| sums.get(node) == Some(&wanted)).collect()
}
