//! Writes.
use super::models::user::{ActiveModel, Column, Entity};
use crate::{
    Result,
    data::{dyed, new_users},
    harness::Run,
};
use ::sea_orm::{
    ActiveValue, ColumnTrait, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, EntityTrait, QueryFilter,
    TransactionTrait, sea_query::Expr,
};

pub(super) async fn insert(db: &DatabaseConnection, run: &mut Run) -> Result<()> {
    let rows = new_users(run.size);
    let users = run.time(insert_all(db, rows.clone())).await?;
    run.check_written(users.into_iter().zip(rows.map(|(name, _)| name)));
    Ok(())
}

/// One statement is a transaction of its own.
async fn insert_all(
    db: &DatabaseConnection,
    rows: impl Iterator<Item = (String, Option<String>)>,
) -> std::result::Result<Vec<i64>, DbErr> {
    let models: Vec<_> = rows.map(model).collect();
    let most = most_rows(db.get_database_backend());
    if models.len() <= most {
        return insert_some(db, models).await;
    }
    let (mut models, mut keys, transaction) = (models.into_iter().peekable(), Vec::new(), db.begin().await?);
    while models.peek().is_some() {
        keys.extend(insert_some(&transaction, models.by_ref().take(most).collect()).await?);
    }
    transaction.commit().await?;
    Ok(keys)
}

/// Where there is no RETURNING, the database tells the first key, and the others follow it.
async fn insert_some(
    connection: &impl ConnectionTrait,
    rows: Vec<ActiveModel>,
) -> std::result::Result<Vec<i64>, DbErr> {
    let (count, insert) = (rows.len() as i64, Entity::insert_many(rows));
    if connection.support_returning() {
        return insert.exec_with_returning_keys(connection).await;
    }
    let first = insert.exec(connection).await?.last_insert_id.unwrap_or_default();
    Ok((first..first + count).collect())
}

/// How many rows of two values one statement takes.
fn most_rows(backend: DbBackend) -> usize {
    if backend == DbBackend::Sqlite { 16_000 } else { 32_000 }
}

fn model((name, hair): (String, Option<String>)) -> ActiveModel {
    ActiveModel { id: ActiveValue::NotSet, name: ActiveValue::Set(name), hair_color: ActiveValue::Set(hair) }
}

/// A statement for each row; `update_many` is faster than saving models, since it does not read the row back.
pub(super) async fn change(db: &DatabaseConnection, run: &mut Run) -> Result<()> {
    let (size, round) = (run.size as i64, run.round);
    run.time(async {
        let transaction = db.begin().await?;
        for user in 1..=size {
            let update = Entity::update_many().col_expr(Column::HairColor, Expr::value(dyed(user, round)));
            update.filter(Column::Id.eq(user)).exec(&transaction).await?;
        }
        transaction.commit().await
    })
    .await?;
    Ok(())
}
