//! Relationships that only memory may answer.
use crate::{fixtures::*, models::*};
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    shop:
    raise_on_sql_answers_from_memory,
    raise_is_an_error_also_of_what_memory_knows,
}

on_every_database! {
    guarded:
    raise_on_sql_may_be_declared,
    a_query_beats_a_declared_raise_on_sql,
}

async fn raise_on_sql_answers_from_memory(db: TestDb) -> Result<()> {
    customers(&db, 2, 1).await?;
    let session = db.session();
    let first = by_id().limit(1).one(&session).await?;
    let orders = Order::query().order_by(Order::id).with(Order::customer.raise_on_sql()).all(&session).await?;
    let (found, sent) = statements!(session, (orders[0].customer().await, orders[1].customer().await));
    assert_eq!((found.0?, sent), (first, 0));
    let error = found.1.expect_err("its customer is not in memory");
    assert!(error.is_not_loaded());
    let message = error.to_string();
    assert!(message.contains("Order::customer") && message.contains(".with(Order::customer)"), "{message}");
    Ok(())
}

async fn raise_is_an_error_also_of_what_memory_knows(db: TestDb) -> Result<()> {
    customers(&db, 1, 1).await?;
    let session = db.session();
    let customer = by_id().one(&session).await?;
    let order = Order::query().with(Order::customer.raise()).one(&session).await?;
    assert!(order.customer().await.is_err());
    assert_eq!(order.customer().loaded()?, customer, "reading memory is always allowed");
    Ok(())
}

async fn raise_on_sql_may_be_declared(db: TestDb) -> Result<()> {
    let writing = db.session();
    let team = writing.add(Team::builder());
    writing.add(Member::builder().team(team));
    writing.add(Member::builder());
    assert_eq!(team.members().await?.len(), 1, "memory knows all members of a new team");
    writing.commit().await?;
    let session = db.session();
    let members = Member::query().order_by(Member::id).all(&session).await?;
    let error = members[0].team().await.expect_err("it is not in memory").to_string();
    assert!(error.contains("Member::team"), "{error}");
    assert_eq!(members[1].team().await?, None, "a null key needs no statement");
    let team = Team::query().one(&session).await?;
    assert_eq!(members[0].team().await?, Some(team));
    assert!(team.members().await.expect_err("not all are known").is_not_loaded());
    assert_eq!(team.members().query().count(&session).await?, 1, "a query of one's own is one");
    Ok(())
}

async fn a_query_beats_a_declared_raise_on_sql(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(Team::builder().members([Member::builder()]));
    writing.commit().await?;
    for load in [Team::members.lazy(), Team::members.selectin(), Team::members.joined()] {
        let session = db.session();
        assert_eq!(Team::query().with(load).one(&session).await?.members().await?.len(), 1);
    }
    Ok(())
}
