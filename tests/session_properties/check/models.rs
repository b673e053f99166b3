//! Every kind of relationship and cascade, most of them around one table, so that they meet.
use orm::{prelude::*, schema::Schema};

/// All tables.
pub(crate) fn schema() -> Schema {
    orm::schema![Country, Team, Player, Task, Step, Badge, Desk, Log, Seat, Invoice, Tag, Skill, TeamSkill]
}

/// Its key is a text that the program makes.
#[derive(Model, Clone, Debug)]
pub(crate) struct Country {
    #[orm(primary_key, max_length = 20)]
    pub(crate) label: String,
    #[orm(default = 0)]
    pub(crate) size: i32,
    #[orm(back_populates = country)]
    pub(crate) teams: HasMany<Team>,
}

/// The middle of all; versioned, with a unique column, and part of a tree of its own kind.
#[derive(Model, Clone, Debug)]
pub(crate) struct Team {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(max_length = 20)]
    pub(crate) label: String,
    #[orm(default = 0)]
    pub(crate) size: i32,
    #[orm(unique, max_length = 20)]
    pub(crate) slug: Option<String>,
    #[orm(version)]
    pub(crate) version: i32,
    pub(crate) parent_id: Option<i64>,
    #[orm(max_length = 20)]
    pub(crate) country_label: Option<String>,
    #[orm(back_populates = children)]
    pub(crate) parent: BelongsTo<Option<Team>>,
    #[orm(foreign_key = country_label, back_populates = teams)]
    pub(crate) country: BelongsTo<Option<Country>>,
    #[orm(back_populates = parent)]
    pub(crate) children: HasMany<Team>,
    #[orm(back_populates = team)]
    pub(crate) players: HasMany<Player>,
    #[orm(back_populates = team, cascade(all, delete_orphan))]
    pub(crate) tasks: HasMany<Task>,
    #[orm(back_populates = team, cascade(all, delete_orphan))]
    pub(crate) badge: HasOne<Badge>,
    #[orm(back_populates = team)]
    pub(crate) desk: HasOne<Desk>,
    #[orm(back_populates = team, cascade(all), passive_deletes)]
    pub(crate) logs: HasMany<Log>,
    #[orm(back_populates = team, cascade(all, delete_orphan))]
    pub(crate) seats: HasMany<Seat>,
    #[orm(back_populates = team)]
    pub(crate) invoices: HasMany<Invoice>,
    #[orm(through("team_tags", team_id, tag_id), back_populates = teams)]
    pub(crate) tags: ManyToMany<Tag>,
    #[orm(through(TeamSkill::team, TeamSkill::skill), back_populates = teams)]
    pub(crate) skills: ManyToMany<Skill>,
    #[orm(through("follows", follower_id, followed_id), back_populates = followers)]
    pub(crate) follows: ManyToMany<Team>,
    #[orm(through("follows", followed_id, follower_id), back_populates = follows)]
    pub(crate) followers: ManyToMany<Team>,
}

/// May be without team.
#[derive(Model, Clone, Debug)]
pub(crate) struct Player {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(max_length = 20)]
    pub(crate) label: String,
    #[orm(default = 0)]
    pub(crate) size: i32,
    pub(crate) team_id: Option<i64>,
    #[orm(back_populates = players)]
    pub(crate) team: BelongsTo<Option<Team>>,
}

/// Part of its team, and has parts.
#[derive(Model, Clone, Debug)]
pub(crate) struct Task {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(max_length = 20)]
    pub(crate) label: String,
    #[orm(default = 0)]
    pub(crate) size: i32,
    pub(crate) team_id: i64,
    #[orm(back_populates = tasks)]
    pub(crate) team: BelongsTo<Team>,
    #[orm(back_populates = task, cascade(all))]
    pub(crate) steps: HasMany<Step>,
}

/// Goes with its task, but may be taken out of it.
#[derive(Model, Clone, Debug)]
pub(crate) struct Step {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(max_length = 20)]
    pub(crate) label: String,
    #[orm(default = 0)]
    pub(crate) size: i32,
    pub(crate) task_id: Option<i64>,
    #[orm(back_populates = steps)]
    pub(crate) task: BelongsTo<Option<Task>>,
}

