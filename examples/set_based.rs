//! Many rows at once: set-based updates and deletes, inserts of many rows, upserts, and SQL of your own.
//!
//! None of them loads a row. What a session has in memory follows all the same, and what is not flushed yet is written before.
use orm::prelude::*;

#[derive(Model, Clone, Debug)]
struct Song {
    #[orm(primary_key)]
    id: i64,
    // The unique column by which an upsert finds the song that is there.
    #[orm(unique, max_length = 100)]
    title: String,
    #[orm(default = 0)]
    plays: i64,
    #[orm(default = false)]
    archived: bool,
    // Counts the changes of the row, those of set-based writes too.
    #[orm(version)]
    version: i64,
}

/// Columns of a result, found by their names.
#[derive(Embedded, Clone, Debug)]
struct Line {
    title: String,
    share: f64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> orm::Result<()> {
    let db = Db::connect("sqlite::memory:").await?;
    orm::schema![Song].create_all(&db).await?;

    // One INSERT for all of them, which gives the keys back in the order of the rows. No session is needed.
    let titles = ["Intro", "Verse", "Bridge", "Outro"];
    let songs = Song::insert_many(titles.map(|title| Song::builder().title(title))).all(&db).await?;
    assert_eq!(songs.iter().map(|song| song.title.as_str()).collect::<Vec<_>>(), titles);

    // Upsert: what is there counts on, what is not is inserted. One statement, so that nobody comes in between.
    let played = [("Verse", 3), ("Chorus", 5)].map(|(title, plays)| Song::builder().title(title).plays(plays));
    let sum = Song::plays + orm::given(Song::plays);
    let counted = Song::insert_many(played).on_conflict(Song::title).set(Song::plays, sum).run(&db).await?;
    assert_eq!(counted, 2);

    let session = db.session();
    let all = Song::query().order_by(Song::id).all(&session).await?;
    let (verse, outro) = (all[1], all[3]);

    // A set-based update: one statement, and the entities in memory have the new values.
    let before = session.statement_count();
    let archived = Song::query().filter(Song::plays.eq(0)).set(Song::archived, true).update(&session).await?;
    assert_eq!((archived, outro.archived, verse.archived), (3, true, false));
    assert_eq!(session.statement_count() - before, 1, "memory could tell which rows were hit");

    // What only the database can compute comes back with the statement.
    Song::query().filter(Song::id.eq(verse.id)).set(Song::title, Song::title.upper()).update(&session).await?;
    assert_eq!(verse.title, "VERSE");

    // A set-based delete; a rollback brings the entity back.
    assert_eq!(Song::query().filter(Song::archived.eq(true)).delete(&session).await?, 3);
    assert!(!session.contains(outro));
    session.rollback().await?;
    assert!(session.contains(outro) && !outro.archived && verse.title == "Verse");

    // SQL of your own: `?` on every database, values bound, rows as tuples, values, entities or structs of columns.
    let lines: Vec<Line> = orm::sql("SELECT title, plays * 1.0 / 8 AS share FROM songs WHERE plays > ? ORDER BY plays")
        .bind(2)
        .all(&session)
        .await?;
    println!("{lines:?}");
    let songs = orm::sql("SELECT * FROM songs WHERE title = ?").bind("Verse").entities::<Song>(&session).await?;
    assert_eq!(songs, [verse]);
    session.execute(orm::sql("UPDATE songs SET plays = plays + ?").bind(1)).await?;
    session.commit().await?;
    session.refresh(verse).await?;
    println!("{} was played {} times", verse.title, verse.plays);
    Ok(())
}
