//! Writes.
use crate::{
    Result,
    data::{dyed, new_users},
    harness::Run,
};
use ::sqlx::{Acquire, QueryBuilder, SqliteConnection};

/// The most rows of one statement; SQLite takes 32,766 values.
const ROWS: usize = 10_000;
/// The most rows of one update.
const CHANGES: usize = 500;

pub(super) async fn insert(connection: &mut SqliteConnection, run: &mut Run) -> Result<()> {
    let rows = new_users(run.size);
    let keys = run.time(insert_all(connection, rows.clone())).await?;
    run.check_written(keys.into_iter().zip(rows.map(|(name, _)| name)));
    Ok(())
}

async fn insert_all(
    connection: &mut SqliteConnection,
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

pub(super) async fn change(connection: &mut SqliteConnection, run: &mut Run) -> Result<()> {
    let (users, round): (Vec<i64>, u64) = ((1..=run.size as i64).collect(), run.round);
    run.time(async {
        let mut transaction = connection.begin().await?;
        for users in users.chunks(CHANGES) {
            let mut update = QueryBuilder::new("UPDATE users SET hair_color = v.column2 FROM (");
            update.push_values(users, |mut row, user| {
                row.push_bind(*user).push_bind(dyed(*user, round));
            });
            update.push(") AS v WHERE users.id = v.column1").build().execute(&mut *transaction).await?;
        }
        transaction.commit().await
    })
    .await?;
    Ok(())
}
