//! Rows that several tests read.
use crate::models::*;
use orm::{Db, Result, prelude::*};

/// Users `u0`, `u1`, … with so many orders each, every order with two items of the products `laptop` and `mouse`.
pub(crate) async fn shop_with(db: &Db, users: usize, orders: usize) -> Result<()> {
    let session = db.session();
    let laptop = session.add(Product::builder().name("laptop"));
    let mouse = session.add(Product::builder().name("mouse"));
    for number in 0..users {
        let user = session.add(User::builder().email(format!("u{number}")).name(format!("user {number}")));
        for _ in 0..orders {
            let items = [OrderItem::builder().product(laptop), OrderItem::builder().product(mouse).quantity(2)];
            session.add(Order::builder().user(user).items(items));
        }
    }
    session.commit().await
}

/// The users in the order of their keys.
pub(crate) fn users() -> Query<User> {
    User::query().order_by(User::id.asc())
}

/// A tree of categories: a root, so many children, and as many below each child.
pub(crate) async fn tree_with(db: &Db, children: usize) -> Result<()> {
    let session = db.session();
    let root = session.add(Category::builder().name("root"));
    for number in 0..children {
        let child = session.add(Category::builder().name(format!("{number}")).parent(root));
        for below in 0..children {
            session.add(Category::builder().name(format!("{number}.{below}")).parent(child));
        }
    }
    session.commit().await
}

/// The addresses of users.
pub(crate) fn emails(users: &[User]) -> Vec<&str> {
    users.iter().map(|user| user.email.as_str()).collect()
}

/// The addresses of the users that meet a condition.
pub(crate) async fn found(db: &Db, condition: Predicate<User>) -> Result<Vec<String>> {
    let users = users().filter(condition).all(db).await?;
    Ok(users.into_iter().map(|user| user.email).collect())
}

/// Four users: credits 10, 20, 30, 40; the last two have no name.
pub(crate) async fn four(db: &Db) -> Result<()> {
    let session = db.session();
    for (email, name, credit) in [("a", Some("Ann"), 10), ("b", Some("Bob"), 20), ("c", None, 30), ("d", None, 40)] {
        session.add(User::builder().email(email).name(name.map(str::to_owned)).credit(credit));
    }
    session.commit().await
}