/// The only one of its team, and part of it.
#[derive(Model, Clone, Debug)]
pub(crate) struct Badge {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(max_length = 20)]
    pub(crate) label: String,
    #[orm(default = 0)]
    pub(crate) size: i32,
    #[orm(unique)]
    pub(crate) team_id: i64,
    #[orm(back_populates = badge)]
    pub(crate) team: BelongsTo<Team>,
}

/// The only one of its team, or nobody's.
#[derive(Model, Clone, Debug)]
pub(crate) struct Desk {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(max_length = 20)]
    pub(crate) label: String,
    #[orm(default = 0)]
    pub(crate) size: i32,
    #[orm(unique)]
    pub(crate) team_id: Option<i64>,
    #[orm(back_populates = desk)]
    pub(crate) team: BelongsTo<Option<Team>>,
}

/// Deleted by the database where it is not in memory.
#[derive(Model, Clone, Debug)]
pub(crate) struct Log {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(max_length = 20)]
    pub(crate) label: String,
    #[orm(default = 0)]
    pub(crate) size: i32,
    pub(crate) team_id: i64,
    #[orm(back_populates = logs, on_delete = "cascade")]
    pub(crate) team: BelongsTo<Team>,
}

/// Its key is that of its team and a number.
#[derive(Model, Clone, Debug)]
pub(crate) struct Seat {
    #[orm(primary_key)]
    pub(crate) team_id: i64,
    #[orm(primary_key)]
    pub(crate) number: i32,
    #[orm(max_length = 20)]
    pub(crate) label: String,
    #[orm(default = 0)]
    pub(crate) size: i32,
    #[orm(back_populates = seats)]
    pub(crate) team: BelongsTo<Team>,
}

/// Cannot be without team, and keeps it from being deleted.
#[derive(Model, Clone, Debug)]
pub(crate) struct Invoice {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(max_length = 20)]
    pub(crate) label: String,
    #[orm(default = 0)]
    pub(crate) size: i32,
    pub(crate) team_id: i64,
    #[orm(back_populates = invoices)]
    pub(crate) team: BelongsTo<Team>,
}

/// Linked by a bare table.
#[derive(Model, Clone, Debug)]
pub(crate) struct Tag {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(max_length = 20)]
    pub(crate) label: String,
    #[orm(default = 0)]
    pub(crate) size: i32,
    #[orm(through("team_tags", tag_id, team_id), back_populates = tags)]
    pub(crate) teams: ManyToMany<Team>,
}

/// Linked by a model.
#[derive(Model, Clone, Debug)]
pub(crate) struct Skill {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(max_length = 20)]
    pub(crate) label: String,
    #[orm(default = 0)]
    pub(crate) size: i32,
    #[orm(through(TeamSkill::skill, TeamSkill::team), back_populates = skills)]
    pub(crate) teams: ManyToMany<Team>,
}

/// A link with a column of its own.
#[derive(Model, Clone, Debug)]
pub(crate) struct TeamSkill {
    #[orm(primary_key)]
    pub(crate) team_id: i64,
    #[orm(primary_key)]
    pub(crate) skill_id: i64,
    #[orm(default = 7)]
    pub(crate) level: i32,
    pub(crate) team: BelongsTo<Team>,
    pub(crate) skill: BelongsTo<Skill>,
}

/// A bare link table, to be read.
#[derive(Model, Clone, Debug)]
#[orm(table = "team_tags", read_only)]
pub(crate) struct TeamTag {
    #[orm(primary_key)]
    pub(crate) team_id: i64,
    #[orm(primary_key)]
    pub(crate) tag_id: i64,
}

/// As [`TeamTag`].
#[derive(Model, Clone, Debug)]
#[orm(table = "follows", read_only)]
pub(crate) struct Follow {
    #[orm(primary_key)]
    pub(crate) follower_id: i64,
    #[orm(primary_key)]
    pub(crate) followed_id: i64,
}
