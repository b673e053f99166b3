//! What a flush writes, in which order and in how many statements.
use crate::models::*;
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    shop:
    a_graph_is_one_insert_per_table,
    keys_follow_the_order_of_adding,
    no_net_change_is_no_statement,
    only_changed_columns_are_written_in_one_statement_per_shape,
    a_query_flushes_only_what_touches_its_tables,
    a_related_value_with_a_key_is_the_existing_row,
    the_same_new_parent_in_two_values_is_two_rows,
    a_plan_prints_and_changes_nothing,
    a_thousand_children_are_few_statements,
}

mod shapes {
    use super::*;

    on_every_database! { records: rows_of_one_shape_go_together_in_the_order_of_adding }

    async fn rows_of_one_shape_go_together_in_the_order_of_adding(db: TestDb) -> Result<()> {
        let session = db.session();
        let note = |note: &str| Setting::builder().note(note.to_owned());
        let rows = [note("1"), note("2"), note("3").size(5), note("4"), note("5").size(6), note("6"), note("7")];
        let added = session.add_all(rows);
        session.commit().await?;
        let ids: Vec<i64> = added.iter().map(|setting| setting.id).collect();
        assert!(ids.is_sorted(), "{ids:?}");
        let stored =
            Setting::query().order_by(Setting::id.asc()).select((Setting::note, Setting::size)).all(&*db).await?;
        let sizes: Vec<i32> = stored.iter().map(|(_, size)| *size).collect();
        assert_eq!(sizes, [7, 7, 5, 7, 6, 7, 7]);
        assert_eq!(stored[4].0.as_deref(), Some("5"));
        Ok(())
    }
}

async fn a_graph_is_one_insert_per_table(db: TestDb) -> Result<()> {
    let session = db.session();
    let products = session.add_all([Product::builder().name("p1"), Product::builder().name("p2")]);
    let items = products.iter().map(|product| OrderItem::builder().product(*product)).collect::<Vec<_>>();
    let orders = [Order::builder().items(items), Order::builder()];
    session.add(User::builder().email("a").orders(orders).profile(UserProfile::builder().bio("b")));
    session.commit().await?;
    assert_eq!(session.statement_count(), 5, "eight rows of five tables");
    let item = OrderItem::query().with(OrderItem::product).order_by(OrderItem::id.asc()).first(&*db).await?;
    assert_eq!(item.expect("there are two").order_id, 1);
    Ok(())
}

async fn keys_follow_the_order_of_adding(db: TestDb) -> Result<()> {
    let session = db.session();
    let names: Vec<String> = (0..50).map(|i| format!("p{i}")).collect();
    let products = session.add_all(names.iter().map(|name| Product::builder().name(name.clone())));
    session.commit().await?;
    assert_eq!(session.statement_count(), 1);
    let stored = Product::query().order_by(Product::id.asc()).select((Product::id, Product::name)).all(&*db).await?;
    let expected: Vec<(i64, String)> = products.iter().map(|product| (product.id, product.name.clone())).collect();
    assert_eq!(stored, expected);
    Ok(())
}

async fn no_net_change_is_no_statement(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a"));
    session.commit().await?;
    user.set(User::email, "a");
    assert!(!session.has_changes());
    user.set(User::email, "b");
    user.set(User::email, "a");
    assert!(!session.is_modified(user));
    assert_eq!(statements!(session, session.flush().await?).1, 0);
    assert!(!session.has_changes(), "it is not looked at again");
    Ok(())
}

async fn only_changed_columns_are_written_in_one_statement_per_shape(db: TestDb) -> Result<()> {
    let session = db.session();
    let users = session.add_all(["a", "b", "c"].map(|email| User::builder().email(email)));
    session.commit().await?;
    User::query().filter(User::email.eq("a")).set(User::credit, 77).update(&*db).await?;
    users[0].set(User::name, "n");
    users[1].set(User::name, "m");
    assert_eq!(statements!(session, session.flush().await?).1, 1);
    users[0].set(User::name, "o");
    users[2].set(User::credit, 1);
    assert_eq!(statements!(session, session.commit().await?).1, 2);
    let stored = User::query().order_by(User::id.asc()).select((User::name, User::credit)).all(&*db).await?;
    assert_eq!(stored, [(Some("o".into()), 77), (Some("m".into()), 10), (None, 1)]);
    Ok(())
}

async fn a_query_flushes_only_what_touches_its_tables(db: TestDb) -> Result<()> {
    let session = db.session();
    session.add(User::builder().email("a"));
    Product::query().all(&session).await?;
    assert_eq!(session.statement_count(), 1);
    assert_eq!(User::query().filter(User::email.eq("a")).all(&session).await?.len(), 1);
    assert_eq!(session.statement_count(), 3);
    Ok(())
}

async fn a_related_value_with_a_key_is_the_existing_row(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(User::builder().email("a"));
    writing.commit().await?;
    let mut known = User::query().one(&*db).await?;
    known.email = "ignored".into();
    let session = db.session();
    let order = session.add(Order::builder().user(known));
    session.commit().await?;
    assert_eq!((order.user_id, session.statement_count()), (1, 1));
    assert_eq!(User::query().one(&*db).await?.email, "a");
    Ok(())
}

async fn the_same_new_parent_in_two_values_is_two_rows(db: TestDb) -> Result<()> {
    let session = db.session();
    let role = Role::builder().name("r").build();
    let first = session.add(User::builder().email("a").roles([role.clone()]));
    let second = session.add(User::builder().email("b").roles([role]));
    assert_ne!(first.roles().loaded()?.first(), second.roles().loaded()?.first());
    assert!(session.commit().await.expect_err("the name is unique").is_unique_violation());
    Ok(())
}

async fn a_plan_prints_and_changes_nothing(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a").orders([Order::builder(), Order::builder()]));
    user.roles().push(Role::builder().name("r"))?;
    let plan = session.plan()?.to_string();
    assert_eq!(session.plan()?.to_string(), plan);
    insta::allow_duplicates! {
        insta::assert_snapshot!(plan, @r"
        insert users ×1
        insert roles ×1
        insert orders ×2 { user_id: users#1.id }
        link User::roles ×1
        ");
    }
    session.commit().await?;
    assert_eq!(session.statement_count(), 4);
    Ok(())
}

async fn a_thousand_children_are_few_statements(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a"));
    for _ in 0..1000 {
        user.orders().push(Order::builder())?;
    }
    session.commit().await?;
    assert!(session.statement_count() < 5);
    assert_eq!(Order::query().filter(Order::user_id.eq(user.id)).count(&*db).await?, 1000);
    Ok(())
}
