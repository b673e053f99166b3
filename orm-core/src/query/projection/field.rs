//! Which types the fields of a projection may have. Each trait says in the compiler's words what does not fit.
use super::Projection;
use crate::value::{ColumnType, Deferred, NotNull};

/// A field that can hold a column or expression of type `T`: a `T`, an `Option<T>`, or what is inside a `Deferred`.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot hold a value of type `{T}`",
    label = "the column or expression is `{T}`",
    note = "the field has the type of its column, or an `Option` of it; behind a to-one that may be missing it is an `Option`"
)]
pub trait Holds<T>: ColumnType {}
impl<T: ColumnType> Holds<T> for T {}
impl<T: ColumnType<Null = NotNull>> Holds<T> for Option<T> {}
impl<T: ColumnType> Holds<Deferred<T>> for T {}
impl<T: ColumnType<Null = NotNull>> Holds<Deferred<T>> for Option<T> {}

/// A field that can hold the group `G` of columns: a `G`.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot hold the group `{G}`",
    label = "expected `{G}`",
    note = "for one column of a group write `#[orm(expr = User::times.column(Timestamps::created_at))]`"
)]
pub trait IsGroup<G> {
    /// The group as the field.
    fn from_group(group: G) -> Self;
}
impl<G> IsGroup<G> for G {
    fn from_group(group: G) -> Self {
        group
    }
}

/// A [`Projection`] whose model is `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a projection of `{T}`",
    label = "not a projection of `{T}`",
    note = "put `#[derive(Projection)]` and `#[orm(from = ..)]`, which names that model, on the struct"
)]
pub trait ProjectionOf<T>: Projection<Model = T> {}
#[diagnostic::do_not_recommend]
impl<T, P: Projection<Model = T>> ProjectionOf<T> for P {}

/// A field that can hold the many targets of a relationship to `T`: a `Vec` of a projection.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot hold the rows of a relationship to many",
    label = "expected `Vec` of a projection of `{T}`",
    note = "a relationship is a field of its own name; for a column of another name write `#[orm(column = ..)]`"
)]
pub trait ManyOf<T> {
    /// The projection.
    type Row: Projection;
    /// The rows as the field.
    fn from_rows(rows: Vec<Self::Row>) -> Self;
}
impl<T, P: ProjectionOf<T>> ManyOf<T> for Vec<P> {
    type Row = P;
    fn from_rows(rows: Self) -> Self {
        rows
    }
}

/// A field that can hold the target of a to-one that may be missing: an `Option` of a projection.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot hold a row that may be missing",
    label = "expected `Option` of a projection of `{T}`",
    note = "a relationship is a field of its own name; for one column behind it write `#[orm(path = relationship.column)]`"
)]
pub trait OptionalOf<T> {
    /// The projection.
    type Row: Projection<Model = T>;
    /// The row as the field.
    fn from_row(row: Option<Self::Row>) -> Self;
    /// The row, if it is there.
    fn row(&mut self) -> Option<&mut Self::Row>;
}
impl<T, P: ProjectionOf<T>> OptionalOf<T> for Option<P> {
    type Row = P;
    fn from_row(row: Self) -> Self {
        row
    }
    fn row(&mut self) -> Option<&mut P> {
        self.as_mut()
    }
}

/// A field that can hold the target of a to-one that is always there: a projection.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot hold the row of a relationship to one",
    label = "expected a projection of `{T}`",
    note = "the target is always there, so that the field is the struct itself; for one column behind it write `#[orm(path = relationship.column)]`"
)]
pub trait RequiredOf<T>: Projection<Model = T> {}
#[diagnostic::do_not_recommend]
impl<T, P: Projection<Model = T>> RequiredOf<T> for P {}
