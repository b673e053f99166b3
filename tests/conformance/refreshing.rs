//! Reading rows again on purpose: what is lost, what comes along, and locked rows of another version.
use crate::{
    fixtures::{shop_with, users},
    models::*,
};
use orm::{Result, prelude::*, schema::Schema};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    shop:
    only_what_is_stored_is_read_again,
    refresh_leaves_relationships_that_it_is_not_asked_for,
    refreshing_a_relationship_flushes_changes_of_its_rows,
    one_query_after_a_commit_reads_all_entities_again,
}

on_every_database! {
    keys:
    an_entity_with_a_changed_key_is_read_by_the_key_that_is_stored,
}

on_every_database! {
    sheets:
    refresh_reads_deferred_columns_that_are_in_memory,
    refresh_forgets_a_deferred_column_that_was_only_set,
    refresh_loads_along_what_attributes_say,
}

on_every_database! {
    records:
    a_locked_row_must_have_the_version_in_memory,
    a_lock_reads_again_what_an_earlier_transaction_read,
    changes_of_an_old_version_stay_stale,
}

/// Deferred columns, and a relationship that is loaded with every query.
fn sheets() -> Schema {
    orm::schema![Sheet, SheetLine]
}

#[derive(Model, Clone, Debug)]
struct Sheet {
    #[orm(primary_key)]
    id: i64,
    title: String,
    body: Deferred<String>,
    #[orm(back_populates = sheet, load = "selectin")]
    lines: HasMany<SheetLine>,
}

#[derive(Model, Clone, Debug)]
struct SheetLine {
    #[orm(primary_key)]
    id: i64,
    text: String,
    sheet_id: i64,
    #[orm(back_populates = lines)]
    sheet: BelongsTo<Sheet>,
}

async fn sheet(db: &Db) -> Result<i64> {
    let session = db.session();
    let sheet = session.add(Sheet::builder().title("t").body("b").lines([SheetLine::builder().text("1")]));
    session.commit().await?;
    Ok(sheet.id)
}

async fn only_what_is_stored_is_read_again(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    let added = session.add(Role::builder().name("new"));
    let error = session.refresh(added).await.expect_err("it is not written yet");
    assert!(error.to_string().contains("flush before"), "{error}");
    session.expunge(added);
    let error = session.refresh(added).await.expect_err("it is not part of the session");
    assert!(error.to_string().contains("session.add"), "{error}");
    let user = users().one(&session).await?;
    session.delete(user);
    assert!(session.refresh(user).await.expect_err("it is to be deleted").is_deleted());
    session.flush().await?;
    assert!(session.refresh_with(user, User::orders).await.expect_err("it is deleted").is_deleted());
    let stranger = db.session().add(User::builder().email("x")).handle();
    assert!(session.entity(stranger).expect_err("another session's").is_wrong_session());
    session.rollback().await
}

async fn refresh_leaves_relationships_that_it_is_not_asked_for(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let session = db.session();
    let user = users().one(&session).await?;
    let (_, sent) = statements!(session, session.refresh(user).await?);
    assert_eq!((sent, user.orders().is_loaded()), (1, false));
    user.orders().await?;
    let other = db.session();
    other.add(Order::builder().user_id(user.id));
    other.commit().await?;
    let (_, sent) = statements!(session, session.refresh(user).await?);
    assert_eq!((sent, user.orders().loaded()?.len()), (1, 1));
    let (_, sent) = statements!(session, session.refresh_with(user, User::orders).await?);
    assert_eq!((sent, user.orders().loaded()?.len()), (2, 2));
    Ok(())
}

async fn refreshing_a_relationship_flushes_changes_of_its_rows(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let session = db.session();
    let user = users().with(User::orders).one(&session).await?;
    let order = user.orders().loaded()?.first().expect("one was added");
    user.set(User::name, "lost");
    order.set(Order::status, "kept");
    let pushed = user.orders().push(Order::builder())?;
    session.refresh_with(user, User::orders).await?;
    assert_eq!((user.name.as_deref(), order.status.as_str()), (Some("user 0"), "kept"));
    assert_eq!(user.orders().loaded()?.iter().collect::<Vec<_>>(), [order, pushed]);
    assert!(!session.has_changes());
    session.rollback().await
}

async fn one_query_after_a_commit_reads_all_entities_again(db: TestDb) -> Result<()> {
    shop_with(&db, 3, 0).await?;
    let session = db.session();
    let all = users().all(&session).await?;
    session.commit().await?;
    User::query().all_rows().set(User::credit, 99).update(&*db).await?;
    let (_, sent) = statements!(session, users().all(&session).await?);
    assert_eq!((all.iter().map(|user| user.credit).collect::<Vec<_>>(), sent), (vec![99; 3], 1));
    Ok(())
}

