//! Many sets of values of the same types, kept close to each other, for a statement that is run for each of them.
use super::{SqlType, Value, is_null};
use std::ops::Range;

/// Sets of values of the same types, one set after another. Texts and bytes stand in one place for all of them, so that many
/// rows cost few allocations.
#[derive(Debug, Clone, Default)]
pub struct Sets {
    types: Vec<SqlType>,
    entries: Vec<Entry>,
    text: String,
    bytes: Vec<u8>,
}

#[derive(Debug, Clone)]
enum Entry {
    Null,
    Integer(i64),
    Real(f64),
    /// The start of a text and its length.
    Text(u32, u32),
    /// The same of bytes.
    Bytes(u32, u32),
    /// Whatever is none of these, or is too far from the start.
    Other(Box<Value>),
}

/// A value of a set, as a driver binds it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lent<'s> {
    /// Null.
    Null,
    /// Any integer or boolean; an unsigned 64-bit number by its bits.
    Integer(i64),
    /// A floating-point number.
    Real(f64),
    /// A text.
    Text(&'s str),
    /// Bytes.
    Bytes(&'s [u8]),
    /// A value of another type, which is not null.
    Other(&'s Value),
}

impl<'s> Lent<'s> {
    /// The value as a set has it.
    pub fn of(value: &'s Value) -> Self {
        let integer = |value: Option<i64>| value.map_or(Self::Null, Self::Integer);
        match value {
            Value::Bool(v) => integer(v.map(i64::from)),
            Value::TinyInt(v) => integer(v.map(i64::from)),
            Value::SmallInt(v) => integer(v.map(i64::from)),
            Value::Int(v) => integer(v.map(i64::from)),
            Value::BigInt(v) => integer(*v),
            Value::TinyUnsigned(v) => integer(v.map(i64::from)),
            Value::SmallUnsigned(v) => integer(v.map(i64::from)),
            Value::Unsigned(v) => integer(v.map(i64::from)),
            Value::BigUnsigned(v) => integer(v.map(u64::cast_signed)),
            Value::Float(v) => v.map_or(Self::Null, |v| Self::Real(f64::from(v))),
            Value::Double(v) => v.map_or(Self::Null, Self::Real),
            Value::String(v) => v.as_deref().map_or(Self::Null, Self::Text),
            Value::Bytes(v) => v.as_deref().map_or(Self::Null, Self::Bytes),
            other if is_null(other) => Self::Null,
            other => Self::Other(other),
        }
    }
}

impl Sets {
    /// No set yet, with room for so many. `types`: those of the values of a set.
    pub fn new(types: Vec<SqlType>, sets: usize) -> Self {
        let entries = Vec::with_capacity(types.len() * sets);
        Self { types, entries, ..Self::default() }
    }

    /// The number of values of a set.
    pub fn width(&self) -> usize {
        self.types.len()
    }

    /// The number of sets; the last one counts also if it lacks values.
    pub fn len(&self) -> usize {
        self.entries.len().div_ceil(self.width().max(1))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of all values.
    pub fn values_len(&self) -> usize {
        self.entries.len()
    }

    /// Appends the next value.
    pub fn push(&mut self, value: Value) {
        let entry = match Lent::of(&value) {
            Lent::Null => Entry::Null,
            Lent::Integer(number) => Entry::Integer(number),
            Lent::Real(number) => Entry::Real(number),
            Lent::Text(text) => return self.push_text(text),
            Lent::Bytes(bytes) => return self.push_bytes(bytes),
            Lent::Other(_) => Entry::Other(Box::new(value)),
        };
        self.entries.push(entry);
    }

    /// Appends a null.
    pub fn push_null(&mut self) {
        self.entries.push(Entry::Null);
    }

    /// Appends a text.
    pub fn push_text(&mut self, text: &str) {
        let entry = match place(self.text.len(), text.len()) {
            Some((start, length)) => {
                self.text.push_str(text);
                Entry::Text(start, length)
            }
            None => Entry::Other(Box::new(Value::String(Some(text.to_owned())))),
        };
        self.entries.push(entry);
    }

    /// Appends bytes.
    pub fn push_bytes(&mut self, bytes: &[u8]) {
        let entry = match place(self.bytes.len(), bytes.len()) {
            Some((start, length)) => {
                self.bytes.extend_from_slice(bytes);
                Entry::Bytes(start, length)
            }
            None => Entry::Other(Box::new(Value::Bytes(Some(bytes.to_vec())))),
        };
        self.entries.push(entry);
    }

    /// The values of the sets from the first one on, of so many sets at a time.
    pub fn runs(&self, first: usize, sets: usize) -> impl Iterator<Item = impl ExactSizeIterator<Item = Lent<'_>>> {
        let (start, width) = (first * self.width(), sets * self.width());
        self.entries[start..].chunks(width.max(1)).map(|run| run.iter().map(|entry| self.lent(entry)))
    }

    fn lent<'s>(&'s self, entry: &'s Entry) -> Lent<'s> {
        match entry {
            Entry::Null => Lent::Null,
            Entry::Integer(number) => Lent::Integer(*number),
            Entry::Real(number) => Lent::Real(*number),
            Entry::Text(start, length) => Lent::Text(&self.text[range(*start, *length)]),
            Entry::Bytes(start, length) => Lent::Bytes(&self.bytes[range(*start, *length)]),
            Entry::Other(value) => Lent::Other(value),
        }
    }

    /// All values as they are bound elsewhere, one set after another.
    pub fn values(&self) -> Vec<Value> {
        let values = self.entries.iter().zip(self.types.iter().cycle());
        values.map(|(entry, sql_type)| of_type(self.lent(entry), *sql_type)).collect()
    }
}

impl Extend<Value> for Sets {
    fn extend<I: IntoIterator<Item = Value>>(&mut self, values: I) {
        values.into_iter().for_each(|value| self.push(value));
    }
}

fn place(start: usize, length: usize) -> Option<(u32, u32)> {
    u32::try_from(start + length).ok()?;
    Some((start as u32, length as u32))
}

fn range(start: u32, length: u32) -> Range<usize> {
    start as usize..start as usize + length as usize
}

fn of_type(lent: Lent<'_>, sql_type: SqlType) -> Value {
    match lent {
        Lent::Null => sql_type.null(),
        Lent::Integer(number) => sql_type.of_number(number),
        Lent::Real(number) if sql_type == SqlType::F32 => Value::Float(Some(number as f32)),
        Lent::Real(number) => Value::Double(Some(number)),
        Lent::Text(text) => Value::String(Some(text.to_owned())),
        Lent::Bytes(bytes) => Value::Bytes(Some(bytes.to_vec())),
        Lent::Other(value) => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_comes_back_as_it_was_pushed() {
        use SqlType::{Bool, Bytes, F32, F64, I8, I16, I32, I64, Text, U8, U16, U32, U64};
        let set = vec![
            (Bool, Value::Bool(Some(true))),
            (I8, Value::TinyInt(Some(-1))),
            (I16, Value::SmallInt(Some(i16::MIN))),
            (I32, Value::Int(Some(i32::MAX))),
            (I64, Value::BigInt(Some(i64::MIN))),
            (U8, Value::TinyUnsigned(Some(255))),
            (U16, Value::SmallUnsigned(Some(u16::MAX))),
            (U32, Value::Unsigned(Some(u32::MAX))),
            (U64, Value::BigUnsigned(Some(u64::MAX))),
            (F32, Value::Float(Some(0.1))),
            (F64, Value::Double(Some(0.1))),
            (Text, Value::String(Some("ä".to_owned()))),
            (Text, Value::String(Some(String::new()))),
            (Text, Value::Char(Some('ß'))),
            (Bytes, Value::Bytes(Some(vec![0, 255]))),
        ];
        let nulls = set.iter().map(|(sql_type, _)| sql_type.null());
        let (types, values): (Vec<SqlType>, Vec<Value>) = set.iter().cloned().unzip();
        let all: Vec<Value> = values.iter().cloned().chain(nulls).chain(values.iter().cloned()).collect();
        let mut sets = Sets::new(types, 3);
        sets.extend(all.iter().cloned());
        assert_eq!(sets.len(), 3);
        assert_eq!(sets.values(), all);
        assert!(sets.runs(1, 1).next().is_some_and(|mut set| set.all(|value| value == Lent::Null)));
        assert_eq!(sets.runs(1, 2).map(|run| run.len()).collect::<Vec<_>>(), [30]);
        assert_eq!(sets.runs(3, 2).count(), 0);
    }
}
