//! Soft delete: what is marked, what follows, how a row comes back and how it really goes.
use crate::{fixtures::*, models::*};
use orm::{EntityState, Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    shop:
    a_delete_marks_the_row,
    in_memory_the_entity_is_deleted,
    a_rollback_brings_it_back,
    rows_of_one_model_are_marked_by_one_statement,
    a_delete_cascades_to_children_in_their_own_way,
    children_without_cascade_keep_their_key,
    links_of_a_marked_row_stay,
    an_orphan_is_marked,
    a_stale_version_is_told,
    changes_that_were_not_flushed_are_not_written,
    a_plan_says_that_rows_are_marked,
    a_row_is_restored_by_its_column,
    a_collection_that_was_loaded_does_not_show_a_restored_row_before_it_is_read_again,
    a_row_goes_for_good_with_its_children,
    a_permanent_delete_wins_over_a_soft_one,
    a_deletion_taken_back_writes_nothing,
    a_set_based_delete_marks_rows,
    a_set_based_delete_keeps_the_time_of_what_is_deleted,
    a_set_based_delete_may_remove_rows,
}

async fn user(session: &Session, id: i64) -> Result<Entity<'_, User>> {
    session.get_one::<User>(id).await
}

async fn a_delete_marks_the_row(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let order = session.get_one::<Order>(1).await?;
    let before = order.updated_at;
    session.delete(order);
    let ((), sent) = statements!(session, session.commit().await?);
    assert_eq!(sent, 1);
    assert!(Order::query().filter(Order::id.eq(1)).one_or_none(&*db).await?.is_none());
    let marked = every_order().filter(Order::id.eq(1)).one(&*db).await?;
    assert!(marked.deleted_at.is_some_and(|time| time > then()) && marked.updated_at > before);
    assert_eq!((marked.version, marked.total), (2, 10));
    Ok(())
}

async fn in_memory_the_entity_is_deleted(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let ann = user(&session, 1).await?;
    let orders = ann.orders().await?;
    let first = orders.first().expect("an order");
    session.delete(first);
    assert_eq!(ann.orders().loaded()?.len(), 1, "it leaves lists at once");
    session.flush().await?;
    assert_eq!(session.state(first), EntityState::Deleted);
    assert!(first.user().await.expect_err("it is deleted").is_deleted());
    assert!(session.get::<Order>(1).await?.is_none());
    session.commit().await?;
    assert_eq!(ann.orders().await?.len(), 1);
    Ok(())
}

async fn a_rollback_brings_it_back(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let ann = user(&session, 1).await?;
    let order = ann.orders().await?.first().expect("an order");
    session.delete(order);
    session.flush().await?;
    session.rollback().await?;
    assert_eq!(session.state(order), EntityState::Persistent);
    assert_eq!(ann.orders().await?.len(), 2);
    assert_eq!(session.get::<Order>(1).await?, Some(order));
    assert!(!session.has_changes());
    Ok(())
}

async fn rows_of_one_model_are_marked_by_one_statement(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    for order in Order::query().all(&session).await? {
        session.delete(order);
    }
    let ((), sent) = statements!(session, session.commit().await?);
    assert_eq!((sent, Order::query().count(&*db).await?, every_order().count(&*db).await?), (1, 0, 5));
    Ok(())
}

async fn a_delete_cascades_to_children_in_their_own_way(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    session.delete(user(&session, 1).await?);
    let ((), sent) = statements!(session, session.commit().await?);
    assert_eq!(sent, 5, "orders and tokens are read; orders and the user are marked, the token is deleted");
    assert_eq!(Token::query().count(&*db).await?, 0);
    let orders = every_order().filter(Order::user_id.eq(1)).all(&*db).await?;
    assert!(orders.iter().all(|order| order.deleted_at.is_some()));
    assert_eq!(orders[2].deleted_at, Some(then()), "what was deleted already keeps its time");
    assert_eq!(everybody().count(&*db).await?, 3);
    Ok(())
}

async fn children_without_cascade_keep_their_key(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let ann = user(&session, 1).await?;
    let remark = ann.remarks().await?.first().expect("a remark");
    remark.set(Remark::text, "changed");
    session.delete(ann);
    session.commit().await?;
    assert_eq!((remark.author_id, remark.author().await?), (Some(1), None));
    assert_eq!(session.get_one::<Remark>(1).await?.text, "changed");
    Ok(())
}

async fn links_of_a_marked_row_stay(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    session.delete(user(&session, 1).await?);
    session.commit().await?;
    assert_eq!(Membership::query().filter(Membership::user_id.eq(1)).count(&*db).await?, 1);
    assert_eq!(Team::query().with(Team::users).one(&*db).await?.users.get()?.len(), 0);
    Ok(())
}

