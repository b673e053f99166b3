//! Users.
use super::models::{add_user, user};
use crate::{
    Result,
    data::{User, scattered},
    harness::{Run, Workload},
};
use ::sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter, Select, TransactionTrait};

/// The users up to a key.
pub(super) fn users(count: usize) -> Select<user::Entity> {
    user::Entity::find().filter(user::Column::Id.lte(count as i64))
}

pub(super) async fn load(db: &DatabaseConnection, run: &mut Run) -> Result<()> {
    let size = run.size;
    let users = run.time(users(size).all(db)).await?;
    run.check(|sum| users.iter().for_each(|user| add_user(sum, user)));
    Ok(())
}

/// In a transaction, since the pool would be asked for a connection each time otherwise.
pub(super) async fn get(db: &DatabaseConnection, run: &mut Run) -> Result<()> {
    let keys = scattered(run.size, run.users);
    let users = run
        .time(async {
            let mut users = Vec::with_capacity(keys.size_hint().0);
            let transaction = db.begin().await?;
            for key in keys {
                users.extend(user::Entity::find_by_id(key).one(&transaction).await?);
            }
            transaction.commit().await?;
            Ok::<_, DbErr>(users)
        })
        .await?;
    run.check(|sum| users.iter().for_each(|user| add_user(sum, user)));
    Ok(())
}

pub(super) async fn memory(db: &DatabaseConnection, run: &mut Run, workload: Workload) -> Result<()> {
    let own = if workload == Workload::Memory { size_of::<user::Model>() } else { size_of::<User>() };
    let size = run.size;
    run.weigh(own, users(size).all(db)).await?;
    Ok(())
}
