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
    let keys = run.time(insert_all(connection, rows.clone(), run.size)).await?;
    run.check_written(keys.into_iter().zip(rows.map(|(name, _)| name)));
    Ok(())
}

/// One statement is a transaction of its own.
async fn insert_all(
    connection: &mut MySqlConnection,
    mut rows: impl Iterator<Item = (String, Option<String>)>,
    count: usize,
) -> ::sqlx::Result<Vec<i64>> {
    if count <= ROWS {
        return insert_some(connection, rows).await;
    }
    let (mut keys, mut transaction) = (Vec::with_capacity(count), connection.begin().await?);
    while keys.len() < count {
        keys.extend(insert_some(&mut transaction, rows.by_ref().take(ROWS)).await?);
    }
    transaction.commit().await?;
    Ok(keys)
}

async fn insert_some(
    connection: &mut MySqlConnection,
    rows: impl Iterator<Item = (String, Option<String>)>,
) -> ::sqlx::Result<Vec<i64>> {
    let mut insert = QueryBuilder::new("INSERT INTO users (name, hair_color) ");
    insert.push_values(rows, |mut row, (name, hair)| {
        row.push_bind(name).push_bind(hair);
    });
    insert.push(" RETURNING id").build_query_scalar::<i64>().fetch_all(connection).await
}

/// By a join with the new values: faster than CASE, a UNION of many or ON DUPLICATE KEY. The row that never comes gives the
/// columns of `v` their types; else they would be as narrow as the values of its first row.
pub(super) async fn change(connection: &mut MySqlConnection, run: &mut Run) -> Result<()> {
    let (users, round): (Vec<i64>, u64) = ((1..=run.size as i64).collect(), run.round);
    run.time(async {
        if users.len() <= CHANGES {
            return change_some(connection, &users, round).await;
        }
        let mut transaction = connection.begin().await?;
        for users in users.chunks(CHANGES) {
            change_some(&mut transaction, users, round).await?;
        }
        transaction.commit().await
    })
    .await?;
    Ok(())
}

async fn change_some(connection: &mut MySqlConnection, users: &[i64], round: u64) -> ::sqlx::Result<()> {
    let mut update =
        QueryBuilder::new("UPDATE users JOIN (SELECT id, hair_color AS hair FROM users WHERE 1 = 0 UNION ALL ");
    update.push_values(users, |mut row, user| {
        row.push_bind(*user).push_bind(dyed(*user, round));
    });
    update.push(") AS v ON v.id = users.id SET users.hair_color = v.hair").build().execute(connection).await?;
    Ok(())
}
