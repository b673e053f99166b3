//! The file that all contenders get a copy of.
use crate::{
    Result,
    data::{all_comments, all_posts, all_users},
};
use ::rusqlite::{Connection, Params, params};
use std::path::Path;

const TABLES: &str = "
    PRAGMA journal_mode = WAL;
    CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, hair_color TEXT);
    CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users(id), title TEXT NOT NULL, body TEXT);
    CREATE INDEX posts_of_user ON posts(user_id);
    CREATE TABLE comments (id INTEGER PRIMARY KEY, post_id INTEGER NOT NULL REFERENCES posts(id), text TEXT NOT NULL);
    CREATE INDEX comments_of_post ON comments(post_id);";

/// Makes it. Closing it empties its journal.
pub(super) fn make(file: &Path, users: usize) -> Result<()> {
    let connection = Connection::open(file)?;
    connection.execute_batch(TABLES)?;
    let transaction = connection.unchecked_transaction()?;
    for user in all_users(users) {
        insert(&transaction, "INSERT INTO users VALUES (?, ?, ?)", params![user.id, user.name, user.hair_color])?;
    }
    for post in all_posts(users) {
        let columns = params![post.id, post.user_id, post.title, post.body];
        insert(&transaction, "INSERT INTO posts VALUES (?, ?, ?, ?)", columns)?;
    }
    for comment in all_comments() {
        insert(
            &transaction,
            "INSERT INTO comments VALUES (?, ?, ?)",
            params![comment.id, comment.post_id, comment.text],
        )?;
    }
    transaction.commit()?;
    connection.execute_batch("ANALYZE; PRAGMA wal_checkpoint(TRUNCATE);")?;
    Ok(())
}

fn insert(connection: &Connection, sql: &str, columns: impl Params) -> Result<()> {
    connection.prepare_cached(sql)?.execute(columns)?;
    Ok(())
}
