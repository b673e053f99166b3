//! Entities of any model, and relationships of any kind, so that an operation can name them by a value.
use super::{
    models::*,
    shape::{Edge, Kind},
};
use orm::{Entity, EntityState, Result, Session};

macro_rules! kinds {
    ($($kind:ident $method:ident),+ $(,)?) => {
        /// An entity of any model.
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub(crate) enum Any<'s> {
            $($kind(Entity<'s, $kind>),)+
        }

        impl<'s> Any<'s> {
            $(pub(crate) fn $method(self) -> Entity<'s, $kind> {
                match self {
                    Self::$kind(entity) => entity,
                    other => unreachable!("{other:?} was taken for another model"),
                }
            })+

            pub(crate) fn label(self) -> &'s str {
                match self {
                    $(Self::$kind(entity) => &entity.value().label,)+
                }
            }

            pub(crate) fn size(self) -> i32 {
                match self {
                    $(Self::$kind(entity) => entity.size,)+
                }
            }

            pub(crate) fn set_size(self, size: i32) {
                match self {
                    $(Self::$kind(entity) => entity.set($kind::size, size),)+
                }
            }

            pub(crate) fn state(self, session: &Session) -> EntityState {
                match self {
                    $(Self::$kind(entity) => session.state(entity),)+
                }
            }

            pub(crate) fn delete(self, session: &Session) {
                match self {
                    $(Self::$kind(entity) => session.delete(entity),)+
                }
            }

            pub(crate) fn expunge(self, session: &Session) {
                match self {
                    $(Self::$kind(entity) => session.expunge(entity),)+
                }
            }

            pub(crate) fn restore(self, session: &Session) {
                match self {
                    $(Self::$kind(entity) => { session.add(entity); })+
                }
            }

            /// Merges its columns with another size.
            pub(crate) async fn merge_size(self, session: &'s Session, size: i32) -> Result<Self> {
                Ok(match self {
                    $(Self::$kind(entity) => session.merge($kind { size, ..entity.value().clone() }).await?.into(),)+
                })
            }

            pub(crate) async fn refresh(self, session: &Session) -> Result<()> {
                match self {
                    $(Self::$kind(entity) => session.no_autoflush(async || session.refresh(entity).await).await,)+
                }
            }
        }

        $(impl<'s> From<Entity<'s, $kind>> for Any<'s> {
            fn from(entity: Entity<'s, $kind>) -> Self {
                Self::$kind(entity)
            }
        })+
    };
}
kinds! {
    Country country, Team team, Player player, Task task, Step step, Badge badge, Desk desk, Log log, Seat seat,
    Invoice invoice, Tag tag, Skill skill,
}

/// Runs an expression with the parent's relationship of a key: one for those to many, one for those to one.
macro_rules! down {
    ($edge:expr, $owner:expr, $many:ident => $to_many:expr, $one:ident => $to_one:expr $(,)?) => {
        match $edge {
            Edge::Children => {
                let $many = $owner.team().children();
                $to_many
            }
            Edge::Citizens => {
                let $many = $owner.country().teams();
                $to_many
            }
            Edge::Players => {
                let $many = $owner.team().players();
                $to_many
            }
            Edge::Tasks => {
                let $many = $owner.team().tasks();
                $to_many
            }
            Edge::Steps => {
                let $many = $owner.task().steps();
                $to_many
            }
            Edge::Logs => {
                let $many = $owner.team().logs();
                $to_many
            }
            Edge::Seats => {
                let $many = $owner.team().seats();
                $to_many
            }
            Edge::Invoices => {
                let $many = $owner.team().invoices();
                $to_many
            }
            Edge::Badge => {
                let $one = $owner.team().badge();
                $to_one
            }
            Edge::Desk => {
                let $one = $owner.team().desk();
                $to_one
            }
        }
    };
}
pub(crate) use down;

