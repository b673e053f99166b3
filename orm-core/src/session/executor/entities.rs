//! A session: rows are entities.
use super::{Executor, Question, Write};
use crate::{
    db::Db,
    driver::{Begin, Control, Statement},
    entity::{Entity, Model},
    error::{Error, Kind, Result},
    load,
    memory::{Freshness, Nodes, ResultSet},
    query::Parts,
    session::{Held, Session},
    sql::Touched,
    unit_of_work::{self, GiveBack, Inserted, Insertion, Prepared},
};

impl<'s> Executor for &'s Session {
    type Row<M: Model> = Entity<'s, M>;

    async fn rows<M: Model>(self, parts: Parts) -> Result<Vec<Entity<'s, M>>> {
        let id = self.load_query(&parts).await?;
        let result = self.memory.result(id);
        Ok(result.into_iter().flat_map(|result| result.nodes.iter()).map(|node| self.entity_at(node, id)).collect())
    }

    async fn tuples<T: Send + 'static>(self, question: Question<T>) -> Result<Vec<T>> {
        let mut held = self.held.lock().await;
        self.autoflush(&mut held, || question.touched.clone()).await?;
        self.check()?;
        let connection = held.connection(self.db.driver()).await?;
        let rows = load::fetch_tuples(&question.statement, question.reading(), connection).await;
        held.count_into(&self.statements);
        rows
    }

    async fn named_rows<M: Model>(self, statement: Statement) -> Result<Vec<Entity<'s, M>>> {
        let mut held = self.held.lock().await;
        self.autoflush(&mut held, || Touched::of(M::table())).await?;
        self.check()?;
        let connection = held.connection(self.db.driver()).await?;
        let batch = load::fetch_named(M::table(), &statement, connection).await;
        held.count_into(&self.statements);
        let nodes = self.memory.graph().intern(M::table(), batch?, false, Freshness::ByTransaction)?;
        Ok(self.entities_of(nodes))
    }

    async fn write(self, write: Write) -> Result<u64> {
        let mut held = self.held.lock().await;
        let count = self.write_held(&mut held, write).await;
        held.count_into(&self.statements);
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

    /// What comes before every write that is not a flush.
    async fn begin_write(&self, held: &mut Held, touched: impl FnOnce() -> Touched) -> Result<()> {
        self.autoflush(held, touched).await?;
        self.check()?;
        self.check_scope(held)?;
        held.begin(&self.db, Begin::default()).await?;
        self.memory.graph().graph.written = true;
        Ok(())
    }

    async fn write_held(&self, held: &mut Held, write: Write) -> Result<u64> {
        match write {
            Write::Statement(statement) => {
                self.begin_write(held, Touched::default).await?;
                Ok(held.connection(self.db.driver()).await?.execute(&statement).await?.rows)
            }
            Write::Rows(rows) => {
                let super::Rows { change, touched } = *rows;
                self.begin_write(held, || touched).await?;
                let connection = held.connection(self.db.driver()).await?;
                unit_of_work::change_rows(&self.memory, &change, connection, self.db.dialect()).await
            }
        }
    }

    /// Inserts rows in this session's transaction, all of them or none; memory does not know of them.
    pub(super) async fn insert_held(&self, held: &mut Held, insertion: Insertion, back: GiveBack) -> Result<Inserted> {
        let prepared = insertion.prepare(self.db.dialect(), self.db.now())?;
        self.begin_write(held, || Touched::of(prepared.table())).await?;
        let mut whole = Whole { session: self, held, done: false };
        let inserted = whole.run(&prepared, back).await;
        whole.done = true;
        whole.held.count_into(&self.statements);
        inserted
    }
}

/// Several statements that count as one: what an error leaves is undone, and a session that was left half way is failed.
struct Whole<'a> {
    session: &'a Session,
    held: &'a mut Held,
    done: bool,
}

impl Whole<'_> {
    async fn run(&mut self, prepared: &Prepared, back: GiveBack) -> Result<Inserted> {
        let (number, several) = (self.held.savepoints, prepared.statements() > 1);
        if several {
            self.held.control(Control::Savepoint(number)).await?;
        }
        let connection = self.held.connection(self.session.db.driver()).await?;
        let inserted = prepared.run(connection, back).await;
        if several {
            let end = if inserted.is_ok() { Control::Release(number) } else { Control::RollbackTo(number) };
            self.held.control(end).await?;
        }
        inserted
    }
}

impl Drop for Whole<'_> {
    fn drop(&mut self) {
        if !self.done {
            self.held.abandon();
            let message = "an insert of many rows was cancelled: its transaction is rolled back in the database";
            self.session.fail(&Error::new(Kind::Other, message));
        }
    }
}
