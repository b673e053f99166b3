//! Laying copies over their entities: columns first, then relationships.
use super::{Copies, Field, Identity};
use crate::{
    error::Result,
    memory::{Edge, Locked, graph::EdgeKey},
    model::{ColumnSet, Node},
    schema::{RelationshipKind, Role},
    value::{Key, is_unset},
};

impl Locked<'_> {
    /// Writes the copies onto their entities, adds those that are new, and connects their relationships. Tells the entities
    /// of the rows, in their order.
    ///
    /// # Errors
    /// What [`check`](super::check) finds; then nothing was changed.
    pub(crate) fn lay(&mut self, mut copies: Copies) -> Result<Vec<Node>> {
        self.check_copies(&copies)?;
        for row in 0..copies.rows.len() {
            self.leave_to_keys(&mut copies, row);
            match copies.entity(row) {
                Some(node) => self.write_copy(&copies, (row, node))?,
                None => self.add_copy(&mut copies, row)?,
            }
        }
        for row in 0..copies.rows.len() {
            for field in std::mem::take(&mut copies.rows[row].fields) {
                if let Some(node) = copies.entity(row) {
                    self.connect_field(&copies, (node, field))?;
                }
            }
        }
        Ok((0..copies.rows.len()).filter_map(|row| copies.entity(row)).collect())
    }

    fn add_copy(&mut self, copies: &mut Copies, row: usize) -> Result<()> {
        let copied = &mut copies.rows[row];
        let (table, Some(version), open) = (copied.table, copied.version, copied.open) else { return Ok(()) };
        let placed = self.place_version(table, version);
        let (node, known) = self.enlist_or_connect(placed, open);
        copied.is = Identity::Entity(node);
        if known {
            // A row that is there already stays as it is.
            copied.fields.retain(|field| !matches!(field.relationship.kind, RelationshipKind::BelongsTo { .. }));
        }
        self.show_by_key(node);
        Ok(())
    }

    /// A value may hold a target and a key that names another one. Where only the key is news, the key counts; the target is
    /// what was loaded with the value. Else the relationship decides, as it does for new rows.
    fn leave_to_keys(&mut self, copies: &mut Copies, row: usize) {
        let (node, version) = (copies.entity(row), copies.rows[row].version);
        let fields = std::mem::take(&mut copies.rows[row].fields);
        let (mut kept, mut decided) = (Vec::new(), Vec::new());
        for field in fields {
            match Edge::of(field.relationship) {
                Some(edge) if matches!(field.relationship.kind, RelationshipKind::BelongsTo { .. }) => {
                    let news = node.zip(version).is_some_and(|at| self.key_is_news(copies, at, (&edge, &field)));
                    let without = field.targets.is_empty() && !edge.is_nullable();
                    if !news && !without {
                        decided.push(edge.columns);
                        kept.push(field);
                    }
                }
                _ => kept.push(field),
            }
        }
        copies.rows[row].fields = kept;
        copies.rows[row].decided.extend(decided);
    }

    fn key_is_news(&mut self, copies: &Copies, (node, version): (Node, u32), (edge, field): (&Edge, &Field)) -> bool {
        let own = self.copied_key(edge, version);
        let has = self.key(node, edge.columns);
        let target = field.targets.first().map(|target| self.values_of(copies, *target, edge.references));
        let target = target.map_or(Key::Null, |values| Key::of(values.iter().map(Key::from)));
        let same = |a: &Key, b: &Key| a == b || (a.has_null() && b.has_null());
        !same(&own, &has) && same(&target, &has) && !self.is_open_copy(edge, version)
    }

    fn copied_key(&mut self, edge: &Edge, version: u32) -> Key {
        let growing = self.model(edge.child).growing;
        self.arena.growing_rows(growing).key(version as usize, edge.columns)
    }

    /// Whether the key of a copied row says nothing: 0 where it cannot be null.
    fn is_open_copy(&mut self, edge: &Edge, version: u32) -> bool {
        !edge.is_nullable()
            && edge.columns.iter().any(|column| {
                let value = self.copied_value(edge.child, version, *column);
                is_unset(&value, edge.child.columns[usize::from(*column)].sql_type)
            })
    }

    /// Writes the columns of a copy in which it differs from its entity.
    fn write_copy(&mut self, copies: &Copies, (row, node): (usize, Node)) -> Result<()> {
        let Some(version) = copies.rows[row].version else { return Ok(()) };
        let arena = self.arena;
        let growing = arena.growing_rows(arena.growing_chunk(node));
        let before = arena.current_version(node);
        let (rows, current) = arena.version(node, before);
        let differs = growing.difference(version as usize, rows, current);
        let wanted = self.written_columns(copies, row);
        let columns: ColumnSet = differs.iter().filter(|column| wanted.has(*column)).collect();
        if columns.is_empty() {
            return Ok(());
        }
        let merged = growing.push_merged((rows, current), (growing, version as usize), columns)?;
        self.merge_version(node, before, merged)
    }

    /// The columns of a copy that are written onto an entity: not the primary key, nor what the session fills by itself, nor
    /// what a relationship decides; of a builder only what it was given.
    fn written_columns(&mut self, copies: &Copies, row: usize) -> ColumnSet {
        let copied = &copies.rows[row];
        let (table, Some(version)) = (copied.table, copied.version) else { return ColumnSet::EMPTY };
        let open = self.open_keys(copies, row);
        let growing = self.model(table).growing;
        let rows = self.arena.growing_rows(growing);
        let given = copied.open.given;
        let wanted = |column: &u16| {
            let by_itself = table.columns[usize::from(*column)].role != Role::Plain;
            let is_given = given.has(*column) || (given.is_empty() && !by_itself && !copied.open.unset.has(*column));
            let locks = table.version_column() == Some(*column);
            let decided = copied.decided.iter().chain(&open).any(|columns| columns.contains(column));
            is_given
                && !locks
                && !decided
                && !table.primary_key.contains(column)
                && rows.is_loaded(version as usize, *column)
        };
        (0..table.columns.len() as u16).filter(wanted).collect()
    }

    fn open_keys(&mut self, copies: &Copies, row: usize) -> Vec<EdgeKey> {
        let (table, Some(version)) = (copies.rows[row].table, copies.rows[row].version) else { return Vec::new() };
        let edges = self.edges(table);
        edges.into_iter().filter(|edge| self.is_open_copy(edge, version)).map(|edge| edge.columns).collect()
    }

    fn connect_field(&mut self, copies: &Copies, (node, field): (Node, Field)) -> Result<()> {
        let targets: Vec<Node> = field.targets.iter().filter_map(|target| target.entity(copies)).collect();
        let Some(edge) = Edge::of(field.relationship) else {
            return self.connect_links(copies, (node, &field), &targets);
        };
        if let RelationshipKind::BelongsTo { .. } = field.relationship.kind {
            return self.set_parent(node, &edge, targets.first().copied());
        }
        if !field.partial {
            for member in self.removed_members(copies, (node, &field)).into_iter().rev() {
                if self.is_child_of(member, &edge, node) {
                    self.set_parent(member, &edge, None)?;
                }
            }
        }
        targets.into_iter().try_for_each(|target| self.set_parent(target, &edge, Some(node)))
    }

    fn connect_links(&mut self, copies: &Copies, (node, field): (Node, &Field), targets: &[Node]) -> Result<()> {
        let position = field.relationship.position();
        if !field.partial {
            for member in self.removed_members(copies, (node, field)).into_iter().rev() {
                self.link(node, position, member, false)?;
            }
        }
        for target in targets {
            self.link(node, position, *target, true)?;
        }
        Ok(())
    }
}
