//! Texts depend on the shape of a statement alone: what is bound is never part of them.
use super::models::*;
use crate::{
    driver::Dialect,
    fast::HashSet,
    model::Record,
    query::{Criteria, Query, RelationQuery},
    sql::{self, JoinNode, Select},
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

/// Queries of which no two have the same text.
fn plain(id: i64) -> Vec<Select> {
    let all = Query::<User>::new;
    let queries = vec![
        all(),
        all().limit(id as u64),
        all().filter(User::id.eq(id)),
        all().filter(User::id.ne(id)),
        all().filter(User::id.lt(id)),
        all().filter(User::id.le(id)),
        all().filter(User::id.le(id)).limit(3),
        all().filter(User::id.gt(id)),
        all().filter(User::id.ge(id)),
        all().filter(User::age.ge(id as i32)),
        all().filter(User::age.is_null()),
        all().filter(User::age.is_null().not()),
        all().filter(User::id.between(id, id + 1)),
        all().filter(User::id.eq(id).and(User::age.is_null())),
        all().filter(User::id.eq(id).or(User::age.is_null())),
        all().filter(User::id.eq(id).or(User::age.is_null()).not()),
        all().order_by(User::id),
        all().order_by(User::id.desc()),
        all().order_by(User::age).order_by(User::id),
        all().filter(User::id.eq(id)).order_by(User::age),
    ];
    let mut selects: Vec<Select> = queries.iter().map(|query| Select::from_parts(&query.parts)).collect();
    let one = || Select::from_parts(&all().filter(User::id.eq(id)).parts);
    selects.push(Select { deferred: true, ..one() });
    let joined = |joins: Vec<JoinNode>| Select { joins, ..one() };
    selects.push(joined(vec![join(User::profile, None)]));
    selects.push(joined(vec![join(User::orders, None)]));
    selects.push(joined(vec![JoinNode { inner: true, ..join(User::orders, None) }]));
    selects.push(joined(vec![join(User::orders, None), join(Order::items, Some(0))]));
    selects.push(joined(vec![join(User::orders, None), join(User::profile, None)]));
    selects.push(Select { limit: Some(1), ..joined(vec![join(User::orders, None)]) });
    selects
}

#[test]
fn plain_queries_are_rendered_once_and_none_takes_the_text_of_another() {
    for dialect in DIALECTS {
        let statements =
            |id| plain(id).iter().map(|select| sql::select(dialect, select)).collect::<Result<Vec<_>, _>>();
        let (first, second) = (statements(1).expect("queries"), statements(2).expect("queries"));
        let texts: HashSet<&str> = first.iter().map(|statement| &*statement.sql).collect();
        assert_eq!(texts.len(), first.len());
        for (one, other) in first.iter().zip(&second) {
            assert_eq!(one.sql, other.sql);
            assert_eq!(one.sql.matches(['?', '$']).count(), one.values.len(), "{}", one.sql);
            assert_eq!(one.values.len(), other.values.len());
        }
        // The relationship to orders has an order of its own, which the joins above leave out.
        let kept = first.iter().zip(&second).filter(|(one, other)| Arc::ptr_eq(&one.sql, &other.sql));
        assert!(kept.count() >= 20, "most are plain");
    }
}
