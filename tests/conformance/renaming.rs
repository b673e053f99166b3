//! Primary keys, and other keys that rows are named by, change.
use orm::{Result, prelude::*, schema::Schema};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    lands:
    a_changed_key_is_written_by_the_old_one,
    children_follow_a_key_that_cascades_without_statements,
    children_follow_a_key_that_a_statement_changes,
    children_that_may_be_alone_are_updated,
    children_in_memory_of_a_key_that_cascades_keep_their_changes,
    a_key_that_required_children_name_is_refused_before_any_write,
    a_key_without_children_changes_though_they_would_be_required,
    a_child_is_added_to_a_parent_whose_key_changes,
    a_collection_is_loaded_by_the_key_that_is_stored,
    rolling_back_puts_keys_back,
    a_dirty_row_met_again_is_found_by_its_stored_key,
    a_given_number_changes,
}

fn lands() -> Schema {
    orm::schema![Land, Town, Harbor, Fort, Wall]
}

#[derive(Model, Clone, Debug)]
struct Land {
    #[orm(primary_key, max_length = 10)]
    code: String,
    name: String,
    #[orm(back_populates = land)]
    towns: HasMany<Town>,
    #[orm(back_populates = land)]
    harbors: HasMany<Harbor>,
    #[orm(back_populates = land)]
    forts: HasMany<Fort>,
}

#[derive(Model, Clone, Debug)]
struct Town {
    #[orm(primary_key)]
    id: i64,
    name: String,
    #[orm(max_length = 10)]
    land_code: String,
    #[orm(foreign_key = land_code, back_populates = towns, on_update = "cascade")]
    land: BelongsTo<Land>,
}

#[derive(Model, Clone, Debug)]
struct Harbor {
    #[orm(primary_key)]
    id: i64,
    #[orm(max_length = 10)]
    land_code: Option<String>,
    #[orm(foreign_key = land_code, back_populates = harbors)]
    land: BelongsTo<Option<Land>>,
}

#[derive(Model, Clone, Debug)]
struct Fort {
    #[orm(primary_key)]
    id: i64,
    #[orm(max_length = 10)]
    land_code: String,
    #[orm(foreign_key = land_code, back_populates = forts)]
    land: BelongsTo<Land>,
}

#[derive(Model, Clone, Debug)]
struct Wall {
    #[orm(primary_key)]
    id: i64,
    height: i32,
}

fn land(code: &str) -> Land {
    Land::builder().code(code).name(format!("land {code}")).build()
}

async fn with_land<'s>(session: &'s Session) -> Result<Entity<'s, Land>> {
    let land = session.add(land("a"));
    session.commit().await?;
    Ok(land)
}

async fn a_changed_key_is_written_by_the_old_one(db: TestDb) -> Result<()> {
    let session = db.session();
    let land = with_land(&session).await?;
    land.update(|land| (land.code, land.name) = ("b".into(), "other".into()));
    session.commit().await?;
    assert_eq!((session.get_one::<Land>("b").await?, session.get::<Land>("a").await?), (land, None));
    let stored = Land::query().select((Land::code, Land::name)).all(&*db).await?;
    assert_eq!(stored, [("b".to_owned(), "other".to_owned())]);
    Ok(())
}

async fn children_follow_a_key_that_cascades_without_statements(db: TestDb) -> Result<()> {
    let session = db.session();
    let land = with_land(&session).await?;
    let town = land.towns().push(Town::builder().name("t"))?;
    session.commit().await?;
    land.towns().await?;
    land.harbors().await?;
    land.forts().await?;
    land.set(Land::code, "b");
    assert_eq!(statements!(session, session.flush().await?).1, 1);
    assert_eq!((town.land_code.as_str(), town.land().loaded()?, session.has_changes()), ("b", land, false));
    assert!(land.towns().loaded()?.contains(town));
    town.set(Town::name, "renamed");
    session.commit().await?;
    let stored = Town::query().select((Town::name, Town::land_code)).all(&*db).await?;
    assert_eq!(stored, [("renamed".to_owned(), "b".to_owned())]);
    Ok(())
}

async fn children_follow_a_key_that_a_statement_changes(db: TestDb) -> Result<()> {
    let session = db.session();
    let land = with_land(&session).await?;
    let (town, other) = (land.towns().push(Town::builder().name("t"))?, land.towns().push(Town::builder().name("o"))?);
    session.commit().await?;
    other.set(Town::name, "changed");
    let named = Land::query().filter(Land::code.eq("a"));
    assert_eq!(named.set(Land::code, "b").update(&session).await?, 1);
    assert_eq!((land.code.as_str(), town.land_code.as_str(), town.land().loaded()?), ("b", "b", land));
    assert_eq!((other.land_code.as_str(), session.is_modified(town), session.is_modified(other)), ("b", false, true));
    session.commit().await?;
    let stored = Town::query().order_by(Town::id).select((Town::name, Town::land_code)).all(&*db).await?;
    assert_eq!(stored, [("t".to_owned(), "b".to_owned()), ("changed".to_owned(), "b".to_owned())]);
    Land::query().filter(Land::code.eq("b")).set(Land::code, "c").update(&session).await?;
    session.rollback().await?;
    assert_eq!((land.code.as_str(), town.land_code.as_str()), ("b", "b"));
    Ok(())
}

