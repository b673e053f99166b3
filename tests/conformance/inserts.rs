//! Many new rows at once, and rows that may be there already.
use crate::harness::{Database, TestDb, on_every_database, statements};
use chrono::{DateTime, Utc};
use orm::{Change, EntityState, Error, Result, prelude::*, schema::Schema};
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
    a_row_that_is_there_stays_or_takes_what_is_said,
    an_upsert_refreshes_the_entity_in_memory,
    an_upsert_computes_from_both_rows,
    times_and_versions_of_an_upsert_follow_a_net_change,
    composite_keys_are_met_too,
    rows_come_back_in_the_order_in_which_they_were_given,
    an_upsert_names_unique_columns,
    each_key_is_given_once,
    another_unique_key_is_not_met_by_mistake,
    a_race_for_one_key_has_one_winner_and_no_error,
    nothing_to_insert_sends_nothing,
}

fn depot() -> Schema {
    orm::schema![Shelf, Item, Place, Page, Label]
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "shelves")]
struct Shelf {
    #[orm(primary_key)]
    id: i64,
    #[orm(unique, max_length = 20)]
    name: String,
    #[orm(default = 3)]
    size: i32,
    #[orm(default_sql = "7")]
    weight: i32,
    note: Option<String>,
    #[orm(back_populates = shelf)]
    items: HasMany<Item>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "items")]
struct Item {
    #[orm(primary_key)]
    id: i64,
    shelf_id: i64,
    #[orm(back_populates = items)]
    shelf: BelongsTo<Shelf>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "places")]
struct Place {
    #[orm(primary_key, max_length = 10)]
    area: String,
    #[orm(primary_key)]
    number: i32,
    name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "pages", before_save = Page::tidy)]
struct Page {
    #[orm(primary_key)]
    id: i64,
    #[orm(unique, max_length = 20)]
    title: String,
    #[orm(default = 0)]
    count: i32,
    #[orm(version)]
    version: i32,
    #[orm(created_at)]
    created: DateTime<Utc>,
    #[orm(updated_at)]
    updated: DateTime<Utc>,
}

impl Page {
    fn tidy(&mut self, _: Change) -> Result<()> {
        self.title = self.title.trim().to_owned();
        if self.title.is_empty() { Err(Error::other("a page needs a title")) } else { Ok(()) }
    }
}

/// Two unique keys.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "labels", unique(tone, number))]
struct Label {
    #[orm(primary_key)]
    id: i64,
    #[orm(unique, max_length = 20)]
    name: String,
    #[orm(max_length = 20)]
    tone: String,
    number: i32,
}

fn label(name: &str, tone: &str, number: i32) -> Label {
    Label { id: 0, name: name.into(), tone: tone.into(), number }
}

