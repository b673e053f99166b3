//! From changes to a plan: what is inserted, updated, linked and deleted, in an order that every constraint allows.
use super::{
    Changes,
    deletes::deletes,
    links,
    order::{Dependency, layers},
    plan::{Insert, New, Part, Plan, Source, Step, Update, Written},
    reorder::reorder,
    soft_deletes,
    tables::{self, Group},
    unique::values_wander,
};
use crate::{
    error::{Error, Kind, Result},
    fast::{HashMap, HashSet},
    memory::{Edge, Locked, State, Target},
    model::{ColumnSet, Node},
    schema::{Table, id},
    value::{Key, Value},
};

/// The plan of the changes.
///
/// # Errors
/// Rows that reference each other in a circle without a nullable key, or exchange unique values that nothing can replace
/// meanwhile.
pub(crate) fn plan(graph: &mut Locked<'_>, changes: &Changes) -> Result<Plan> {
    let mut planner = Planner::new(graph, changes);
    let mut steps = links::removed(planner.graph, &changes.links);
    steps.extend(links::of_replaced(&mut planner));
    let (inserts, completions) = planner.inserts()?;
    let [early, late] = planner.updates();
    let linked = links::added(&mut planner, &changes.links);
    let (releases, deletes) = deletes(&mut planner)?;
    let marked = soft_deletes::steps(&planner);
    for part in [early, inserts, completions, late, linked, marked, releases, deletes] {
        steps.extend(part);
    }
    let mut plan = Plan { steps, ..Plan::default() };
    plan.steps.iter_mut().for_each(|step| step.sort(planner.graph.arena));
    if values_wander(&planner) {
        plan.spell_out(planner.graph.arena);
        plan = reorder(plan, &planner)?;
    }
    plan.steps.iter_mut().for_each(|step| planner.note_parents(step));
    Ok(plan)
}

