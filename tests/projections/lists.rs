//! Lists inside projections: one statement for each relationship and level.
use crate::{
    fixtures::{many, three},
    models::{Customer, Item, Order, Part, Tag, shop},
};
use orm::{Result, prelude::*};
use orm_test_support::{Database, TestDb, on_every_database, statements};

on_every_database! {
    shop:
    each_list_and_level_is_one_statement,
    lists_are_filtered_ordered_and_limited_for_each_owner,
    no_owners_send_no_statement,
    a_many_to_many_is_a_list,
    keys_of_several_columns_and_nulls_are_followed,
    hidden_rows_are_in_no_list,
    a_list_of_the_struct_itself_goes_to_the_end,
    a_circle_is_told,
    structs_that_hold_each_other_without_end_are_told,
    many_owners_are_asked_for_in_pieces,
    repeated_owners_have_their_lists_each,
}

#[derive(Projection, Debug, PartialEq)]
#[orm(from = Customer)]
struct CustomerCard {
    email: String,
    orders: Vec<OrderCard>,
    tags: Vec<TagName>,
}

#[derive(Projection, Debug, PartialEq)]
#[orm(from = Order)]
struct OrderCard {
    id: i64,
    items: Vec<ItemLine>,
}

#[derive(Projection, Debug, PartialEq)]
#[orm(from = Item)]
struct ItemLine {
    #[orm(path = product.name)]
    product: Option<String>,
    parts: Vec<PartName>,
}

#[derive(Projection, Debug, PartialEq)]
#[orm(from = Part)]
struct PartName {
    name: String,
}

#[derive(Projection, Debug, PartialEq)]
#[orm(from = Tag)]
struct TagName {
    name: String,
}

fn customers() -> Query<Customer> {
    Customer::query().order_by(Customer::id)
}

async fn each_list_and_level_is_one_statement(db: TestDb) -> Result<()> {
    three(&db).await?;
    let session = db.session();
    let (cards, sent) = statements!(session, customers().project::<CustomerCard>().all(&session).await?);
    assert_eq!((cards.len(), sent), (3, 5));
    let numbers = |card: &CustomerCard| card.orders.iter().map(|order| order.id).collect::<Vec<_>>();
    assert_eq!([numbers(&cards[0]), numbers(&cards[1]), numbers(&cards[2])], [vec![1, 2], vec![3], vec![]]);
    let bulb = || vec![PartName { name: "bulb".into() }];
    let lines = [
        ItemLine { product: Some("lamp".into()), parts: bulb() },
        ItemLine { product: Some("desk".into()), parts: Vec::new() },
        ItemLine { product: None, parts: Vec::new() },
    ];
    assert!(cards.iter().flat_map(|card| &card.orders).all(|order| order.items == lines));
    Ok(())
}

#[derive(Projection, Debug, PartialEq)]
#[orm(from = Order)]
struct Number {
    id: i64,
}

async fn lists_are_filtered_ordered_and_limited_for_each_owner(db: TestDb) -> Result<()> {
    #[derive(Projection, Debug, PartialEq)]
    #[orm(from = Customer)]
    struct Narrowed {
        #[orm(filter = Order::status.eq("open").and(Order::customer.has(Customer::email.ne("x"))))]
        orders: Vec<Number>,
        #[orm(relation = orders, order_by = Order::id.desc())]
        backwards: Vec<Number>,
        #[orm(relation = orders, order_by = (Order::total.desc(), Order::id), limit = 1)]
        dearest: Vec<Number>,
        #[orm(relation = tags, filter = Tag::name.ne("none"), order_by = Tag::name, limit = 1)]
        tag: Vec<TagName>,
    }
    three(&db).await?;
    let session = db.session();
    let (cards, sent) = statements!(session, customers().project::<Narrowed>().all(&session).await?);
    let numbers = |ids: &[i64]| ids.iter().map(|id| Number { id: *id }).collect::<Vec<_>>();
    let tag = |name: &str| vec![TagName { name: name.into() }];
    assert_eq!((cards.len(), sent), (3, 5));
    let ann =
        Narrowed { orders: numbers(&[1]), backwards: numbers(&[2, 1]), dearest: numbers(&[2]), tag: tag("loyal") };
    assert_eq!(cards[0], ann);
    let ben = Narrowed { orders: numbers(&[3]), backwards: numbers(&[3]), dearest: numbers(&[3]), tag: tag("loyal") };
    assert_eq!(cards[1], ben);
    assert_eq!(cards[2], Narrowed { orders: vec![], backwards: vec![], dearest: vec![], tag: vec![] });
    Ok(())
}

