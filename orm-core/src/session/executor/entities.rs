//! A session: rows are entities.
use super::{Executor, Found, NamedRows, Question, Write};
use crate::{
    db::Db,
    driver::{Begin, Control},
    entity::{Entity, Model},
    error::Result,
    load::{self, Loaded},
    memory::{Freshness, Nodes, ResultSet},
    model::Batch,
    query::{Parts, projection::ProjectedRows},
    schema::Table,
    session::{Held, Session, guard::Guard},
    sql::{Effect, Touched},
    unit_of_work::{self, GiveBack, Inserted, Insertion, Prepared},
};

impl<'s> Executor for &'s Session {
    type Row<M: Model> = Entity<'s, M>;

    async fn rows<M: Model>(self, parts: Box<Parts>) -> Result<Found<Entity<'s, M>>> {
        let Loaded { result: id, beside } = self.load_query(self.db.hide(parts)).await?;
        let nodes = self.memory.result(id).map(|result| &result.nodes);
        let entities = |nodes: &Nodes| nodes.iter().map(|node| self.entity_at(node, id)).collect();
        Ok(Found { rows: nodes.map(entities).unwrap_or_default(), beside })
    }

    async fn tuples<T: Send + 'static>(self, mut question: Question<T>) -> Result<Vec<T>> {
        let reading = question.reading();
        let mut held = self.held.lock().await;
        self.begin_for(&mut held, question.effect, || question.touched.clone()).await?;
        let guard = Guard::by_effect(self, &mut held, question.effect);
        let rows = async {
            let connection = guard.held.connection(self.db.driver()).await?;
            load::fetch_tuples(&question.statement, reading, connection).await
        };
        let rows = rows.await;
        guard.held.count_into(&self.statements);
        guard.done();
        rows
    }

    async fn projected(self, projecting: load::Projecting) -> Result<Box<dyn ProjectedRows>> {
        let mut held = self.held.lock().await;
        self.begin_for(&mut held, projecting.effect, || projecting.touched()).await?;
        let guard = Guard::by_effect(self, &mut held, projecting.effect);
        let rows = async {
            let connection = guard.held.connection(self.db.driver()).await?;
            load::projected(projecting, load::Source::given(connection, self.db.dialect())).await
        };
        let rows = rows.await;
        guard.held.count_into(&self.statements);
        guard.done();
        rows
    }

    async fn named_rows<M: Model>(self, named: NamedRows) -> Result<Vec<Entity<'s, M>>> {
        let mut held = self.held.lock().await;
        let batch = self.named_batch(&mut held, M::table(), named).await?;
        let nodes = self.memory.graph().intern(M::table(), batch, false, Freshness::ByTransaction)?;
        Ok(self.entities_of(nodes))
    }

    async fn write(self, write: Write) -> Result<u64> {
        let mut held = self.held.lock().await;
        let touched = match &write {
            Write::Statement(_) => Touched::default(),
            Write::Rows(rows) => rows.touched.clone(),
        };
        self.begin_write(&mut held, || touched).await?;
        let guard = Guard::new(self, &mut held, "a write");
        let count = self.send(guard.held, write).await;
        guard.held.count_into(&self.statements);
        guard.done();
        count
    }

    async fn insert(self, insertion: Insertion) -> Result<u64> {
        Executor::insert(self.values(), insertion).await
    }

    async fn inserted<M: Model>(self, insertion: Insertion) -> Result<Vec<Entity<'s, M>>> {
        let mut held = self.held.lock().await;
        let (is_upsert, table) = (insertion.is_upsert(), insertion.table());
        let batch = self.insert_held(&mut held, insertion, GiveBack::Rows).await?.rows;
        let mut graph = self.memory.graph();
        let nodes = if is_upsert { graph.rows_upserted(table, batch) } else { graph.rows_inserted(table, batch) };
        drop(graph);
        Ok(self.entities_of(nodes?))
    }

    fn db(&self) -> &Db {
        &self.db
    }
}

impl Session {
    fn entities_of<M: Model>(&self, nodes: Nodes) -> Vec<Entity<'_, M>> {
        let id = self.memory.keep(ResultSet::new(nodes.clone(), Vec::new()));
        nodes.iter().map(|node| self.entity_at(node, id)).collect()
    }

    /// The rows of a model by a statement of the user's own.
    pub(super) async fn named_batch(
        &self,
        held: &mut Held,
        table: &'static Table,
        NamedRows { statement, effect }: NamedRows,
    ) -> Result<Box<dyn Batch>> {
        self.begin_for(held, effect, || Touched::of(table)).await?;
        let guard = Guard::by_effect(self, held, effect);
        let batch = async {
            let connection = guard.held.connection(self.db.driver()).await?;
            load::fetch_named(table, &statement, connection).await
        };
        let batch = batch.await;
        guard.held.count_into(&self.statements);
        guard.done();
        batch
    }

    /// What comes before a statement that gives rows.
    async fn begin_for(&self, held: &mut Held, effect: Effect, touched: impl FnOnce() -> Touched) -> Result<()> {
        if effect == Effect::Writes {
            return self.begin_write(held, touched).await;
        }
        self.autoflush(held, touched).await?;
        self.check()?;
        match effect {
            Effect::Locks => held.begin(&self.db, Begin::default()).await,
            Effect::Reads | Effect::Writes => Ok(()),
        }
    }

    /// What comes before every write that is not a flush.
    async fn begin_write(&self, held: &mut Held, touched: impl FnOnce() -> Touched) -> Result<()> {
        self.autoflush(held, touched).await?;
        self.check()?;
        self.check_scope(held)?;
        held.begin(&self.db, Begin::default()).await?;
        let mut graph = self.memory.graph();
        graph.graph.written = true;
        graph.graph.beside.note_anything();
        self.memory.note_write();
        Ok(())
    }

    async fn send(&self, held: &mut Held, write: Write) -> Result<u64> {
        let connection = held.connection(self.db.driver()).await?;
        match write {
            Write::Statement(statement) => Ok(connection.execute(&statement).await?.rows),
            Write::Rows(rows) => {
                unit_of_work::change_rows(&self.memory, &rows.change, connection, self.db.dialect()).await
            }
        }
    }

    /// Inserts rows in this session's transaction, all of them or none; memory does not know of them.
    pub(super) async fn insert_held(&self, held: &mut Held, insertion: Insertion, back: GiveBack) -> Result<Inserted> {
        let prepared = insertion.prepare(self.db.dialect(), self.db.now())?;
        self.begin_write(held, || Touched::of(prepared.table())).await?;
        let guard = Guard::new(self, held, "an insert of many rows");
        let inserted = self.insert_whole(guard.held, prepared, back).await;
        guard.held.count_into(&self.statements);
        guard.done();
        inserted
    }

    /// Several statements count as one: what an error leaves is undone.
    async fn insert_whole(&self, held: &mut Held, prepared: Prepared, back: GiveBack) -> Result<Inserted> {
        let (number, several) = (held.savepoints(), prepared.is_divisible());
        if several {
            held.control(Control::Savepoint(number)).await?;
        }
        let mut inserted =
            prepared.run((held.connection(self.db.driver()).await?, self.db.rowids()), (false, back)).await;
        if several {
            let end = if inserted.is_ok() { Control::Release(number) } else { Control::RollbackTo(number) };
            held.control(end).await?;
        }
        if let Ok(inserted) = &mut inserted {
            held.learned.add(std::mem::take(&mut inserted.learned));
        }
        inserted
    }
}
