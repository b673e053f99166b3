//! Writes text: names in quotes, placeholders in the dialect's way, rows as a table.
//!
//! The builders of sea-query know neither a table of arrays with named columns, nor MariaDB's RETURNING, nor an UPDATE of an
//! aliased table in MySQL's JOIN form; and they bind while they write, where these texts are kept without values.
use crate::{
    driver::Dialect,
    schema::Table,
    sql::{dialect, link::LinkColumn},
    value::{SqlType, Value},
};
use std::fmt::Write as _;

/// A table and the columns of it that are written or compared.
pub(super) struct Shape {
    pub(super) schema: Option<&'static str>,
    pub(super) name: &'static str,
    pub(super) columns: Vec<LinkColumn>,
}

/// A text in the making.
pub(super) struct Text {
    pub(super) dialect: Dialect,
    sql: String,
    bound: usize,
}

impl Text {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self { dialect, sql: String::with_capacity(128), bound: 0 }
    }

    pub(super) fn finish(self) -> std::sync::Arc<str> {
        self.sql.into()
    }

    pub(super) fn raw(&mut self, text: &str) -> &mut Self {
        self.sql.push_str(text);
        self
    }

    /// A name in quotes.
    pub(super) fn name(&mut self, name: &str) -> &mut Self {
        let quote = match self.dialect {
            Dialect::Sqlite | Dialect::Postgres => '"',
            Dialect::MySql | Dialect::MariaDb => '`',
        };
        self.sql.push(quote);
        for character in name.chars() {
            if character == quote {
                self.sql.push(quote);
            }
            self.sql.push(character);
        }
        self.sql.push(quote);
        self
    }

    pub(super) fn table(&mut self, shape: &Shape) -> &mut Self {
        if let Some(schema) = shape.schema {
            self.name(schema).raw(".");
        }
        self.name(shape.name)
    }

    /// A column under an alias.
    pub(super) fn at(&mut self, alias: &str, name: &str) -> &mut Self {
        self.name(alias).raw(".").name(name)
    }

    /// Each of them, with a separator between.
    pub(super) fn each<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        separator: &str,
        mut write: impl FnMut(&mut Self, T),
    ) -> &mut Self {
        for (position, item) in items.into_iter().enumerate() {
            if position > 0 {
                self.raw(separator);
            }
            write(self, item);
        }
        self
    }

    /// What comes back of the rows that were written.
    pub(super) fn returning(&mut self, table: &'static Table, columns: &[u16]) -> &mut Self {
        let names = columns.iter().map(|column| table.columns[usize::from(*column)].name);
        self.raw(" RETURNING ").each(names, ", ", |text, name| _ = text.name(name))
    }

    /// Names in parentheses.
    pub(super) fn names<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) -> &mut Self {
        self.raw("(").each(names, ", ", |text, name| _ = text.name(name)).raw(")")
    }

    /// The next placeholder.
    fn placeholder(&mut self) -> &mut Self {
        self.bound += 1;
        match self.dialect {
            Dialect::Postgres => _ = write!(self.sql, "${}", self.bound),
            Dialect::Sqlite | Dialect::MySql | Dialect::MariaDb => self.sql.push('?'),
        }
        self
    }

    /// The next placeholder, as a value of that column.
    pub(super) fn value(&mut self, column: &LinkColumn) -> &mut Self {
        self.cast(column, |text| _ = text.placeholder())
    }

    /// Something as a value of that column: cast, where the column has a database type of its own.
    pub(super) fn cast(&mut self, column: &LinkColumn, write: impl FnOnce(&mut Self)) -> &mut Self {
        let Some(name) = dialect::cast_type(self.dialect, column.custom_type) else {
            write(self);
            return self;
        };
        self.raw("CAST(");
        write(self);
        self.raw(" AS ").raw(name).raw(")")
    }

    /// One row of placeholders in parentheses.
    pub(super) fn row(&mut self, columns: &[LinkColumn]) -> &mut Self {
        self.raw("(").each(columns, ", ", |text, column| _ = text.value(column)).raw(")")
    }

    /// `unnest` of one array per column.
    pub(super) fn unnest(&mut self, columns: &[LinkColumn]) -> &mut Self {
        self.raw("unnest(").each(columns, ", ", |text, column| _ = text.bound_array(column)).raw(")")
    }

    fn bound_array(&mut self, column: &LinkColumn) -> &mut Self {
        self.raw("CAST(").placeholder().raw(" AS ").raw(dialect::array_type(column.sql_type)).raw(")")
    }

    /// The next placeholder, as an array of values of that column.
    pub(super) fn array(&mut self, column: &LinkColumn) -> &mut Self {
        match dialect::cast_type(self.dialect, column.custom_type) {
            Some(name) => self.raw("CAST(").bound_array(column).raw(" AS ").raw(name).raw("[])"),
            None => self.bound_array(column),
        }
    }

    /// So many rows of placeholders as a table `v`, whose columns are [`source_column`]s.
    ///
    /// On MySQL a row that never comes gives each column the type and the collation of the column that it is for; without
    /// it, comparing texts may be an illegal mix of collations. MariaDB takes rows of VALUES behind it, in exactly those
    /// types, and half the time of as many SELECTs.
    pub(super) fn source(&mut self, shape: &Shape, rows: usize) -> &mut Self {
        let columns = &shape.columns;
        match self.dialect {
            Dialect::Postgres => {
                let names: Vec<String> = (0..columns.len()).map(|i| source_column(self.dialect, i)).collect();
                self.unnest(columns).raw(" AS ").name("v").raw(" ").names(names.iter().map(String::as_str))
            }
            Dialect::Sqlite => {
                self.raw("(VALUES ").each(0..rows, ", ", |text, _| _ = text.row(columns)).raw(") AS ").name("v")
            }
            Dialect::MySql | Dialect::MariaDb => {
                self.raw("(SELECT ").each(columns.iter().enumerate(), ", ", |text, (i, column)| {
                    let name = source_column(text.dialect, i);
                    text.name(column.name).raw(" AS ").name(&name);
                });
                self.raw(" FROM ").table(shape).raw(" WHERE 1 = 0 UNION ALL ");
                if self.dialect == Dialect::MariaDb {
                    self.raw("VALUES ").each(0..rows, ", ", |text, _| _ = text.row(columns));
                } else {
                    self.each(0..rows, " UNION ALL ", |text, _| {
                        text.raw("SELECT ").each(columns, ", ", |text, column| _ = text.value(column));
                    });
                }
                self.raw(") AS ").name("v")
            }
        }
    }

    /// A column of the rows of [`source`](Self::source), as a value of the column that it is for.
    pub(super) fn taken(&mut self, position: usize, column: &LinkColumn) -> &mut Self {
        let name = source_column(self.dialect, position);
        self.cast(column, |text| _ = text.at("v", &name))
    }
}