/// As [`down`], for relationships to many whose members may be taken out, with the child as an entity of its model.
macro_rules! members {
    ($edge:expr, $owner:expr, ($many:ident, $typed:ident) => $body:expr) => {
        match $edge {
            Edge::Children => {
                let ($many, $typed) = ($owner.team().children(), Any::team);
                $body
            }
            Edge::Citizens => {
                let ($many, $typed) = ($owner.country().teams(), Any::team);
                $body
            }
            Edge::Players => {
                let ($many, $typed) = ($owner.team().players(), Any::player);
                $body
            }
            Edge::Tasks => {
                let ($many, $typed) = ($owner.team().tasks(), Any::task);
                $body
            }
            Edge::Steps => {
                let ($many, $typed) = ($owner.task().steps(), Any::step);
                $body
            }
            Edge::Seats => {
                let ($many, $typed) = ($owner.team().seats(), Any::seat);
                $body
            }
            Edge::Logs | Edge::Invoices | Edge::Badge | Edge::Desk => unreachable!("nothing leaves {:?}", $edge),
        }
    };
}
pub(crate) use members;

/// Runs an expression with the child's relationship of a key.
macro_rules! up {
    ($edge:expr, $child:expr, $one:ident => $body:expr) => {
        match $edge {
            Edge::Children => {
                let $one = $child.team().parent();
                $body
            }
            Edge::Citizens => {
                let $one = $child.team().country();
                $body
            }
            Edge::Players => {
                let $one = $child.player().team();
                $body
            }
            Edge::Tasks => {
                let $one = $child.task().team();
                $body
            }
            Edge::Steps => {
                let $one = $child.step().task();
                $body
            }
            Edge::Badge => {
                let $one = $child.badge().team();
                $body
            }
            Edge::Desk => {
                let $one = $child.desk().team();
                $body
            }
            Edge::Logs => {
                let $one = $child.log().team();
                $body
            }
            Edge::Seats => {
                let $one = $child.seat().team();
                $body
            }
            Edge::Invoices => {
                let $one = $child.invoice().team();
                $body
            }
        }
    };
}
pub(crate) use up;

/// Runs an expression with a side of a many-to-many, and the way from any entity to one of its far end.
macro_rules! linked {
    ($link:expr, $forward:expr, $near:expr, ($many:ident, $typed:ident) => $body:expr) => {
        match ($link, $forward) {
            (Link::Tags, true) => {
                let ($many, $typed) = ($near.team().tags(), Any::tag);
                $body
            }
            (Link::Tags, false) => {
                let ($many, $typed) = ($near.tag().teams(), Any::team);
                $body
            }
            (Link::Skills, true) => {
                let ($many, $typed) = ($near.team().skills(), Any::skill);
                $body
            }
            (Link::Skills, false) => {
                let ($many, $typed) = ($near.skill().teams(), Any::team);
                $body
            }
            (Link::Follows, true) => {
                let ($many, $typed) = ($near.team().follows(), Any::team);
                $body
            }
            (Link::Follows, false) => {
                let ($many, $typed) = ($near.team().followers(), Any::team);
                $body
            }
        }
    };
}
pub(crate) use linked;

/// What a relationship to one gives: an entity, or an `Option` of one.
pub(crate) trait Given<'s> {
    fn any(self) -> Option<Any<'s>>;
}

impl<'s, M: orm::Model> Given<'s> for Entity<'s, M>
where
    Any<'s>: From<Self>,
{
    fn any(self) -> Option<Any<'s>> {
        Some(self.into())
    }
}

impl<'s, M: orm::Model> Given<'s> for Option<Entity<'s, M>>
where
    Any<'s>: From<Entity<'s, M>>,
{
    fn any(self) -> Option<Any<'s>> {
        self.map(Any::from)
    }
}

