//! Merging: values from anywhere are laid over the entities with their keys.
use super::{Held, Session};
use crate::{
    entity::{Entity, Model},
    error::Result,
    load::Request,
    memory::{ALONE, Copies, Freshness},
    model::{IntoDraft, Node},
    query::{Include, Parts, expr::Expr},
    relation::Incoming,
    schema::Table,
    value::Value,
};
use std::ops::Range;

impl Session {
    /// Lays a value over the entity with its key and returns the entity; the value itself stays outside. SQLAlchemy's `merge`.
    ///
    /// The entity is taken from memory or loaded; without a key, or without a row of that key, it is added as a new one. All
    /// columns of the value are written onto it, and the next flush writes those that differ. A builder writes only the
    /// columns that it was given; for documents that name some columns there is `derive(Patch)` and
    /// [`Entity::apply`].
    ///
    /// Relationships that cascade `merge` (all, if nothing is said) are merged too, to any depth:
    /// - an unloaded field says nothing, and what it would lead to stays as it is; of a relationship to one the key decides;
    /// - a loaded collection replaces the entity's: members that it does not have are taken out as by `remove`, or deleted
    ///   where the relationship says `delete_orphan`;
    /// - a filtered or limited collection adds and updates, and takes nothing out;
    /// - several copies of one row are one entity, and the last one's columns count;
    /// - where a value holds a loaded target and a key that names another row, the one that is news counts.
    ///
    /// A deferred column that was not loaded is left alone. `created_at` and `updated_at` are the session's: a merge does not
    /// write them, and the flush sets `updated_at` if anything differs. The `version` of a value is compared, not written; 0
    /// is no version.
    ///
    /// What must be known is loaded in one statement per level and relationship or model, and nothing is flushed. A merge that
    /// fails has changed nothing.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let mut order: Order = Order::query().with(Order::items).one(&db).await?;   // a value: it can go anywhere
    /// order.status = "shipped".into();
    ///
    /// let session = db.session();
    /// let entity = session.merge(order).await?;
    /// session.commit().await?;                                                    // one UPDATE of one column
    /// assert_eq!(entity.status, "shipped");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`is_stale`](crate::Error::is_stale) if the value has another version than the row; [`is_deleted`](crate::Error::is_deleted)
    /// if the entity is marked for deletion; a member that is missing from a loaded collection and cannot be without its
    /// owner; the database fails.
    pub async fn merge<D: IntoDraft<Model: Model>>(&self, row: D) -> Result<Entity<'_, D::Model>> {
        let mut nodes = self.merge_nodes(vec![Incoming::new(row.into_draft())]).await?;
        Ok(self.entity_at(nodes.swap_remove(0), ALONE))
    }

    /// Merges several values of a model, with what must be loaded for all of them loaded together.
    ///
    /// # Errors
    /// As [`merge`](Self::merge).
    pub async fn merge_all<D: IntoDraft<Model: Model>>(
        &self,
        rows: impl IntoIterator<Item = D>,
    ) -> Result<Vec<Entity<'_, D::Model>>> {
        let rows: Vec<Incoming> = rows.into_iter().map(|row| Incoming::new(row.into_draft())).collect();
        let nodes = self.merge_nodes(rows).await?;
        Ok(nodes.into_iter().map(|node| self.entity_at(node, ALONE)).collect())
    }

    /// The entities of the roots, in their order.
    async fn merge_nodes(&self, roots: Vec<Incoming>) -> Result<Vec<Node>> {
        let count = roots.len();
        let mut held = self.held.lock().await;
        self.check()?;
        let mut copies = self.memory.graph().take_apart(roots, self.id)?;
        let known = self.know(&mut held, &mut copies).await;
        held.count_into(&self.statements);
        known?;
        let mut nodes = self.memory.graph().lay(copies)?;
        nodes.truncate(count);
        Ok(nodes)
    }

    /// Loads what must be known of the entities that copies are laid over, level by level.
    async fn know(&self, held: &mut Held, copies: &mut Copies) -> Result<()> {
        for level in copies.levels() {
            self.know_level(held, copies, level).await?;
        }
        Ok(())
    }

    async fn know_level(&self, held: &mut Held, copies: &mut Copies, level: Range<usize>) -> Result<()> {
        let missing = self.memory.graph().locate(copies, level.clone());
        for (table, keys) in missing {
            self.load_keys(held, table, keys).await?;
        }
        self.memory.graph().locate_loaded(copies, level.clone());
        let replaced = self.memory.graph().replaced(copies, level);
        for (relationship, owners) in replaced {
            let request = Request::new(Include::new(relationship), owners, ALONE);
            self.loader(held, Freshness::ByTransaction).await?.related(request).await?;
        }
        Ok(())
    }

    /// Loads rows by their primary keys, in pieces where the database's limit asks for it.
    pub(super) async fn load_keys(&self, held: &mut Held, table: &'static Table, keys: Vec<Vec<Value>>) -> Result<()> {
        for chunk in crate::sql::key_chunks(self.db().dialect(), table.primary_key.len(), keys).collect::<Vec<_>>() {
            let parts = self.db.hide(Parts { filter: Some(Expr::keyed(table, chunk)), ..Parts::new(table) });
            self.loader(held, Freshness::ByTransaction).await?.query(parts).await?;
        }
        Ok(())
    }
}
