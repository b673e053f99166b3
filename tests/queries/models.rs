//! A library of books, and rows of values of every kind.
use orm::{Result, prelude::*, schema::Schema};

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "authors")]
pub(crate) struct Author {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(max_length = 80)]
    pub(crate) name: String,
    #[orm(max_length = 80)]
    pub(crate) town: Option<String>,
    #[orm(back_populates = author)]
    pub(crate) books: HasMany<Book>,
    #[orm(back_populates = editor)]
    pub(crate) edited: HasMany<Book>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "books")]
pub(crate) struct Book {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(max_length = 80)]
    pub(crate) title: String,
    #[orm(decimal(10, 2))]
    pub(crate) price: Decimal,
    pub(crate) author_id: i64,
    pub(crate) editor_id: Option<i64>,
    #[orm(back_populates = books)]
    pub(crate) author: BelongsTo<Author>,
    #[orm(back_populates = edited)]
    pub(crate) editor: BelongsTo<Option<Author>>,
    #[orm(through("book_tags", book_id, tag_id), back_populates = books)]
    pub(crate) tags: ManyToMany<Tag>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "tags")]
pub(crate) struct Tag {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(max_length = 80)]
    pub(crate) word: String,
    #[orm(through("book_tags", tag_id, book_id), back_populates = tags)]
    pub(crate) books: ManyToMany<Book>,
}

impl Author {
    /// As a value: `Ann (Rome)`.
    pub(crate) fn label(&self) -> String {
        format!("{} ({})", self.name, self.town.as_deref().unwrap_or("?"))
    }

    /// The same in a query.
    pub(crate) fn label_column() -> orm::Expression<Author, String> {
        Author::name.concat(" (").concat(Author::town.coalesce("?")).concat(")")
    }
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "readings")]
pub(crate) struct Reading {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(max_length = 80)]
    pub(crate) text: String,
    pub(crate) whole: i64,
    pub(crate) maybe: Option<i64>,
    pub(crate) float: f64,
    #[orm(decimal(12, 4))]
    pub(crate) exact: Decimal,
    pub(crate) flag: bool,
    pub(crate) day: chrono::NaiveDate,
    pub(crate) moment: chrono::NaiveDateTime,
    pub(crate) instant: chrono::DateTime<chrono::Utc>,
    pub(crate) time: chrono::NaiveTime,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "stations")]
pub(crate) struct Station {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(max_length = 80)]
    pub(crate) name: String,
    pub(crate) next_id: Option<i64>,
    #[orm(back_populates = previous)]
    pub(crate) next: BelongsTo<Option<Station>>,
    #[orm(back_populates = next)]
    pub(crate) previous: HasMany<Station>,
}

pub(crate) fn library() -> Schema {
    orm::schema![Author, Book, Tag]
}

pub(crate) fn readings() -> Schema {
    orm::schema![Reading]
}

pub(crate) fn stations() -> Schema {
    orm::schema![Station]
}

/// A reading of nothing in particular.
pub(crate) fn reading() -> Reading {
    let moment = "2024-02-29T23:59:58".parse::<chrono::NaiveDateTime>().expect("a date and time");
    Reading {
        id: 0,
        text: String::new(),
        whole: 0,
        maybe: None,
        float: 0.0,
        exact: Decimal::ZERO,
        flag: false,
        day: moment.date(),
        moment,
        instant: moment.and_utc(),
        time: moment.time(),
    }
}

/// Four authors, of whom the last has no town and no books; eight books with some equal prices; three tags.
pub(crate) async fn fill(db: &Db) -> Result<()> {
    let session = db.session();
    let towns = [("Ann", Some("Rome")), ("Bob", None), ("cleo", Some("Rome")), ("Dan", Some("Oslo"))];
    let author = |(name, town): (&str, Option<&str>)| Author::builder().name(name).town(town.map(str::to_owned));
    let authors: Vec<_> = towns.map(author).into_iter().map(|author| session.add(author)).collect();
    let tags = ["war", "peace", "sea"].map(|word| session.add(Tag::builder().word(word)));
    for number in 0..8_usize {
        let book = Book::builder().title(format!("Book {number}")).price(Decimal::new(number as i64 % 3 * 110 + 10, 2));
        let book = book.author(authors[number % 3]).editor((number % 2 == 0).then_some(authors[(number / 2) % 4]));
        let book = session.add(book);
        for tag in tags.iter().take(number % 4) {
            book.tags().push(*tag)?;
        }
    }
    session.commit().await
}
