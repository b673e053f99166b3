//! What a field can hold: columns of every kind, expressions, columns behind relationships, groups.
use crate::{
    fixtures::three,
    models::{Address, Code, Customer, Item, Level, Order, shop},
};
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    shop:
    fields_are_found_by_name_and_by_attribute,
    columns_of_every_kind_are_read,
    deferred_columns_become_plain_fields,
    paths_lead_over_several_relationships,
    expressions_are_computed_by_the_database,
    totals_are_a_projection_too,
    groups_become_structs,
    a_projection_is_flattened_into_another,
    one_statement_reads_only_what_is_named,
}

#[derive(Projection, Debug, PartialEq)]
#[orm(from = Customer)]
struct Named {
    id: i64,
    #[orm(column = email)]
    address: String,
    name: Option<String>,
    #[orm(skip)]
    remark: String,
}

fn customers() -> Query<Customer> {
    Customer::query().order_by(Customer::id)
}

async fn fields_are_found_by_name_and_by_attribute(db: TestDb) -> Result<()> {
    three(&db).await?;
    let named: Vec<Named> = customers().limit(2).project().all(&*db).await?;
    let named_ann = Named { id: 1, address: "ann".into(), name: Some("Ann".into()), remark: String::new() };
    assert_eq!(named, [named_ann, Named { id: 2, address: "ben".into(), name: None, remark: String::new() }]);
    Ok(())
}

async fn columns_of_every_kind_are_read(db: TestDb) -> Result<()> {
    #[derive(Projection, Debug, PartialEq)]
    #[orm(from = Customer)]
    struct Kinds {
        level: Level,
        code: Code,
        address: Address,
        referrer_id: Option<i64>,
        #[orm(column = email)]
        maybe: Option<String>,
    }
    three(&db).await?;
    let kinds = customers().project::<Kinds>().first(&*db).await?;
    let address = Address { city: "Oslo".into(), street: Some("Main".into()) };
    let ann =
        Kinds { level: Level::Gold, code: Code("ann".into()), address, referrer_id: None, maybe: Some("ann".into()) };
    assert_eq!(kinds, Some(ann));
    Ok(())
}

async fn deferred_columns_become_plain_fields(db: TestDb) -> Result<()> {
    #[derive(Projection, Debug, PartialEq)]
    #[orm(from = Customer)]
    struct Texts {
        notes: String,
        memo: Option<String>,
        #[orm(column = notes)]
        maybe: Option<String>,
        #[orm(column = notes)]
        still: Deferred<String>,
    }
    three(&db).await?;
    let texts = customers().project::<Texts>().first(&*db).await?;
    let note = || "a note".to_owned();
    let ann = Texts { notes: note(), memo: None, maybe: Some(note()), still: note().into() };
    assert_eq!(texts, Some(ann));
    Ok(())
}

async fn paths_lead_over_several_relationships(db: TestDb) -> Result<()> {
    #[derive(Projection, Debug, PartialEq)]
    #[orm(from = Item)]
    struct Far {
        #[orm(path = order.status)]
        status: String,
        #[orm(path = order.customer.email)]
        customer: String,
        #[orm(path = order.customer.profile.bio)]
        bio: Option<String>,
        #[orm(path = product.name)]
        product: Option<String>,
    }
    three(&db).await?;
    let query = Item::query().filter(Item::line.eq(3)).order_by(Item::order_id).project::<Far>();
    let far = query.all(&*db).await?;
    let bio = Some("likes lamps".to_owned());
    assert_eq!(far[0], Far { status: "open".into(), customer: "ann".into(), bio, product: None });
    assert_eq!((far.len(), far[2].customer.as_str(), far[2].bio.as_deref()), (3, "ben", None));
    Ok(())
}

#[derive(Projection, Debug, PartialEq)]
#[orm(from = Customer)]
struct Spending {
    #[orm(expr = Customer::email.upper())]
    name: String,
    #[orm(expr = Customer::orders.count())]
    orders: i64,
    #[orm(expr = Customer::orders.matching(Order::status.eq("open")).sum(Order::total))]
    open: Option<i64>,
    #[orm(expr = orm::case().when(Customer::orders.count().gt(1), "often").otherwise("rarely"))]
    buys: String,
}

async fn expressions_are_computed_by_the_database(db: TestDb) -> Result<()> {
    three(&db).await?;
    let spending = customers().project::<Spending>().all(&*db).await?;
    let ann = Spending { name: "ANN".into(), orders: 2, open: Some(10), buys: "often".into() };
    assert_eq!(spending[0], ann);
    assert_eq!((spending[2].orders, spending[2].open, spending[2].buys.as_str()), (0, None, "rarely"));
    Ok(())
}

async fn totals_are_a_projection_too(db: TestDb) -> Result<()> {
    #[derive(Projection, Debug, PartialEq)]
    #[orm(from = Order)]
    struct Total {
        status: String,
        #[orm(expr = orm::count())]
        number: i64,
        #[orm(expr = Order::total.sum())]
        sum: Option<i64>,
    }
    three(&db).await?;
    let totals = Order::query().project::<Total>().group_by(Order::status).order_by(Order::status);
    assert_eq!(totals.clone().count(&*db).await?, 2);
    let done = Total { status: "done".into(), number: 1, sum: Some(20) };
    assert_eq!(totals.clone().all(&*db).await?, [done, Total { status: "open".into(), number: 2, sum: Some(40) }]);
    assert_eq!(totals.having(orm::count().gt(1)).one(&*db).await?.status, "open");
    Ok(())
}

async fn groups_become_structs(db: TestDb) -> Result<()> {
    #[derive(Projection, Debug, PartialEq)]
    #[orm(from = Customer)]
    struct Place {
        #[orm(column = address)]
        home: Address,
        #[orm(expr = Customer::address.column(Address::city))]
        city: String,
    }
    three(&db).await?;
    let place = customers().project::<Place>().first(&*db).await?.expect("a customer");
    assert_eq!((place.home.street.as_deref(), place.city.as_str()), (Some("Main"), "Oslo"));
    Ok(())
}

async fn a_projection_is_flattened_into_another(db: TestDb) -> Result<()> {
    #[derive(Projection, Debug, PartialEq)]
    #[orm(from = Customer)]
    struct Flat {
        #[orm(flatten)]
        spending: Spending,
        email: String,
        #[orm(flatten)]
        named: Named,
    }
    three(&db).await?;
    let flat = customers().project::<Flat>().first(&*db).await?.expect("a customer");
    assert_eq!((flat.spending.orders, flat.email.as_str(), flat.named.id), (2, "ann", 1));
    Ok(())
}

async fn one_statement_reads_only_what_is_named(db: TestDb) -> Result<()> {
    three(&db).await?;
    let session = db.session();
    let (cards, sent) = statements!(session, customers().project::<Named>().all(&session).await?);
    assert_eq!((cards.len(), sent), (3, 1));
    Ok(())
}
