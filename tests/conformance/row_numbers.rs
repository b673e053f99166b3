//! SQLite: keys that are the numbers of rows are told without `RETURNING`; whether a table's key is one is asked of the
//! database, whoever made the table.
use orm::{Db, DbOptions, Result, prelude::*, sql};
use orm_test_support::{Database, TestDatabase};

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "things")]
pub(crate) struct Thing {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(unique)]
    pub(crate) name: String,
    #[orm(default = 1)]
    pub(crate) size: i64,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "tickets")]
struct Ticket {
    #[orm(primary_key)]
    id: i32,
}

pub(crate) const ROW_NUMBERS: &str =
    "CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, size INTEGER CHECK (size > 0))";

/// Keys of 77 for all that do not say otherwise.
const OTHERS: [&str; 4] = [
    "CREATE TABLE things (id BIGINT PRIMARY KEY DEFAULT 77, name TEXT, size INTEGER)",
    "CREATE TABLE things (id INTEGER PRIMARY KEY DESC DEFAULT 77, name TEXT, size INTEGER)",
    "CREATE TABLE things (id INTEGER PRIMARY KEY DEFAULT 77, name TEXT, size INTEGER) WITHOUT ROWID",
    "CREATE TABLE things (id INTEGER DEFAULT 77, name TEXT, size INTEGER, PRIMARY KEY (id, name))",
];

pub(crate) async fn with(tables: &[&str]) -> Result<(TestDatabase, Db)> {
    let database = TestDatabase::new(Database::Sqlite).await.expect("a file");
    let db = Db::connect(DbOptions::new(database.url())).await?;
    for table in tables {
        db.execute(sql(*table)).await?;
    }
    Ok((database, db))
}

/// Inserts things and tells the keys that their entities have, which are those of the rows.
async fn insert(db: &Db, names: &[&str]) -> Result<Vec<i64>> {
    let session = db.session();
    let things = session.add_all(names.iter().map(|name| Thing::builder().name(*name)));
    session.commit().await?;
    let keys: Vec<i64> = things.iter().map(|thing| thing.id).collect();
    for (key, name) in keys.iter().zip(names) {
        let stored: i64 = sql("SELECT id FROM things WHERE name = ?").bind(*name).one(db).await?;
        assert_eq!(stored, *key, "the key of {name}");
    }
    Ok(keys)
}

#[tokio::test]
async fn keys_are_those_of_the_rows_before_and_after_it_is_known() -> Result<()> {
    let (_database, db) = with(&[ROW_NUMBERS]).await?;
    assert_eq!(insert(&db, &["a", "b"]).await?, [1, 2]);
    db.execute(sql("INSERT INTO things (id, name) VALUES (40, 'x')")).await?;
    assert_eq!(insert(&db, &["c", "d", "e"]).await?, [41, 42, 43]);
    assert_eq!(insert(&db, &["f"]).await?, [44]);
    Ok(())
}

#[tokio::test]
async fn rows_of_one_shape_are_one_statement_before_and_after_it_is_known() -> Result<()> {
    let (_database, db) = with(&[ROW_NUMBERS]).await?;
    let names: Vec<String> = (0..3_000).map(|number| number.to_string()).collect();
    let session = db.session();
    session.add(Thing::builder().name("first"));
    session.flush().await?;
    assert_eq!(session.statement_count(), 1);
    session.commit().await?;
    let things = session.add_all(names.iter().map(|name| Thing::builder().name(name)));
    session.flush().await?;
    assert_eq!(session.statement_count(), 2);
    things.iter().for_each(|thing| thing.set(Thing::size, thing.id));
    session.flush().await?;
    assert_eq!(session.statement_count(), 3);
    things.iter().for_each(|thing| session.delete(*thing));
    session.commit().await?;
    assert_eq!(session.statement_count(), 4);
    assert_eq!(Thing::query().count(&db).await?, 1);
    Ok(())
}

