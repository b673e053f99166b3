//! Rows of one model without its type: what code that is compiled once for all models works with.
use super::{ColumnSet, ColumnValue, Record};
use crate::{
    error::{Error, Result},
    relation::{Content, Derived, RelatedRows},
    schema::{AroundSave, Operations, Table},
    value::{Cell, Key, Row, RowReader, Sets, Value},
};
use append_only_vec::AppendOnlyVec;
use std::any::Any;

/// Rows that can be read: a batch from a result, or an append-only store.
pub trait Rows: Any + Send + Sync {
    /// The number of rows.
    fn len(&self) -> usize;
    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// A column of a row as a value to bind.
    fn value(&self, row: usize, column: u16) -> Value;
    /// Appends columns of a row to the values of a statement that is run for many sets of them.
    fn pack(&self, row: usize, columns: &[u16], sets: &mut Sets);
    /// Columns of a row as an identity.
    fn key(&self, row: usize, columns: &[u16]) -> Key;
    /// Whether the column of that row is in memory.
    fn is_loaded(&self, row: usize, column: u16) -> bool;
    /// The columns in which a row differs from a row of other rows of the same model.
    fn difference(&self, row: usize, other: &dyn Rows, other_row: usize) -> ColumnSet;
    /// Whether a row of a result, whose columns begin at `ordinal`, is like a row of these in all columns but deferred ones,
    /// which it has not.
    fn is_stored_as(&self, row: usize, stored: &dyn Row, ordinal: usize) -> bool;
    /// A copy of a row's columns, as the model in a box.
    fn copy(&self, row: usize) -> Box<dyn Any + Send + Sync>;
    /// For the model's own code.
    fn as_any(&self) -> &dyn Any;
}

/// Rows that a result is decoded into.
pub trait Batch: Rows {
    /// Decodes a row of a result, whose columns begin at `ordinal`.
    ///
    /// # Errors
    /// A column cannot be decoded; the message names it.
    fn decode(&mut self, row: &dyn Row, ordinal: usize, deferred: bool) -> Result<()>;
    /// Makes room for so many rows, if none are there yet.
    fn expect(&mut self, rows: usize);
    /// Gives back what the growing of the batch left over, if that is much.
    fn fit(&mut self);
    /// Keeps the rows at those positions, in that order.
    fn retain(&mut self, keep: &mut dyn FnMut(usize) -> bool);
    /// Appends a copy of a row of the same model.
    fn push_copy(&mut self, rows: &dyn Rows, row: usize);
    /// Appends the rows of another batch of the same model.
    fn take_over(&mut self, other: Box<dyn Batch>);
    /// Sets columns of a row.
    ///
    /// # Errors
    /// A value is not of its column's type.
    fn set(&mut self, row: usize, changes: &[(u16, Value)]) -> Result<()>;
    /// Puts loaded targets into a relationship field of a row.
    fn fill(&mut self, row: usize, relation: u16, content: Box<dyn Content>);
    /// Tells a relationship field of a row how many targets there are in all.
    fn set_total(&mut self, row: usize, relation: u16, total: u64);
    /// The rows as readable rows.
    fn into_rows(self: Box<Self>) -> Box<dyn Rows>;
    /// The rows as targets of relationships, to be given out: each as often as told, or once if nothing is told.
    fn into_related(self: Box<Self>, uses: Vec<u32>) -> Box<dyn RelatedRows>;
    /// The model's own `Vec`, in a box.
    fn into_any(self: Box<Self>) -> Box<dyn Any + Send>;
}

