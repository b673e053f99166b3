//! The values of a projection, without its type: decoded row by row, then given their lists.
use super::Projection;
use crate::{
    error::{Error, Result},
    value::{Row, RowReader},
};
use std::any::Any;

/// Values of one projection.
pub trait ProjectedRows: Any + Send {
    /// Their number.
    fn count(&self) -> usize;

    /// Adds a value, read from the first columns of a row; its lists are empty.
    ///
    /// # Errors
    /// A value is null and may not be, or is of another type. With it, how many columns were read.
    fn decode(&mut self, row: &dyn Row) -> Result<(), (Error, usize)>;

    /// Gives each value its lists, which [`by_owner`](Self::by_owner) made.
    fn fill(&mut self, lists: Vec<Box<dyn Any + Send>>);

    /// The values as lists, by the number of the owner that is told for each.
    fn by_owner(self: Box<Self>, owner_of: &[u32], owners: usize) -> Box<dyn Any + Send>;
}

impl<P: Projection> ProjectedRows for Vec<P> {
    fn count(&self) -> usize {
        self.len()
    }

    fn decode(&mut self, row: &dyn Row) -> Result<(), (Error, usize)> {
        let mut reader = RowReader::new(row, 0, true);
        self.push(P::read(&mut reader).map_err(|error| (error, reader.ordinal()))?);
        Ok(())
    }

    fn fill(&mut self, mut groups: Vec<Box<dyn Any + Send>>) {
        for (row, value) in self.iter_mut().enumerate() {
            value.fill(&mut Lists { row, next: 0, groups: &mut groups });
        }
    }

    fn by_owner(self: Box<Self>, owner_of: &[u32], owners: usize) -> Box<dyn Any + Send> {
        let mut groups: Vec<Self> = std::iter::repeat_with(Vec::new).take(owners).collect();
        for (value, owner) in self.into_iter().zip(owner_of) {
            groups[*owner as usize].push(value);
        }
        Box::new(groups)
    }
}

/// The lists of one value, taken in their order.
pub struct Lists<'a> {
    row: usize,
    next: usize,
    groups: &'a mut [Box<dyn Any + Send>],
}

impl Lists<'_> {
    /// The next list.
    pub(super) fn take<P: Projection>(&mut self) -> Vec<P> {
        let groups = self.groups[self.next].downcast_mut::<Vec<Vec<P>>>();
        self.next += 1;
        groups.map(|groups| std::mem::take(&mut groups[self.row])).unwrap_or_default()
    }

    /// Passes over the lists of what is not there.
    pub(super) fn skip(&mut self, lists: usize) {
        self.next += lists;
    }
}
