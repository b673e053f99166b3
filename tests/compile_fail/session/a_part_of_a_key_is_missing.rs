use orm::prelude::*;

#[derive(Model)]
pub struct Region {
    #[orm(primary_key)]
    pub area: i64,
    #[orm(primary_key)]
    pub number: i32,
    pub name: String,
}

async fn get(session: &Session) -> orm::Result<bool> {
    Ok(session.get::<Region>(7).await?.is_some())
}

fn main() {}