async fn no_owners_send_no_statement(db: TestDb) -> Result<()> {
    let session = db.session();
    let (cards, sent) = statements!(session, customers().project::<CustomerCard>().all(&session).await?);
    assert_eq!((cards.len(), sent), (0, 1));
    Ok(())
}

async fn a_many_to_many_is_a_list(db: TestDb) -> Result<()> {
    #[derive(Projection, Debug, PartialEq)]
    #[orm(from = Tag)]
    struct Tagged {
        name: String,
        #[orm(order_by = Customer::email)]
        customers: Vec<Email>,
    }
    #[derive(Projection, Debug, PartialEq)]
    #[orm(from = Customer)]
    struct Email {
        email: String,
        tags: Vec<TagName>,
    }
    three(&db).await?;
    let session = db.session();
    let query = Tag::query().order_by(Tag::id).project::<Tagged>();
    let (tags, sent) = statements!(session, query.all(&session).await?);
    assert_eq!((tags.len(), sent), (2, 3));
    let emails: Vec<&str> = tags[1].customers.iter().map(|customer| customer.email.as_str()).collect();
    assert_eq!((tags[1].name.as_str(), emails), ("loyal", vec!["ann", "ben"]));
    // Ann is in both lists, and has both of her tags in each.
    assert_eq!(tags[0].customers[0].tags, tags[1].customers[0].tags);
    assert_eq!(tags[0].customers[0].tags.len(), 2);
    Ok(())
}

async fn keys_of_several_columns_and_nulls_are_followed(db: TestDb) -> Result<()> {
    #[derive(Projection, Debug, PartialEq)]
    #[orm(from = Part)]
    struct PartCard {
        name: String,
        item: Option<ItemLine>,
    }
    three(&db).await?;
    let session = db.session();
    session.add(Part::builder().name("loose"));
    session.commit().await?;
    let query = Part::query().order_by(Part::id).project::<PartCard>();
    let (parts, sent) = statements!(session, query.all(&session).await?);
    assert_eq!((parts.len(), sent), (4, 2));
    assert_eq!(parts[0].item.as_ref().map(|item| item.parts.len()), Some(1));
    assert_eq!(parts[3], PartCard { name: "loose".into(), item: None });
    Ok(())
}

async fn hidden_rows_are_in_no_list(db: TestDb) -> Result<()> {
    three(&db).await?;
    Tag::query().filter(Tag::name.eq("new")).set(Tag::retired, true).update(&*db).await?;
    let numbers = |cards: &[CustomerCard]| cards.iter().map(|card| card.tags.len()).collect::<Vec<_>>();
    assert_eq!(numbers(&customers().project().all(&*db).await?), [1, 1, 0]);
    assert_eq!(numbers(&customers().without_criteria().project().all(&*db).await?), [2, 1, 0]);
    assert_eq!(Tag::query().project::<TagName>().count(&*db).await?, 1);
    assert_eq!(Tag::query().project::<TagName>().one(&*db).await?.name, "loyal");
    Ok(())
}

#[derive(Projection, Debug, PartialEq)]
#[orm(from = Customer)]
struct Referrals {
    email: String,
    #[orm(path = referrer.email)]
    by: Option<String>,
    referred: Vec<Referrals>,
}

