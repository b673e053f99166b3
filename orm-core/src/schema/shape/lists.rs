//! Lists of which the session keeps the order.
use super::{Sentence, Shape, contains};

/// Checks the column of `target` in which the places of a list's members are kept: an integer, and no part of the key.
///
/// # Panics
/// It is another; in a constant, that is a compile error with the sentence.
#[track_caller]
pub const fn ordering(target: &Shape, column: u16) {
    let info = target.column(column);
    if !info.sql_type.is_integer() {
        Sentence::new()
            .text("the places in a list are numbers: make ")
            .member(target, info.field)
            .text(" an integer, such as `i32`")
            .stop();
    }
    if contains(target.primary_key, column) {
        Sentence::new()
            .member(target, info.field)
            .text(
                " is in the primary key, and the places in a list change: give the model a column of its own for them",
            )
            .stop();
    }
}
