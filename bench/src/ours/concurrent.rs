//! Many sessions at once.
use super::models::User;
use crate::{
    Result,
    harness::{ROWS_PER_REQUEST, Readers, Run},
};
use orm::prelude::*;

/// Reading.
pub(super) async fn readers(db: &Db, run: &mut Run) -> Result<()> {
    read(db, run, Readers::alone()).await
}

/// Reading beside one that writes.
pub(super) async fn readers_and_writer(db: &Db, run: &mut Run) -> Result<()> {
    let written = db.clone();
    let readers = Readers::beside_writer(move |color| write(written.clone(), color));
    read(db, run, readers).await
}

async fn read(db: &Db, run: &mut Run, readers: Readers) -> Result<()> {
    let db = db.clone();
    readers.read(run, move |first| request(db.clone(), first)).await
}

async fn request(db: Db, first: i64) -> Result<usize> {
    let session = db.session();
    let range = User::id.between(first, first + ROWS_PER_REQUEST - 1);
    Ok(User::query().filter(range).all(&session).await?.len())
}

async fn write(db: Db, color: String) -> Result<()> {
    let session = db.session();
    session.get_one::<User>(1).await?.set(User::hair_color, color);
    Ok(session.commit().await?)
}
