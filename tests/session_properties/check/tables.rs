//! The tables as they are in the database, and as the twin has them: rows of texts, keys replaced by labels.
use super::{
    entities::label,
    models::*,
    shape::{Edge, Kind, Link},
    world::{Id, World},
};
use orm::{Db, Model, Result, Session};
use std::collections::BTreeMap;

/// The rows of each table, sorted.
pub(crate) type Tables = BTreeMap<String, Vec<Vec<Option<String>>>>;

/// The tables that a world says are stored.
pub(crate) fn expected(world: &World) -> Tables {
    let mut tables = Tables::new();
    for kind in Kind::ALL {
        tables.insert(format!("{kind:?}"), Vec::new());
    }
    for (id, object) in world.objects.iter().enumerate() {
        let Some(row) = &object.stored else { continue };
        let name = |id: Id| label(world.object(id).kind, id);
        let mut cells = vec![Some(label(object.kind, id)), Some(row.size.to_string())];
        cells.extend(object.kind.edges().iter().map(|edge| row.parents[edge.place()].map(name)));
        if object.kind == Kind::Team {
            cells.extend([row.slug.map(slug), Some(row.version.to_string())]);
        }
        tables.entry(format!("{:?}", object.kind)).or_default().push(cells);
    }
    for link in Link::ALL {
        let name = |id: Id| Some(label(world.object(id).kind, id));
        let level = (link == Link::Skills).then(|| Some("7".to_owned()));
        let row = |(a, b): &(Id, Id)| [name(*a), name(*b)].into_iter().chain(level.clone()).collect();
        tables.insert(format!("{link:?}"), world.stored_links[link as usize].iter().map(row).collect());
    }
    sorted(tables)
}

/// How a unique value is written.
pub(crate) fn slug(slug: u8) -> String {
    format!("s{slug}")
}

fn sorted(mut tables: Tables) -> Tables {
    tables.values_mut().for_each(|rows| rows.sort());
    tables
}

/// Reads columns of all rows inside the transaction of a session, or beside it.
macro_rules! read {
    ($from:expr, $model:ident: $($column:ident),+) => {{
        let query = $model::query().select(($($model::$column),+));
        match $from {
            Source::Session(session) => query.all(session.values()).await?,
            Source::Db(db) => query.all(db).await?,
        }
    }};
}

/// Where tables are read.
#[derive(Clone, Copy)]
pub(crate) enum Source<'a> {
    Session(&'a Session),
    Db(&'a Db),
}

/// The tables of the database.
pub(crate) async fn stored(from: Source<'_>) -> Result<Tables> {
    match from {
        Source::Session(session) => session.no_autoflush(async || read_all(from).await).await,
        Source::Db(_) => read_all(from).await,
    }
}

/// The labels of rows by their keys, and the rows without those.
#[derive(Default)]
struct Read {
    labels: BTreeMap<(Kind, i64), String>,
    rows: Vec<(Kind, String, i32, Option<i64>)>,
}

async fn read_all(from: Source<'_>) -> Result<Tables> {
    let mut read = Read::default();
    macro_rules! children {
        ($($model:ident $key:ident),+) => {$(
            for (id, label, size, parent) in read!(from, $model: id, label, size, $key) {
                read.labels.insert((Kind::$model, id), label.clone());
                read.rows.push((Kind::$model, label, size, parent.into()));
            }
        )+};
    }
    children!(Player team_id, Task team_id, Step task_id, Badge team_id, Desk team_id, Log team_id, Invoice team_id);
    for (team, label, size) in read!(from, Seat: team_id, label, size) {
        read.rows.push((Kind::Seat, label, size, Some(team)));
    }
    let teams = read!(from, Team: id, label, size, slug, version, parent_id, country_label);
    read.labels.extend(teams.iter().map(|team| ((Kind::Team, team.0), team.1.clone())));
    let mut tables = Tables::new();
    for (kind, label, size, parent) in &read.rows {
        let edge = kind.edges()[0];
        let cells = vec![Some(label.clone()), Some(size.to_string()), parent.map(|key| read.name(edge.parent(), key))];
        tables.entry(format!("{kind:?}")).or_default().push(cells);
    }
    let countries = read!(from, Country: label, size);
    let cells = |(label, size): (String, i32)| vec![Some(label), Some(size.to_string())];
    tables.insert("Country".to_owned(), countries.into_iter().map(cells).collect());
    let team = |(_, label, size, slug, version, parent, country): (_, _, i32, _, i32, Option<i64>, _)| {
        let parent = parent.map(|key| read.name(Edge::Children.parent(), key));
        vec![Some(label), Some(size.to_string()), parent, country, slug, Some(version.to_string())]
    };
    tables.insert("Team".to_owned(), teams.into_iter().map(team).collect());
    read_far(from, &mut read, &mut tables).await?;
    for kind in Kind::ALL {
        tables.entry(format!("{kind:?}")).or_default();
    }
    Ok(sorted(tables))
}

/// What teams are linked to, and the links.
async fn read_far(from: Source<'_>, read: &mut Read, tables: &mut Tables) -> Result<()> {
    macro_rules! far {
        ($($model:ident),+) => {$(
            for (id, label, size) in read!(from, $model: id, label, size) {
                read.labels.insert((Kind::$model, id), label.clone());
                let cells = vec![Some(label), Some(size.to_string())];
                tables.entry(stringify!($model).to_owned()).or_default().push(cells);
            }
        )+};
    }
    far!(Tag, Skill);
    let pair = |read: &Read, (near, a), (far, b)| vec![Some(read.name(near, a)), Some(read.name(far, b))];
    let tags = read!(from, TeamTag: team_id, tag_id).into_iter();
    let tags = tags.map(|(team, tag)| pair(read, (Kind::Team, team), (Kind::Tag, tag))).collect();
    let follows = read!(from, Follow: follower_id, followed_id).into_iter();
    let follows = follows.map(|(a, b)| pair(read, (Kind::Team, a), (Kind::Team, b))).collect();
    let skills = read!(from, TeamSkill: team_id, skill_id, level).into_iter();
    let skill = |(team, skill, level): (i64, i64, i32)| {
        let mut cells = pair(read, (Kind::Team, team), (Kind::Skill, skill));
        cells.push(Some(level.to_string()));
        cells
    };
    tables.insert("Tags".to_owned(), tags);
    tables.insert("Skills".to_owned(), skills.map(skill).collect());
    tables.insert("Follows".to_owned(), follows);
    Ok(())
}

impl Read {
    fn name(&self, kind: Kind, key: i64) -> String {
        self.labels
            .get(&(kind, key))
            .cloned()
            .unwrap_or_else(|| format!("{kind:?} with the key {key}, which is not there"))
    }
}