async fn an_orphan_is_marked(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let ann = user(&session, 1).await?;
    ann.orders().clear().await?;
    session.commit().await?;
    let orders = every_order().filter(Order::user_id.eq(1)).all(&*db).await?;
    assert_eq!(orders.iter().filter(|order| order.deleted_at.is_some()).count(), 3);
    Ok(())
}

async fn a_stale_version_is_told(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let order = session.get_one::<Order>(1).await?;
    Order::query().filter(Order::id.eq(1)).set(Order::total, 11).update(&*db).await?;
    session.delete(order);
    let error = session.commit().await.expect_err("somebody else changed it");
    assert!(error.is_stale() && error.to_string().contains("deleted"), "{error}");
    session.rollback().await?;
    assert_eq!(session.state(order), EntityState::Persistent);
    Ok(())
}

async fn changes_that_were_not_flushed_are_not_written(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let order = session.get_one::<Order>(1).await?;
    order.set(Order::total, 99);
    session.delete(order);
    session.commit().await?;
    let marked = every_order().filter(Order::id.eq(1)).one(&*db).await?;
    assert_eq!((marked.total, marked.deleted_at.is_some()), (10, true));
    Ok(())
}

async fn a_plan_says_that_rows_are_marked(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let ann = User::query().filter(User::id.eq(1)).with((User::orders, User::tokens)).one(&session).await?;
    for order in ann.orders().loaded()? {
        session.delete(order);
    }
    for token in ann.tokens().loaded()? {
        session.delete(token);
    }
    assert_eq!(
        session.plan()?.to_string(),
        "soft delete orders ×2 (deleted_at, version, updated_at) [1, 2]\ndelete tokens ×1 [1]"
    );
    session.rollback().await?;
    session.delete_permanently(session.get_one::<Order>(1).await?);
    assert_eq!(session.plan()?.to_string(), "delete orders ×1 [1]");
    session.rollback().await
}

async fn a_row_is_restored_by_its_column(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let cem = everybody().filter(User::id.eq(3)).one(&session).await?;
    cem.set(User::deleted_at, None);
    session.commit().await?;
    assert!(db.session().get::<User>(3).await?.is_some());
    let restored = Order::query().without_criteria().filter(Order::deleted_at.is_not_null());
    let restored = restored.set(Order::deleted_at, None).update(&*db).await?;
    assert_eq!((restored, Order::query().count(&*db).await?), (2, 5));
    Ok(())
}

async fn a_collection_that_was_loaded_does_not_show_a_restored_row_before_it_is_read_again(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let ann = user(&session, 1).await?;
    assert_eq!(ann.orders().await?.len(), 2);
    every_order().filter(Order::id.eq(3)).one(&session).await?.set(Order::deleted_at, None);
    session.flush().await?;
    assert_eq!(ann.orders().await?.len(), 2);
    session.refresh_with(ann, User::orders).await?;
    assert_eq!(ann.orders().await?.len(), 3);
    Ok(())
}

async fn a_row_goes_for_good_with_its_children(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let ann = user(&session, 1).await?;
    assert_eq!(ann.orders().await?.len(), 2, "one more is hidden");
    session.delete_permanently(ann);
    session.commit().await?;
    assert_eq!(ids(&every_order().all(&*db).await?), [4, 5]);
    assert_eq!(everybody().count(&*db).await?, 2);
    assert_eq!(Remark::query().filter(Remark::author_id.is_null()).count(&*db).await?, 1);
    assert_eq!(Membership::query().without_criteria().count(&*db).await?, 2);
    Ok(())
}

async fn a_permanent_delete_wins_over_a_soft_one(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let order = session.get_one::<Order>(1).await?;
    session.delete(order);
    session.delete_permanently(order);
    session.commit().await?;
    assert_eq!(every_order().filter(Order::id.eq(1)).count(&*db).await?, 0);
    let ann = user(&session, 1).await?;
    for order in ann.orders().await? {
        session.delete(order);
    }
    session.delete_permanently(ann);
    session.commit().await?;
    assert_eq!(ids(&every_order().all(&*db).await?), [4, 5]);
    Ok(())
}

async fn a_deletion_taken_back_writes_nothing(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let order = session.get_one::<Order>(1).await?;
    session.delete_permanently(order);
    session.add(order);
    assert!(session.plan()?.is_empty());
    session.delete(order);
    session.commit().await?;
    assert_eq!(every_order().filter(Order::id.eq(1)).count(&*db).await?, 1, "it is soft again");
    Ok(())
}

