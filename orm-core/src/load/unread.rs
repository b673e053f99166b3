//! What is said of rows that cannot be read as they are wanted.
use crate::{
    error::{Error, Kind, Result},
    query::expr::{Expr, Path, Start},
    schema::{Relationship, Table},
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

/// An error of reading a row of a query, with what was selected for the column that was read last.
pub(super) fn selected(error: Error, row: &dyn Row, (columns, read): (&[Expr], usize)) -> Error {
    let column = columns.get(read.wrapping_sub(1)).and_then(source);
    match column {
        None => explained(error, row, read),
        Some(column) if !column.path.steps.is_empty() && row.is_null(read - 1) => column.unreached(),
        Some(column) => error.clone().context(format!("the column `{}` cannot be read: {error}", column.name())),
    }
}

/// The column that an expression reads; of several, one behind a relationship.
fn source(expr: &Expr) -> Option<Selected<'_>> {
    if let Expr::Column { path, table, column } = expr {
        return Some(Selected { path, table, column: *column });
    }
    let mut found: Option<Selected<'_>> = None;
    expr.parts(&mut |part| {
        let is_behind = |column: &Selected<'_>| !column.path.steps.is_empty();
        found = found.take().filter(is_behind).or_else(|| source(part));
    });
    found
}

/// A column that a query selects.
struct Selected<'q> {
    path: &'q Path,
    table: &'static Table,
    column: u16,
}

impl Selected<'_> {
    /// `Order::total`, `Order::user.email` behind a relationship.
    fn name(&self) -> String {
        let field = self.table.columns[usize::from(self.column)].field;
        let way = match (self.path.start, self.path.steps.as_slice()) {
            (Start::Join(name), steps) => {
                steps.iter().fold(name.to_owned(), |way, step| format!("{way}.{}", step.name))
            }
            (_, [first, rest @ ..]) => rest.iter().fold(first.path(), |way, step| format!("{way}.{}", step.name)),
            (_, []) => return format!("{}::{field}", self.table.model),
        };
        format!("{way}.{field}")
    }

    /// It is null although its field never is, so that there is no row.
    fn unreached(&self) -> Error {
        let message = format!(
            "`{}` cannot be read, since there is no row: a key names none, or a criterion hides the row: ask for those that are \
             seen, `.filter({})`, or look around the criteria, `.without_criteria()`",
            self.name(),
            reaches(&self.path.steps)
        );
        Error::new(Kind::NotFound, message)
    }
}

/// The condition that to-one relationships lead to a row.
fn reaches(steps: &[&'static Relationship]) -> String {
    match steps {
        [] => String::new(),
        [last] => format!("{}.exists()", last.path()),
        [first, rest @ ..] => format!("{}.has({})", first.path(), reaches(rest)),
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