/// An append-only store: rows never move, and reading needs no lock.
pub trait Growing: Rows {
    /// Appends a row, which is the model in a box, and tells its position.
    ///
    /// # Errors
    /// The box holds another type.
    fn push(&self, row: Box<dyn Any + Send + Sync>) -> Result<usize>;
    /// Appends the rows of a batch and tells their positions. Called under the session's lock, so that they are
    /// consecutive.
    ///
    /// # Errors
    /// The batch is of another model.
    fn absorb(&self, batch: Box<dyn Batch>) -> Result<std::ops::Range<usize>>;
    /// Appends a copy of a row with some columns changed.
    ///
    /// # Errors
    /// A value is not of its column's type.
    fn push_changed(&self, source: &dyn Rows, row: usize, changes: &[(u16, Value)]) -> Result<usize>;
    /// Appends a copy of a row, with those columns taken from another.
    fn push_merged(&self, base: (&dyn Rows, usize), from: (&dyn Rows, usize), columns: ColumnSet) -> Result<usize>;
    /// The rows at those positions, none of them twice, in that order; the others are dropped.
    fn into_batch(self: Box<Self>, positions: &[usize]) -> Box<dyn Batch>;
}

/// Blocks from this size on, in bytes, are asked of the kernel by allocators.
const LARGE: usize = 128 * 1_024;

/// Gives back what the growing of a `Vec` left over, if that is much: rows stay as long as their session.
///
/// Large ones are copied. Shrunk in place, such a block goes back to the kernel each time with a size below that at which it is
/// asked for, from which glibc learns nothing: the pages of each result are fresh ones then, which took as long as reading it.
fn fit<M>(rows: &mut Vec<M>) {
    if rows.capacity() - rows.len() <= rows.len() / 8 {
        return;
    }
    if rows.capacity() * size_of::<M>() < LARGE {
        rows.shrink_to_fit();
        return;
    }
    let mut fitting = Vec::with_capacity(rows.len());
    fitting.append(rows);
    *rows = fitting;
}

/// A row of rows whose model is known.
trait At<M>: Send + Sync + 'static {
    fn count(&self) -> usize;
    fn at(&self, row: usize) -> &M;
}

impl<M: Record> At<M> for Vec<M> {
    fn count(&self) -> usize {
        self.len()
    }
    fn at(&self, row: usize) -> &M {
        &self[row]
    }
}

impl<M: Record> At<M> for AppendOnlyVec<M> {
    fn count(&self) -> usize {
        self.len()
    }
    fn at(&self, row: usize) -> &M {
        &self[row]
    }
}

/// The row of erased rows of model `M`.
pub(crate) fn typed<M: Record>(rows: &dyn Rows, row: usize) -> Option<&M> {
    let any = rows.as_any();
    match any.downcast_ref::<Vec<M>>() {
        Some(batch) => batch.get(row),
        None => any.downcast_ref::<AppendOnlyVec<M>>().filter(|rows| row < rows.len()).map(|rows| &rows[row]),
    }
}

macro_rules! rows {
    ($($type:ty),*) => {$(
        impl<M: Record> Rows for $type {
            fn len(&self) -> usize {
                At::count(self)
            }

            fn value(&self, row: usize, column: u16) -> Value {
                self.at(row).column(usize::from(column)).value()
            }

            fn pack(&self, row: usize, columns: &[u16], sets: &mut Sets) {
                let row = self.at(row);
                pack(columns, &|column| row.column(column), sets);
            }

            fn key(&self, row: usize, columns: &[u16]) -> Key {
                let row = self.at(row);
                match *columns {
                    [column] => row.column(usize::from(column)).key(),
                    _ => tuple(columns, &|column| row.column(usize::from(column)).key()),
                }
            }

            fn is_loaded(&self, row: usize, column: u16) -> bool {
                self.at(row).column(usize::from(column)).is_loaded()
            }

            fn difference(&self, row: usize, other: &dyn Rows, other_row: usize) -> ColumnSet {
                let Some(other) = typed::<M>(other, other_row) else { return ColumnSet::EMPTY };
                let row = self.at(row);
                differing(M::table(), &|column| !row.column(column).same(other.column(column)))
            }

            fn is_stored_as(&self, row: usize, stored: &dyn Row, ordinal: usize) -> bool {
                let row = self.at(row);
                all_stored(M::table(), (stored, ordinal), &|column| row.column(column))
            }

            fn copy(&self, row: usize) -> Box<dyn Any + Send + Sync> {
                Box::new(self.at(row).copy())
            }

            fn as_any(&self) -> &dyn Any {
                self
            }
        }
    )*};
}
rows!(Vec<M>, AppendOnlyVec<M>);

