//! One relationship of a model, from its owner's side.
use super::{ForeignKey, Table, TableRef};
use crate::value::Value;
use std::fmt;

/// A relationship as its field declares it.
pub struct Relationship {
    /// The field's name.
    pub name: &'static str,
    /// The model that has the field.
    pub owner: TableRef,
    /// The model it leads to.
    pub target: TableRef,
    /// To one or to many, and where the key is.
    pub kind: RelationshipKind,
    /// The other side's position among the target's relationships, if it has one.
    pub inverse: Option<u16>,
    /// Which operations follow the relationship.
    pub cascade: Cascades,
    /// The order of a collection.
    pub order_by: &'static [Order],
    /// For a list whose members' positions the session keeps: where they are kept.
    pub ordering: Option<Ordering>,
    /// How it is loaded if a query says nothing.
    pub load: Option<Strategy>,
    /// Which members a deletion of the owner leaves to the database.
    pub passive_deletes: PassiveDeletes,
    /// Whether a target may have only one owner.
    pub single_parent: bool,
}

/// To one or to many, and where the key is.
#[derive(Clone, Copy)]
pub enum RelationshipKind {
    /// The key is here.
    BelongsTo {
        /// The key's columns.
        columns: &'static [u16],
        /// The referenced columns; empty for the primary key.
        references: &'static [u16],
        /// Whether the key may be null.
        nullable: bool,
        /// What deleting the target does.
        on_delete: Action,
        /// What changing the target's key does.
        on_update: Action,
        /// Whether the database has a constraint for it.
        constraint: bool,
        /// Whether the key has an index.
        index: bool,
    },
    /// The key is on the target, which is at most one.
    HasOne(KeySource),
    /// The key is on the targets.
    HasMany(KeySource),
    /// The keys are in a table between.
    ManyToMany(Link),
}

/// Where a one-to-many finds its key.
#[derive(Clone, Copy)]
pub enum KeySource {
    /// In the target's relationship of that position.
    Inverse(u16),
    /// In these columns of the target; they reference the owner's primary key.
    Columns(&'static [u16]),
}

/// The table between the sides of a many-to-many.
#[derive(Clone, Copy)]
pub enum Link {
    /// A model of its own.
    Model {
        /// Its table.
        table: TableRef,
        /// The position of its relationship to the owner.
        near: u16,
        /// The position of its relationship to the target.
        far: u16,
        /// Columns that every link of this relationship has, and their values.
        constants: &'static [Constant],
    },
    /// A bare table of two key columns, of which no model exists.
    Table(LinkTable),
}

impl Link {
    /// The name of the table of the links.
    pub(crate) fn table_name(&self) -> &'static str {
        match self {
            Self::Model { table, .. } => table().name,
            Self::Table(table) => table.name,
        }
    }
}

/// A column that every link of a relationship has, and its value.
pub type Constant = (u16, fn() -> Value);

/// A bare link table; each side has as many columns as the key that it references.
#[derive(Debug, Clone, Copy)]
pub struct LinkTable {
    /// Its name.
    pub name: &'static str,
    /// The columns that reference the owner.
    pub near: &'static [&'static str],
    /// The columns that reference the target.
    pub far: &'static [&'static str],
}

/// What a foreign key does when its target is deleted or changes its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words of SQL")]
pub enum Action {
    NoAction,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}

/// An operation that follows a relationship.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Cascade {
    /// Adding an owner adds its targets.
    SaveUpdate = 1,
    /// Merging an owner merges its targets.
    Merge = 2,
    /// Expunging an owner expunges its targets.
    Expunge = 4,
    /// Deleting an owner deletes its targets.
    Delete = 8,
    /// A target taken from its owner is deleted.
    DeleteOrphan = 16,
    /// Refreshing an owner refreshes its targets.
    Refresh = 32,
}

/// Which members a deletion of their owner leaves to `ON DELETE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassiveDeletes {
    /// None: those that are not in memory are loaded.
    Never,
    /// Those that are not in memory.
    Unloaded,
    /// All: their keys are not touched, nor do they keep their owner from being deleted.
    All,
}

