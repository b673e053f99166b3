//! What deletes and removals lead to.
use crate::models::*;
use orm::{EntityState, Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    shop:
    an_orphan_is_deleted_with_its_subtree,
    a_child_moved_to_a_new_parent_is_not_an_orphan,
    a_pending_orphan_is_not_written,
    a_delete_takes_the_subtree_along,
    a_parent_with_required_children_is_not_deleted_before_any_statement,
    a_replaced_one_to_one_is_deleted_before_the_new_one_comes,
    deleting_one_end_of_a_link_deletes_its_links_only,
    a_deleted_unique_value_can_be_taken_in_the_same_flush,
    a_changed_unique_value_can_be_taken_in_the_same_flush,
}

mod nulling {
    use super::*;

    on_every_database! {
        blog:
        children_of_a_deleted_parent_lose_their_key,
        a_delete_sees_children_that_were_added_meanwhile,
    }

    async fn children_of_a_deleted_parent_lose_their_key(db: TestDb) -> Result<()> {
        let writing = db.session();
        writing.add(Author::builder().name("A").posts([Post::builder().title("p1"), Post::builder().title("p2")]));
        writing.commit().await?;
        let session = db.session();
        let author = Author::query().one(&session).await?;
        let ((), sent) = statements!(session, session.delete(author));
        assert_eq!(sent, 0);
        session.commit().await?;
        assert_eq!(session.statement_count(), 1 + 4, "two SELECTs (posts, desk), one UPDATE, one DELETE");
        assert_eq!(Post::query().filter(Post::author_id.is_null()).count(&*db).await?, 2);
        Ok(())
    }

    async fn a_delete_sees_children_that_were_added_meanwhile(db: TestDb) -> Result<()> {
        let session = db.session();
        let author = session.add(Author::builder().name("A").posts([Post::builder().title("p1")]));
        session.commit().await?;
        let other = db.session();
        other.add(Post::builder().title("p2").author_id(author.id));
        other.commit().await?;
        session.delete(author);
        session.commit().await?;
        assert_eq!(Post::query().filter(Post::author_id.is_null()).count(&*db).await?, 2);
        Ok(())
    }
}

mod passive {
    use super::*;

    on_every_database! { records: passive_deletes_leave_what_not_in_memory_to_the_database }

    async fn passive_deletes_leave_what_not_in_memory_to_the_database(db: TestDb) -> Result<()> {
        let writing = db.session();
        for name in ["a", "b"] {
            writing.add(Folder::builder().name(name).files([File::builder().name("1"), File::builder().name("2")]));
        }
        writing.commit().await?;
        let session = db.session();
        let (first, second) = (session.get_one::<Folder>(1).await?, session.get_one::<Folder>(2).await?);
        session.delete(first);
        assert_eq!(statements!(session, session.flush().await?).1, 1);
        let files = second.files().await?;
        session.delete(second);
        assert_eq!(statements!(session, session.flush().await?).1, 2);
        session.commit().await?;
        assert!(files.iter().all(|file| session.state(file) == EntityState::Deleted));
        assert_eq!(File::query().count(&*db).await?, 0);
        Ok(())
    }
}

/// A user with two orders, the first with two items.
async fn a_shop(db: &TestDb) -> Result<()> {
    let session = db.session();
    let product = session.add(Product::builder().name("p"));
    let item = || OrderItem::builder().product(product);
    let orders = [Order::builder().items([item(), item()]), Order::builder()];
    session.add(User::builder().email("a").orders(orders).profile(UserProfile::builder().bio("b")));
    session.commit().await?;
    assert_eq!(session.statement_count(), 5, "one INSERT per table");
    Ok(())
}

async fn an_orphan_is_deleted_with_its_subtree(db: TestDb) -> Result<()> {
    a_shop(&db).await?;
    let session = db.session();
    let order = session.get_one::<Order>(1).await?;
    let items = order.items().await?;
    let item = items.first().expect("it has two");
    order.items().remove(item)?;
    assert_eq!(session.state(item), EntityState::Persistent);
    session.commit().await?;
    assert_eq!(session.state(item), EntityState::Deleted);
    assert_eq!(OrderItem::query().count(&*db).await?, 1);
    Ok(())
}

