//! How projections are run: one row, pages, counts, locks, streams of documents.
use crate::{
    fixtures::three,
    models::{Customer, Order, shop},
};
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    shop:
    one_and_first_are_strict_about_numbers,
    a_page_is_a_document,
    counts_select_nothing_of_the_projection,
    conditions_and_joins_of_the_query_hold,
    rows_are_locked,
}

#[derive(Projection, Debug, Clone, PartialEq, serde::Serialize)]
#[orm(from = Customer)]
struct Card {
    email: String,
    profile: Option<Bio>,
    #[orm(order_by = Order::id.desc(), limit = 1)]
    orders: Vec<Line>,
}

#[derive(Projection, Debug, Clone, PartialEq, serde::Serialize)]
#[orm(from = crate::models::Profile)]
struct Bio {
    bio: String,
}

#[derive(Projection, Debug, Clone, PartialEq, serde::Serialize)]
#[orm(from = Order)]
struct Line {
    id: i64,
    status: String,
}

fn customers() -> Query<Customer> {
    Customer::query().order_by(Customer::id)
}

async fn one_and_first_are_strict_about_numbers(db: TestDb) -> Result<()> {
    three(&db).await?;
    let cards = || customers().project::<Card>();
    assert_eq!(cards().first(&*db).await?.map(|card| card.email), Some("ann".into()));
    assert!(cards().one(&*db).await.is_err_and(|error| error.is_multiple_rows()));
    assert!(cards().one_or_none(&*db).await.is_err_and(|error| error.is_multiple_rows()));
    let nobody = || cards().filter(Customer::email.eq("nobody"));
    assert!(nobody().one(&*db).await.is_err_and(|error| error.is_not_found()));
    assert_eq!((nobody().one_or_none(&*db).await?, nobody().first(&*db).await?), (None, None));
    assert_eq!(cards().filter(Customer::email.eq("ben")).one(&*db).await?.orders[0].id, 3);
    Ok(())
}

async fn a_page_is_a_document(db: TestDb) -> Result<()> {
    three(&db).await?;
    let page = customers().limit(1).project::<Card>().page(&*db, 1, 2).await?;
    let document = serde_json::to_value(&page).map_err(orm::Error::other)?;
    let ann = serde_json::json!({
        "email": "ann", "profile": {"bio": "likes lamps"}, "orders": [{"id": 2, "status": "done"}]
    });
    let ben = serde_json::json!({"email": "ben", "profile": null, "orders": [{"id": 3, "status": "open"}]});
    let whole = serde_json::json!({"items": [ann, ben], "total": 3, "number": 1, "size": 2, "pages": 2});
    assert_eq!(document, whole);
    assert_eq!(customers().project::<Card>().page(&*db, 2, 2).await?.items.len(), 1);
    assert!(
        customers()
            .project::<Card>()
            .page(&*db, 0, 2)
            .await
            .is_err_and(|error| error.to_string().contains("counted from 1"))
    );
    Ok(())
}

async fn counts_select_nothing_of_the_projection(db: TestDb) -> Result<()> {
    three(&db).await?;
    let session = db.session();
    let (count, sent) = statements!(session, customers().project::<Card>().count(&session).await?);
    assert_eq!((count, sent), (3, 1));
    assert_eq!(customers().limit(2).project::<Card>().count(&session).await?, 2);
    Ok(())
}

async fn conditions_and_joins_of_the_query_hold(db: TestDb) -> Result<()> {
    three(&db).await?;
    let orders = Customer::orders.alias("orders");
    let cards = Customer::query()
        .join(&orders)
        .filter(orders.column(Order::total).ge(20))
        .project::<Card>()
        .order_by(Customer::email.desc())
        .offset(1)
        .limit(5)
        .all(&*db)
        .await?;
    assert_eq!(cards.iter().map(|card| card.email.as_str()).collect::<Vec<_>>(), ["ann"]);
    Ok(())
}

async fn rows_are_locked(db: TestDb) -> Result<()> {
    three(&db).await?;
    let session = db.session();
    let cards = customers().filter(Customer::email.eq("ann")).for_update().project::<Card>().all(&session).await?;
    assert_eq!((cards.len(), session.in_transaction()), (1, true));
    session.rollback().await?;
    #[derive(Projection)]
    #[orm(from = Order)]
    struct Sum {
        #[orm(expr = Order::total.sum())]
        sum: Option<i64>,
    }
    assert_eq!(Order::query().project::<Sum>().one(&session).await?.sum, Some(60));
    let error = Order::query().for_update().project::<Sum>().all(&session).await.err();
    assert!(error.is_some_and(|error| error.to_string().contains("cannot lock")));
    Ok(())
}
