//! Writes the rows of links.
use super::{
    blame, defaults,
    execute::{Database, Executed},
    plan::{Linked, Links},
};
use crate::{
    driver::{Connection, Dialect},
    error::{Error, Result},
    schema::{Default, Link, Relationship, RelationshipKind, Role},
    sql::{
        self,
        write::{LinkRows, LinkWrite, Rows},
    },
    value::{Key, Value},
};
use std::time::SystemTime;

pub(super) async fn run_links(links: &Links, database: &mut Database<'_>, executed: &Executed) -> Result<()> {
    let now = database.now;
    let (connection, dialect) = database.pair();
    let (extra, given) = if links.add { link_defaults(links, now)? } else { (Vec::new(), Vec::new()) };
    let shape = LinkRows { relationship: links.relationship, extra: &extra };
    let write = match (links.add, links.if_absent, links.rows.first()) {
        (true, true, _) => LinkWrite::InsertAbsent,
        (true, false, _) => LinkWrite::Insert,
        (false, _, Some(row)) if row.far.is_empty() => LinkWrite::DeleteNear,
        (false, _, _) => LinkWrite::Delete,
    };
    let values = |row: &Linked| {
        let mut values = executed.resolve_all(&row.near)?;
        values.extend(executed.resolve_all(&row.far)?);
        values.extend(given.iter().cloned());
        Ok(values)
    };
    let rows: Result<Rows> = links.rows.iter().map(values).collect();
    let rows = rows?;
    let width = rows.first().map_or(1, Vec::len);
    let mut start = 0;
    for chunk in sql::chunks(dialect, width, rows).collect::<Vec<_>>() {
        let rows = &links.rows[start..start + chunk.len()];
        start += chunk.len();
        if let Err(error) = connection.execute(&shape.statement(dialect, write, chunk)).await {
            let ends = rows.iter().map(|row| Ok((executed.resolve_all(&row.near)?, executed.resolve_all(&row.far)?)));
            let ends: Result<Vec<Ends>> = ends.collect();
            return Err(Box::pin(failed(error, (links, ends?), (connection, dialect))).await);
        }
    }
    Ok(())
}

/// The keys of the two ends of a link.
type Ends = (Vec<Value>, Vec<Value>);

/// The error of links, with the end that is not there.
async fn failed(error: Error, (links, rows): (&Links, Vec<Ends>), database: (&mut dyn Connection, Dialect)) -> Error {
    let relationship = links.relationship;
    let mut facts = error.facts().clone();
    if error.is_violation() {
        facts.table = facts.table.or_else(|| relationship.link().map(|link| link.table_name().to_owned()));
    }
    let missing = match error.is_foreign_key_violation() && links.add {
        true => missing_end(relationship, (&rows, facts.values.as_deref()), database).await.ok().flatten(),
        false => None,
    };
    let only = if rows.len() == 1 { Some(0) } else { None };
    let near = |row: usize| blame::name(relationship.owner(), &rows[row].0);
    facts.entity = missing.or(only).map(near);
    let verb = if links.add { "linking" } else { "unlinking" };
    let message = match missing.map(|row| (near(row), blame::name(relationship.target(), &rows[row].1))) {
        Some((near, far)) => {
            format!("linking {near} to {far} ({}): there is no such row: {error}", relationship.path())
        }
        None => format!("{verb} {} rows of {}: {error}", rows.len(), relationship.path()),
    };
    error.context(message).with_facts(facts)
}

/// The link whose far end is not there.
async fn missing_end(
    relationship: &'static Relationship,
    (rows, said): (&[Ends], Option<&str>),
    (connection, dialect): (&mut dyn Connection, Dialect),
) -> Result<Option<usize>> {
    if let Some(said) = said {
        let shown = |key: &[Value]| key.iter().map(blame::shown).collect::<Vec<_>>().join(", ");
        return Ok(rows.iter().position(|(_, far)| shown(far) == said));
    }
    if dialect == Dialect::Postgres {
        return Ok(None);
    }
    let place = (relationship.target(), relationship.link_references().1);
    let keys = rows.iter().map(|(_, far)| far.clone()).collect();
    let there = blame::rows_with(place, keys, (connection, dialect)).await?;
    Ok(rows.iter().position(|(_, far)| !there.contains(&Key::of(far.iter().map(Key::from)))))
}

/// The columns of a link model that are given by Rust defaults, and their values.
fn link_defaults(links: &Links, now: SystemTime) -> Result<(Vec<u16>, Vec<Value>)> {
    let RelationshipKind::ManyToMany(Link::Model { table, near, far, constants }) = links.relationship.kind else {
        return Ok((Vec::new(), Vec::new()));
    };
    let table = table();
    let keys = [near, far].into_iter().filter_map(|side| table.relationships[usize::from(side)].key());
    let mut taken: Vec<u16> = keys.flat_map(|(columns, _)| columns.iter().copied()).collect();
    taken.extend(constants.iter().map(|(column, _)| *column));
    let mut given = (Vec::new(), Vec::new());
    for (position, column) in table.columns.iter().enumerate() {
        let value = match (column.role, column.default) {
            _ if taken.contains(&(position as u16)) => continue,
            (Role::CreatedAt | Role::UpdatedAt, _) => defaults::time(column, now)?,
            (Role::Version, _) => column.sql_type.of_number(1),
            (Role::Plain, Default::Value(value)) => value(),
            (Role::Plain, Default::None | Default::Sql(_)) => continue,
        };
        given.0.push(position as u16);
        given.1.push(value);
    }
    Ok(given)
}
