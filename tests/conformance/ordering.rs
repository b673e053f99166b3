//! The order and the number of a flush's statements, where nothing but foreign keys decides; versions.
use crate::models::{Author, Post, Setting, blog, records};
use orm::{Result, prelude::*, schema::Schema};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    stock:
    bare_foreign_keys_order_tables_and_rows,
    updates_and_deletes_go_by_key,
    a_change_inside_a_value_is_written,
    collections_do_not_count_as_a_change_of_their_owner,
    a_version_can_be_given,
    a_row_that_others_name_one_sidedly_is_left_to_the_database,
    two_rows_of_two_columns_are_two_statements,
    the_second_writer_reads_again_and_succeeds,
    a_row_can_name_itself_by_a_key_of_its_own,
    rows_that_name_each_other_by_keys_of_their_own_are_completed,
}

mod inserts {
    use super::*;

    on_every_database! { blog: a_parent_and_its_children_are_two_statements }

    async fn a_parent_and_its_children_are_two_statements(db: TestDb) -> Result<()> {
        let session = db.session();
        let posts = ["b1", "b2", "b3"].map(|title| Post::builder().title(title));
        let (author, sent) = statements!(session, session.add(Author::builder().name("A").posts(posts)));
        assert_eq!(sent, 0);
        assert_eq!(statements!(session, session.commit().await?).1, 2);
        let stored = Post::query().order_by(Post::id.asc()).select((Post::title, Post::author_id)).all(&*db).await?;
        let expected = ["b1", "b2", "b3"].map(|title| (title.to_owned(), Some(author.id)));
        assert_eq!(stored, expected);
        Ok(())
    }
}

mod shapes {
    use super::*;

    on_every_database! { records: rows_with_keys_of_the_database_keep_their_order_over_shapes }

    async fn rows_with_keys_of_the_database_keep_their_order_over_shapes(db: TestDb) -> Result<()> {
        let session = db.session();
        let note = |note: &str| Setting::builder().note(note.to_owned());
        session.add_all([note("1"), note("2"), Setting::builder().size(5), note("3"), note("4").size(6)]);
        session.add_all([note("5"), note("6")]);
        let (_, sent) = statements!(session, session.commit().await?);
        // A note that is not given is null, which is a value: it is not a shape of its own.
        assert_eq!(sent, 5);
        let stored = Setting::query().order_by(Setting::id.asc()).select((Setting::note, Setting::size));
        let rows = [("1", 7), ("2", 7), ("", 5), ("3", 7), ("4", 6), ("5", 7), ("6", 7)];
        let rows = rows.map(|(note, size)| ((!note.is_empty()).then(|| note.to_owned()), size));
        assert_eq!(stored.all(&*db).await?, rows);
        Ok(())
    }
}

fn stock() -> Schema {
    orm::schema![Depot, Crate, Sheet, Line, Tag]
}

#[derive(Model, Clone, Debug)]
struct Depot {
    #[orm(primary_key, max_length = 10)]
    code: String,
    /// A key of the table's own, with no relationship.
    #[orm(references = Depot::code, max_length = 10)]
    main: Option<String>,
}

#[derive(Model, Clone, Debug)]
struct Crate {
    #[orm(primary_key)]
    id: i64,
    #[orm(references = Depot::code, max_length = 10)]
    depot: String,
}

#[derive(Model, Clone, Debug)]
struct Sheet {
    #[orm(primary_key)]
    id: i64,
    text: String,
    notes: Json<Vec<String>>,
    #[orm(version)]
    version: i64,
    #[orm(back_populates = sheet)]
    lines: HasMany<Line>,
    #[orm(through("sheet_tags", sheet_id, tag_id), back_populates = sheets)]
    tags: ManyToMany<Tag>,
}

#[derive(Model, Clone, Debug)]
struct Line {
    #[orm(primary_key)]
    id: i64,
    text: String,
    #[orm(default = 0)]
    rank: i32,
    sheet_id: Option<i64>,
    #[orm(back_populates = lines)]
    sheet: BelongsTo<Option<Sheet>>,
}

#[derive(Model, Clone, Debug)]
struct Tag {
    #[orm(primary_key)]
    id: i64,
    #[orm(through("sheet_tags", tag_id, sheet_id), back_populates = tags)]
    sheets: ManyToMany<Sheet>,
}

fn sheet(text: &str) -> Sheet {
    Sheet::builder().text(text).notes(Json(Vec::new())).build()
}

async fn bare_foreign_keys_order_tables_and_rows(db: TestDb) -> Result<()> {
    let session = db.session();
    let added = session.add(Crate::builder().depot("b"));
    let below = session.add(Depot::builder().code("b").main("a".to_owned()));
    let main = session.add(Depot::builder().code("a"));
    session.commit().await?;
    session.delete(main);
    session.delete(below);
    session.delete(added);
    session.commit().await?;
    assert_eq!(Depot::query().count(&*db).await?, 0);
    Ok(())
}

