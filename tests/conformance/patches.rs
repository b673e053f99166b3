//! Partial input: `derive(Patch)` and `entity.apply(patch)`.
use orm::{Change, Result, prelude::*, schema::Schema};
use orm_test_support::{TestDb, on_every_database, statements};
use serde::{Deserialize, Serialize};
use serde_json::json;

on_every_database! {
    people:
    only_what_is_given_is_changed,
    null_and_absent_are_two_things,
    a_patch_is_built_and_asked,
    groups_are_patched_in_part,
    names_are_those_of_the_documents,
    deferred_columns_and_enums_are_patched,
    hooks_times_and_versions_go_on_as_ever,
    a_patch_that_changes_nothing_writes_nothing,
    an_added_entity_takes_a_patch,
    a_foreign_key_moves_the_entity,
}

fn people() -> Schema {
    orm::schema![Club, Member]
}

#[derive(Model, Patch, Clone, Debug, Serialize, Deserialize)]
struct Club {
    #[orm(primary_key)]
    id: i64,
    name: String,
    #[orm(back_populates = club)]
    #[serde(default)]
    members: HasMany<Member>,
}

#[derive(ColumnEnum, Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
enum Rank {
    Guest,
    Full,
}

#[derive(Embedded, Patch, Clone, Debug, PartialEq)]
struct Address {
    #[orm(column = "zip_code")]
    zip: String,
    city: Option<String>,
}

/// Not `Deserialize`: documents cannot name such a column.
#[derive(ColumnType, Clone, Debug, PartialEq)]
struct Secret(String);

#[derive(Model, Patch, Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[orm(before_save = Member::tidy)]
struct Member {
    #[orm(primary_key)]
    id: i64,
    #[orm(column = "display_name")]
    full_name: String,
    nick_name: Option<String>,
    #[serde(rename = "status", alias = "level")]
    rank: Rank,
    #[serde(skip, default = "nothing")]
    secret: Secret,
    note: Deferred<Option<String>>,
    #[orm(embed)]
    #[serde(skip, default = "nowhere")]
    home: Address,
    club_id: Option<i64>,
    #[orm(version)]
    version: i32,
    #[orm(created_at)]
    #[serde(skip)]
    created: chrono::DateTime<chrono::Utc>,
    #[orm(updated_at)]
    #[serde(skip)]
    updated: chrono::DateTime<chrono::Utc>,
    #[orm(back_populates = members)]
    #[serde(default)]
    club: BelongsTo<Option<Club>>,
}

fn nothing() -> Secret {
    Secret(String::new())
}

fn nowhere() -> Address {
    Address { zip: String::new(), city: None }
}

impl Member {
    fn tidy(&mut self, _: Change) -> Result<()> {
        self.full_name = self.full_name.trim().to_owned();
        Ok(())
    }
}

fn member(session: &Session) -> Entity<'_, Member> {
    let home = Address { zip: "1".into(), city: Some("Ulm".into()) };
    session.add(
        Member::builder()
            .full_name("Ann")
            .nick_name("A")
            .rank(Rank::Guest)
            .secret(Secret("s".into()))
            .note(Some("n".to_owned()))
            .home(home)
            .club(Club::builder().name("first")),
    )
}

fn parsed(document: serde_json::Value) -> MemberPatch {
    serde_json::from_value(document).expect("it fits")
}

async fn only_what_is_given_is_changed(db: TestDb) -> Result<()> {
    let session = db.session();
    let member = member(&session);
    session.commit().await?;
    member.apply(MemberPatch { full_name: Some("Bea".into()), ..MemberPatch::default() });
    assert_eq!(session.plan()?.to_string(), "update members ×1 (display_name, version, updated) [1]");
    session.commit().await?;
    let stored = Member::query().one(&*db).await?;
    assert_eq!((stored.full_name.as_str(), stored.nick_name.as_deref()), ("Bea", Some("A")));
    Ok(())
}

async fn null_and_absent_are_two_things(db: TestDb) -> Result<()> {
    let session = db.session();
    let member = member(&session);
    member.apply(parsed(json!({})));
    assert_eq!(member.nick_name.as_deref(), Some("A"));
    member.apply(parsed(json!({"nickName": "B"})));
    assert_eq!(member.nick_name.as_deref(), Some("B"));
    member.apply(parsed(json!({"nickName": null})));
    assert_eq!(member.nick_name, None);
    let refused = serde_json::from_value::<MemberPatch>(json!({"fullName": null})).expect_err("it may not be null");
    assert!(refused.to_string().contains("null"), "{refused}");
    Ok(())
}

