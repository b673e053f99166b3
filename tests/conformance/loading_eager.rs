//! Relationships that are loaded with their query: select-in, joined, subquery, immediate, and those that must not load.
use crate::{
    fixtures::{shop_with, tree_with, users},
    harness::{TestDb, on_every_database, statements},
    models::*,
};
use orm::{Result, prelude::*, schema::Schema};

on_every_database! {
    shop:
    select_in_takes_one_statement_for_each_relationship,
    select_in_asks_for_each_parent_once,
    select_in_asks_nothing_for_what_is_in_memory,
    select_in_of_nothing_is_no_statement,
    many_keys_are_asked_for_in_pieces,
    a_joined_parent_takes_no_statement_of_its_own,
    a_joined_collection_gives_each_owner_once,
    a_limit_counts_owners_also_where_a_collection_is_joined,
    two_joined_collections_do_not_multiply_rows,
    joined_loads_nest,
    a_collection_joined_below_a_collection_holds_each_member_once,
    an_inner_join_leaves_out_owners_without_target,
    a_joined_many_to_many_is_loaded,
    a_subquery_repeats_the_query_with_its_limit,
    a_subquery_below_a_subquery_is_loaded,
    immediate_loads_with_the_query,
    raise_names_the_relationship_and_the_way_out,
    noload_is_empty_and_asks_nothing,
    three_levels_take_a_statement_each,
    siblings_below_one_relationship_are_both_loaded,
    every_strategy_keeps_the_order_of_the_relationship,
    a_row_on_two_paths_is_one_entity,
    empty_results_are_remembered_by_every_strategy,
    counts_and_existence_do_not_load,
    eager_loading_keeps_pending_pushes,
    options_below_a_lazy_relationship_wait_for_it,
    a_loaded_relationship_loads_what_is_below_it,
    filters_on_a_relationship_do_not_shrink_what_is_joined,
}

on_every_database! {
    graph:
    a_tree_is_loaded_to_a_depth,
    parents_of_a_tree_are_loaded_to_a_depth,
}

on_every_database! {
    keys:
    composite_keys_are_loaded_by_every_strategy,
}

on_every_database! {
    library:
    attributes_load_with_every_query,
    attributes_stop_at_the_way_back,
    a_query_overrules_an_attribute,
    an_attribute_may_raise,
}

/// Models whose attributes say how they load.
fn library() -> Schema {
    orm::schema![Shelf, Book, Chapter, Review]
}

#[derive(Model, Clone, Debug)]
#[orm(table = "shelves")]
struct Shelf {
    #[orm(primary_key)]
    id: i64,
    name: String,
    #[orm(back_populates = shelf, load = "selectin", order_by = Book::title)]
    books: HasMany<Book>,
}

#[derive(Model, Clone, Debug)]
struct Book {
    #[orm(primary_key)]
    id: i64,
    title: String,
    shelf_id: i64,
    #[orm(back_populates = books, load = "joined")]
    shelf: BelongsTo<Shelf>,
    #[orm(back_populates = book, load = "subquery")]
    chapters: HasMany<Chapter>,
    #[orm(back_populates = book, load = "raise")]
    reviews: HasMany<Review>,
}

#[derive(Model, Clone, Debug)]
struct Chapter {
    #[orm(primary_key)]
    id: i64,
    book_id: i64,
    #[orm(back_populates = chapters, load = "joined")]
    book: BelongsTo<Book>,
}

#[derive(Model, Clone, Debug)]
struct Review {
    #[orm(primary_key)]
    id: i64,
    stars: i32,
    book_id: i64,
    #[orm(back_populates = reviews)]
    book: BelongsTo<Book>,
}

async fn shelf_with_books(db: &Db) -> Result<()> {
    let session = db.session();
    let shelf = session.add(Shelf::builder().name("novels"));
    for title in ["b", "a"] {
        let book = session.add(Book::builder().title(title).shelf(shelf));
        session.add(Chapter::builder().book(book));
        session.add(Review::builder().book(book).stars(5));
    }
    session.commit().await
}

