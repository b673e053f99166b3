//! What a program did, by name: for reading, and for doing it again elsewhere.
use super::{
    shape::{Edge, Kind, Link},
    tables::Tables,
};
use serde::Serialize;

/// One thing that was done. `ok: false` is what had to fail, and did.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(crate) enum Action {
    Session,
    Add { kind: Kind, object: String, edge: Option<Edge>, parent: Option<String>, by_key: bool },
    AddTree { object: String, parts: Vec<(Edge, String)>, tag: Option<String> },
    SetSize { object: String, size: i32 },
    SetSlug { object: String, slug: Option<String> },
    SetParent { edge: Edge, child: String, parent: Option<String> },
    SetKey { edge: Edge, child: String, parent: Option<String> },
    Push { edge: Edge, parent: String, child: String },
    PushNew { edge: Edge, parent: String, child: String },
    Remove { edge: Edge, parent: String, child: String },
    Replace { edge: Edge, parent: String, children: Vec<String> },
    Link { link: Link, forward: bool, near: String, far: String, by_key: bool, add: bool },
    ReplaceLinks { link: Link, forward: bool, near: String, far: Vec<String> },
    Delete { object: String },
    Undelete { object: String },
    Expunge { object: String },
    AddAgain { object: String },
    Refresh { object: String },
    LoadChildren { edge: Edge, parent: String },
    LoadParent { edge: Edge, child: String },
    LoadLinked { link: Link, forward: bool, near: String },
    UpdateAll { kind: Kind, least: i32, size: i32 },
    DeleteAll { kind: Kind, least: i32 },
    Merge { object: String, size: i32 },
    Query { kind: Kind, least: i32, eager: u8 },
    Flush { ok: bool },
    Commit { ok: bool },
    Rollback,
    Savepoint { ok: bool },
    Release { ok: bool },
    Undo,
    Tables { tables: Tables },
}

/// What was done, a line for each.
pub(crate) fn shown(actions: &[Action]) -> String {
    let done = actions.iter().filter(|action| !matches!(action, Action::Tables { .. }));
    done.map(|action| format!("  {action:?}\n")).collect()
}
