// The models of the guide's programs, which include this file.
use orm::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Customer {
    #[orm(primary_key)]
    pub id: i64,
    pub name: String,
    #[orm(back_populates = customer, order_by = Order::id)]
    pub orders: HasMany<Order>,
    #[orm(through("customer_labels", customer_id, label_id), back_populates = customers)]
    pub labels: ManyToMany<Label>,
}

#[derive(Model, Clone, Debug)]
pub struct Order {
    #[orm(primary_key)]
    pub id: i64,
    pub customer_id: i64,
    pub total: i64,
    #[orm(back_populates = orders)]
    pub customer: BelongsTo<Customer>,
    #[orm(back_populates = order)]
    pub items: HasMany<Item>,
}

#[derive(Model, Clone, Debug)]
pub struct Item {
    #[orm(primary_key)]
    pub id: i64,
    pub order_id: i64,
    #[orm(back_populates = items)]
    pub order: BelongsTo<Order>,
}

#[derive(Model, Clone, Debug)]
pub struct Label {
    #[orm(primary_key)]
    pub id: i64,
    pub name: String,
    #[orm(through("customer_labels", label_id, customer_id), back_populates = labels)]
    pub customers: ManyToMany<Customer>,
}

async fn customers() -> orm::Result<Db> {
    let db = Db::connect("sqlite::memory:").await?;
    orm::schema![Customer].create_all(&db).await?;
    let session = db.session();
    session.add(Label::builder().name("good"));
    for (number, name) in (1..).zip(["Ann", "Bob", "Eve"]) {
        let orders = (0..2).map(|more| Order::builder().total(10 * number + more - i64::from(number == 3) * 5));
        let customer = session.add(Customer::builder().name(name));
        for order in orders {
            customer.orders().push(order.items([Item::builder()]))?;
        }
    }
    session.commit().await?;
    Ok(db)
}
