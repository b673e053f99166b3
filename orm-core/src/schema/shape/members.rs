//! Members of another model that a proxy leads to.
use super::{Kind, Name, Sentence, Shape, same};

/// Whether a name is that of a relationship.
pub const fn is_relation(shape: &Shape, name: &str) -> bool {
    let mut i = 0;
    while i < shape.relations.len() {
        if same(shape.relations[i].name.text, name) {
            return true;
        }
        i += 1;
    }
    false
}

/// The number of the relationship or column of `target` that a proxy over relationship number `index` of `owner` leads to.
///
/// # Panics
/// There is none, or it leads from one to many; in a constant, that is a compile error with the sentence.
#[track_caller]
pub const fn member(owner: &Shape, index: usize, target: &Shape, name: &'static str) -> usize {
    if let Some(found) = target.relation(&Name::new(name)) {
        if is_to_one(owner.relations[index].kind) && !is_to_one(target.relations[found].kind) {
            from_one_to_many(owner, index, target, name);
        }
        return found;
    }
    let mut i = 0;
    while i < target.columns.len() {
        if same(target.columns[i].field, name) {
            return i;
        }
        i += 1;
    }
    Sentence::new()
        .model(target)
        .text(" has neither a column nor a relationship `")
        .text(name)
        .text("` that a proxy could lead to")
        .stop()
}

const fn is_to_one(kind: Kind) -> bool {
    matches!(kind, Kind::BelongsTo | Kind::HasOne)
}

#[track_caller]
const fn from_one_to_many(owner: &Shape, index: usize, target: &Shape, name: &str) -> ! {
    Sentence::new()
        .text("a proxy over ")
        .member(owner, owner.relations[index].name.text)
        .text(", which leads to one, cannot lead to many: await it, and then ")
        .member(target, name)
        .text(" of what it gives")
        .stop()
}
