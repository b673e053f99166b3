//! Many new rows at once.
use chrono::{DateTime, Utc};
use orm::{Change, EntityState, Error, Result, prelude::*, schema::Schema};
use orm_test_support::{TestDb, on_every_database, statements};
use std::time::{Duration, SystemTime};

on_every_database! {
    depot:
    rows_of_several_shapes_are_grouped_and_come_back_in_order,
    given_keys_come_back_as_they_were_given,
    many_rows_are_divided_and_kept_or_undone_together,
    a_failed_insert_leaves_the_rest_of_the_transaction,
    hooks_times_and_versions_apply_to_inserted_rows,
    what_a_flush_would_refuse_is_refused,
    inserted_entities_join_the_session,
    rolled_back_entities_are_transient,
    rows_without_entities_stay_out_of_the_session,
    a_parent_is_given_by_its_entity_and_trees_are_refused,
    nothing_to_insert_sends_nothing,
    rows_are_inserted_inside_an_outer_transaction_too,
}

fn depot() -> Schema {
    orm::schema![Shelf, Item, Place, Page]
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "shelves")]
pub(crate) struct Shelf {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(unique, max_length = 20)]
    pub(crate) name: String,
    #[orm(default = 3)]
    pub(crate) size: i32,
    #[orm(default_sql = "7")]
    pub(crate) weight: i32,
    pub(crate) note: Option<String>,
    #[orm(back_populates = shelf)]
    pub(crate) items: HasMany<Item>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "items")]
pub(crate) struct Item {
    #[orm(primary_key)]
    id: i64,
    shelf_id: i64,
    #[orm(back_populates = items)]
    shelf: BelongsTo<Shelf>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "places")]
pub(crate) struct Place {
    #[orm(primary_key, max_length = 10)]
    pub(crate) area: String,
    #[orm(primary_key)]
    pub(crate) number: i32,
    pub(crate) name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "pages", before_save = Page::tidy)]
pub(crate) struct Page {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(unique, max_length = 20)]
    pub(crate) title: String,
    #[orm(default = 0)]
    pub(crate) count: i32,
    #[orm(version)]
    pub(crate) version: i32,
    #[orm(created_at)]
    pub(crate) created: DateTime<Utc>,
    #[orm(updated_at)]
    pub(crate) updated: DateTime<Utc>,
}

impl Page {
    fn tidy(&mut self, _: Change) -> Result<()> {
        self.title = self.title.trim().to_owned();
        if self.title.is_empty() { Err(Error::other("a page needs a title")) } else { Ok(()) }
    }
}

pub(crate) async fn shelves(db: &Db) -> Result<Vec<Shelf>> {
    Shelf::query().order_by(Shelf::id).all(db).await
}

async fn rows_of_several_shapes_are_grouped_and_come_back_in_order(db: TestDb) -> Result<()> {
    let session = db.session();
    let builder = || Shelf::builder();
    let rows = [
        builder().name("a"),
        builder().name("b").weight(1),
        builder().name("c"),
        builder().name("d").weight(2).size(9).note("n"),
    ];
    let (given, sent) = statements!(session, Shelf::insert_many(rows).all(session.values()).await?);
    assert_eq!(sent, 2, "one for each set of columns");
    let seen: Vec<(&str, i32, i32)> = given.iter().map(|s| (s.name.as_str(), s.size, s.weight)).collect();
    assert_eq!(seen, [("a", 3, 7), ("b", 3, 1), ("c", 3, 7), ("d", 9, 2)]);
    session.commit().await?;
    let mut stored = shelves(&db).await?;
    stored.sort_by(|a, b| a.name.cmp(&b.name));
    assert_eq!(stored, given, "keys and all");
    Ok(())
}

async fn given_keys_come_back_as_they_were_given(db: TestDb) -> Result<()> {
    let place = |area: &str, number| Place { area: area.into(), number, name: format!("{area}{number}") };
    let rows = [place("b", 2), place("a", 9), place("b", 1)];
    assert_eq!(Place::insert_many(rows.clone()).all(&*db).await?, rows);
    let explicit = Shelf::insert_many([Shelf::builder().id(70).name("x"), Shelf::builder().id(50).name("y")]);
    let ids: Vec<i64> = explicit.all(&*db).await?.iter().map(|shelf| shelf.id).collect();
    assert_eq!(ids, [70, 50]);
    Ok(())
}

async fn many_rows_are_divided_and_kept_or_undone_together(db: TestDb) -> Result<()> {
    let rows = || (0..2_500).map(|number| Shelf::builder().name(format!("s{number}")));
    let shelves = Shelf::insert_many(rows()).all(&*db).await?;
    assert!(shelves.iter().enumerate().all(|(number, shelf)| shelf.name == format!("s{number}") && shelf.id > 0));
    // The last one is there already: the first ones must not stay.
    let again = (0..2_500).map(|number| Shelf::builder().name(format!("s{}", 4_998 - number)));
    let error = Shelf::insert_many(again).run(&*db).await.expect_err("names are unique");
    assert!(error.is_unique_violation(), "{error}");
    assert_eq!(Shelf::query().count(&*db).await?, 2_500);
    Ok(())
}

async fn a_failed_insert_leaves_the_rest_of_the_transaction(db: TestDb) -> Result<()> {
    Shelf::insert_many([Shelf::builder().name("taken")]).run(&*db).await?;
    let session = db.session();
    session.add(Shelf::builder().name("mine"));
    session.flush().await?;
    let rows = [Shelf::builder().name("new"), Shelf::builder().name("taken").weight(1)];
    assert!(Shelf::insert_many(rows).run(&session).await.expect_err("names are unique").is_unique_violation());
    session.commit().await?;
    assert_eq!(shelves(&db).await?.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["taken", "mine"]);
    Ok(())
}

