//! Links: the two sides of a many-to-many through a model.
use super::{Kind, RelationShape, Sentence, Shape, same};

/// Checks the link of a many-to-many between `owner` and `target`: each side is a link model and the position of its
/// relationship.
///
/// # Panics
/// They do not fit; in a constant, that is a compile error with the sentence.
#[track_caller]
pub const fn link(owner: &Shape, target: &Shape, near: (&Shape, u16), far: (&Shape, u16)) {
    let (near_side, far_side) = (side(near), side(far));
    if !same(near.0.path, far.0.path) {
        Sentence::new()
            .member(near.0, near_side.name.text)
            .text(" and ")
            .member(far.0, far_side.name.text)
            .text(" are of two models: a link model has a `BelongsTo` to each side")
            .stop()
    }
    if same(near_side.target, owner.path) && same(far_side.target, target.path) {
        return;
    }
    if same(near_side.target, target.path) && same(far_side.target, owner.path) {
        swapped(owner, target, (near.0, near_side), (far.0, far_side));
    }
    let wrong = if same(near_side.target, owner.path) { far_side } else { near_side };
    Sentence::new()
        .member(near.0, wrong.name.text)
        .text(" leads to `")
        .text(wrong.target)
        .text("`: the link between ")
        .model(owner)
        .text(" and ")
        .model(target)
        .text(" has a side to each, first the one to ")
        .model(owner)
        .stop()
}

#[track_caller]
const fn side((link, side): (&Shape, u16)) -> &'static RelationShape {
    let relation = &link.relations[side as usize];
    if !matches!(relation.kind, Kind::BelongsTo) {
        Sentence::new()
            .text("a link goes through two `BelongsTo` of one model, and ")
            .member(link, relation.name.text)
            .text(" is not one")
            .stop()
    }
    relation
}

#[track_caller]
const fn swapped(owner: &Shape, target: &Shape, near: (&Shape, &RelationShape), far: (&Shape, &RelationShape)) -> ! {
    Sentence::new()
        .text("the sides of this link are swapped: first comes the one to ")
        .model(owner)
        .text(", then the one to ")
        .model(target)
        .text(", `through(")
        .text(far.0.model)
        .text("::")
        .text(far.1.name.text)
        .text(", ")
        .text(near.0.model)
        .text("::")
        .text(near.1.name.text)
        .text(")`")
        .stop()
}
