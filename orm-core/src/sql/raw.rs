//! The user's own SQL in the dialect of a database: only its placeholders differ.
use crate::{
    driver::{Dialect, Length, Statement},
    error::{Error, Result},
    query::Sql,
};

/// The statement, with `?` as the database has it.
///
/// # Errors
/// There are more or fewer placeholders than values.
pub fn raw(dialect: Dialect, sql: &Sql) -> Result<Statement> {
    let mut scanner = Scanner { dialect, rest: &sql.text, text: String::with_capacity(sql.text.len() + 8), found: 0 };
    scanner.run()?;
    let (wanted, given) = (scanner.found, sql.values.len());
    if wanted != given {
        return Err(Error::usage(format!(
            "the statement has {wanted} placeholders and {given} values were bound: call `.bind(..)` once for each `?`: {}",
            sql.text
        )));
    }
    Ok(Statement { sql: scanner.text.into(), values: sql.values.clone(), length: Length::Unknown })
}

/// Copies a text and replaces its placeholders; what is quoted or a comment is copied as it is.
struct Scanner<'a> {
    dialect: Dialect,
    rest: &'a str,
    text: String,
    found: usize,
}

impl Scanner<'_> {
    fn run(&mut self) -> Result<()> {
        while let Some(next) = self.rest.chars().next() {
            if let Some(length) = self.verbatim(next) {
                self.copy(length);
            } else if self.rest.starts_with("??") {
                self.operator()?;
            } else if next == '?' {
                self.placeholder();
            } else {
                self.copy(next.len_utf8());
            }
        }
        Ok(())
    }

    fn copy(&mut self, length: usize) {
        let (copied, rest) = self.rest.split_at(length.min(self.rest.len()));
        self.text.push_str(copied);
        self.rest = rest;
    }

    fn placeholder(&mut self) {
        self.found += 1;
        match self.dialect {
            Dialect::Postgres => self.text.push_str(&format!("${}", self.found)),
            Dialect::Sqlite | Dialect::MySql | Dialect::MariaDb => self.text.push('?'),
        }
        self.rest = &self.rest[1..];
    }

    fn operator(&mut self) -> Result<()> {
        match self.dialect {
            Dialect::Postgres => {
                self.text.push('?');
                self.rest = &self.rest[2..];
                Ok(())
            }
            Dialect::Sqlite | Dialect::MySql | Dialect::MariaDb => {
                Err(Error::usage("`??` stands for the operator `?`, which only PostgreSQL has"))
            }
        }
    }

    /// The length of what begins here and is quoted or a comment.
    fn verbatim(&self, first: char) -> Option<usize> {
        let mysql = matches!(self.dialect, Dialect::MySql | Dialect::MariaDb);
        let postgres = self.dialect == Dialect::Postgres;
        match first {
            '\'' => Some(self.quoted('\'', mysql || (postgres && self.is_escape_string()))),
            '"' => Some(self.quoted('"', mysql)),
            '`' if !postgres => Some(self.quoted('`', false)),
            '[' if self.dialect == Dialect::Sqlite => Some(self.up_to("]")),
            '$' if postgres => self.dollar_quoted(),
            '-' if self.rest.starts_with("--") => Some(self.up_to("\n")),
            '#' if mysql => Some(self.up_to("\n")),
            '/' if self.rest.starts_with("/*") => Some(self.comment(postgres)),
            _ => None,
        }
    }

    /// Up to the closing quote; a doubled one is part of the text, and so is what follows a backslash where that counts.
    fn quoted(&self, quote: char, backslash: bool) -> usize {
        let mut characters = self.rest.char_indices().skip(1).peekable();
        while let Some((at, character)) = characters.next() {
            if backslash && character == '\\' {
                characters.next();
            } else if character == quote && characters.next_if(|(_, next)| *next == quote).is_none() {
                return at + quote.len_utf8();
            }
        }
        self.rest.len()
    }

    /// PostgreSQL's `E'…'`, in which backslashes count.
    fn is_escape_string(&self) -> bool {
        let mut before = self.text.chars().rev();
        let letter = before.next().is_some_and(|character| matches!(character, 'e' | 'E'));
        letter && before.next().is_none_or(|character| !(character.is_alphanumeric() || character == '_'))
    }

    fn up_to(&self, end: &str) -> usize {
        self.rest.find(end).map_or(self.rest.len(), |at| at + end.len())
    }

    /// PostgreSQL's `$tag$ … $tag$`.
    fn dollar_quoted(&self) -> Option<usize> {
        let tag = self.rest[1..].split_once('$')?.0;
        let is_tag = tag.chars().all(|character| character.is_alphanumeric() || character == '_')
            && !tag.starts_with(|character: char| character.is_ascii_digit());
        let length = tag.len() + 2;
        let is_start = !self.text.ends_with(|character: char| character.is_alphanumeric() || character == '_');
        (is_tag && is_start).then(|| {
            let body = &self.rest[length..];
            body.find(&self.rest[..length]).map_or(self.rest.len(), |at| length + at + length)
        })
    }

    /// Comments contain each other on PostgreSQL.
    fn comment(&self, nested: bool) -> usize {
        let (mut depth, mut at) = (0_usize, 0);
        while at < self.rest.len() {
            let rest = &self.rest[at..];
            if rest.starts_with("/*") && (nested || depth == 0) {
                (depth, at) = (depth + 1, at + 2);
            } else if rest.starts_with("*/") {
                (depth, at) = (depth - 1, at + 2);
                if depth == 0 {
                    return at;
                }
            } else {
                at += rest.chars().next().map_or(1, char::len_utf8);
            }
        }
        self.rest.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::sql;

    fn text(dialect: Dialect, text: &str, values: i64) -> String {
        let sql = (0..values).fold(sql(text), |sql, value| sql.bind(value));
        raw(dialect, &sql).map_or_else(|error| error.to_string(), |statement| statement.sql.to_string())
    }

    #[test]
    fn placeholders_are_those_of_the_database() {
        assert_eq!(text(Dialect::Postgres, "a = ? AND b = ?", 2), "a = $1 AND b = $2");
        assert_eq!(text(Dialect::Sqlite, "a = ? AND b = ?", 2), "a = ? AND b = ?");
        assert_eq!(text(Dialect::MariaDb, "a = ?", 1), "a = ?");
        assert_eq!(text(Dialect::Postgres, "tags ?? ?", 1), "tags ? $1");
        assert!(text(Dialect::Sqlite, "a ?? ?", 1).contains("only PostgreSQL"));
    }

    #[test]
    fn what_is_quoted_or_a_comment_is_left_alone() {
        for quoted in ["'it''s ?'", "\"a?\"\"?\"", "-- ?\n", "/* ? */", "'ü?'"] {
            for dialect in [Dialect::Sqlite, Dialect::Postgres, Dialect::MySql] {
                assert_eq!(text(dialect, &format!("{quoted} ?"), 1).replace("$1", "?"), format!("{quoted} ?"));
            }
        }
        assert_eq!(text(Dialect::Postgres, "$x$ ? $ ? $x$ ? $$?$$", 1), "$x$ ? $ ? $x$ $1 $$?$$");
        assert_eq!(text(Dialect::Postgres, "E'\\'?' ?", 1), "E'\\'?' $1");
        assert_eq!(text(Dialect::Postgres, "'\\' ?", 1), "'\\' $1");
        assert_eq!(text(Dialect::Postgres, "/* /* ? */ ? */ ?", 1), "/* /* ? */ ? */ $1");
        assert_eq!(text(Dialect::MySql, "'\\'?' ? # ?", 1), "'\\'?' ? # ?");
        assert_eq!(text(Dialect::Sqlite, "[a?] `b?` ?", 1), "[a?] `b?` ?");
        assert_eq!(text(Dialect::Postgres, "'open ?", 0), "'open ?");
    }

    #[test]
    fn each_placeholder_needs_a_value() {
        assert!(text(Dialect::Sqlite, "a = ?", 0).contains("1 placeholders and 0 values"));
        assert!(text(Dialect::Sqlite, "a = 1", 1).contains("0 placeholders and 1 values"));
    }
}