/// The name of a column of rows that are a table; SQLite has its own.
pub(super) fn source_column(dialect: Dialect, position: usize) -> String {
    match dialect {
        Dialect::Sqlite => format!("column{}", position + 1),
        Dialect::Postgres | Dialect::MySql | Dialect::MariaDb => format!("value:{position}"),
    }
}

/// The values of rows one after another.
pub(super) fn flat(rows: super::Rows) -> Vec<Value> {
    let mut flat = Vec::with_capacity(rows.iter().map(Vec::len).sum());
    rows.into_iter().for_each(|row| flat.extend(row));
    flat
}

/// The rows of a statement of so many rows and columns, from what is bound: the way back, for messages.
pub(crate) fn rows(bound: Vec<Value>, (rows, width): (usize, usize)) -> super::Rows {
    let mut columns: Vec<std::vec::IntoIter<Value>> = Vec::new();
    let mut values = Vec::new();
    for value in bound {
        match value {
            Value::Array(_, Some(column)) if rows > 1 => columns.push(column.into_iter()),
            value => values.push(value),
        }
    }
    let mut values = values.into_iter();
    let row = |_| match columns.is_empty() {
        true => values.by_ref().take(width).collect(),
        false => columns.iter_mut().filter_map(Iterator::next).collect(),
    };
    (0..rows).map(row).collect()
}

/// The values of rows, which stand one row after another, as one array per column.
pub(super) fn arrays(types: impl Iterator<Item = SqlType>, rows: usize, values: Vec<Value>) -> Vec<Value> {
    let mut columns: Vec<(SqlType, Vec<Value>)> = types.map(|kind| (kind, Vec::with_capacity(rows))).collect();
    let mut values = values.into_iter();
    for _ in 0..rows {
        for ((_, column), value) in columns.iter_mut().zip(&mut values) {
            column.push(value);
        }
    }
    let array = |(kind, values): (SqlType, Vec<Value>)| Value::Array(kind.null().array_type(), Some(Box::new(values)));
    columns.into_iter().map(array).collect()
}
