//! Functions, windows, cases and casts as SQL.
use super::{condition::Ordered, level::Level};
use crate::{
    driver::Dialect,
    query::expr::{Expr, Function, WindowParts},
    value::SqlType,
};
use sea_query::{CaseStatement, Expr as Sql, ExprTrait, Func, NullOrdering, Order};

impl Level<'_> {
    pub(super) fn function(&mut self, function: Function, arguments: &[Expr]) -> Sql {
        let mut arguments: Vec<Sql> = arguments.iter().map(|argument| self.expr(argument)).collect();
        if arguments.is_empty() && function == Function::Count {
            arguments.push(Sql::cust("*"));
        }
        match function {
            Function::CountDistinct => self.written("COUNT(DISTINCT ?)", arguments),
            Function::Negate => self.written("(- ?)", arguments),
            Function::Concat => self.concatenated(arguments),
            Function::RoundFloat => self.rounded(arguments),
            // SQLite may be built without these two.
            Function::Floor if self.dialect == Dialect::Sqlite => self.whole("(ROUND(?) - (ROUND(?) > ?))", arguments),
            Function::Ceiling if self.dialect == Dialect::Sqlite => {
                self.whole("(ROUND(?) + (ROUND(?) < ?))", arguments)
            }
            Function::Year | Function::Month | Function::Day | Function::Hour | Function::Minute => {
                self.date_part(function, arguments)
            }
            Function::Named(name) => self.named_function(name, arguments),
            known => Sql::from(Func::cust(self.function_name(known)).args(arguments)),
        }
    }

    fn function_name(&self, function: Function) -> &'static str {
        match function {
            Function::Count | Function::CountDistinct => "COUNT",
            Function::Sum => "SUM",
            Function::Average => "AVG",
            Function::Minimum => "MIN",
            Function::Maximum => "MAX",
            Function::Lower => "LOWER",
            Function::Upper => "UPPER",
            Function::Coalesce => "COALESCE",
            Function::Length if self.dialect == Dialect::Sqlite => "LENGTH",
            Function::Length => "CHAR_LENGTH",
            Function::Abs => "ABS",
            Function::Trim => "TRIM",
            Function::Concat => "CONCAT",
            Function::Substring => "SUBSTR",
            Function::Replace => "REPLACE",
            Function::NullIf => "NULLIF",
            Function::Round | Function::RoundFloat => "ROUND",
            Function::Floor => "FLOOR",
            Function::Ceiling => "CEIL",
            Function::RowNumber => "ROW_NUMBER",
            Function::Rank => "RANK",
            Function::DenseRank => "DENSE_RANK",
            Function::Lag => "LAG",
            Function::Lead => "LEAD",
            Function::FirstValue => "FIRST_VALUE",
            Function::LastValue => "LAST_VALUE",
            Function::Year => "YEAR",
            Function::Month => "MONTH",
            Function::Day => "DAY",
            Function::Hour => "HOUR",
            Function::Minute => "MINUTE",
            Function::Negate => "-",
            Function::Named(name) => name,
        }
    }

    /// A text with a `?` for each expression.
    pub(super) fn written(&self, text: &str, parts: Vec<Sql>) -> Sql {
        if self.dialect != Dialect::Postgres {
            return Sql::cust_with_exprs(text.to_owned(), parts);
        }
        let pieces = text.split('?').enumerate();
        let numbered: Vec<String> =
            pieces.map(|(i, piece)| if i == 0 { piece.to_owned() } else { format!("${i}{piece}") }).collect();
        Sql::cust_with_exprs(numbered.concat(), parts)
    }

    fn concatenated(&self, arguments: Vec<Sql>) -> Sql {
        match self.dialect {
            Dialect::MySql | Dialect::MariaDb => Sql::from(Func::cust("CONCAT").args(arguments)),
            Dialect::Sqlite | Dialect::Postgres => {
                let text = vec!["?"; arguments.len()].join(" || ");
                self.written(&format!("({text})"), arguments)
            }
        }
    }

    /// PostgreSQL rounds only numerics to digits.
    fn rounded(&self, arguments: Vec<Sql>) -> Sql {
        match self.dialect {
            Dialect::Postgres => self.written("CAST(ROUND(CAST(? AS numeric), ?) AS double precision)", arguments),
            Dialect::Sqlite | Dialect::MySql | Dialect::MariaDb => Sql::from(Func::cust("ROUND").args(arguments)),
        }
    }

    fn whole(&self, text: &str, arguments: Vec<Sql>) -> Sql {
        let places = text.matches('?').count();
        self.written(text, arguments.iter().cycle().take(places).cloned().collect())
    }

    fn date_part(&self, part: Function, arguments: Vec<Sql>) -> Sql {
        let name = self.function_name(part);
        let format = match part {
            Function::Year => "%Y",
            Function::Month => "%m",
            Function::Day => "%d",
            Function::Hour => "%H",
            _ => "%M",
        };
        match self.dialect {
            Dialect::Sqlite => self.written(&format!("CAST(STRFTIME('{format}', ?) AS INTEGER)"), arguments),
            Dialect::Postgres => self.written(&format!("CAST(EXTRACT({name} FROM ?) AS bigint)"), arguments),
            Dialect::MySql | Dialect::MariaDb => self.written(&format!("EXTRACT({name} FROM ?)"), arguments),
        }
    }

    fn named_function(&self, name: &'static str, arguments: Vec<Sql>) -> Sql {
        let is_word = |word: &str| {
            let mut letters = word.chars();
            letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
                && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        };
        if !name.split('.').all(is_word) {
            self.names.mistake(|| {
                format!(
                    "`{name}` is no name of a function: only letters, digits, `_`, and `.` behind a schema are taken"
                )
            });
        }
        Sql::from(Func::cust(name).args(arguments))
    }

    pub(super) fn case(&mut self, cases: &[(Expr, Expr)], otherwise: Option<&Expr>) -> Sql {
        let mut case = CaseStatement::new();
        for (condition, value) in cases {
            let condition = self.expr(condition);
            case = case.case(condition, self.expr(value));
        }
        Sql::Case(Box::new(match otherwise {
            Some(otherwise) => case.finally(self.expr(otherwise)),
            None => case,
        }))
    }

    /// A function over a window. A cast of the function is one of the result.
    pub(super) fn over(&mut self, function: &Expr, window: &WindowParts) -> Sql {
        if let Expr::Cast(inner, sql_type) = function {
            let over = self.over(inner, window);
            return number(self.dialect, over, *sql_type);
        }
        let WindowParts { partition, order, rows } = window;
        let mut parts = vec![self.expr(function)];
        let mut clauses = Vec::new();
        if !partition.is_empty() {
            parts.extend(partition.iter().map(|expr| self.expr(expr)));
            clauses.push(format!("PARTITION BY {}", vec!["?"; partition.len()].join(", ")));
        }
        if !order.is_empty() {
            let terms = self.order(order).into_iter().map(|term| self.window_order(term, &mut parts));
            clauses.push(format!("ORDER BY {}", terms.collect::<Vec<_>>().join(", ")));
        }
        clauses.extend(rows.map(frame));
        self.written(&format!("? OVER ({})", clauses.join(" ")), parts)
    }

    fn window_order(&self, term: Ordered, parts: &mut Vec<Sql>) -> String {
        let way = if term.order == Order::Desc { "DESC" } else { "ASC" };
        let Some(nulls) = term.nulls else {
            parts.push(term.by);
            return format!("? {way}");
        };
        let first = nulls == NullOrdering::First;
        if matches!(self.dialect, Dialect::Sqlite | Dialect::Postgres) {
            parts.push(term.by);
            return format!("? {way} NULLS {}", if first { "FIRST" } else { "LAST" });
        }
        parts.extend([term.by.clone(), term.by]);
        format!("? IS NULL {}, ? {way}", if first { "DESC" } else { "ASC" })
    }
}

