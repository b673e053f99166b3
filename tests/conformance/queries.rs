//! What a query finds: conditions, orders, pages, numbers, and writes of many rows.
use crate::{
    fixtures::{shop_with, users},
    harness::{Database, TestDb, on_every_database, statements},
    models::*,
};
use orm::{Result, prelude::*, schema::Schema};

on_every_database! {
    shop:
    comparisons_find_what_they_say,
    null_is_compared_as_null,
    not_in_and_not_follow_the_null_logic_of_sql,
    lists_may_be_empty_and_hold_null,
    hostile_texts_are_only_texts,
    patterns_take_their_wildcards_and_escaped_texts_do_not,
    case_matters_only_where_it_is_said,
    predicates_are_combined,
    columns_are_compared_with_columns,
    related_rows_are_asked_for,
    conditions_nest_over_several_relationships,
    a_path_reaches_columns_of_parents,
    orders_have_several_terms_and_say_where_nulls_go,
    limits_and_offsets_cut_rows,
    one_and_first_are_strict_about_numbers,
    a_page_tells_the_total,
    counts_respect_the_limit_and_ignore_options,
    existence_is_asked_without_rows,
    columns_are_selected_as_tuples,
    groups_are_counted_and_narrowed,
    aggregates_of_nothing_are_none,
    a_query_is_a_list_for_another,
    distinct_rows_of_columns_come_once,
    updates_of_many_rows_need_a_filter,
    many_rows_are_updated_by_an_expression,
    deletes_of_many_rows_need_a_filter,
    limited_and_related_rows_are_deleted,
    a_query_is_built_in_steps,
    autoflush_writes_what_the_query_reads_only,
    no_autoflush_reads_what_is_stored,
    a_value_out_of_range_names_its_column,
    a_lock_begins_the_transaction,
}

on_every_database! {
    blog:
    many_to_many_rows_are_asked_for_through_a_bare_table,
    children_that_may_be_alone_are_found,
}

on_every_database! {
    net:
    typed_edges_keep_to_their_kind,
    typed_edges_load_by_every_strategy,
}

on_every_database! {
    regional:
    read_only_tables_of_another_schema_are_read_and_joined,
}

fn emails(users: &[User]) -> Vec<&str> {
    users.iter().map(|user| user.email.as_str()).collect()
}

async fn found(db: &Db, condition: Predicate<User>) -> Result<Vec<String>> {
    let users = users().filter(condition).all(db).await?;
    Ok(users.into_iter().map(|user| user.email).collect())
}

/// Four users: credits 10, 20, 30, 40; the last two have no name.
async fn four(db: &Db) -> Result<()> {
    let session = db.session();
    for (email, name, credit) in [("a", Some("Ann"), 10), ("b", Some("Bob"), 20), ("c", None, 30), ("d", None, 40)] {
        session.add(User::builder().email(email).name(name.map(str::to_owned)).credit(credit));
    }
    session.commit().await
}

async fn comparisons_find_what_they_say(db: TestDb) -> Result<()> {
    four(&db).await?;
    assert_eq!(found(&db, User::credit.eq(20)).await?, ["b"]);
    assert_eq!(found(&db, User::credit.ne(20)).await?, ["a", "c", "d"]);
    assert_eq!(found(&db, User::credit.gt(30)).await?, ["d"]);
    assert_eq!(found(&db, User::credit.ge(30)).await?, ["c", "d"]);
    assert_eq!(found(&db, User::credit.lt(20)).await?, ["a"]);
    assert_eq!(found(&db, User::credit.le(20)).await?, ["a", "b"]);
    assert_eq!(found(&db, User::credit.between(20, 30)).await?, ["b", "c"]);
    assert_eq!(found(&db, User::email.is_in(["a", "d", "x"])).await?, ["a", "d"]);
    assert_eq!(found(&db, User::email.is_not_in(["a", "d"])).await?, ["b", "c"]);
    Ok(())
}

async fn null_is_compared_as_null(db: TestDb) -> Result<()> {
    four(&db).await?;
    assert_eq!(found(&db, User::name.is_null()).await?, ["c", "d"]);
    assert_eq!(found(&db, User::name.is_not_null()).await?, ["a", "b"]);
    assert_eq!(found(&db, User::name.eq(None::<String>)).await?, ["c", "d"]);
    assert_eq!(found(&db, User::name.ne(None::<String>)).await?, ["a", "b"]);
    assert_eq!(found(&db, User::name.eq("Ann")).await?, ["a"]);
    Ok(())
}

