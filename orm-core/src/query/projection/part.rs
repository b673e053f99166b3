//! What a field of a projection is filled from: a column, an expression, a group, a relationship, another projection.
use super::{
    Holds, IsGroup, List, Lists, ManyOf, Nested, OptionalOf, Outline, Projection, RequiredOf, outline::presence,
};
use crate::{
    error::Result,
    model::{Embedded, Record},
    query::{Column, Embed, Expression, Include, expr::Expr},
    relation::{Many, One, Relation},
    value::{ColumnType, NotNull, Nullable, RowReader},
};
use std::marker::PhantomData;

/// What may fill a field: something of a model, by its kind.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot fill a field of a projection",
    label = "expected a column, an expression, a group or a relationship of the model"
)]
pub trait Source {
    /// The model.
    type Model;
    /// What it is.
    type Kind;
    /// What it is.
    fn into_kind(self) -> Self::Kind;
}

/// A kind that fills fields of type `F`.
pub trait Fills<F> {
    /// The number of its columns.
    const WIDTH: usize;
    /// The number of its lists.
    const LISTS: usize = 0;
    /// Adds what it reads.
    fn outline(self, outline: &mut Outline);
    /// Reads the field.
    ///
    /// # Errors
    /// A value is null and may not be, or is of another type.
    fn read(reader: &mut RowReader<'_>) -> Result<F>;
    /// Gives the field its lists.
    fn fill(_field: &mut F, _lists: &mut Lists<'_>) {}
}

/// What fills a field of type `F` in a projection of `M`.
#[diagnostic::on_unimplemented(
    message = "a field of type `{F}` cannot be filled from this",
    label = "nothing of `{M}` that fits this field",
    note = "`filter`, `order_by` and `limit` say which targets of a relationship to many a `Vec` holds, by columns of the target"
)]
pub trait Part<M, F>: Source<Model = M, Kind: Fills<F>> {}
impl<M, F, S: Source<Model = M, Kind: Fills<F>>> Part<M, F> for S {}

type Kind<S> = <S as Source>::Kind;

/// The number of a part's columns.
pub const fn width<M, F, S: Part<M, F>>(_: fn() -> S) -> usize {
    <Kind<S> as Fills<F>>::WIDTH
}

/// The number of a part's lists.
pub const fn lists<M, F, S: Part<M, F>>(_: fn() -> S) -> usize {
    <Kind<S> as Fills<F>>::LISTS
}

/// Adds what a part reads.
pub fn outline<M, F, S: Part<M, F>>(part: fn() -> S, outline: &mut Outline) {
    part().into_kind().outline(outline);
}

/// Reads the field of a part.
///
/// # Errors
/// A value is null and may not be, or is of another type.
pub fn read<M, F, S: Part<M, F>>(_: fn() -> S, reader: &mut RowReader<'_>) -> Result<F> {
    <Kind<S> as Fills<F>>::read(reader)
}

/// Gives the field of a part its lists.
pub fn fill<M, F, S: Part<M, F>>(_: fn() -> S, field: &mut F, lists: &mut Lists<'_>) {
    <Kind<S> as Fills<F>>::fill(field, lists);
}

/// Stands for the value of a field of which the derive has reported a mistake.
///
/// # Panics
/// Always: a program with such a field does not compile.
pub fn unknown<F>() -> F {
    panic!("this field has an attribute with a mistake")
}

/// The fields of another projection of the same model.
pub fn flat<P: Projection>() -> Flat<P> {
    Flat(PhantomData)
}

/// A column or an expression of type `T`.
pub struct OfColumn<T>(Expr, PhantomData<fn() -> T>);

impl<M: Record, T: ColumnType> Source for Column<M, T> {
    type Model = M;
    type Kind = OfColumn<T>;
    fn into_kind(self) -> OfColumn<T> {
        OfColumn(self.expr(), PhantomData)
    }
}

impl<M, T: ColumnType> Source for Expression<M, T> {
    type Model = M;
    type Kind = OfColumn<T>;
    fn into_kind(self) -> OfColumn<T> {
        OfColumn(self.expr, PhantomData)
    }
}

impl<T, F: Holds<T>> Fills<F> for OfColumn<T> {
    const WIDTH: usize = 1;
    fn outline(self, outline: &mut Outline) {
        outline.columns.push(self.0);
    }
    fn read(reader: &mut RowReader<'_>) -> Result<F> {
        F::decode(reader.cell())
    }
}

