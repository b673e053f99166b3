//! Users with what belongs to them.
use super::models::{Post, User, add_post, add_user};
use crate::{Result, harness::Run};
use toasty::Db;

pub(super) async fn select_in(db: &mut Db, run: &mut Run) -> Result<()> {
    let size = run.size as i64;
    let query = User::filter(User::fields().id().le(size)).include(User::fields().posts());
    let users = run.time(query.exec(db)).await?;
    run.check(|sum| {
        for user in &users {
            add_user(sum, user);
            user.posts.get().iter().for_each(|post| add_post(sum, user.id, post));
        }
    });
    Ok(())
}

pub(super) async fn select_in_levels(db: &mut Db, run: &mut Run) -> Result<()> {
    let size = run.size as i64;
    let query = User::filter(User::fields().id().le(size)).include(User::fields().posts().comments());
    let users = run.time(query.exec(db)).await?;
    run.check(|sum| {
        for user in &users {
            add_user(sum, user);
            for post in user.posts.get() {
                add_post(sum, user.id, post);
                let comments = post.comments.get().iter();
                comments.for_each(|comment| sum.comment(post.id, comment.id, comment.post_id, &comment.text));
            }
        }
    });
    Ok(())
}

/// A statement for each user, in a transaction as in `get`.
pub(super) async fn walk(db: &mut Db, run: &mut Run) -> Result<()> {
    let size = run.size as i64;
    let walked: Vec<(User, Vec<Post>)> = run
        .time(async {
            let mut transaction = db.transaction().await?;
            let mut walked = Vec::new();
            for user in User::filter(User::fields().id().le(size)).exec(&mut transaction).await? {
                let posts = user.posts().exec(&mut transaction).await?;
                walked.push((user, posts));
            }
            transaction.commit().await?;
            Ok::<_, toasty::Error>(walked)
        })
        .await?;
    run.check(|sum| {
        for (user, posts) in &walked {
            add_user(sum, user);
            posts.iter().for_each(|post| add_post(sum, user.id, post));
        }
    });
    Ok(())
}
