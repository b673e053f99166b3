//! Many rows of one flush. On SQLite they are written several at a time: what each row did, and which one is refused, is told as
//! if they were written one by one.
use crate::row_numbers::{ROW_NUMBERS, Thing, with};
use orm::{Db, Result, prelude::*, sql};
use orm_test_support::TestDatabase;

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "drafts")]
struct Versioned {
    #[orm(primary_key)]
    id: i64,
    text: String,
    #[orm(version)]
    version: i64,
}

const DRAFTS: &str = "CREATE TABLE drafts (id INTEGER PRIMARY KEY, text TEXT NOT NULL, version INTEGER NOT NULL)";

const ROWS: usize = 100;
/// The first row, the last one, and those around the ends of what is written at a time.
const PLACES: [usize; 8] = [0, 1, 31, 32, 33, 64, 97, ROWS - 1];

/// A database in which it is known already what kind of a key things have: the first insert asks for it.
async fn with_things() -> Result<(TestDatabase, Db)> {
    let (database, db) = with(&[ROW_NUMBERS]).await?;
    let session = db.session();
    session.add(Thing::builder().name("first"));
    session.commit().await?;
    Ok((database, db))
}

fn things(session: &Session) -> Vec<Entity<'_, Thing>> {
    session.add_all((0..ROWS).map(|row| Thing::builder().name(format!("thing {row}"))))
}

/// The keys that the rows have in the database, by their names.
async fn stored(db: &Db) -> Result<Vec<i64>> {
    let keys = sql("SELECT id FROM things WHERE name LIKE 'thing %' ORDER BY CAST(substr(name, 7) AS INTEGER)");
    keys.all(db).await
}

