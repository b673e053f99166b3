//! Merging what a value holds inside: collections, targets, links, and what was not loaded.
use crate::{fixtures::shop_with, models::*};
use orm::{EntityState, Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    shop:
    a_loaded_collection_replaces_the_content,
    what_is_not_loaded_stays_as_it_is,
    a_partial_collection_takes_nothing_out,
    a_part_stays_a_part_through_a_copy,
    members_that_cannot_be_alone_are_named,
    a_member_moves_between_two_merged_owners,
    each_level_is_loaded_at_once,
    a_one_to_one_is_replaced_and_taken_away,
    links_are_replaced,
    links_of_a_partial_load_are_added,
    copies_of_one_row_are_one_entity,
    the_key_counts_where_it_is_news,
    entities_may_stand_in_a_merged_builder,
}

on_every_database! {
    blog:
    members_that_may_be_alone_lose_their_key,
    a_target_to_one_is_merged_with_its_owner,
    a_bare_link_table_is_replaced,
}

fn order(id: i64, user_id: i64, items: impl Into<HasMany<OrderItem>>) -> Order {
    Order { id, items: items.into(), ..Order::builder().user_id(user_id).status("x2").build() }
}

fn item(id: i64, product_id: i64) -> OrderItem {
    OrderItem { id, order_id: 0, ..OrderItem::builder().order_id(0).product_id(product_id).build() }
}

async fn a_loaded_collection_replaces_the_content(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let session = db.session();
    let copy = order(1, 1, vec![item(1, 1), item(0, 2)]);
    let (merged, sent) = statements!(session, session.merge(copy.clone()).await?);
    assert_eq!((sent, session.state(merged)), (2, EntityState::Persistent), "the order and its items are read");
    let plan = session.plan()?;
    insta::allow_duplicates! {
        insta::assert_snapshot!(plan, @r"
        update orders ×1 (status) [1]
        insert order_items ×1
        delete order_items ×1 [2]
        ");
    }
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!((sent, copy.items.get()?.len(), copy.items.get()?[1].id), (3, 2, 0), "the copy stays as it was given");
    let stored: Vec<(i64, i64)> =
        OrderItem::query().order_by(OrderItem::id).select((OrderItem::id, OrderItem::product_id)).all(&*db).await?;
    assert_eq!(stored, [(1, 1), (3, 2)]);
    assert_eq!(Order::query().one(&*db).await?.status, "x2");
    Ok(())
}

async fn what_is_not_loaded_stays_as_it_is(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let session = db.session();
    let (merged, sent) = statements!(session, session.merge(order(1, 1, HasMany::default())).await?);
    assert_eq!((sent, merged.items().is_loaded()), (1, false));
    session.commit().await?;
    assert_eq!(OrderItem::query().count(&*db).await?, 2);
    session.merge(order(1, 1, Vec::new())).await?;
    session.commit().await?;
    assert_eq!(OrderItem::query().count(&*db).await?, 0, "an empty list was loaded and found empty");
    Ok(())
}

async fn a_partial_collection_takes_nothing_out(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let load = Order::items.filter(OrderItem::quantity.eq(2));
    let mut value = Order::query().with(load).one(&*db).await?;
    let mut items: Vec<OrderItem> = value.items.get()?.to_vec();
    assert!(value.items.is_partial() && items.len() == 1);
    items[0].quantity = 5;
    let session = db.session();
    value.items = HasMany::partial(items);
    session.merge(value).await?;
    session.commit().await?;
    let quantities: Vec<(i32,)> =
        OrderItem::query().order_by(OrderItem::id).select((OrderItem::quantity,)).all(&*db).await?;
    assert_eq!(quantities, [(1,), (5,)]);
    Ok(())
}

async fn a_part_stays_a_part_through_a_copy(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let reading = db.session();
    let order = Order::query().with(Order::items.filter(OrderItem::quantity.eq(2))).one(&reading).await?;
    let copy = order.to_value();
    assert!(copy.items.is_partial() && copy.items.get()?.len() == 1);
    let session = db.session();
    let (merged, sent) = statements!(session, session.merge(copy).await?);
    assert_eq!((sent, merged.items().is_loaded()), (2, false), "the order and the item, not the collection");
    session.commit().await?;
    assert_eq!(OrderItem::query().count(&*db).await?, 2);
    Ok(())
}

async fn members_that_cannot_be_alone_are_named(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 2).await?;
    let session = db.session();
    let user = User::builder().id(1).email("new").build();
    let error = session.merge(User { orders: vec![].into(), ..user.clone() }).await.expect_err("they have no owner");
    let message = error.to_string();
    assert!(message.contains("User::orders of User#1") && message.contains("Order#1, Order#2"), "{message}");
    assert_eq!(session.get_one::<User>(1).await?.email, "u0", "a merge that fails has changed nothing");
    assert!(!session.has_changes());
    session.merge(user).await?;
    session.commit().await
}

