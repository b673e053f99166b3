//! Teams, whose rows an interruption must leave as they were, and a way to see them all.
use crate::faulty::Faulty;
use orm::{DbOptions, Result, prelude::*, schema::Schema};
use orm_core::driver::{Driver, connect};
use std::{path::PathBuf, process, sync::Arc, time::Duration};

pub(crate) fn schema() -> Schema {
    orm::schema![Team, Member, Badge, Task, Skill]
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Team {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(unique, max_length = 50)]
    pub(crate) name: String,
    #[orm(back_populates = team, cascade(all, delete_orphan), order_by = Member::name)]
    pub(crate) members: HasMany<Member>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Member {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) team_id: i64,
    #[orm(back_populates = members)]
    pub(crate) team: BelongsTo<Team>,
    #[orm(back_populates = member, cascade(all, delete_orphan))]
    pub(crate) badge: HasOne<Badge>,
    #[orm(back_populates = member, cascade(all), order_by = Task::title)]
    pub(crate) tasks: HasMany<Task>,
    #[orm(through("member_skills", member_id, skill_id), back_populates = members)]
    pub(crate) skills: ManyToMany<Skill>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Badge {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) number: i64,
    #[orm(unique)]
    pub(crate) member_id: i64,
    #[orm(back_populates = badge)]
    pub(crate) member: BelongsTo<Member>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Task {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) title: String,
    pub(crate) member_id: Option<i64>,
    #[orm(back_populates = tasks)]
    pub(crate) member: BelongsTo<Option<Member>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Skill {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    #[orm(through("member_skills", skill_id, member_id), back_populates = skills)]
    pub(crate) members: ManyToMany<Member>,
}

/// Two teams of two members with two tasks each, a badge and a skill.
pub(crate) async fn fill(db: &Db) -> Result<()> {
    let session = db.session();
    let skill = session.add(Skill::builder().name("skill"));
    session.add(Skill::builder().name("rare skill"));
    for t in 1..=2 {
        let team = session.add(Team::builder().name(format!("t{t}")));
        for m in 1..=2 {
            let member = Member::builder().team(team).name(format!("t{t}m{m}")).skills([skill]);
            let tasks = [1, 2].map(|number| Task::builder().title(format!("t{t}m{m}t{number}")));
            session.add(member.badge(Badge::builder().number(t * 10 + m)).tasks(tasks));
        }
    }
    session.commit().await
}

/// All teams with all that belongs to them.
pub(crate) fn everything() -> Query<Team> {
    let tasks = Member::tasks.selectin();
    let skills = Member::skills.selectin();
    Team::query().order_by(Team::name.asc()).with(Team::members.selectin().with(Member::badge).with(tasks).with(skills))
}

/// What the values hold, without generated keys.
pub(crate) fn shown(teams: &[Team]) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for team in teams {
        lines.push(team.name.clone());
        for member in team.members.get()? {
            let mut tasks: Vec<&str> = member.tasks.get()?.iter().map(|task| task.title.as_str()).collect();
            let mut skills: Vec<&str> = member.skills.get()?.iter().map(|skill| skill.name.as_str()).collect();
            tasks.sort_unstable();
            skills.sort_unstable();
            let badge = member.badge.get()?.map(|badge| badge.number);
            lines.push(format!("{}/{} {badge:?} {tasks:?} {skills:?}", team.name, member.name));
        }
    }
    lines.sort_unstable();
    Ok(lines)
}

/// What the database holds: the teams, and how many rows of each table there are in all.
pub(crate) async fn stored(db: &Db) -> Result<Vec<String>> {
    let mut lines = shown(&everything().all(db).await?)?;
    let counts = [Task::query().count(db).await?, Badge::query().count(db).await?, Skill::query().count(db).await?];
    lines.push(format!("{counts:?}"));
    Ok(lines)
}

/// What a session holds, read again where it may be old.
pub(crate) async fn seen(session: &Session) -> Result<Vec<String>> {
    let teams = everything().all(session).await?;
    let values: Vec<Team> = teams.iter().map(|team| team.to_value()).collect();
    shown(&values)
}

/// A filled SQLite file, with a pool of one connection that can be interrupted, and another pool to look at it.
pub(crate) struct World {
    pub(crate) faulty: Faulty,
    pub(crate) db: Db,
    pub(crate) observer: Db,
    file: PathBuf,
}

impl World {
    pub(crate) async fn new() -> Result<Self> {
        let now = std::time::SystemTime::UNIX_EPOCH.elapsed().map_or(0, |age| age.as_nanos());
        let file = std::env::temp_dir().join(format!("orm-interruptions-{}-{now}.db", process::id()));
        let url = format!("sqlite://{}", file.display());
        let observer = Db::connect(url.as_str()).await?;
        let one = DbOptions::new(url).max_connections(1).acquire_timeout(Duration::from_secs(5));
        let faulty = Faulty::over(connect(one).await?).await;
        let driver: Arc<dyn Driver> = Arc::new(faulty.clone());
        let db = Db::from_pool(driver).await?;
        let world = Self { faulty, db, observer, file };
        world.refill().await?;
        Ok(world)
    }

    /// Makes the rows anew.
    pub(crate) async fn refill(&self) -> Result<()> {
        self.faulty.calm();
        schema().drop_all(&self.observer).await?;
        schema().create_all(&self.observer).await?;
        fill(&self.observer).await?;
        self.faulty.calm();
        Ok(())
    }

    pub(crate) async fn stored(&self) -> Result<Vec<String>> {
        stored(&self.observer).await
    }

    /// The only connection was given back, and nothing is open on it.
    pub(crate) async fn assert_pool_is_clean(&self) -> Result<()> {
        let before = self.stored().await?;
        assert_eq!(stored(&self.db).await?, before, "another connection of the pool sees what is committed");
        let refused: Result<()> = self
            .db
            .transaction(async |session| {
                session.add(Skill::builder().name("never"));
                session.flush().await?;
                Err(orm::Error::other("no"))
            })
            .await;
        assert_eq!(refused.expect_err("it returned one").to_string(), "no");
        assert_eq!(self.stored().await?, before);
        Ok(())
    }
}

impl Drop for World {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm"] {
            let mut name = self.file.clone().into_os_string();
            name.push(suffix);
            // What is not there need not be removed.
            let _ = std::fs::remove_file(name);
        }
    }
}