async fn shelves(db: &Db) -> Result<Vec<Shelf>> {
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

fn at(seconds: u64) -> SystemTime {
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

async fn a_row_that_is_there_stays_or_takes_what_is_said(db: TestDb) -> Result<()> {
    Shelf::insert_many([Shelf::builder().name("a").size(1).note("old")]).run(&*db).await?;
    let rows = || [Shelf::builder().name("a").size(2).note("new"), Shelf::builder().name("b").size(2).note("new")];
    let upsert = || Shelf::insert_many(rows()).on_conflict(Shelf::name);
    assert_eq!(upsert().do_nothing().run(&*db).await?, 1, "one was there");
    let seen = || async {
        shelves(&db).await.map(|all| all.into_iter().map(|s| (s.name, s.size, s.note)).collect::<Vec<_>>())
    };
    let row = |name: &str, size, note: &str| (name.to_owned(), size, Some(note.to_owned()));
    assert_eq!(seen().await?, [row("a", 1, "old"), row("b", 2, "new")]);
    assert_eq!(upsert().do_nothing().all(&*db).await?, []);
    assert_eq!(upsert().update(Shelf::size).run(&*db).await?, 2);
    assert_eq!(seen().await?, [row("a", 2, "old"), row("b", 2, "new")]);
    assert_eq!(upsert().update_all().set(Shelf::note, "set").run(&*db).await?, 2, "the last word counts");
    assert_eq!(seen().await?, [row("a", 2, "set"), row("b", 2, "set")]);
    upsert().update_all().run(&*db).await?;
    assert_eq!(seen().await?, [row("a", 2, "new"), row("b", 2, "new")]);
    Ok(())
}

async fn an_upsert_refreshes_the_entity_in_memory(db: TestDb) -> Result<()> {
    Shelf::insert_many([Shelf::builder().name("a")]).run(&*db).await?;
    let session = db.session();
    let shelf = session.get_one::<Shelf>(1).await?;
    let upsert = Shelf::insert_many([Shelf::builder().id(1).name("up")]).on_conflict(Shelf::id).update_all();
    let (up, sent) = statements!(session, upsert.or_other_keys().all(&session).await?);
    assert_eq!((up, sent, shelf.name.as_str(), session.has_changes()), (vec![shelf], 1, "up", false));
    session.rollback().await?;
    assert_eq!(shelf.name, "a");
    session.commit().await
}

async fn an_upsert_computes_from_both_rows(db: TestDb) -> Result<()> {
    let add = |size| Shelf::insert_many([Shelf::builder().name("a").size(size).note("n")]).on_conflict(Shelf::name);
    for size in [5, 20, 300] {
        let sum = Shelf::size.plus(orm::given(Shelf::size));
        add(size).set(Shelf::size, sum).set(Shelf::weight, Shelf::weight.times(2)).run(&*db).await?;
    }
    let noted = add(0).set(Shelf::note, orm::given(Shelf::note).upper()).all(&*db).await?;
    assert_eq!((noted[0].size, noted[0].weight, noted[0].note.as_deref()), (325, 28, Some("N")));
    let other = add(0).set(Shelf::note, Shelf::note.max());
    let error = other.run(&*db).await.expect_err("an aggregate is of many rows");
    assert!(error.to_string().contains("shelves.note"), "{error}");
    Ok(())
}

async fn times_and_versions_of_an_upsert_follow_a_net_change(db: TestDb) -> Result<()> {
    let (early, late) = (db.with_clock(|| at(100)), db.with_clock(|| at(200)));
    let upsert =
        |count| Page::insert_many([Page::builder().title("a").count(count)]).on_conflict(Page::title).update_all();
    let seen = |pages: Vec<Page>| {
        let page = &pages[0];
        (page.count, page.version, page.created.timestamp(), page.updated.timestamp())
    };
    assert_eq!(seen(upsert(1).all(&early).await?), (1, 1, 100, 100));
    assert_eq!(seen(upsert(1).all(&late).await?), (1, 1, 100, 100), "nothing changed");
    assert_eq!(seen(upsert(2).all(&late).await?), (2, 2, 100, 200));
    Ok(())
}

async fn composite_keys_are_met_too(db: TestDb) -> Result<()> {
    let place = |area: &str, number, name: &str| Place { area: area.into(), number, name: name.into() };
    Place::insert_many([place("a", 1, "old")]).run(&*db).await?;
    let rows = [place("a", 2, "new"), place("a", 1, "new")];
    let given = Place::insert_many(rows.clone()).on_conflict((Place::number, Place::area)).update(Place::name);
    assert_eq!(given.all(&*db).await?, rows);
    assert_eq!(Place::query().count(&*db).await?, 2);
    Ok(())
}

async fn rows_come_back_in_the_order_in_which_they_were_given(db: TestDb) -> Result<()> {
    Shelf::insert_many(["c", "a"].map(|name| Shelf::builder().name(name))).run(&*db).await?;
    let rows = [
        Shelf::builder().name("d"),
        Shelf::builder().name("a").weight(1),
        Shelf::builder().name("b"),
        Shelf::builder().name("c").weight(2),
    ];
    let shelves = Shelf::insert_many(rows).on_conflict(Shelf::name).update_all().all(&*db).await?;
    let seen: Vec<(&str, i32)> = shelves.iter().map(|shelf| (shelf.name.as_str(), shelf.weight)).collect();
    assert_eq!(seen, [("d", 7), ("a", 1), ("b", 7), ("c", 2)]);
    assert_eq!((shelves[3].id, shelves[1].id), (1, 2));
    Ok(())
}

async fn an_upsert_names_unique_columns(db: TestDb) -> Result<()> {
    let row = || Shelf::builder().name("a");
    let error = Shelf::insert_many([row()]).on_conflict(Shelf::size).update_all().run(&*db).await;
    let error = error.expect_err("sizes are not unique");
    assert!(error.to_string().contains("shelves.size, which is not unique"), "{error}");
    let error = Shelf::insert_many([row()]).on_conflict(Shelf::id).update_all().or_other_keys().run(&*db).await;
    let error = error.expect_err("it has no key yet");
    assert!(error.to_string().contains("has no value for shelves.id"), "{error}");
    Ok(())
}

async fn each_key_is_given_once(db: TestDb) -> Result<()> {
    let rows = || [1, 2].map(|size| Shelf::builder().name("a").size(size));
    let error = Shelf::insert_many(rows()).on_conflict(Shelf::name).update_all().run(&*db).await;
    let error = error.expect_err("which size counts?");
    assert!(error.to_string().contains("rows 0 and 1"), "{error}");
    Shelf::insert_many(rows()).on_conflict(Shelf::name).do_nothing().run(&*db).await?;
    assert_eq!(shelves(&db).await?[0].size, 1);
    Ok(())
}

async fn another_unique_key_is_not_met_by_mistake(db: TestDb) -> Result<()> {
    Label::insert_many([label("a", "red", 1)]).run(&*db).await?;
    let upsert = || Label::insert_many([label("b", "red", 1)]).on_conflict(Label::name).update_all();
    let error = upsert().run(&*db).await.expect_err("it is met by another key");
    assert_eq!(error.is_unique_violation(), !db.is(Database::MySql), "{error}");
    match db.is(Database::MySql) {
        true => {
            assert!(error.to_string().contains(".or_other_keys()"), "{error}");
            assert_eq!(upsert().or_other_keys().run(&*db).await?, 1);
            assert_eq!(Label::query().one(&*db).await?.name, "a", "it was met by its tone and number");
        }
        false => assert!(upsert().or_other_keys().run(&*db).await.expect_err("as before").is_unique_violation()),
    }
    Ok(())
}

async fn a_race_for_one_key_has_one_winner_and_no_error(db: TestDb) -> Result<()> {
    let add = |_: usize| {
        let sum = Shelf::size.plus(orm::given(Shelf::size));
        Shelf::insert_many([Shelf::builder().name("a").size(1)])
            .on_conflict(Shelf::name)
            .set(Shelf::size, sum)
            .run(&*db)
    };
    let all = futures_join((0..8).map(add).collect()).await;
    all.into_iter().collect::<Result<Vec<_>>>()?;
    assert_eq!(shelves(&db).await?.iter().map(|shelf| shelf.size).collect::<Vec<_>>(), [8]);
    Ok(())
}

/// Polls all futures until each is done.
async fn futures_join<T>(futures: Vec<impl Future<Output = T>>) -> Vec<T> {
    let mut open: Vec<_> = futures.into_iter().map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(|context| {
        for (future, done) in open.iter_mut().filter(|(_, done)| done.is_none()) {
            if let std::task::Poll::Ready(value) = future.as_mut().poll(context) {
                *done = Some(value);
            }
        }
        if open.iter().all(|(_, done)| done.is_some()) { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    open.into_iter().filter_map(|(_, done)| done).collect()
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