pub(crate) fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

async fn hooks_times_and_versions_apply_to_inserted_rows(db: TestDb) -> Result<()> {
    let db = db.with_clock(|| at(500));
    let pages = Page::insert_many([Page::builder().title(" one "), Page::builder().title("two")]).all(&db).await?;
    let seen: Vec<_> = pages.iter().map(|p| (p.title.as_str(), p.version, p.created.timestamp())).collect();
    assert_eq!(seen, [("one", 1, 500), ("two", 1, 500)]);
    let error = Page::insert_many([Page::builder().title("  ")]).run(&db).await.expect_err("the hook refuses");
    assert!(error.to_string().contains("a page needs a title"), "{error}");
    Ok(())
}

async fn what_a_flush_would_refuse_is_refused(db: TestDb) -> Result<()> {
    let session = db.session();
    let long = Shelf::insert_many([Shelf::builder().name("x".repeat(21))]).run(&session).await.expect_err("too long");
    assert!(long.is_check_violation(), "{long}");
    let without = Item { id: 0, shelf_id: 0, shelf: BelongsTo::default() };
    let error = Item::insert_many([without]).run(&session).await.expect_err("it has no shelf");
    assert!(error.is_not_null_violation() && error.to_string().contains("items.shelf_id"), "{error}");
    assert_eq!(session.statement_count(), 0);
    Ok(())
}

async fn inserted_entities_join_the_session(db: TestDb) -> Result<()> {
    let session = db.session();
    let shelf = session.add(Shelf::builder().name("shelf"));
    session.flush().await?;
    assert!(shelf.items().await?.is_empty());
    let rows = [Item::builder().shelf_id(shelf.id), Item::builder().shelf_id(shelf.id)];
    let (items, sent) = statements!(session, Item::insert_many(rows).all(&session).await?);
    assert_eq!((items.len(), sent, session.has_changes()), (2, 1, false));
    assert_eq!(shelf.items().loaded()?.iter().collect::<Vec<_>>(), items, "they show in its loaded list");
    let (found, sent) = statements!(session, session.get_one::<Item>(items[1].id).await?);
    assert_eq!((found, sent, items[0].shelf().await?), (items[1], 0, shelf));
    session.commit().await?;
    assert_eq!(session.state(items[0]), EntityState::Persistent);
    Ok(())
}

async fn rolled_back_entities_are_transient(db: TestDb) -> Result<()> {
    let session = db.session();
    let shelves = Shelf::insert_many([Shelf::builder().name("a"), Shelf::builder().name("b")]).all(&session).await?;
    let key = shelves[0].id;
    assert_eq!(session.get::<Shelf>(key).await?, Some(shelves[0]));
    session.rollback().await?;
    assert_eq!((session.state(shelves[0]), shelves[0].name.as_str(), shelves[0].id), (EntityState::Transient, "a", 0));
    assert!(session.get::<Shelf>(key).await?.is_none());
    session.add(shelves[0]);
    session.commit().await?;
    assert_eq!(session.get::<Shelf>(shelves[0].id).await?, Some(shelves[0]));
    assert_eq!(Shelf::query().count(&*db).await?, 1);
    Ok(())
}

async fn rows_without_entities_stay_out_of_the_session(db: TestDb) -> Result<()> {
    let session = db.session();
    assert_eq!(Shelf::insert_many([Shelf::builder().name("a")]).run(&session).await?, 1);
    let (shelf, sent) = statements!(session, session.get_one::<Shelf>(1).await?);
    assert_eq!((shelf.name.as_str(), sent), ("a", 1), "it is read");
    session.rollback().await?;
    assert_eq!(Shelf::query().count(&*db).await?, 0);
    Ok(())
}

async fn a_parent_is_given_by_its_entity_and_trees_are_refused(db: TestDb) -> Result<()> {
    let session = db.session();
    let shelf = session.add(Shelf::builder().name("s"));
    session.flush().await?;
    let items = Item::insert_many([Item::builder().shelf(shelf)]).all(&session).await?;
    assert_eq!(items[0].shelf_id, shelf.id);
    let tree = Item::builder().shelf(Shelf::builder().name("new"));
    let error = Item::insert_many([tree]).run(&session).await.expect_err("of two tables");
    assert!(error.to_string().contains("session.add_all"), "{error}");
    session.commit().await
}

async fn nothing_to_insert_sends_nothing(db: TestDb) -> Result<()> {
    let session = db.session();
    assert_eq!(Shelf::insert_many(Vec::<Shelf>::new()).run(&session).await?, 0);
    assert!(
        Shelf::insert_many(Vec::<Shelf>::new()).on_conflict(Shelf::name).do_nothing().all(&session).await?.is_empty()
    );
    assert_eq!(session.statement_count(), 0);
    Ok(())
}

async fn rows_are_inserted_inside_an_outer_transaction_too(db: TestDb) -> Result<()> {
    let test = db.test().await?;
    let rows = [Shelf::builder().name("a"), Shelf::builder().name("b").weight(1)];
    assert_eq!(Shelf::insert_many(rows).run(&test).await?, 2);
    let again = [Shelf::builder().name("c"), Shelf::builder().name("a").weight(1)];
    assert!(Shelf::insert_many(again).run(&test).await.expect_err("names are unique").is_unique_violation());
    let one_statement = [Shelf::builder().name("c"), Shelf::builder().name("a")];
    assert!(Shelf::insert_many(one_statement).run(&test).await.expect_err("names are unique").is_unique_violation());
    assert_eq!(Shelf::query().count(&test).await?, 2, "neither of them is there");
    drop(test);
    assert_eq!(Shelf::query().count(&*db).await?, 0);
    Ok(())
}