async fn children_that_may_be_alone_are_updated(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(Land { harbors: vec![Harbor::builder().build(); 2].into(), ..land("a") });
    writing.commit().await?;
    let session = db.session();
    let land = session.get_one::<Land>("a").await?;
    land.set(Land::code, "b");
    session.flush().await?;
    let harbors = land.harbors().loaded()?;
    assert!(harbors.len() == 2 && harbors.iter().all(|harbor| harbor.land_code.as_deref() == Some("b")));
    assert!(!session.has_changes());
    session.commit().await?;
    let stored = Harbor::query().select(Harbor::land_code).all(&*db).await?;
    assert_eq!(stored, [Some("b".to_owned()), Some("b".to_owned())]);
    Ok(())
}

async fn children_in_memory_of_a_key_that_cascades_keep_their_changes(db: TestDb) -> Result<()> {
    let session = db.session();
    let land = with_land(&session).await?;
    let town = land.towns().push(Town::builder().name("t"))?;
    session.commit().await?;
    land.set(Land::code, "b");
    town.set(Town::name, "u");
    session.commit().await?;
    let stored = Town::query().one(&*db).await?;
    assert_eq!((stored.name.as_str(), stored.land_code.as_str(), town.land_code.as_str()), ("u", "b", "b"));
    Ok(())
}

async fn a_key_that_required_children_name_is_refused_before_any_write(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(Land { forts: vec![Fort::builder().land_code("a").build()].into(), ..land("a") });
    writing.commit().await?;
    let session = db.session();
    let land = session.get_one::<Land>("a").await?;
    land.set(Land::code, "b");
    let error = session.commit().await.expect_err("its fort would be without it");
    assert!(error.is_foreign_key_violation(), "{error}");
    for word in ["Fort#1", "forts.land_code", "on_update"] {
        assert!(error.to_string().contains(word), "{error}");
    }
    session.rollback().await?;
    assert_eq!((land.code.as_str(), session.get_one::<Land>("a").await?), ("a", land));
    Ok(())
}

async fn a_key_without_children_changes_though_they_would_be_required(db: TestDb) -> Result<()> {
    let session = db.session();
    let land = with_land(&session).await?;
    session.add(Fort::builder().land_code("b"));
    land.set(Land::code, "b");
    session.commit().await?;
    assert_eq!(Fort::query().one(&session).await?.land().loaded()?, land);
    Ok(())
}

async fn a_child_is_added_to_a_parent_whose_key_changes(db: TestDb) -> Result<()> {
    let session = db.session();
    let land = with_land(&session).await?;
    land.set(Land::code, "b");
    let fort = land.forts().push(Fort::builder())?;
    let harbor = session.add(Harbor::builder().land(land));
    assert_eq!((fort.land().loaded()?, harbor.land().loaded()?), (land, Some(land)));
    session.commit().await?;
    assert_eq!((fort.land_code.as_str(), harbor.land_code.as_deref()), ("b", Some("b")));
    assert_eq!((fort.land().loaded()?, Fort::query().one(&*db).await?.land_code.as_str()), (land, "b"));
    Ok(())
}

async fn a_collection_is_loaded_by_the_key_that_is_stored(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(Land { towns: vec![Town::builder().name("t").land_code("a").build()].into(), ..land("a") });
    writing.commit().await?;
    let session = db.session();
    let land = session.get_one::<Land>("a").await?;
    land.set(Land::code, "b");
    let towns = session.no_autoflush(async || land.towns().await).await?;
    assert_eq!(towns.len(), 1);
    session.commit().await?;
    assert_eq!(towns.first().map(|town| town.value().land_code.as_str()), Some("b"));
    Ok(())
}

async fn rolling_back_puts_keys_back(db: TestDb) -> Result<()> {
    let session = db.session();
    let land = with_land(&session).await?;
    let town = land.towns().push(Town::builder().name("t"))?;
    let harbor = land.harbors().push(Harbor::builder())?;
    session.commit().await?;
    land.set(Land::code, "b");
    session.flush().await?;
    assert_eq!((town.land_code.as_str(), harbor.land_code.as_deref()), ("b", Some("b")));
    session.rollback().await?;
    assert_eq!((land.code.as_str(), town.land_code.as_str(), harbor.land_code.as_deref()), ("a", "a", Some("a")));
    assert_eq!((session.get_one::<Land>("a").await?, session.get::<Land>("b").await?), (land, None));
    assert_eq!((town.land().loaded()?, harbor.land().loaded()?), (land, Some(land)));
    Ok(())
}

async fn a_dirty_row_met_again_is_found_by_its_stored_key(db: TestDb) -> Result<()> {
    let session = db.session();
    let land = with_land(&session).await?;
    let fort = session.add(Fort::builder().land_code("a"));
    assert_eq!(fort.land().loaded()?, land);
    session.commit().await?;
    land.set(Land::code, "b");
    Land::query().all_rows().set(Land::name, "elsewhere").update(&*db).await?;
    session.no_autoflush(async || Land::query().all(&session).await).await?;
    assert_eq!((land.name.as_str(), land.code.as_str(), session.get_one::<Land>("a").await?), ("elsewhere", "b", land));
    session.rollback().await?;
    Ok(())
}

async fn a_given_number_changes(db: TestDb) -> Result<()> {
    let session = db.session();
    let walls = session.add_all([1, 2, 3].map(|height| Wall::builder().height(height)));
    session.commit().await?;
    let ids: Vec<i64> = walls.iter().map(|wall| wall.id).collect();
    walls[0].set(Wall::id, ids[1]);
    walls[1].set(Wall::id, ids[2]);
    walls[2].set(Wall::id, ids[0]);
    session.commit().await?;
    let heights = Wall::query().order_by(Wall::id.asc()).select(Wall::height).all(&*db).await?;
    assert_eq!(heights, [3, 1, 2]);
    Ok(())
}
