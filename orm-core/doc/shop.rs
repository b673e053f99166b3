// The models of the documentation's examples, which include this file.
#[derive(Model, Clone, Debug)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(unique, max_length = 255)]
    pub email: String,
    pub full_name: String,
    #[orm(back_populates = user)]
    pub orders: HasMany<Order>,
    #[orm(back_populates = user, cascade(all, delete_orphan))]
    pub profile: HasOne<UserProfile>,
    #[orm(through(UserRole::user, UserRole::role), back_populates = users)]
    pub roles: ManyToMany<Role>,
}

#[derive(Model, Clone, Debug)]
pub struct UserProfile {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(unique)]
    pub user_id: i64,
    pub bio: Option<String>,
    #[orm(back_populates = profile)]
    pub user: BelongsTo<User>,
}

#[derive(Model, Clone, Debug)]
pub struct Role {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(unique, max_length = 50)]
    pub name: String,
    #[orm(through(UserRole::role, UserRole::user), back_populates = roles)]
    pub users: ManyToMany<User>,
}

#[derive(Model, Clone, Debug)]
pub struct UserRole {
    #[orm(primary_key)]
    pub user_id: i64,
    #[orm(primary_key)]
    pub role_id: i64,
    #[orm(default = "self")]
    pub granted_by: String,
    pub user: BelongsTo<User>,
    pub role: BelongsTo<Role>,
}

#[derive(Model, Clone, Debug)]
pub struct Product {
    #[orm(primary_key)]
    pub id: i64,
    pub name: String,
    #[orm(decimal(10, 2))]
    pub price: Decimal,
}

#[derive(Model, Clone, Debug)]
pub struct Order {
    #[orm(primary_key)]
    pub id: i64,
    pub user_id: i64,
    #[orm(decimal(10, 2))]
    pub total_amount: Decimal,
    #[orm(default = "pending")]
    pub status: String,
    #[orm(back_populates = orders)]
    pub user: BelongsTo<User>,
    #[orm(back_populates = order, cascade(all, delete_orphan), order_by = OrderItem::id)]
    pub items: HasMany<OrderItem>,
}

#[derive(Model, Clone, Debug)]
pub struct OrderItem {
    #[orm(primary_key)]
    pub id: i64,
    pub order_id: i64,
    pub product_id: i64,
    pub quantity: i32,
    #[orm(decimal(10, 2))]
    pub unit_price: Decimal,
    #[orm(back_populates = items)]
    pub order: BelongsTo<Order>,
    pub product: BelongsTo<Product>,
}

/// The shop with one customer, in a database of its own.
#[allow(dead_code)]
async fn shop() -> orm::Result<Db> {
    let db = Db::connect("sqlite::memory:").await?;
    orm::schema![User, UserProfile, Role, UserRole, Product, Order, OrderItem].create_all(&db).await?;
    let session = db.session();
    let laptop = session.add(Product::builder().name("laptop").price(dec!(999.50)));
    session.add(User::builder().email("ann@example.com").full_name("Ann").orders([Order::builder()
        .total_amount(dec!(999.50))
        .items([OrderItem::builder().product(laptop).quantity(1).unit_price(dec!(999.50))])]));
    session.commit().await?;
    drop(session);
    Ok(db)
}
