use orm::prelude::*;

pub struct User {
    pub id: i64,
    pub name: String,
}

fn add(session: &Session) {
    session.add(User { id: 0, name: "Ann".into() });
}

fn main() {}
