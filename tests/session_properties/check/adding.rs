//! New objects, alone, by their parent's collection, and as trees.
use super::{
    entities::{Any, label},
    models::*,
    shape::{Edge, Kind},
    world::Id,
};
use orm::{Result, Session};

/// How a new object knows its parent.
#[derive(Clone, Copy)]
pub(crate) enum Parentage<'s> {
    None,
    Entity(Edge, Any<'s>),
    Key(Edge, Any<'s>),
}

/// Adds an object by itself.
pub(crate) fn add<'s>(session: &'s Session, kind: Kind, id: Id, parentage: Parentage<'_>) -> Any<'s> {
    let name = label(kind, id);
    macro_rules! nullable {
        ($model:ident, $parent:ident, $relation:ident, $key:ident) => {{
            let builder = $model::builder().label(name);
            match parentage {
                Parentage::None => session.add(builder).into(),
                Parentage::Entity(_, parent) => session.add(builder.$relation(parent.$parent())).into(),
                Parentage::Key(_, parent) => session.add(builder.$key(parent.key())).into(),
            }
        }};
    }
    macro_rules! required {
        ($model:ident $($more:ident)?) => {{
            let builder = $model::builder().label(name)$(.$more(id as i32))?;
            match parentage {
                Parentage::None => unreachable!("a {kind:?} needs a parent"),
                Parentage::Entity(_, parent) => session.add(builder.team(parent.team())).into(),
                Parentage::Key(_, parent) => session.add(builder.team_id(parent.key())).into(),
            }
        }};
    }
    match kind {
        Kind::Country => session.add(Country::builder().label(name)).into(),
        Kind::Tag => session.add(Tag::builder().label(name)).into(),
        Kind::Skill => session.add(Skill::builder().label(name)).into(),
        Kind::Player => nullable!(Player, team, team, team_id),
        Kind::Step => nullable!(Step, task, task, task_id),
        Kind::Desk => nullable!(Desk, team, team, team_id),
        Kind::Task => required!(Task),
        Kind::Badge => required!(Badge),
        Kind::Log => required!(Log),
        Kind::Seat => required!(Seat number),
        Kind::Invoice => required!(Invoice),
        Kind::Team => add_team(session, name, parentage).into(),
    }
}

fn add_team<'s>(session: &'s Session, name: String, parentage: Parentage<'_>) -> orm::Entity<'s, Team> {
    let builder = Team::builder().label(name);
    match parentage {
        Parentage::None => session.add(builder),
        Parentage::Entity(Edge::Children, parent) => session.add(builder.parent(parent.team())),
        Parentage::Key(Edge::Children, parent) => session.add(builder.parent_id(parent.key())),
        Parentage::Entity(_, parent) => session.add(builder.country(parent.country())),
        Parentage::Key(_, parent) => session.add(builder.country_label(parent.label())),
    }
}

/// Adds an object by the collection that it becomes a member of.
pub(crate) fn push_new<'s>(edge: Edge, parent: Any<'s>, id: Id) -> Result<Any<'s>> {
    let name = label(edge.child(), id);
    let none = || orm::Error::other("what was set is not there");
    Ok(match edge {
        Edge::Children => parent.team().children().push(Team::builder().label(name))?.into(),
        Edge::Citizens => parent.country().teams().push(Team::builder().label(name))?.into(),
        Edge::Players => parent.team().players().push(Player::builder().label(name))?.into(),
        Edge::Tasks => parent.team().tasks().push(Task::builder().label(name))?.into(),
        Edge::Steps => parent.task().steps().push(Step::builder().label(name))?.into(),
        Edge::Logs => parent.team().logs().push(Log::builder().label(name))?.into(),
        Edge::Seats => parent.team().seats().push(Seat::builder().label(name).number(id as i32))?.into(),
        Edge::Invoices => parent.team().invoices().push(Invoice::builder().label(name))?.into(),
        Edge::Badge => parent.team().badge().set(Badge::builder().label(name))?.ok_or_else(none)?.into(),
        Edge::Desk => parent.team().desk().set(Desk::builder().label(name))?.ok_or_else(none)?.into(),
    })
}

/// Adds a team with parts inside, each with its number, and a tag that is there.
pub(crate) fn add_tree<'s>(session: &'s Session, id: Id, parts: &[(Edge, Id)], tag: Option<Any<'_>>) -> Any<'s> {
    let names = |edge: Edge| {
        parts.iter().filter(move |part| part.0 == edge).map(|part| (label(part.0.child(), part.1), part.1 as i32))
    };
    let steps = |task: i32| {
        let own = parts.iter().skip_while(move |part| part.1 as i32 != task).skip(1);
        let own = own.take_while(|part| part.0 == Edge::Steps).map(|part| label(Kind::Step, part.1));
        own.map(|name| Step::builder().label(name)).collect::<Vec<_>>()
    };
    let tasks = names(Edge::Tasks).map(|(name, id)| Task::builder().label(name).steps(steps(id)));
    let builder = Team::builder()
        .label(label(Kind::Team, id))
        .children(names(Edge::Children).map(|(name, _)| Team::builder().label(name)))
        .players(names(Edge::Players).map(|(name, _)| Player::builder().label(name)))
        .tasks(tasks)
        .logs(names(Edge::Logs).map(|(name, _)| Log::builder().label(name)))
        .seats(names(Edge::Seats).map(|(name, id)| Seat::builder().label(name).number(id)))
        .invoices(names(Edge::Invoices).map(|(name, _)| Invoice::builder().label(name)))
        .badge(names(Edge::Badge).next().map(|(name, _)| Badge::builder().label(name)))
        .desk(names(Edge::Desk).next().map(|(name, _)| Desk::builder().label(name)))
        .tags(tag.map(Any::tag));
    session.add(builder).into()
}

/// The objects that were added with a team, found through its collections.
pub(crate) fn found_in<'s>(edge: Edge, owner: Any<'s>) -> Result<Vec<Any<'s>>> {
    super::entities::down!(edge, owner,
        many => Ok(many.loaded()?.into_iter().map(Any::from).collect()),
        one => Ok(one.loaded()?.into_iter().map(Any::from).collect()),
    )
}
