//! Texts of statements that are sent again and again: rendered once for each shape, then kept.
//!
//! What is kept depends on the declarations alone, which are static; so it is shared by all databases of the process.
use crate::driver::Dialect;
use crate::fast::HashMap;
use hashbrown::Equivalent;
use std::{
    hash::{Hash, Hasher},
    sync::{Arc, LazyLock, PoisonError, RwLock},
};

/// What a text depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Shape<'a> {
    pub(super) dialect: Dialect,
    pub(super) kind: Kind,
    /// The address of the table or relationship.
    pub(super) subject: usize,
    pub(super) columns: [&'a [u16]; 2],
    /// The number of rows or keys, where the text has a place for each.
    pub(super) rows: usize,
}

/// What a statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    ByKey,
    Rows,
    Near,
    NearWithDeferred,
    Insert,
    Connect,
    Update,
    Delete,
    WholeInsert,
    WholeUpdate,
    WholeDelete,
}

/// A shape that outlives the question for it.
struct Kept {
    dialect: Dialect,
    kind: Kind,
    subject: usize,
    columns: [Box<[u16]>; 2],
    rows: usize,
}

impl Kept {
    fn shape(&self) -> Shape<'_> {
        let Self { dialect, kind, subject, columns: [first, second], rows } = self;
        Shape { dialect: *dialect, kind: *kind, subject: *subject, columns: [first, second], rows: *rows }
    }
}

impl Hash for Kept {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.shape().hash(state);
    }
}

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        self.shape() == other.shape()
    }
}

impl Eq for Kept {}

impl Equivalent<Kept> for Shape<'_> {
    /// Word by word: they were written a moment ago, and a wider read would wait until they are in memory.
    fn equivalent(&self, kept: &Kept) -> bool {
        let same = |a: &[u16], b: &[u16]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a == b);
        let Shape { dialect, kind, subject, columns: [first, second], rows } = *self;
        (subject, dialect, kind, rows) == (kept.subject, kept.dialect, kept.kind, kept.rows)
            && same(first, &kept.columns[0])
            && same(second, &kept.columns[1])
    }
}

impl From<&Shape<'_>> for Kept {
    fn from(shape: &Shape<'_>) -> Self {
        let Shape { dialect, kind, subject, columns: [first, second], rows } = *shape;
        Self { dialect, kind, subject, columns: [first.into(), second.into()], rows }
    }
}

/// A longer text is one of many rows, whose number hardly comes again, and its rendering is a small part of its work.
const LONGEST: usize = 8 * 1024;

/// Lists of keys are padded, so that there are few lengths of them, and all come again.
const LONGEST_LIST: usize = 32 * 1024;

/// So many texts are kept; a program with more shapes than that renders them again.
const MOST: usize = 10_000;

static TEXTS: LazyLock<RwLock<HashMap<Kept, Arc<str>>>> = LazyLock::new(RwLock::default);

/// The text of that shape, if it was kept.
pub(super) fn find(shape: &Shape<'_>) -> Option<Arc<str>> {
    TEXTS.read().unwrap_or_else(PoisonError::into_inner).get(shape).cloned()
}

/// Keeps the text of a shape.
pub(super) fn keep(shape: &Shape<'_>, text: &Arc<str>) {
    let longest = match shape.kind {
        Kind::Near | Kind::NearWithDeferred => LONGEST_LIST,
        Kind::ByKey | Kind::Rows => LONGEST,
        Kind::Insert | Kind::Connect | Kind::Update | Kind::Delete => LONGEST,
        Kind::WholeInsert | Kind::WholeUpdate | Kind::WholeDelete => LONGEST,
    };
    if text.len() > longest {
        return;
    }
    let mut texts = TEXTS.write().unwrap_or_else(PoisonError::into_inner);
    if texts.len() < MOST {
        texts.insert(Kept::from(shape), text.clone());
    }
}

/// The text of that shape, rendered if it was not kept.
pub(super) fn text(shape: &Shape<'_>, render: impl FnOnce() -> Arc<str>) -> Arc<str> {
    find(shape).unwrap_or_else(|| {
        let text = render();
        keep(shape, &text);
        text
    })
}