async fn not_in_and_not_follow_the_null_logic_of_sql(db: TestDb) -> Result<()> {
    four(&db).await?;
    // A comparison with null is neither true nor false.
    assert_eq!(found(&db, User::name.ne("Ann")).await?, ["b"]);
    assert_eq!(found(&db, User::name.eq("Ann").not()).await?, ["b"]);
    assert_eq!(found(&db, User::name.is_not_in(["Ann"])).await?, ["b"]);
    Ok(())
}

async fn lists_may_be_empty_and_hold_null(db: TestDb) -> Result<()> {
    four(&db).await?;
    assert!(found(&db, User::credit.is_in(Vec::<i32>::new())).await?.is_empty());
    assert_eq!(found(&db, User::credit.is_not_in(Vec::<i32>::new())).await?.len(), 4);
    assert_eq!(found(&db, User::name.is_in([Some("Bob".to_owned()), None])).await?, ["b", "c", "d"]);
    assert_eq!(found(&db, User::name.is_not_in([Some("Bob".to_owned()), None])).await?, ["a"]);
    Ok(())
}

async fn hostile_texts_are_only_texts(db: TestDb) -> Result<()> {
    let texts =
        ["'; DROP TABLE users; --", "\"quoted\" `ticks`", "back\\slash", "?$1:name{}", "naïve 🦀 ﷽", "a\nb\t\u{1}"];
    let session = db.session();
    for text in texts {
        session.add(User::builder().email(text).name(text));
    }
    session.commit().await?;
    for text in texts {
        assert_eq!(found(&db, User::email.eq(text)).await?, [text]);
        assert_eq!(found(&db, User::name.contains(text)).await?, [text]);
        assert_eq!(found(&db, User::email.starts_with(text).and(User::email.ends_with(text))).await?, [text]);
        assert_eq!(found(&db, User::email.is_in([text])).await?, [text]);
    }
    Ok(())
}

async fn patterns_take_their_wildcards_and_escaped_texts_do_not(db: TestDb) -> Result<()> {
    let session = db.session();
    for text in ["100%", "100 percent", "a_b", "axb", "c\\d", "c\\\\d"] {
        session.add(User::builder().email(text));
    }
    session.commit().await?;
    assert_eq!(found(&db, User::email.contains("0%")).await?, ["100%"]);
    assert_eq!(found(&db, User::email.starts_with("a_")).await?, ["a_b"]);
    assert_eq!(found(&db, User::email.like("a_b")).await?, ["a_b", "axb"]);
    assert_eq!(found(&db, User::email.like("100%")).await?, ["100%", "100 percent"]);
    assert_eq!(found(&db, User::email.like("100\\%")).await?, ["100%"]);
    assert_eq!(found(&db, User::email.ends_with("c\\d")).await?, ["c\\d"]);
    Ok(())
}

async fn case_matters_only_where_it_is_said(db: TestDb) -> Result<()> {
    four(&db).await?;
    assert_eq!(found(&db, User::name.ilike("aNN")).await?, ["a"]);
    assert_eq!(found(&db, User::name.ilike("%B")).await?, ["b"]);
    Ok(())
}

async fn predicates_are_combined(db: TestDb) -> Result<()> {
    four(&db).await?;
    let low = || User::credit.lt(25);
    let named = || User::name.eq("Ann");
    assert_eq!(found(&db, low().and(named())).await?, ["a"]);
    assert_eq!(found(&db, named().or(User::credit.eq(40))).await?, ["a", "d"]);
    assert_eq!(found(&db, (low() | User::credit.gt(35)) & !named()).await?, ["b"]);
    assert_eq!(found(&db, named().or(User::email.eq("b")).and(User::credit.gt(15))).await?, ["b"]);
    assert_eq!(found(&db, Predicate::always()).await?.len(), 4);
    assert!(found(&db, Predicate::always().not()).await?.is_empty());
    assert_eq!(found(&db, Predicate::always().or(named())).await?.len(), 4);
    Ok(())
}

