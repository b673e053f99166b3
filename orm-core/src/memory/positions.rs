//! Lists whose positions the session keeps: members at given places, and the numbers that a flush gives them.
use super::{Locked, State, journal::Undo, members::List};
use crate::{
    error::{Error, Result},
    model::Node,
    schema::{Default, Ordering, Relationship},
    value::{Key, SqlType, Value, is_unset},
};

impl Locked<'_> {
    /// A member of a known list stands at that place among those that are shown.
    ///
    /// # Errors
    /// There are fewer members.
    pub(crate) fn place_member(&mut self, (owner, relation): (Node, u16), member: Node, place: usize) -> Result<()> {
        let arena = self.arena;
        let shown = |node: &Node| is_shown(arena.state(*node));
        let members = self.members(owner, relation);
        self.reaches((owner, relation), members.iter().filter(|node| **node != member && shown(node)).count(), place)?;
        let Some(list) = self.known_list((owner, relation)) else { return Ok(()) };
        let Some(before) = list.remove(member) else { return Ok(()) };
        let places = list.as_slice().iter().enumerate().filter(|(_, node)| shown(node)).map(|(place, _)| place);
        let after = places.into_iter().nth(place).unwrap_or(list.as_slice().len());
        list.insert(after, member);
        if after != before as usize {
            self.graph.record(Undo::Moved { node: owner, relation, member, place: before });
            self.note_rearranged((owner, relation));
        }
        Ok(())
    }

    /// Whether a member can be inserted at that place.
    ///
    /// # Errors
    /// There are fewer members.
    pub(crate) fn has_place(&self, (owner, relation): (Node, u16), place: usize) -> Result<()> {
        let members = self.members(owner, relation);
        let count = members.iter().filter(|node| is_shown(self.arena.state(**node))).count();
        self.reaches((owner, relation), count, place)
    }

    fn reaches(&self, (owner, relation): (Node, u16), others: usize, place: usize) -> Result<()> {
        if place <= others {
            return Ok(());
        }
        let path = self.arena.table(owner).relationships[usize::from(relation)].path();
        Err(Error::usage(format!(
            "there is no place {place} in {path} of {}: places count from 0, and it has {others} other members",
            self.name(owner)
        )))
    }

    fn known_list(&mut self, cell: (Node, u16)) -> Option<&mut List> {
        Some(self.graph.cells.get_mut(&cell)?.members.as_mut()?.list())
    }

    /// A member goes back to the place that it had.
    pub(super) fn put_at(&mut self, cell: (Node, u16), member: Node, place: u32) {
        if let Some(list) = self.known_list(cell)
            && list.remove(member).is_some()
        {
            list.insert(place as usize, member);
        }
    }

    /// The next flush numbers a list, if its positions are kept.
    pub(super) fn note_rearranged(&mut self, (owner, relation): (Node, u16)) {
        let relationship = &self.arena.table(owner).relationships[usize::from(relation)];
        if relationship.ordering.is_some() && self.graph.rearranged.last() != Some(&(owner, relation)) {
            self.graph.rearranged.push((owner, relation));
        }
    }

    /// The place of a member in a list, as its column says; `None` for null.
    pub(crate) fn position(&self, member: Node, ordering: Ordering) -> Option<i64> {
        let (rows, row) = self.arena.current(member);
        match rows.key(row, &[ordering.column]) {
            Key::Int(position) => Some(position),
            Key::Null | Key::Text(_) | Key::Bytes(_) | Key::Tuple(_) => None,
        }
    }

    /// Whether the program gave the position, so that the flush leaves it alone.
    pub(crate) fn is_placed_by_hand(&self, member: Node, ordering: Ordering) -> bool {
        if self.arena.state(member) != State::Pending {
            return self.changed(member).has(ordering.column);
        }
        let open = self.graph.open.get(&member).unwrap_or_default();
        let column = &self.arena.table(member).columns[usize::from(ordering.column)];
        let value = self.values(member, &[ordering.column]).remove(0);
        let is_default = matches!(column.default, Default::Value(default) if default() == value);
        open.given.has(ordering.column) || !(is_default || is_unset(&value, column.sql_type))
    }

    /// Writes the position of a member.
    ///
    /// # Errors
    /// The column's type has no such number.
    pub(crate) fn set_position(&mut self, member: Node, list: &Relationship, position: i64) -> Result<()> {
        let Some(ordering) = list.ordering else { return Ok(()) };
        if self.position(member, ordering) == Some(position) {
            return Ok(());
        }
        let column = &self.arena.table(member).columns[usize::from(ordering.column)];
        let value = integer(column.sql_type, position).ok_or_else(|| {
            let message = format!(
                "{} has a member at the place {position}, which does not fit into {}.{}: make that column a wider integer",
                list.path(),
                list.target().model,
                column.field
            );
            Error::usage(message)
        })?;
        self.touch(member);
        self.graph.open.change(&member, |open| open.unset = open.unset.without(ordering.column));
        self.rewrite(member, &[(ordering.column, value)])
    }
}

fn is_shown(state: State) -> bool {
    matches!(state, State::Pending | State::Persistent)
}

/// A number as a value of an integer type.
fn integer(sql_type: SqlType, number: i64) -> Option<Value> {
    Some(match sql_type {
        SqlType::I8 => Value::TinyInt(Some(number.try_into().ok()?)),
        SqlType::I16 => Value::SmallInt(Some(number.try_into().ok()?)),
        SqlType::I32 => Value::Int(Some(number.try_into().ok()?)),
        SqlType::U8 => Value::TinyUnsigned(Some(number.try_into().ok()?)),
        SqlType::U16 => Value::SmallUnsigned(Some(number.try_into().ok()?)),
        SqlType::U32 => Value::Unsigned(Some(number.try_into().ok()?)),
        SqlType::U64 => Value::BigUnsigned(Some(number.try_into().ok()?)),
        _ => Value::BigInt(Some(number)),
    })
}
