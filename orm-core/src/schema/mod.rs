//! Tables as static data: what the derive writes and everything else reads.
mod closed;
mod column;
mod declare;
mod grouped;
pub mod groups;
mod link;
mod relationship;
pub mod shape;
mod table;
mod verify;

pub use closed::Schema;
pub(crate) use closed::dependency_order;
pub use column::{Column, Default, Reference, Role};
pub use declare::{Itself, own_levels};
pub(crate) use grouped::Grouped;
pub(crate) use link::bare_links;
pub use link::{BareLink, LinkSide};
pub use relationship::{
    Action, Cascade, Cascades, Constant, KeySource, Link, LinkTable, Order, Ordering, PassiveDeletes, Relationship,
    RelationshipKind, Strategy,
};
pub use table::{AroundSave, Check, ForeignKey, Index, Operations, Table, TableRef, Unique};

/// The number of something declared, which stays the same as long as the program runs: where it is.
pub(crate) fn id<T>(of: &'static T) -> usize {
    std::ptr::from_ref(of).addr()
}
