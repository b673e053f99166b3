//! Users with what belongs to them.
use super::read::users;
use crate::{
    Result,
    data::{Comment, Post, User, UserWithAll, UserWithPosts, With, current, group},
    harness::Run,
};
use ::sqlx::{FromRow, QueryBuilder, Row, SqliteConnection, query, query_as, sqlite::SqliteRow};

/// The most keys of one statement; SQLite takes 32,766.
const KEYS: usize = 10_000;

async fn children<T>(connection: &mut SqliteConnection, select: &str, keys: &[i64]) -> ::sqlx::Result<Vec<T>>
where
    T: for<'r> FromRow<'r, SqliteRow> + Send + Unpin,
{
    let mut found = Vec::new();
    for keys in keys.chunks(KEYS) {
        let mut select = QueryBuilder::new(select);
        let mut list = select.push(" IN (").separated(", ");
        for key in keys {
            list.push_bind(*key);
        }
        list.push_unseparated(")");
        found.extend(select.build_query_as().fetch_all(&mut *connection).await?);
    }
    Ok(found)
}

async fn posts(connection: &mut SqliteConnection, users: &[User]) -> ::sqlx::Result<Vec<Post>> {
    let keys: Vec<i64> = users.iter().map(|user| user.id).collect();
    children(connection, "SELECT id, user_id, title, body FROM posts WHERE user_id", &keys).await
}

async fn with_posts(connection: &mut SqliteConnection, count: i64) -> ::sqlx::Result<Vec<UserWithPosts>> {
    let users = users(connection, count).await?;
    let posts = posts(connection, &users).await?;
    Ok(group(users, |user| user.id, posts, |post| post.user_id))
}

async fn with_all(connection: &mut SqliteConnection, count: i64) -> ::sqlx::Result<Vec<UserWithAll>> {
    let users = users(connection, count).await?;
    let posts = posts(connection, &users).await?;
    let keys: Vec<i64> = posts.iter().map(|post| post.id).collect();
    let comments: Vec<Comment> =
        children(connection, "SELECT id, post_id, text FROM comments WHERE post_id", &keys).await?;
    let posts = group(posts, |post| post.id, comments, |comment| comment.post_id);
    Ok(group(users, |user| user.id, posts, |post| post.parent.user_id))
}

pub(super) async fn select_in(connection: &mut SqliteConnection, run: &mut Run) -> Result<()> {
    let size = run.size as i64;
    let users = run.time(with_posts(connection, size)).await?;
    run.check(|sum| sum.two_levels(&users));
    Ok(())
}

pub(super) async fn select_in_levels(connection: &mut SqliteConnection, run: &mut Run) -> Result<()> {
    let size = run.size as i64;
    let users = run.time(with_all(connection, size)).await?;
    run.check(|sum| sum.three_levels(&users));
    Ok(())
}

fn user(row: &SqliteRow) -> ::sqlx::Result<User> {
    Ok(User { id: row.try_get(0)?, name: row.try_get(1)?, hair_color: row.try_get(2)? })
}

fn post(row: &SqliteRow) -> ::sqlx::Result<Post> {
    Ok(Post { id: row.try_get(3)?, user_id: row.try_get(4)?, title: row.try_get(5)?, body: row.try_get(6)? })
}

fn comment(row: &SqliteRow) -> ::sqlx::Result<Comment> {
    Ok(Comment { id: row.try_get(7)?, post_id: row.try_get(8)?, text: row.try_get(9)? })
}

async fn join(connection: &mut SqliteConnection, count: i64) -> ::sqlx::Result<Vec<UserWithPosts>> {
    let select = query(
        "SELECT u.id, u.name, u.hair_color, p.id, p.user_id, p.title, p.body
         FROM users u LEFT JOIN posts p ON p.user_id = u.id WHERE u.id <= ? ORDER BY u.id",
    );
    let mut users = Vec::new();
    for row in &select.bind(count).fetch_all(connection).await? {
        let id: i64 = row.try_get(0)?;
        let user = current(&mut users, |user: &User| user.id == id, || user(row))?;
        if row.try_get::<Option<i64>, _>(3)?.is_some() {
            user.children.push(post(row)?);
        }
    }
    Ok(users)
}

async fn join_levels(connection: &mut SqliteConnection, count: i64) -> ::sqlx::Result<Vec<UserWithAll>> {
    let select = query(
        "SELECT u.id, u.name, u.hair_color, p.id, p.user_id, p.title, p.body, c.id, c.post_id, c.text
         FROM users u LEFT JOIN posts p ON p.user_id = u.id LEFT JOIN comments c ON c.post_id = p.id
         WHERE u.id <= ? ORDER BY u.id, p.id",
    );
    let mut users = Vec::new();
    for row in &select.bind(count).fetch_all(connection).await? {
        let id: i64 = row.try_get(0)?;
        let user = current(&mut users, |user: &User| user.id == id, || user(row))?;
        let Some(id) = row.try_get::<Option<i64>, _>(3)? else { continue };
        let post = current(&mut user.children, |post: &Post| post.id == id, || post(row))?;
        if row.try_get::<Option<i64>, _>(7)?.is_some() {
            post.children.push(comment(row)?);
        }
    }
    Ok(users)
}

pub(super) async fn joined(connection: &mut SqliteConnection, run: &mut Run) -> Result<()> {
    let size = run.size as i64;
    let users = run.time(join(connection, size)).await?;
    run.check(|sum| sum.two_levels(&users));
    Ok(())
}

pub(super) async fn joined_levels(connection: &mut SqliteConnection, run: &mut Run) -> Result<()> {
    let size = run.size as i64;
    let users = run.time(join_levels(connection, size)).await?;
    run.check(|sum| sum.three_levels(&users));
    Ok(())
}

pub(super) async fn walk(connection: &mut SqliteConnection, run: &mut Run) -> Result<()> {
    let size = run.size as i64;
    let users = run
        .time(async {
            let mut walked = Vec::new();
            for parent in users(connection, size).await? {
                let select = query_as("SELECT id, user_id, title, body FROM posts WHERE user_id = ?").bind(parent.id);
                let children = select.fetch_all(&mut *connection).await?;
                walked.push(With { parent, children });
            }
            Ok::<_, ::sqlx::Error>(walked)
        })
        .await?;
    run.check(|sum| sum.two_levels(&users));
    Ok(())
}
