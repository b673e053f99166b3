//! Places of what is one.
use orm::prelude::*;

#[derive(Model)]
pub struct Track {
    #[orm(primary_key)]
    pub id: i64,
    pub album_id: i64,
    #[orm(ordering = Album::place)]
    pub album: BelongsTo<Album>,
}

#[derive(Model)]
pub struct Album {
    #[orm(primary_key)]
    pub id: i64,
    pub place: i32,
}

fn main() {}