/// A set of [`Cascade`]s.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cascades(u8);

impl Cascades {
    /// `save_update, merge`.
    pub const DEFAULT: Self = Self(1 | 2);
    /// Everything but `delete_orphan`.
    pub const ALL: Self = Self(1 | 2 | 4 | 8 | 32);
    /// None.
    pub const NONE: Self = Self(0);

    /// These and that one.
    pub const fn with(self, cascade: Cascade) -> Self {
        Self(self.0 | cascade as u8)
    }

    /// Whether that one is among them.
    pub const fn has(self, cascade: Cascade) -> bool {
        self.0 & cascade as u8 != 0
    }
}

/// How a relationship is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    /// When it is first awaited.
    Lazy,
    /// By one more query for all owners.
    SelectIn,
    /// By a LEFT JOIN in the same query.
    Joined,
    /// By an INNER JOIN in the same query.
    InnerJoined,
    /// By one more query that joins the original one.
    Subquery,
    /// Like lazy, right after the query.
    Immediate,
    /// Never: awaiting it is an error.
    Raise,
    /// Never: it is empty.
    NoLoad,
}

/// One column of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// The column's position.
    pub column: u16,
    /// Whether greater values come first.
    pub descending: bool,
}

/// The column of the members in which the session keeps their places in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ordering {
    /// The column's position.
    pub column: u16,
    /// The place of the first member.
    pub start: u32,
}

impl Strategy {
    /// Whether a query that names it loads something.
    pub(crate) fn is_eager(self) -> bool {
        match self {
            Self::SelectIn | Self::Joined | Self::InnerJoined | Self::Subquery | Self::Immediate => true,
            Self::Lazy | Self::Raise | Self::NoLoad => false,
        }
    }
}

impl fmt::Debug for Relationship {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path())
    }
}

impl Relationship {
    /// Whether it leads to any number of targets.
    pub fn is_to_many(&self) -> bool {
        match self.kind {
            RelationshipKind::HasMany(_) | RelationshipKind::ManyToMany(_) => true,
            RelationshipKind::BelongsTo { .. } | RelationshipKind::HasOne(_) => false,
        }
    }

    /// The foreign key, if it is on this side.
    pub fn foreign_key(&self) -> Option<ForeignKey> {
        let RelationshipKind::BelongsTo { columns, references, on_delete, on_update, constraint: true, index, .. } =
            self.kind
        else {
            return None;
        };
        let target = (self.target)();
        let target_columns = if references.is_empty() { target.primary_key } else { references };
        Some(ForeignKey { columns, target, target_columns, on_delete, on_update, index })
    }

    /// For `BelongsTo`, `HasOne` and `HasMany`: the key's columns and the columns that they reference, wherever each is.
    pub fn key(&self) -> Option<(&'static [u16], &'static [u16])> {
        match self.kind {
            RelationshipKind::BelongsTo { columns, references, .. } => {
                Some((columns, if references.is_empty() { (self.target)().primary_key } else { references }))
            }
            RelationshipKind::HasOne(source) | RelationshipKind::HasMany(source) => match source {
                KeySource::Inverse(position) => (self.target)().relationships[usize::from(position)].key(),
                KeySource::Columns(columns) => Some((columns, (self.owner)().primary_key)),
            },
            RelationshipKind::ManyToMany(_) => None,
        }
    }

    /// The other side, if it is declared.
    pub fn inverse(&self) -> Option<&'static Relationship> {
        self.inverse.map(|position| &(self.target)().relationships[usize::from(position)])
    }

    /// `User::orders`.
    pub fn path(&self) -> String {
        format!("{}::{}", (self.owner)().model, self.name)
    }

    /// The owner's table.
    pub fn owner(&self) -> &'static Table {
        (self.owner)()
    }

    /// The target's table.
    pub fn target(&self) -> &'static Table {
        (self.target)()
    }
}

impl Relationship {
    /// Its position among the owner's relationships.
    pub(crate) fn position(&'static self) -> u16 {
        self.owner().relationships.iter().position(|other| std::ptr::eq(other, self)).unwrap_or_default() as u16
    }

