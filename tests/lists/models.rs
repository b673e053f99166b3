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

/// Users with roles, keywords behind a link model, a team that may be missing, and a country behind it.
pub(crate) fn people() -> Schema {
    orm::schema![User, Role, UserKeyword, Keyword, Team, Country]
}

#[derive(Model, Clone, Debug)]
#[orm(
    proxy(role_names = roles.name, keywords = user_keywords.keyword, team_name = team.name),
    proxy(country = team.country, country_code = country_of_birth.code, teammates_of_keywords = user_keywords.user)
)]
pub(crate) struct User {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) team_id: Option<i64>,
    pub(crate) country_of_birth_id: i64,
    pub(crate) team: BelongsTo<Option<Team>>,
    pub(crate) country_of_birth: BelongsTo<Country>,
    #[orm(through("user_roles", user_id, role_id), order_by = Role::name)]
    pub(crate) roles: ManyToMany<Role>,
    #[orm(back_populates = user, order_by = UserKeyword::id)]
    pub(crate) user_keywords: HasMany<UserKeyword>,
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Role {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
}

#[derive(Model, Clone, Debug)]
#[orm(proxy(word = keyword.word))]
pub(crate) struct UserKeyword {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) user_id: i64,
    pub(crate) keyword_id: i64,
    #[orm(default)]
    pub(crate) weight: i32,
    #[orm(back_populates = user_keywords)]
    pub(crate) user: BelongsTo<User>,
    pub(crate) keyword: BelongsTo<Keyword>,
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Keyword {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) word: String,
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Team {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) country_id: i64,
    pub(crate) country: BelongsTo<Country>,
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Country {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) code: String,
}