#[tokio::test]
async fn each_row_has_its_key() -> Result<()> {
    let (_database, db) = with_things().await?;
    for _ in 0..2 {
        let session = db.session();
        let things = things(&session);
        session.flush().await?;
        assert_eq!(session.statement_count(), 1);
        session.commit().await?;
        assert_eq!(things.iter().map(|thing| thing.id).collect::<Vec<_>>(), stored(&db).await?);
        db.execute(sql("DELETE FROM things WHERE name LIKE 'thing %' AND id % 3 = 0")).await?;
        db.execute(sql("UPDATE things SET name = 'old ' || id WHERE name LIKE 'thing %'")).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_trigger_that_takes_numbers_in_between_does_not_mix_them_up() -> Result<()> {
    let log = "CREATE TABLE log (name TEXT)";
    let between = "CREATE TRIGGER taking AFTER INSERT ON things WHEN new.name IN ('thing 40', 'thing 41') BEGIN \
                   INSERT INTO things (name, size) VALUES ('copy of ' || new.name, 1); END";
    let logged = "CREATE TRIGGER logged AFTER INSERT ON things BEGIN INSERT INTO log VALUES (new.name); END";
    let (_database, db) = with_things().await?;
    db.execute(sql(log)).await?;
    db.execute(sql(between)).await?;
    db.execute(sql(logged)).await?;
    let session = db.session();
    let things = things(&session);
    session.commit().await?;
    assert_eq!(things.iter().map(|thing| thing.id).collect::<Vec<_>>(), stored(&db).await?);
    // Nothing that was tried another way before was done twice.
    assert_eq!(sql("SELECT count(*) FROM log").one::<i64>(&db).await?, ROWS as i64 + 2);
    Ok(())
}

#[tokio::test]
async fn keys_that_do_not_follow_each_other_come_back_as_they_are() -> Result<()> {
    let (_database, db) = with_things().await?;
    // SQLite tries numbers at random when the last one is taken.
    db.execute(sql("INSERT INTO things VALUES (?, 'last', 1)").bind(i64::MAX)).await?;
    let session = db.session();
    let things = things(&session);
    session.commit().await?;
    assert_eq!(things.iter().map(|thing| thing.id).collect::<Vec<_>>(), stored(&db).await?);
    Ok(())
}

#[tokio::test]
async fn whichever_row_is_refused_is_named_and_none_is_written() -> Result<()> {
    let (_database, db) = with_things().await?;
    for place in PLACES {
        let session = db.session();
        let rows = (0..ROWS).map(|row| (format!("thing {row}"), if row == place { 0 } else { 5 }));
        session.add_all(rows.map(|(name, size)| Thing::builder().name(name).size(size)));
        let error = session.flush().await.expect_err("0 is refused");
        let expected = format!("inserting Thing (new), number {} of {ROWS} rows of things: ", place + 1);
        assert!(error.is_check_violation() && error.to_string().starts_with(&expected), "{error}");
        session.rollback().await?;
        assert_eq!(Thing::query().count(&db).await?, 1);
    }
    Ok(())
}

#[tokio::test]
async fn whichever_row_cannot_be_changed_is_named_and_none_is_changed() -> Result<()> {
    let (_database, db) = with_things().await?;
    let session = db.session();
    let things = things(&session);
    session.commit().await?;
    for place in PLACES {
        for (row, thing) in things.iter().enumerate() {
            thing.set(Thing::size, if row == place { 0 } else { 5 });
        }
        let error = session.flush().await.expect_err("0 is refused");
        assert_eq!(error.entity(), Some(format!("Thing#{}", things[place].id).as_str()), "{error}");
        session.rollback().await?;
        assert_eq!(Thing::query().filter(Thing::size.eq(5)).count(&db).await?, 0);
    }
    things.iter().for_each(|thing| thing.set(Thing::size, thing.id * 10));
    session.flush().await?;
    session.commit().await?;
    assert_eq!(sql("SELECT count(*) FROM things WHERE size = id * 10").one::<i64>(&db).await?, ROWS as i64);
    Ok(())
}

#[tokio::test]
async fn whichever_row_is_gone_is_named() -> Result<()> {
    let (_database, db) = with_things().await?;
    for place in PLACES {
        let session = db.session();
        let things = things(&session);
        session.commit().await?;
        let gone = things[place].id;
        db.execute(sql("DELETE FROM things WHERE id = ?").bind(gone)).await?;
        things.iter().for_each(|thing| thing.set(Thing::size, 5));
        let error = session.flush().await.expect_err("one is gone");
        assert!(error.is_stale() && error.to_string().contains(&format!("Thing#{gone}")), "{error}");
        session.rollback().await?;
        db.execute(sql("DELETE FROM things WHERE name LIKE 'thing %'")).await?;
    }
    Ok(())
}

#[tokio::test]
async fn whichever_row_has_another_version_is_named() -> Result<()> {
    let (_database, db) = with(&[DRAFTS]).await?;
    for place in PLACES {
        let session = db.session();
        let drafts = session.add_all((0..ROWS).map(|row| Versioned::builder().text(row.to_string())));
        session.commit().await?;
        let other = drafts[place].id;
        db.execute(sql("UPDATE drafts SET version = version + 1 WHERE id = ?").bind(other)).await?;
        drafts.iter().for_each(|draft| draft.set(Versioned::text, "changed"));
        let error = session.flush().await.expect_err("one was changed");
        assert!(error.is_stale() && error.to_string().contains(&format!("Versioned#{other}")), "{error}");
        session.rollback().await?;
        session.refresh(drafts[place]).await?;
        drafts.iter().for_each(|draft| draft.set(Versioned::text, "changed"));
        session.commit().await?;
        let all = sql("SELECT count(*) FROM drafts WHERE text = 'changed' AND version = 2 + (id = ?)").bind(other);
        assert_eq!(all.one::<i64>(&db).await?, ROWS as i64);
        db.execute(sql("DELETE FROM drafts")).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_row_that_a_trigger_left_out_is_an_error() -> Result<()> {
    let (_database, db) = with_things().await?;
    let trigger =
        "CREATE TRIGGER none BEFORE INSERT ON things WHEN new.name = 'thing 50' BEGIN SELECT RAISE(IGNORE); END";
    db.execute(sql(trigger)).await?;
    let session = db.session();
    things(&session);
    let error = session.flush().await.expect_err("it is left out");
    assert!(error.to_string().contains("100 rows were inserted, and 99 came back"), "{error}");
    session.rollback().await?;
    assert_eq!(Thing::query().count(&db).await?, 1);
    Ok(())
}

#[tokio::test]
async fn rows_inserted_without_a_session_get_their_keys_too() -> Result<()> {
    let (_database, db) = with_things().await?;
    let rows = || Thing::insert_many((0..ROWS).map(|row| Thing::builder().name(format!("thing {row}"))));
    let inserted = rows().all(&db).await?;
    assert_eq!(inserted.iter().map(|thing| thing.id).collect::<Vec<_>>(), stored(&db).await?);
    assert!(rows().run(&db).await.is_err());
    assert_eq!(Thing::query().count(&db).await?, ROWS as u64 + 1);
    Ok(())
}
