//! `INSERT` of rows that may be there already.
use super::{
    Rows, insert, link,
    text::{Shape, Text, arrays, flat},
};
use crate::{
    driver::{Dialect, Length, Statement},
    query::expr::{Expr, Function, Operator},
    schema::{Role, Table},
    sql::{link::LinkColumn, returns_rows, set_based::has_equality},
    value::{SqlType, Value},
};

/// What is done with a row that meets another one.
#[derive(Debug, Clone)]
pub struct Conflict {
    /// The unique columns by which rows meet.
    pub target: Vec<u16>,
    /// What happens then.
    pub action: OnConflict,
    /// Whether, on MySQL, meeting a row by another unique key may count too.
    pub other_keys: bool,
}

/// What happens to a row that is there already.
#[derive(Debug, Clone)]
pub enum OnConflict {
    /// It stays as it is.
    Nothing,
    /// These columns are set.
    Set(Vec<(u16, Expr)>),
    /// All columns that were given are set, but those by which it was met.
    SetGiven,
}

impl PartialEq for OnConflict {
    /// By kind.
    fn eq(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// `INSERT … ON CONFLICT`, MySQL's `ON DUPLICATE KEY UPDATE`.
#[derive(Debug, Clone, Copy)]
pub struct Upsert<'a> {
    /// The table.
    pub table: &'static Table,
    /// The columns that are given.
    pub columns: &'a [u16],
    /// The columns that come back, if the database can.
    pub returning: &'a [u16],
    /// What is done with a row that is there.
    pub conflict: &'a Conflict,
}

/// The alias of the row that is there.
const ROW: &str = "r";

impl Upsert<'_> {
    /// The statement for these rows, of which there is at least one.
    pub fn statement(&self, dialect: Dialect, rows: Rows) -> Statement {
        let (mut text, mut values) = (Text::new(dialect), Vec::new());
        let (shape, count) = (super::shape(self.table, self.columns), rows.len());
        let is_mysql = matches!(dialect, Dialect::MySql | Dialect::MariaDb);
        if is_mysql && self.conflict.action == OnConflict::Nothing {
            let is_key = |(_, column): &(usize, &u16)| self.conflict.target.contains(column);
            let key = self.columns.iter().enumerate().filter(is_key).map(|(place, _)| place).collect();
            link::insert_absent(&mut text, &shape, (count, key));
        } else {
            text.raw("INSERT INTO ").table(&shape);
            if !is_mysql {
                text.raw(" AS ").name(ROW);
            }
            insert::given(&mut text, &shape, count);
        }
        self.on_conflict(&mut text, &mut values);
        if !self.returning.is_empty() && returns_rows(dialect) {
            text.returning(self.table, self.returning);
        }
        let values = self.bound(dialect, &shape, rows).into_iter().chain(values).collect();
        Statement { sql: text.finish(), values, length: Length::Short }
    }

    /// The values by which a row meets another one.
    pub(crate) fn target(&self, row: &[Value]) -> Vec<Value> {
        let value = |column: &u16| self.columns.iter().position(|other| other == column).map(|at| row[at].clone());
        self.conflict.target.iter().filter_map(value).collect()
    }

    fn bound(&self, dialect: Dialect, shape: &Shape, rows: Rows) -> Vec<Value> {
        match insert::as_arrays(dialect, rows.len()) {
            true => arrays(shape.columns.iter().map(|column| column.sql_type), rows.len(), flat(rows)),
            false => flat(rows),
        }
    }

    fn on_conflict(&self, text: &mut Text, values: &mut Vec<Value>) {
        let set = self.assignments();
        let name = |column: &u16| self.table.columns[usize::from(*column)].name;
        match text.dialect {
            Dialect::Sqlite | Dialect::Postgres => {
                text.raw(" ON CONFLICT ").names(self.conflict.target.iter().map(name));
                if set.is_empty() {
                    text.raw(" DO NOTHING");
                    return;
                }
                text.raw(" DO UPDATE SET ");
            }
            Dialect::MySql | Dialect::MariaDb => {
                text.raw(" ON DUPLICATE KEY UPDATE ");
                if set.is_empty() {
                    // It changes nothing; IGNORE would hide other errors too.
                    let key = name(&self.table.primary_key[0]);
                    text.name(key).raw(" = ").name(self.table.name).raw(".").name(key);
                    return;
                }
            }
        }
        let mut writer = Writer { table: self.table, text, values };
        writer.followers(&set);
        for (place, (column, value)) in set.iter().enumerate() {
            if place > 0 {
                writer.text.raw(", ");
            }
            writer.assign(*column, value);
        }
    }

    /// The columns that are set, and to what; empty if the row stays as it is.
    fn assignments(&self) -> Vec<(u16, Expr)> {
        let set = match &self.conflict.action {
            OnConflict::Nothing => return Vec::new(),
            OnConflict::Set(set) => set.clone(),
            OnConflict::SetGiven => self.columns.iter().filter(|column| self.follows(**column)).map(given).collect(),
        };
        match set.is_empty() {
            // So that the row counts, and comes back.
            true => vec![(self.conflict.target[0], Expr::column(self.table, self.conflict.target[0]))],
            false => set,
        }
    }

    /// Whether a given column replaces what is there.
    fn follows(&self, column: u16) -> bool {
        let plain = self.table.columns[usize::from(column)].role == Role::Plain;
        plain && !self.conflict.target.contains(&column) && !self.table.primary_key.contains(&column)
    }
}

