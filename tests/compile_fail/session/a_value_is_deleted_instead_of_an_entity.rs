use orm::prelude::*;

#[derive(Model)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub name: String,
}

fn delete(session: &Session) {
    session.delete(User { id: 1, name: "Ann".into() });
}

fn main() {}
