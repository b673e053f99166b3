//! Relationships of entities that are stored already.
use orm::{Result, prelude::*};

#[derive(Model, Clone, Debug)]
struct Team {
    #[orm(primary_key)]
    id: i64,
    #[orm(back_populates = team)]
    members: HasMany<Member>,
}

#[derive(Model, Clone, Debug)]
struct Member {
    #[orm(primary_key)]
    id: i64,
    team_id: Option<i64>,
    #[orm(back_populates = members)]
    team: BelongsTo<Option<Team>>,
}

#[tokio::test]
async fn a_stored_entity_is_set_as_the_target_of_a_relationship_to_one() -> Result<()> {
    let db = Db::connect("sqlite::memory:").await?;
    orm::schema![Team, Member].create_all(&db).await?;
    let session = db.session();
    let team = session.add(Team::builder());
    let member = session.add(Member::builder());
    session.commit().await?;
    assert_eq!(member.team().set(team)?, Some(team));
    session.commit().await?;
    assert_eq!(member.team_id, Some(team.id));
    assert_eq!(Member::query().filter(Member::team_id.eq(team.id)).count(&db).await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_reference_to_a_reference_to_a_database_runs_queries() -> Result<()> {
    async fn teams(db: &Db) -> Result<u64> {
        Team::query().count(&db).await
    }
    let db = Db::connect("sqlite::memory:").await?;
    orm::schema![Team, Member].create_all(&db).await?;
    assert_eq!(teams(&db).await?, 0);
    Ok(())
}