/// A group of columns.
pub struct OfGroup<G>(Vec<Expr>, PhantomData<fn() -> G>);

impl<M: Record, G: Embedded> Source for Embed<M, G> {
    type Model = M;
    type Kind = OfGroup<G>;
    fn into_kind(self) -> OfGroup<G> {
        let columns = self.position()..self.position() + G::COLUMNS.len() as u16;
        OfGroup(columns.map(|column| Expr::column(M::table(), column)).collect(), PhantomData)
    }
}

impl<G: Embedded, F: IsGroup<G>> Fills<F> for OfGroup<G> {
    const WIDTH: usize = G::COLUMNS.len();
    fn outline(self, outline: &mut Outline) {
        outline.columns.extend(self.0);
    }
    fn read(reader: &mut RowReader<'_>) -> Result<F> {
        G::read(reader).map(F::from_group)
    }
}

/// The targets of a relationship to `T`.
pub struct OfRelated<T, C, N>(pub(super) Include, pub(super) PhantomData<Marked<T, C, N>>);

#[diagnostic::do_not_recommend]
impl<R: Relation> Source for R {
    type Model = R::Owner;
    type Kind = OfRelated<R::Target, R::Cardinality, R::Null>;
    fn into_kind(self) -> Self::Kind {
        OfRelated(Include::new(R::relationship()), PhantomData)
    }
}

impl<T, N, F: ManyOf<T>> Fills<F> for OfRelated<T, Many, N> {
    const WIDTH: usize = 0;
    const LISTS: usize = 1;
    fn outline(self, outline: &mut Outline) {
        outline.lists.push(List { path: Vec::new(), include: self.0, nested: Nested::of::<F::Row>() });
    }
    fn read(_: &mut RowReader<'_>) -> Result<F> {
        Ok(F::from_rows(Vec::new()))
    }
    fn fill(field: &mut F, lists: &mut Lists<'_>) {
        *field = F::from_rows(lists.take());
    }
}

impl<T: Record, F: RequiredOf<T>> Fills<F> for OfRelated<T, One, NotNull> {
    const WIDTH: usize = F::WIDTH;
    const LISTS: usize = F::LISTS;
    fn outline(self, outline: &mut Outline) {
        outline.behind(self.0.relationship, Outline::of::<F>());
    }
    fn read(reader: &mut RowReader<'_>) -> Result<F> {
        F::read(reader)
    }
    fn fill(field: &mut F, lists: &mut Lists<'_>) {
        field.fill(lists);
    }
}

/// In front of its columns is one that tells whether the row is there.
impl<T: Record, F: OptionalOf<T>> Fills<F> for OfRelated<T, One, Nullable> {
    const WIDTH: usize = 1 + F::Row::WIDTH;
    const LISTS: usize = F::Row::LISTS;
    fn outline(self, outline: &mut Outline) {
        let relationship = self.0.relationship;
        outline.columns.push(presence::<T>(relationship));
        outline.behind(relationship, Outline::of::<F::Row>());
    }
    fn read(reader: &mut RowReader<'_>) -> Result<F> {
        if reader.cell().is_null() {
            reader.skip(F::Row::WIDTH);
            return Ok(F::from_row(None));
        }
        F::Row::read(reader).map(Some).map(F::from_row)
    }
    fn fill(field: &mut F, lists: &mut Lists<'_>) {
        match field.row() {
            Some(row) => row.fill(lists),
            None => lists.skip(F::Row::LISTS),
        }
    }
}

/// The fields of another projection of the same model.
pub struct Flat<P>(PhantomData<fn() -> P>);

/// The same, as a kind.
pub struct OfFlat<P>(PhantomData<fn() -> P>);

impl<P: Projection> Source for Flat<P> {
    type Model = P::Model;
    type Kind = OfFlat<P>;
    fn into_kind(self) -> OfFlat<P> {
        OfFlat(self.0)
    }
}

impl<P: Projection> Fills<P> for OfFlat<P> {
    const WIDTH: usize = P::WIDTH;
    const LISTS: usize = P::LISTS;
    fn outline(self, outline: &mut Outline) {
        P::outline(outline);
    }
    fn read(reader: &mut RowReader<'_>) -> Result<P> {
        P::read(reader)
    }
    fn fill(field: &mut P, lists: &mut Lists<'_>) {
        field.fill(lists);
    }
}

/// Types that are told but not held.
pub(super) type Marked<T, C, N> = (fn() -> T, fn() -> C, fn() -> N);
