//! What a model must be by itself, where only types can tell.
use super::{Sentence, Shape};
use crate::schema::table::MAX_COLUMNS;

/// Checks a model: the number of its columns and its primary key.
///
/// # Panics
/// It cannot be a model; in a constant, that is a compile error with the sentence.
#[track_caller]
pub const fn model(shape: &Shape) {
    if shape.columns.len() > MAX_COLUMNS {
        Sentence::new()
            .model(shape)
            .text(" has more than 128 columns: split it into two models with a `HasOne`")
            .stop();
    }
    key_is_not_null(shape);
}

#[track_caller]
const fn key_is_not_null(shape: &Shape) {
    let mut i = 0;
    while i < shape.primary_key.len() {
        let column = shape.column(shape.primary_key[i]);
        if column.nullable {
            Sentence::new()
                .text("the primary key ")
                .member(shape, column.field)
                .text(" cannot be an `Option`: a row without a key cannot be found again")
                .stop();
        }
        i += 1;
    }
}