async fn a_member_moves_between_two_merged_owners(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 1).await?;
    let session = db.session();
    let user = |id, orders: Vec<Order>| User {
        orders: orders.into(),
        ..User::builder().id(id).email(format!("u{}", id - 1)).build()
    };
    let kept = |id| order(id, 0, HasMany::default());
    let merged = session.merge_all([user(1, vec![]), user(2, vec![kept(1), kept(2)])]).await?;
    assert_eq!(merged[0].orders().loaded()?.len(), 0);
    session.commit().await?;
    let owners: Vec<(i64,)> = Order::query().select((Order::user_id,)).all(&*db).await?;
    assert_eq!(owners, [(2,), (2,)]);
    Ok(())
}

async fn each_level_is_loaded_at_once(db: TestDb) -> Result<()> {
    shop_with(&db, 3, 4).await?;
    let query = User::query().with(User::orders.with(Order::items.with(OrderItem::product.selectin())));
    let mut values = query.all(&*db).await?;
    for user in &mut values {
        user.credit += 1;
    }
    let session = db.session();
    let (merged, sent) = statements!(session, session.merge_all(values).await?);
    assert_eq!((sent, merged.len()), (4, 3), "users, orders, items, products");
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!(sent, 1);
    Ok(())
}

async fn a_one_to_one_is_replaced_and_taken_away(db: TestDb) -> Result<()> {
    let profile = |bio: &str| UserProfile { user_id: 0, ..UserProfile::builder().user_id(0).bio(bio).build() };
    let user = |profile: HasOne<UserProfile>| User { id: 1, profile, ..User::builder().email("a").build() };
    let session = db.session();
    session.merge(user(profile("first").into())).await?;
    session.commit().await?;
    let other = db.session();
    let merged = other.merge(user(profile("second").into())).await?;
    other.commit().await?;
    let stored: Vec<(String,)> = UserProfile::query().select((UserProfile::bio,)).all(&*db).await?;
    assert_eq!((stored, merged.profile().loaded()?.map(|p| p.user_id)), (vec![("second".into(),)], Some(1)));
    other.merge(user(HasOne::default())).await?;
    other.commit().await?;
    assert_eq!(UserProfile::query().count(&*db).await?, 1);
    other.merge(user(None.into())).await?;
    other.commit().await?;
    assert_eq!(UserProfile::query().count(&*db).await?, 0);
    Ok(())
}

async fn user_with_roles(db: &Db) -> Result<()> {
    let session = db.session();
    session.add(User::builder().email("a").roles([Role::builder().name("r1"), Role::builder().name("r2")]));
    session.commit().await
}

fn role(id: i64, name: &str) -> Role {
    Role { id, ..Role::builder().name(name).build() }
}

async fn roles_of(db: &Db) -> Result<Vec<String>> {
    let user = User::query().with(User::roles.selectin().order_by(Role::name)).one(db).await?;
    Ok(user.roles.get()?.iter().map(|role| role.name.clone()).collect())
}

async fn links_are_replaced(db: TestDb) -> Result<()> {
    user_with_roles(&db).await?;
    let session = db.session();
    let roles = vec![role(2, "r2 renamed"), role(0, "r3")];
    let (merged, sent) = statements!(
        session,
        session.merge(User { id: 1, roles: roles.into(), ..User::builder().email("a").build() }).await?
    );
    assert_eq!((sent, merged.roles().loaded()?.len()), (2, 2));
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!(sent, 4, "unlink, update, insert, link");
    assert_eq!(roles_of(&db).await?, ["r2 renamed", "r3"]);
    assert_eq!(Role::query().count(&*db).await?, 3);
    Ok(())
}

async fn links_of_a_partial_load_are_added(db: TestDb) -> Result<()> {
    user_with_roles(&db).await?;
    let session = db.session();
    let mut value = User::query().with(User::roles.filter(Role::name.eq("r1"))).one(&*db).await?;
    value.roles = ManyToMany::partial(vec![role(1, "r1"), role(0, "r3")]);
    session.merge(value).await?;
    session.commit().await?;
    assert_eq!(roles_of(&db).await?, ["r1", "r2", "r3"]);
    Ok(())
}

