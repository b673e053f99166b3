//! What is said of rows that cannot be read as they are wanted.
use crate::{
    error::{Error, Kind, Result},
    value::Row,
};

/// An error of reading a row, with the column that was read last.
pub(super) fn explained(error: Error, row: &dyn Row, read: usize) -> Error {
    let names = row.names();
    match names.get(read.saturating_sub(1)) {
        _ if names.is_empty() => error,
        Some(name) => error.clone().context(format!("the column `{name}` cannot be read: {error}")),
        None => too_few(&names),
    }
}

/// Refuses a row of which columns are left.
pub(super) fn whole(row: &dyn Row, read: usize) -> Result<()> {
    let names = row.names();
    if names.len() <= read {
        return Ok(());
    }
    let message = format!(
        "the result has {} columns ({}), and only {read} of them would be read: select no more than that, or read a tuple \
         of all",
        names.len(),
        shown(&names)
    );
    Err(Error::new(Kind::Decode, message))
}

fn too_few(names: &[String]) -> Error {
    let message = format!("a row is read into more values than the result has columns: there are {}", shown(names));
    Error::new(Kind::Decode, message)
}

/// Names of columns in a sentence.
pub(super) fn shown(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    if quoted.is_empty() { "none".to_owned() } else { quoted.join(", ") }
}
