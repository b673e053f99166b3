//! Requests that come at once.
use crate::{
    Result,
    data::User,
    harness::{ROWS_PER_REQUEST, Readers, Run},
};
use ::sqlx::{SqlitePool, query, query_as};

pub(super) async fn readers(pool: &SqlitePool, run: &mut Run) -> Result<()> {
    read(pool, run, Readers::alone()).await
}

pub(super) async fn readers_and_writer(pool: &SqlitePool, run: &mut Run) -> Result<()> {
    let written = pool.clone();
    let readers = Readers::beside_writer(move |color| write(written.clone(), color));
    read(pool, run, readers).await
}

async fn read(pool: &SqlitePool, run: &mut Run, readers: Readers) -> Result<()> {
    let pool = pool.clone();
    readers.read(run, move |first| request(pool.clone(), first)).await
}

async fn request(pool: SqlitePool, first: i64) -> Result<usize> {
    let select = query_as("SELECT id, name, hair_color FROM users WHERE id BETWEEN ? AND ?");
    let users: Vec<User> = select.bind(first).bind(first + ROWS_PER_REQUEST - 1).fetch_all(&pool).await?;
    Ok(users.len())
}

async fn write(pool: SqlitePool, color: String) -> Result<()> {
    query("UPDATE users SET hair_color = ? WHERE id = 1").bind(color).execute(&pool).await?;
    Ok(())
}
