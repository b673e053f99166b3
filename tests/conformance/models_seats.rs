//! The models of tests in which unique values go from row to row.
use orm::{prelude::*, schema::Schema};

/// Rows with unique values of every kind, and rows that name each other.
pub(crate) fn seats() -> Schema {
    orm::schema![Seat, Owner, Badge, Lamp, Zone, Entry, Tool, Owned, Versioned]
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Seat {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(unique, max_length = 20)]
    pub(crate) code: String,
    #[orm(unique, max_length = 20)]
    pub(crate) label: Option<String>,
    #[orm(default = 0)]
    pub(crate) rank: i32,
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Owner {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(unique, max_length = 20)]
    pub(crate) name: String,
    #[orm(back_populates = owner)]
    pub(crate) badge: HasOne<Badge>,
    #[orm(through(Owned::owner, Owned::tool), back_populates = owners)]
    pub(crate) tools: ManyToMany<Tool>,
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Badge {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(unique)]
    pub(crate) owner_id: i64,
    #[orm(back_populates = badge)]
    pub(crate) owner: BelongsTo<Owner>,
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Tool {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(through(Owned::tool, Owned::owner), back_populates = tools)]
    pub(crate) owners: ManyToMany<Owner>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "owned")]
pub(crate) struct Owned {
    #[orm(primary_key)]
    pub(crate) owner_id: i64,
    #[orm(primary_key)]
    pub(crate) tool_id: i64,
    #[orm(default = 1)]
    pub(crate) count: i32,
    pub(crate) owner: BelongsTo<Owner>,
    pub(crate) tool: BelongsTo<Tool>,
}

#[derive(Model, Clone, Debug)]
#[orm(unique(number, token))]
pub(crate) struct Lamp {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(unique)]
    pub(crate) lit: bool,
    pub(crate) number: i32,
    pub(crate) token: Uuid,
    #[orm(unique, max_length = 8)]
    pub(crate) bytes: Vec<u8>,
    #[orm(unique)]
    pub(crate) small: i16,
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Zone {
    #[orm(primary_key, max_length = 10)]
    pub(crate) code: String,
    pub(crate) name: String,
    #[orm(unique, max_length = 10)]
    pub(crate) mark: String,
    pub(crate) first_id: Option<i64>,
    pub(crate) first: BelongsTo<Option<Entry>>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "entries")]
pub(crate) struct Entry {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(max_length = 10)]
    pub(crate) zone_mark: String,
    #[orm(foreign_key = zone_mark, references = Zone::mark)]
    pub(crate) zone: BelongsTo<Zone>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "versioned")]
pub(crate) struct Versioned {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(unique, max_length = 20)]
    pub(crate) code: String,
    #[orm(version)]
    pub(crate) version: i32,
}
