//! Texts depend on the shape of a statement alone: what is bound is never part of them.
use super::models::*;
use crate::{
    driver::Dialect,
    model::Record,
    query::{Criteria, Query, RelationQuery},
    sql::{self, Select},
    value::Value,
};
use std::sync::Arc;

const DIALECTS: [Dialect; 4] = [Dialect::Sqlite, Dialect::Postgres, Dialect::MySql, Dialect::MariaDb];

#[test]
fn values_do_not_change_the_text_of_a_query() {
    let query = |age: i32, name: &str| {
        let orders = User::orders.any(Order::total.gt(i64::from(age)));
        Query::<User>::new().filter(User::age.eq(age).and(User::email.contains(name)).or(orders)).limit(age as u64)
    };
    for dialect in DIALECTS {
        let text = |age, name| {
            let statement = sql::select(dialect, &Select::from_parts(&query(age, name).parts)).expect("a query");
            (statement.sql, statement.values)
        };
        let (one, other) = (text(1, "a"), text(77, "'; --"));
        assert_eq!(one.0, other.0);
        assert_ne!(one.1, other.1);
        assert!(!other.0.contains("--"), "{}", other.0);
    }
}

#[test]
fn the_text_of_a_repeated_load_is_rendered_once() {
    let key = |id| vec![Value::BigInt(Some(id))];
    for dialect in DIALECTS {
        let by_key = |id| sql::by_key(dialect, User::table(), key(id), Criteria::default()).expect("a load").sql;
        assert!(Arc::ptr_eq(&by_key(1), &by_key(2)));
        let near = |ids: &[i64]| {
            let select = {
                let keys = ids.iter().copied().map(key).collect();
                Select::near(&User::table().relationships[0], keys, Criteria::default())
            };
            sql::select(dialect, &select).expect("a load").sql
        };
        assert!(Arc::ptr_eq(&near(&[1, 2, 3]), &near(&[4, 5, 6])));
        assert!(Arc::ptr_eq(&near(&[1, 2, 3]), &near(&[4, 5, 6, 7])), "sizes are rounded up");
    }
}
