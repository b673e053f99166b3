//! Values that are laid over the entities with their keys: columns, versions, times, where entities come from.
use crate::{fixtures::shop_with, models::*};
use orm::{EntityState, Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    shop:
    the_value_stays_outside_and_its_entity_is_returned,
    all_columns_are_written_and_null_is_a_value,
    a_builder_writes_what_it_was_given,
    without_a_key_a_row_is_added,
    without_a_row_the_key_is_inserted,
    an_entity_in_memory_is_not_loaded_again,
    values_of_one_model_are_loaded_together,
    nothing_is_flushed_while_merging,
    an_entity_marked_for_deletion_is_refused,
    a_merge_is_undone_by_rollback,
    a_copy_goes_to_another_task_and_back,
}

on_every_database! {
    records:
    a_value_of_another_version_is_stale,
    a_value_without_version_is_taken,
    times_are_the_sessions,
    hooks_see_what_was_merged,
}

on_every_database! {
    keys:
    copies_of_one_new_key_are_one_entity,
    a_row_added_before_is_found_by_its_key,
    composite_keys_name_their_entities,
    a_stranger_is_found_by_what_the_key_references,
}

fn user(id: i64, email: &str) -> User {
    let user = User::builder().email(email).build();
    User { id, ..user }
}

async fn the_value_stays_outside_and_its_entity_is_returned(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    let value = user(1, "new");
    let (merged, sent) = statements!(session, session.merge(value.clone()).await?);
    assert_eq!((sent, merged.key()?, session.state(merged)), (1, 1, EntityState::Persistent));
    assert_eq!(session.get_one::<User>(1).await?, merged);
    merged.set(User::credit, 3);
    assert_eq!(value.credit, 10);
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!((sent, User::query().one(&*db).await?.email), (1, "new".into()));
    Ok(())
}

async fn all_columns_are_written_and_null_is_a_value(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    let merged = session.merge(User { name: None, credit: 0, ..user(1, "u0") }).await?;
    assert_eq!((merged.name.as_deref(), merged.credit), (None, 0));
    assert_eq!(session.plan()?.to_string(), "update users ×1 (name, credit) [1]");
    session.commit().await?;
    let stored = User::query().one(&*db).await?;
    assert_eq!((stored.name, stored.credit, stored.email.as_str()), (None, 0, "u0"));
    let (_, sent) = statements!(session, {
        session.merge(User { name: None, credit: 0, ..user(1, "u0") }).await?;
        session.commit().await?
    });
    assert_eq!(sent, 0, "no net change");
    Ok(())
}

async fn a_builder_writes_what_it_was_given(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    let merged = session.merge(User::builder().id(1).email("new")).await?;
    assert_eq!((merged.email.as_str(), merged.name.as_deref(), merged.credit), ("new", Some("user 0"), 10));
    let merged = session.merge(User::builder().id(1).email("new").name(None)).await?;
    assert_eq!(merged.name, None);
    session.commit().await
}

async fn without_a_key_a_row_is_added(db: TestDb) -> Result<()> {
    let session = db.session();
    let (merged, sent) = statements!(session, session.merge(user(0, "a")).await?);
    assert_eq!((sent, session.state(merged)), (0, EntityState::Pending));
    session.commit().await?;
    assert_eq!(merged.id, User::query().one(&*db).await?.id);
    Ok(())
}

async fn without_a_row_the_key_is_inserted(db: TestDb) -> Result<()> {
    let session = db.session();
    let merged = session.merge(user(41, "a")).await?;
    assert_eq!(session.state(merged), EntityState::Pending);
    session.commit().await?;
    assert_eq!((merged.id, User::query().one(&*db).await?.id), (41, 41));
    Ok(())
}

async fn an_entity_in_memory_is_not_loaded_again(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    let loaded = session.get_one::<User>(1).await?;
    loaded.set(User::credit, 99);
    let (merged, sent) = statements!(session, session.merge(user(1, "new")).await?);
    assert_eq!((sent, merged), (0, loaded));
    assert_eq!((loaded.credit, loaded.email.as_str()), (10, "new"), "the value's columns count");
    Ok(())
}

