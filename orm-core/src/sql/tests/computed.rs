//! Set-based updates whose values are not of the row itself.
use super::{models::*, texts};
use crate::{query::Query, relation::Relation, sql};

#[test]
fn values_of_related_rows() {
    let number = Query::<User>::new().filter(User::age.gt(3)).set(User::age, User::orders.count().cast::<i32>());
    insta::assert_snapshot!(texts(|dialect| sql::RowsUpdate::new(number.parts.clone(), number.values.clone()).statement(dialect)), @"");
    let behind = Query::<Order>::new().filter(Order::total.gt(3)).set(Order::status, Order::user.path(User::email));
    insta::assert_snapshot!(texts(|dialect| sql::RowsUpdate::new(behind.parts.clone(), behind.values.clone()).statement(dialect)), @"");
}
