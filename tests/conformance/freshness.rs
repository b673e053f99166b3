//! What a row that is met again does to what is in memory.
use crate::{
    fixtures::{shop_with, users},
    models::*,
};
use orm::{Result, prelude::*, schema::Schema};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    shop:
    within_a_transaction_a_row_met_again_changes_nothing,
    after_a_commit_a_row_met_again_is_new,
    after_a_commit_nothing_expires_by_itself,
    changes_are_kept_when_their_row_is_met_again,
    a_collection_is_read_again_after_a_commit,
    pushes_are_kept_when_their_collection_is_read_again,
    a_child_that_moved_in_the_database_leaves_its_old_parent,
    refresh_reads_again_and_forgets_changes,
    refresh_takes_a_moved_child_back,
    refresh_of_a_row_that_is_gone_says_so,
    refresh_with_reads_relationships_too,
    refresh_existing_reads_again_within_a_transaction,
    a_value_that_was_taken_stays_as_it_was,
    a_row_read_before_its_index_was_made_is_found,
}

on_every_database! {
    keys:
    a_referenced_column_that_changed_is_found_by_its_new_value,
}

on_every_database! {
    papers:
    a_deferred_column_is_left_out_and_asked_for,
    a_deferred_column_is_added_to_what_is_in_memory,
    a_deferred_column_can_be_changed_without_being_read,
}

/// A column that may be left out, and a group of columns.
fn papers() -> Schema {
    orm::schema![Paper]
}

#[derive(Model, Clone, Debug)]
struct Paper {
    #[orm(primary_key)]
    id: i64,
    title: String,
    body: Deferred<String>,
    #[orm(embed)]
    size: Size,
}

#[derive(Embedded, Clone, Debug, PartialEq)]
struct Size {
    width: i32,
    height: i32,
}

fn paper(title: &str) -> impl orm::__private::IntoDraft<Model = Paper> {
    Paper::builder().title(title).body(format!("all about {title}")).size(Size { width: 2, height: 3 })
}

/// Somebody else changes rows.
async fn elsewhere(db: &Db) -> Result<()> {
    User::query().filter(User::email.eq("u0")).set(User::credit, 77).update(db).await?;
    Ok(())
}

async fn within_a_transaction_a_row_met_again_changes_nothing(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    let user = users().one(&session).await?;
    elsewhere(&db).await?;
    let again = users().one(&session).await?;
    assert_eq!((again, again.credit), (user, 10));
    Ok(())
}

async fn after_a_commit_a_row_met_again_is_new(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    let user = users().one(&session).await?;
    session.commit().await?;
    elsewhere(&db).await?;
    assert_eq!(users().one(&session).await?, user);
    assert_eq!(user.credit, 77);
    Ok(())
}

async fn after_a_commit_nothing_expires_by_itself(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let session = db.session();
    let user = users().with(User::orders).one(&session).await?;
    session.commit().await?;
    let (orders, sent) = statements!(session, user.orders().await?);
    assert_eq!((orders.len(), sent, user.credit), (1, 0, 10));
    let (same, sent) = statements!(session, session.get_one::<User>(user.id).await?);
    assert_eq!((same, sent), (user, 0));
    Ok(())
}

async fn changes_are_kept_when_their_row_is_met_again(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    let user = users().one(&session).await?;
    session.commit().await?;
    elsewhere(&db).await?;
    user.set(User::name, "mine");
    session.no_autoflush(async || users().one(&session).await).await?;
    assert_eq!((user.credit, user.name.as_deref()), (77, Some("mine")));
    session.commit().await?;
    let stored = users().one(&*db).await?;
    assert_eq!((stored.credit, stored.name.as_deref()), (77, Some("mine")));
    Ok(())
}

