//! What `Session::add` takes: new rows, and entities that left their session.
use super::{Entity, Model};
use crate::model::{Draft, IntoDraft, Node};

/// What [`Session::add`](crate::session::Session::add) takes: a value, a complete builder, or an entity of the session that
/// a rollback or `expunge` made transient, or that is marked for deletion.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be added to a session",
    note = "give a value of a struct with `#[derive(Model)]`, a builder whose required columns are all set, or an entity"
)]
pub trait IntoEntity {
    /// The model.
    type Model: Model;

    /// What is added.
    #[doc(hidden)]
    fn into_added(self) -> Added<Self::Model>;
}

/// What is added to a session.
#[doc(hidden)]
pub enum Added<M> {
    /// A new row.
    New(Draft<M>),
    /// An entity, by its session and its place there, with a copy of its row.
    Again {
        /// The number of its session.
        session: u64,
        /// Its place there.
        node: Node,
        /// The row as it is now.
        row: M,
        /// How messages name it.
        name: String,
    },
}

impl<D: IntoDraft<Model: Model>> IntoEntity for D {
    type Model = D::Model;

    fn into_added(self) -> Added<D::Model> {
        Added::New(self.into_draft())
    }
}

impl<M: Model> IntoEntity for Entity<'_, M> {
    type Model = M;

    fn into_added(self) -> Added<M> {
        let raw = self.raw();
        Added::Again { session: raw.session_id(), node: raw.node(), row: raw.row().copy(), name: raw.name() }
    }
}