#[tokio::test]
async fn keys_that_are_no_row_numbers_come_back_as_they_are() -> Result<()> {
    for table in OTHERS {
        let (_database, db) = with(&[table]).await?;
        for name in ["a", "b", "c"] {
            assert_eq!(insert(&db, &[name]).await?, [77], "{table}");
            db.execute(sql("DELETE FROM things")).await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_table_that_is_made_anew_is_asked_anew() -> Result<()> {
    for table in OTHERS {
        let (_database, db) = with(&[ROW_NUMBERS]).await?;
        insert(&db, &["a"]).await?;
        insert(&db, &["b"]).await?;
        db.execute(sql("DROP TABLE things")).await?;
        db.execute(sql(table)).await?;
        assert_eq!(insert(&db, &["a"]).await?, [77], "{table}");
    }
    Ok(())
}

#[tokio::test]
async fn what_a_rolled_back_table_was_is_forgotten() -> Result<()> {
    for table in OTHERS {
        let (_database, db) = with(&[table]).await?;
        let session = db.session();
        session.execute(sql("DROP TABLE things")).await?;
        session.execute(sql(ROW_NUMBERS)).await?;
        let things = session.add_all(["a", "b"].map(|name| Thing::builder().name(name)));
        session.flush().await?;
        assert_eq!([things[0].id, things[1].id], [1, 2]);
        let third = session.add(Thing::builder().name("c"));
        session.flush().await?;
        assert_eq!(third.id, 3);
        session.rollback().await?;
        assert_eq!(insert(&db, &["a"]).await?, [77], "{table}");
    }
    Ok(())
}

#[tokio::test]
async fn what_a_table_was_within_a_savepoint_is_forgotten() -> Result<()> {
    let (_database, db) = with(&[OTHERS[1]]).await?;
    let session = db.session();
    let undone: Result<()> = session
        .savepoint(async || {
            session.execute(sql("DROP TABLE things")).await?;
            session.execute(sql(ROW_NUMBERS)).await?;
            session.add(Thing::builder().name("a"));
            session.flush().await?;
            Err(orm::Error::other("undo"))
        })
        .await;
    assert!(undone.is_err());
    session.commit().await?;
    assert_eq!(insert(&db, &["b"]).await?, [77]);
    Ok(())
}

#[tokio::test]
async fn triggers_do_not_disturb_keys() -> Result<()> {
    let log = "CREATE TABLE log (id INTEGER PRIMARY KEY, name TEXT)";
    let (_database, db) = with(&[ROW_NUMBERS, log, "INSERT INTO log (id) VALUES (1000)"]).await?;
    let trigger = "CREATE TRIGGER logged AFTER INSERT ON things BEGIN INSERT INTO log (name) VALUES (new.name); END";
    db.execute(sql(trigger)).await?;
    assert_eq!(insert(&db, &["a", "b"]).await?, [1, 2]);
    assert_eq!(insert(&db, &["c", "d"]).await?, [3, 4]);
    let logged: i64 = sql("SELECT max(id) FROM log").one(&db).await?;
    assert_eq!(logged, 1004);
    Ok(())
}

#[tokio::test]
async fn a_row_that_a_trigger_left_out_is_an_error() -> Result<()> {
    let (_database, db) = with(&[ROW_NUMBERS]).await?;
    let trigger = "CREATE TRIGGER no_b BEFORE INSERT ON things WHEN new.name = 'b' BEGIN SELECT RAISE(IGNORE); END";
    db.execute(sql(trigger)).await?;
    for _ in 0..2 {
        let error = insert(&db, &["a", "b"]).await.expect_err("b is left out");
        assert!(error.to_string().contains("2 rows were inserted, and 1 came back"), "{error}");
        insert(&db, &["c"]).await?;
        db.execute(sql("DELETE FROM things")).await?;
    }
    Ok(())
}

#[tokio::test]
async fn rows_of_nothing_but_defaults_get_their_keys() -> Result<()> {
    let (_database, db) = with(&["CREATE TABLE tickets (id INTEGER PRIMARY KEY AUTOINCREMENT)"]).await?;
    for first in [1, 4] {
        let session = db.session();
        let tickets = session.add_all((0..3).map(|_| Ticket::builder()));
        session.commit().await?;
        assert_eq!(tickets.iter().map(|ticket| ticket.id).collect::<Vec<_>>(), [first, first + 1, first + 2]);
    }
    Ok(())
}

#[tokio::test]
async fn a_key_that_does_not_fit_its_field_is_an_error() -> Result<()> {
    let (_database, db) = with(&["CREATE TABLE tickets (id INTEGER PRIMARY KEY)"]).await?;
    for known in [false, true] {
        if known {
            db.execute(sql("DELETE FROM tickets")).await?;
            let session = db.session();
            session.add(Ticket::builder());
            session.commit().await?;
        }
        db.execute(sql("INSERT INTO tickets VALUES (3000000000)")).await?;
        let session = db.session();
        session.add(Ticket::builder());
        let error = session.commit().await.expect_err("no i32");
        assert!(error.to_string().contains("3000000001"), "{error}");
        session.rollback().await?;
        assert_eq!(sql("SELECT count(*) FROM tickets").one::<i64>(&db).await?, 1 + i64::from(known));
    }
    Ok(())
}

#[tokio::test]
async fn the_row_that_was_refused_is_named_whatever_it_broke() -> Result<()> {
    let (_database, db) = with(&[ROW_NUMBERS]).await?;
    insert(&db, &["x"]).await?;
    let session = db.session();
    session.add_all([("a", 1), ("b", 0), ("c", 0)].map(|(name, size)| Thing::builder().name(name).size(size)));
    let error = session.flush().await.expect_err("0 is refused");
    assert!(error.is_check_violation(), "{error}");
    assert!(error.to_string().starts_with("inserting Thing (new), number 2 of 3 rows of things: "), "{error}");
    session.rollback().await?;
    session.add_all(["a", "x", "c"].map(|name| Thing::builder().name(name)));
    let error = session.flush().await.expect_err("x is taken");
    assert!(error.is_unique_violation() && error.to_string().contains("name = \"x\", one of 3 rows"), "{error}");
    session.rollback().await?;
    let things = session.add_all(["a", "b"].map(|name| Thing::builder().name(name)));
    session.commit().await?;
    things.iter().for_each(|thing| thing.set(Thing::size, if thing.name == "b" { 0 } else { 5 }));
    let error = session.flush().await.expect_err("0 is refused");
    assert_eq!(error.entity(), Some(format!("Thing#{}", things[1].id).as_str()), "{error}");
    session.rollback().await?;
    assert_eq!(Thing::query().count(&db).await?, 3, "nothing is half written");
    Ok(())
}

#[tokio::test]
async fn rows_inserted_without_a_session_are_kept_or_undone_together() -> Result<()> {
    let (_database, db) = with(&[ROW_NUMBERS]).await?;
    insert(&db, &["x"]).await?;
    let rows = |names: [&str; 3]| Thing::insert_many(names.map(|name| Thing::builder().name(name)));
    assert!(rows(["a", "b", "x"]).run(&db).await.is_err());
    assert_eq!(Thing::query().count(&db).await?, 1);
    let session = db.session();
    session.add(Thing::builder().name("y"));
    assert!(rows(["a", "b", "x"]).run(&session).await.is_err());
    assert_eq!(rows(["a", "b", "c"]).all(&session).await?.len(), 3);
    session.commit().await?;
    assert_eq!(Thing::query().count(&db).await?, 5);
    Ok(())
}
