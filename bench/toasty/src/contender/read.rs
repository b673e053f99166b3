//! Users.
use super::models::{User, add_user};
use crate::{Result, data::scattered, harness::Run};
use toasty::Db;

pub(super) async fn users(db: &mut Db, count: usize) -> toasty::Result<Vec<User>> {
    User::filter(User::fields().id().le(count as i64)).exec(db).await
}

pub(super) async fn load(db: &mut Db, run: &mut Run) -> Result<()> {
    let size = run.size;
    let users = run.time(users(db, size)).await?;
    run.check(|sum| users.iter().for_each(|user| add_user(sum, user)));
    Ok(())
}

/// In a transaction, since the pool would be asked for a connection each time otherwise.
pub(super) async fn get(db: &mut Db, run: &mut Run) -> Result<()> {
    let keys = scattered(run.size, run.users);
    let users = run
        .time(async {
            let mut users = Vec::with_capacity(keys.size_hint().0);
            let mut transaction = db.transaction().await?;
            for key in keys {
                users.push(User::get_by_id(&mut transaction, &key).await?);
            }
            transaction.commit().await?;
            Ok::<_, toasty::Error>(users)
        })
        .await?;
    run.check(|sum| users.iter().for_each(|user| add_user(sum, user)));
    Ok(())
}

pub(super) async fn memory(db: &mut Db, run: &mut Run, own: usize) -> Result<()> {
    let size = run.size;
    run.weigh(own, users(db, size)).await?;
    Ok(())
}
