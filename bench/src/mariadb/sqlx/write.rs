//! Writes: many rows in one statement.
use crate::{
    Result,
    data::{dyed, new_users},
    harness::Run,
};
use ::sqlx::{Acquire, MySqlConnection, QueryBuilder};

/// The most rows of one statement.
const ROWS: usize = 10_000;
/// The most rows of one update.
const CHANGES: usize = 1_000;

pub(super) async fn insert(connection: &mut MySqlConnection, run: &mut Run) -> Result<()> {
    let rows = new_users(run.size);
    let keys = run.time(insert_all(connection, rows.clone())).await?;
    run.check_written(keys.into_iter().zip(rows.map(|(name, _)| name)));
    Ok(())
}

async fn insert_all(
    connection: &mut MySqlConnection,
    rows: impl Iterator<Item = (String, Option<String>)>,
) -> ::sqlx::Result<Vec<i64>> {
    let (mut rows, mut keys) = (rows.peekable(), Vec::new());
    let mut transaction = connection.begin().await?;
    while rows.peek().is_some() {
        let mut insert = QueryBuilder::new("INSERT INTO users (name, hair_color) ");
        insert.push_values(rows.by_ref().take(ROWS), |mut row, (name, hair)| {
            row.push_bind(name).push_bind(hair);
        });
        insert.push(" RETURNING id");
        keys.extend(insert.build_query_scalar::<i64>().fetch_all(&mut *transaction).await?);
    }
    transaction.commit().await?;
    Ok(keys)
}

/// By a join with the new values: faster than CASE, a UNION or ON DUPLICATE KEY. Without the casts, the
/// columns of `v` would be as narrow as the values of its first row.
pub(super) async fn change(connection: &mut MySqlConnection, run: &mut Run) -> Result<()> {
    let (users, round): (Vec<i64>, u64) = ((1..=run.size as i64).collect(), run.round);
    run.time(async {
        let mut transaction = connection.begin().await?;
        for users in users.chunks(CHANGES) {
            let mut update = QueryBuilder::new("UPDATE users JOIN (WITH v (id, hair) AS (");
            update.push_values(users, |mut row, user| {
                row.push("CAST(").push_bind_unseparated(*user).push_unseparated(" AS SIGNED)");
                row.push("CAST(").push_bind_unseparated(dyed(*user, round)).push_unseparated(" AS CHAR(255))");
            });
            update.push(") SELECT * FROM v) AS v ON v.id = users.id SET users.hair_color = v.hair");
            update.build().execute(&mut *transaction).await?;
        }
        transaction.commit().await
    })
    .await?;
    Ok(())
}
