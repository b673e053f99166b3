//! Keys: what they must be, and what follows from them.
use super::{Kind, RelationShape, Sentence, Shape, contains, is_required, same, same_set};

/// Checks relationship number `index` of `owner`, a `BelongsTo`: its key may be null if and only if it says `Option`.
///
/// # Panics
/// It does not fit; in a constant, that is a compile error with the sentence.
#[track_caller]
pub const fn belongs_to(owner: &Shape, index: usize) {
    let relation = &owner.relations[index];
    match (nullable(owner, relation.key), relation.optional) {
        (true, true) | (false, false) => {}
        (true, false) => Sentence::new()
            .text("the key ")
            .columns(owner, relation.key)
            .text(" may be null: write `BelongsTo<Option<..>>`, or make the key's type not an `Option`")
            .stop(),
        (false, true) => Sentence::new()
            .text("the key ")
            .columns(owner, relation.key)
            .text(" may not be null: write `BelongsTo<..>` without `Option`, or make the key's type an `Option`")
            .stop(),
    }
}

/// Checks the key of `owner` in those columns, which `on_delete` or `on_update` sets to null: each of them may be null.
///
/// # Panics
/// One may not; in a constant, that is a compile error with the sentence.
#[track_caller]
pub const fn sets_null(owner: &Shape, columns: &[u16]) {
    let mut i = 0;
    while i < columns.len() {
        let column = owner.column(columns[i]);
        if !column.nullable {
            Sentence::new()
                .text("`set_null` sets the whole key to null, and `")
                .text(column.field)
                .text("` may not be null: make its type an `Option`, or write `\"cascade\"` or `\"restrict\"`")
                .stop()
        }
        i += 1;
    }
}

/// Whether at least one of the columns may be null.
const fn nullable(shape: &Shape, columns: &[u16]) -> bool {
    let mut i = 0;
    while i < columns.len() {
        if shape.column(columns[i]).nullable {
            return true;
        }
        i += 1;
    }
    false
}

/// Checks relationship number `index` of `owner`, a `HasOne` or `HasMany` whose key is named and has no `BelongsTo`.
///
/// # Panics
/// It does not fit; in a constant, that is a compile error with the sentence.
#[track_caller]
pub const fn one_sided(owner: &Shape, index: usize, target: &Shape) {
    let mine = &owner.relations[index];
    let mut i = 0;
    while i < target.relations.len() {
        let theirs = &target.relations[i];
        if matches!(theirs.kind, Kind::BelongsTo) && same_set(theirs.key, mine.key) {
            same_key(owner, mine, target, theirs);
        }
        i += 1;
    }
    if matches!(mine.kind, Kind::HasOne) {
        must_be_unique(target, mine.key);
    }
}

#[track_caller]
const fn same_key(owner: &Shape, mine: &RelationShape, target: &Shape, theirs: &RelationShape) -> ! {
    let sentence = Sentence::new()
        .member(owner, mine.name.text)
        .text(" and ")
        .member(target, theirs.name.text)
        .text(" are two relationships over one key, ")
        .columns(target, mine.key);
    if !same(theirs.target, owner.path) {
        sentence.text(", that lead to different models: give each its own key").stop();
    }
    sentence
        .text(": write `back_populates = ")
        .text(theirs.name.text)
        .text("` here instead of `foreign_key`, and `back_populates = ")
        .text(mine.name.text)
        .text("` there")
        .stop()
}

#[track_caller]
pub(super) const fn must_be_unique(target: &Shape, key: &[u16]) {
    if !is_unique(target, key) {
        Sentence::new()
            .text("at most one row may have the key of a `HasOne`: declare ")
            .columns(target, key)
            .text(" of ")
            .model(target)
            .text(" as `#[orm(unique)]`, or make this a `HasMany`")
            .stop()
    }
}

const fn is_unique(shape: &Shape, key: &[u16]) -> bool {
    if same_set(shape.primary_key, key) {
        return true;
    }
    if let [only] = key
        && shape.column(*only).unique
    {
        return true;
    }
    let mut i = 0;
    while i < shape.uniques.len() {
        if same_set(shape.uniques[i].columns, key) {
            return true;
        }
        i += 1;
    }
    false
}

/// Checks that columns can be referenced by a foreign key.
///
/// # Panics
/// They are not unique; in a constant, that is a compile error with the sentence.
#[track_caller]
pub const fn unique_column(target: &Shape, columns: &[u16]) {
    if !is_unique(target, columns) {
        Sentence::new()
            .text("a key can reference only what is unique: declare ")
            .columns(target, columns)
            .text(" of ")
            .model(target)
            .text(" as `#[orm(unique)]`, or reference its primary key")
            .stop()
    }
}

/// Whether a target of relationship number `index` of `owner` may be left without its owner; `inverse` is the position of
/// the other side, or beyond all.
pub const fn detachable(owner: &Shape, index: usize, target: &Shape, inverse: u16) -> bool {
    let mine = &owner.relations[index];
    let other =
        if (inverse as usize) < target.relations.len() { Some(&target.relations[inverse as usize]) } else { None };
    match (mine.kind, other) {
        (Kind::ManyToMany, _) => true,
        (Kind::BelongsTo, Some(other)) => mine.optional || other.delete_orphan,
        (Kind::BelongsTo, None) => mine.optional,
        (Kind::HasOne | Kind::HasMany, Some(other)) => mine.delete_orphan || other.optional,
        (Kind::HasOne | Kind::HasMany, None) => mine.delete_orphan || nullable(target, mine.key),
    }
}

/// Whether a link needs nothing but the keys of its two sides and the constants.
pub const fn attachable(link: &Shape, near: u16, far: u16, constants: &[u16]) -> bool {
    let (near, far) = (link.relations[near as usize].key, link.relations[far as usize].key);
    let mut i = 0;
    while i < link.columns.len() {
        let position = i as u16;
        let filled = contains(near, position) || contains(far, position) || contains(constants, position);
        if is_required(&link.columns[i]) && !filled {
            return false;
        }
        i += 1;
    }
    true
}