async fn an_entity_with_a_changed_key_is_read_by_the_key_that_is_stored(db: TestDb) -> Result<()> {
    let session = db.session();
    let country = session.add(Country::builder().code("DE").name("Germany"));
    session.commit().await?;
    country.set(Country::code, "XX");
    session.refresh(country).await?;
    assert_eq!((country.code.as_str(), session.has_changes()), ("DE", false));
    let (found, sent) = statements!(session, session.get::<Country>("DE").await?);
    assert_eq!((found, sent), (Some(country), 0));
    Ok(())
}

async fn refresh_reads_deferred_columns_that_are_in_memory(db: TestDb) -> Result<()> {
    let id = sheet(&db).await?;
    let session = db.session();
    let sheet = session.get_one::<Sheet>(id).await?;
    session.refresh(sheet).await?;
    assert!(!sheet.body.is_loaded(), "what was left out stays out");
    Sheet::query().with(Sheet::body).one(&session).await?;
    let other = db.session();
    other.get_one::<Sheet>(id).await?.set(Sheet::body, "new");
    other.commit().await?;
    session.refresh(sheet).await?;
    assert_eq!(sheet.body.loaded()?, "new");
    Ok(())
}

async fn refresh_forgets_a_deferred_column_that_was_only_set(db: TestDb) -> Result<()> {
    let id = sheet(&db).await?;
    let session = db.session();
    let sheet = session.get_one::<Sheet>(id).await?;
    sheet.set(Sheet::body, "mine");
    session.refresh(sheet).await?;
    assert!(!sheet.body.is_loaded() && !session.has_changes());
    Ok(())
}

async fn refresh_loads_along_what_attributes_say(db: TestDb) -> Result<()> {
    let id = sheet(&db).await?;
    let session = db.session();
    let sheet = session.get_one::<Sheet>(id).await?;
    let line = sheet.lines().loaded()?.first().expect("one was added");
    let other = db.session();
    other.add(SheetLine::builder().text("2").sheet_id(id));
    other.get_one::<SheetLine>(line.id).await?.set(SheetLine::text, "new");
    other.commit().await?;
    let (_, sent) = statements!(session, session.refresh(sheet).await?);
    assert_eq!((sheet.lines().loaded()?.len(), line.text.as_str(), sent), (2, "new", 2));
    Ok(())
}

async fn document(db: &Db) -> Result<i64> {
    let session = db.session();
    let document = session.add(Document::builder().title("first"));
    session.commit().await?;
    Ok(document.id)
}

/// Somebody else writes the next version.
async fn rewrite(db: &Db, id: i64) -> Result<()> {
    let session = db.session();
    session.get_one::<Document>(id).await?.set(Document::title, "second");
    session.commit().await
}

async fn a_locked_row_must_have_the_version_in_memory(db: TestDb) -> Result<()> {
    let id = document(&db).await?;
    let session = db.session();
    let read = session.get_one::<Document>(id).await?;
    let locked = || Document::query().filter(Document::id.eq(id)).for_update();
    assert_eq!(locked().one(&session).await?, read);
    session.rollback().await?;
    session.refresh(read).await?;
    rewrite(&db, id).await?;
    let error = locked().one(&session).await.expect_err("somebody else wrote it");
    assert!(error.is_stale() && error.entity() == Some(&format!("Document#{id}")), "{error:?}");
    assert!(error.to_string().contains("session.refresh"), "{error}");
    assert_eq!(locked().refresh_existing().one(&session).await?.title, "second");
    assert_eq!(locked().one(&session).await?.version, read.version);
    session.rollback().await
}

async fn a_lock_reads_again_what_an_earlier_transaction_read(db: TestDb) -> Result<()> {
    let id = document(&db).await?;
    let session = db.session();
    let read = session.get_one::<Document>(id).await?;
    session.commit().await?;
    rewrite(&db, id).await?;
    let locked = Document::query().filter(Document::id.eq(id)).for_update().one(&session).await?;
    assert_eq!((locked, read.title.as_str()), (read, "second"));
    session.rollback().await
}

async fn changes_of_an_old_version_stay_stale(db: TestDb) -> Result<()> {
    let id = document(&db).await?;
    let session = db.session();
    let read = session.get_one::<Document>(id).await?;
    session.commit().await?;
    read.set(Document::body, "mine");
    rewrite(&db, id).await?;
    session.no_autoflush(async || Document::query().all(&session).await).await?;
    assert_eq!((read.title.as_str(), read.body.as_deref()), ("first", Some("mine")));
    let lock = session.no_autoflush(async || Document::query().for_update().all(&session).await).await;
    assert!(lock.expect_err("somebody else wrote it").is_stale());
    assert!(session.commit().await.expect_err("somebody else wrote it").is_stale());
    session.rollback().await?;
    Document::query().all(&session).await?;
    assert_eq!((read.title.as_str(), read.body.as_deref()), ("second", None));
    Ok(())
}