async fn columns_are_compared_with_columns(db: TestDb) -> Result<()> {
    let session = db.session();
    session.add(User::builder().email("same").name("same"));
    session.add(User::builder().email("other").name("x"));
    session.commit().await?;
    assert_eq!(found(&db, User::name.eq(User::email)).await?, ["same"]);
    Ok(())
}

async fn related_rows_are_asked_for(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 1).await?;
    let session = db.session();
    session.add(User::builder().email("x").profile(UserProfile::builder().bio("hello")));
    let paid = session.add(User::builder().email("y"));
    session.add(Order::builder().user(paid).status("paid"));
    session.add(Order::builder().user(paid));
    paid.roles().push(Role::builder().name("admin"))?;
    session.commit().await?;
    assert_eq!(found(&db, User::orders.any(Order::status.eq("paid"))).await?, ["y"]);
    assert_eq!(found(&db, User::orders.none(Order::status.eq("pending"))).await?, ["x"]);
    assert_eq!(found(&db, User::orders.all(Order::status.eq("pending"))).await?, ["u0", "u1", "x"]);
    assert_eq!(found(&db, User::orders.exists().not()).await?, ["x"]);
    assert_eq!(found(&db, User::profile.has(UserProfile::bio.starts_with("he"))).await?, ["x"]);
    assert_eq!(found(&db, User::profile.exists()).await?, ["x"]);
    assert_eq!(found(&db, User::roles.any(Role::name.eq("admin"))).await?, ["y"]);
    assert_eq!(found(&db, User::roles.none(Predicate::always())).await?, ["u0", "u1", "x"]);
    Ok(())
}

async fn conditions_nest_over_several_relationships(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 1).await?;
    let session = db.session();
    session.add(User::builder().email("none"));
    session.commit().await?;
    let laptop = OrderItem::product.has(Product::name.eq("laptop"));
    assert_eq!(found(&db, User::orders.any(Order::items.any(laptop))).await?, ["u0", "u1"]);
    let big = Order::items.any(OrderItem::quantity.gt(5));
    assert!(found(&db, User::orders.any(big)).await?.is_empty());
    let by_owner = OrderItem::order.has(Order::user.has(User::email.eq("u0")));
    assert_eq!(OrderItem::query().filter(by_owner).count(&*db).await?, 2);
    Ok(())
}

async fn a_path_reaches_columns_of_parents(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 2).await?;
    let email = || Order::user.path(User::email);
    assert_eq!(Order::query().filter(email().eq("u1")).count(&*db).await?, 2);
    let orders =
        Order::query().order_by((email().desc(), Order::id.asc())).with(Order::user.joined()).all(&*db).await?;
    assert_eq!(orders[0].user.get()?.map(|user| user.email.as_str()), Some("u1"));
    let far = OrderItem::order.path(Order::user.path(User::email));
    let rows = OrderItem::query().filter(far.clone().eq("u0")).select((far, OrderItem::quantity)).all(&*db).await?;
    assert_eq!(rows.len(), 4);
    assert!(rows.iter().all(|(email, _)| email == "u0"));
    Ok(())
}

async fn orders_have_several_terms_and_say_where_nulls_go(db: TestDb) -> Result<()> {
    four(&db).await?;
    let first = User::query().order_by((User::name.asc().nulls_first(), User::credit.desc())).all(&*db).await?;
    assert_eq!(emails(&first), ["d", "c", "a", "b"]);
    let last = User::query().order_by((User::name.desc().nulls_last(), User::email.asc())).all(&*db).await?;
    assert_eq!(emails(&last), ["b", "a", "c", "d"]);
    Ok(())
}

async fn limits_and_offsets_cut_rows(db: TestDb) -> Result<()> {
    four(&db).await?;
    assert_eq!(emails(&users().limit(2).all(&*db).await?), ["a", "b"]);
    assert_eq!(emails(&users().limit(2).offset(1).all(&*db).await?), ["b", "c"]);
    assert_eq!(emails(&users().offset(3).all(&*db).await?), ["d"]);
    assert!(users().limit(0).all(&*db).await?.is_empty());
    assert!(users().offset(9).all(&*db).await?.is_empty());
    Ok(())
}

