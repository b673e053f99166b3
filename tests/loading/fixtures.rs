//! Rows to load.
use crate::models::*;
use orm::{Result, prelude::*};

/// So many customers `c0`, `c1`, …, each with so many orders of two items, and one product of one supplier.
pub(crate) async fn customers(db: &Db, count: usize, orders: usize) -> Result<()> {
    let session = db.session();
    let supplier = session.add(Supplier::builder().name("acme"));
    let product = session.add(Product::builder().name("bolt").supplier(supplier));
    session.flush().await?;
    let items = || (0..2).map(|position| Item::builder().product(product).position(position));
    for number in 0..count {
        let orders =
            (0..orders).map(|order| Order::builder().status(if order == 0 { "open" } else { "done" }).items(items()));
        session.add(Customer::builder().name(format!("c{number}")).orders(orders));
    }
    session.commit().await
}

pub(crate) fn by_id() -> Query<Customer> {
    Customer::query().order_by(Customer::id)
}

/// A chain of so many categories, each below the one before.
pub(crate) async fn chain(db: &Db, length: usize) -> Result<()> {
    let session = db.session();
    let mut above = None;
    for level in 0..length {
        let category = session.add(Category::builder().name(level.to_string()));
        if let Some(above) = above {
            category.parent().set(above)?;
        }
        above = Some(category);
    }
    session.commit().await
}

/// How many levels of children are in memory below a category, itself not counted.
pub(crate) fn levels(category: Entity<'_, Category>) -> usize {
    match category.children().loaded() {
        Ok(children) => children.iter().map(|child| 1 + levels(child)).max().unwrap_or(0),
        Err(_) => 0,
    }
}

/// The same of a plain value.
pub(crate) fn value_levels(category: &Category) -> usize {
    let children = category.children.get().unwrap_or_default();
    children.iter().map(|child| 1 + value_levels(child)).max().unwrap_or(0)
}
