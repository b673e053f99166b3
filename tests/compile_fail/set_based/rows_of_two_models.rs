use orm::prelude::*;

#[derive(Model)]
struct Author {
    #[orm(primary_key)]
    id: i64,
    name: String,
}

#[derive(Model)]
struct Book {
    #[orm(primary_key)]
    id: i64,
    title: String,
}

fn main() {
    let _ = Book::insert_many([Author::builder().name("a")]);
}
