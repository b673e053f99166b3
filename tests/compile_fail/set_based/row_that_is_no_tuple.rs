use orm::prelude::*;

struct Line {
    title: String,
}

async fn lines(db: &Db) -> orm::Result<Vec<Line>> {
    orm::sql("SELECT title FROM books").all(db).await
}

fn main() {}
