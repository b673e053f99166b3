//! An entity is deleted and another one with its key is added in the same flush: the row stays and is updated.
use orm::{EntityState, Result, prelude::*, schema::Schema};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    items:
    a_deleted_and_added_key_is_one_update,
    a_value_switches_all_columns,
    null_is_given_and_written,
    a_switched_version_is_checked_and_counted,
    a_switched_time_of_creation_stays,
    rolling_a_switch_back_restores_both,
    children_of_the_switched_row_follow_their_cascade,
    children_of_the_new_entity_are_added_to_the_row,
    links_of_the_switched_row_are_replaced,
    a_switched_row_gives_its_unique_value_away,
    a_switch_of_nothing_but_the_key_keeps_the_row,
}

fn items() -> Schema {
    orm::schema![Item, Part, Label, Record]
}

#[derive(Model, Clone, Debug)]
struct Item {
    #[orm(primary_key)]
    id: i64,
    name: Option<String>,
    note: Option<String>,
    #[orm(unique, max_length = 20)]
    code: Option<String>,
    #[orm(default = 1)]
    count: i32,
    #[orm(back_populates = item, cascade(all, delete_orphan))]
    parts: HasMany<Part>,
    #[orm(through("item_labels", item_id, label_id), back_populates = items)]
    labels: ManyToMany<Label>,
}

#[derive(Model, Clone, Debug)]
struct Part {
    #[orm(primary_key)]
    id: i64,
    item_id: i64,
    #[orm(back_populates = parts)]
    item: BelongsTo<Item>,
}

#[derive(Model, Clone, Debug)]
struct Label {
    #[orm(primary_key)]
    id: i64,
    #[orm(through("item_labels", label_id, item_id), back_populates = labels)]
    items: ManyToMany<Item>,
}

#[derive(Model, Clone, Debug)]
struct Record {
    #[orm(primary_key, max_length = 10)]
    code: String,
    text: String,
    #[orm(version)]
    version: i32,
    #[orm(created_at)]
    created: chrono::DateTime<chrono::Utc>,
    #[orm(updated_at)]
    updated: chrono::DateTime<chrono::Utc>,
}

async fn with_item(db: &Db) -> Result<()> {
    let session = db.session();
    let parts = [Part::builder(), Part::builder()];
    let item = Item::builder().name("old").note("keep?").code("c").count(5).parts(parts).labels([Label::builder()]);
    session.add(item);
    session.commit().await
}

async fn stored(db: &Db) -> Result<Item> {
    Item::query().one(db).await
}

