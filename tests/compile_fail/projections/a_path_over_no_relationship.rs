use orm::prelude::*;

#[derive(Model, Clone, Debug)]
struct User {
    #[orm(primary_key)]
    id: i64,
    email: String,
    name: Option<String>,
    #[orm(back_populates = user)]
    orders: HasMany<Order>,
}

#[derive(Model, Clone, Debug)]
struct Order {
    #[orm(primary_key)]
    id: i64,
    user_id: i64,
    #[orm(back_populates = orders)]
    user: BelongsTo<User>,
}

#[derive(Projection)]
#[orm(from = Order)]
struct Card {
    id: i64,
    #[orm(path = usr.email)]
    email: String,
}

fn main() {}