async fn copies_of_one_row_are_one_entity(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 2).await?;
    let mut orders = Order::query().with(Order::user).order_by(Order::id).all(&*db).await?;
    let mut owner = orders[1].user.get()?.cloned().expect("it was loaded");
    owner.credit = 77;
    orders[1].user = owner.into();
    let session = db.session();
    let merged = session.merge_all(orders).await?;
    let users = [merged[0].user().loaded()?, merged[1].user().loaded()?];
    assert_eq!((users[0], users[0].credit), (users[1], 77));
    session.commit().await?;
    assert_eq!(User::query().one(&*db).await?.credit, 77);
    Ok(())
}

async fn the_key_counts_where_it_is_news(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 1).await?;
    let query = || Order::query().with(Order::user).filter(Order::id.eq(1));
    let mut value = query().one(&*db).await?;
    value.user_id = 2;
    let session = db.session();
    let merged = session.merge(value).await?;
    assert_eq!((merged.user_id, merged.user().await?.email.as_str()), (2, "u1"));
    session.commit().await?;
    let mut value = query().one(&*db).await?;
    value.user = User { id: 1, ..User::builder().email("u0").build() }.into();
    let merged = session.merge(value).await?;
    assert_eq!((merged.user_id, merged.user().loaded()?.email.as_str()), (1, "u0"), "here the target is news");
    Ok(())
}

async fn entities_may_stand_in_a_merged_builder(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 1).await?;
    let (session, other) = (db.session(), db.session());
    let own = session.get_one::<Product>(1).await?;
    let strange = other.get_one::<User>(2).await?;
    let items = [OrderItem::builder().product(own)];
    let merged = session.merge(Order::builder().id(1).user(strange).items(items)).await?;
    session.commit().await?;
    assert_eq!((merged.user_id, merged.items().loaded()?.len()), (2, 1));
    assert_eq!(Order::query().filter(Order::user_id.eq(2)).count(&*db).await?, 2);
    let pending = other.add(User::builder().email("pending"));
    let error = session.merge(Order::builder().id(1).user(pending)).await.expect_err("it has no key");
    assert!(error.is_wrong_session(), "{error}");
    Ok(())
}

async fn members_that_may_be_alone_lose_their_key(db: TestDb) -> Result<()> {
    let session = db.session();
    session.add(Author::builder().name("a").posts([Post::builder().title("p1"), Post::builder().title("p2")]));
    session.commit().await?;
    let other = db.session();
    let kept = Post { id: 1, ..Post::builder().title("p1").build() };
    let author = Author { id: 1, posts: vec![kept].into(), ..Author::builder().name("a").build() };
    let merged = other.merge(author).await?;
    let (_, sent) = statements!(other, other.commit().await?);
    assert_eq!((sent, merged.posts().loaded()?.len()), (1, 1));
    let stored: Vec<(Option<i64>,)> = Post::query().order_by(Post::id).select((Post::author_id,)).all(&*db).await?;
    assert_eq!(stored, [(Some(1),), (None,)]);
    Ok(())
}

async fn a_target_to_one_is_merged_with_its_owner(db: TestDb) -> Result<()> {
    let session = db.session();
    let post = session.add(Post::builder().title("p").author(Author::builder().name("a")));
    session.commit().await?;
    let author = Author { id: 1, ..Author::builder().name("renamed").build() };
    let value = Post { author: author.into(), ..post.to_value() };
    let other = db.session();
    let (merged, sent) = statements!(other, other.merge(value.clone()).await?);
    assert_eq!((sent, merged.author().loaded()?.map(|a| a.name.clone())), (2, Some("renamed".into())));
    other.merge(Post { author: None.into(), ..value }).await?;
    other.commit().await?;
    let stored = Post::query().one(&*db).await?;
    assert_eq!((stored.author_id, Author::query().one(&*db).await?.name.as_str()), (None, "renamed"));
    let new = Author::builder().name("new").build();
    let merged = other.merge(Post { author: new.into(), ..stored }).await?;
    other.commit().await?;
    assert_eq!(merged.author_id, Some(2));
    Ok(())
}

async fn a_bare_link_table_is_replaced(db: TestDb) -> Result<()> {
    let session = db.session();
    session.add(Post::builder().title("p").tags([Tag::builder().name("t1"), Tag::builder().name("t2")]));
    session.commit().await?;
    let mut value = Post::query().with(Post::tags).one(&*db).await?;
    value.tags = value.tags.get()?.iter().filter(|tag| tag.name == "t2").cloned().collect::<Vec<_>>().into();
    let other = db.session();
    other.merge(value).await?;
    let (_, sent) = statements!(other, other.commit().await?);
    assert_eq!(sent, 1);
    assert_eq!(Post::query().with(Post::tags).one(&*db).await?.tags.get()?.len(), 1);
    Ok(())
}
