//! Relationship fields and deferred columns in JSON.
use orm::{Result, prelude::*};
use serde::{Deserialize, Serialize};

#[derive(Model, Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Owner {
    #[orm(primary_key)]
    #[serde(default)]
    id: i64,
    notes: Deferred<String>,
    #[orm(back_populates = owner)]
    badge: HasOne<Badge>,
    #[orm(back_populates = owner)]
    pets: HasMany<Pet>,
}

#[derive(Model, Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Badge {
    #[orm(primary_key)]
    #[serde(default)]
    id: i64,
    #[orm(unique)]
    #[serde(default)]
    owner_id: i64,
    #[orm(back_populates = badge)]
    owner: BelongsTo<Owner>,
}

#[derive(Model, Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Pet {
    #[orm(primary_key)]
    #[serde(default)]
    id: i64,
    #[serde(default)]
    owner_id: Option<i64>,
    #[serde(skip_serializing_if = "BelongsTo::is_unloaded")]
    #[orm(back_populates = pets)]
    owner: BelongsTo<Option<Owner>>,
}

fn read<T: for<'de> Deserialize<'de>>(document: &str) -> T {
    serde_json::from_str(document).expect("the document is well-formed")
}

fn write(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("the value can be written")
}

#[test]
fn an_absent_field_and_null_are_unloaded() {
    for document in ["{}", r#"{"notes":null,"badge":null,"pets":null}"#] {
        let owner: Owner = read(document);
        assert!(owner.badge.is_unloaded() && owner.pets.is_unloaded() && !owner.notes.is_loaded());
        assert_eq!(write(&owner), r#"{"id":0,"notes":null,"badge":null,"pets":null}"#);
    }
}

#[test]
fn a_nested_document_is_read_and_written_in_one_shape() {
    let document = r#"{"id":1,"notes":"n","badge":{"id":2,"owner_id":1,"owner":null},"pets":[{"id":3,"owner_id":1}]}"#;
    let owner: Owner = read(document);
    assert_eq!(owner.pets.get().map(<[Pet]>::len).ok(), Some(1));
    assert_eq!(owner.badge.get().ok().flatten().map(|badge| badge.id), Some(2));
    assert_eq!(write(&owner), document);
}

#[test]
fn a_mistake_inside_says_what_and_where() {
    let error = serde_json::from_str::<Owner>(r#"{"pets": [{"id": "x"}]}"#).expect_err("the id is no number");
    assert_eq!(error.to_string(), r#"invalid type: string "x", expected i64 at line 1 column 20"#);
    let error = serde_json::from_str::<Owner>(r#"{"pets": 5}"#).expect_err("pets are a sequence");
    assert!(error.to_string().starts_with("invalid type: integer `5`, expected a sequence"), "{error}");
}

#[test]
fn what_holds_no_values_yet_cannot_be_written() {
    let owner = Owner::builder().notes("n").pets([Pet::builder().id(5)]).build();
    let error = serde_json::to_string(&owner).expect_err("a builder is no value");
    assert!(error.to_string().contains("entities or builders"), "{error}");
}

#[tokio::test]
async fn a_to_one_that_is_null_says_nothing_and_the_key_decides() -> Result<()> {
    let db = Db::connect("sqlite::memory:").await?;
    orm::schema![Owner].create_all(&db).await?;
    let session = db.session();
    let owner = session.add(read::<Owner>(r#"{"notes": "n"}"#));
    session.flush().await?;
    let pet = session.add(read::<Pet>(&format!(r#"{{"owner_id": {}, "owner": null}}"#, owner.id)));
    session.commit().await?;
    assert_eq!(pet.owner().await?, Some(owner));
    Ok(())
}
