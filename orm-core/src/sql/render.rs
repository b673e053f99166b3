//! Finished statements as text of each dialect.
use super::names::Names;
use crate::{
    driver::{Dialect, Length, Statement},
    error::Result,
};
use sea_query::{
    DeleteStatement, MysqlQueryBuilder, PostgresQueryBuilder, SelectStatement, SqliteQueryBuilder, UpdateStatement,
    Values,
};

macro_rules! build {
    ($dialect:expr, $built:expr) => {
        match $dialect {
            Dialect::Sqlite => $built.build(SqliteQueryBuilder),
            Dialect::Postgres => $built.build(PostgresQueryBuilder),
            Dialect::MySql | Dialect::MariaDb => $built.build(MysqlQueryBuilder),
        }
    };
}

fn statement((sql, values): (String, Values), length: Length) -> Statement {
    Statement { sql: sql.into(), values: values.0, length }
}

/// A select with the queries that it names, if nothing is wrong with it.
pub(super) fn select(
    (dialect, names): (Dialect, &Names),
    mut built: SelectStatement,
    length: Length,
) -> Result<Statement> {
    names.check()?;
    names.write_shared(&mut built);
    Ok(plain(dialect, &built, length))
}

/// A select of which nothing needs to be checked.
pub(super) fn plain(dialect: Dialect, built: &SelectStatement, length: Length) -> Statement {
    statement(build!(dialect, built), length)
}

pub(super) fn update(dialect: Dialect, built: &UpdateStatement) -> Statement {
    statement(build!(dialect, built), Length::Unknown)
}

pub(super) fn delete(dialect: Dialect, built: &DeleteStatement) -> Statement {
    statement(build!(dialect, built), Length::Unknown)
}
