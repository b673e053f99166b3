//! Users with what belongs to them.
use super::{
    TokioPostgres,
    read::{user, users},
};
use crate::{
    Result,
    data::{Comment, Post, User, UserWithAll, UserWithPosts, With, current, group},
    harness::Run,
};
use ::tokio_postgres::{Error, Row};

type Found<T> = std::result::Result<T, Error>;

const POSTS: &str = "SELECT id, user_id, title, body FROM posts WHERE user_id = ANY($1)";
const POSTS_OF_ONE: &str = "SELECT id, user_id, title, body FROM posts WHERE user_id = $1";
const COMMENTS: &str = "SELECT id, post_id, text FROM comments WHERE post_id = ANY($1)";
const JOIN: &str = "
    SELECT u.id, u.name, u.hair_color, p.id, p.user_id, p.title, p.body
    FROM users u LEFT JOIN posts p ON p.user_id = u.id WHERE u.id <= $1 ORDER BY u.id";
const JOIN_LEVELS: &str = "
    SELECT u.id, u.name, u.hair_color, p.id, p.user_id, p.title, p.body, c.id, c.post_id, c.text
    FROM users u LEFT JOIN posts p ON p.user_id = u.id LEFT JOIN comments c ON c.post_id = p.id
    WHERE u.id <= $1 ORDER BY u.id, p.id";

fn post(row: &Row, first: usize) -> Found<Post> {
    let (id, user_id) = (row.try_get(first)?, row.try_get(first + 1)?);
    Ok(Post { id, user_id, title: row.try_get(first + 2)?, body: row.try_get(first + 3)? })
}

fn comment(row: &Row, first: usize) -> Found<Comment> {
    Ok(Comment { id: row.try_get(first)?, post_id: row.try_get(first + 1)?, text: row.try_get(first + 2)? })
}

async fn posts(db: &mut TokioPostgres, users: &[User]) -> Found<Vec<Post>> {
    let keys: Vec<i64> = users.iter().map(|user| user.id).collect();
    let rows = db.query(POSTS, &[&keys]).await?;
    rows.iter().map(|row| post(row, 0)).collect()
}

async fn with_posts(db: &mut TokioPostgres, count: i64) -> Found<Vec<UserWithPosts>> {
    let users = users(db, count).await?;
    let posts = posts(db, &users).await?;
    Ok(group(users, |user| user.id, posts, |post| post.user_id))
}

async fn with_all(db: &mut TokioPostgres, count: i64) -> Found<Vec<UserWithAll>> {
    let users = users(db, count).await?;
    let posts = posts(db, &users).await?;
    let keys: Vec<i64> = posts.iter().map(|post| post.id).collect();
    let rows = db.query(COMMENTS, &[&keys]).await?;
    let comments = rows.iter().map(|row| comment(row, 0)).collect::<Found<Vec<_>>>()?;
    let posts = group(posts, |post| post.id, comments, |comment| comment.post_id);
    Ok(group(users, |user| user.id, posts, |post| post.parent.user_id))
}

async fn join(db: &mut TokioPostgres, count: i64) -> Found<Vec<UserWithPosts>> {
    let mut users = Vec::new();
    for row in &db.query(JOIN, &[&count]).await? {
        let id: i64 = row.try_get(0)?;
        let user = current(&mut users, |user: &User| user.id == id, || user(row))?;
        if row.try_get::<_, Option<i64>>(3)?.is_some() {
            user.children.push(post(row, 3)?);
        }
    }
    Ok(users)
}

async fn join_levels(db: &mut TokioPostgres, count: i64) -> Found<Vec<UserWithAll>> {
    let mut users = Vec::new();
    for row in &db.query(JOIN_LEVELS, &[&count]).await? {
        let id: i64 = row.try_get(0)?;
        let user = current(&mut users, |user: &User| user.id == id, || user(row))?;
        let Some(id) = row.try_get::<_, Option<i64>>(3)? else { continue };
        let post = current(&mut user.children, |post: &Post| post.id == id, || post(row, 3))?;
        if row.try_get::<_, Option<i64>>(7)?.is_some() {
            post.children.push(comment(row, 7)?);
        }
    }
    Ok(users)
}

async fn walk_all(db: &mut TokioPostgres, count: i64) -> Found<Vec<UserWithPosts>> {
    let mut walked = Vec::new();
    for parent in users(db, count).await? {
        let rows = db.query(POSTS_OF_ONE, &[&parent.id]).await?;
        let children = rows.iter().map(|row| post(row, 0)).collect::<Found<_>>()?;
        walked.push(With { parent, children });
    }
    Ok(walked)
}

pub(super) async fn select_in(db: &mut TokioPostgres, run: &mut Run) -> Result<()> {
    let size = run.size as i64;
    let users = run.time(with_posts(db, size)).await?;
    run.check(|sum| sum.two_levels(&users));
    Ok(())
}

pub(super) async fn select_in_levels(db: &mut TokioPostgres, run: &mut Run) -> Result<()> {
    let size = run.size as i64;
    let users = run.time(with_all(db, size)).await?;
    run.check(|sum| sum.three_levels(&users));
    Ok(())
}

pub(super) async fn joined(db: &mut TokioPostgres, run: &mut Run) -> Result<()> {
    let size = run.size as i64;
    let users = run.time(join(db, size)).await?;
    run.check(|sum| sum.two_levels(&users));
    Ok(())
}

pub(super) async fn joined_levels(db: &mut TokioPostgres, run: &mut Run) -> Result<()> {
    let size = run.size as i64;
    let users = run.time(join_levels(db, size)).await?;
    run.check(|sum| sum.three_levels(&users));
    Ok(())
}

pub(super) async fn walk(db: &mut TokioPostgres, run: &mut Run) -> Result<()> {
    let size = run.size as i64;
    let users = run.time(walk_all(db, size)).await?;
    run.check(|sum| sum.two_levels(&users));
    Ok(())
}
