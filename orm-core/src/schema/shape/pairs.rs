//! Two relationships that are each other's inverse.
use super::{Kind, RelationShape, Sentence, Shape, keys::must_be_unique, same, same_list};

/// The position of the other side of relationship number `index` of `owner` among the relationships of `target`.
///
/// # Panics
/// The two do not fit; in a constant, that is a compile error with the sentence.
#[track_caller]
pub const fn inverse(owner: &Shape, index: usize, target: &Shape) -> usize {
    let mine = &owner.relations[index];
    let Some(found) = target.relation(&mine.inverse) else { no_such(mine, target) };
    let theirs = &target.relations[found];
    if !same(theirs.target, owner.path) {
        leads_elsewhere(owner, target, theirs);
    }
    if !pairs(mine.kind, theirs.kind) && is_told_here(owner, mine, target, theirs) {
        wrong_kinds(owner, mine, target, theirs);
    }
    names_me(owner, mine, target, theirs);
    if matches!(mine.kind, Kind::HasOne) {
        must_be_unique(target, theirs.key);
    }
    if matches!(mine.kind, Kind::ManyToMany) && is_told_here(owner, mine, target, theirs) {
        mirrors(owner, mine, target, theirs);
    }
    found
}

/// What is wrong with both sides is told at one of them: the one whose path comes first.
const fn is_told_here(owner: &Shape, mine: &RelationShape, target: &Shape, theirs: &RelationShape) -> bool {
    if !theirs.inverse.same(&mine.name) {
        return true;
    }
    if same(owner.path, target.path) {
        return !comes_first(theirs.name.text, mine.name.text);
    }
    comes_first(owner.path, target.path)
}

const fn comes_first(a: &str, b: &str) -> bool {
    let (a, b, mut i) = (a.as_bytes(), b.as_bytes(), 0);
    while i < a.len() && i < b.len() {
        if a[i] != b[i] {
            return a[i] < b[i];
        }
        i += 1;
    }
    a.len() < b.len()
}

const fn pairs(mine: Kind, theirs: Kind) -> bool {
    match mine {
        Kind::BelongsTo => matches!(theirs, Kind::HasOne | Kind::HasMany),
        Kind::HasOne | Kind::HasMany => matches!(theirs, Kind::BelongsTo),
        Kind::ManyToMany => matches!(theirs, Kind::ManyToMany),
    }
}

#[track_caller]
const fn no_such(mine: &RelationShape, target: &Shape) -> ! {
    let sentence = Sentence::new().model(target).text(" has no relationship `").text(mine.inverse.text).text("`");
    if target.relations.is_empty() {
        sentence.text(": declare it there, with `back_populates = ").text(mine.name.text).text("`").stop()
    } else {
        sentence.text("; it has ").relations(target).stop()
    }
}

#[track_caller]
const fn leads_elsewhere(owner: &Shape, target: &Shape, theirs: &RelationShape) -> ! {
    Sentence::new()
        .member(target, theirs.name.text)
        .text(" leads to `")
        .text(theirs.target)
        .text("`, not to ")
        .model(owner)
        .text(", so it cannot be the other side")
        .stop()
}

#[track_caller]
const fn wrong_kinds(owner: &Shape, mine: &RelationShape, target: &Shape, theirs: &RelationShape) -> ! {
    Sentence::new()
        .member(owner, mine.name.text)
        .text(" is a `")
        .text(kind(mine.kind))
        .text("` and ")
        .member(target, theirs.name.text)
        .text(" is a `")
        .text(kind(theirs.kind))
        .text("`: the other side of a `BelongsTo` is a `HasMany` or `HasOne`, that of a `ManyToMany` a `ManyToMany`")
        .stop()
}

const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::BelongsTo => "BelongsTo",
        Kind::HasOne => "HasOne",
        Kind::HasMany => "HasMany",
        Kind::ManyToMany => "ManyToMany",
    }
}

/// The other side must name this one. If it names something that does not exist, its own derive says so.
#[track_caller]
const fn names_me(owner: &Shape, mine: &RelationShape, target: &Shape, theirs: &RelationShape) {
    if theirs.inverse.same(&mine.name) {
        return;
    }
    let sentence = Sentence::new().member(target, theirs.name.text);
    if theirs.inverse.is_empty() {
        sentence
            .text(" does not name its other side: write `back_populates = ")
            .text(mine.name.text)
            .text("` there")
            .stop();
    }
    if owner.relation(&theirs.inverse).is_some() {
        sentence
            .text(" is already the other side of ")
            .member(owner, theirs.inverse.text)
            .text(": two relationships cannot share one key; give ")
            .member(owner, mine.name.text)
            .text(" a `BelongsTo` of its own, or remove it")
            .stop()
    }
}

#[track_caller]
const fn mirrors(owner: &Shape, mine: &RelationShape, target: &Shape, theirs: &RelationShape) {
    let (a, b) = (&mine.link, &theirs.link);
    if same(a.table, b.table) && same_list(a.near, b.far) && same_list(a.far, b.near) && same(a.constants, b.constants)
    {
        return;
    }
    Sentence::new()
        .text("the links of ")
        .member(owner, mine.name.text)
        .text(" and ")
        .member(target, theirs.name.text)
        .text(" do not mirror each other: both go through the same table, with the two sides swapped and the same `where(..)`")
        .stop()
}