async fn updates_and_deletes_go_by_key(db: TestDb) -> Result<()> {
    let session = db.session();
    let depots = session.add_all(["c", "a", "b"].map(|code| Depot::builder().code(code)));
    session.commit().await?;
    depots.iter().for_each(|depot| depot.set(Depot::main, "a".to_owned()));
    let plan = session.plan()?.to_string();
    assert_eq!(plan, r#"update depots ×3 (main) ["a", "b", "c"]"#);
    session.rollback().await?;
    depots.iter().for_each(|depot| session.delete(*depot));
    assert_eq!(session.plan()?.to_string(), r#"delete depots ×3 ["a", "b", "c"]"#);
    session.commit().await
}

async fn a_change_inside_a_value_is_written(db: TestDb) -> Result<()> {
    let session = db.session();
    let sheet = session.add(sheet("s"));
    session.commit().await?;
    sheet.update(|sheet| sheet.notes.0.push("n".to_owned()));
    assert_eq!(statements!(session, session.commit().await?).1, 1);
    assert_eq!(Sheet::query().one(&*db).await?.notes.0, ["n"]);
    Ok(())
}

async fn collections_do_not_count_as_a_change_of_their_owner(db: TestDb) -> Result<()> {
    let session = db.session();
    let sheet = session.add(sheet("s"));
    session.commit().await?;
    sheet.lines().push(Line::builder().text("l"))?;
    sheet.tags().push(Tag::builder())?;
    session.commit().await?;
    assert_eq!((sheet.version, Sheet::query().one(&*db).await?.version), (1, 1));
    sheet.set(Sheet::text, "t");
    session.commit().await?;
    assert_eq!(sheet.version, 2);
    Ok(())
}

async fn a_version_can_be_given(db: TestDb) -> Result<()> {
    let session = db.session();
    let sheet = session.add(Sheet { version: 40, ..sheet("s") });
    session.commit().await?;
    sheet.update(|sheet| (sheet.text, sheet.version) = ("t".into(), 50));
    session.commit().await?;
    assert_eq!((sheet.version, Sheet::query().one(&*db).await?.version), (50, 50));
    sheet.set(Sheet::text, "u");
    session.commit().await?;
    assert_eq!(Sheet::query().one(&*db).await?.version, 51);
    Ok(())
}

async fn a_row_that_others_name_one_sidedly_is_left_to_the_database(db: TestDb) -> Result<()> {
    let session = db.session();
    let depot = session.add(Depot::builder().code("a"));
    session.add(Crate::builder().depot("a"));
    session.commit().await?;
    session.delete(depot);
    let (error, sent) = statements!(session, session.commit().await.expect_err("a crate names it"));
    assert!(error.is_foreign_key_violation() && sent == 1, "{error}");
    assert_eq!(error.entity(), Some("Depot#\"a\""));
    session.rollback().await
}

async fn two_rows_of_two_columns_are_two_statements(db: TestDb) -> Result<()> {
    let session = db.session();
    let lines = session.add_all(["1", "2", "3"].map(|text| Line::builder().text(text)));
    session.commit().await?;
    lines[0].set(Line::text, "1");
    assert_eq!(statements!(session, session.flush().await?).1, 0, "the same value");
    lines[0].set(Line::text, "z");
    assert!(session.is_modified(lines[0]));
    lines[0].set(Line::text, "1");
    assert_eq!(statements!(session, session.flush().await?).1, 0, "there and back");
    lines[0].set(Line::text, "q");
    lines[1].set(Line::text, "q");
    assert_eq!(statements!(session, session.flush().await?).1, 1, "one column of two rows");
    lines[0].set(Line::rank, 1);
    lines[2].set(Line::text, "r");
    assert_eq!(statements!(session, session.commit().await?).1, 2, "two columns");
    let stored = Line::query().order_by(Line::id.asc()).select((Line::text, Line::rank)).all(&*db).await?;
    assert_eq!(stored, [("q".to_owned(), 1), ("q".to_owned(), 0), ("r".to_owned(), 0)]);
    Ok(())
}

async fn the_second_writer_reads_again_and_succeeds(db: TestDb) -> Result<()> {
    let (first, second) = (db.session(), db.session());
    first.add(sheet("s"));
    first.commit().await?;
    let theirs = second.get_one::<Sheet>(1).await?;
    let mine = Sheet::query().one(&first).await?;
    mine.set(Sheet::text, "a");
    assert_eq!(statements!(first, first.commit().await?).1, 1);
    theirs.set(Sheet::text, "b");
    let error = second.commit().await.expect_err("its version is 2 by now");
    assert!(error.is_stale() && error.entity() == Some("Sheet#1"), "{error}");
    second.rollback().await?;
    assert_eq!(Sheet::query().one(&second).await?, theirs);
    assert_eq!((theirs.text.as_str(), theirs.version), ("a", 2));
    theirs.set(Sheet::text, "b");
    second.commit().await?;
    assert_eq!(theirs.version, 3);
    second.delete(theirs);
    second.commit().await?;
    assert_eq!(Sheet::query().count(&*db).await?, 0);
    Ok(())
}

async fn a_row_can_name_itself_by_a_key_of_its_own(db: TestDb) -> Result<()> {
    let session = db.session();
    session.add(Depot::builder().code("a").main("a".to_owned()));
    assert_eq!(session.plan()?.len(), 1);
    session.commit().await?;
    assert_eq!(Depot::query().one(&*db).await?.main.as_deref(), Some("a"));
    Ok(())
}

async fn rows_that_name_each_other_by_keys_of_their_own_are_completed(db: TestDb) -> Result<()> {
    let session = db.session();
    session.add(Depot::builder().code("a").main("b".to_owned()));
    session.add(Depot::builder().code("b").main("a".to_owned()));
    session.commit().await?;
    let stored = Depot::query().order_by(Depot::code.asc()).select(Depot::main).all(&*db).await?;
    assert_eq!(stored, [Some("b".to_owned()), Some("a".to_owned())]);
    Depot::query().all(&session).await?.into_iter().for_each(|depot| session.delete(depot));
    session.commit().await?;
    assert_eq!(Depot::query().count(&*db).await?, 0);
    Ok(())
}
