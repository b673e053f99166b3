//! Places of what is in many lists.
use orm::prelude::*;

#[derive(Model)]
pub struct Album {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(through("album_tracks", album_id, track_id), ordering = Track::place)]
    pub tracks: ManyToMany<Track>,
}

#[derive(Model)]
pub struct Track {
    #[orm(primary_key)]
    pub id: i64,
    pub place: i32,
}

fn main() {}
