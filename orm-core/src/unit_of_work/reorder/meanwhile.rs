//! The value that a column holds while its row has given up one value and cannot take the next yet.
use crate::{
    fast::HashSet,
    model::ColumnSet,
    schema::{Column, Role, Table, id},
    value::{Key, SqlType, Value},
};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Values that were chosen for other rows of the same plan.
#[derive(Debug, Default)]
pub(super) struct Meanwhile {
    chosen: HashSet<(usize, u16, Key)>,
}

/// The column of a unique key that can hold another value for a while: best one that may be null, else one whose type has
/// values to spare.
pub(super) fn column_of(table: &'static Table, key: ColumnSet) -> Option<u16> {
    let info = |column: &u16| &table.columns[usize::from(*column)];
    let may_be_null = |column: &u16| info(column).nullable && !table.primary_key.contains(column);
    key.iter().find(may_be_null).or_else(|| key.iter().find(|column| has_spare_values(table, *column)))
}

impl Meanwhile {
    /// A value for the column of the row that is found by this key, as no other row has it.
    pub(super) fn value(&mut self, table: &'static Table, column: u16, key: &[Value]) -> Value {
        let info = &table.columns[usize::from(column)];
        if info.nullable && !table.primary_key.contains(&column) {
            return info.sql_type.null();
        }
        let id = id(table);
        let seed = seed(table, column, key);
        let values = (0..u64::from(u16::MAX)).map(|attempt| spare(info, seed.wrapping_add(attempt)));
        let mut fresh = values.filter(|value| self.chosen.insert((id, column, Key::from(value))));
        fresh.next().unwrap_or_else(|| spare(info, seed))
    }
}

/// The same row has the same value in every run, so that plans can be compared.
fn seed(table: &Table, column: u16, key: &[Value]) -> u64 {
    let mut hasher = DefaultHasher::new();
    (table.name, column).hash(&mut hasher);
    key.iter().for_each(|value| Key::from(value).hash(&mut hasher));
    hasher.finish()
}

/// Whether a column's type has values that nobody uses, and nothing else restricts the column.
fn has_spare_values(table: &'static Table, column: u16) -> bool {
    let info = &table.columns[usize::from(column)];
    let spare = match info.sql_type {
        SqlType::Text | SqlType::Bytes | SqlType::I8 | SqlType::I16 | SqlType::I32 | SqlType::I64 => true,
        // Where the database counts on from the greatest key, a great one would stay in its memory.
        SqlType::U8 | SqlType::U16 | SqlType::U32 | SqlType::U64 => !info.generated,
        #[cfg(feature = "uuid")]
        SqlType::Uuid => true,
        _ => false,
    };
    let named = |condition: &str| condition.contains(info.name);
    let checked = info.check.is_some() || table.checks.iter().any(|check| named(check.condition));
    let plain = info.role == Role::Plain && info.custom_type.is_none() && info.variants.is_empty() && !checked;
    spare && plain && !table.foreign_keys().any(|key| key.columns.contains(&column))
}

/// A value far from those that programs use: integers near the least one (unsigned: the greatest), texts that begin with a
/// tilde, as long as the column allows.
fn spare(column: &Column, seed: u64) -> Value {
    let few = |bits: u32| (seed & ((1 << bits) - 1)) as i64;
    match column.sql_type {
        SqlType::I8 => Value::TinyInt(Some(i8::MIN + few(5) as i8)),
        SqlType::I16 => Value::SmallInt(Some(i16::MIN + few(12) as i16)),
        SqlType::I32 => Value::Int(Some(i32::MIN + few(28) as i32)),
        SqlType::I64 => Value::BigInt(Some(i64::MIN + few(48))),
        SqlType::U8 => Value::TinyUnsigned(Some(u8::MAX - few(5) as u8)),
        SqlType::U16 => Value::SmallUnsigned(Some(u16::MAX - few(12) as u16)),
        SqlType::U32 => Value::Unsigned(Some(u32::MAX - few(28) as u32)),
        SqlType::U64 => Value::BigUnsigned(Some(i64::MAX as u64 - few(48) as u64)),
        SqlType::Bytes => Value::Bytes(Some(text(column, seed).into_bytes())),
        #[cfg(feature = "uuid")]
        SqlType::Uuid => Value::Uuid(Some(uuid::Uuid::from_u64_pair(seed, u64::MAX))),
        _ => Value::String(Some(text(column, seed))),
    }
}

/// `~`, and letters and digits that the seed decides; databases may take upper and lower case to be equal.
fn text(column: &Column, seed: u64) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let length = column.max_length.map_or(12, |most| most.min(12) as usize);
    let digits = std::iter::successors(Some(seed), |rest| Some(rest / 36)).map(|rest| DIGITS[(rest % 36) as usize]);
    let tilde = (length > 1).then_some(b'~');
    tilde.into_iter().chain(digits).take(length).map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::tests::models::column;

    #[test]
    fn texts_are_as_long_as_the_column_allows() {
        let of = |max_length| text(&Column { max_length, ..column("x", SqlType::Text) }, 35 + 36 * 11);
        assert_eq!([of(Some(1)), of(Some(2)), of(Some(3)), of(None)], ["z", "~z", "~zb", "~zb000000000"]);
    }
}
