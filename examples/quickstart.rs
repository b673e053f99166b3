//! A small shop: every kind of relationship, and the three ways to load them side by side.
//!
//! `cargo run --example quickstart` runs on a private SQLite database in memory. Give it a URL to run it elsewhere, as often
//! as you like (it drops and creates its own `shop_…` tables): `-- sqlite://shop.db`, `-- postgres://…`, `-- mysql://…`.
use orm::prelude::*;

#[derive(Model, Clone, Debug)]
#[orm(table = "shop_users")]
struct User {
    #[orm(primary_key)]
    id: i64,
    #[orm(unique, max_length = 255)]
    email: String,
    // One to one: deleted with the user.
    #[orm(back_populates = user, cascade(all, delete_orphan))]
    profile: HasOne<Profile>,
    // One to many: the other side of `Order::user`.
    #[orm(back_populates = user, order_by = Order::id)]
    orders: HasMany<Order>,
    // Many to many, through the link model `UserRole`.
    #[orm(through(UserRole::user, UserRole::role), back_populates = users)]
    roles: ManyToMany<Role>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "shop_profiles")]
struct Profile {
    #[orm(primary_key)]
    id: i64,
    #[orm(unique)]
    user_id: i64,
    bio: Option<String>,
    #[orm(back_populates = profile)]
    user: BelongsTo<User>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "shop_roles")]
struct Role {
    #[orm(primary_key)]
    id: i64,
    #[orm(unique, max_length = 50)]
    name: String,
    #[orm(through(UserRole::role, UserRole::user), back_populates = roles)]
    users: ManyToMany<User>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "shop_user_roles")]
struct UserRole {
    #[orm(primary_key)]
    user_id: i64,
    #[orm(primary_key)]
    role_id: i64,
    user: BelongsTo<User>,
    role: BelongsTo<Role>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "shop_orders")]
struct Order {
    #[orm(primary_key)]
    id: i64,
    user_id: i64,
    #[orm(decimal(10, 2))]
    total: Decimal,
    #[orm(default = "pending")]
    status: String,
    // Many to one: `user_id` is its key, and never null.
    #[orm(back_populates = orders)]
    user: BelongsTo<User>,
    #[orm(back_populates = order, cascade(all, delete_orphan), order_by = OrderItem::id)]
    items: HasMany<OrderItem>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "shop_order_items")]
struct OrderItem {
    #[orm(primary_key)]
    id: i64,
    order_id: i64,
    product_id: i64,
    quantity: i32,
    #[orm(back_populates = items)]
    order: BelongsTo<Order>,
    product: BelongsTo<Product>, // one-directional: a product does not list its items
}

#[derive(Model, Clone, Debug)]
#[orm(table = "shop_products")]
struct Product {
    #[orm(primary_key)]
    id: i64,
    name: String,
    #[orm(decimal(10, 2))]
    price: Decimal,
}

#[tokio::main]
async fn main() -> Result<(), orm::Error> {
    let url = std::env::args().nth(1).unwrap_or_else(|| "sqlite::memory:".into());
    let db = Db::connect(url).await?;
    let schema = orm::schema![User, Profile, Role, UserRole, Order, OrderItem, Product];
    schema.drop_all(&db).await?;
    schema.create_all(&db).await?;

    fill(&db).await?;
    change(&db).await?;

    println!("\nWalking 100 users, 200 orders, 400 items and their products:");
    let users = || User::query().order_by(User::id);
    let lazy = walk(&db, "lazy", users()).await?;
    let items = || Order::items.selectin().with(OrderItem::product);
    let select_in = walk(&db, "select-in", users().with(User::orders.selectin().with(items()))).await?;
    let items = || Order::items.joined().with(OrderItem::product);
    let joined = walk(&db, "joined", users().with(User::orders.joined().with(items()))).await?;
    assert_eq!((lazy, select_in, joined), (9, 3, 1));
    Ok(())
}

/// Adds a graph of objects. The flush sorts them by their keys and sends one INSERT per table.
async fn fill(db: &Db) -> Result<(), orm::Error> {
    let session = db.session();
    let laptop = session.add(Product::builder().name("laptop").price(dec!(999.50)));
    let mouse = session.add(Product::builder().name("mouse").price(dec!(25.25)));
    let customer = session.add(Role::builder().name("customer"));
    for number in 0..100 {
        let items = || [(laptop, 1), (mouse, 2)].map(|(product, n)| OrderItem::builder().product(product).quantity(n));
        let order = || Order::builder().total(laptop.price + mouse.price * dec!(2)).items(items());
        let user = User::builder().email(format!("user{number}@example.com")).orders([order(), order()]);
        let user = session.add(user.profile(Profile::builder().bio("likes mice")));
        user.roles().push(customer)?;
    }
    session.commit().await?;
    println!("Added 100 users and all that is theirs in {} statements", session.statement_count());
    Ok(())
}

/// Changes objects: only what differs is written, both sides agree, and a rollback takes the objects back too.
async fn change(db: &Db) -> Result<(), orm::Error> {
    let session = db.session();
    let user = User::query().filter(User::email.eq("user0@example.com")).one(&session).await?;
    let order = user.orders().push(Order::builder().total(dec!(10)))?;
    assert_eq!(order.user().loaded()?, user); // at once, before anything is written
    session.commit().await?;

    order.set(Order::status, "shipped");
    session.flush().await?;
    println!("The order is {}", order.status);
    session.rollback().await?;
    println!("The order is {} again after the rollback", order.status);
    assert_eq!(order.status, "pending");

    session.delete(order);
    session.commit().await?;
    assert_eq!(user.orders().await?.len(), 2);
    Ok(())
}

/// The same naive loops, whatever the query has loaded already. Tells the number of statements that they took.
async fn walk(db: &Db, name: &str, users: Query<User>) -> Result<u64, orm::Error> {
    let session = db.session();
    let mut quantity = 0;
    for user in users.all(&session).await? {
        for order in user.orders().await? {
            for item in order.items().await? {
                quantity += item.quantity;
                assert!(item.product().await?.price > dec!(0));
            }
        }
    }
    println!("  {name:<9} {} statements", session.statement_count());
    assert_eq!(quantity, 600);
    Ok(session.statement_count())
}