async fn values_of_one_model_are_loaded_together(db: TestDb) -> Result<()> {
    shop_with(&db, 3, 0).await?;
    let session = db.session();
    let values = (1..=3).map(|id| user(id, &format!("n{id}")));
    let (merged, sent) = statements!(session, session.merge_all(values).await?);
    let keys: Vec<i64> = merged.iter().map(|user| user.id).collect();
    assert_eq!((sent, keys), (1, vec![1, 2, 3]));
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!(sent, 1);
    Ok(())
}

async fn nothing_is_flushed_while_merging(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let session = db.session();
    let added = session.add(User::builder().email("pending"));
    let order = Order { id: 1, user_id: 1, status: "s".into(), user: user(1, "u0").into(), ..order_of(1) };
    session.merge(order).await?;
    assert_eq!(session.state(added), EntityState::Pending);
    Ok(())
}

fn order_of(user: i64) -> Order {
    Order::builder().user_id(user).build()
}

async fn an_entity_marked_for_deletion_is_refused(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    let loaded = session.get_one::<User>(1).await?;
    session.delete(loaded);
    let error = session.merge(user(1, "new")).await.expect_err("it is marked");
    assert!(error.is_deleted() && error.to_string().contains("User#1"), "{error}");
    assert_eq!(loaded.email, "u0");
    Ok(())
}

async fn a_merge_is_undone_by_rollback(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let session = db.session();
    let before = session.get_one::<User>(1).await?;
    let orders = before.orders().await?;
    let added = Order::builder().user_id(1).status("added").build();
    session.merge(User { orders: vec![Order { id: 1, ..order_of(1) }, added].into(), ..user(1, "new") }).await?;
    session.flush().await?;
    assert_eq!((before.email.as_str(), before.orders().loaded()?.len()), ("new", 2));
    session.rollback().await?;
    assert_eq!((before.email.as_str(), before.orders().loaded()?.len()), ("u0", orders.len()));
    assert!(!session.has_changes());
    Ok(())
}

async fn a_copy_goes_to_another_task_and_back(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let reading = db.session();
    let query = || Order::query().with((Order::user, Order::items.selectin().with(OrderItem::product)));
    let copy = query().one(&reading).await?.to_value();
    let changed = tokio::task::spawn_blocking(move || {
        let items: Vec<OrderItem> = copy.items.get()?.iter().take(1).cloned().collect();
        Ok::<_, orm::Error>(Order { status: "sent".into(), items: items.into(), ..copy })
    });
    let changed = changed.await.map_err(orm::Error::other)??;
    let session = db.session();
    let (merged, sent) = statements!(session, session.merge(changed).await?);
    assert_eq!(sent, 4, "the order, its items, the user, the product");
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!(sent, 2, "the order's status, the item that was left out");
    assert_eq!((merged.status.as_str(), merged.items().await?.len()), ("sent", 1));
    let stored = query().one(&*db).await?;
    assert_eq!((stored.status.as_str(), stored.items.get()?.len()), ("sent", 1));
    Ok(())
}

async fn document(db: &Db) -> Result<Document> {
    let session = db.session();
    let document = session.add(Document::builder().title("first"));
    session.commit().await?;
    Ok(document.to_value())
}

async fn a_value_of_another_version_is_stale(db: TestDb) -> Result<()> {
    let old = document(&db).await?;
    let session = db.session();
    let current = session.get_one::<Document>(old.id).await?;
    current.set(Document::title, "second");
    session.commit().await?;
    assert_eq!((old.version, current.version), (1, 2));
    let late = Document { title: "late".into(), ..old };
    let error = session.merge(late).await.expect_err("it is of version 1");
    assert!(error.is_stale() && error.to_string().contains("version 1, the row 2"), "{error}");
    assert_eq!((error.entity(), current.title.as_str()), (Some("Document#1"), "second"));
    session.merge(Document { title: "third".into(), ..current.to_value() }).await?;
    session.commit().await?;
    assert_eq!((current.version, current.title.as_str()), (3, "third"));
    Ok(())
}

async fn a_value_without_version_is_taken(db: TestDb) -> Result<()> {
    let old = document(&db).await?;
    let session = db.session();
    let merged = session.merge(Document { version: 0, title: "second".into(), ..old }).await?;
    assert_eq!(merged.version, 1, "it is compared, not written");
    session.commit().await?;
    assert_eq!((merged.version, Document::query().one(&*db).await?.version), (2, 2));
    Ok(())
}

