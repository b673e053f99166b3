//! A shop whose customers, orders and products are related in every way.
use orm::{prelude::*, schema::Schema};

pub(crate) fn shop() -> Schema {
    orm::schema![Customer, Profile, Badge, Order, Item, Part, Product, Review, Tag]
}

#[derive(ColumnEnum, Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub(crate) enum Level {
    Basic,
    Gold,
}

#[derive(ColumnType, Clone, Debug, PartialEq, serde::Serialize)]
pub(crate) struct Code(pub(crate) String);

#[derive(Embedded, Clone, Debug, Default, PartialEq, serde::Serialize)]
pub(crate) struct Address {
    pub(crate) city: String,
    pub(crate) street: Option<String>,
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Customer {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(unique, max_length = 100)]
    pub(crate) email: String,
    pub(crate) name: Option<String>,
    pub(crate) level: Level,
    pub(crate) code: Code,
    #[orm(embed)]
    pub(crate) address: Address,
    #[orm(default = "")]
    pub(crate) notes: Deferred<String>,
    pub(crate) memo: Deferred<Option<String>>,
    pub(crate) referrer_id: Option<i64>,
    #[orm(back_populates = referred)]
    pub(crate) referrer: BelongsTo<Option<Customer>>,
    #[orm(back_populates = referrer, order_by = Customer::id)]
    pub(crate) referred: HasMany<Customer>,
    #[orm(back_populates = customer)]
    pub(crate) profile: HasOne<Profile>,
    #[orm(back_populates = customer, order_by = Order::id)]
    pub(crate) orders: HasMany<Order>,
    #[orm(through("customer_tags", customer_id, tag_id), back_populates = customers, order_by = Tag::id)]
    pub(crate) tags: ManyToMany<Tag>,
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Profile {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(unique)]
    pub(crate) customer_id: i64,
    pub(crate) bio: String,
    #[orm(back_populates = profile)]
    pub(crate) customer: BelongsTo<Customer>,
    #[orm(back_populates = profile, order_by = Badge::id)]
    pub(crate) badges: HasMany<Badge>,
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Badge {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) profile_id: i64,
    pub(crate) title: String,
    #[orm(back_populates = badges)]
    pub(crate) profile: BelongsTo<Profile>,
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Order {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) customer_id: i64,
    pub(crate) status: String,
    pub(crate) total: i64,
    #[orm(back_populates = orders)]
    pub(crate) customer: BelongsTo<Customer>,
    #[orm(back_populates = order, order_by = Item::line)]
    pub(crate) items: HasMany<Item>,
}

/// Its key has two columns.
#[derive(Model, Clone, Debug)]
pub(crate) struct Item {
    #[orm(primary_key)]
    pub(crate) order_id: i64,
    #[orm(primary_key)]
    pub(crate) line: i64,
    pub(crate) product_id: Option<i64>,
    pub(crate) quantity: i32,
    #[orm(back_populates = items)]
    pub(crate) order: BelongsTo<Order>,
    pub(crate) product: BelongsTo<Option<Product>>,
    #[orm(back_populates = item, order_by = Part::id)]
    pub(crate) parts: HasMany<Part>,
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Part {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) order_id: Option<i64>,
    pub(crate) line: Option<i64>,
    pub(crate) name: String,
    #[orm(foreign_key = (order_id, line), back_populates = parts)]
    pub(crate) item: BelongsTo<Option<Item>>,
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Product {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    #[orm(back_populates = product, order_by = Review::id)]
    pub(crate) reviews: HasMany<Review>,
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Review {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) product_id: i64,
    pub(crate) stars: i32,
    #[orm(back_populates = reviews)]
    pub(crate) product: BelongsTo<Product>,
}

/// Criteria hide those that are retired.
#[derive(Model, Clone, Debug)]
#[orm(soft_delete = retired)]
pub(crate) struct Tag {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    #[orm(default = false)]
    pub(crate) retired: bool,
    #[orm(through("customer_tags", tag_id, customer_id), back_populates = tags)]
    pub(crate) customers: ManyToMany<Customer>,
}
