//! The columns of a model with embedded groups: its own and those of the groups, in the order of the fields.
use super::Column;
use crate::value::ColumnType;

/// Columns of a model that follow one another.
#[derive(Debug, Clone, Copy)]
pub enum Part {
    /// Fields of the struct itself.
    Own(&'static [Column]),
    /// An embedded group.
    Group {
        /// The name of the field and a dot, which the fields of the group get in front.
        field: &'static str,
        /// What the column names of the group get in front.
        prefix: &'static str,
        /// The group.
        columns: &'static [Column],
    },
}

/// The number of columns.
pub const fn count(parts: &[Part]) -> usize {
    let (mut count, mut i) = (0, 0);
    while i < parts.len() {
        count += match parts[i] {
            Part::Own(columns) | Part::Group { columns, .. } => columns.len(),
        };
        i += 1;
    }
    count
}

/// The length of all names of the groups' columns, put together.
pub const fn names_length(parts: &[Part]) -> usize {
    let (mut length, mut i) = (0, 0);
    while i < parts.len() {
        if let Part::Group { field, prefix, columns } = parts[i] {
            let mut k = 0;
            while k < columns.len() {
                length += field.len() + columns[k].field.len() + prefix.len() + columns[k].name.len();
                k += 1;
            }
        }
        i += 1;
    }
    length
}

/// The names of the groups' columns, one after the other: for each the field's, then the column's.
pub const fn names<const LENGTH: usize>(parts: &[Part]) -> [u8; LENGTH] {
    let (mut names, mut at, mut i) = ([0; LENGTH], 0, 0);
    while i < parts.len() {
        if let Part::Group { field, prefix, columns } = parts[i] {
            let mut k = 0;
            while k < columns.len() {
                at = write(&mut names, at, field);
                at = write(&mut names, at, columns[k].field);
                at = write(&mut names, at, prefix);
                at = write(&mut names, at, columns[k].name);
                k += 1;
            }
        }
        i += 1;
    }
    names
}

const fn write(names: &mut [u8], mut at: usize, text: &str) -> usize {
    let text = text.as_bytes();
    let mut i = 0;
    while i < text.len() {
        names[at] = text[i];
        at += 1;
        i += 1;
    }
    at
}

/// All columns; `names` is what [`names`] made of the same parts.
pub const fn columns<const COUNT: usize>(parts: &[Part], names: &'static [u8]) -> [Column; COUNT] {
    let mut all = [Column::of("", <bool as ColumnType>::FACTS); COUNT];
    let (mut count, mut i, mut rest) = (0, 0, names);
    while i < parts.len() {
        let (own, prefixes, columns) = match parts[i] {
            Part::Own(columns) => (true, (0, 0), columns),
            Part::Group { field, prefix, columns } => (false, (field.len(), prefix.len()), columns),
        };
        let mut k = 0;
        while k < columns.len() {
            let column = columns[k];
            all[count] = column;
            if !own {
                (all[count].field, rest) = take(rest, prefixes.0 + column.field.len());
                (all[count].name, rest) = take(rest, prefixes.1 + column.name.len());
            }
            count += 1;
            k += 1;
        }
        i += 1;
    }
    all
}

const fn take(names: &'static [u8], length: usize) -> (&'static str, &'static [u8]) {
    let (name, rest) = names.split_at(length);
    match std::str::from_utf8(name) {
        Ok(name) => (name, rest),
        Err(_) => panic!("names of columns are text"),
    }
}
