//! Commits of a single statement. On servers it is a transaction by itself, and still writes all of its rows or none.
use orm::{EntityState, Error, Result, prelude::*, schema::Schema, sql};
use orm_test_support::{Database, TestDb, on_every_database};

on_every_database! {
    notes:
    stale_rows_are_named_and_no_row_is_changed,
    stale_rows_are_named_and_no_row_is_deleted,
    a_row_that_is_gone_keeps_the_others_unchanged,
    a_row_that_is_gone_may_be_deleted,
    what_a_refused_constraint_leaves_is_nothing,
    a_row_that_a_trigger_left_out_leaves_nothing,
    rules_of_a_table_are_followed,
    rows_of_every_number_are_written,
    keys_in_two_columns_are_found,
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Note {
    #[orm(primary_key)]
    id: i64,
    #[orm(unique, max_length = 50)]
    text: String,
    #[orm(version)]
    version: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Page {
    #[orm(primary_key)]
    id: i64,
    title: Option<String>,
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Place {
    #[orm(primary_key)]
    row: i32,
    #[orm(primary_key)]
    seat: i32,
    guest: Option<String>,
}

fn notes() -> Schema {
    orm::schema![Note, Page, Place]
}

async fn add_notes(db: &Db, count: usize) -> Result<Vec<i64>> {
    let session = db.session();
    let notes = session.add_all((0..count).map(|number| Note::builder().text(format!("note {number}"))));
    session.commit().await?;
    Ok(notes.iter().map(|note| note.id).collect())
}

/// The texts in the order of the keys.
async fn texts(db: &Db) -> Result<Vec<String>> {
    Note::query().order_by(Note::id.asc()).select(Note::text).all(db).await
}

/// Somebody else's change of one row and removal of another.
async fn disturb(db: &Db, [changed, deleted]: [i64; 2]) -> Result<()> {
    Note::query().filter(Note::id.eq(changed)).set(Note::version, 7).update(db).await?;
    Note::query().filter(Note::id.eq(deleted)).delete(db).await?;
    Ok(())
}

fn assert_names(error: &Error, (named, others): (&[i64], &[i64])) {
    assert!(error.is_stale(), "{error}");
    let says = |id: &i64| error.to_string().contains(&format!("Note#{id}"));
    assert!(named.iter().all(says) && !others.iter().any(says), "{error}");
}

async fn stale_rows_are_named_and_no_row_is_changed(db: TestDb) -> Result<()> {
    let ids = add_notes(&db, 5).await?;
    let session = db.session();
    let notes = Note::query().order_by(Note::id.asc()).all(&session).await?;
    disturb(&db, [ids[1], ids[3]]).await?;
    notes.iter().for_each(|note| note.set(Note::text, format!("new {}", note.id)));
    let error = session.commit().await.expect_err("two rows are stale");
    assert_names(&error, (&[ids[1], ids[3]], &[ids[0], ids[2], ids[4]]));
    assert_eq!(texts(&db).await?, ["note 0", "note 1", "note 2", "note 4"]);

    session.rollback().await?;
    session.refresh(notes[1]).await?;
    for note in [notes[0], notes[1]] {
        note.set(Note::text, format!("newer {}", note.id));
    }
    session.commit().await?;
    assert_eq!((notes[0].version, notes[1].version), (2, 8));

    disturb(&db, [ids[0], ids[4]]).await?;
    notes[0].set(Note::text, "alone");
    let error = session.commit().await.expect_err("the row is stale");
    assert_names(&error, (&[ids[0]], &ids[1..]));
    assert!(!texts(&db).await?.contains(&"alone".to_owned()));
    Ok(())
}

async fn stale_rows_are_named_and_no_row_is_deleted(db: TestDb) -> Result<()> {
    let ids = add_notes(&db, 4).await?;
    let session = db.session();
    let notes = Note::query().order_by(Note::id.asc()).all(&session).await?;
    disturb(&db, [ids[1], ids[3]]).await?;
    notes.iter().for_each(|note| session.delete(*note));
    let error = session.commit().await.expect_err("two rows are stale");
    // Of rows that are gone after the statement, MariaDB cannot tell any more which ones it found.
    let named = if db.is(Database::MySql) { &[ids[1]][..] } else { &[ids[1], ids[3]] };
    assert_names(&error, (named, &[ids[0], ids[2]]));
    assert_eq!(texts(&db).await?, ["note 0", "note 1", "note 2"]);

    session.rollback().await?;
    session.delete(notes[1]);
    let error = session.commit().await.expect_err("the row is stale");
    assert_names(&error, (&[ids[1]], &[ids[0], ids[2], ids[3]]));

    session.rollback().await?;
    [notes[0], notes[2]].into_iter().for_each(|note| session.delete(note));
    session.commit().await?;
    assert_eq!(texts(&db).await?, ["note 1"]);
    Ok(())
}

async fn add_pages(session: &Session) -> Result<Vec<Entity<'_, Page>>> {
    let pages = session.add_all((0..3).map(|number| Page::builder().title(format!("page {number}"))));
    session.commit().await?;
    Ok(pages)
}

async fn titles(db: &Db) -> Result<Vec<Option<String>>> {
    Page::query().order_by(Page::id.asc()).select(Page::title).all(db).await
}

async fn a_row_that_is_gone_keeps_the_others_unchanged(db: TestDb) -> Result<()> {
    let session = db.session();
    let pages = add_pages(&session).await?;
    Page::query().filter(Page::id.eq(pages[1].id)).delete(&*db).await?;
    pages.iter().for_each(|page| page.set(Page::title, None));
    let error = session.commit().await.expect_err("one is gone");
    assert!(error.is_stale() && error.to_string().contains("Page#2"), "{error}");
    assert_eq!(titles(&db).await?, [Some("page 0".to_owned()), Some("page 2".to_owned())]);
    session.rollback().await?;
    pages[1].set(Page::title, None);
    assert!(session.commit().await.expect_err("it is gone").is_stale());
    Ok(())
}

async fn a_row_that_is_gone_may_be_deleted(db: TestDb) -> Result<()> {
    let session = db.session();
    let pages = add_pages(&session).await?;
    Page::query().filter(Page::id.eq(pages[1].id)).delete(&*db).await?;
    session.delete(pages[0]);
    session.delete(pages[1]);
    session.commit().await?;
    assert_eq!(titles(&db).await?, [Some("page 2".to_owned())]);
    assert_eq!(session.state(pages[1]), EntityState::Deleted);
    Ok(())
}

async fn what_a_refused_constraint_leaves_is_nothing(db: TestDb) -> Result<()> {
    let ids = add_notes(&db, 3).await?;
    let session = db.session();
    let notes = Note::query().order_by(Note::id.asc()).all(&session).await?;
    session.add_all(["new", "note 1", "newer"].map(|text| Note::builder().text(text)));
    let error = session.commit().await.expect_err("a text is there already");
    assert!(error.is_unique_violation() && error.to_string().contains("note 1"), "{error}");
    session.rollback().await?;
    notes[0].set(Note::text, "other");
    notes[2].set(Note::text, "note 1");
    let error = session.commit().await.expect_err("a text is there already");
    assert!(error.is_unique_violation() && error.to_string().contains(&format!("Note#{}", ids[2])), "{error}");
    assert_eq!(texts(&db).await?, ["note 0", "note 1", "note 2"]);
    Ok(())
}

/// Triggers that write down what was to be done to a row with a `-`, and leave it out.
fn triggers(database: Database) -> Vec<String> {
    let mut triggers = vec!["CREATE TABLE audit (what TEXT)".to_owned()];
    for (event, row) in [("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")] {
        let note = format!("INSERT INTO audit VALUES ({row}.text);");
        let when = format!("FOR EACH ROW WHEN ({row}.text LIKE '%-%')");
        if database == Database::Sqlite {
            triggers.push(format!(
                "CREATE TRIGGER no_{event} BEFORE {event} ON notes {when} BEGIN {note} SELECT RAISE(IGNORE); END"
            ));
            continue;
        }
        triggers.push(format!(
            "CREATE FUNCTION no_{event}() RETURNS trigger AS $$ BEGIN {note} RETURN NULL; END $$ LANGUAGE plpgsql"
        ));
        triggers
            .push(format!("CREATE TRIGGER no_{event} BEFORE {event} ON notes {when} EXECUTE FUNCTION no_{event}()"));
    }
    triggers
}

async fn a_row_that_a_trigger_left_out_leaves_nothing(db: TestDb) -> Result<()> {
    if db.is(Database::MySql) {
        // The triggers of most versions can refuse a row, but not leave it out.
        return Ok(());
    }
    let ids = add_notes(&db, 2).await?;
    let database = if db.is(Database::Sqlite) { Database::Sqlite } else { Database::Postgres };
    for statement in triggers(database) {
        db.execute(sql(statement)).await?;
    }
    for texts in [vec!["a-"], vec!["a", "b-", "c"]] {
        let session = db.session();
        let count = texts.len();
        session.add_all(texts.iter().map(|text| Note::builder().text(*text)));
        let error = session.commit().await.expect_err("a row is left out");
        assert!(error.to_string().contains(&format!("{count} rows were ")), "{error}");
    }
    let rows = ["a", "b-", "c"].map(|text| Note::builder().text(text));
    let error = Note::insert_many(rows).run(&*db).await.expect_err("a row is left out");
    assert!(error.to_string().contains("3 rows were "), "{error}");

    for changed in [&ids[..1], &ids[..]] {
        let session = db.session();
        let notes = Note::query().filter(Note::id.le(changed[changed.len() - 1])).all(&session).await?;
        notes.iter().for_each(|note| note.set(Note::text, format!("{}-", note.id)));
        assert!(session.commit().await.expect_err("the rows are left out").is_stale());
    }
    let audit: i64 = sql("SELECT count(*) FROM audit").one(&*db).await?;
    assert_eq!(audit, 0, "what the triggers wrote is undone too");
    assert_eq!(texts(&db).await?, ["note 0", "note 1"]);
    Ok(())
}

/// PostgreSQL has rules, and refuses some statements on tables that have them.
async fn rules_of_a_table_are_followed(db: TestDb) -> Result<()> {
    if !db.is(Database::Postgres) {
        return Ok(());
    }
    db.execute(sql("CREATE TABLE audit (what TEXT)")).await?;
    for (event, row) in [("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")] {
        let rule = format!(
            "CREATE RULE noted_{event} AS ON {event} TO notes DO ALSO INSERT INTO audit VALUES ('{event} ' || {row}.text)"
        );
        db.execute(sql(rule)).await?;
    }
    for count in [1, 3] {
        let session = db.session();
        let notes = session.add_all((0..count).map(|number| Note::builder().text(format!("{count}/{number}"))));
        session.commit().await?;
        notes.iter().for_each(|note| note.set(Note::text, format!("changed {}", note.id)));
        session.commit().await?;
        let changed: Vec<String> = notes.iter().map(|note| format!("changed {}", note.id)).collect();
        assert_eq!(texts(&db).await?, changed);
        Note::query().filter(Note::id.eq(notes[0].id)).set(Note::version, 9).update(&*db).await?;
        notes[0].set(Note::text, "stale");
        assert!(session.commit().await.expect_err("it is stale").is_stale());
        session.rollback().await?;
        session.refresh(notes[0]).await?;
        notes.iter().for_each(|note| session.delete(*note));
        session.commit().await?;
        assert!(texts(&db).await?.is_empty());
    }
    let noted: Vec<String> = sql("SELECT DISTINCT split_part(what, ' ', 1) FROM audit ORDER BY 1").all(&*db).await?;
    assert_eq!(noted, ["DELETE", "INSERT", "UPDATE"]);
    Ok(())
}

async fn rows_of_every_number_are_written(db: TestDb) -> Result<()> {
    for count in [1, 2, 3, 40] {
        let session = db.session();
        let ids = add_notes(&db, count).await?;
        let notes = Note::query().order_by(Note::id.asc()).all(&session).await?;
        assert_eq!(notes.iter().map(|note| note.id).collect::<Vec<_>>(), ids);
        notes.iter().for_each(|note| note.set(Note::text, format!("changed {}", note.id)));
        session.commit().await?;
        let changed: Vec<String> = ids.iter().map(|id| format!("changed {id}")).collect();
        assert_eq!(texts(&db).await?, changed);
        assert!(notes.iter().all(|note| note.version == 2));
        notes.iter().for_each(|note| session.delete(*note));
        session.commit().await?;
        assert!(texts(&db).await?.is_empty());
    }
    Ok(())
}

async fn keys_in_two_columns_are_found(db: TestDb) -> Result<()> {
    let session = db.session();
    let seats = (1..=3).flat_map(|row| [(row, 1), (row, 2)]);
    let places = session.add_all(seats.map(|(row, seat)| Place::builder().row(row).seat(seat)));
    session.commit().await?;
    places[1..5].iter().for_each(|place| place.set(Place::guest, Some(format!("{}/{}", place.row, place.seat))));
    session.commit().await?;
    let guests = Place::query().order_by((Place::row.asc(), Place::seat.asc())).select(Place::guest).all(&*db).await?;
    let guest = |name: &str| Some(name.to_owned());
    assert_eq!(guests, [None, guest("1/2"), guest("2/1"), guest("2/2"), guest("3/1"), None]);
    places[2..].iter().for_each(|place| session.delete(*place));
    session.commit().await?;
    assert_eq!(Place::query().count(&*db).await?, 2);
    places[0].set(Place::guest, guest("a"));
    Place::query().all_rows().delete(&*db).await?;
    let error = session.commit().await.expect_err("it is gone");
    assert!(error.is_stale() && error.to_string().contains("Place#(1, 1)"), "{error}");
    Ok(())
}
