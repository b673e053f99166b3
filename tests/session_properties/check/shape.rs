//! What the twin knows of the models: their relationships, and what these declare.
use serde::Serialize;

/// The models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Country,
    Team,
    Player,
    Task,
    Step,
    Badge,
    Desk,
    Log,
    Seat,
    Invoice,
    Tag,
    Skill,
}

impl Kind {
    pub(crate) const ALL: [Self; 12] = [
        Self::Country,
        Self::Team,
        Self::Player,
        Self::Task,
        Self::Step,
        Self::Badge,
        Self::Desk,
        Self::Log,
        Self::Seat,
        Self::Invoice,
        Self::Tag,
        Self::Skill,
    ];

    /// The foreign keys of its rows.
    pub(crate) fn edges(self) -> &'static [Edge] {
        match self {
            Self::Team => &[Edge::Children, Edge::Citizens],
            Self::Player => &[Edge::Players],
            Self::Task => &[Edge::Tasks],
            Self::Step => &[Edge::Steps],
            Self::Badge => &[Edge::Badge],
            Self::Desk => &[Edge::Desk],
            Self::Log => &[Edge::Logs],
            Self::Seat => &[Edge::Seats],
            Self::Invoice => &[Edge::Invoices],
            Self::Country | Self::Tag | Self::Skill => &[],
        }
    }
}

/// A foreign key, named by the parent's relationship.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Edge {
    Children,
    Citizens,
    Players,
    Tasks,
    Steps,
    Badge,
    Desk,
    Logs,
    Seats,
    Invoices,
}

/// What becomes of children without parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Their key becomes null.
    Stay,
    /// They go with their parent, and stay if they are taken out.
    Follow,
    /// They go with their parent, and cannot be taken out.
    Bound,
    /// They go with their parent, and go if they are taken out.
    Part,
    /// They keep their parent from being deleted.
    Refuse,
}

impl Edge {
    pub(crate) const ALL: [Self; 10] = [
        Self::Children,
        Self::Citizens,
        Self::Players,
        Self::Tasks,
        Self::Steps,
        Self::Badge,
        Self::Desk,
        Self::Logs,
        Self::Seats,
        Self::Invoices,
    ];

    pub(crate) fn child(self) -> Kind {
        match self {
            Self::Children | Self::Citizens => Kind::Team,
            Self::Players => Kind::Player,
            Self::Tasks => Kind::Task,
            Self::Steps => Kind::Step,
            Self::Badge => Kind::Badge,
            Self::Desk => Kind::Desk,
            Self::Logs => Kind::Log,
            Self::Seats => Kind::Seat,
            Self::Invoices => Kind::Invoice,
        }
    }

    pub(crate) fn parent(self) -> Kind {
        match self {
            Self::Citizens => Kind::Country,
            Self::Steps => Kind::Task,
            _ => Kind::Team,
        }
    }

    /// The place of the key among those of the child.
    pub(crate) fn place(self) -> usize {
        usize::from(self == Self::Citizens)
    }

    pub(crate) fn fate(self) -> Fate {
        match self {
            Self::Children | Self::Citizens | Self::Players | Self::Desk => Fate::Stay,
            Self::Steps => Fate::Follow,
            Self::Logs => Fate::Bound,
            Self::Tasks | Self::Badge | Self::Seats => Fate::Part,
            Self::Invoices => Fate::Refuse,
        }
    }

    pub(crate) fn is_nullable(self) -> bool {
        matches!(self.fate(), Fate::Stay | Fate::Follow)
    }

    /// Whether a parent has at most one child.
    pub(crate) fn is_single(self) -> bool {
        matches!(self, Self::Badge | Self::Desk)
    }

    /// Whether a child may be taken from its parent.
    pub(crate) fn may_detach(self) -> bool {
        self.is_nullable() || self.fate() == Fate::Part
    }
}

/// A many-to-many, seen from its first side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Link {
    Tags,
    Skills,
    Follows,
}

impl Link {
    pub(crate) const ALL: [Self; 3] = [Self::Tags, Self::Skills, Self::Follows];

    /// The models at its ends.
    pub(crate) fn ends(self) -> (Kind, Kind) {
        match self {
            Self::Tags => (Kind::Team, Kind::Tag),
            Self::Skills => (Kind::Team, Kind::Skill),
            Self::Follows => (Kind::Team, Kind::Team),
        }
    }
}