async fn select_in_takes_one_statement_for_each_relationship(db: TestDb) -> Result<()> {
    shop_with(&db, 3, 2).await?;
    let session = db.session();
    let users = users().with(User::orders.selectin()).with(User::profile.selectin()).all(&session).await?;
    assert_eq!(session.statement_count(), 3);
    for user in users {
        assert_eq!((user.orders().loaded()?.len(), user.profile().loaded()?), (2, None));
    }
    Ok(())
}

async fn select_in_asks_for_each_parent_once(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 3).await?;
    let session = db.session();
    let orders = Order::query().with(Order::user.selectin()).all(&session).await?;
    assert_eq!((orders.len(), session.statement_count()), (6, 2));
    for order in &orders {
        assert_eq!(order.user().loaded()?.id, order.user_id);
    }
    Ok(())
}

async fn select_in_asks_nothing_for_what_is_in_memory(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 3).await?;
    let session = db.session();
    let all = users().all(&session).await?;
    let (orders, sent) = statements!(session, Order::query().with(Order::user.selectin()).all(&session).await?);
    assert_eq!(sent, 1);
    assert!(orders.iter().all(|order| order.user().loaded().is_ok_and(|user| all.contains(&user))));
    users().with(User::orders.selectin()).all(&session).await?;
    let (_, sent) = statements!(session, users().with(User::orders.selectin()).all(&session).await?);
    assert_eq!(sent, 1, "loaded in this transaction already");
    Ok(())
}

async fn select_in_of_nothing_is_no_statement(db: TestDb) -> Result<()> {
    let session = db.session();
    let load = User::orders.selectin().with(Order::items.selectin());
    assert!(users().with(load).all(&session).await?.is_empty());
    assert_eq!(session.statement_count(), 1);
    Ok(())
}

async fn many_keys_are_asked_for_in_pieces(db: TestDb) -> Result<()> {
    shop_with(&db, 1_100, 1).await?;
    let session = db.session();
    let users = users().with(User::orders.selectin().with(Order::items.selectin())).all(&session).await?;
    assert_eq!(session.statement_count(), 5);
    for user in users {
        let orders = user.orders().loaded()?;
        assert_eq!((orders.len(), orders.first().map(|order| order.user_id)), (1, Some(user.id)));
        assert_eq!(orders.first().map(|order| order.items().loaded().map(|items| items.len())).transpose()?, Some(2));
    }
    Ok(())
}

async fn a_joined_parent_takes_no_statement_of_its_own(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 2).await?;
    let session = db.session();
    let orders = Order::query().with(Order::user.joined()).all(&session).await?;
    assert_eq!((orders.len(), session.statement_count()), (4, 1));
    for order in &orders {
        assert_eq!(order.user().loaded()?.id, order.user_id);
    }
    assert_eq!(orders[0].user().loaded()?, orders[1].user().loaded()?);
    Ok(())
}

async fn a_joined_collection_gives_each_owner_once(db: TestDb) -> Result<()> {
    shop_with(&db, 3, 4).await?;
    let writing = db.session();
    writing.add(User::builder().email("alone"));
    writing.commit().await?;
    let session = db.session();
    let users = users().with(User::orders.joined()).all(&session).await?;
    let lengths = users.iter().map(|user| Ok(user.orders().loaded()?.len())).collect::<Result<Vec<_>>>()?;
    assert_eq!((lengths, session.statement_count()), (vec![4, 4, 4, 0], 1));
    Ok(())
}

async fn a_limit_counts_owners_also_where_a_collection_is_joined(db: TestDb) -> Result<()> {
    shop_with(&db, 5, 3).await?;
    let session = db.session();
    let page = users().with(User::orders.joined()).limit(2).offset(1).all(&session).await?;
    let found: Vec<&str> = page.iter().map(|user| user.value().email.as_str()).collect();
    assert_eq!((found, session.statement_count()), (vec!["u1", "u2"], 1));
    assert!(page.iter().all(|user| user.orders().loaded().is_ok_and(|orders| orders.len() == 3)));
    let one = users().with(User::orders.joined()).first(&session).await?.expect("there are users");
    assert_eq!(one.orders().loaded()?.len(), 3);
    Ok(())
}

