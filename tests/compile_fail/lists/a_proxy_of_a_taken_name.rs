//! A proxy that is called like a relationship.
use orm::prelude::*;

#[derive(Model)]
#[orm(proxy(tracks = tracks.title))]
pub struct Album {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(back_populates = album)]
    pub tracks: HasMany<Track>,
}

#[derive(Model)]
pub struct Track {
    #[orm(primary_key)]
    pub id: i64,
    pub album_id: i64,
    pub title: String,
    #[orm(back_populates = tracks)]
    pub album: BelongsTo<Album>,
}

fn main() {}
