//! A library: composite keys, links of both kinds, columns that are left out.
use orm::{Db, Result, prelude::*, schema::Schema};

pub(crate) fn library() -> Schema {
    orm::schema![Author, Book, Chapter, Genre, Reader, Loan, Shelf, Copy]
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Author {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    #[orm(back_populates = author, order_by = Book::id, cascade(all))]
    pub(crate) books: HasMany<Book>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Book {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) title: String,
    pub(crate) author_id: Option<i64>,
    #[orm(back_populates = books)]
    pub(crate) author: BelongsTo<Option<Author>>,
    #[orm(back_populates = book, cascade(all))]
    pub(crate) chapters: HasMany<Chapter>,
    #[orm(through("book_genres", book_id, genre_id), back_populates = books)]
    pub(crate) genres: ManyToMany<Genre>,
    /// Whoever ever borrowed it, however often.
    #[orm(through(Loan::book, Loan::reader), back_populates = books)]
    pub(crate) readers: ManyToMany<Reader>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Chapter {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) book_id: i64,
    #[orm(back_populates = chapters)]
    pub(crate) book: BelongsTo<Book>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Genre {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    #[orm(through("book_genres", genre_id, book_id), back_populates = genres)]
    pub(crate) books: ManyToMany<Book>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Reader {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    #[orm(through(Loan::reader, Loan::book), back_populates = readers)]
    pub(crate) books: ManyToMany<Book>,
}

/// A link that may be there twice.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Loan {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) book_id: i64,
    pub(crate) reader_id: i64,
    pub(crate) book: BelongsTo<Book>,
    pub(crate) reader: BelongsTo<Reader>,
}

/// A key of two columns.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Shelf {
    #[orm(primary_key)]
    pub(crate) room: i32,
    #[orm(primary_key, max_length = 20)]
    pub(crate) name: String,
    #[orm(back_populates = shelf)]
    pub(crate) copies: HasMany<Copy>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Copy {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) room: i32,
    #[orm(max_length = 20)]
    pub(crate) shelf_name: String,
    #[orm(foreign_key = (room, shelf_name), back_populates = copies)]
    pub(crate) shelf: BelongsTo<Shelf>,
}

/// Authors `a0`, `a1`, … of whom the one with number `n` wrote `n % 3` books of two chapters each.
pub(crate) async fn library_with(db: &Db, authors: usize) -> Result<()> {
    let session = db.session();
    for number in 0..authors {
        let author = session.add(Author::builder().name(format!("a{number}")));
        for book in 0..number % 3 {
            let chapters = [Chapter::builder(), Chapter::builder()];
            session.add(Book::builder().title(format!("{number}.{book}")).author(author).chapters(chapters));
        }
    }
    session.commit().await
}

/// The authors in the order of their keys.
pub(crate) fn authors() -> Query<Author> {
    Author::query().order_by(Author::id.asc())
}

pub(crate) fn papers() -> Schema {
    orm::schema![Folder, Paper]
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Folder {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(back_populates = folder, order_by = Paper::id)]
    pub(crate) papers: HasMany<Paper>,
}

/// Columns that are left out: one alone, two of one group, one that may be null, one under another name.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Paper {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) title: String,
    pub(crate) body: Deferred<String>,
    #[orm(deferred = "media")]
    pub(crate) photo: Deferred<Vec<u8>>,
    #[orm(deferred = "media", column = "small")]
    pub(crate) thumbnail: Deferred<Vec<u8>>,
    pub(crate) note: Deferred<Option<String>>,
    #[orm(default_sql = "7", accessor = "page_count")]
    pub(crate) pages: Deferred<i32>,
    pub(crate) folder_id: Option<i64>,
    #[orm(back_populates = papers)]
    pub(crate) folder: BelongsTo<Option<Folder>>,
}

/// Papers `t0`, `t1`, … with the bodies `b0`, `b1`, …
pub(crate) async fn papers_with(db: &Db, papers: usize) -> Result<()> {
    let session = db.session();
    for number in 0..papers {
        let paper = Paper::builder().title(format!("t{number}")).body(format!("b{number}"));
        session.add(paper.photo(vec![1, number as u8]).thumbnail(vec![2]).note("n"));
    }
    session.commit().await
}

/// The papers in the order of their keys.
pub(crate) fn all_papers() -> Query<Paper> {
    Paper::query().order_by(Paper::id.asc())
}