async fn a_patch_is_built_and_asked(db: TestDb) -> Result<()> {
    let session = db.session();
    let member = member(&session);
    assert!(MemberPatch::default().is_empty());
    let patch = MemberPatch::default().full_name("Bea").nick_name(None).rank(Rank::Full);
    assert!(!patch.is_empty() && patch.full_name.as_deref() == Some("Bea") && patch.nick_name == Some(None));
    assert_eq!(format!("{patch:?}"), "MemberPatch { full_name, nick_name, rank }");
    assert_eq!(
        serde_json::to_value(&patch).expect("written"),
        json!({"fullName": "Bea", "nickName": null, "status": "Full"})
    );
    member.apply(patch.clone());
    assert_eq!((member.full_name.as_str(), member.rank), ("Bea", Rank::Full));
    let all = MemberPatch::from(member.to_value());
    assert_eq!((all.full_name, all.home.zip), (Some("Bea".into()), Some("1".into())));
    Ok(())
}

async fn groups_are_patched_in_part(db: TestDb) -> Result<()> {
    let session = db.session();
    let member = member(&session);
    member.apply(MemberPatch::default().home(AddressPatch::default().city(None)));
    assert_eq!(member.home, Address { zip: "1".into(), city: None });
    let home = Address { zip: "2".into(), city: Some("Bonn".into()) };
    member.apply(MemberPatch::default().home(home.clone()));
    assert_eq!(member.home, home);
    let nested: AddressPatch = serde_json::from_value(json!({"zip": "3", "other": 1})).expect("it is not strict");
    member.apply(MemberPatch { home: nested, ..MemberPatch::default() });
    session.commit().await?;
    assert_eq!(Member::query().one(&*db).await?.home, Address { zip: "3".into(), city: Some("Bonn".into()) });
    Ok(())
}

async fn names_are_those_of_the_documents(_: TestDb) -> Result<()> {
    assert_eq!(parsed(json!({"level": "Full"})).rank, Some(Rank::Full));
    assert_eq!(parsed(json!({"clubId": 3})).club_id, Some(Some(3)));
    for name in ["full_name", "secret", "id", "version", "club", "home"] {
        let refused = serde_json::from_value::<MemberPatch>(json!({name: 1})).expect_err("there is no such column");
        assert!(refused.to_string().contains(&format!("there is no column `{name}`")), "{refused}");
    }
    Ok(())
}

async fn deferred_columns_and_enums_are_patched(db: TestDb) -> Result<()> {
    let writing = db.session();
    member(&writing);
    writing.commit().await?;
    let session = db.session();
    let member = Member::query().one(&session).await?;
    assert!(!member.note.is_loaded());
    member.apply(parsed(json!({"note": null, "status": "Full"})));
    session.commit().await?;
    let stored = Member::query().with(Member::note).one(&*db).await?;
    assert_eq!((stored.note.loaded()?, stored.rank), (&None, Rank::Full));
    member.apply(parsed(json!({"note": "new"})));
    session.commit().await?;
    assert_eq!(Member::query().with(Member::note).one(&*db).await?.note.loaded()?.as_deref(), Some("new"));
    Ok(())
}

async fn hooks_times_and_versions_go_on_as_ever(db: TestDb) -> Result<()> {
    let session = db.session();
    let member = member(&session);
    session.commit().await?;
    let (created, updated) = (member.created, member.updated);
    member.apply(MemberPatch::default().full_name("  Bea "));
    session.commit().await?;
    assert_eq!((member.full_name.as_str(), member.version, member.created), ("Bea", 2, created));
    assert!(member.updated > updated);
    Ok(())
}

async fn a_patch_that_changes_nothing_writes_nothing(db: TestDb) -> Result<()> {
    let session = db.session();
    let member = member(&session);
    session.commit().await?;
    member.apply(MemberPatch::default());
    member.apply(MemberPatch::from(member.to_value()));
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!(sent, 0);
    Ok(())
}

async fn an_added_entity_takes_a_patch(db: TestDb) -> Result<()> {
    let session = db.session();
    let club = session.add(Club::builder().name("old"));
    club.apply(ClubPatch::default().name("new"));
    session.commit().await?;
    assert_eq!(Club::query().one(&*db).await?.name, "new");
    Ok(())
}

async fn a_foreign_key_moves_the_entity(db: TestDb) -> Result<()> {
    let session = db.session();
    let member = member(&session);
    let second = session.add(Club::builder().name("second"));
    session.flush().await?;
    member.apply(parsed(json!({"clubId": second.id})));
    assert_eq!((member.club().loaded()?, second.members().await?.len()), (Some(second), 1));
    session.commit().await
}
