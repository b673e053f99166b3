//! The last positions of lists that are not in memory.
use super::{collect::read_key, run::feed};
use crate::{
    driver::{Connection, Dialect, Sink},
    error::Result,
    query::{
        Parts, Tuples,
        expr::{Expr, Function},
    },
    schema::Relationship,
    sql,
    value::{Key, Row, SqlType, Value},
};

/// The owners' keys and the greatest positions among their members.
struct Found {
    key: Vec<(usize, SqlType)>,
    ends: Vec<(Key, Option<i64>)>,
}

impl Sink for Found {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        let last = self.key.len();
        let end = if row.is_null(last) { None } else { Some(row.i64(last)?) };
        self.ends.push((read_key(row, &self.key)?, end));
        Ok(())
    }
}

/// The greatest position in the lists of owners with these keys; those without members are left out. One statement, or one
/// for as many keys as the database takes.
pub(crate) async fn ends(
    relationship: &'static Relationship,
    keys: &[Vec<Value>],
    connection: &mut dyn Connection,
    dialect: Dialect,
) -> Result<Vec<(Key, Option<i64>)>> {
    let (Some((columns, _)), Some(ordering)) = (relationship.key(), relationship.ordering) else {
        return Ok(Vec::new());
    };
    let table = relationship.target();
    let key = table.sql_types(columns).enumerate().collect();
    let mut found = Box::new(Found { key, ends: Vec::new() });
    for chunk in sql::key_chunks(dialect, columns.len(), keys.to_vec()) {
        let group: Vec<Expr> = columns.iter().map(|column| Expr::column(table, *column)).collect();
        let last = Expr::Function(Function::Maximum, vec![Expr::column(table, ordering.column)]);
        let mut parts = Parts::new(table);
        parts.filter = Some(Expr::among(table, columns, chunk));
        let selected = group.iter().cloned().chain([last]).collect();
        let tuples = Tuples { parts, columns: selected, group_by: group, having: None };
        found = feed(found, &sql::tuples(dialect, &tuples)?, connection).await?;
    }
    Ok(found.ends)
}