async fn a_collection_is_read_again_after_a_commit(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let session = db.session();
    for load in [User::orders.selectin(), User::orders.joined()] {
        let user = users().with(load.clone()).one(&session).await?;
        let before = user.orders().loaded()?.len();
        session.commit().await?;
        let other = db.session();
        other.add(Order::builder().user_id(user.id));
        other.commit().await?;
        users().with(load).one(&session).await?;
        assert_eq!(user.orders().loaded()?.len(), before + 1);
        session.commit().await?;
    }
    Ok(())
}

async fn pushes_are_kept_when_their_collection_is_read_again(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let session = db.session();
    let user = users().with(User::orders).one(&session).await?;
    session.commit().await?;
    let other = db.session();
    other.add(Order::builder().user_id(user.id));
    other.commit().await?;
    let pushed = user.orders().push(Order::builder())?;
    session.no_autoflush(async || users().with(User::orders).one(&session).await).await?;
    let orders = user.orders().loaded()?;
    assert_eq!((orders.len(), orders.contains(pushed)), (3, true));
    session.rollback().await
}

async fn a_child_that_moved_in_the_database_leaves_its_old_parent(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 1).await?;
    let session = db.session();
    let all = users().with(User::orders).all(&session).await?;
    let order = all[0].orders().loaded()?.first().expect("one was added");
    session.commit().await?;
    Order::query().filter(Order::id.eq(order.id)).set(Order::user_id, all[1].id).update(&*db).await?;
    Order::query().filter(Order::id.eq(order.id)).one(&session).await?;
    assert_eq!(order.user().await?, all[1]);
    assert!(all[0].orders().loaded()?.is_empty());
    assert!(all[1].orders().loaded()?.contains(order));
    assert!(!session.has_changes());
    Ok(())
}

async fn refresh_reads_again_and_forgets_changes(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    let user = users().one(&session).await?;
    user.set(User::name, "mine");
    elsewhere(&db).await?;
    session.refresh(user).await?;
    assert_eq!((user.credit, user.name.as_deref()), (77, Some("user 0")));
    assert!(!session.is_modified(user) && !session.has_changes());
    Ok(())
}

async fn refresh_takes_a_moved_child_back(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 1).await?;
    let session = db.session();
    let all = users().with(User::orders).all(&session).await?;
    let order = all[0].orders().loaded()?.first().expect("one was added");
    order.user().set(all[1])?;
    assert!(all[0].orders().loaded()?.is_empty());
    session.refresh(order).await?;
    assert_eq!(order.user().loaded()?, all[0]);
    assert!(all[0].orders().loaded()?.contains(order) && !all[1].orders().loaded()?.contains(order));
    assert!(!session.has_changes());
    Ok(())
}

async fn refresh_of_a_row_that_is_gone_says_so(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    let user = users().one(&session).await?;
    User::query().all_rows().delete(&*db).await?;
    let error = session.refresh(user).await.expect_err("it is gone");
    assert!(error.is_not_found(), "{error}");
    Ok(())
}

async fn refresh_with_reads_relationships_too(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let session = db.session();
    let user = users().with(User::orders).one(&session).await?;
    let other = db.session();
    other.add(Order::builder().user_id(user.id));
    other.add(UserProfile::builder().user_id(user.id).bio("new"));
    other.commit().await?;
    session.refresh_with(user, (User::orders, User::profile)).await?;
    assert_eq!(user.orders().loaded()?.len(), 2);
    assert_eq!(user.profile().loaded()?.map(|profile| profile.bio.clone()).as_deref(), Some("new"));
    Ok(())
}

async fn refresh_existing_reads_again_within_a_transaction(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let session = db.session();
    let user = users().with(User::orders).one(&session).await?;
    elsewhere(&db).await?;
    let other = db.session();
    other.add(Order::builder().user_id(user.id));
    other.commit().await?;
    users().with(User::orders).refresh_existing().one(&session).await?;
    assert_eq!((user.credit, user.orders().loaded()?.len()), (77, 2));
    Ok(())
}

async fn a_value_that_was_taken_stays_as_it_was(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    let user = users().one(&session).await?;
    let before = user.value();
    user.set(User::credit, 1);
    session.commit().await?;
    elsewhere(&db).await?;
    session.refresh(user).await?;
    assert_eq!((before.credit, user.credit), (10, 77));
    Ok(())
}

