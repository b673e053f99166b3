//! Rows that are hidden: softly deleted ones, and those of other tenants.
use orm::prelude::*;

#[derive(Model, Clone, Debug)]
#[orm(soft_delete = deleted_at)]
struct Customer {
    #[orm(primary_key)]
    id: i64,
    name: String,
    tenant_id: i64,
    deleted_at: Option<chrono::DateTime<chrono::Utc>>,
    #[orm(back_populates = customer, cascade(all, delete_orphan))]
    orders: HasMany<Order>,
}

#[derive(Model, Clone, Debug)]
#[orm(soft_delete = deleted_at)]
struct Order {
    #[orm(primary_key)]
    id: i64,
    customer_id: i64,
    total: i64,
    deleted_at: Option<chrono::DateTime<chrono::Utc>>,
    #[orm(back_populates = orders)]
    customer: BelongsTo<Customer>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> orm::Result<()> {
    let db = Db::connect("sqlite::memory:").await?;
    orm::schema![Customer, Order].create_all(&db).await?;
    let writing = db.session();
    for (name, tenant) in [("Ann", 1), ("Bob", 1), ("Cem", 2)] {
        let orders = [Order::builder().total(10), Order::builder().total(20)];
        writing.add(Customer::builder().name(name).tenant_id(tenant).orders(orders));
    }
    writing.commit().await?;

    // A request of one tenant: whatever it runs sees that tenant's rows.
    let db = db.with_criteria(Customer::tenant_id.eq(1));
    let session = db.session();
    let customers = Customer::query().order_by(Customer::name).all(&session).await?;
    println!("tenant 1 has {} customers", customers.len());
    assert!(session.get::<Customer>(3).await?.is_none());

    // A deletion marks the rows; the orders go with their customer.
    session.delete(customers[0]);
    println!("{}", session.plan()?);
    session.commit().await?;
    println!("now {}, and {} orders", Customer::query().count(&db).await?, Order::query().count(&db).await?);
    assert_eq!(Order::query().count(&db).await?, 4);

    // The way around, and back.
    let all = Customer::query().without_criteria().with(Customer::orders).order_by(Customer::id).all(&session).await?;
    println!("{} with {} orders is still there", all[0].name, all[0].orders().partial()?.len());
    for order in all[0].orders().partial()? {
        order.set(Order::deleted_at, None);
    }
    all[0].set(Customer::deleted_at, None);
    session.commit().await?;
    assert_eq!((Customer::query().count(&db).await?, Order::query().count(&db).await?), (2, 6));

    // For good.
    session.delete_permanently(all[0]);
    session.commit().await?;
    assert_eq!(Customer::query().without_criteria().count(&db).await?, 2);
    Ok(())
}