impl<'s> Any<'s> {
    /// The stored entity with that key.
    pub(crate) async fn get(session: &'s Session, kind: Kind, (label, key): (&str, i64)) -> Result<Option<Self>> {
        Ok(match kind {
            Kind::Country => session.get::<Country>(label).await?.map(Self::from),
            Kind::Team => session.get::<Team>(key).await?.map(Self::from),
            Kind::Player => session.get::<Player>(key).await?.map(Self::from),
            Kind::Task => session.get::<Task>(key).await?.map(Self::from),
            Kind::Step => session.get::<Step>(key).await?.map(Self::from),
            Kind::Badge => session.get::<Badge>(key).await?.map(Self::from),
            Kind::Desk => session.get::<Desk>(key).await?.map(Self::from),
            Kind::Log => session.get::<Log>(key).await?.map(Self::from),
            Kind::Seat => session.get::<Seat>((key, number(label))).await?.map(Self::from),
            Kind::Invoice => session.get::<Invoice>(key).await?.map(Self::from),
            Kind::Tag => session.get::<Tag>(key).await?.map(Self::from),
            Kind::Skill => session.get::<Skill>(key).await?.map(Self::from),
        })
    }

    /// The generated key; of a seat, that of its team.
    pub(crate) fn key(self) -> i64 {
        match self {
            Self::Country(_) => 0,
            Self::Team(entity) => entity.id,
            Self::Player(entity) => entity.id,
            Self::Task(entity) => entity.id,
            Self::Step(entity) => entity.id,
            Self::Badge(entity) => entity.id,
            Self::Desk(entity) => entity.id,
            Self::Log(entity) => entity.id,
            Self::Seat(entity) => entity.team_id,
            Self::Invoice(entity) => entity.id,
            Self::Tag(entity) => entity.id,
            Self::Skill(entity) => entity.id,
        }
    }

    /// The column of a foreign key, as text.
    pub(crate) fn foreign_key(self, edge: Edge) -> Option<String> {
        let number = match edge {
            Edge::Citizens => return self.team().country_label.clone(),
            Edge::Children => self.team().parent_id,
            Edge::Players => self.player().team_id,
            Edge::Tasks => Some(self.task().team_id),
            Edge::Steps => self.step().task_id,
            Edge::Badge => Some(self.badge().team_id),
            Edge::Desk => self.desk().team_id,
            Edge::Logs => Some(self.log().team_id),
            Edge::Seats => Some(self.seat().team_id),
            Edge::Invoices => Some(self.invoice().team_id),
        };
        number.map(|number| number.to_string())
    }

    /// Sets the column of a foreign key by hand.
    pub(crate) fn set_foreign_key(self, edge: Edge, parent: Option<Self>) {
        let key = parent.map(Self::key);
        match (edge, key) {
            (Edge::Citizens, _) => {
                self.team().set(Team::country_label, parent.map(|parent| parent.label().to_owned()));
            }
            (Edge::Children, key) => self.team().set(Team::parent_id, key),
            (Edge::Players, key) => self.player().set(Player::team_id, key),
            (Edge::Steps, key) => self.step().set(Step::task_id, key),
            (Edge::Desk, key) => self.desk().set(Desk::team_id, key),
            (Edge::Tasks, Some(key)) => self.task().set(Task::team_id, key),
            (Edge::Badge, Some(key)) => self.badge().set(Badge::team_id, key),
            (Edge::Logs, Some(key)) => self.log().set(Log::team_id, key),
            (Edge::Seats, Some(key)) => self.seat().set(Seat::team_id, key),
            (Edge::Invoices, Some(key)) => self.invoice().set(Invoice::team_id, key),
            (required, None) => unreachable!("the key of {required:?} cannot be null"),
        }
    }
}

/// How an object is called in its table.
pub(crate) fn label(kind: Kind, id: usize) -> String {
    format!("{kind:?}{id}")
}

/// The number at the end of a label.
pub(crate) fn number(label: &str) -> i32 {
    label.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().expect("a label ends with a number")
}