async fn a_row_read_before_its_index_was_made_is_found(db: TestDb) -> Result<()> {
    shop_with(&db, 100, 0).await?;
    let session = db.session();
    // A search in an empty memory makes an index; what is read after that must be in it.
    assert_eq!(session.get::<User>(-1).await?, None);
    let all = users().all(&session).await?;
    let (found, sent) = statements!(session, session.get_one::<User>(all[7].id).await?);
    assert_eq!((found, sent), (all[7], 0));
    let keys: Vec<i64> = all.iter().map(|user| user.id).collect();
    let (many, sent) = statements!(session, session.get_many::<User, _>(keys).await?);
    assert_eq!((many.into_iter().flatten().collect::<Vec<_>>(), sent), (all, 0));
    Ok(())
}

async fn a_referenced_column_that_changed_is_found_by_its_new_value(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(Currency::builder().code("EUR").prices([Price::builder().amount(5)]));
    writing.add(Currency::builder().code("USD"));
    writing.commit().await?;
    let session = db.session();
    let price = Price::query().one(&session).await?;
    let euro = price.currency().await?.expect("it has one");
    assert_eq!(euro.code, "EUR");
    assert_eq!(euro.prices().await?.first(), Some(price));
    let dollar = Currency::query().filter(Currency::code.eq("USD")).with(Currency::prices).one(&session).await?;
    assert!(dollar.prices().loaded()?.is_empty());
    session.commit().await?;
    Price::query().all_rows().set(Price::currency_code, "USD").update(&*db).await?;
    Price::query().one(&session).await?;
    assert_eq!(price.currency().await?, Some(dollar));
    assert_eq!((euro.prices().loaded()?.len(), dollar.prices().loaded()?.len()), (0, 1));
    Ok(())
}

async fn a_deferred_column_is_left_out_and_asked_for(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(paper("orm"));
    writing.commit().await?;
    let plain = Paper::query().filter(Paper::title.eq("orm")).one(&*db).await?;
    assert!(plain.body.loaded().is_err_and(|error| error.is_not_loaded()));
    assert_eq!(plain.size, Size { width: 2, height: 3 });
    let full = Paper::query().with(Paper::body).one(&*db).await?;
    assert_eq!(full.body.loaded()?, "all about orm");
    let bodies = Paper::query().filter(Paper::size.column(Size::height).eq(3)).select(Paper::body).all(&*db).await?;
    assert_eq!(bodies[0].loaded()?, "all about orm");
    Ok(())
}

async fn a_deferred_column_is_added_to_what_is_in_memory(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(paper("orm"));
    writing.commit().await?;
    let session = db.session();
    let paper = Paper::query().one(&session).await?;
    assert!(!paper.body.is_loaded());
    paper.set(Paper::title, "mine");
    session.no_autoflush(async || Paper::query().with(Paper::body).one(&session).await).await?;
    assert_eq!((paper.body.loaded()?.as_str(), paper.title.as_str()), ("all about orm", "mine"));
    session.commit().await?;
    let stored = Paper::query().with(Paper::body).one(&*db).await?;
    assert_eq!((stored.title.as_str(), stored.body.loaded()?.as_str()), ("mine", "all about orm"));
    Ok(())
}

async fn a_deferred_column_can_be_changed_without_being_read(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(paper("orm"));
    writing.commit().await?;
    let session = db.session();
    let paper = Paper::query().one(&session).await?;
    paper.set(Paper::body, "new");
    session.commit().await?;
    let other = db.session();
    let stored = Paper::query().with(Paper::body).one(&other).await?;
    assert_eq!(stored.body.loaded()?, "new");
    stored.set(Paper::title, "title");
    other.commit().await?;
    let plain = Paper::query().one(&session).await?;
    assert_eq!((plain.title.as_str(), plain.body.loaded()?.as_str()), ("title", "new"));
    Ok(())
}