async fn two_joined_collections_do_not_multiply_rows(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 3).await?;
    let session = db.session();
    let user = users().one(&session).await?;
    for name in ["a", "b"] {
        user.roles().push(Role::builder().name(name))?;
    }
    session.commit().await?;
    let reading = db.session();
    let user = users().with(User::orders.joined()).with(User::roles.joined()).one(&reading).await?;
    assert_eq!((user.orders().loaded()?.len(), user.roles().loaded()?.len()), (3, 2));
    assert_eq!(reading.statement_count(), 2, "the second collection is a statement of its own");
    Ok(())
}

async fn joined_loads_nest(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 2).await?;
    let session = db.session();
    let load = OrderItem::order.joined().with(Order::user.joined());
    let items = OrderItem::query().with(load).with(OrderItem::product.joined()).all(&session).await?;
    assert_eq!((items.len(), session.statement_count()), (8, 1));
    for item in items {
        assert!(item.order().loaded()?.user().loaded()?.email.starts_with('u'));
        assert_eq!(item.product().loaded()?.id, item.product_id);
    }
    Ok(())
}

async fn a_collection_joined_below_a_collection_holds_each_member_once(db: TestDb) -> Result<()> {
    shop_with(&db, 3, 3).await?;
    let session = db.session();
    let users = User::query().with(User::orders.joined().with(Order::items.joined())).all(&session).await?;
    assert_eq!((users.len(), session.statement_count()), (3, 1));
    for user in users {
        let orders = user.orders().loaded()?;
        assert_eq!(orders.len(), 3);
        for order in orders {
            assert_eq!(order.items().loaded()?.len(), 2);
        }
    }
    // The same below a select-in, ordered so that the rows of two orders may come mixed.
    let other = db.session();
    let load = User::orders.selectin().order_by(Order::status.asc()).with(Order::items.joined());
    for user in User::query().with(load).all(&other).await? {
        assert_eq!(user.orders().loaded()?.len(), 3);
    }
    Ok(())
}

async fn an_inner_join_leaves_out_owners_without_target(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(User::builder().email("a").profile(UserProfile::builder().bio("x")));
    writing.add(User::builder().email("b"));
    writing.commit().await?;
    let session = db.session();
    let found = users().with(User::profile.inner_joined()).all(&session).await?;
    assert_eq!(found.iter().map(|user| user.value().email.as_str()).collect::<Vec<_>>(), ["a"]);
    assert_eq!(session.statement_count(), 1);
    // Below an outer join it is an outer join too, so that no owner is lost.
    let load = UserProfile::user.joined().with(User::orders.inner_joined());
    assert_eq!(UserProfile::query().with(load).all(&session).await?.len(), 1);
    Ok(())
}

async fn a_joined_many_to_many_is_loaded(db: TestDb) -> Result<()> {
    let writing = db.session();
    let admin = writing.add(Role::builder().name("admin"));
    for email in ["a", "b"] {
        writing.add(User::builder().email(email)).roles().push(admin)?;
    }
    writing.add(User::builder().email("c"));
    writing.commit().await?;
    for load in [User::roles.joined(), User::roles.selectin(), User::roles.subquery(), User::roles.immediate()] {
        let session = db.session();
        let users = users().with(load).all(&session).await?;
        let counts = users.iter().map(|user| Ok(user.roles().loaded()?.len())).collect::<Result<Vec<_>>>()?;
        assert_eq!(counts, [1, 1, 0]);
        assert_eq!(users[0].roles().loaded()?.first(), users[1].roles().loaded()?.first());
    }
    Ok(())
}

async fn a_subquery_repeats_the_query_with_its_limit(db: TestDb) -> Result<()> {
    shop_with(&db, 4, 2).await?;
    let session = db.session();
    let query = users().filter(User::email.ne("u0")).limit(2).with(User::orders.subquery());
    let users = query.all(&session).await?;
    assert_eq!((users.len(), session.statement_count()), (2, 2));
    for user in &users {
        assert_eq!(user.orders().loaded()?.len(), 2);
    }
    let other = db.session();
    let orders = Order::query().with(Order::user.subquery()).all(&other).await?;
    assert_eq!((orders.len(), other.statement_count()), (8, 2));
    assert!(orders.iter().all(|order| order.user().is_loaded()));
    Ok(())
}

