//! Albums and their tracks in an order, readers and what they read, orders with a unique place.
use orm::{prelude::*, schema::Schema};

/// Tracks that belong to an album, or to none.
pub(crate) fn music() -> Schema {
    orm::schema![Album, Track]
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Album {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) title: String,
    #[orm(back_populates = album, ordering = Track::position)]
    pub(crate) tracks: HasMany<Track>,
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Track {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) album_id: Option<i64>,
    #[orm(default)]
    pub(crate) position: i32,
    pub(crate) title: String,
    #[orm(back_populates = tracks)]
    pub(crate) album: BelongsTo<Option<Album>>,
}

/// Steps that cannot be without their recipe, counted from 1, each place once.
pub(crate) fn kitchen() -> Schema {
    orm::schema![Recipe, Step, Note]
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Recipe {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(back_populates = recipe, ordering = Step::number, ordering_start = 1, cascade(all, delete_orphan))]
    pub(crate) steps: HasMany<Step>,
    /// Without another side, in a column that may be null.
    #[orm(foreign_key = Note::recipe_id, ordering = Note::place)]
    pub(crate) notes: HasMany<Note>,
}

#[derive(Model, Clone, Debug)]
#[orm(unique(recipe_id, number))]
pub(crate) struct Step {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) recipe_id: i64,
    pub(crate) number: i64,
    pub(crate) text: String,
    #[orm(back_populates = steps)]
    pub(crate) recipe: BelongsTo<Recipe>,
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Note {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) recipe_id: Option<i64>,
    pub(crate) place: Option<u8>,
    pub(crate) text: String,
}
