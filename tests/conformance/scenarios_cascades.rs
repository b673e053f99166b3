//! Whole scenarios of cascades, with the tables that must come out and the statements that they may take at most.
use orm::{EntityState, Result, prelude::*, schema::Schema};
use orm_test_support::{TestDb, on_every_database, statements};

mod subtree {
    use super::*;

    on_every_database! { library: an_orphan_is_deleted_with_its_own_subtree }

    fn library() -> Schema {
        orm::schema![Author, Book, Page]
    }

    #[derive(Model, Clone, Debug, PartialEq)]
    struct Author {
        #[orm(primary_key)]
        id: i64,
        #[orm(back_populates = author, cascade(all, delete_orphan))]
        books: HasMany<Book>,
    }

    #[derive(Model, Clone, Debug, PartialEq)]
    struct Book {
        #[orm(primary_key)]
        id: i64,
        author_id: i64,
        #[orm(back_populates = books)]
        author: BelongsTo<Author>,
        #[orm(back_populates = book, cascade(all, delete_orphan))]
        pages: HasMany<Page>,
    }

    #[derive(Model, Clone, Debug, PartialEq)]
    struct Page {
        #[orm(primary_key)]
        id: i64,
        book_id: i64,
        #[orm(back_populates = pages)]
        book: BelongsTo<Book>,
    }

    async fn an_orphan_is_deleted_with_its_own_subtree(db: TestDb) -> Result<()> {
        let writing = db.session();
        let books = [2, 1].map(|pages| Book::builder().pages((0..pages).map(|_| Page::builder())));
        writing.add(Author::builder().books(books));
        writing.commit().await?;
        let session = db.session();
        let author = session.get_one::<Author>(1).await?;
        let book = author.books().await?.iter().find(|book| book.id == 1).expect("it is there");
        let before = session.statement_count();
        author.books().remove(book)?;
        assert_eq!((session.deleted::<Book>().len(), session.state(book)), (0, EntityState::Persistent));
        session.flush().await?;
        assert_eq!((session.state(book), session.statement_count() - before), (EntityState::Deleted, 3));
        session.commit().await?;
        assert_eq!(session.state(book), EntityState::Deleted);
        assert_eq!(Book::query().select((Book::id, Book::author_id)).all(&*db).await?, [(2, 1)]);
        assert_eq!(Page::query().select((Page::id, Page::book_id)).all(&*db).await?, [(3, 2)]);
        Ok(())
    }
}

mod passive {
    use super::*;

    on_every_database! { library: the_database_removes_what_is_not_in_memory }

    fn library() -> Schema {
        orm::schema![Author, Book]
    }

    #[derive(Model, Clone, Debug, PartialEq)]
    struct Author {
        #[orm(primary_key)]
        id: i64,
        #[orm(back_populates = author, cascade(all, delete_orphan), passive_deletes)]
        books: HasMany<Book>,
    }

    #[derive(Model, Clone, Debug, PartialEq)]
    struct Book {
        #[orm(primary_key)]
        id: i64,
        author_id: i64,
        #[orm(back_populates = books, on_delete = "cascade")]
        author: BelongsTo<Author>,
    }

    async fn the_database_removes_what_is_not_in_memory(db: TestDb) -> Result<()> {
        let writing = db.session();
        for _ in 0..2 {
            writing.add(Author::builder().books([Book::builder(), Book::builder()]));
        }
        writing.commit().await?;
        let session = db.session();
        let (first, second) = (session.get_one::<Author>(1).await?, session.get_one::<Author>(2).await?);
        session.delete(first);
        assert_eq!(statements!(session, session.flush().await?).1, 1);
        let (books, sent) = statements!(session, second.books().await?);
        assert_eq!((books.len(), sent), (2, 1));
        session.delete(second);
        assert_eq!(statements!(session, session.flush().await?).1, 2);
        session.commit().await?;
        assert_eq!((Author::query().count(&*db).await?, Book::query().count(&*db).await?), (0, 0));
        assert!(books.iter().all(|book| session.state(book) == EntityState::Deleted));
        Ok(())
    }
}

mod untouched {
    use super::*;

    on_every_database! { library: children_and_their_keys_are_never_touched }

    fn library() -> Schema {
        orm::schema![Author, Book]
    }

    #[derive(Model, Clone, Debug, PartialEq)]
    struct Author {
        #[orm(primary_key)]
        id: i64,
        #[orm(back_populates = author, passive_deletes = "all")]
        books: HasMany<Book>,
    }

    #[derive(Model, Clone, Debug, PartialEq)]
    struct Book {
        #[orm(primary_key)]
        id: i64,
        author_id: Option<i64>,
        #[orm(back_populates = books, on_delete = "set_null")]
        author: BelongsTo<Option<Author>>,
    }

    async fn children_and_their_keys_are_never_touched(db: TestDb) -> Result<()> {
        let writing = db.session();
        writing.add(Author::builder().books([Book::builder(), Book::builder()]));
        writing.commit().await?;
        let session = db.session();
        let author = Author::query().with(Author::books).one(&session).await?;
        let book = author.books().loaded()?.first().expect("it has two");
        session.delete(author);
        assert_eq!(statements!(session, session.flush().await?).1, 1);
        assert_eq!(book.author_id, Some(1), "as it was read");
        assert_eq!(statements!(session, session.refresh(book).await?).1, 1);
        assert_eq!(book.author_id, None);
        session.commit().await?;
        assert_eq!(Author::query().count(&*db).await?, 0);
        assert_eq!(Book::query().select(Book::author_id).all(&*db).await?, [None, None]);
        Ok(())
    }
}

mod single_owner {
    use super::*;

    on_every_database! { shop: a_target_of_one_owner_is_replaced_refused_and_deleted }

    fn shop() -> Schema {
        orm::schema![Order, Address]
    }

    #[derive(Model, Clone, Debug, PartialEq)]
    struct Order {
        #[orm(primary_key)]
        id: i64,
        address_id: Option<i64>,
        #[orm(cascade(all, delete_orphan), single_parent)]
        address: BelongsTo<Option<Address>>,
    }

    #[derive(Model, Clone, Debug, PartialEq)]
    struct Address {
        #[orm(primary_key)]
        id: i64,
    }

    async fn a_target_of_one_owner_is_replaced_refused_and_deleted(db: TestDb) -> Result<()> {
        let writing = db.session();
        writing.add(Order::builder().address(Address::builder()));
        writing.add(Order::builder());
        writing.commit().await?;
        let session = db.session();
        let orders = Order::query().with(Order::address).order_by(Order::id.asc()).all(&session).await?;
        let new = orders[0].address().set(Address::builder())?.expect("it was set");
        assert_eq!(statements!(session, session.flush().await?).1, 3, "an INSERT, an UPDATE, a DELETE");
        let (second, sent) = statements!(session, orders[1].address().set(new));
        assert!(second.expect_err("it has an owner").to_string().contains("single_parent") && sent == 0);
        session.delete(orders[0]);
        assert_eq!(statements!(session, session.flush().await?).1, 2);
        session.commit().await?;
        assert_eq!(Address::query().count(&*db).await?, 0);
        assert_eq!(Order::query().select((Order::id, Order::address_id)).all(&*db).await?, [(2, None)]);
        Ok(())
    }
}
