use orm::prelude::*;

struct Title(String);

async fn books(db: &Db, title: Title) -> orm::Result<u64> {
    db.execute(orm::sql("DELETE FROM books WHERE title = ?").bind(title)).await
}

fn main() {}
