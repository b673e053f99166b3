//! Rows that several futures change at once.
use orm::{Db, DbOptions, Result, prelude::*, schema::Schema};
use orm_test_support::{Database, TestDatabase};

pub(crate) fn schema() -> Schema {
    orm::schema![Counter, Parent, Child, Tag]
}

/// A column for each worker, and one for all.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Counter {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) a: i64,
    pub(crate) b: i64,
    pub(crate) c: i64,
    pub(crate) d: i64,
    pub(crate) e: i64,
    pub(crate) f: i64,
    pub(crate) g: i64,
    pub(crate) h: i64,
    pub(crate) shared: i64,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Parent {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    #[orm(back_populates = parent)]
    pub(crate) children: HasMany<Child>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "children")]
pub(crate) struct Child {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(max_length = 50)]
    pub(crate) name: String,
    pub(crate) parent_id: Option<i64>,
    #[orm(back_populates = children)]
    pub(crate) parent: BelongsTo<Option<Parent>>,
    #[orm(through("child_tags", child_id, tag_id), back_populates = children)]
    pub(crate) tags: ManyToMany<Tag>,
}

/// Its key is made here, so that it can be changed.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Tag {
    #[orm(primary_key, max_length = 20)]
    pub(crate) name: String,
    #[orm(through("child_tags", tag_id, child_id), back_populates = tags)]
    pub(crate) children: ManyToMany<Child>,
}

/// A database with the tables and a counter.
pub(crate) struct World {
    // Before the database: connections close first.
    pub(crate) db: Db,
    _database: TestDatabase,
}

impl World {
    pub(crate) async fn new(database: Database, connections: u32) -> Result<Option<Self>> {
        let Some(database) = TestDatabase::new(database).await else { return Ok(None) };
        let db = Db::connect(DbOptions::new(database.url()).max_connections(connections)).await?;
        schema().create_all(&db).await?;
        Ok(Some(Self { db, _database: database }))
    }
}

pub(crate) fn counter() -> Counter {
    Counter { id: 0, a: 0, b: 0, c: 0, d: 0, e: 0, f: 0, g: 0, h: 0, shared: 0 }
}
