//! Users.
use super::TokioPostgres;
use crate::{
    Result,
    data::{User, scattered},
    harness::Run,
};
use ::tokio_postgres::{Error, Row};

pub(super) fn user(row: &Row) -> std::result::Result<User, Error> {
    Ok(User { id: row.try_get(0)?, name: row.try_get(1)?, hair_color: row.try_get(2)? })
}

pub(super) async fn users(db: &mut TokioPostgres, count: i64) -> std::result::Result<Vec<User>, Error> {
    let rows = db.query("SELECT id, name, hair_color FROM users WHERE id <= $1", &[&count]).await?;
    rows.iter().map(user).collect()
}

pub(super) async fn load(db: &mut TokioPostgres, run: &mut Run) -> Result<()> {
    let size = run.size as i64;
    let users = run.time(users(db, size)).await?;
    run.check(|sum| sum.users(&users));
    Ok(())
}

pub(super) async fn get(db: &mut TokioPostgres, run: &mut Run) -> Result<()> {
    let keys = scattered(run.size, run.users);
    let users = run
        .time(async {
            let mut users = Vec::with_capacity(keys.size_hint().0);
            for key in keys {
                let rows = db.query("SELECT id, name, hair_color FROM users WHERE id = $1", &[&key]).await?;
                for row in &rows {
                    users.push(user(row)?);
                }
            }
            Ok::<_, Error>(users)
        })
        .await?;
    run.check(|sum| sum.users(&users));
    Ok(())
}

pub(super) async fn memory(db: &mut TokioPostgres, run: &mut Run) -> Result<()> {
    let size = run.size as i64;
    run.weigh(size_of::<User>(), users(db, size)).await?;
    Ok(())
}
