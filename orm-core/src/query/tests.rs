use super::{Include, IntoInclude, Predicate, Query, RelationQuery, expr::Expr};
use crate::{
    schema::Strategy,
    sql::tests::models::{Category, Item, Order, User},
};

/// The tree of what is loaded along, as text.
fn tree(includes: &[Include]) -> String {
    let one = |include: &Include| {
        let nested = if include.nested.is_empty() { String::new() } else { format!("({})", tree(&include.nested)) };
        format!("{} {:?}{nested}", include.relationship.name, include.strategy())
    };
    includes.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn with(include: impl IntoInclude<User>) -> Query<User> {
    Query::new().with(include)
}

#[test]
fn siblings_on_a_shared_prefix_are_merged() {
    let query = with(User::orders.with(Order::items))
        .with(User::profile)
        .with(User::orders.joined().with(Order::user.with(User::profile.raise())).limit(3));
    let expected = "orders Joined(items SelectIn, user Joined(profile Raise)), profile Joined";
    assert_eq!(tree(&query.parts.include), expected);
    assert_eq!(query.parts.include[0].limit, Some(3));
    assert!(query.parts.include[0].is_partial());
}

#[test]
fn filters_of_a_merged_relationship_must_both_hold() {
    let open = User::orders.filter(Order::status.eq("open"));
    let query = with((open, User::orders.filter(Order::total.gt(3))));
    let [Include { filter: Some(Expr::All(parts)), .. }] = query.parts.include.as_slice() else {
        panic!("{:?}", query.parts.include)
    };
    assert_eq!(parts.len(), 2);
}

#[test]
fn deferred_columns_are_asked_for_where_they_are() {
    let query = Query::<Order>::new().with(Order::user.joined().with(User::photo).with_count());
    assert!(!query.parts.deferred);
    assert!(query.parts.include[0].deferred && query.parts.include[0].count);
    assert!(with(User::photo).parts.deferred);
}

#[test]
fn trees_are_loaded_to_a_depth() {
    let query = Query::<Category>::new().with(Category::children.selectin().recursive(3));
    assert_eq!(query.parts.include[0].recursive, Some(3));
    assert_eq!(query.parts.include[0].strategy, Some(Strategy::SelectIn));
}

#[test]
fn a_query_that_is_built_in_steps_keeps_its_type() {
    let mut query = Query::<Item>::new();
    for name in ["a", "b"] {
        query = query.filter(Item::name.ne(name));
    }
    query = query.filter(Predicate::always());
    assert!(matches!(&query.parts.filter, Some(Expr::All(parts)) if parts.len() == 2));
    assert!(query.parts.require_scope("delete").is_ok());
    let error = Query::<Item>::new().parts.require_scope("delete").expect_err("no filter");
    assert!(error.to_string().contains(".all_rows()"));
    assert!(Query::<Item>::new().all_rows().parts.require_scope("delete").is_ok());
}