async fn one_and_first_are_strict_about_numbers(db: TestDb) -> Result<()> {
    four(&db).await?;
    assert!(users().one(&*db).await.is_err_and(|error| error.is_multiple_rows()));
    assert!(users().one_or_none(&*db).await.is_err_and(|error| error.is_multiple_rows()));
    let nobody = || users().filter(User::email.eq("x"));
    assert!(nobody().one(&*db).await.is_err_and(|error| error.is_not_found()));
    assert_eq!((nobody().one_or_none(&*db).await?, nobody().first(&*db).await?), (None, None));
    assert_eq!(users().first(&*db).await?.map(|user| user.email).as_deref(), Some("a"));
    assert_eq!(users().limit(1).one(&*db).await?.email, "a");
    assert_eq!(users().limit(0).first(&*db).await?, None);
    assert_eq!(users().limit(1).select(User::email).one(&*db).await?, "a");
    assert!(users().select(User::email).one(&*db).await.is_err_and(|error| error.is_multiple_rows()));
    Ok(())
}

async fn a_page_tells_the_total(db: TestDb) -> Result<()> {
    shop_with(&db, 5, 2).await?;
    let session = db.session();
    let page = users().with(User::orders.joined()).page(&session, 2, 2).await?;
    assert_eq!((page.total, page.pages(), page.number, page.size, page.items.len()), (5, 3, 2, 2, 2));
    assert_eq!(page.items[0].email, "u2");
    assert_eq!((page.items[0].orders().loaded()?.len(), session.statement_count()), (2, 2));
    assert_eq!(users().page(&*db, 3, 2).await?.items.len(), 1);
    assert!(users().page(&*db, 9, 2).await?.items.is_empty());
    assert!(users().page(&*db, 0, 2).await.is_err() && users().page(&*db, 1, 0).await.is_err());
    Ok(())
}

async fn counts_respect_the_limit_and_ignore_options(db: TestDb) -> Result<()> {
    shop_with(&db, 3, 2).await?;
    let query = users().with(User::orders.joined().with(Order::items));
    assert_eq!(query.clone().count(&*db).await?, 3);
    assert_eq!(query.clone().limit(2).count(&*db).await?, 2);
    assert_eq!(query.clone().offset(2).count(&*db).await?, 1);
    assert_eq!(query.filter(User::orders.exists()).count(&*db).await?, 3);
    Ok(())
}

async fn existence_is_asked_without_rows(db: TestDb) -> Result<()> {
    assert!(!users().exists(&*db).await?);
    four(&db).await?;
    assert!(users().exists(&*db).await?);
    assert!(!users().filter(User::credit.gt(99)).exists(&*db).await?);
    assert!(!users().offset(4).exists(&*db).await?);
    Ok(())
}

async fn columns_are_selected_as_tuples(db: TestDb) -> Result<()> {
    four(&db).await?;
    let rows = users().select((User::email, User::name, User::credit)).all(&*db).await?;
    assert_eq!(rows[1], ("b".to_owned(), Some("Bob".to_owned()), 20));
    assert_eq!(rows[3], ("d".to_owned(), None, 40));
    let session = db.session();
    let (credits, sent) = statements!(session, users().select(User::credit).all(&session).await?);
    assert_eq!((credits, sent), (vec![10, 20, 30, 40], 1));
    Ok(())
}

async fn groups_are_counted_and_narrowed(db: TestDb) -> Result<()> {
    shop_with(&db, 3, 2).await?;
    let groups = Order::query()
        .select((Order::user.path(User::email), orm::count()))
        .group_by(Order::user.path(User::email))
        .order_by(Order::user.path(User::email).asc());
    let rows: Vec<(String, i64)> = groups.clone().all(&*db).await?;
    assert_eq!(rows, [("u0".into(), 2), ("u1".into(), 2), ("u2".into(), 2)]);
    assert!(groups.clone().having(orm::count().gt(2)).all(&*db).await?.is_empty());
    assert_eq!(groups.having(Order::id.min().is_not_null()).limit(2).all(&*db).await?.len(), 2);
    let sums =
        OrderItem::query().select((OrderItem::product_id, OrderItem::quantity.sum())).group_by(OrderItem::product_id);
    assert_eq!(sums.all(&*db).await?.iter().map(|(_, sum)| sum.unwrap_or_default()).sum::<i64>(), 18);
    Ok(())
}

