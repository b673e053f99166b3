//! One to many, many to one: an author and the author's books.
//!
//! Both sides are declared and name each other. The key on the many side is the truth; the collection is its other view, and
//! the two agree at once in memory, before anything is written.
use orm::prelude::*;

#[derive(Model, Clone, Debug)]
struct Author {
    #[orm(primary_key)]
    id: i64,
    name: String,
    #[orm(back_populates = author, order_by = Book::title)]
    books: HasMany<Book>,
}

#[derive(Model, Clone, Debug)]
struct Book {
    #[orm(primary_key)]
    id: i64,
    title: String,
    author_id: Option<i64>, // `Option`: a book may have no author, so it can be taken away from one
    #[orm(back_populates = books)]
    author: BelongsTo<Option<Author>>,
}

#[tokio::main]
async fn main() -> Result<(), orm::Error> {
    let db = Db::connect("sqlite::memory:").await?;
    orm::schema![Author, Book].create_all(&db).await?;

    // From the one side, with the books inside ...
    let session = db.session();
    let ursula = session.add(
        Author::builder()
            .name("Ursula K. Le Guin")
            .books([Book::builder().title("The Dispossessed"), Book::builder().title("A Wizard of Earthsea")]),
    );
    // ... or from the many side.
    let stanislaw = session.add(Author::builder().name("Stanisław Lem"));
    let solaris = session.add(Book::builder().title("Solaris").author(stanislaw));
    assert_eq!(stanislaw.books().loaded()?.first(), Some(solaris));
    session.commit().await?;
    println!("added 2 authors and 3 books in {} statements", session.statement_count());
    assert_eq!(session.statement_count(), 2);

    // Moving a book takes it out of the old author's collection: one UPDATE of one column.
    ursula.books().push(solaris)?;
    assert!(stanislaw.books().loaded()?.is_empty());
    assert_eq!(solaris.author().loaded()?, Some(ursula));
    println!("what the move will write: {}", session.plan()?.to_string().trim());
    session.rollback().await?; // it was a mistake
    assert_eq!(solaris.author().loaded()?, Some(stanislaw));

    // Taking it away leaves a book without author.
    stanislaw.books().remove(solaris)?;
    session.commit().await?;
    assert_eq!(solaris.author_id, None);

    // Reading: awaiting a relationship loads it, once.
    let reading = db.session();
    for author in Author::query().order_by(Author::name).all(&reading).await? {
        let titles: Vec<&str> = author.books().await?.iter().map(|book| book.value().title.as_str()).collect();
        println!("{}: {titles:?}", author.name);
    }
    println!("read in {} statements", reading.statement_count());

    // As a query: filtered and counted by the database, nothing loaded.
    let ursula = Author::query().filter(Author::name.starts_with("Ursula")).one(&reading).await?;
    let wizards = ursula.books().query().filter(Book::title.contains("Wizard")).count(&reading).await?;
    assert_eq!(wizards, 1);

    // Conditions on the other side.
    let writers = Author::query().filter(Author::books.exists()).all(&db).await?;
    let orphans = Book::query().filter(Book::author.exists().not()).all(&db).await?;
    let theirs = Book::query().filter(Book::author.path(Author::name).eq("Ursula K. Le Guin")).count(&db).await?;
    println!("{} author with books, {} book without author: {}", writers.len(), orphans.len(), orphans[0].title);
    assert_eq!((writers.len(), orphans.len(), theirs), (1, 1, 2));
    Ok(())
}