fn given(column: &u16) -> (u16, Expr) {
    (*column, Expr::Given { column: *column })
}

/// Writes what columns are set to. Values are collected in the order of their placeholders.
struct Writer<'a> {
    table: &'static Table,
    text: &'a mut Text,
    values: &'a mut Vec<Value>,
}

impl Writer<'_> {
    fn column(&self, position: u16) -> LinkColumn {
        LinkColumn::of(self.table, position)
    }

    fn assign(&mut self, column: u16, value: &Expr) {
        let column = self.column(column);
        self.text.name(column.name).raw(" = ");
        self.expr(value, &column);
    }

    /// The time and the version change where another column does. They stand first: on MySQL an assignment sees those
    /// before it.
    fn followers(&mut self, set: &[(u16, Expr)]) {
        let is_set = |position: u16| set.iter().any(|(column, _)| *column == position);
        for (position, column) in self.table.columns.iter().enumerate() {
            let position = position as u16;
            match column.role {
                Role::UpdatedAt | Role::Version if !is_set(position) => self.follower(position, column.role, set),
                Role::Plain | Role::CreatedAt | Role::UpdatedAt | Role::Version => {}
            }
        }
    }

    fn follower(&mut self, position: u16, role: Role, set: &[(u16, Expr)]) {
        let column = self.column(position);
        self.text.name(column.name).raw(" = CASE WHEN ");
        for (place, (changed, value)) in set.iter().enumerate() {
            if place > 0 {
                self.text.raw(" OR ");
            }
            self.differs(*changed, value);
        }
        self.text.raw(" THEN ");
        match role {
            Role::Version => {
                self.existing(column.name);
                self.text.raw(" + 1");
            }
            Role::Plain | Role::CreatedAt | Role::UpdatedAt => self.given(column.name),
        }
        self.text.raw(" ELSE ");
        self.existing(column.name);
        self.text.raw(" END, ");
    }

    fn differs(&mut self, position: u16, value: &Expr) {
        let column = self.column(position);
        if column.custom_type.is_some() || !has_equality(column.sql_type) {
            self.text.raw("1 = 1");
            return;
        }
        let (before, between, after) = match (self.text.dialect, column.sql_type) {
            (Dialect::Sqlite, _) => ("", " IS NOT ", ""),
            (Dialect::Postgres, _) => ("", " IS DISTINCT FROM ", ""),
            (Dialect::MySql | Dialect::MariaDb, SqlType::Text) => ("NOT (BINARY ", " <=> BINARY ", ")"),
            (Dialect::MySql | Dialect::MariaDb, _) => ("NOT (", " <=> ", ")"),
        };
        self.text.raw(before);
        self.existing(column.name);
        self.text.raw(between);
        self.expr(value, &column);
        self.text.raw(after);
    }

    /// A column of the row that is there.
    fn existing(&mut self, name: &str) {
        match self.text.dialect {
            Dialect::Sqlite | Dialect::Postgres => self.text.at(ROW, name),
            Dialect::MySql | Dialect::MariaDb => self.text.name(self.table.name).raw(".").name(name),
        };
    }

    /// A column of the row that was given.
    fn given(&mut self, name: &str) {
        match self.text.dialect {
            Dialect::Sqlite | Dialect::Postgres => self.text.raw("excluded.").name(name),
            Dialect::MySql | Dialect::MariaDb => self.text.raw("VALUES(").name(name).raw(")"),
        };
    }

    /// An expression as a value of that column; [`is_writable`] has said that it can be written.
    fn expr(&mut self, expr: &Expr, column: &LinkColumn) {
        match expr {
            Expr::Value(value) => {
                self.values.push(value.clone());
                self.text.value(column);
            }
            Expr::Column { column: position, .. } => self.existing(self.column(*position).name),
            Expr::Given { column: position } => self.given(self.column(*position).name),
            Expr::Binary(left, operator, right) => {
                self.text.raw("(");
                self.expr(left, column);
                self.text.raw(sign(*operator).unwrap_or_default());
                self.expr(right, column);
                self.text.raw(")");
            }
            Expr::Function(function, arguments) => {
                self.text.raw(name_of(*function).unwrap_or_default()).raw("(");
                for (place, argument) in arguments.iter().enumerate() {
                    self.text.raw(if place > 0 { ", " } else { "" });
                    self.expr(argument, column);
                }
                self.text.raw(")");
            }
            _ => {}
        }
    }
}

/// Whether an upsert can set a column to that.
pub fn is_writable(expr: &Expr) -> bool {
    match expr {
        Expr::Value(_) | Expr::Given { .. } => true,
        Expr::Column { path, .. } => path.is_root(),
        Expr::Binary(left, operator, right) => sign(*operator).is_some() && is_writable(left) && is_writable(right),
        Expr::Function(function, arguments) => name_of(*function).is_some() && arguments.iter().all(is_writable),
        _ => false,
    }
}

fn sign(operator: Operator) -> Option<&'static str> {
    match operator {
        Operator::Add => Some(" + "),
        Operator::Subtract => Some(" - "),
        Operator::Multiply => Some(" * "),
        Operator::Divide => Some(" / "),
        _ => None,
    }
}

fn name_of(function: Function) -> Option<&'static str> {
    match function {
        Function::Lower => Some("LOWER"),
        Function::Upper => Some("UPPER"),
        Function::Coalesce => Some("COALESCE"),
        Function::Abs => Some("ABS"),
        _ => None,
    }
}