async fn aggregates_of_nothing_are_none(db: TestDb) -> Result<()> {
    let numbers = || User::query().select((orm::count(), User::credit.sum(), User::credit.max(), User::credit.avg()));
    assert_eq!(numbers().one(&*db).await?, (0, None, None, None));
    four(&db).await?;
    assert_eq!(numbers().one(&*db).await?, (4, Some(100), Some(40), Some(25.0)));
    assert_eq!(User::query().select((User::name.count(), User::name.count_distinct())).one(&*db).await?, (2, 2));
    Ok(())
}

async fn a_query_is_a_list_for_another(db: TestDb) -> Result<()> {
    shop_with(&db, 3, 1).await?;
    let session = db.session();
    let order = Order::query().order_by(Order::id.desc()).first(&session).await?.expect("there are orders");
    order.set(Order::status, "paid");
    session.commit().await?;
    let paid = || Order::query().filter(Order::status.eq("paid")).select(Order::user_id);
    assert_eq!(found(&db, User::id.is_in(paid())).await?, ["u2"]);
    assert_eq!(found(&db, User::id.is_not_in(paid())).await?, ["u0", "u1"]);
    let newest = Order::query().order_by(Order::id.asc()).limit(2).select(Order::user_id);
    assert_eq!(found(&db, User::id.is_in(newest)).await?, ["u0", "u1"]);
    Ok(())
}

async fn distinct_rows_of_columns_come_once(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 3).await?;
    let statuses = Order::query().select(Order::status).distinct().all(&*db).await?;
    assert_eq!(statuses, ["pending"]);
    assert_eq!(User::query().distinct().with(User::orders.joined()).all(&*db).await?.len(), 2);
    Ok(())
}

async fn updates_of_many_rows_need_a_filter(db: TestDb) -> Result<()> {
    four(&db).await?;
    let error = User::query().set(User::credit, 0).update(&*db).await.expect_err("there is no filter");
    assert!(error.to_string().contains("all_rows"), "{error}");
    assert_eq!(User::query().filter(User::name.is_null()).set(User::credit, 0).update(&*db).await?, 2);
    assert_eq!(User::query().all_rows().set(User::name, None::<String>).update(&*db).await?, 4);
    assert_eq!(found(&db, User::credit.eq(0).and(User::name.is_null())).await?, ["c", "d"]);
    Ok(())
}

async fn many_rows_are_updated_by_an_expression(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 1).await?;
    let session = db.session();
    let rows = User::query().filter(User::email.eq("u0")).set(User::name, User::email).update(&session).await?;
    assert_eq!(rows, 1);
    session.rollback().await?;
    assert_eq!(found(&db, User::name.eq("user 0")).await?, ["u0"], "it was part of the transaction");
    let with_orders = User::query().filter(User::orders.any(Order::status.eq("pending")));
    assert_eq!(with_orders.set(User::credit, 5).set(User::name, "x").update(&*db).await?, 2);
    let of_user = Order::query().filter(Order::user.path(User::email).eq("u1"));
    assert_eq!(of_user.set(Order::status, "sent").update(&*db).await?, 1);
    Ok(())
}

async fn deletes_of_many_rows_need_a_filter(db: TestDb) -> Result<()> {
    four(&db).await?;
    let error = User::query().delete(&*db).await.expect_err("there is no filter");
    assert!(error.to_string().contains("all_rows"), "{error}");
    assert_eq!(User::query().filter(User::credit.gt(20)).delete(&*db).await?, 2);
    assert_eq!(User::query().all_rows().delete(&*db).await?, 2);
    Ok(())
}

async fn limited_and_related_rows_are_deleted(db: TestDb) -> Result<()> {
    four(&db).await?;
    assert_eq!(users().limit(1).delete(&*db).await?, 1);
    assert_eq!(User::query().filter(User::orders.none(Predicate::always())).delete(&*db).await?, 3);
    shop_with(&db, 1, 2).await?;
    let items = OrderItem::query().filter(OrderItem::order.has(Order::user.has(User::email.eq("u0"))));
    assert_eq!(items.delete(&*db).await?, 4);
    Ok(())
}

async fn a_query_is_built_in_steps(db: TestDb) -> Result<()> {
    four(&db).await?;
    let mut query = users();
    for (wanted, name) in [(true, "a"), (false, "b")] {
        if wanted {
            query = query.filter(User::email.eq(name)).with(User::orders);
        }
    }
    assert_eq!(emails(&query.clone().all(&*db).await?), ["a"]);
    assert_eq!(query.count(&*db).await?, 1);
    Ok(())
}