async fn a_subquery_below_a_subquery_is_loaded(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 2).await?;
    let session = db.session();
    let load = User::orders.subquery().with(Order::items.subquery().with(OrderItem::product.subquery()));
    let users = users().limit(1).with(load).all(&session).await?;
    assert_eq!(session.statement_count(), 4);
    for order in users[0].orders().loaded()? {
        for item in order.items().loaded()? {
            assert_eq!(item.product().loaded()?.id, item.product_id);
        }
    }
    Ok(())
}

async fn immediate_loads_with_the_query(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 1).await?;
    let session = db.session();
    let users = users().with(User::orders.immediate()).all(&session).await?;
    assert!(users.iter().all(|user| user.orders().is_loaded()));
    assert_eq!(session.statement_count(), 2);
    Ok(())
}

async fn raise_names_the_relationship_and_the_way_out(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let session = db.session();
    let user = users().with(User::orders.raise()).with(User::profile.raise()).one(&session).await?;
    let error = user.orders().await.expect_err("it must not load");
    assert!(error.is_not_loaded() && error.to_string().contains("User::orders"), "{error}");
    assert!(error.to_string().contains(".with("), "{error}");
    assert!(user.profile().await.is_err_and(|error| error.is_not_loaded()));
    assert_eq!(session.statement_count(), 1);
    Ok(())
}

async fn noload_is_empty_and_asks_nothing(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let session = db.session();
    let user = users().with((User::orders.noload(), User::profile.noload())).one(&session).await?;
    assert!(user.orders().await?.is_empty() && user.profile().await?.is_none());
    assert_eq!(session.statement_count(), 1);
    // Reached another way, it is loaded as ever.
    let other = session.get_one::<User>(user.id).await?;
    assert_eq!(other.orders().await?.len(), 1);
    Ok(())
}

async fn three_levels_take_a_statement_each(db: TestDb) -> Result<()> {
    shop_with(&db, 3, 2).await?;
    let session = db.session();
    let items = Order::items.selectin().with(OrderItem::product.selectin());
    let users = users().with(User::orders.selectin().with(items)).all(&session).await?;
    assert_eq!(session.statement_count(), 4);
    for user in users {
        for order in user.orders().loaded()? {
            for item in order.items().loaded()? {
                assert!(!item.product().loaded()?.name.is_empty());
            }
        }
    }
    Ok(())
}

async fn siblings_below_one_relationship_are_both_loaded(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 1).await?;
    let session = db.session();
    let users = users()
        .with(User::orders.selectin().with(Order::items))
        .with(User::orders.with(Order::user))
        .with(User::roles)
        .all(&session)
        .await?;
    // Users, orders with the users that are there already, items, roles.
    assert_eq!(session.statement_count(), 4);
    for user in users {
        let order = user.orders().loaded()?.first().expect("one was added");
        assert_eq!((order.items().loaded()?.len(), order.user().loaded()?), (2, user));
        assert!(user.roles().is_loaded());
    }
    Ok(())
}

async fn every_strategy_keeps_the_order_of_the_relationship(db: TestDb) -> Result<()> {
    let writing = db.session();
    let shelf = [Order::items.selectin(), Order::items.joined(), Order::items.subquery(), Order::items.lazy()];
    let product = writing.add(Product::builder().name("p"));
    let user = writing.add(User::builder().email("a"));
    let order = writing.add(Order::builder().user(user));
    writing.flush().await?;
    for id in [5, 2, 9] {
        writing.add(OrderItem::builder().id(id).order(order).product(product));
    }
    writing.commit().await?;
    for load in shelf {
        let session = db.session();
        let order = Order::query().with(load).one(&session).await?;
        let ids: Vec<i64> = order.items().await?.iter().map(|item| item.id).collect();
        assert_eq!(ids, [2, 5, 9]);
    }
    let session = db.session();
    let load = Order::items.selectin().order_by(OrderItem::id.desc());
    let order = Order::query().with(load).one(&session).await?;
    assert_eq!(order.items().loaded()?.first().map(|item| item.id), Some(9));
    Ok(())
}

