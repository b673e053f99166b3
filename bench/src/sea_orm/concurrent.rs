//! Requests that come at once.
use super::models::user::{Column, Entity};
use crate::{
    Result,
    harness::{ROWS_PER_REQUEST, Readers, Run},
};
use ::sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, sea_query::Expr};

pub(super) async fn readers(db: &DatabaseConnection, run: &mut Run) -> Result<()> {
    read(db, run, Readers::alone()).await
}

pub(super) async fn readers_and_writer(db: &DatabaseConnection, run: &mut Run) -> Result<()> {
    let written = db.clone();
    let readers = Readers::beside_writer(move |color| write(written.clone(), color));
    read(db, run, readers).await
}

async fn read(db: &DatabaseConnection, run: &mut Run, readers: Readers) -> Result<()> {
    let db = db.clone();
    readers.read(run, move |first| request(db.clone(), first)).await
}

async fn request(db: DatabaseConnection, first: i64) -> Result<usize> {
    let range = Column::Id.between(first, first + ROWS_PER_REQUEST - 1);
    Ok(Entity::find().filter(range).all(&db).await?.len())
}

async fn write(db: DatabaseConnection, color: String) -> Result<()> {
    let update = Entity::update_many().col_expr(Column::HairColor, Expr::value(color));
    update.filter(Column::Id.eq(1)).exec(&db).await?;
    Ok(())
}
