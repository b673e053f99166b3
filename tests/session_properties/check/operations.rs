//! What a program may do. Objects are named by their place among those that are eligible when it is done, so that a
//! program stays one when operations are left out.
use super::shape::{Edge, Kind, Link};
use proptest::{collection::vec, prelude::*, sample::select};

/// A place among those that are eligible, counted around.
pub(crate) type Pick = u8;

#[derive(Debug, Clone)]
pub(crate) enum Op {
    Add { kind: Kind, parent: Option<Pick>, by_key: bool },
    AddTree { parts: Vec<Edge>, tag: Option<Pick> },
    SetSize { kind: Kind, object: Pick, size: u8 },
    SetSlug { team: Pick, slug: Option<u8> },
    SetParent { edge: Edge, child: Pick, parent: Option<Pick> },
    SetKey { edge: Edge, child: Pick, parent: Option<Pick> },
    Push { edge: Edge, parent: Pick, child: Pick },
    PushNew { edge: Edge, parent: Pick },
    Remove { edge: Edge, child: Pick },
    Replace { edge: Edge, parent: Pick, children: Vec<Pick> },
    Link { link: Link, forward: bool, near: Pick, far: Pick, how: How },
    ReplaceLinks { link: Link, forward: bool, near: Pick, far: Vec<Pick> },
    Delete { kind: Kind, object: Pick },
    Undelete { object: Pick },
    Expunge { object: Pick },
    AddAgain { object: Pick },
    Refresh { kind: Kind, object: Pick },
    LoadChildren { edge: Edge, parent: Pick },
    LoadParent { edge: Edge, child: Pick },
    LoadLinked { link: Link, forward: bool, near: Pick },
    Query { kind: Kind, least: u8, eager: u8 },
    Read { kind: Kind, least: u8, eager: u8 },
    UpdateAll { kind: Kind, least: u8, size: u8 },
    DeleteAll { kind: Kind, least: u8 },
    Merge { kind: Kind, object: Pick, size: u8 },
    Flush,
    Commit,
    Rollback,
    Savepoint { ops: Vec<Op>, ok: bool },
    NewSession,
}

/// How a link is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    Push,
    Remove,
    Attach,
    Detach,
}

/// What a program is about: the less that is, the more often its operations meet.
#[derive(Debug, Clone, Copy)]
struct Focus {
    kinds: &'static [Kind],
    edges: &'static [Edge],
    links: &'static [Link],
    /// How often unique values are set, among the other changes.
    slugs: u32,
}

const FOCUSES: [Focus; 7] = [
    Focus { kinds: &Kind::ALL, edges: &Edge::ALL, links: &Link::ALL, slugs: 3 },
    Focus {
        kinds: &[Kind::Badge, Kind::Desk, Kind::Team],
        edges: &[Edge::Badge, Edge::Desk],
        links: &[Link::Tags],
        slugs: 1,
    },
    Focus {
        kinds: &[Kind::Task, Kind::Step, Kind::Team],
        edges: &[Edge::Tasks, Edge::Steps],
        links: &[Link::Tags],
        slugs: 1,
    },
    Focus {
        kinds: &[Kind::Team, Kind::Country],
        edges: &[Edge::Children, Edge::Citizens],
        links: &[Link::Follows],
        slugs: 12,
    },
    Focus { kinds: &[Kind::Team, Kind::Tag, Kind::Skill], edges: &[Edge::Children], links: &Link::ALL, slugs: 1 },
    Focus {
        kinds: &[Kind::Team, Kind::Player, Kind::Log],
        edges: &[Edge::Players, Edge::Logs],
        links: &[Link::Skills],
        slugs: 1,
    },
    Focus {
        kinds: &[Kind::Team, Kind::Seat, Kind::Invoice],
        edges: &[Edge::Seats, Edge::Invoices],
        links: &[Link::Skills],
        slugs: 3,
    },
];

/// Programs of that many operations at most.
pub(crate) fn programs(longest: usize) -> impl Strategy<Value = Vec<Op>> {
    select(&FOCUSES[..]).prop_flat_map(move |focus| vec(operation(focus), 4..longest))
}

fn operation(focus: Focus) -> impl Strategy<Value = Op> {
    let nested = (vec(prop_oneof![6 => simple(focus), 1 => savepoint(focus)], 1..8), any::<bool>())
        .prop_map(|(ops, ok)| Op::Savepoint { ops, ok });
    let ends = prop_oneof![
        4 => Just(Op::Commit),
        2 => Just(Op::Rollback),
        3 => Just(Op::NewSession),
        2 => savepoint(focus),
        1 => nested,
    ];
    prop_oneof![9 => simple(focus), 1 => ends]
}

