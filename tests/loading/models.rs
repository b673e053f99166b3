//! The models of these tests.
use orm::{prelude::*, schema::Schema};

/// A shop: four levels deep, with every kind of relationship.
pub(crate) fn shop() -> Schema {
    orm::schema![Customer, Card, Label, Order, Item, Product, Supplier]
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Customer {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    #[orm(back_populates = customer, order_by = Order::id)]
    pub(crate) orders: HasMany<Order>,
    #[orm(back_populates = customer)]
    pub(crate) card: HasOne<Card>,
    #[orm(through("customer_labels", customer_id, label_id), back_populates = customers)]
    pub(crate) labels: ManyToMany<Label>,
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Card {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) number: String,
    #[orm(unique)]
    pub(crate) customer_id: i64,
    #[orm(back_populates = card)]
    pub(crate) customer: BelongsTo<Customer>,
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Label {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    #[orm(through("customer_labels", label_id, customer_id), back_populates = labels)]
    pub(crate) customers: ManyToMany<Customer>,
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Order {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) customer_id: i64,
    pub(crate) status: String,
    #[orm(back_populates = orders)]
    pub(crate) customer: BelongsTo<Customer>,
    #[orm(back_populates = order, order_by = (Item::position.desc(), Item::id))]
    pub(crate) items: HasMany<Item>,
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Item {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) order_id: i64,
    pub(crate) product_id: i64,
    pub(crate) position: i32,
    #[orm(back_populates = items)]
    pub(crate) order: BelongsTo<Order>,
    pub(crate) product: BelongsTo<Product>,
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Product {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) supplier_id: Option<i64>,
    pub(crate) supplier: BelongsTo<Option<Supplier>>,
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Supplier {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
}

/// Relationships that lead to their own model.
pub(crate) fn trees() -> Schema {
    orm::schema![Category, Folder, Place, Person]
}

#[derive(Model, Clone, Debug)]
#[orm(table = "categories")]
pub(crate) struct Category {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) parent_id: Option<i64>,
    #[orm(back_populates = children)]
    pub(crate) parent: BelongsTo<Option<Category>>,
    #[orm(back_populates = parent, order_by = Category::id)]
    pub(crate) children: HasMany<Category>,
}

/// Goes down two levels with every query.
#[derive(Model, Clone, Debug)]
pub(crate) struct Folder {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) parent_id: Option<i64>,
    #[orm(back_populates = folders)]
    pub(crate) parent: BelongsTo<Option<Folder>>,
    #[orm(back_populates = parent, load = "selectin", load_depth = 2)]
    pub(crate) folders: HasMany<Folder>,
}

/// Says no depth, so it does not go down.
#[derive(Model, Clone, Debug)]
pub(crate) struct Place {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) within_id: Option<i64>,
    #[orm(back_populates = places)]
    pub(crate) within: BelongsTo<Option<Place>>,
    #[orm(back_populates = within, load = "selectin")]
    pub(crate) places: HasMany<Place>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "people")]
pub(crate) struct Person {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    #[orm(through("follows", follower_id, followed_id), back_populates = followers, order_by = Person::id)]
    pub(crate) follows: ManyToMany<Person>,
    #[orm(through("follows", followed_id, follower_id), back_populates = follows)]
    pub(crate) followers: ManyToMany<Person>,
}

/// Relationships that only memory may answer, and one that is lazy by declaration.
pub(crate) fn guarded() -> Schema {
    orm::schema![Team, Member]
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Team {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(back_populates = team, load = "raise_on_sql")]
    pub(crate) members: HasMany<Member>,
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Member {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) team_id: Option<i64>,
    #[orm(back_populates = members, load = "raise_on_sql")]
    pub(crate) team: BelongsTo<Option<Team>>,
}

/// Keys of two columns, on both sides of a key and of a link.
pub(crate) fn tenants() -> Schema {
    orm::schema![Account, Invoice, Group]
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Account {
    #[orm(primary_key)]
    pub(crate) tenant: i64,
    #[orm(primary_key)]
    pub(crate) number: i64,
    #[orm(back_populates = account, order_by = Invoice::id)]
    pub(crate) invoices: HasMany<Invoice>,
    #[orm(through("account_groups", (tenant, account_number), group_id), back_populates = accounts)]
    pub(crate) groups: ManyToMany<Group>,
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Invoice {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) tenant: i64,
    pub(crate) account_number: i64,
    #[orm(foreign_key = (tenant, account_number), back_populates = invoices)]
    pub(crate) account: BelongsTo<Account>,
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Group {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    #[orm(through("account_groups", group_id, (tenant, account_number)), back_populates = groups)]
    pub(crate) accounts: ManyToMany<Account>,
}