    /// The columns of the target by which an owner names it.
    pub(crate) fn target_key(&self) -> &'static [u16] {
        match (&self.kind, self.key()) {
            (RelationshipKind::BelongsTo { .. }, Some((_, references))) => references,
            _ => self.target().primary_key,
        }
    }

    /// For a many-to-many: what lies between its sides.
    pub(crate) fn link(&self) -> Option<&Link> {
        match &self.kind {
            RelationshipKind::ManyToMany(link) => Some(link),
            RelationshipKind::BelongsTo { .. } | RelationshipKind::HasOne(_) | RelationshipKind::HasMany(_) => None,
        }
    }

    /// For a many-to-many: the columns of the owner and of the target that the link references.
    pub(crate) fn link_references(&self) -> (&'static [u16], &'static [u16]) {
        match &self.kind {
            RelationshipKind::ManyToMany(Link::Model { table, near, far, .. }) => {
                let side = |position: u16| {
                    table().relationships[usize::from(position)].key().map_or(&[][..], |(_, references)| references)
                };
                (side(*near), side(*far))
            }
            RelationshipKind::ManyToMany(Link::Table(_))
            | RelationshipKind::BelongsTo { .. }
            | RelationshipKind::HasOne(_)
            | RelationshipKind::HasMany(_) => (self.owner().primary_key, self.target().primary_key),
        }
    }

    /// For a many-to-many through a model: a column that a link needs besides its two keys, if there is one.
    pub(crate) fn link_needs(&self) -> Option<(&'static Table, &'static super::Column)> {
        let Some(Link::Model { table, near, far, constants }) = self.link() else { return None };
        let table = table();
        let keys = [near, far].into_iter().filter_map(|side| table.relationships[usize::from(*side)].key());
        let keys: Vec<u16> = keys.flat_map(|(columns, _)| columns.iter().copied()).collect();
        let known = |position: u16| keys.contains(&position) || constants.iter().any(|(column, _)| *column == position);
        let needed = |(position, column): &(usize, &super::Column)| {
            let open = column.nullable || column.generated || column.role != super::Role::Plain;
            !open && !known(*position as u16) && matches!(column.default, super::Default::None)
        };
        table.columns.iter().enumerate().find(needed).map(|(_, column)| (table, column))
    }

    /// For a `BelongsTo` or a many-to-many: the columns of the target by which the owner or the link names it.
    pub(crate) fn far_key(&self) -> &'static [u16] {
        self.key().map_or_else(|| self.link_references().1, |(_, references)| references)
    }

    /// For a one-to-many or one-to-one: the columns of the target that hold its key.
    pub(crate) fn key_on_target(&self) -> impl Iterator<Item = &'static super::Column> {
        let target = self.target();
        let columns = match self.kind {
            RelationshipKind::HasMany(_) | RelationshipKind::HasOne(_) => self.key().map_or(&[][..], |(key, _)| key),
            RelationshipKind::BelongsTo { .. } | RelationshipKind::ManyToMany(_) => &[],
        };
        columns.iter().map(|column| &target.columns[usize::from(*column)])
    }

    /// For a many-to-many: the types of the near key.
    pub(crate) fn near_types(&self) -> Vec<crate::value::SqlType> {
        let owner = self.owner();
        self.link_references().0.iter().map(|column| owner.columns[usize::from(*column)].sql_type).collect()
    }

    /// Whether an owner and a target may be linked more than once: no key of the link model says otherwise.
    pub(crate) fn may_link_twice(&self) -> bool {
        let RelationshipKind::ManyToMany(Link::Model { table, near, far, constants }) = self.kind else { return false };
        let table = table();
        let side =
            |position: u16| table.relationships[usize::from(position)].key().map_or(&[][..], |(columns, _)| columns);
        let fixed: Vec<u16> = constants.iter().map(|(column, _)| *column).collect();
        let known = [side(near), side(far), &fixed].concat();
        let mut keys = table.uniques.iter().map(|unique| unique.columns).chain([table.primary_key]);
        !keys.any(|key| key.iter().all(|column| known.contains(column)))
    }
}