/// Values that identify a row: its table's address, the columns, their values.
type UniqueKey = (usize, &'static [u16], Key);

/// References that are written once the rows that they name are there.
#[derive(Default)]
struct Broken {
    pairs: HashSet<(Node, Node)>,
    natural: HashMap<UniqueKey, Node>,
}

pub(super) struct Planner<'a, 'm> {
    pub(super) graph: &'a mut Locked<'m>,
    pub(super) changes: &'a Changes,
    /// The added entities that take over rows, and so are not inserted.
    switched: HashSet<Node>,
    /// The tables that rows are inserted into.
    tables: Vec<&'static Table>,
}

impl<'a, 'm> Planner<'a, 'm> {
    fn new(graph: &'a mut Locked<'m>, changes: &'a Changes) -> Self {
        let mut tables: Vec<&'static Table> = Vec::new();
        for node in &changes.inserts {
            let table = graph.arena.table(*node);
            if tables.last() != Some(&table) && !tables.contains(&table) {
                tables.push(table);
            }
        }
        let switched = changes.switches.iter().map(|switch| switch.node).collect();
        Self { graph, changes, switched, tables }
    }

    /// Whether this plan inserts a row.
    pub(super) fn is_inserted(&self, node: Node) -> bool {
        self.graph.arena.state(node) == State::Pending && !self.switched.contains(&node)
    }

    /// The INSERT steps, and the UPDATE steps that complete rows of a circle.
    fn inserts(&mut self) -> Result<(Vec<Step>, Vec<Step>)> {
        let mut steps = Vec::new();
        let mut completions = Vec::new();
        for group in tables::groups(self.graph.arena, &self.changes.inserts) {
            if self.inner_edges(&group).is_empty() {
                for table in &group.tables {
                    let of_table = |node: &&Node| group.tables.len() == 1 || self.graph.arena.table(**node) == *table;
                    let nodes: Vec<Node> = group.nodes.iter().filter(of_table).copied().collect();
                    self.insert_layer(table, &nodes, &Broken::default(), (&mut steps, &mut completions));
                }
                continue;
            }
            let dependencies = self.references(&group, &Self::is_inserted);
            let sorted = layers(&dependencies).map_err(|circle| self.circle(&group.nodes, &circle))?;
            let broken = self.broken(&group, &sorted.broken);
            for layer in &sorted.layers {
                for table in &group.tables {
                    let of_table =
                        layer.iter().map(|i| group.nodes[*i]).filter(|node| self.graph.arena.table(*node) == *table);
                    let nodes: Vec<Node> = of_table.collect();
                    self.insert_layer(table, &nodes, &broken, (&mut steps, &mut completions));
                }
            }
        }
        Ok((steps, completions))
    }

    fn insert_layer(
        &mut self,
        table: &'static Table,
        nodes: &[Node],
        broken: &Broken,
        (steps, completions): (&mut Vec<Step>, &mut Vec<Step>),
    ) {
        let first = steps.len();
        let given = |omitted: ColumnSet| (0..table.columns.len() as u16).filter(move |column| !omitted.has(*column));
        // Rows that leave out the same columns tend to follow each other.
        let mut last = (ColumnSet::EMPTY, given(ColumnSet::EMPTY).collect::<Vec<u16>>());
        for node in nodes {
            let arena = self.graph.arena;
            let version = arena.slot(*node).current();
            let row = arena.version(*node, version);
            let omitted = self.omitted_of(*node, row);
            if last.0 != omitted {
                last = (omitted, given(omitted).collect());
            }
            let columns = &last.1;
            let connect = self.graph.connects_by(*node);
            let in_order = connect.is_none() && table.generated_key().is_some_and(|key| omitted.has(key));
            let step = match found_insert(&mut steps[first..].iter().enumerate(), (columns, connect, in_order)) {
                Some(step) => first + step,
                None => {
                    let returning = match connect {
                        Some(_) => (0..table.columns.len() as u16).collect(),
                        None => omitted.iter().collect(),
                    };
                    let columns = columns.clone();
                    let in_memory = self.graph.graph.links.is_empty() && broken.pairs.is_empty() && connect.is_none();
                    steps.push(Step::Insert(Insert { columns, connect, returning, in_memory, ..Insert::new(table) }));
                    steps.len() - 1
                }
            };
            let Step::Insert(insert) = &mut steps[step] else { continue };
            insert.rows.push(New { node: *node, version });
            if insert.in_memory {
                continue;
            }
            let start = insert.values.len();
            self.given_sources((*node, row), columns, &mut insert.values);
            if !broken.pairs.is_empty() {
                self.postpone(*node, (columns, &mut insert.values[start..]), broken, completions);
            }
        }
    }

    /// Replaces references to rows that come later by null, to be completed by an update.
    fn postpone(
        &mut self,
        node: Node,
        (columns, values): (&[u16], &mut [Source]),
        broken: &Broken,
        completions: &mut Vec<Step>,
    ) {
        let table = self.graph.arena.table(node);
        for edge in self.keys(table) {
            if self.named(node, &edge, &broken.natural).is_none_or(|on| !broken.pairs.contains(&(node, on))) {
                continue;
            }
            let (mut written, mut sources) = (Vec::new(), Vec::new());
            for column in edge.columns.iter().filter(|column| table.columns[usize::from(**column)].nullable) {
                let Some(position) = columns.iter().position(|other| other == column) else { continue };
                written.push(*column);
                let null = Source::Value(table.columns[usize::from(*column)].sql_type.null());
                sources.push(std::mem::replace(&mut values[position], null));
            }
            let key = self.sources(node, table.primary_key);
            let row = Written { key, values: sources, ..self.written(node) };
            push_update(completions, (table, Part::All), &written, row);
        }
    }

    /// For each row, the other rows of the list that it references.
    pub(super) fn references(&mut self, group: &Group, counts: &dyn Fn(&Self, Node) -> bool) -> Vec<Vec<Dependency>> {
        let nodes = &group.nodes;
        let mut dependencies = vec![Vec::new(); nodes.len()];
        let edges = self.inner_edges(group);
        if edges.is_empty() {
            return dependencies;
        }
        let positions: HashMap<Node, usize> = nodes.iter().enumerate().map(|(i, node)| (*node, i)).collect();
        let natural = self.natural_keys(nodes, &edges);
        for (i, node) in nodes.iter().enumerate() {
            let table = self.graph.arena.table(*node);
            for edge in edges.iter().filter(|edge| edge.child == table).copied() {
                let parent = self.named(*node, &edge, &natural);
                let Some(on) = parent.filter(|parent| counts(self, *parent)).and_then(|p| positions.get(&p)) else {
                    continue;
                };
                let in_key = edge.columns.iter().any(|column| table.primary_key.contains(column));
                let nulls = edge.columns.iter().filter(|column| table.columns[usize::from(**column)].nullable);
                let breakable = !in_key && nulls.count() > 0;
                // A row may name itself, once its key is known; not every database deletes it like that.
                let may_name_itself = || match self.is_inserted(*node) {
                    true => !self.is_made(*node, edge.references),
                    false => !breakable,
                };
                if *on != i || !may_name_itself() {
                    dependencies[i].push(Dependency { on: *on, breakable });
                }
            }
        }
        dependencies
    }

    /// Whether the database makes one of these columns of an inserted row.
    fn is_made(&self, node: Node, columns: &[u16]) -> bool {
        self.own_sources(node, columns).iter().any(|source| matches!(source, Source::Inserted { .. }))
    }

    /// The keys by which rows of a group may reference each other; most groups have none.
    fn inner_edges(&self, group: &Group) -> Vec<Edge> {
        let edges = group.tables.iter().flat_map(|table| self.keys(table));
        edges.filter(|edge| group.tables.contains(&edge.parent)).collect()
    }

    /// The foreign keys of a table, also those without a relationship.
    pub(super) fn keys(&self, table: &'static Table) -> Vec<Edge> {
        let mut edges = self.graph.edges(table);
        for key in table.foreign_keys() {
            if edges.iter().all(|edge| edge.columns != key.columns) {
                edges.push(Edge::bare(table, &key));
            }
        }
        edges
    }

    /// The row that a foreign key names, among those in memory and those by their keys.
    fn named(&mut self, node: Node, edge: &Edge, natural: &HashMap<UniqueKey, Node>) -> Option<Node> {
        match self.graph.target(node, edge) {
            Target::Node(parent) => Some(parent),
            Target::Key(key) => {
                let key = Key::of(key.iter().map(Key::from));
                natural.get(&(id(edge.parent), edge.references, key)).copied()
            }
            Target::None | Target::Dangling => None,
        }
    }

    /// The rows of a group whose references come later.
    fn broken(&self, group: &Group, pairs: &[(usize, usize)]) -> Broken {
        if pairs.is_empty() {
            return Broken::default();
        }
        let pairs = pairs.iter().map(|(node, on)| (group.nodes[*node], group.nodes[*on])).collect();
        Broken { pairs, natural: self.natural_keys(&group.nodes, &self.inner_edges(group)) }
    }

    /// The rows of a group by the keys that others may name, where those are known already.
    fn natural_keys(&self, nodes: &[Node], edges: &[Edge]) -> HashMap<UniqueKey, Node> {
        let mut keys = HashMap::default();
        for node in nodes {
            let table = self.graph.arena.table(*node);
            for edge in edges.iter().filter(|edge| edge.parent == table) {
                keys.insert((id(table), edge.references, self.graph.key(*node, edge.references)), *node);
            }
        }
        keys
    }

    pub(super) fn circle(&self, nodes: &[Node], circle: &[usize]) -> Error {
        let names: Vec<&str> = circle.iter().map(|i| self.graph.arena.table(nodes[*i]).model).collect();
        Error::new(
            Kind::Usage,
            format!(
                "rows of {} reference each other in a circle, and none of the keys may be null: make one of them an `Option`",
                names.join(" and ")
            ),
        )
    }

    /// The UPDATE steps: those that may come first, and those that need a row that this plan inserts.
    fn updates(&mut self) -> [Vec<Step>; 2] {
        let mut phases = [Vec::new(), Vec::new()];
        let changes = self.changes;
        let updates = changes.updates.iter().map(|(node, columns)| (*node, *node, *columns));
        let switches = changes.switches.iter().map(|switch| (switch.node, switch.old, switch.columns));
        // Rows that change alike tend to follow each other.
        let mut last = (ColumnSet::EMPTY, Vec::new());
        for (node, old, changed) in updates.chain(switches) {
            if last.0 != changed {
                last = (changed, changed.iter().collect());
            }
            self.update((node, old), &last.1, &mut phases);
        }
        phases
    }

    /// Updates the row that `old` has until now.
    fn update(&mut self, (node, old): (Node, Node), columns: &[u16], phases: &mut [Vec<Step>; 2]) {
        let table = self.graph.arena.table(node);
        if old == node && self.graph.graph.links.is_empty() && self.changes.inserts.is_empty() {
            let row = Written { in_memory: true, stored: self.graph.stored_version(node), ..self.written(node) };
            return push_update(&mut phases[0], (table, Part::All), columns, row);
        }
        let values = self.sources(node, columns);
        let phase = usize::from(self.needs_insert(node, &values));
        let row = Written {
            key: Source::values(self.stored_values(old, table.primary_key)),
            lock: table.version_column().map(|column| self.stored_values(old, &[column]).remove(0)),
            values,
            replaced: (old != node).then_some(old),
            ..self.written(node)
        };
        push_update(&mut phases[phase], (table, Part::All), columns, row);
    }

    /// A row as memory has it, with nothing to write yet.
    pub(super) fn written(&self, node: Node) -> Written {
        Written::of(New { node, version: self.graph.arena.slot(node).current() })
    }

    /// Whether an updated row references one that this plan inserts.
    fn needs_insert(&mut self, node: Node, values: &[Source]) -> bool {
        if self.changes.inserts.is_empty() {
            return false;
        }
        let symbolic = values.iter().any(|source| matches!(source, Source::Inserted { .. }));
        let edges = self.graph.edges(self.graph.arena.table(node));
        symbolic
            || edges.iter().any(|edge| match self.graph.target(node, edge) {
                Target::Node(parent) => self.is_inserted(parent),
                // It may be the key of a row that is added without being named.
                Target::Key(_) => self.tables.contains(&edge.parent),
                Target::None | Target::Dangling => false,
            })
    }

    /// Values as the database has them.
    pub(super) fn stored_values(&self, node: Node, columns: &[u16]) -> Vec<Value> {
        self.graph.stored_values(node, columns)
    }
}

/// The INSERT of a row's shape. Rows whose keys the database makes keep their order: they join only the last statement.
fn found_insert(
    steps: &mut dyn DoubleEndedIterator<Item = (usize, &Step)>,
    (columns, connect, in_order): (&[u16], Option<&'static [u16]>, bool),
) -> Option<usize> {
    while let Some((place, step)) = steps.next_back() {
        if let Step::Insert(insert) = step
            && insert.columns == columns
            && insert.connect == connect
        {
            return Some(place);
        }
        if in_order {
            break;
        }
    }
    None
}

/// Appends a row to the UPDATE of its table and columns.
pub(super) fn push_update(steps: &mut Vec<Step>, (table, part): (&'static Table, Part), columns: &[u16], row: Written) {
    for step in steps.iter_mut() {
        if let Step::Update(update) = step
            && (update.table, update.part) == (table, part)
            && update.columns == columns
        {
            update.rows.push(row);
            return;
        }
    }
    steps.push(Step::Update(Update { columns: columns.to_vec(), part, rows: vec![row], ..Update::new(table) }));
}
