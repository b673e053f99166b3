//! Every way to load a relationship, with the number of statements that each takes for the same loop.
//!
//! A hundred teams have five players each, and each player has a coach. `.await` on a relationship loads what is not in memory
//! yet, so the loop is the same whatever the query loaded before; `.loaded()` never asks the database.
use orm::{Loading, Strategy, prelude::*};

#[derive(Model, Clone, Debug)]
struct Team {
    #[orm(primary_key)]
    id: i64,
    name: String,
    #[orm(back_populates = team, order_by = Player::id)]
    players: HasMany<Player>,
    // Loaded with every team, unless the query says otherwise.
    #[orm(back_populates = team, load = "selectin")]
    trophies: HasMany<Trophy>,
}

#[derive(Model, Clone, Debug)]
struct Player {
    #[orm(primary_key)]
    id: i64,
    goals: i32,
    team_id: i64,
    coach_id: Option<i64>,
    #[orm(back_populates = players)]
    team: BelongsTo<Team>,
    coach: BelongsTo<Option<Coach>>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "coaches")]
struct Coach {
    #[orm(primary_key)]
    id: i64,
    name: String,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "trophies")]
struct Trophy {
    #[orm(primary_key)]
    id: i64,
    year: i32,
    team_id: i64,
    #[orm(back_populates = trophies)]
    team: BelongsTo<Team>,
}

#[tokio::main]
async fn main() -> Result<(), orm::Error> {
    let db = Db::connect("sqlite::memory:").await?;
    orm::schema![Team].create_all(&db).await?;
    fill(&db).await?;
    whole(&db).await?;
    without(&db).await?;
    parts(&db).await?;
    values(&db).await
}

async fn fill(db: &Db) -> Result<(), orm::Error> {
    let session = db.session();
    let coach = session.add(Coach::builder().name("Sepp"));
    for number in 0..100 {
        let players = (0..5).map(|goals| Player::builder().goals(goals).coach(coach));
        let team = Team::builder().name(format!("Team {number}")).players(players);
        session.add(team.trophies([Trophy::builder().year(2000 + number)]));
    }
    session.commit().await
}

/// All teams without their trophies, to look at the players alone.
fn teams() -> Query<Team> {
    Team::query().order_by(Team::id).with(Team::trophies.lazy())
}

/// Counts the goals of all players in a naive loop, and tells how many statements that took.
async fn goals(session: &Session, how: &str, query: Query<Team>) -> Result<u64, orm::Error> {
    let mut goals = 0;
    for team in query.all(session).await? {
        for player in team.players().await? {
            goals += player.goals;
        }
    }
    println!("{:>4}  {how}", session.statement_count());
    assert_eq!(goals, 1000);
    Ok(session.statement_count())
}

async fn whole(db: &Db) -> Result<(), orm::Error> {
    println!("All players of 100 teams. Statements:");
    let alone = db.session();
    alone.set_loading(Loading::EachAlone);
    let counts = [
        goals(&alone, "lazy, each alone: SELECT … WHERE team_id = ?, a hundred times", teams()).await?,
        goals(&db.session(), "lazy: the first team alone, at the second all that are left", teams()).await?,
        goals(&db.session(), "select-in: SELECT … WHERE team_id IN (…)", teams().with(Team::players.selectin()))
            .await?,
        goals(
            &db.session(),
            "subquery: the query of teams again, as a subquery",
            teams().with(Team::players.subquery()),
        )
        .await?,
        goals(&db.session(), "joined: LEFT JOIN, teams without players too", teams().with(Team::players.joined()))
            .await?,
        goals(&db.session(), "inner joined: JOIN, only teams with players", teams().with(Team::players.inner_joined()))
            .await?,
        goals(&db.session(), "immediate: a lazy load, right after the query", teams().with(Team::players.immediate()))
            .await?,
    ];
    assert_eq!(counts, [101, 3, 2, 2, 1, 1, 2]);

    // LIMIT counts teams, not the rows of the join.
    let session = db.session();
    let three = teams().limit(3).with(Team::players.joined().with(Player::coach)).all(&session).await?;
    println!(
        "{:>4}  joined two levels deep, with a LIMIT of 3 teams: {} teams",
        session.statement_count(),
        three.len()
    );
    assert_eq!((three.len(), session.statement_count()), (3, 1));

    // A to-one is looked up in memory first: one coach, and no statement for the others.
    let session = db.session();
    for player in Player::query().with(Player::coach.selectin()).all(&session).await? {
        assert!(player.coach().loaded()?.is_some());
    }
    println!("{:>4}  select-in of a to-one for 500 players of one coach", session.statement_count());
    assert_eq!(session.statement_count(), 2);

    // What the relationship declares.
    let session = db.session();
    let declared = Team::query().all(&session).await?;
    assert!(declared.iter().all(|team| team.trophies().is_loaded()));
    println!("{:>4}  by `load = \"selectin\"` on the field", session.statement_count());
    Ok(())
}