async fn autoflush_writes_what_the_query_reads_only(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 1).await?;
    let session = db.session();
    let user = users().one(&session).await?;
    user.set(User::credit, 11);
    let (_, sent) = statements!(session, Product::query().all(&session).await?);
    assert_eq!(sent, 1, "products do not depend on users");
    let (_, sent) =
        statements!(session, Order::query().filter(Order::user.has(User::credit.eq(11))).all(&session).await?);
    assert_eq!(sent, 2, "the condition reads users");
    session.add(Role::builder().name("admin"));
    let (count, sent) = statements!(session, Role::query().count(&session).await?);
    assert_eq!((count, sent), (1, 2));
    let (_, sent) = statements!(session, session.get::<User>(user.id).await?);
    assert_eq!(sent, 0);
    session.rollback().await
}

async fn no_autoflush_reads_what_is_stored(db: TestDb) -> Result<()> {
    let session = db.session();
    session.add(User::builder().email("new"));
    let count = session.no_autoflush(async || users().count(&session).await).await?;
    assert_eq!((count, users().count(&session).await?), (0, 1));
    session.rollback().await
}

/// The orders' table with a column that is too small for what is in it.
#[derive(Model, Clone, Debug)]
#[orm(table = "users")]
struct Narrow {
    #[orm(primary_key)]
    id: i64,
    credit: i8,
}

async fn a_value_out_of_range_names_its_column(db: TestDb) -> Result<()> {
    let session = db.session();
    session.add(User::builder().email("a").credit(1_000));
    session.commit().await?;
    let error = Narrow::query().one(&*db).await.expect_err("1,000 is no i8");
    assert!(error.to_string().contains("users.credit") && error.to_string().contains("Narrow::credit"), "{error}");
    let error = Narrow::query().one(&session).await.expect_err("1,000 is no i8");
    assert!(error.to_string().contains("users.credit"), "{error}");
    Ok(())
}

async fn a_lock_begins_the_transaction(db: TestDb) -> Result<()> {
    four(&db).await?;
    let session = db.session();
    let user = users().with(User::orders.joined()).limit(1).for_update().one(&session).await?;
    user.set(User::credit, 1);
    session.commit().await?;
    let value = users().filter(User::email.eq("a")).for_update().one(session.values()).await?;
    assert_eq!(value.credit, 1);
    session.rollback().await
}

async fn many_to_many_rows_are_asked_for_through_a_bare_table(db: TestDb) -> Result<()> {
    let session = db.session();
    let rust = session.add(Tag::builder().name("rust"));
    session.add(Post::builder().title("tagged")).tags().push(rust)?;
    session.add(Post::builder().title("bare"));
    session.commit().await?;
    let titles = async |condition| -> Result<Vec<String>> {
        Post::query().filter(condition).select(Post::title).all(&*db).await
    };
    assert_eq!(titles(Post::tags.any(Tag::name.eq("rust"))).await?, ["tagged"]);
    assert_eq!(titles(Post::tags.none(Predicate::always())).await?, ["bare"]);
    let of_tag = rust.posts().query().filter(Post::title.starts_with("t"));
    assert_eq!(of_tag.count(&session).await?, 1);
    Ok(())
}

async fn children_that_may_be_alone_are_found(db: TestDb) -> Result<()> {
    let session = db.session();
    let author = session.add(Author::builder().name("ann"));
    session.add(Post::builder().title("hers").author(author));
    session.add(Post::builder().title("alone"));
    session.commit().await?;
    let alone = Post::query().filter(Post::author.exists().not()).one(&*db).await?;
    assert_eq!(alone.title, "alone");
    let by_name = Post::author.path(Author::name);
    let rows = Post::query().order_by(Post::id.asc()).select((Post::title, by_name)).all(&*db).await?;
    assert_eq!(rows, [("hers".into(), Some("ann".into())), ("alone".into(), None)]);
    Ok(())
}

/// Edges of two kinds in one table.
fn net() -> Schema {
    orm::schema![Machine, Wire]
}

