//! What meets a row that is marked as deleted: unique values, keys, upserts, merges, the session that marked it.
use crate::{fixtures::*, models::*};
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database};

on_every_database! {
    shop:
    a_marked_row_holds_its_unique_value,
    a_row_deleted_and_added_with_its_key_is_alive,
    what_is_connected_may_be_a_marked_row,
    an_upsert_meets_marked_rows,
    a_merge_does_not_see_a_marked_row,
    a_row_marked_and_loaded_again_in_one_transaction,
}

async fn a_marked_row_holds_its_unique_value(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    session.add(User::builder().email("cem"));
    let error = session.flush().await.expect_err("the value is taken");
    assert!(error.is_unique_violation(), "{error}");
    session.rollback().await
}

async fn a_row_deleted_and_added_with_its_key_is_alive(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    session.delete(session.get_one::<Order>(1).await?);
    let again = session.add(Order::builder().id(1).user_id(1).tenant_id(1).total(77));
    let hidden = every_order().filter(Order::id.eq(3)).one(&session).await?;
    session.delete(hidden);
    session.add(Order::builder().id(3).user_id(1).tenant_id(1).total(78));
    session.commit().await?;
    assert_eq!((again.total, again.deleted_at), (77, None));
    assert_eq!(Order::query().filter(Order::total.gt(70)).count(&*db).await?, 2);
    Ok(())
}

async fn what_is_connected_may_be_a_marked_row(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let cem = session.add(User::builder().email("cem").or_connect(User::email));
    session.flush().await?;
    assert!(cem.id == 3 && cem.deleted_at == Some(then()), "it is the row that there is, as it is");
    session.commit().await?;
    assert_eq!(everybody().count(&*db).await?, 3);
    Ok(())
}

async fn an_upsert_meets_marked_rows(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let row = || User::insert_many([User::builder().email("cem")]);
    row().on_conflict(User::email).do_nothing().run(&*db).await?;
    assert!(db.session().get::<User>(3).await?.is_none(), "it stays deleted");
    row().on_conflict(User::email).update(User::deleted_at).run(&*db).await?;
    assert!(db.session().get::<User>(3).await?.is_some(), "the given null restores it");
    Ok(())
}

async fn a_merge_does_not_see_a_marked_row(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let hidden = every_order().filter(Order::id.eq(3)).one(&*db).await?;
    session.merge(Order { deleted_at: None, ..hidden.clone() }).await?;
    assert!(session.flush().await.expect_err("its key is taken").is_unique_violation());
    session.rollback().await?;
    let loaded = every_order().filter(Order::id.eq(3)).one(&session).await?;
    let merged = session.merge(Order { deleted_at: None, ..hidden }).await?;
    session.commit().await?;
    assert_eq!((merged, merged.deleted_at), (loaded, None));
    Ok(())
}

async fn a_row_marked_and_loaded_again_in_one_transaction(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let order = session.get_one::<Order>(1).await?;
    session.delete(order);
    session.flush().await?;
    let again = every_order().filter(Order::id.eq(1)).one(&session).await?;
    assert!(again.deleted_at.is_some() && again != order);
    again.set(Order::deleted_at, None);
    session.flush().await?;
    assert_eq!(Order::query().filter(Order::id.eq(1)).count(&session).await?, 1);
    session.rollback().await?;
    assert_eq!(session.get::<Order>(1).await?, Some(order));
    assert_eq!(order.deleted_at, None);
    Ok(())
}