async fn times_are_the_sessions(db: TestDb) -> Result<()> {
    let old = document(&db).await?;
    let session = db.session();
    let long_ago = chrono::DateTime::UNIX_EPOCH;
    let merged = session.merge(Document { created: long_ago, updated: long_ago, ..old.clone() }).await?;
    assert!(!session.has_changes(), "times alone are no change");
    session.merge(Document { created: long_ago, updated: long_ago, title: "second".into(), ..old.clone() }).await?;
    session.commit().await?;
    assert_eq!(merged.created, old.created);
    assert!(merged.updated > old.updated);
    let explicit = Document::builder().id(old.id).title("third").created(long_ago);
    session.merge(explicit).await?;
    session.commit().await?;
    assert_eq!(Document::query().one(&*db).await?.created, long_ago, "a builder means what it is given");
    Ok(())
}

async fn hooks_see_what_was_merged(db: TestDb) -> Result<()> {
    let old = document(&db).await?;
    let session = db.session();
    let merged = session.merge(Document { title: "  padded  ".into(), ..old.clone() }).await?;
    session.commit().await?;
    assert_eq!(merged.title, "padded");
    session.merge(Document { title: "  ".into(), version: 0, ..old }).await?;
    let error = session.commit().await.expect_err("the title is empty");
    assert!(error.to_string().contains("a document needs a title"), "{error}");
    Ok(())
}

async fn copies_of_one_new_key_are_one_entity(db: TestDb) -> Result<()> {
    let session = db.session();
    let country = |name: &str| Country::builder().code("DE").name(name).build();
    let city = |name: &str, country: Country| City {
        country: country.into(),
        ..City::builder().name(name).country_code("DE").build()
    };
    let cities = session.merge_all([city("Ulm", country("first")), city("Bonn", country("last"))]).await?;
    assert_eq!(cities[0].country().loaded()?, cities[1].country().loaded()?);
    session.commit().await?;
    let stored = Country::query().with(Country::cities).one(&*db).await?;
    assert_eq!((stored.name.as_str(), stored.cities.get()?.len()), ("last", 2));
    Ok(())
}

async fn a_row_added_before_is_found_by_its_key(db: TestDb) -> Result<()> {
    let session = db.session();
    let added = session.add(Country::builder().code("DE").name("first"));
    let merged = session.merge(Country::builder().code("DE").name("second").build()).await?;
    assert_eq!((merged, added.name.as_str()), (added, "second"));
    session.commit().await?;
    assert_eq!(Country::query().count(&*db).await?, 1);
    Ok(())
}

async fn composite_keys_name_their_entities(db: TestDb) -> Result<()> {
    let region = |number, name: &str| Region::builder().area("north").number(number).name(name).build();
    let writing = db.session();
    writing.add_all([region(1, "a"), region(2, "b")]);
    writing.commit().await?;
    let session = db.session();
    let (merged, sent) = statements!(session, session.merge_all([region(2, "b2"), region(3, "c")]).await?);
    assert_eq!(
        (sent, session.state(merged[0]), session.state(merged[1])),
        (1, EntityState::Persistent, EntityState::Pending)
    );
    session.commit().await?;
    let names: Vec<String> =
        Region::query().order_by(Region::number).all(&*db).await?.into_iter().map(|region| region.name).collect();
    assert_eq!(names, ["a", "b2", "c"]);
    Ok(())
}

async fn a_stranger_is_found_by_what_the_key_references(db: TestDb) -> Result<()> {
    let writing = db.session();
    let euro = writing.add(Currency::builder().code("EUR"));
    writing.commit().await?;
    let session = db.session();
    let price = || Price::builder().amount(3).currency(euro);
    assert!(session.merge(price()).await.expect_err("it is not in memory").is_wrong_session());
    let own = session.get_one::<Currency>(1).await?;
    let merged = session.merge(price()).await?;
    session.commit().await?;
    assert_eq!((merged.currency_code.as_deref(), merged.currency().loaded()?), (Some("EUR"), Some(own)));
    Ok(())
}