async fn a_set_based_delete_marks_rows(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let ann = user(&session, 1).await?;
    let orders = ann.orders().await?;
    let first = orders.first().expect("an order");
    assert_eq!(Order::query().filter(Order::total.le(10)).delete(&session).await?, 1);
    assert_eq!((session.state(first), ann.orders().loaded()?.len()), (EntityState::Deleted, 1));
    session.rollback().await?;
    assert_eq!((session.state(first), ann.orders().loaded()?.len()), (EntityState::Persistent, 2));
    assert_eq!(Order::query().filter(Order::user.has(User::email.eq("ann"))).delete(&session).await?, 2);
    assert_eq!(session.state(first), EntityState::Deleted);
    session.commit().await?;
    let marked = every_order().filter(Order::id.eq(1)).one(&*db).await?;
    assert!(marked.deleted_at.is_some() && marked.version == 2);
    Ok(())
}

async fn a_set_based_delete_keeps_the_time_of_what_is_deleted(db: TestDb) -> Result<()> {
    fill(&db).await?;
    assert_eq!(Order::query().without_criteria().all_rows().delete(&*db).await?, 3);
    assert_eq!(every_order().filter(Order::deleted_at.eq(then())).count(&*db).await?, 2);
    Ok(())
}

async fn a_set_based_delete_may_remove_rows(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let hidden = every_order().filter(Order::id.eq(3)).one(&session).await?;
    let old = || Order::query().without_criteria().filter(Order::deleted_at.is_not_null());
    assert_eq!(old().delete_permanently(&session).await?, 2);
    assert_eq!(session.state(hidden), EntityState::Deleted);
    session.commit().await?;
    assert_eq!(ids(&every_order().all(&*db).await?), [1, 2, 5]);
    Ok(())
}

mod flags {
    use super::*;

    on_every_database! {
        tree:
        a_flag_marks_rows_too,
        children_of_a_row_that_goes_for_good_lose_their_key_hidden_or_not,
        children_of_a_marked_row_of_the_same_model_keep_their_key,
        a_marked_row_does_not_name_a_parent_that_goes_in_the_same_flush,
    }

    async fn write(db: &TestDb) -> Result<()> {
        let session = db.session();
        let root = session.add(Folder::builder().name("root"));
        session.add(Folder::builder().name("seen").parent(root));
        session.add(Folder::builder().name("hidden").gone(true).parent(root));
        session.commit().await
    }

    async fn a_flag_marks_rows_too(db: TestDb) -> Result<()> {
        write(&db).await?;
        let session = db.session();
        session.delete(Folder::query().filter(Folder::name.eq("seen")).one(&session).await?);
        session.commit().await?;
        assert_eq!(Folder::query().count(&*db).await?, 1);
        assert_eq!(Folder::query().all_rows().delete(&*db).await?, 1);
        assert_eq!(Folder::query().without_criteria().filter(Folder::gone.eq(true)).count(&*db).await?, 3);
        Ok(())
    }

    async fn children_of_a_row_that_goes_for_good_lose_their_key_hidden_or_not(db: TestDb) -> Result<()> {
        write(&db).await?;
        let session = db.session();
        let root = Folder::query().filter(Folder::name.eq("root")).one(&session).await?;
        assert_eq!(root.children().await?.len(), 1);
        session.delete_permanently(root);
        session.commit().await?;
        let rest = Folder::query().without_criteria().filter(Folder::parent_id.is_null());
        assert_eq!(rest.count(&*db).await?, 2);
        Ok(())
    }

    async fn children_of_a_marked_row_of_the_same_model_keep_their_key(db: TestDb) -> Result<()> {
        write(&db).await?;
        let session = db.session();
        session.delete(Folder::query().filter(Folder::name.eq("root")).one(&session).await?);
        let ((), sent) = statements!(session, session.commit().await?);
        assert_eq!(sent, 1, "nobody asks for children that stay as they are");
        let seen = Folder::query().one(&session).await?;
        assert_eq!((seen.parent_id, seen.parent().await?), (Some(1), None));
        Ok(())
    }

    async fn a_marked_row_does_not_name_a_parent_that_goes_in_the_same_flush(db: TestDb) -> Result<()> {
        write(&db).await?;
        let session = db.session();
        let root = Folder::query().filter(Folder::name.eq("root")).one(&session).await?;
        let seen = root.children().await?.first().expect("a child");
        session.delete(seen);
        session.delete_permanently(root);
        session.commit().await?;
        let rest = Folder::query().without_criteria().filter(Folder::gone.eq(true).and(Folder::parent_id.is_null()));
        assert_eq!(rest.count(&*db).await?, 2);
        Ok(())
    }
}
