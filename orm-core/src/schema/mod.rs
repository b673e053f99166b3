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
pub(crate) use grouped::Grouped;
pub(crate) use link::bare_links;
pub use link::{BareLink, LinkSide};
pub use relationship::{
    Action, Cascade, Cascades, Constant, KeySource, Link, LinkTable, Order, Ordering, PassiveDeletes, Relationship,
    RelationshipKind, Strategy,
};
pub use table::{AroundSave, Check, ForeignKey, Index, Operations, Table, TableRef, Unique};
