//! Taking values apart into rows.
use super::{Copied, Copies, Field, Identity, Target};
use crate::{
    error::Result,
    memory::{Edge, Locked, keyless, stranger},
    model::{Existing, Node, Open},
    relation::{Content, Incoming, NewRow},
    schema::{Cascade, Relationship, RelationshipKind, Table},
    value::{Key, Value, is_unset},
};
use std::any::Any;

impl Locked<'_> {
    /// Takes values apart: their rows, and those in the relationships that cascade `merge`.
    ///
    /// # Errors
    /// An entity of another session was given that has no key.
    pub(crate) fn take_apart(&mut self, roots: Vec<Incoming>, session: u64) -> Result<Copies> {
        let mut copies = Copies::default();
        for root in roots {
            self.take_target(&mut copies, root, ("a value", session))?;
        }
        let mut next = 0;
        // The list grows while it is walked.
        while next < copies.rows.len() {
            if next == copies.ends.last().copied().unwrap_or(0) {
                copies.ends.push(copies.rows.len());
            }
            for (relation, content) in std::mem::take(&mut copies.rows[next].related) {
                let relationship = &copies.rows[next].table.relationships[usize::from(relation)];
                if relationship.cascade.has(Cascade::Merge) {
                    self.take_field(&mut copies, (next, relationship), (content, session))?;
                }
            }
            next += 1;
        }
        for row in &mut copies.rows {
            self.note_key(row);
        }
        Ok(copies)
    }

    fn take_field(
        &mut self,
        copies: &mut Copies,
        (owner, relationship): (usize, &'static Relationship),
        (content, session): (Box<dyn Content>, u64),
    ) -> Result<()> {
        let mut field = Field { relationship, partial: content.is_partial(), targets: Vec::new() };
        let path = relationship.path();
        for incoming in content.into_incoming() {
            let target = self.take_target(copies, incoming, (&path, session))?;
            self.fill_key(copies, (owner, relationship), target)?;
            field.targets.push(target);
        }
        copies.rows[owner].fields.push(field);
        Ok(())
    }

    fn take_target(&mut self, copies: &mut Copies, incoming: Incoming, (path, session): (&str, u64)) -> Result<Target> {
        let row = match incoming {
            Incoming::New(NewRow { table, row, open, related }) => {
                Copied { version: Some(self.keep_copy(table, row)?), open, related, ..Copied::of(table) }
            }
            Incoming::Existing(existing) if existing.session == session => return Ok(Target::Entity(existing.node)),
            Incoming::Existing(Existing { key: Some(key), table, columns, .. }) if columns == table.primary_key => {
                Copied { key: Some(key), ..Copied::of(table) }
            }
            Incoming::Existing(Existing { key: Some(key), table, columns, .. }) => {
                let found = self.find(table, columns, &Key::of(key.iter().map(Key::from)));
                return found.map(Target::Entity).ok_or_else(|| stranger(path, &format!("the {}", table.model)));
            }
            Incoming::Existing(Existing { table, .. }) => return Err(keyless("a merged value", path, table.model)),
        };
        copies.rows.push(row);
        Ok(Target::Copied(copies.rows.len() - 1))
    }

    /// Puts a row where the later versions of its model's rows are; nobody sees it there.
    fn keep_copy(&mut self, table: &'static Table, row: Box<dyn Any + Send + Sync>) -> Result<u32> {
        let growing = self.model(table).growing;
        let row = self.arena.growing_rows(growing).push(row)?;
        self.arena.fill_slots(growing, row + 1);
        Ok(row as u32)
    }

    /// A foreign key that is part of a primary key is known from the relationship, if it was left unset.
    fn fill_key(
        &mut self,
        copies: &mut Copies,
        (owner, relationship): (usize, &'static Relationship),
        target: Target,
    ) -> Result<()> {
        let Some(edge) = Edge::of(relationship) else { return Ok(()) };
        let owner_is_child = matches!(relationship.kind, RelationshipKind::BelongsTo { .. });
        let (child, parent) =
            if owner_is_child { (Target::Copied(owner), target) } else { (target, Target::Copied(owner)) };
        let Target::Copied(child) = child else { return Ok(()) };
        if !owner_is_child {
            copies.rows[child].decided.push(edge.columns);
        }
        let in_key = edge.columns.iter().any(|column| edge.child.primary_key.contains(column));
        let (Some(version), true) = (copies.rows[child].version, in_key) else { return Ok(()) };
        let known = self.values_of(copies, parent, edge.references);
        let open = |(column, value): &(u16, Value)| {
            let own = self.copied_value(edge.child, version, *column);
            let sql_type = edge.child.columns[usize::from(*column)].sql_type;
            is_unset(&own, sql_type) && !is_unset(value, sql_type)
        };
        let filled: Vec<(u16, Value)> = edge.columns.iter().copied().zip(known).filter(open).collect();
        if !filled.is_empty() {
            copies.rows[child].version = Some(self.changed_copy(edge.child, version, &filled)?);
        }
        Ok(())
    }

    fn changed_copy(&mut self, table: &'static Table, version: u32, changes: &[(u16, Value)]) -> Result<u32> {
        let growing = self.model(table).growing;
        let rows = self.arena.growing_rows(growing);
        let changed = rows.push_changed(rows, version as usize, changes)?;
        self.arena.fill_slots(growing, changed + 1);
        Ok(changed as u32)
    }

    /// The values of some columns of a target, as far as they are known.
    pub(super) fn values_of(&mut self, copies: &Copies, target: Target, columns: &[u16]) -> Vec<Value> {
        match target {
            Target::Entity(node) => self.values(node, columns),
            Target::Copied(row) => {
                let Copied { table, version, key, .. } = &copies.rows[row];
                let value = |column: &u16| match version {
                    Some(version) => self.copied_value(table, *version, *column),
                    None => {
                        let place = table.primary_key.iter().position(|other| other == column);
                        let given = place.and_then(|place| key.as_ref().map(|key| key[place].clone()));
                        given.unwrap_or_else(|| table.columns[usize::from(*column)].sql_type.null())
                    }
                };
                columns.iter().map(value).collect()
            }
        }
    }

    pub(super) fn copied_value(&mut self, table: &'static Table, version: u32, column: u16) -> Value {
        let growing = self.model(table).growing;
        self.arena.growing_rows(growing).value(version as usize, column)
    }

    /// Notes the primary key of a row, where it has one.
    fn note_key(&mut self, row: &mut Copied) {
        let Some(version) = row.version else { return };
        let table = row.table;
        let key: Vec<Value> =
            table.primary_key.iter().map(|column| self.copied_value(table, version, *column)).collect();
        let open = table.generated_key().is_some_and(|column| {
            let unset = is_unset(&key[0], table.columns[usize::from(column)].sql_type);
            row.open.unset.has(column) || (unset && !row.open.given.has(column))
        });
        row.key = (!open).then_some(key);
    }
}

impl Copied {
    fn of(table: &'static Table) -> Self {
        Self {
            table,
            version: None,
            open: Open::default(),
            key: None,
            decided: Vec::new(),
            related: Vec::new(),
            fields: Vec::new(),
            is: Identity::New,
        }
    }
}

impl Target {
    /// The entity, if it is known already.
    pub(super) fn entity(self, copies: &Copies) -> Option<Node> {
        match self {
            Self::Entity(node) => Some(node),
            Self::Copied(row) => copies.entity(row),
        }
    }
}

impl Copies {
    /// The rows of each level.
    pub(crate) fn levels(&self) -> Vec<std::ops::Range<usize>> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(self.ends.iter().copied()).map(|(start, end)| start..end).collect()
    }

    /// The entity that a row is, if it is known already.
    pub(crate) fn entity(&self, row: usize) -> Option<Node> {
        match self.rows[row].is {
            Identity::Entity(node) => Some(node),
            Identity::SameAs(first) => self.entity(first),
            Identity::New => None,
        }
    }
}
