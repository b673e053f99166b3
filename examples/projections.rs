//! A dashboard of structs of its own: `derive(Projection)` instead of entities, with nested parts, numbers and pages.
//!
//! `cargo run --example projections`
use orm::{Page, prelude::*};

#[derive(Model, Clone, Debug)]
struct Customer {
    #[orm(primary_key)]
    id: i64,
    name: String,
    city: String,
    #[orm(back_populates = customer)]
    orders: HasMany<Order>,
    #[orm(back_populates = customer)]
    contract: HasOne<Contract>,
}

#[derive(Model, Clone, Debug)]
struct Contract {
    #[orm(primary_key)]
    id: i64,
    #[orm(unique)]
    customer_id: i64,
    plan: String,
    #[orm(back_populates = contract)]
    customer: BelongsTo<Customer>,
}

#[derive(Model, Clone, Debug)]
struct Order {
    #[orm(primary_key)]
    id: i64,
    customer_id: i64,
    status: String,
    total: i64,
    #[orm(back_populates = orders)]
    customer: BelongsTo<Customer>,
    #[orm(back_populates = order, order_by = Item::id)]
    items: HasMany<Item>,
}

#[derive(Model, Clone, Debug)]
struct Item {
    #[orm(primary_key)]
    id: i64,
    order_id: i64,
    product: String,
    #[orm(back_populates = items)]
    order: BelongsTo<Order>,
}

/// A line of the list of customers: what the page shows, and nothing else.
#[derive(Projection, Debug, serde::Serialize)]
#[orm(from = Customer)]
struct CustomerCard {
    name: String,
    #[orm(path = contract.plan)]
    plan: Option<String>,
    #[orm(expr = Customer::orders.count())]
    orders_made: i64,
    #[orm(expr = Customer::orders.matching(Order::status.eq("open")).sum(Order::total))]
    outstanding: Option<i64>,
    #[orm(relation = orders, order_by = Order::id.desc(), limit = 2)]
    latest: Vec<OrderLine>,
}

#[derive(Projection, Debug, serde::Serialize)]
#[orm(from = Order)]
struct OrderLine {
    id: i64,
    status: String,
    items: Vec<ItemLine>,
}

#[derive(Projection, Debug, serde::Serialize)]
#[orm(from = Item)]
struct ItemLine {
    product: String,
}

/// A row of the summary: a projection of groups.
#[derive(Projection, Debug)]
#[orm(from = Order)]
struct CityTotal {
    #[orm(path = customer.city)]
    city: String,
    #[orm(expr = orm::count())]
    orders: i64,
    #[orm(expr = Order::total.sum())]
    sum: Option<i64>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> orm::Result<()> {
    let db = Db::connect("sqlite::memory:").await?;
    orm::schema![Customer, Contract, Order, Item].create_all(&db).await?;
    fill(&db).await?;

    // Three statements, whatever the size of the page: customers, their latest orders, the items of these. One more counts.
    let cards = Customer::query().order_by(Customer::name).project::<CustomerCard>();
    let page: Page<CustomerCard> = cards.page(&db, 1, 20).await?;
    println!("{}", serde_json::to_string_pretty(&page).map_err(orm::Error::other)?);
    assert_eq!((page.total, page.items[0].orders_made, page.items[0].latest.len()), (2, 3, 2));
    assert_eq!((page.items[0].plan.as_deref(), page.items[1].plan.as_deref()), (Some("premium"), None));

    let totals = Order::query().project::<CityTotal>().group_by(Order::customer.path(Customer::city));
    for CityTotal { city, orders, sum } in totals.order_by(Order::total.sum().desc()).all(&db).await? {
        println!("{city}: {orders} orders, {} in all", sum.unwrap_or_default());
    }

    // Inside a session: what is pending is written before it is read, and nothing becomes an entity.
    let session = db.session();
    let customer = session.get_one::<Customer>(1).await?;
    customer.update(|customer| customer.name = "Ada".to_owned());
    let card = Customer::query().filter(Customer::id.eq(1)).project::<CustomerCard>().one(&session).await?;
    assert_eq!(card.name, "Ada");
    session.rollback().await
}

async fn fill(db: &Db) -> orm::Result<()> {
    let session = db.session();
    let order = |status: &str, total| {
        Order::builder()
            .status(status)
            .total(total)
            .items(["pen", "ink"].map(|product| Item::builder().product(product)))
    };
    session.add(Customer::builder().name("Ann").city("Oslo").contract(Contract::builder().plan("premium")).orders([
        order("done", 10),
        order("open", 20),
        order("open", 30),
    ]));
    session.add(Customer::builder().name("Ben").city("Bergen").orders([order("open", 5)]));
    session.commit().await
}
