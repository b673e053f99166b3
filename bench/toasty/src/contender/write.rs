//! Writes.
use super::models::User;
use crate::{
    Result,
    data::{dyed, new_users},
    harness::Run,
};
use toasty::Db;

/// The most rows of one statement; the databases take 32,766 and 65,535 values.
const ROWS: usize = 10_000;

pub(super) async fn insert(db: &mut Db, run: &mut Run) -> Result<()> {
    let rows = new_users(run.size);
    let users = run.time(insert_all(db, rows)).await?;
    run.check_written(users.into_iter().map(|user| (user.id, user.name)));
    Ok(())
}

async fn insert_all(db: &mut Db, rows: impl Iterator<Item = (String, Option<String>)>) -> toasty::Result<Vec<User>> {
    let (mut rows, mut users) = (rows.peekable(), Vec::new());
    let mut transaction = db.transaction().await?;
    while rows.peek().is_some() {
        let create = rows
            .by_ref()
            .take(ROWS)
            .fold(User::create_many(), |create, (name, hair)| create.item(User::create().name(name).hair_color(hair)));
        users.extend(create.exec(&mut transaction).await?);
    }
    transaction.commit().await?;
    Ok(users)
}

/// A statement for each user.
pub(super) async fn change(db: &mut Db, run: &mut Run) -> Result<()> {
    let (size, round) = (run.size as i64, run.round);
    run.time(async {
        let mut transaction = db.transaction().await?;
        for user in 1..=size {
            let update = User::filter_by_id(user).update().hair_color(Some(dyed(user, round)));
            update.exec(&mut transaction).await?;
        }
        transaction.commit().await
    })
    .await?;
    Ok(())
}
