//! Users.
use crate::{
    Result,
    data::{User, scattered},
    harness::{ROWS_PER_REQUEST, Run},
};
use ::rusqlite::{Connection, Params, Row};

/// The columns, from the first on.
pub(super) fn user(row: &Row<'_>) -> ::rusqlite::Result<User> {
    Ok(User { id: row.get(0)?, name: row.get(1)?, hair_color: row.get(2)? })
}

pub(super) fn users(connection: &Connection, count: usize) -> ::rusqlite::Result<Vec<User>> {
    select(connection, "SELECT id, name, hair_color FROM users WHERE id <= ?", [count as i64])
}

fn select(connection: &Connection, sql: &str, values: impl Params) -> ::rusqlite::Result<Vec<User>> {
    connection.prepare_cached(sql)?.query_map(values, user)?.collect()
}

pub(super) fn load(connection: &Connection, run: &mut Run) -> Result<()> {
    let size = run.size;
    let users = run.time_blocking(|| users(connection, size))?;
    run.check(|sum| sum.users(&users));
    Ok(())
}

pub(super) fn get(connection: &Connection, run: &mut Run) -> Result<()> {
    let keys = scattered(run.size, run.users);
    let users = run.time_blocking(|| {
        keys.map(|key| {
            let mut select = connection.prepare_cached("SELECT id, name, hair_color FROM users WHERE id = ?")?;
            select.query_row([key], user)
        })
        .collect::<::rusqlite::Result<Vec<_>>>()
    })?;
    run.check(|sum| sum.users(&users));
    Ok(())
}

pub(super) fn memory(connection: &Connection, run: &mut Run) -> Result<()> {
    let size = run.size;
    run.weigh_blocking(size_of::<User>(), || users(connection, size))?;
    Ok(())
}

pub(super) fn request(connection: &mut Connection, first: i64) -> Result<usize> {
    let sql = "SELECT id, name, hair_color FROM users WHERE id BETWEEN ? AND ?";
    Ok(select(connection, sql, [first, first + ROWS_PER_REQUEST - 1])?.len())
}
