//! Rows of which queries see some and not others.
use crate::models::*;
use chrono::{DateTime, Utc};
use orm::{Db, Result, prelude::*, schema::Schema};

pub(crate) fn shop() -> Schema {
    orm::schema![User, Order, Token, Remark, Team, Membership]
}

pub(crate) fn tree() -> Schema {
    orm::schema![Folder]
}

pub(crate) fn invoices() -> Schema {
    orm::schema![Invoice, Line]
}

/// A time in the past.
pub(crate) fn then() -> DateTime<Utc> {
    DateTime::from_timestamp(1_000_000_000, 0).expect("a time")
}

/// Ann (1) with orders 1 (tenant 1), 2 (tenant 2) and 3 (deleted), Bob (2) with order 4 (deleted), and Cem (3), who is deleted,
/// with order 5 (tenant 1). Ann and Cem wrote a remark each. All are in the red team, Bob's membership is not active.
pub(crate) async fn fill(db: &Db) -> Result<()> {
    let session = db.session();
    let order = |tenant: i64, total: i64| Order::builder().tenant_id(tenant).total(total);
    let ann = session.add(User::builder().email("ann"));
    let bob = session.add(User::builder().email("bob"));
    let cem = session.add(User::builder().email("cem").deleted_at(then()));
    session.add(order(1, 10).user(ann));
    session.add(order(2, 20).user(ann));
    session.add(order(1, 30).user(ann).deleted_at(then()));
    session.add(order(1, 40).user(bob).deleted_at(then()));
    session.add(order(1, 50).user(cem));
    session.add(Token::builder().user(ann));
    session.add(Remark::builder().text("by ann").author(ann));
    session.add(Remark::builder().text("by cem").author(cem));
    let red = session.add(Team::builder().name("red"));
    for (user, active) in [(ann, true), (bob, false), (cem, true)] {
        session.add(Membership::builder().user(user).team(red).active(active));
    }
    session.commit().await
}

/// The keys of orders.
pub(crate) fn ids(orders: &[Order]) -> Vec<i64> {
    orders.iter().map(|order| order.id).collect()
}

/// All users, hidden ones too, in the order of their keys.
pub(crate) fn everybody() -> Query<User> {
    User::query().without_criteria().order_by(User::id)
}

/// All orders, hidden ones too, in the order of their keys.
pub(crate) fn every_order() -> Query<Order> {
    Order::query().without_criteria().order_by(Order::id)
}

pub(crate) fn library() -> Schema {
    orm::schema![Shelf, Book, Label, Stamp, Loan]
}
