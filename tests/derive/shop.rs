//! The models of the shop: metadata, constants and builders.
use orm::Record;
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

#[test]
fn a_table_is_called_after_its_model() {
    assert_eq!(User::table().name, "users");
    assert_eq!(UserProfile::table().name, "user_profiles");
}
