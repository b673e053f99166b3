//! What can keep copies from being laid over entities; found before anything is changed.
use super::{Copies, Field, Identity};
use crate::{
    error::{Error, Facts, Kind, Result},
    fast::HashSet,
    memory::{Edge, Locked, State, graph::EdgeKey},
    model::Node,
    schema::RelationshipKind,
    value::{Key, is_unset},
};

/// Children that a copy gives a parent, with the key.
type Claimed = HashSet<(Node, EdgeKey)>;

impl Locked<'_> {
    /// Checks all that laying the copies over their entities could refuse.
    pub(super) fn check_copies(&mut self, copies: &Copies) -> Result<()> {
        let claimed = claimed(copies);
        for (row, copied) in copies.rows.iter().enumerate() {
            let Some(node) = copies.entity(row) else {
                check_found(copies, row)?;
                continue;
            };
            self.check_state(node)?;
            self.check_version(copies, (row, node))?;
            for field in copied.fields.iter().filter(|field| !field.partial) {
                self.check_removed(copies, (node, field), &claimed)?;
            }
        }
        Ok(())
    }

    fn check_state(&self, node: Node) -> Result<()> {
        if self.arena.state(node) != State::Deleting {
            return Ok(());
        }
        let message = format!(
            "{} was marked for deletion, and a value with its key was merged: take the deletion back first, \
             `session.add(entity)`",
            self.name(node)
        );
        Err(Error::new(Kind::Deleted, message))
    }

    /// A copy must be of the version that the entity has; one without version says nothing.
    fn check_version(&mut self, copies: &Copies, (row, node): (usize, Node)) -> Result<()> {
        let copied = &copies.rows[row];
        let (Some(column), Some(version)) = (copied.table.version_column(), copied.version) else { return Ok(()) };
        if self.arena.state(node) == State::Pending {
            return Ok(());
        }
        let given = self.copied_value(copied.table, version, column);
        let has = self.values(node, &[column]).remove(0);
        let sql_type = copied.table.columns[usize::from(column)].sql_type;
        if is_unset(&given, sql_type) || Key::from(&given) == Key::from(&has) {
            return Ok(());
        }
        let name = self.name(node);
        let message = format!(
            "{name} was changed since the value was read: the value has version {}, the row {}; read it again and repeat \
             the change",
            Key::from(&given),
            Key::from(&has)
        );
        let facts = Facts { table: Some(copied.table.name.into()), entity: Some(name), ..Facts::default() };
        Err(Error::new(Kind::Stale, message).with_facts(facts))
    }

    /// Members that a loaded collection no longer has must be able to be without their owner.
    fn check_removed(&mut self, copies: &Copies, (node, field): (Node, &Field), claimed: &Claimed) -> Result<()> {
        let Some(edge) = Edge::of(field.relationship) else { return Ok(()) };
        let here = matches!(field.relationship.kind, RelationshipKind::BelongsTo { .. });
        if here || edge.is_nullable() || edge.deletes_orphans() {
            return Ok(());
        }
        let removed = self.removed_members(copies, (node, field));
        let stay: Vec<Node> =
            removed.into_iter().filter(|member| !claimed.contains(&(*member, edge.columns))).collect();
        if stay.is_empty() {
            return Ok(());
        }
        let more = stay.len().saturating_sub(5);
        let names: Vec<String> = stay.iter().take(5).map(|node| self.name(*node)).collect();
        let message = format!(
            "{} of {} was given without {}{}, which cannot be without it, the key is NOT NULL: delete or move them, leave \
             the relationship unloaded, or declare `cascade(all, delete_orphan)` there",
            field.relationship.path(),
            self.name(node),
            names.join(", "),
            if more > 0 { format!(" and {more} more") } else { String::new() },
        );
        Err(Error::usage(message))
    }

    /// The members of an entity's relationship that a copy does not have any more.
    pub(super) fn removed_members(&self, copies: &Copies, (node, field): (Node, &Field)) -> Vec<Node> {
        let kept: HashSet<Node> = field.targets.iter().filter_map(|target| target.entity(copies)).collect();
        let stays = |member: &Node| {
            matches!(self.arena.state(*member), State::Persistent | State::Pending) && !kept.contains(member)
        };
        self.members(node, field.relationship.position()).into_iter().filter(stays).collect()
    }
}

/// A row that was given by its key alone must be there.
fn check_found(copies: &Copies, row: usize) -> Result<()> {
    let copied = &copies.rows[row];
    let (None, Some(key), Identity::New) = (copied.version, &copied.key, copied.is) else { return Ok(()) };
    let key = Key::of(key.iter().map(Key::from));
    let message =
        format!("a merged value was given the {} with key {key}, and there is no such row", copied.table.model);
    Err(Error::new(Kind::NotFound, message))
}

fn claimed(copies: &Copies) -> Claimed {
    let mut claimed = Claimed::default();
    for (row, copied) in copies.rows.iter().enumerate() {
        for field in &copied.fields {
            let Some(edge) = Edge::of(field.relationship) else { continue };
            if let RelationshipKind::BelongsTo { .. } = field.relationship.kind {
                claimed.extend(copies.entity(row).map(|node| (node, edge.columns)));
            } else {
                let targets = field.targets.iter().filter_map(|target| target.entity(copies));
                claimed.extend(targets.map(|node| (node, edge.columns)));
            }
        }
    }
    claimed
}