async fn a_row_on_two_paths_is_one_entity(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 2).await?;
    let session = db.session();
    let load = Order::user.joined().with(User::orders.selectin().with(Order::user.joined()));
    let orders = Order::query().order_by(Order::id.asc()).with(load).all(&session).await?;
    for order in &orders {
        let again = order.user().loaded()?.orders().loaded()?;
        assert!(again.contains(*order));
        assert!(again.iter().all(|order| orders.contains(&order)));
    }
    Ok(())
}

async fn empty_results_are_remembered_by_every_strategy(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 0).await?;
    for load in [User::orders.selectin(), User::orders.joined(), User::orders.subquery(), User::orders.immediate()] {
        let session = db.session();
        let users = users().with(load).with(User::profile.joined()).all(&session).await?;
        let sent = session.statement_count();
        for user in users {
            assert!(user.orders().await?.is_empty() && user.profile().await?.is_none());
        }
        assert_eq!(session.statement_count(), sent);
    }
    Ok(())
}

async fn counts_and_existence_do_not_load(db: TestDb) -> Result<()> {
    shop_with(&db, 3, 2).await?;
    let session = db.session();
    let query = users().with(User::orders.joined());
    assert_eq!((query.clone().count(&session).await?, query.exists(&session).await?), (3, true));
    assert_eq!(session.statement_count(), 2);
    Ok(())
}

async fn eager_loading_keeps_pending_pushes(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 2).await?;
    for load in [User::orders.selectin(), User::orders.joined()] {
        let session = db.session();
        let user = users().one(&session).await?;
        let pushed = user.orders().push(Order::builder())?;
        session.no_autoflush(async || users().with(load).all(&session).await).await?;
        assert_eq!(user.orders().loaded()?.len(), 3);
        assert_eq!(user.orders().loaded()?.last(), Some(pushed));
        session.rollback().await?;
    }
    Ok(())
}

async fn options_below_a_lazy_relationship_wait_for_it(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 2).await?;
    let session = db.session();
    let user = users().with(User::orders.lazy().with(Order::items.selectin())).one(&session).await?;
    assert_eq!(session.statement_count(), 1);
    let (orders, sent) = statements!(session, user.orders().await?);
    assert_eq!(sent, 2);
    assert!(orders.iter().all(|order| order.items().is_loaded()));
    Ok(())
}

async fn a_loaded_relationship_loads_what_is_below_it(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 2).await?;
    let session = db.session();
    let all = users().with(User::orders).all(&session).await?;
    let load = User::orders.selectin().with(Order::items.selectin());
    let (_, sent) = statements!(session, users().with(load).all(&session).await?);
    assert_eq!(sent, 2, "users and items; the orders are there");
    assert!(all.iter().flat_map(|user| user.orders().loaded()).flatten().all(|order| order.items().is_loaded()));
    Ok(())
}

async fn filters_on_a_relationship_do_not_shrink_what_is_joined(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 2).await?;
    let session = db.session();
    let order = Order::query().order_by(Order::id.asc()).first(&session).await?.expect("there are orders");
    let with_that = User::orders.any(Order::id.eq(order.id));
    let reading = db.session();
    let user = User::query().filter(with_that).with(User::orders.joined()).one(&reading).await?;
    assert_eq!(user.orders().loaded()?.len(), 2);
    Ok(())
}

async fn a_tree_is_loaded_to_a_depth(db: TestDb) -> Result<()> {
    tree_with(&db, 2).await?;
    let session = db.session();
    let roots = Category::query().filter(Category::parent_id.is_null());
    let root = roots.clone().with(Category::children.selectin().recursive(2)).one(&session).await?;
    assert_eq!(session.statement_count(), 3);
    for child in root.children().loaded()? {
        for leaf in child.children().loaded()? {
            assert!(!leaf.children().is_loaded());
        }
    }
    let other = db.session();
    let root = roots.with(Category::children.selectin().recursive(9)).one(&other).await?;
    assert_eq!(other.statement_count(), 4, "it ends at the leaves");
    let child = root.children().loaded()?.first().expect("there are two");
    assert!(child.children().loaded()?.iter().all(|leaf| leaf.children().loaded().is_ok_and(|none| none.is_empty())));
    Ok(())
}

