//! Users with what belongs to them.
use super::read::{user, users};
use crate::{
    Result,
    data::{Comment, Post, User, UserWithAll, UserWithPosts, With, current, group},
    harness::Run,
};
use ::rusqlite::{Connection, Row, params_from_iter};

/// Keys of one statement: as many again give the same text, which is prepared once.
const KEYS: usize = 1_000;

fn post(row: &Row<'_>, first: usize) -> ::rusqlite::Result<Post> {
    Ok(Post {
        id: row.get(first)?,
        user_id: row.get(first + 1)?,
        title: row.get(first + 2)?,
        body: row.get(first + 3)?,
    })
}

fn comment(row: &Row<'_>, first: usize) -> ::rusqlite::Result<Comment> {
    Ok(Comment { id: row.get(first)?, post_id: row.get(first + 1)?, text: row.get(first + 2)? })
}

fn children<T>(
    connection: &Connection,
    select: &str,
    keys: &[i64],
    read: impl Fn(&Row<'_>, usize) -> ::rusqlite::Result<T>,
) -> ::rusqlite::Result<Vec<T>> {
    let mut found = Vec::new();
    for keys in keys.chunks(KEYS) {
        let places = vec!["?"; keys.len()].join(", ");
        let mut select = connection.prepare_cached(&format!("{select} IN ({places})"))?;
        let mut rows = select.query(params_from_iter(keys))?;
        while let Some(row) = rows.next()? {
            found.push(read(row, 0)?);
        }
    }
    Ok(found)
}

fn posts(connection: &Connection, users: &[i64]) -> ::rusqlite::Result<Vec<Post>> {
    children(connection, "SELECT id, user_id, title, body FROM posts WHERE user_id", users, post)
}

fn with_posts(connection: &Connection, count: usize) -> ::rusqlite::Result<Vec<UserWithPosts>> {
    let users = users(connection, count)?;
    let keys: Vec<i64> = users.iter().map(|user| user.id).collect();
    let posts = posts(connection, &keys)?;
    Ok(group(users, |user| user.id, posts, |post| post.user_id))
}

fn with_all(connection: &Connection, count: usize) -> ::rusqlite::Result<Vec<UserWithAll>> {
    let users = users(connection, count)?;
    let keys: Vec<i64> = users.iter().map(|user| user.id).collect();
    let posts = posts(connection, &keys)?;
    let keys: Vec<i64> = posts.iter().map(|post| post.id).collect();
    let comments = children(connection, "SELECT id, post_id, text FROM comments WHERE post_id", &keys, comment)?;
    let posts = group(posts, |post| post.id, comments, |comment| comment.post_id);
    Ok(group(users, |user| user.id, posts, |post| post.parent.user_id))
}

pub(super) fn select_in(connection: &Connection, run: &mut Run) -> Result<()> {
    let size = run.size;
    let users = run.time_blocking(|| with_posts(connection, size))?;
    run.check(|sum| sum.two_levels(&users));
    Ok(())
}

pub(super) fn select_in_levels(connection: &Connection, run: &mut Run) -> Result<()> {
    let size = run.size;
    let users = run.time_blocking(|| with_all(connection, size))?;
    run.check(|sum| sum.three_levels(&users));
    Ok(())
}

const JOIN: &str = "
    SELECT u.id, u.name, u.hair_color, p.id, p.user_id, p.title, p.body
    FROM users u LEFT JOIN posts p ON p.user_id = u.id WHERE u.id <= ? ORDER BY u.id";
const JOIN_LEVELS: &str = "
    SELECT u.id, u.name, u.hair_color, p.id, p.user_id, p.title, p.body, c.id, c.post_id, c.text
    FROM users u LEFT JOIN posts p ON p.user_id = u.id LEFT JOIN comments c ON c.post_id = p.id
    WHERE u.id <= ? ORDER BY u.id, p.id";

pub(super) fn joined(connection: &Connection, run: &mut Run) -> Result<()> {
    let size = run.size;
    let users = run.time_blocking(|| join(connection, size))?;
    run.check(|sum| sum.two_levels(&users));
    Ok(())
}

fn join(connection: &Connection, count: usize) -> ::rusqlite::Result<Vec<UserWithPosts>> {
    let mut select = connection.prepare_cached(JOIN)?;
    let (mut rows, mut users) = (select.query([count as i64])?, Vec::new());
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        let user = current(&mut users, |user: &User| user.id == id, || user(row))?;
        if row.get::<_, Option<i64>>(3)?.is_some() {
            user.children.push(post(row, 3)?);
        }
    }
    Ok(users)
}

pub(super) fn joined_levels(connection: &Connection, run: &mut Run) -> Result<()> {
    let size = run.size;
    let users = run.time_blocking(|| join_levels(connection, size))?;
    run.check(|sum| sum.three_levels(&users));
    Ok(())
}

fn join_levels(connection: &Connection, count: usize) -> ::rusqlite::Result<Vec<UserWithAll>> {
    let mut select = connection.prepare_cached(JOIN_LEVELS)?;
    let (mut rows, mut users) = (select.query([count as i64])?, Vec::new());
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        let user = current(&mut users, |user: &User| user.id == id, || user(row))?;
        let Some(id) = row.get::<_, Option<i64>>(3)? else { continue };
        let post = current(&mut user.children, |post: &Post| post.id == id, || post(row, 3))?;
        if row.get::<_, Option<i64>>(7)?.is_some() {
            post.children.push(comment(row, 7)?);
        }
    }
    Ok(users)
}

/// A statement for each user.
pub(super) fn walk(connection: &Connection, run: &mut Run) -> Result<()> {
    let size = run.size;
    let users = run.time_blocking(|| {
        let users = users(connection, size)?;
        users.into_iter().map(|user| walk_user(connection, user)).collect::<::rusqlite::Result<Vec<_>>>()
    })?;
    run.check(|sum| sum.two_levels(&users));
    Ok(())
}

fn walk_user(connection: &Connection, parent: User) -> ::rusqlite::Result<UserWithPosts> {
    let mut select = connection.prepare_cached("SELECT id, user_id, title, body FROM posts WHERE user_id = ?")?;
    let children = select.query_map([parent.id], |row| post(row, 0))?.collect::<::rusqlite::Result<_>>()?;
    Ok(With { parent, children })
}
