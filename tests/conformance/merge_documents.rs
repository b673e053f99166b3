//! Merging documents: what they name, and what their relationships and columns say.
use orm::{Result, prelude::*, schema::Schema};
use orm_test_support::{TestDb, on_every_database};
use serde::Deserialize;

on_every_database! {
    notes:
    relationships_without_merge_are_ignored,
    a_document_is_merged_as_it_came,
    deferred_and_json_columns_are_merged,
}

fn notes() -> Schema {
    orm::schema![Notebook, Note, Stamp]
}

/// Documents of a user of the library: what they name is merged.
#[derive(Model, Clone, Debug, Deserialize)]
struct Notebook {
    #[orm(primary_key)]
    #[serde(default)]
    id: i64,
    title: String,
    #[orm(back_populates = notebook, cascade(all, delete_orphan))]
    #[serde(default)]
    notes: HasMany<Note>,
    #[orm(back_populates = notebook, cascade(save_update))]
    #[serde(default)]
    stamps: HasMany<Stamp>,
}

#[derive(Model, Clone, Debug, Deserialize)]
struct Note {
    #[orm(primary_key)]
    #[serde(default)]
    id: i64,
    #[serde(default)]
    notebook_id: i64,
    text: String,
    #[serde(default)]
    picture: Deferred<String>,
    #[serde(default)]
    marks: Option<Json<Vec<i32>>>,
    #[orm(back_populates = notes)]
    #[serde(default)]
    notebook: BelongsTo<Notebook>,
}

#[derive(Model, Clone, Debug, Deserialize)]
struct Stamp {
    #[orm(primary_key)]
    id: i64,
    name: String,
    notebook_id: Option<i64>,
    #[orm(back_populates = stamps)]
    #[serde(default)]
    notebook: BelongsTo<Option<Notebook>>,
}

async fn notebook(db: &Db) -> Result<()> {
    let session = db.session();
    let note = Note::builder().text("n1").picture("p".to_owned()).marks(Json(vec![1, 2]));
    session.add(Notebook::builder().title("t").notes([note]).stamps([Stamp::builder().name("s")]));
    session.commit().await
}

async fn relationships_without_merge_are_ignored(db: TestDb) -> Result<()> {
    notebook(&db).await?;
    let session = db.session();
    let renamed = Stamp { id: 1, ..Stamp::builder().name("renamed").build() };
    let value = Notebook { id: 1, stamps: vec![renamed].into(), ..Notebook::builder().title("new").build() };
    let merged = session.merge(value).await?;
    assert!(!merged.stamps().is_loaded());
    session.commit().await?;
    let stamp = Stamp::query().one(&*db).await?;
    assert_eq!((stamp.name.as_str(), stamp.notebook_id, merged.title.as_str()), ("s", Some(1), "new"));
    Ok(())
}

async fn a_document_is_merged_as_it_came(db: TestDb) -> Result<()> {
    notebook(&db).await?;
    let document =
        r#"{"id": 1, "title": "new", "notes": [{"id": 1, "text": "changed"}, {"text": "added", "picture": "x"}]}"#;
    let value: Notebook = serde_json::from_str(document).map_err(orm::Error::other)?;
    let session = db.session();
    session.merge(value).await?;
    session.commit().await?;
    let stored = Notebook::query().with((Notebook::notes, Notebook::stamps)).one(&*db).await?;
    let texts: Vec<&str> = stored.notes.get()?.iter().map(|note| note.text.as_str()).collect();
    assert_eq!((texts, stored.stamps.get()?.len()), (vec!["changed", "added"], 1));
    Ok(())
}

async fn deferred_and_json_columns_are_merged(db: TestDb) -> Result<()> {
    notebook(&db).await?;
    let value = Note::query().one(&*db).await?;
    assert!(!value.picture.is_loaded());
    let session = db.session();
    session.merge(Note { text: "n2".into(), marks: Some(Json(vec![3])), ..value.clone() }).await?;
    assert_eq!(session.plan()?.to_string(), "update notes ×1 (text, marks) [1]");
    session.commit().await?;
    session.merge(Note { picture: "q".to_owned().into(), marks: None, ..value }).await?;
    session.commit().await?;
    let stored = Note::query().with(Note::picture).one(&*db).await?;
    assert_eq!((stored.picture.loaded()?.as_str(), stored.marks.map(|marks| marks.0)), ("q", None));
    Ok(())
}