async fn a_deleted_and_added_key_is_one_update(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(Item::builder().name("old").note("keep?"));
    writing.commit().await?;
    let session = db.session();
    let old = session.get_one::<Item>(1).await?;
    old.parts().await?;
    session.delete(old);
    let new = session.add(Item::builder().id(1).name("new"));
    let plan = session.plan()?.to_string();
    insta::allow_duplicates! {
        insta::assert_snapshot!(plan, @r"
        unlink Item::labels ×1
        update items ×1 (name) [1]
        ");
    }
    session.flush().await?;
    assert_eq!([old, new].map(|item| session.state(item)), [EntityState::Deleted, EntityState::Persistent]);
    assert_eq!(
        (new.name.as_deref(), new.note.as_deref(), old.name.as_deref()),
        (Some("new"), Some("keep?"), Some("old"))
    );
    assert_eq!(session.get_one::<Item>(1).await?, new);
    session.commit().await?;
    let stored = stored(&db).await?;
    assert_eq!((stored.name.as_deref(), stored.note.as_deref(), stored.count), (Some("new"), Some("keep?"), 1));
    new.set(Item::note, "changed".to_owned());
    assert_eq!(statements!(session, session.commit().await?).1, 1);
    Ok(())
}

async fn a_value_switches_all_columns(db: TestDb) -> Result<()> {
    with_item(&db).await?;
    let session = db.session();
    session.delete(session.get_one::<Item>(1).await?);
    session.add(Item { id: 1, name: Some("new".into()), ..Item::builder().build() });
    session.commit().await?;
    let stored = stored(&db).await?;
    assert_eq!((stored.name.as_deref(), stored.note, stored.code, stored.count), (Some("new"), None, None, 1));
    Ok(())
}

async fn null_is_given_and_written(db: TestDb) -> Result<()> {
    with_item(&db).await?;
    let session = db.session();
    session.delete(session.get_one::<Item>(1).await?);
    session.add(Item::builder().id(1).note(None));
    session.commit().await?;
    let stored = stored(&db).await?;
    assert_eq!((stored.name.as_deref(), stored.note, stored.count), (Some("old"), None, 5));
    Ok(())
}

async fn with_record(db: &Db) -> Result<Record> {
    let session = db.session();
    session.add(Record::builder().code("a").text("old"));
    session.commit().await?;
    Record::query().one(db).await
}

async fn a_switched_version_is_checked_and_counted(db: TestDb) -> Result<()> {
    with_record(&db).await?;
    let (session, other) = (db.session(), db.session());
    let old = session.get_one::<Record>("a").await?;
    other.delete(other.get_one::<Record>("a").await?);
    other.add(Record::builder().code("a").text("other"));
    other.commit().await?;
    assert_eq!(Record::query().one(&*db).await?.version, 2);
    session.delete(old);
    session.add(Record::builder().code("a").text("new"));
    let error = session.commit().await.expect_err("its version is 2 by now");
    assert!(error.is_stale() && error.to_string().contains("Record#\"a\""), "{error}");
    session.rollback().await?;
    assert_eq!(
        (session.state(old), Record::query().one(&*db).await?.text.as_str()),
        (EntityState::Persistent, "other")
    );
    Ok(())
}

async fn a_switched_time_of_creation_stays(db: TestDb) -> Result<()> {
    let before = with_record(&db).await?;
    let session = db.session();
    session.delete(session.get_one::<Record>("a").await?);
    let new = session.add(Record::builder().code("a").text("new"));
    session.commit().await?;
    let stored = Record::query().one(&*db).await?;
    assert_eq!((stored.created, new.created, new.version), (before.created, before.created, stored.version));
    assert!(stored.updated >= before.updated && stored.updated == new.updated);
    Ok(())
}

async fn rolling_a_switch_back_restores_both(db: TestDb) -> Result<()> {
    with_item(&db).await?;
    let session = db.session();
    let old = session.get_one::<Item>(1).await?;
    session.delete(old);
    let new = session.add(Item::builder().id(1).name("new"));
    session.flush().await?;
    session.rollback().await?;
    assert_eq!([old, new].map(|item| session.state(item)), [EntityState::Persistent, EntityState::Transient]);
    assert_eq!(session.get_one::<Item>(1).await?, old);
    assert_eq!((old.name.as_deref(), stored(&db).await?.name.as_deref()), (Some("old"), Some("old")));
    Ok(())
}

async fn children_of_the_switched_row_follow_their_cascade(db: TestDb) -> Result<()> {
    with_item(&db).await?;
    let session = db.session();
    session.delete(session.get_one::<Item>(1).await?);
    session.add(Item::builder().id(1).name("new"));
    session.commit().await?;
    assert_eq!((Part::query().count(&*db).await?, Item::query().count(&*db).await?), (0, 1));
    Ok(())
}

async fn children_of_the_new_entity_are_added_to_the_row(db: TestDb) -> Result<()> {
    with_item(&db).await?;
    let session = db.session();
    session.delete(session.get_one::<Item>(1).await?);
    let new = session.add(Item::builder().id(1).parts([Part::builder()]));
    session.commit().await?;
    let part = Part::query().one(&session).await?;
    assert_eq!((part.item_id, part.item().loaded()?), (1, new));
    Ok(())
}

async fn links_of_the_switched_row_are_replaced(db: TestDb) -> Result<()> {
    with_item(&db).await?;
    let session = db.session();
    let old = session.get_one::<Item>(1).await?;
    session.delete(old);
    let new = session.add(Item::builder().id(1).labels([Label::builder(), Label::builder()]));
    session.commit().await?;
    let labels = Label::query().filter(Label::items.any(Item::id.eq(1))).order_by(Label::id.asc());
    let linked = labels.select(Label::id).all(&*db).await?;
    assert_eq!(linked, new.labels().loaded()?.iter().map(|label| label.id).collect::<Vec<_>>());
    Ok(())
}

async fn a_switched_row_gives_its_unique_value_away(db: TestDb) -> Result<()> {
    with_item(&db).await?;
    let session = db.session();
    session.delete(session.get_one::<Item>(1).await?);
    session.add(Item::builder().code("c"));
    session.add(Item::builder().id(1).code("d"));
    session.commit().await?;
    let codes = Item::query().order_by(Item::id.asc()).select(Item::code).all(&*db).await?;
    assert_eq!(codes, [Some("d".to_owned()), Some("c".to_owned())]);
    Ok(())
}

async fn a_switch_of_nothing_but_the_key_keeps_the_row(db: TestDb) -> Result<()> {
    with_item(&db).await?;
    let session = db.session();
    session.delete(session.get_one::<Item>(1).await?);
    let new = session.add(Item::builder().id(1));
    session.commit().await?;
    assert_eq!((new.name.as_deref(), new.count), (Some("old"), 5));
    Ok(())
}
