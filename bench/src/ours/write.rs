//! A unit of work that writes.
use super::models::{User, users};
use crate::{
    Result,
    data::{dyed, new_users},
    harness::Run,
};
use orm::prelude::*;

/// Adds users and commits; their keys are in the entities then.
pub(super) async fn insert(db: &Db, run: &mut Run) -> Result<()> {
    let (session, rows) = (db.session(), new_users(run.size));
    let added = run
        .time(async {
            let added = session.add_all(rows.map(|(name, hair)| User::builder().name(name).hair_color(hair)));
            session.commit().await?;
            Ok::<_, orm::Error>(added)
        })
        .await?;
    run.check_written(added.iter().map(|user| (user.id, user.name.clone())));
    Ok(())
}

/// Changes a column of users that are loaded, finds out what changed, and commits.
pub(super) async fn change(db: &Db, run: &mut Run) -> Result<()> {
    let (session, round) = (db.session(), run.round);
    let users = users(run.size).all(&session).await?;
    run.time(async {
        for user in &users {
            user.set(User::hair_color, dyed(user.id, round));
        }
        session.commit().await
    })
    .await?;
    Ok(())
}
