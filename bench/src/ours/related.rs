//! Loading entities with what belongs to them.
use super::models::{Post, User, add_comment, add_post, add_user, users};
use crate::{Result, data::Sum, harness::Run};
use orm::prelude::*;

/// Two statements.
pub(super) async fn select_in(db: &Db, run: &mut Run) -> Result<()> {
    let session = db.session();
    let query = users(run.size).with(User::posts.selectin());
    let users = run.time(query.all(&session)).await?;
    check(run, &users)
}

/// Three statements.
pub(super) async fn select_in_levels(db: &Db, run: &mut Run) -> Result<()> {
    let session = db.session();
    let query = users(run.size).with(User::posts.selectin().with(Post::comments.selectin()));
    let users = run.time(query.all(&session)).await?;
    check_levels(run, &users)
}

/// One statement.
pub(super) async fn joined(db: &Db, run: &mut Run) -> Result<()> {
    let session = db.session();
    let query = users(run.size).with(User::posts.joined());
    let users = run.time(query.all(&session)).await?;
    check(run, &users)
}

/// One statement, three tables.
pub(super) async fn joined_levels(db: &Db, run: &mut Run) -> Result<()> {
    let session = db.session();
    let query = users(run.size).with(User::posts.joined().with(Post::comments.joined()));
    let users = run.time(query.all(&session)).await?;
    check_levels(run, &users)
}

/// A naive loop, without a word about loading.
pub(super) async fn walk(db: &Db, run: &mut Run) -> Result<()> {
    let (session, size) = (db.session(), run.size);
    let walked = run
        .time(async {
            let users = users(size).all(&session).await?;
            let mut posts = 0;
            for user in &users {
                posts += user.posts().await?.len();
            }
            Ok::<_, orm::Error>((users, posts))
        })
        .await?;
    check(run, &walked.0)
}

fn check(run: &mut Run, users: &[Entity<'_, User>]) -> Result<()> {
    checked(run, users, |_, _| Ok(()))
}

fn check_levels(run: &mut Run, users: &[Entity<'_, User>]) -> Result<()> {
    checked(run, users, |sum, post| {
        post.comments().loaded()?.iter().for_each(|comment| add_comment(sum, post.id, &comment));
        Ok(())
    })
}

fn checked(
    run: &mut Run,
    users: &[Entity<'_, User>],
    below: impl Fn(&mut Sum, Entity<'_, Post>) -> orm::Result<()>,
) -> Result<()> {
    let mut result = Ok(());
    run.check(|sum| result = users.iter().try_for_each(|user| add(sum, *user, &below)));
    Ok(result?)
}

fn add(
    sum: &mut Sum,
    user: Entity<'_, User>,
    below: &impl Fn(&mut Sum, Entity<'_, Post>) -> orm::Result<()>,
) -> orm::Result<()> {
    add_user(sum, &user);
    for post in user.posts().loaded()? {
        add_post(sum, user.id, &post);
        below(sum, post)?;
    }
    Ok(())
}
