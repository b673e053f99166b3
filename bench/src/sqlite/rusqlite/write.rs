//! Writes.
use crate::{
    Result,
    data::{dyed, new_users},
    harness::Run,
};
use ::rusqlite::{Connection, params};

pub(super) fn insert(connection: &mut Connection, run: &mut Run) -> Result<()> {
    let rows = new_users(run.size);
    let keys = run.time_blocking(|| insert_all(connection, rows.clone()))?;
    run.check_written(keys.into_iter().zip(rows.map(|(name, _)| name)));
    Ok(())
}

fn insert_all(
    connection: &mut Connection,
    rows: impl Iterator<Item = (String, Option<String>)>,
) -> ::rusqlite::Result<Vec<i64>> {
    let transaction = connection.transaction()?;
    let mut keys = Vec::with_capacity(rows.size_hint().0);
    {
        let mut insert = transaction.prepare_cached("INSERT INTO users (name, hair_color) VALUES (?, ?)")?;
        for (name, hair) in rows {
            keys.push(insert.insert(params![name, hair])?);
        }
    }
    transaction.commit()?;
    Ok(keys)
}

pub(super) fn change(connection: &mut Connection, run: &mut Run) -> Result<()> {
    let (size, round) = (run.size as i64, run.round);
    run.time_blocking(|| {
        let transaction = connection.transaction()?;
        for user in 1..=size {
            let mut update = transaction.prepare_cached("UPDATE users SET hair_color = ? WHERE id = ?")?;
            update.execute(params![dyed(user, round), user])?;
        }
        transaction.commit()
    })?;
    Ok(())
}

pub(super) fn one(connection: &mut Connection, color: &str) -> Result<()> {
    connection.prepare_cached("UPDATE users SET hair_color = ? WHERE id = 1")?.execute([color])?;
    Ok(())
}
