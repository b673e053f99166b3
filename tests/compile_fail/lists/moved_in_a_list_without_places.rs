//! A member is moved in a list that keeps no places.
use orm::prelude::*;

#[derive(Model)]
pub struct Album {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(back_populates = album, order_by = Track::place)]
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

fn main() {
    fn first(album: Entity<'_, Album>, track: Entity<'_, Track>) -> orm::Result<()> {
        album.tracks().move_to(0, track)
    }
}
