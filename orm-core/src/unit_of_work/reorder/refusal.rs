//! What is said of a circle that cannot be opened.
use super::{
    facts::{Cause, Wait},
    operation::Operations,
    token::Stored,
};
use crate::{
    error::{Error, Facts, Kind},
    model::ColumnSet,
    schema::Table,
};

/// The error of operations each of which waits for the next.
pub(super) fn error(operations: &Operations, waits: &[Vec<Wait>], (circle, stored): (&[usize], &dyn Stored)) -> Error {
    let next = |place: usize| circle[(place + 1) % circle.len()];
    let cause = |place: usize| waits[circle[place]].iter().find(|wait| wait.on == next(place)).map(|wait| wait.cause);
    let name = |place: usize| operations.list[place].node().map(|node| stored.name(node));
    let mut names: Vec<String> = Vec::new();
    for name in circle.iter().filter_map(|place| name(*place)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let pairs = (0..circle.len()).filter_map(|place| Some((next(place), cause(place)?)));
    let mut unique = pairs.clone().filter_map(|(on, cause)| match cause {
        Cause::Unique(columns) => Some((operations.shape(on).table()?, columns)),
        Cause::Row | Cause::Reference(_) | Cause::Release(_) => None,
    });
    let mut released = pairs.filter_map(|(on, cause)| match cause {
        Cause::Release(columns) => Some((operations.shape(on).table()?, columns.iter().copied().collect())),
        Cause::Row | Cause::Reference(_) | Cause::Unique(_) => None,
    });
    match (unique.next(), released.next()) {
        (Some((table, columns)), _) => exchange(&names, table, columns),
        (None, Some((table, columns))) => key_change(&names, table, columns),
        (None, None) => Error::usage(format!(
            "{} reference each other in a circle, and none of the keys may be null: make one of them an `Option`",
            names.join(" and ")
        )),
    }
}

fn place(table: &Table, columns: ColumnSet) -> (String, Vec<String>) {
    let columns: Vec<String> =
        columns.iter().map(|column| table.columns[usize::from(column)].name.to_owned()).collect();
    match &*columns {
        [column] => (format!("{}.{column}", table.name), columns),
        several => (format!("{} ({})", table.name, several.join(", ")), columns),
    }
}

fn exchange(names: &[String], table: &Table, columns: ColumnSet) -> Error {
    let (place, columns) = place(table, columns);
    let message = format!(
        "{} take values of {place} from each other, which must be unique at any time; nothing else can stand there \
         meanwhile, as it may not be null and is a foreign key or has a type without spare values: make it an `Option`, or \
         delete one of the rows and add it anew in a second flush",
        names.join(" and "),
    );
    Error::new(Kind::UniqueViolation, message).with_facts(facts(names, table, columns))
}

fn key_change(names: &[String], table: &Table, columns: ColumnSet) -> Error {
    let (place, columns) = place(table, columns);
    let message = format!(
        "{} cannot be written in any order: {place} names a key that changes, and may not be null meanwhile; declare \
         `on_update = \"cascade\"` there, or make it an `Option`",
        names.join(" and "),
    );
    Error::new(Kind::ForeignKeyViolation, message).with_facts(facts(names, table, columns))
}

fn facts(names: &[String], table: &Table, columns: Vec<String>) -> Facts {
    Facts { table: Some(table.name.to_owned()), columns, entity: names.first().cloned(), ..Facts::default() }
}
