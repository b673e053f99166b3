//! Rows between the two sides of a many-to-many.
use super::{
    LinkRows, LinkWrite, Rows, delete, insert,
    text::{Shape, Text, arrays, flat},
};
use crate::{
    driver::{Dialect, Length, Statement},
    schema::RelationshipKind,
    sql::link::{LinkColumn, LinkInfo},
    value::Value,
};
use std::sync::Arc;

impl LinkRows<'_> {
    fn info(&self) -> Option<LinkInfo> {
        match self.relationship.kind {
            RelationshipKind::ManyToMany(link) => Some(LinkInfo::of(self.relationship, link)),
            RelationshipKind::BelongsTo { .. } | RelationshipKind::HasOne(_) | RelationshipKind::HasMany(_) => None,
        }
    }

    /// The text for that many rows; empty if the relationship is not a many-to-many.
    pub fn text(&self, dialect: Dialect, write: LinkWrite, rows: usize) -> Arc<str> {
        let Some(info) = self.info() else { return "".into() };
        let shape = self.shape(&info, write);
        match write {
            LinkWrite::Insert => self.insert(dialect, &shape, rows).finish(),
            LinkWrite::InsertAbsent if info.table.is_some() => self.insert_absent(dialect, &info, &shape, rows),
            LinkWrite::InsertAbsent => {
                let mut text = self.insert(dialect, &shape, rows);
                keep_existing(&mut text, &shape);
                text.finish()
            }
            LinkWrite::Delete | LinkWrite::DeleteNear => delete::text(&shape, dialect, rows),
        }
    }

    /// What is bound, in the order of the text.
    fn bound(&self, dialect: Dialect, write: LinkWrite, mut rows: Rows) -> Vec<Value> {
        let Some(info) = self.info() else { return Vec::new() };
        let shape = self.shape(&info, write);
        let constants: Vec<Value> = info.constants.iter().map(|(_, value)| value.clone()).collect();
        rows.iter_mut().for_each(|row| row.extend(constants.iter().cloned()));
        let (rows, values) = (rows.len(), flat(rows));
        let types = shape.columns.iter().map(|column| column.sql_type);
        match (write, dialect) {
            (LinkWrite::Delete | LinkWrite::DeleteNear, _) => delete::bound(&shape, dialect, (rows, values)),
            (LinkWrite::InsertAbsent, Dialect::Postgres) if info.table.is_some() => arrays(types, rows, values),
            (LinkWrite::InsertAbsent, _) if info.table.is_some() => values,
            (LinkWrite::Insert | LinkWrite::InsertAbsent, _) => insert::bound(types, dialect, (rows, values)),
        }
    }

    /// The statement for these rows, of which there is at least one.
    pub fn statement(&self, dialect: Dialect, write: LinkWrite, rows: Rows) -> Statement {
        let sql = self.text(dialect, write, rows.len());
        Statement { sql, values: self.bound(dialect, write, rows), length: Length::Short }
    }

    /// The near key, the far key, what else is given, the constants.
    fn shape(&self, info: &LinkInfo, write: LinkWrite) -> Shape {
        let extra = match (write, info.table) {
            (LinkWrite::Insert | LinkWrite::InsertAbsent, Some(table)) => super::shape(table, self.extra).columns,
            (LinkWrite::Insert | LinkWrite::InsertAbsent, None) | (LinkWrite::Delete | LinkWrite::DeleteNear, _) => {
                Vec::new()
            }
        };
        let constants = info.constants.iter().map(|(column, _)| *column);
        let far = if write == LinkWrite::DeleteNear { &[][..] } else { &info.far };
        let columns = info.near.iter().chain(far).copied().chain(extra).chain(constants).collect();
        Shape { schema: info.schema, name: info.name, columns }
    }

    fn insert(&self, dialect: Dialect, shape: &Shape, rows: usize) -> Text {
        let mut text = Text::new(dialect);
        text.raw("INSERT INTO ").table(shape);
        insert::given(&mut text, shape, rows);
        text
    }

    /// Into a link model, which need not have a unique key over the link, and may have others: what is not there yet.
    fn insert_absent(&self, dialect: Dialect, info: &LinkInfo, shape: &Shape, rows: usize) -> Arc<str> {
        let keys = info.near.len() + info.far.len();
        let constants = shape.columns.len() - info.constants.len();
        let identifying = (0..keys).chain(constants..shape.columns.len()).collect();
        let mut text = Text::new(dialect);
        insert_absent(&mut text, shape, (rows, identifying));
        text.finish()
    }
}

/// Inserts the rows of which there is none yet with the same values in the columns at those places.
pub(super) fn insert_absent(text: &mut Text, shape: &Shape, (rows, identifying): (usize, Vec<usize>)) {
    let columns = || shape.columns.iter().enumerate();
    text.raw("INSERT INTO ").table(shape).raw(" ").names(shape.columns.iter().map(|column| column.name));
    text.raw(" SELECT ").each(columns(), ", ", |text, (position, column)| _ = text.taken(position, column));
    text.raw(" FROM ").source(shape, rows).raw(" WHERE NOT EXISTS (SELECT 1 FROM ").table(shape).raw(" AS ").name("r");
    text.raw(" WHERE ").each(identifying, " AND ", |text, position: usize| {
        let column: &LinkColumn = &shape.columns[position];
        text.at("r", column.name).raw(" = ").taken(position, column);
    });
    text.raw(")");
}

/// Leaves rows alone that are there already. MySQL's `INSERT IGNORE` would hide a missing target and a text that is cut off
/// too; an update that changes nothing hides only the repetition.
fn keep_existing(text: &mut Text, shape: &Shape) {
    match (text.dialect, shape.columns.first()) {
        (Dialect::Sqlite | Dialect::Postgres, _) => _ = text.raw(" ON CONFLICT DO NOTHING"),
        (Dialect::MySql | Dialect::MariaDb, Some(column)) => {
            text.raw(" ON DUPLICATE KEY UPDATE ").name(column.name).raw(" = ").name(column.name);
        }
        (Dialect::MySql | Dialect::MariaDb, None) => {}
    }
}
