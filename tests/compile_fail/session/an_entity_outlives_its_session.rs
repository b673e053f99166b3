use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub name: String,
    #[orm(back_populates = user)]
    pub orders: HasMany<Order>,
}

#[derive(Model)]
pub struct Order {
    #[orm(primary_key)]
    pub id: i64,
    pub user_id: i64,
    pub total: i64,
    #[orm(back_populates = orders)]
    pub user: BelongsTo<User>,
}

async fn first(db: &Db) -> orm::Result<i64> {
    let user = {
        let session = db.session();
        session.get_one::<User>(1).await?
    };
    Ok(user.id)
}

fn main() {}