async fn a_child_moved_to_a_new_parent_is_not_an_orphan(db: TestDb) -> Result<()> {
    a_shop(&db).await?;
    let session = db.session();
    let (first, second) = (session.get_one::<Order>(1).await?, session.get_one::<Order>(2).await?);
    let items: Vec<_> = first.items().await?.iter().collect();
    first.items().remove(items[0])?;
    second.items().push(items[0])?;
    second.items().push(items[1])?;
    session.delete(first);
    session.commit().await?;
    assert_eq!(OrderItem::query().filter(OrderItem::order_id.eq(2)).count(&*db).await?, 2);
    first.user().loaded().expect_err("it is deleted");
    Ok(())
}

async fn a_pending_orphan_is_not_written(db: TestDb) -> Result<()> {
    a_shop(&db).await?;
    let session = db.session();
    let order = session.get_one::<Order>(2).await?;
    order.items().await?;
    let item = order.items().push(OrderItem::builder().product_id(1))?;
    order.items().remove(item)?;
    session.commit().await?;
    assert_eq!((session.state(item), OrderItem::query().count(&*db).await?), (EntityState::Transient, 2));
    Ok(())
}

async fn a_delete_takes_the_subtree_along(db: TestDb) -> Result<()> {
    a_shop(&db).await?;
    let session = db.session();
    session.delete(session.get_one::<Order>(1).await?);
    session.commit().await?;
    assert_eq!(session.statement_count(), 4, "two SELECTs and two DELETEs");
    assert_eq!((OrderItem::query().count(&*db).await?, Order::query().count(&*db).await?), (0, 1));
    Ok(())
}

async fn a_parent_with_required_children_is_not_deleted_before_any_statement(db: TestDb) -> Result<()> {
    a_shop(&db).await?;
    let session = db.session();
    let user = User::query().with((User::orders, User::profile)).one(&session).await?;
    let before = session.statement_count();
    session.delete(user);
    let error = session.commit().await.expect_err("orders.user_id would be null");
    assert!(error.is_foreign_key_violation(), "{error}");
    for name in ["User#1", "Order#1", "Order#2", "User::orders"] {
        assert!(error.to_string().contains(name), "{error}");
    }
    assert_eq!(session.statement_count(), before);
    session.rollback().await?;
    assert_eq!((session.state(user), user.orders().loaded()?.len()), (EntityState::Persistent, 2));
    Ok(())
}

async fn a_replaced_one_to_one_is_deleted_before_the_new_one_comes(db: TestDb) -> Result<()> {
    a_shop(&db).await?;
    let session = db.session();
    let user = User::query().with(User::profile).one(&session).await?;
    let old = user.profile().loaded()?.expect("it was given");
    let new = user.profile().set(UserProfile::builder().bio("new"))?.expect("it was set");
    session.commit().await?;
    assert_eq!([old, new].map(|profile| session.state(profile)), [EntityState::Deleted, EntityState::Persistent]);
    assert_eq!(UserProfile::query().one(&*db).await?.bio, "new");
    Ok(())
}

async fn deleting_one_end_of_a_link_deletes_its_links_only(db: TestDb) -> Result<()> {
    let writing = db.session();
    let role = writing.add(Role::builder().name("r"));
    writing.add(User::builder().email("a").roles([role]));
    writing.commit().await?;
    let session = db.session();
    session.delete(session.get_one::<Role>(role.id).await?);
    session.commit().await?;
    assert_eq!(session.statement_count(), 3);
    assert_eq!((UserRole::query().count(&*db).await?, User::query().count(&*db).await?), (0, 1));
    Ok(())
}

async fn a_deleted_unique_value_can_be_taken_in_the_same_flush(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a"));
    let other = session.add(User::builder().email("b"));
    session.commit().await?;
    session.delete(user);
    other.set(User::email, "a");
    session.add(User::builder().email("b"));
    session.commit().await?;
    assert_eq!(User::query().count(&*db).await?, 2);
    Ok(())
}

async fn a_changed_unique_value_can_be_taken_in_the_same_flush(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a"));
    session.commit().await?;
    user.set(User::email, "b");
    session.add(User::builder().email("a"));
    session.commit().await?;
    assert_eq!(User::query().count(&*db).await?, 2);
    Ok(())
}
