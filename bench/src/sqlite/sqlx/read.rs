//! Users.
use crate::{
    Result,
    data::{User, scattered},
    harness::Run,
};
use ::sqlx::{SqliteConnection, query_as};

pub(super) async fn users(connection: &mut SqliteConnection, count: i64) -> ::sqlx::Result<Vec<User>> {
    query_as("SELECT id, name, hair_color FROM users WHERE id <= ?").bind(count).fetch_all(connection).await
}

pub(super) async fn load(connection: &mut SqliteConnection, run: &mut Run) -> Result<()> {
    let size = run.size as i64;
    let users = run.time(users(connection, size)).await?;
    run.check(|sum| sum.users(&users));
    Ok(())
}

pub(super) async fn get(connection: &mut SqliteConnection, run: &mut Run) -> Result<()> {
    let keys = scattered(run.size, run.users);
    let users = run
        .time(async {
            let mut users: Vec<User> = Vec::with_capacity(keys.size_hint().0);
            for key in keys {
                let select = query_as("SELECT id, name, hair_color FROM users WHERE id = ?").bind(key);
                users.push(select.fetch_one(&mut *connection).await?);
            }
            Ok::<_, ::sqlx::Error>(users)
        })
        .await?;
    run.check(|sum| sum.users(&users));
    Ok(())
}

pub(super) async fn memory(connection: &mut SqliteConnection, run: &mut Run) -> Result<()> {
    let size = run.size as i64;
    run.weigh(size_of::<User>(), users(connection, size)).await?;
    Ok(())
}