async fn without(db: &Db) -> Result<(), orm::Error> {
    println!("\nNot loading:");
    let session = db.session();
    let first = teams().with(Team::players.raise()).first(&session).await?;
    match first.ok_or_else(|| orm::Error::other("there are teams"))?.players().await {
        Err(error) => println!("  raise: {error}"),
        Ok(_) => return Err(orm::Error::other("`raise` should have refused")),
    }

    // Of all relationships that the query does not name; what memory knows is given.
    let session = db.session();
    let strict = teams().limit(1).with(Team::players).default_load(Strategy::RaiseOnSql);
    for team in strict.all(&session).await? {
        for player in team.players().await? {
            assert_eq!(player.team().await?, team);
            if let Err(error) = player.coach().await {
                println!("  raise on SQL: {error}");
                break;
            }
        }
    }
    assert_eq!(session.statement_count(), 2);

    let session = db.session();
    for team in teams().with(Team::players.noload()).limit(2).all(&session).await? {
        assert!(team.players().await?.is_empty());
    }
    println!("  noload: empty, in {} statement", session.statement_count());

    let session = db.session();
    for team in teams().limit(1).all(&session).await? {
        match team.players().loaded() {
            Err(error) => println!("  loaded() before a load: {error}"),
            Ok(_) => return Err(orm::Error::other("nothing was loaded")),
        }
        // Large collections need not be loaded at all: they are queries too, and take new members unseen.
        let scorers = team.players().query().filter(Player::goals.gt(3)).count(&session).await?;
        team.players().push(Player::builder().goals(0))?;
        println!("  query(): {scorers} player with more than 3 goals; pushed one without loading the others");
        assert!(!team.players().is_loaded());
    }
    session.rollback().await
}

async fn parts(db: &Db) -> Result<(), orm::Error> {
    println!("\nParts, which are never taken for the whole:");
    let session = db.session();
    let best = Team::players.selectin().order_by(Player::goals.desc()).limit(2);
    for team in teams().limit(2).with(best).all(&session).await? {
        let goals: Vec<i32> = team.players().partial()?.iter().map(|player| player.goals).collect();
        println!("  the two best of {}: {goals:?}", team.name);
        assert_eq!(goals, [4, 3]);
        assert!(!team.players().is_loaded());
    }
    println!("  in {} statements: a window function counts for each team", session.statement_count());
    assert_eq!(session.statement_count(), 2);

    // The filter chooses players, not teams; `Team::players.any(…)` in the query's filter would choose teams.
    let session = db.session();
    let filtered = Team::players.filter(Player::goals.eq(0));
    let teams = teams().with(filtered).all(&session).await?;
    assert!(teams.iter().all(|team| team.players().partial().is_ok_and(|players| players.len() == 1)));
    // The whole is loaded when it is asked for.
    assert_eq!(teams[0].players().await?.len(), 5);
    println!("  filtered: 1 player in each of {} teams, all 5 of the first when awaited", teams.len());
    Ok(())
}

/// Without a session: the same options, and plain values with what was loaded inside.
async fn values(db: &Db) -> Result<(), orm::Error> {
    let team = teams().with(Team::players.selectin().with(Player::coach)).first(db).await?;
    let team = team.ok_or_else(|| orm::Error::other("there are teams"))?;
    let coach = team.players.get()?[0].coach.get()?.map(|coach| coach.name.as_str());
    println!("\nA plain value: {} with {} players, coached by {coach:?}", team.name, team.players.get()?.len());
    assert_eq!(coach, Some("Sepp"));
    let Err(error) = team.trophies.get() else { return Err(orm::Error::other("trophies were not loaded")) };
    println!("Of what was not loaded it says: {error}");
    Ok(())
}
