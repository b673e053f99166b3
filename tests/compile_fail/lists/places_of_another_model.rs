//! Places in a list that another model has.
use orm::prelude::*;

#[derive(Model)]
pub struct Album {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(back_populates = album, ordering = Album::id)]
    pub tracks: HasMany<Track>,
}

#[derive(Model)]
pub struct Track {
    #[orm(primary_key)]
    pub id: i64,
    pub album_id: i64,
    pub place: i32,
    #[orm(back_populates = tracks)]
    pub album: BelongsTo<Album>,
}

fn main() {}
