//! Bare link tables, as the database sees them: the same table whichever side declared it.
use super::{Link, Relationship, RelationshipKind, Table};

/// A link table of which no model exists.
#[derive(Clone, Copy)]
pub struct BareLink {
    /// Its schema in the database.
    pub schema: Option<&'static str>,
    /// Its name.
    pub name: &'static str,
    /// The keys to the declaring model and to the other one.
    pub sides: [LinkSide; 2],
    /// The relationship that was met first.
    pub declared_by: &'static Relationship,
}

/// The columns of a link table that reference one model's primary key.
#[derive(Clone, Copy)]
pub struct LinkSide {
    /// Their names, in the order of the primary key.
    pub columns: &'static [&'static str],
    /// The referenced model.
    pub target: &'static Table,
}

impl BareLink {
    /// The link table of a relationship, if it has one.
    pub fn of(relationship: &'static Relationship) -> Option<Self> {
        let RelationshipKind::ManyToMany(Link::Table(link)) = relationship.kind else { return None };
        let sides = [
            LinkSide { columns: link.near, target: relationship.owner() },
            LinkSide { columns: link.far, target: relationship.target() },
        ];
        Some(Self { schema: relationship.link_schema(), name: link.name, sides, declared_by: relationship })
    }

    /// Whether both name the same table.
    pub(crate) fn is_same_table(&self, other: &Self) -> bool {
        (self.schema, self.name) == (other.schema, other.name)
    }

    /// Whether both declare the table alike, from the same side or from opposite ones.
    pub(crate) fn agrees_with(&self, other: &Self) -> bool {
        let [near, far] = &self.sides;
        let [other_near, other_far] = &other.sides;
        (near.agrees_with(other_near) && far.agrees_with(other_far))
            || (near.agrees_with(other_far) && far.agrees_with(other_near))
    }
}

impl LinkSide {
    fn agrees_with(&self, other: &Self) -> bool {
        self.columns == other.columns && self.target == other.target
    }
}

impl Relationship {
    /// The schema of a bare link table: that of its two sides, or the default one if they have different ones.
    pub fn link_schema(&self) -> Option<&'static str> {
        let schema = self.owner().schema;
        if schema == self.target().schema { schema } else { None }
    }
}

/// Every declaration of a bare link table in these models, both sides' included.
pub(crate) fn bare_links(tables: &[&'static Table]) -> impl Iterator<Item = BareLink> {
    tables.iter().flat_map(|table| table.relationships).filter_map(BareLink::of)
}
