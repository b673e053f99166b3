//! Rows that may be there already.
use crate::inserts::{Page, Place, Shelf, at, shelves};
use orm::{Result, prelude::*, schema::Schema};
use orm_test_support::{Database, TestDb, on_every_database, statements};

on_every_database! {
    depot:
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
}

fn depot() -> Schema {
    orm::schema![Shelf, Place, Page, Label]
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
        let sum = Shelf::size + orm::given(Shelf::size);
        add(size).set(Shelf::size, sum).set(Shelf::weight, Shelf::weight * 2).run(&*db).await?;
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
        let sum = Shelf::size + orm::given(Shelf::size);
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
