//! Without a session: plain structs that own what was loaded.
use super::models::{Post, User, add_comment, add_post, add_user, users};
use crate::{
    Result,
    data::{Sum, new_users, scattered},
    harness::Run,
};
use orm::prelude::*;

/// Users.
pub(super) async fn load(db: &Db, run: &mut Run) -> Result<()> {
    let size = run.size;
    let users = run.time(users(size).all(db)).await?;
    run.check(|sum| users.iter().for_each(|user| add_user(sum, user)));
    Ok(())
}

/// Two statements.
pub(super) async fn select_in(db: &Db, run: &mut Run) -> Result<()> {
    let query = users(run.size).with(User::posts.selectin());
    two_levels(db, run, query).await
}

/// Three statements.
pub(super) async fn select_in_levels(db: &Db, run: &mut Run) -> Result<()> {
    let query = users(run.size).with(User::posts.selectin().with(Post::comments.selectin()));
    three_levels(db, run, query).await
}

/// One statement.
pub(super) async fn joined(db: &Db, run: &mut Run) -> Result<()> {
    let query = users(run.size).with(User::posts.joined());
    two_levels(db, run, query).await
}

/// One statement, three tables.
pub(super) async fn joined_levels(db: &Db, run: &mut Run) -> Result<()> {
    let query = users(run.size).with(User::posts.joined().with(Post::comments.joined()));
    three_levels(db, run, query).await
}

/// One statement for all, or as many as the database's limits ask for.
pub(super) async fn insert(db: &Db, run: &mut Run) -> Result<()> {
    let rows = new_users(run.size);
    let users = run
        .time(async {
            let rows = rows.map(|(name, hair)| User::builder().name(name).hair_color(hair));
            User::insert_many(rows).all(db).await
        })
        .await?;
    run.check_written(users.into_iter().map(|user| (user.id, user.name)));
    Ok(())
}

/// A query for each key.
pub(super) async fn get(db: &Db, run: &mut Run) -> Result<()> {
    let keys = scattered(run.size, run.users);
    let users = run
        .time(async {
            let mut users = Vec::with_capacity(keys.size_hint().0);
            for key in keys {
                users.push(User::query().filter(User::id.eq(key)).one(db).await?);
            }
            Ok::<_, orm::Error>(users)
        })
        .await?;
    run.check(|sum| users.iter().for_each(|user| add_user(sum, user)));
    Ok(())
}

/// What the structs take.
pub(super) async fn memory(db: &Db, run: &mut Run, own: usize) -> Result<()> {
    let size = run.size;
    run.weigh(own, users(size).all(db)).await?;
    Ok(())
}

async fn two_levels(db: &Db, run: &mut Run, query: Query<User>) -> Result<()> {
    let users = run.time(query.all(db)).await?;
    check(run, &users, |_, _| Ok(()))
}

async fn three_levels(db: &Db, run: &mut Run, query: Query<User>) -> Result<()> {
    let users = run.time(query.all(db)).await?;
    check(run, &users, |sum, post| {
        post.comments.get()?.iter().for_each(|comment| add_comment(sum, post.id, comment));
        Ok(())
    })
}

fn check(run: &mut Run, users: &[User], below: impl Fn(&mut Sum, &Post) -> orm::Result<()>) -> Result<()> {
    let mut result = Ok(());
    run.check(|sum| result = users.iter().try_for_each(|user| add(sum, user, &below)));
    Ok(result?)
}

fn add(sum: &mut Sum, user: &User, below: &impl Fn(&mut Sum, &Post) -> orm::Result<()>) -> orm::Result<()> {
    add_user(sum, user);
    for post in user.posts.get()? {
        add_post(sum, user.id, post);
        below(sum, post)?;
    }
    Ok(())
}
