//! What user code holds of a session's memory: entities and their relationships.
mod accessor;

pub use accessor::{ManyRelation, Model, OneRelation, Raw};
