//! A connection of a recorder, and its rows.
use super::script::{Answer, Call, Shared};
use crate::{
    driver::{
        BoxFuture, Connection, Control, Length, Outcome, Repeated, RowStream, Sink, Statement,
        reading::{plain, wrong},
    },
    error::Result,
    value::{self, Row, SqlType, Value},
};
use std::sync::Arc;

pub(super) struct Recorded {
    shared: Arc<Shared>,
    count: u64,
}

impl Recorded {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, count: 0 }
    }

    async fn rows(&mut self, call: Call) -> Result<Vec<Vec<Value>>> {
        self.count += 1;
        Ok(match self.shared.answered(call).await? {
            Some(Answer::Rows(rows)) => rows,
            Some(Answer::Done(_) | Answer::Fails(_)) | None => Vec::new(),
        })
    }
}

impl Connection for Recorded {
    fn query<'a>(
        &'a mut self,
        statement: &'a Statement,
        mut sink: Box<dyn Sink>,
    ) -> BoxFuture<'a, Result<Box<dyn Sink>>> {
        Box::pin(async move {
            let rows = self.rows(Call::Query(statement.clone())).await?;
            rows.iter().try_for_each(|row| sink.row(&RecordedRow(row)))?;
            Ok(sink)
        })
    }

    fn execute<'a>(&'a mut self, statement: &'a Statement) -> BoxFuture<'a, Result<Outcome>> {
        Box::pin(async {
            self.count += 1;
            Ok(match self.shared.answered(Call::Execute(statement.clone())).await? {
                Some(Answer::Done(outcome)) => outcome,
                Some(Answer::Rows(_) | Answer::Fails(_)) | None => Outcome { rows: 1, first_key: None },
            })
        })
    }

    fn execute_each<'a>(&'a mut self, statement: &'a mut Repeated) -> BoxFuture<'a, Result<Vec<Outcome>>> {
        Box::pin(async move {
            let Repeated { sql, sets, .. } = &*statement;
            let all = Statement { sql: Arc::clone(sql), values: sets.values(), length: Length::Short };
            let outcome = self.execute(&all).await?;
            let key = |set: usize| outcome.first_key.map(|key| key + set as i64);
            Ok((0..sets.len()).map(|set| Outcome { first_key: key(set), ..outcome }).collect())
        })
    }

    fn run_script<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<()>> {
        self.count += 1;
        Box::pin(self.shared.call(Call::Script(sql.to_owned())))
    }

    fn control(&mut self, control: Control) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.shared.call(Call::Control(control)))
    }

    fn stream<'a>(
        &'a mut self,
        statement: &'a Statement,
        batch: usize,
    ) -> BoxFuture<'a, Result<Box<dyn RowStream + 'a>>> {
        Box::pin(async move {
            let rows = self.rows(Call::Stream(statement.clone())).await?;
            Ok(Box::new(RecordedStream { rows: rows.into_iter(), batch: batch.max(1) }) as Box<dyn RowStream + 'a>)
        })
    }

    fn is_usable(&self) -> bool {
        true
    }

    fn statement_count(&self) -> u64 {
        self.count
    }
}

impl Drop for Recorded {
    fn drop(&mut self) {
        self.shared.note(Call::Return);
    }
}

struct RecordedStream {
    rows: std::vec::IntoIter<Vec<Value>>,
    batch: usize,
}

impl RowStream for RecordedStream {
    fn next(&mut self, mut sink: Box<dyn Sink>) -> BoxFuture<'_, Result<(Box<dyn Sink>, bool)>> {
        Box::pin(async move {
            for row in self.rows.by_ref().take(self.batch) {
                sink.row(&RecordedRow(&row))?;
            }
            Ok((sink, self.rows.len() > 0))
        })
    }
}

/// A row of the script. Its values must be of the variants that the field asks for; integers of any width are taken.
struct RecordedRow<'r>(&'r [Value]);

impl RecordedRow<'_> {
    fn get(&self, ordinal: usize) -> Result<&Value> {
        self.0.get(ordinal).ok_or_else(|| wrong(ordinal, "nothing: the script's row is too short", "a value"))
    }

    fn wrong(&self, ordinal: usize, wanted: &str) -> crate::Error {
        wrong(ordinal, &format!("{:?}", self.0.get(ordinal)), wanted)
    }
}

impl Row for RecordedRow<'_> {
    fn is_null(&self, ordinal: usize) -> bool {
        self.0.get(ordinal).is_some_and(value::is_null)
    }

    fn i64(&self, ordinal: usize) -> Result<i64> {
        match *self.get(ordinal)? {
            Value::TinyInt(Some(v)) => Ok(v.into()),
            Value::SmallInt(Some(v)) => Ok(v.into()),
            Value::Int(Some(v)) => Ok(v.into()),
            Value::BigInt(Some(v)) => Ok(v),
            Value::TinyUnsigned(Some(v)) => Ok(v.into()),
            Value::SmallUnsigned(Some(v)) => Ok(v.into()),
            Value::Unsigned(Some(v)) => Ok(v.into()),
            Value::BigUnsigned(Some(v)) => Ok(v as i64),
            _ => Err(self.wrong(ordinal, "an integer")),
        }
    }

    fn f64(&self, ordinal: usize) -> Result<f64> {
        match *self.get(ordinal)? {
            Value::Float(Some(v)) => Ok(v.into()),
            Value::Double(Some(v)) => Ok(v),
            _ => self.i64(ordinal).map(|number| number as f64),
        }
    }

    fn bool(&self, ordinal: usize) -> Result<bool> {
        match *self.get(ordinal)? {
            Value::Bool(Some(v)) => Ok(v),
            _ => self.i64(ordinal).map(|number| number != 0),
        }
    }

    fn text(&self, ordinal: usize) -> Result<&str> {
        match self.get(ordinal)? {
            Value::String(Some(v)) => Ok(v),
            _ => Err(self.wrong(ordinal, "a text")),
        }
    }

    fn bytes(&self, ordinal: usize) -> Result<&[u8]> {
        match self.get(ordinal)? {
            Value::Bytes(Some(v)) => Ok(v),
            _ => Err(self.wrong(ordinal, "bytes")),
        }
    }

    fn value(&self, ordinal: usize, sql_type: SqlType) -> Result<Value> {
        if let Some(value) = plain(self, ordinal, sql_type)? {
            return Ok(value);
        }
        let stored = self.get(ordinal)?;
        if stored.as_null() == sql_type.null() {
            Ok(stored.clone())
        } else {
            Err(self.wrong(ordinal, &format!("{sql_type:?}")))
        }
    }
}
