//! Users with what belongs to them.
use super::{
    models::{add_comment, add_post, add_user, comment, post, user},
    read::users,
};
use crate::{Result, harness::Run};
use ::sea_orm::{DatabaseConnection, DbErr, LoaderTrait, ModelTrait, QueryOrder, TransactionTrait};

type WithPosts = Vec<(user::Model, Vec<post::Model>)>;
type WithAll = Vec<(user::Model, Vec<(post::Model, Vec<comment::Model>)>)>;

async fn load(db: &DatabaseConnection, count: usize) -> std::result::Result<WithPosts, DbErr> {
    let users = users(count).all(db).await?;
    let posts = users.load_many(post::Entity, db).await?;
    Ok(users.into_iter().zip(posts).collect())
}

async fn load_levels(db: &DatabaseConnection, count: usize) -> std::result::Result<WithAll, DbErr> {
    let users = users(count).all(db).await?;
    let posts = users.load_many(post::Entity, db).await?;
    let counts: Vec<usize> = posts.iter().map(Vec::len).collect();
    let posts: Vec<post::Model> = posts.into_iter().flatten().collect();
    let comments = posts.load_many(comment::Entity, db).await?;
    let mut posts = posts.into_iter().zip(comments);
    let posts = counts.into_iter().map(|count| posts.by_ref().take(count).collect());
    Ok(users.into_iter().zip(posts).collect())
}

pub(super) async fn select_in(db: &DatabaseConnection, run: &mut Run) -> Result<()> {
    let size = run.size;
    let users = run.time(load(db, size)).await?;
    check(run, &users);
    Ok(())
}

pub(super) async fn select_in_levels(db: &DatabaseConnection, run: &mut Run) -> Result<()> {
    let size = run.size;
    let users = run.time(load_levels(db, size)).await?;
    check_levels(run, &users);
    Ok(())
}

pub(super) async fn joined(db: &DatabaseConnection, run: &mut Run) -> Result<()> {
    let query = users(run.size).find_with_related(post::Entity);
    let users = run.time(query.all(db)).await?;
    check(run, &users);
    Ok(())
}

pub(super) async fn joined_levels(db: &DatabaseConnection, run: &mut Run) -> Result<()> {
    let query = users(run.size).find_also_related(post::Entity).and_also_related(comment::Entity);
    let query = query.order_by_asc(user::Column::Id).order_by_asc(post::Column::Id).consolidate();
    let users = run.time(query.all(db)).await?;
    check_levels(run, &users);
    Ok(())
}

pub(super) async fn walk(db: &DatabaseConnection, run: &mut Run) -> Result<()> {
    let size = run.size;
    let walked = run
        .time(async {
            let transaction = db.begin().await?;
            let mut walked = Vec::new();
            for user in users(size).all(&transaction).await? {
                let posts = user.find_related(post::Entity).all(&transaction).await?;
                walked.push((user, posts));
            }
            transaction.commit().await?;
            Ok::<_, DbErr>(walked)
        })
        .await?;
    check(run, &walked);
    Ok(())
}

fn check(run: &mut Run, users: &WithPosts) {
    run.check(|sum| {
        for (user, posts) in users {
            add_user(sum, user);
            posts.iter().for_each(|post| add_post(sum, user.id, post));
        }
    });
}

fn check_levels(run: &mut Run, users: &WithAll) {
    run.check(|sum| {
        for (user, posts) in users {
            add_user(sum, user);
            for (post, comments) in posts {
                add_post(sum, user.id, post);
                comments.iter().for_each(|comment| add_comment(sum, post.id, comment));
            }
        }
    });
}