async fn a_list_of_the_struct_itself_goes_to_the_end(db: TestDb) -> Result<()> {
    three(&db).await?;
    let session = db.session();
    let [ben, cid] = [session.get_one::<Customer>(2).await?, session.get_one::<Customer>(3).await?];
    cid.referrer().set(ben)?;
    session.commit().await?;
    let query = customers().filter(Customer::referrer_id.is_null()).project::<Referrals>();
    let (mut tree, sent) = statements!(session, query.all(&session).await?);
    assert_eq!((tree.len(), sent), (1, 4));
    let ann = tree.remove(0);
    let ben = &ann.referred[0];
    assert_eq!((ben.by.as_deref(), ben.referred[0].by.as_deref()), (Some("ann"), Some("ben")));
    assert_eq!(ben.referred[0].referred, []);
    Ok(())
}

async fn a_circle_is_told(db: TestDb) -> Result<()> {
    three(&db).await?;
    let session = db.session();
    let cid = session.get_one::<Customer>(3).await?;
    cid.referrer().set(cid)?;
    session.commit().await?;
    let error = customers().project::<Referrals>().all(&*db).await.expect_err("a circle");
    assert!(error.to_string().contains("Customer::referred leads more than 100 levels deep"), "{error}");
    Ok(())
}

async fn structs_that_hold_each_other_without_end_are_told(db: TestDb) -> Result<()> {
    #[derive(Projection, Debug)]
    #[orm(from = Customer)]
    struct Holder {
        #[allow(dead_code)]
        orders: Vec<Held>,
    }
    #[derive(Projection, Debug)]
    #[orm(from = Order)]
    struct Held {
        #[allow(dead_code)]
        customer: Holder,
    }
    #[derive(Projection, Debug)]
    #[orm(from = Tag)]
    struct Linked {
        #[allow(dead_code)]
        customers: Vec<Tags>,
    }
    #[derive(Projection, Debug)]
    #[orm(from = Customer)]
    struct Tags {
        #[allow(dead_code)]
        tags: Vec<Linked>,
    }
    let session = db.session();
    let (error, sent) = statements!(session, customers().project::<Holder>().all(&session).await);
    let message = error.expect_err("no end").to_string();
    assert!(message.contains("by Customer::orders, which leads back to itself"), "{message}");
    let error = Tag::query().project::<Linked>().all(&session).await.expect_err("no end");
    assert!(error.to_string().contains("by Customer::tags, which leads back to itself"), "{error}");
    assert_eq!(sent, 0);
    Ok(())
}

#[derive(Projection, Debug, PartialEq)]
#[orm(from = Customer)]
struct Counted {
    orders: Vec<Number>,
}

async fn many_owners_are_asked_for_in_pieces(db: TestDb) -> Result<()> {
    let customers = 2_500;
    many(&db, customers).await?;
    let session = db.session();
    let (cards, sent) =
        statements!(session, Customer::query().order_by(Customer::id).project::<Counted>().all(&session).await?);
    let wrong = cards.iter().enumerate().filter(|(number, card)| card.orders.len() != 2 - number % 2).count();
    assert_eq!((cards.len(), wrong), (customers, 0));
    // A thousand keys at a time, on MySQL eight thousand.
    assert_eq!(sent, 1 + if db.is(Database::MySql) { 1 } else { 3 });
    Ok(())
}

async fn repeated_owners_have_their_lists_each(db: TestDb) -> Result<()> {
    three(&db).await?;
    let joined = || customers().join(Customer::orders);
    let numbers = |cards: Vec<Counted>| cards.iter().map(|card| card.orders.len()).collect::<Vec<_>>();
    assert_eq!(numbers(joined().project().all(&*db).await?), [2, 2, 1]);
    assert_eq!(numbers(joined().distinct().project().all(&*db).await?), [2, 1]);
    assert_eq!(joined().distinct().project::<Counted>().count(&*db).await?, 2);
    Ok(())
}