impl<M: Record> Batch for Vec<M> {
    fn decode(&mut self, row: &dyn Row, ordinal: usize, deferred: bool) -> Result<()> {
        let mut reader = RowReader::new(row, ordinal, deferred);
        match M::read(&mut reader) {
            Ok(model) => {
                self.push(model);
                Ok(())
            }
            Err(error) => Err(in_column(M::table(), error, reader.ordinal() - ordinal, deferred)),
        }
    }

    fn expect(&mut self, rows: usize) {
        if self.is_empty() {
            // Without that room it grows as ever.
            let _ = self.try_reserve_exact(rows);
        }
    }

    fn fit(&mut self) {
        fit(self);
    }

    fn retain(&mut self, keep: &mut dyn FnMut(usize) -> bool) {
        let mut position = 0;
        Vec::retain(self, |_| {
            position += 1;
            keep(position - 1)
        });
    }

    fn push_copy(&mut self, rows: &dyn Rows, row: usize) {
        if let Some(row) = typed::<M>(rows, row) {
            self.push(row.copy());
        }
    }

    fn take_over(&mut self, other: Box<dyn Batch>) {
        let other: Box<dyn Any> = other.into_any();
        if let Ok(mut other) = other.downcast::<Vec<M>>() {
            self.append(&mut other);
        }
    }

    fn set(&mut self, row: usize, changes: &[(u16, Value)]) -> Result<()> {
        set(&mut self[row], changes)
    }

    fn fill(&mut self, row: usize, relation: u16, content: Box<dyn Content>) {
        self[row].relation_mut(usize::from(relation)).fill(content);
    }

    fn set_total(&mut self, row: usize, relation: u16, total: u64) {
        self[row].relation_mut(usize::from(relation)).set_total(total);
    }

    fn into_rows(mut self: Box<Self>) -> Box<dyn Rows> {
        fit(&mut self);
        self
    }

    fn into_related(self: Box<Self>, uses: Vec<u32>) -> Box<dyn RelatedRows> {
        Box::new(crate::relation::Targets::new(*self, uses))
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}

impl<M: Record> Growing for AppendOnlyVec<M> {
    fn push(&self, row: Box<dyn Any + Send + Sync>) -> Result<usize> {
        let row = row.downcast::<M>().map_err(|_| other_model())?;
        Ok(AppendOnlyVec::push(self, *row))
    }

    fn absorb(&self, batch: Box<dyn Batch>) -> Result<std::ops::Range<usize>> {
        let rows = batch.into_any().downcast::<Vec<M>>().map_err(|_| other_model())?;
        let start = AppendOnlyVec::len(self);
        let mut end = start;
        for row in *rows {
            end = AppendOnlyVec::push(self, row) + 1;
        }
        Ok(start..end)
    }

    fn push_changed(&self, source: &dyn Rows, row: usize, changes: &[(u16, Value)]) -> Result<usize> {
        let mut copy = typed::<M>(source, row).ok_or_else(other_model)?.copy();
        set(&mut copy, changes)?;
        Ok(AppendOnlyVec::push(self, copy))
    }

    fn push_merged(&self, base: (&dyn Rows, usize), from: (&dyn Rows, usize), columns: ColumnSet) -> Result<usize> {
        let mut copy = typed::<M>(base.0, base.1).ok_or_else(other_model)?.copy();
        let from = typed::<M>(from.0, from.1).ok_or_else(other_model)?;
        for column in columns.iter() {
            copy.column_mut(usize::from(column)).assign(from.column(usize::from(column)));
        }
        Ok(AppendOnlyVec::push(self, copy))
    }

