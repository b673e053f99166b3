//! Projections inside a session: what is pending is flushed before, and nothing becomes an entity.
use crate::{
    fixtures::three,
    models::{Customer, Order, shop},
};
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    shop:
    pending_changes_are_flushed_before,
    changes_of_other_tables_wait,
    a_list_that_is_read_is_flushed_before,
    values_of_a_session_are_the_same,
}

#[derive(Projection, Debug, PartialEq)]
#[orm(from = Customer)]
struct Card {
    email: String,
    orders: Vec<Line>,
}

#[derive(Projection, Debug, PartialEq)]
#[orm(from = Order)]
struct Line {
    total: i64,
}

fn ann() -> Query<Customer> {
    Customer::query().filter(Customer::id.eq(1))
}

async fn pending_changes_are_flushed_before(db: TestDb) -> Result<()> {
    three(&db).await?;
    let session = db.session();
    let customer = session.get_one::<Customer>(1).await?;
    customer.update(|customer| customer.email = "anna".into());
    let (card, sent) = statements!(session, ann().project::<Card>().one(&session).await?);
    // The update, the customer, the orders.
    assert_eq!((card.email.as_str(), sent), ("anna", 3));
    session.rollback().await?;
    assert_eq!(ann().project::<Card>().one(&session).await?.email, "ann");
    Ok(())
}

async fn changes_of_other_tables_wait(db: TestDb) -> Result<()> {
    three(&db).await?;
    let session = db.session();
    session.add(crate::models::Product::builder().name("chair"));
    let (_, sent) = statements!(session, ann().project::<Card>().one(&session).await?);
    assert_eq!((sent, session.in_transaction()), (2, false));
    session.rollback().await
}

async fn a_list_that_is_read_is_flushed_before(db: TestDb) -> Result<()> {
    three(&db).await?;
    let session = db.session();
    let customer = session.get_one::<Customer>(1).await?;
    session.add(Order::builder().customer(customer).status("new").total(40));
    let card = ann().project::<Card>().one(&session).await?;
    assert_eq!(card.orders.iter().map(|line| line.total).collect::<Vec<_>>(), [10, 20, 40]);
    assert_eq!(ann().project::<Card>().one(&*db).await?.orders.len(), 2);
    session.rollback().await
}

async fn values_of_a_session_are_the_same(db: TestDb) -> Result<()> {
    three(&db).await?;
    let session = db.session();
    let by_session = ann().project::<Card>().all(&session).await?;
    assert_eq!(ann().project::<Card>().all(session.values()).await?, by_session);
    assert_eq!(ann().project::<Card>().all(&*db).await?, by_session);
    let (_, sent) = statements!(session, session.get_one::<Customer>(1).await?);
    assert_eq!(sent, 1);
    Ok(())
}