fn frame((before, after): (Option<u32>, Option<u32>)) -> String {
    let bound = |rows: Option<u32>, way| match rows {
        None => format!("UNBOUNDED {way}"),
        Some(0) => "CURRENT ROW".to_owned(),
        Some(rows) => format!("{rows} {way}"),
    };
    format!("ROWS BETWEEN {} AND {}", bound(before, "PRECEDING"), bound(after, "FOLLOWING"))
}

/// A number as that type, where the database's aggregates are wider.
pub(super) fn number(dialect: Dialect, value: Sql, sql_type: SqlType) -> Sql {
    let name = match (dialect, sql_type) {
        (Dialect::Postgres, SqlType::I64 | SqlType::U64) => "bigint",
        (Dialect::Postgres, SqlType::F64) => "double precision",
        (Dialect::MySql | Dialect::MariaDb, SqlType::I64) => "signed",
        (Dialect::MySql | Dialect::MariaDb, SqlType::U64) => "unsigned",
        (Dialect::MySql | Dialect::MariaDb, SqlType::F64) => "double",
        _ => return value,
    };
    value.cast_as(name)
}

/// The database's name of a type that a value is turned into.
pub(super) fn type_name(dialect: Dialect, sql_type: SqlType) -> &'static str {
    match dialect {
        Dialect::Postgres => super::dialect::array_type(sql_type).trim_end_matches("[]"),
        Dialect::Sqlite => sqlite_type(sql_type),
        Dialect::MySql | Dialect::MariaDb => mysql_type(sql_type),
    }
}

fn sqlite_type(sql_type: SqlType) -> &'static str {
    match sql_type {
        SqlType::F32 | SqlType::F64 => "REAL",
        SqlType::Bytes => "BLOB",
        integer if integer.is_integer() || integer == SqlType::Bool => "INTEGER",
        decimal if decimal.is_decimal() => "NUMERIC",
        _ => "TEXT",
    }
}

fn mysql_type(sql_type: SqlType) -> &'static str {
    match sql_type {
        SqlType::Bool | SqlType::I8 | SqlType::I16 | SqlType::I32 | SqlType::I64 => "SIGNED",
        SqlType::U8 | SqlType::U16 | SqlType::U32 | SqlType::U64 => "UNSIGNED",
        SqlType::F32 | SqlType::F64 => "DOUBLE",
        SqlType::Bytes => "BINARY",
        decimal if decimal.is_decimal() => "DECIMAL(65, 10)",
        time if time.is_time() => "DATETIME(6)",
        #[cfg(feature = "chrono")]
        SqlType::ChronoDate => "DATE",
        #[cfg(feature = "chrono")]
        SqlType::ChronoTime => "TIME(6)",
        #[cfg(feature = "time")]
        SqlType::TimeDate => "DATE",
        #[cfg(feature = "time")]
        SqlType::TimeTime => "TIME(6)",
        _ => "CHAR",
    }
}
