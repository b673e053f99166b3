use orm::prelude::*;

#[derive(Model)]
pub struct Folder {
    #[orm(primary_key)]
    pub id: i64,
    pub parent_id: Option<i64>,
    #[orm(back_populates = folders)]
    pub parent: BelongsTo<Option<Folder>>,
    #[orm(back_populates = parent, load_depth = 2)]
    pub folders: HasMany<Folder>,
}

fn main() {}
