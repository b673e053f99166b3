//! A foreign key seen from both of its ends.
use super::{Locked, Target};
use crate::{
    model::Node,
    schema::{Cascade, ForeignKey, KeySource, Relationship, RelationshipKind, Table},
};

/// A foreign key and the relationships over it: the child's `BelongsTo`, the parent's `HasMany` or `HasOne`, or one of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Edge {
    pub(crate) child: &'static Table,
    /// The key's columns in the child.
    pub(crate) columns: &'static [u16],
    pub(crate) parent: &'static Table,
    /// The columns that the key references in the parent.
    pub(crate) references: &'static [u16],
    /// The position of the child's relationship.
    pub(crate) up: Option<u16>,
    /// The position of the parent's relationship.
    pub(crate) down: Option<u16>,
}

impl Edge {
    /// The foreign key behind a relationship; a many-to-many has none of its own.
    pub(crate) fn of(relationship: &'static Relationship) -> Option<Self> {
        let (columns, references) = relationship.key()?;
        let own = Some(relationship.position());
        let (owner, target) = (relationship.owner(), relationship.target());
        Some(match relationship.kind {
            RelationshipKind::BelongsTo { .. } => {
                Self { child: owner, columns, parent: target, references, up: own, down: relationship.inverse }
            }
            RelationshipKind::HasOne(source) | RelationshipKind::HasMany(source) => {
                let up = match source {
                    KeySource::Inverse(position) => Some(position),
                    KeySource::Columns(_) => None,
                };
                Self { child: target, columns, parent: owner, references, up, down: own }
            }
            RelationshipKind::ManyToMany(_) => return None,
        })
    }

    /// A foreign key without relationships.
    pub(crate) fn bare(child: &'static Table, key: &ForeignKey) -> Self {
        let (parent, references) = (key.target, key.target_columns);
        Self { child, columns: key.columns, parent, references, up: None, down: None }
    }

    pub(super) fn declared_by(table: &'static Table) -> impl Iterator<Item = Self> {
        let belongs_to = |r: &&Relationship| matches!(r.kind, RelationshipKind::BelongsTo { .. });
        table.relationships.iter().filter(belongs_to).filter_map(Self::of)
    }

    /// Whether both are about one key.
    fn is(&self, other: &Self) -> bool {
        self.child == other.child && self.columns == other.columns
    }

    /// The child's relationship.
    pub(crate) fn up(&self) -> Option<&'static Relationship> {
        self.up.map(|position| &self.child.relationships[usize::from(position)])
    }

    /// The parent's relationship.
    pub(crate) fn down(&self) -> Option<&'static Relationship> {
        self.down.map(|position| &self.parent.relationships[usize::from(position)])
    }

    /// Whether the parent has at most one child.
    pub(crate) fn is_single(&self) -> bool {
        self.down().is_some_and(|down| !down.is_to_many())
    }

    /// Whether a child that loses its parent is deleted.
    pub(crate) fn deletes_orphans(&self) -> bool {
        self.down().is_some_and(|down| down.cascade.has(Cascade::DeleteOrphan))
    }

    /// Whether the child may be without parent.
    pub(crate) fn is_nullable(&self) -> bool {
        self.columns.iter().any(|column| self.child.columns[usize::from(*column)].nullable)
    }
}

impl Locked<'_> {
    /// The keys of a table: those of its own relationships, and those that only a parent's relationship declares.
    pub(crate) fn edges(&self, table: &'static Table) -> Vec<Edge> {
        let one_sided = self.graph.one_sided.iter().filter(|edge| edge.child == table).copied();
        Edge::declared_by(table).chain(one_sided).collect()
    }

    /// The other keys of a child that share columns with one, and what they lead to. Almost always none.
    pub(super) fn overlapping(&mut self, child: Node, edge: &Edge) -> Vec<(Edge, Target)> {
        let shares =
            |columns: &[u16]| columns != edge.columns && columns.iter().any(|column| edge.columns.contains(column));
        let declared = edge.child.relationships.iter().any(
            |relationship| matches!(relationship.kind, RelationshipKind::BelongsTo { columns, .. } if shares(columns)),
        );
        if !declared && !self.graph.one_sided.iter().any(|other| other.child == edge.child && shares(other.columns)) {
            return Vec::new();
        }
        let edges = self.edges(edge.child).into_iter().filter(|other| shares(other.columns));
        edges.map(|edge| (edge, self.target(child, &edge))).collect()
    }

    /// Remembers a key that only the parent's relationship declares.
    pub(super) fn note_edge(&mut self, edge: &Edge) {
        if edge.up.is_none() && !self.graph.one_sided.iter().any(|other| other.is(edge)) {
            self.graph.one_sided.push(*edge);
        }
    }

    /// Whether the key columns of a child hold the key of that parent.
    pub(crate) fn names(&self, child: Node, edge: &Edge, parent: Node) -> bool {
        self.key(child, edge.columns) == self.key(parent, edge.references)
    }
}