    fn into_batch(self: Box<Self>, positions: &[usize]) -> Box<dyn Batch> {
        let rows = self.into_vec();
        if positions.iter().copied().eq(0..rows.len()) {
            return Box::new(rows);
        }
        let mut rows: Vec<Option<M>> = rows.into_iter().map(Some).collect();
        Box::new(positions.iter().filter_map(|position| rows.get_mut(*position)?.take()).collect::<Vec<M>>())
    }
}

fn set<M: Record>(row: &mut M, changes: &[(u16, Value)]) -> Result<()> {
    let mut changes = changes.iter();
    changes.try_for_each(|(column, value)| row.column_mut(usize::from(*column)).set(value.clone()))
}

// What follows knows no model: it is compiled once, and not again for each.
fn pack<'m>(columns: &[u16], column: &dyn Fn(usize) -> &'m dyn ColumnValue, sets: &mut Sets) {
    columns.iter().for_each(|position| column(usize::from(*position)).pack(sets));
}

fn tuple(columns: &[u16], key: &dyn Fn(u16) -> Key) -> Key {
    Key::Tuple(columns.iter().map(|column| key(*column)).collect())
}

fn differing(table: &Table, differs: &dyn Fn(usize) -> bool) -> ColumnSet {
    (0..table.columns.len()).filter(|column| differs(*column)).map(|column| column as u16).collect()
}

fn all_stored<'m>(
    table: &Table,
    (stored, ordinal): (&dyn Row, usize),
    column: &dyn Fn(usize) -> &'m dyn ColumnValue,
) -> bool {
    let selected = (0..table.columns.len()).filter(|column| !table.columns[*column].deferred);
    selected.zip(ordinal..).all(|(position, ordinal)| column(position).is_stored_as(Cell::new(stored, ordinal)))
}

fn other_model() -> Error {
    Error::usage("rows of two models were mixed; this is a bug of the library")
}

/// Says which column could not be decoded: the one before `next`, counted among the selected ones.
#[cold]
fn in_column(table: &Table, error: Error, next: usize, deferred: bool) -> Error {
    let selected = table.columns.iter().filter(|column| deferred || !column.deferred);
    match selected.into_iter().nth(next.saturating_sub(1)) {
        Some(column) => {
            let message =
                format!("cannot read {}.{} into {}::{}: {error}", table.name, column.name, table.model, column.field);
            error.context(message)
        }
        None => error,
    }
}

/// The row in a box, for a model's `before_save` and `validate`.
///
/// # Errors
/// The box holds another type.
pub fn row<M: Record>(row: &mut dyn Any) -> Result<&mut M> {
    row.downcast_mut().ok_or_else(other_model)
}

/// The functions of a model; `around_save` and `derived` are the model's own.
pub const fn operations<M: Record>(around_save: Option<AroundSave>, derived: Derived) -> Operations {
    Operations {
        batch: |capacity| Box::new(Vec::<M>::with_capacity(capacity)),
        growing: || Box::new(AppendOnlyVec::<M>::new()),
        around_save,
        derived,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn much_that_is_left_over_goes_back() {
        for (capacity, len) in [(1_000, 600), (100_000, 60_000), (100_000, 0)] {
            let mut rows: Vec<usize> = Vec::with_capacity(capacity);
            rows.extend(0..len);
            fit(&mut rows);
            assert_eq!((rows.capacity(), rows.len()), (len, len));
            assert!(rows.iter().copied().eq(0..len));
        }
    }

    #[test]
    fn a_little_is_left() {
        let mut rows: Vec<usize> = Vec::with_capacity(100_000);
        rows.extend(0..95_000);
        fit(&mut rows);
        assert_eq!(rows.capacity(), 100_000);
    }
}