async fn parents_of_a_tree_are_loaded_to_a_depth(db: TestDb) -> Result<()> {
    tree_with(&db, 2).await?;
    let session = db.session();
    let leaf = Category::query().filter(Category::name.eq("1.1"));
    let leaf = leaf.with(Category::parent.selectin().recursive(3)).one(&session).await?;
    let child = leaf.parent().loaded()?.expect("it has a parent");
    let root = child.parent().loaded()?.expect("it has a parent");
    assert_eq!((root.name.as_str(), root.parent().loaded()?), ("root", None));
    assert_eq!(session.statement_count(), 3);
    Ok(())
}

async fn composite_keys_are_loaded_by_every_strategy(db: TestDb) -> Result<()> {
    let writing = db.session();
    for number in 1..=3 {
        let region = writing.add(Region::builder().area("north").number(number).name("n"));
        for _ in 1..number {
            region.sites().push(Site::builder())?;
        }
    }
    writing.add(Site::builder());
    writing.commit().await?;
    let loads = [
        (Region::sites.selectin(), Site::region.selectin()),
        (Region::sites.joined(), Site::region.joined()),
        (Region::sites.subquery(), Site::region.subquery()),
    ];
    for (down, up) in loads {
        let session = db.session();
        let regions = Region::query().order_by(Region::number.asc()).with(down).all(&session).await?;
        let counts = regions.iter().map(|region| Ok(region.sites().loaded()?.len())).collect::<Result<Vec<_>>>()?;
        assert_eq!(counts, [0, 1, 2]);
        let other = db.session();
        let sites = Site::query().with(up).all(&other).await?;
        for site in sites {
            assert_eq!(site.region().loaded()?.map(|region| region.number), site.number);
        }
    }
    Ok(())
}

async fn attributes_load_with_every_query(db: TestDb) -> Result<()> {
    shelf_with_books(&db).await?;
    let session = db.session();
    let shelf = Shelf::query().one(&session).await?;
    assert_eq!(session.statement_count(), 3, "the shelf, its books, their chapters");
    let books = shelf.books().loaded()?;
    assert_eq!(books.iter().map(|book| book.value().title.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert!(books.iter().all(|book| book.chapters().is_loaded() && !book.reviews().is_loaded()));
    let other = db.session();
    let shelf = other.get_one::<Shelf>(shelf.id).await?;
    assert!(shelf.books().is_loaded());
    Ok(())
}

async fn attributes_stop_at_the_way_back(db: TestDb) -> Result<()> {
    shelf_with_books(&db).await?;
    let session = db.session();
    let book = Book::query().filter(Book::title.eq("a")).one(&session).await?;
    // Its shelf is joined, its chapters are a statement; neither loads books again.
    assert_eq!(session.statement_count(), 2);
    assert!(book.shelf().is_loaded() && !book.shelf().loaded()?.books().is_loaded());
    Ok(())
}

async fn a_query_overrules_an_attribute(db: TestDb) -> Result<()> {
    shelf_with_books(&db).await?;
    let session = db.session();
    let shelf = Shelf::query().with(Shelf::books.lazy()).one(&session).await?;
    assert_eq!((session.statement_count(), shelf.books().is_loaded()), (1, false));
    let other = db.session();
    let books = Book::query().with(Book::reviews).all(&other).await?;
    for book in books {
        assert_eq!(book.reviews().await?.len(), 1, "what a query names by itself is loaded");
    }
    Ok(())
}

async fn an_attribute_may_raise(db: TestDb) -> Result<()> {
    shelf_with_books(&db).await?;
    let session = db.session();
    let book = Book::query().first(&session).await?.expect("two were added");
    let error = book.reviews().await.expect_err("it is declared as raise");
    assert!(error.to_string().contains("Book::reviews"), "{error}");
    Ok(())
}
