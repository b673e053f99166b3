//! How a relationship is joined: key to key, or through a table between.
use crate::{
    schema::{Link, LinkTable, Relationship, RelationshipKind, Table},
    value::{SqlType, Value},
};

/// The columns that join an owner and a target.
pub(super) enum Joint {
    /// Columns of the owner that equal columns of the target.
    Direct { owner: &'static [u16], target: &'static [u16] },
    /// A table between.
    Through(LinkInfo),
}

/// A link, whether it is a model or a bare table.
pub(super) struct LinkInfo {
    pub(super) schema: Option<&'static str>,
    pub(super) name: &'static str,
    /// The link model's table; none for a bare table.
    pub(super) table: Option<&'static Table>,
    /// The link's columns that reference the owner, and those of the owner.
    pub(super) near: Vec<LinkColumn>,
    pub(super) near_references: &'static [u16],
    /// The link's columns that reference the target, and those of the target.
    pub(super) far: Vec<LinkColumn>,
    pub(super) far_references: &'static [u16],
    /// Columns that every link of the relationship has, and their values.
    pub(super) constants: Vec<(LinkColumn, Value)>,
}

/// A column that every link of a relationship has, and its value.
type Constant = (u16, fn() -> Value);

/// A column of a link.
#[derive(Debug, Clone, Copy)]
pub(super) struct LinkColumn {
    pub(super) name: &'static str,
    pub(super) sql_type: SqlType,
    pub(super) custom_type: Option<&'static str>,
}

impl LinkColumn {
    pub(super) fn of(table: &'static Table, position: u16) -> Self {
        let column = &table.columns[usize::from(position)];
        Self { name: column.name, sql_type: column.sql_type, custom_type: column.custom_type }
    }

    /// Of a bare table: typed like the column that it references.
    fn bare(name: &'static str, table: &'static Table, references: u16) -> Self {
        Self { name, ..Self::of(table, references) }
    }
}

impl Joint {
    pub(super) fn of(relationship: &'static Relationship) -> Self {
        match (relationship.kind, relationship.key()) {
            (RelationshipKind::BelongsTo { .. }, Some((columns, references))) => {
                Self::Direct { owner: columns, target: references }
            }
            (RelationshipKind::HasOne(_) | RelationshipKind::HasMany(_), Some((columns, references))) => {
                Self::Direct { owner: references, target: columns }
            }
            (RelationshipKind::ManyToMany(link), _) => Self::Through(LinkInfo::of(relationship, link)),
            (RelationshipKind::BelongsTo { .. } | RelationshipKind::HasOne(_) | RelationshipKind::HasMany(_), None) => {
                Self::Direct { owner: &[], target: &[] }
            }
        }
    }
}

impl LinkInfo {
    pub(super) fn of(relationship: &'static Relationship, link: Link) -> Self {
        match link {
            Link::Model { table, near, far, constants } => Self::model(table(), near, far, constants),
            Link::Table(table) => Self::bare(relationship, table),
        }
    }

    fn model(table: &'static Table, near: u16, far: u16, constants: &[Constant]) -> Self {
        let side = |position: u16| {
            let (columns, references) = table.relationships[usize::from(position)].key().unwrap_or_default();
            (columns.iter().map(|column| LinkColumn::of(table, *column)).collect(), references)
        };
        let (near, near_references) = side(near);
        let (far, far_references) = side(far);
        let constants = constants.iter().map(|(column, value)| (LinkColumn::of(table, *column), value())).collect();
        Self {
            schema: table.schema,
            name: table.name,
            table: Some(table),
            near,
            near_references,
            far,
            far_references,
            constants,
        }
    }

    fn bare(relationship: &'static Relationship, link: LinkTable) -> Self {
        let side = |names: &'static [&'static str], table: &'static Table| {
            let columns = names.iter().zip(table.primary_key);
            columns.map(|(name, references)| LinkColumn::bare(name, table, *references)).collect()
        };
        let (owner, target) = (relationship.owner(), relationship.target());
        Self {
            schema: owner.schema,
            name: link.name,
            table: None,
            near: side(link.near, owner),
            near_references: owner.primary_key,
            far: side(link.far, target),
            far_references: target.primary_key,
            constants: Vec::new(),
        }
    }
}
