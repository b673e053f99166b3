//! What a query finds: conditions, orders, pages, numbers, and writes of many rows.
use crate::{
    fixtures::{emails, found, four, shop_with, users},
    models::*,
};
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database};

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
    assert_eq!(found(&db, User::email.not_in(["a", "d"])).await?, ["b", "c"]);
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
    assert_eq!(found(&db, User::name.not_in(["Ann"])).await?, ["b"]);
    Ok(())
}

async fn lists_may_be_empty_and_hold_null(db: TestDb) -> Result<()> {
    four(&db).await?;
    assert!(found(&db, User::credit.is_in(Vec::<i32>::new())).await?.is_empty());
    assert_eq!(found(&db, User::credit.not_in(Vec::<i32>::new())).await?.len(), 4);
    assert_eq!(found(&db, User::name.is_in([Some("Bob".to_owned()), None])).await?, ["b", "c", "d"]);
    assert_eq!(found(&db, User::name.not_in([Some("Bob".to_owned()), None])).await?, ["a"]);
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
