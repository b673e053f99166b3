//! What user code holds of a session's memory: entities and their relationships.
mod accessor;
mod added;
mod collection;
mod deferred;
mod handle;
mod history;
mod list;
mod many;
mod one;
mod proxy;
mod related;
mod to_value;
mod values;

pub use accessor::{Model, Raw};
pub use added::{Added, IntoEntity};
pub use collection::{Collection, Partial};
pub use deferred::DeferredValue;
pub use handle::Entity;
pub use many::ManyRelation;
pub use one::{Found, OneRelation};
pub use proxy::{Beyond, Extent, Member, Proxy};
