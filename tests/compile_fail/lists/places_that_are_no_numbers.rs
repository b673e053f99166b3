//! Places in a list that are texts.
use orm::prelude::*;

#[derive(Model)]
pub struct Album {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(back_populates = album, ordering = Track::place)]
    pub tracks: HasMany<Track>,
}

#[derive(Model)]
pub struct Track {
    #[orm(primary_key)]
    pub id: i64,
    pub album_id: i64,
    pub place: String,
    #[orm(back_populates = tracks)]
    pub album: BelongsTo<Album>,
}

fn main() {}
