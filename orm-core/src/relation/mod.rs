//! Relationships as types: the markers that the derive makes, and the fields of a value.
mod connect;
mod content;
mod declare;
mod derived;
pub mod describe;
mod document;
mod field;
mod marker;
mod related;

pub use connect::{IntoUnique, Keyed, OrConnect};
pub(crate) use content::take_related;
pub use content::{Content, Incoming, NewRow, RelatedRows, Targets};
pub use declare::{References, index_of, path_of, same_type, shape_of, table_of};
pub use derived::{Derived, DerivedOf, Equal, NotDerived, Print, Read, Targets as DerivedTargets, Write};
pub use field::{BelongsTo, HasMany, HasOne, ManyToMany, RelationField, ToOneTarget};
pub use marker::{
    Answer, Attachable, Cardinality, Detachable, Many, NO_SIDE, One, OrderedList, Pushable, Relation, RelationAt,
    Reverse, ToMany, ToOne, Yes,
};
pub use related::{IntoRelated, Related};
