//! Loading entities of one table.
use super::models::{User, add_user, users};
use crate::{Result, data::scattered, harness::Run};
use orm::prelude::*;
use std::hint::black_box;

/// Into a new session.
pub(super) async fn entities(db: &Db, run: &mut Run) -> Result<()> {
    let (session, size) = (db.session(), run.size);
    let users = run.time(users(size).all(&session)).await?;
    check(run, &users);
    Ok(())
}

/// Once more into the same session.
pub(super) async fn again(db: &Db, run: &mut Run) -> Result<()> {
    let (session, size) = (db.session(), run.size);
    users(size).all(&session).await?;
    let users = run.time(users(size).all(&session)).await?;
    check(run, &users);
    Ok(())
}

/// One by one, by keys that the session has not met.
pub(super) async fn get(db: &Db, run: &mut Run) -> Result<()> {
    let (session, keys) = (db.session(), scattered(run.size, run.users));
    let users = run
        .time(async {
            let mut users = Vec::with_capacity(keys.size_hint().0);
            for key in keys {
                users.push(session.get_one::<User>(key).await?);
            }
            Ok::<_, orm::Error>(users)
        })
        .await?;
    check(run, &users);
    Ok(())
}

/// One by one, by keys that the session has.
pub(super) async fn known(db: &Db, run: &mut Run) -> Result<()> {
    let (session, size) = (db.session(), run.size);
    users(size).all(&session).await?;
    // The first get makes the index.
    session.get_one::<User>(1).await?;
    let keys = scattered(size, size);
    run.time(async {
        for key in keys {
            black_box(session.get_one::<User>(key).await?);
        }
        Ok::<_, orm::Error>(())
    })
    .await?;
    Ok(())
}

/// What the session takes for each entity, the index of keys included.
pub(super) async fn memory(db: &Db, run: &mut Run, own: usize) -> Result<()> {
    let size = run.size;
    run.weigh(own, async {
        let session = db.session();
        users(size).all(&session).await?;
        session.get_one::<User>(1).await?;
        Ok::<_, orm::Error>(session)
    })
    .await?;
    Ok(())
}

fn check(run: &mut Run, users: &[Entity<'_, User>]) {
    run.check(|sum| users.iter().for_each(|user| add_user(sum, user)));
}