fn savepoint(focus: Focus) -> impl Strategy<Value = Op> {
    (vec(simple(focus), 0..8), any::<bool>()).prop_map(|(ops, ok)| Op::Savepoint { ops, ok })
}

fn kind(focus: Focus) -> impl Strategy<Value = Kind> {
    // Teams are in the middle of everything.
    prop_oneof![1 => Just(Kind::Team), 2 => select(focus.kinds)]
}

fn how() -> impl Strategy<Value = How> {
    select(&[How::Push, How::Remove, How::Attach, How::Detach][..])
}

fn pick() -> impl Strategy<Value = Pick> {
    0..12u8
}

fn maybe() -> impl Strategy<Value = Option<Pick>> {
    proptest::option::weighted(0.75, pick())
}

fn simple(focus: Focus) -> impl Strategy<Value = Op> {
    prop_oneof![
        3 => adding(focus),
        5 => relating(focus),
        3 => changing(focus),
        3 => loading(focus),
        2 => Just(Op::Flush),
    ]
}

fn adding(focus: Focus) -> impl Strategy<Value = Op> {
    let edge = || select(focus.edges);
    prop_oneof![
        3 => (kind(focus), maybe(), any::<bool>()).prop_map(|(kind, parent, by_key)| Op::Add { kind, parent, by_key }),
        2 => (vec(edge(), 0..5), maybe()).prop_map(|(parts, tag)| Op::AddTree { parts, tag }),
        2 => (edge(), pick()).prop_map(|(edge, parent)| Op::PushNew { edge, parent }),
    ]
}

fn relating(focus: Focus) -> impl Strategy<Value = Op> {
    let edge = || select(focus.edges);
    let link = || (select(focus.links), any::<bool>(), pick());
    prop_oneof![
        3 => (edge(), pick(), maybe()).prop_map(|(edge, child, parent)| Op::SetParent { edge, child, parent }),
        1 => (edge(), pick(), maybe()).prop_map(|(edge, child, parent)| Op::SetKey { edge, child, parent }),
        3 => (edge(), pick(), pick()).prop_map(|(edge, parent, child)| Op::Push { edge, parent, child }),
        2 => (edge(), pick()).prop_map(|(edge, child)| Op::Remove { edge, child }),
        1 => (edge(), pick(), vec(pick(), 0..4))
            .prop_map(|(edge, parent, children)| Op::Replace { edge, parent, children }),
        3 => (link(), pick(), how())
            .prop_map(|((link, forward, near), far, how)| Op::Link { link, forward, near, far, how }),
        1 => (link(), vec(pick(), 0..4))
            .prop_map(|((link, forward, near), far)| Op::ReplaceLinks { link, forward, near, far }),
    ]
}

fn changing(focus: Focus) -> impl Strategy<Value = Op> {
    let slug = proptest::option::weighted(0.8, 0..5u8);
    prop_oneof![
        3 => (kind(focus), pick(), 0..4u8).prop_map(|(kind, object, size)| Op::SetSize { kind, object, size }),
        focus.slugs => (pick(), slug).prop_map(|(team, slug)| Op::SetSlug { team, slug }),
        3 => (kind(focus), pick()).prop_map(|(kind, object)| Op::Delete { kind, object }),
        1 => (kind(focus), pick(), 0..4u8).prop_map(|(kind, object, size)| Op::Merge { kind, object, size }),
        1 => (kind(focus), 0..4u8, 0..4u8).prop_map(|(kind, least, size)| Op::UpdateAll { kind, least, size }),
        1 => (kind(focus), 1..4u8).prop_map(|(kind, least)| Op::DeleteAll { kind, least }),
        1 => pick().prop_map(|object| Op::Undelete { object }),
        1 => pick().prop_map(|object| Op::Expunge { object }),
        1 => pick().prop_map(|object| Op::AddAgain { object }),
        1 => (kind(focus), pick()).prop_map(|(kind, object)| Op::Refresh { kind, object }),
    ]
}

fn loading(focus: Focus) -> impl Strategy<Value = Op> {
    let edge = || select(focus.edges);
    prop_oneof![
        3 => (edge(), pick()).prop_map(|(edge, parent)| Op::LoadChildren { edge, parent }),
        2 => (edge(), pick()).prop_map(|(edge, child)| Op::LoadParent { edge, child }),
        2 => (select(focus.links), any::<bool>(), pick())
            .prop_map(|(link, forward, near)| Op::LoadLinked { link, forward, near }),
        1 => (kind(focus), 0..3u8, 0..4u8).prop_map(|(kind, least, eager)| Op::Read { kind, least, eager }),
        2 => (kind(focus), 0..3u8, 0..4u8).prop_map(|(kind, least, eager)| Op::Query { kind, least, eager }),
    ]
}
