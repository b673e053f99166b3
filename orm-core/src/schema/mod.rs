//! Tables as static data: what the derive writes and everything else reads.
mod column;
mod declare;
pub mod groups;
mod relationship;
pub mod shape;
mod table;

pub use column::{Column, Default, Reference, Role};
pub use relationship::{Action, Cascade, Cascades, KeySource, Link, LinkTable, Order, Relationship, RelationshipKind, Strategy};
pub use table::{Check, ForeignKey, Index, Operations, Table, TableRef, Unique};
