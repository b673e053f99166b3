//! The text of every construct, dialects side by side.
mod computed;
mod criteria;
mod expressions;
mod joins;
#[cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod live;
pub(crate) mod models;
mod projections;
mod repeated;
#[cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod results;
mod selects;
mod upserts;
mod writes;

use crate::{
    driver::{Dialect, Statement},
    error::Result,
};

/// A statement, whether its making can fail or not.
trait Rendered {
    fn rendered(&self) -> &Statement;
}

impl Rendered for Statement {
    fn rendered(&self) -> &Statement {
        self
    }
}

impl Rendered for Result<Statement> {
    fn rendered(&self) -> &Statement {
        self.as_ref().expect("a query without mistakes")
    }
}

/// The three texts, each with what is bound.
fn texts<S: Rendered>(statement: impl Fn(Dialect) -> S) -> String {
    let text = |(name, dialect)| {
        let statement = statement(dialect);
        let Statement { sql, values, length: _ } = statement.rendered();
        let values: Vec<String> = values.iter().map(show).collect();
        format!("{name}: {sql}\n  [{}]", values.join(", "))
    };
    [("sqlite", Dialect::Sqlite), ("postgres", Dialect::Postgres), ("mariadb", Dialect::MariaDb)].map(text).join("\n")
}

fn show(value: &crate::value::Value) -> String {
    use crate::value::Value;
    match value {
        Value::Array(_, Some(values)) => format!("[{}]", values.iter().map(show).collect::<Vec<_>>().join(" ")),
        Value::String(Some(text)) => format!("{text:?}"),
        Value::Int(Some(number)) => number.to_string(),
        Value::BigInt(Some(number)) => number.to_string(),
        Value::BigUnsigned(Some(number)) => number.to_string(),
        other => format!("{other:?}"),
    }
}
