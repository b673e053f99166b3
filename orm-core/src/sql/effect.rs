//! What a statement of the user's own does to a transaction, by its words.
use super::raw::Scanner;
use crate::driver::Dialect;

/// What a statement does beside giving rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It reads.
    Reads,
    /// It locks the rows that it reads until the transaction ends.
    Locks,
    /// It may write.
    Writes,
}

/// The statement's effect, as far as its words tell: a function that it calls may do anything.
pub fn effect(dialect: Dialect, text: &str) -> Effect {
    let words = Scanner::words(dialect, text);
    let mut words = words.iter().map(String::as_str);
    match words.next().unwrap_or_default() {
        "show" | "pragma" | "describe" | "desc" => Effect::Reads,
        "explain" if !words.clone().any(|word| matches!(word, "analyze" | "analyse")) => Effect::Reads,
        "select" | "with" | "values" | "table" | "explain" => of_query(words),
        _ => Effect::Writes,
    }
}

/// Whether a statement makes, changes or takes away tables, as far as its words tell.
pub fn changes_tables(dialect: Dialect, text: &str) -> bool {
    let words = Scanner::words(dialect, text);
    matches!(words.first().map(String::as_str), Some("create" | "alter" | "drop" | "attach" | "detach"))
}

/// A query writes through its common table expressions, or by `INTO`.
fn of_query<'a>(words: impl Iterator<Item = &'a str>) -> Effect {
    let (mut effect, mut before) = (Effect::Reads, "");
    for word in words {
        match (before, word) {
            ("for", "update" | "no" | "share" | "key") | ("in", "share") => effect = Effect::Locks,
            ("key", "update") => {}
            (_, "into" | "update" | "delete") => return Effect::Writes,
            _ => {}
        }
        before = word;
    }
    effect
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Effect {
        effect(Dialect::Postgres, text)
    }

    #[test]
    fn a_statement_that_begins_as_a_query_reads() {
        for text in [
            "SELECT 'into', \"update\" FROM t -- delete from t",
            "  (select replace(a, 'b', 'c') from t)",
            "/* update */ VALUES (1)",
            "WITH x AS (SELECT updated_at, deleted FROM t) SELECT * FROM x",
            "EXPLAIN DELETE FROM t",
            "PRAGMA table_info(t)",
            "SHOW server_version",
            "TABLE t",
        ] {
            assert_eq!(of(text), Effect::Reads, "{text}");
        }
    }

    #[test]
    fn a_query_that_locks_needs_its_transaction() {
        for text in [
            "SELECT * FROM t FOR UPDATE",
            "SELECT * FROM t FOR NO KEY UPDATE",
            "SELECT * FROM t FOR KEY SHARE",
            "SELECT * FROM t FOR SHARE OF t",
            "SELECT * FROM t LOCK IN SHARE MODE",
        ] {
            assert_eq!(of(text), Effect::Locks, "{text}");
        }
    }

    #[test]
    fn what_changes_tables_is_told_by_its_first_word() {
        for text in ["create table t (a)", "-- new\nALTER TABLE t RENAME TO u", "DROP VIEW v", "ATTACH 'f' AS other"] {
            assert!(changes_tables(Dialect::Sqlite, text), "{text}");
        }
        for text in ["INSERT INTO t VALUES ('create')", "SELECT 1", "", "DELETE FROM created"] {
            assert!(!changes_tables(Dialect::Sqlite, text), "{text}");
        }
    }

    #[test]
    fn all_others_write() {
        for text in [
            "INSERT INTO t VALUES (1) RETURNING id",
            "/* SELECT */ update t SET a = 1 RETURNING a",
            "WITH gone AS (DELETE FROM t RETURNING *) SELECT * FROM gone",
            "WITH x AS (SELECT 1) REPLACE INTO t SELECT * FROM x",
            "EXPLAIN (ANALYZE) DELETE FROM t",
            "SELECT * INTO copy FROM t",
            "CALL something()",
            "",
        ] {
            assert_eq!(of(text), Effect::Writes, "{text}");
        }
    }
}