#[derive(Model, Clone, Debug)]
struct Machine {
    #[orm(primary_key)]
    id: i64,
    name: String,
    #[orm(through(Wire::source, Wire::target, where(kind = "data")), back_populates = sends_from)]
    sends_to: ManyToMany<Machine>,
    #[orm(through(Wire::target, Wire::source, where(kind = "data")), back_populates = sends_to)]
    sends_from: ManyToMany<Machine>,
    #[orm(through(Wire::source, Wire::target, where(kind = "power")), back_populates = powered_by)]
    powers: ManyToMany<Machine>,
    #[orm(through(Wire::target, Wire::source, where(kind = "power")), back_populates = powers)]
    powered_by: ManyToMany<Machine>,
}

#[derive(Model, Clone, Debug)]
struct Wire {
    #[orm(primary_key)]
    source_id: i64,
    #[orm(primary_key)]
    target_id: i64,
    #[orm(primary_key, max_length = 10)]
    kind: String,
    source: BelongsTo<Machine>,
    target: BelongsTo<Machine>,
}

/// `a` sends data to `b` and `c`, and has its power from `b`.
async fn machines(db: &Db) -> Result<()> {
    let session = db.session();
    let [a, b, c] = ["a", "b", "c"].map(|name| session.add(Machine::builder().name(name)));
    a.sends_to().push(b)?;
    a.sends_to().push(c)?;
    b.powers().push(a)?;
    session.commit().await
}

async fn typed_edges_keep_to_their_kind(db: TestDb) -> Result<()> {
    machines(&db).await?;
    let session = db.session();
    let all = Machine::query().order_by(Machine::name.asc()).all(&session).await?;
    let mut counts = Vec::new();
    for machine in &all {
        let data = (machine.sends_to().await?.len(), machine.sends_from().await?.len());
        counts.push((data, (machine.powers().await?.len(), machine.powered_by().await?.len())));
    }
    assert_eq!(counts, [((2, 0), (0, 1)), ((0, 1), (1, 0)), ((0, 1), (0, 0))]);
    let sends = Machine::query().filter(Machine::sends_to.any(Machine::name.eq("c")));
    assert_eq!(sends.one(&session).await?, all[0]);
    assert!(!Machine::query().filter(Machine::powers.any(Machine::name.eq("c"))).exists(&session).await?);
    Ok(())
}

async fn typed_edges_load_by_every_strategy(db: TestDb) -> Result<()> {
    machines(&db).await?;
    for load in [Machine::sends_to.selectin(), Machine::sends_to.joined(), Machine::sends_to.subquery()] {
        let all = Machine::query().order_by(Machine::name.asc()).with(load).all(&*db).await?;
        let counts = all.iter().map(|machine| Ok(machine.sends_to.get()?.len())).collect::<Result<Vec<_>>>()?;
        assert_eq!(counts, [2, 0, 0]);
    }
    Ok(())
}

/// The tables below are there already, in a schema of the server's own.
fn regional() -> Schema {
    orm::schema![Product]
}

#[derive(Model, Clone, Debug)]
#[orm(table = "tables", schema = "information_schema", read_only)]
struct TableInfo {
    #[orm(primary_key)]
    table_schema: String,
    #[orm(primary_key)]
    table_name: String,
    #[orm(back_populates = table)]
    columns: HasMany<ColumnInfo>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "columns", schema = "information_schema", read_only)]
struct ColumnInfo {
    #[orm(primary_key)]
    table_schema: String,
    #[orm(primary_key)]
    table_name: String,
    #[orm(primary_key)]
    column_name: String,
    #[orm(foreign_key = (table_schema, table_name), back_populates = columns)]
    table: BelongsTo<TableInfo>,
}

async fn read_only_tables_of_another_schema_are_read_and_joined(db: TestDb) -> Result<()> {
    if db.is(Database::Sqlite) {
        return Ok(());
    }
    for load in [TableInfo::columns.joined(), TableInfo::columns.selectin()] {
        let session = db.session();
        let ours = TableInfo::table_name.eq("products").and(TableInfo::columns.any(ColumnInfo::column_name.eq("name")));
        let table = TableInfo::query().filter(ours).with(load).limit(1).one(&session).await?;
        let columns = table.columns().loaded()?;
        assert!(columns.iter().any(|column| column.column_name == "name"));
        assert_eq!(columns.first().map(|column| column.table().loaded()).transpose()?, Some(table));
    }
    Ok(())
}
