//! Children that a deletion leaves to the database, and rows that are only read.
use orm::{EntityState, Result, prelude::*, schema::Schema};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    shelves:
    children_that_are_in_memory_lose_their_key_by_an_update,
    children_that_are_left_alone_keep_their_key_in_memory,
    what_is_left_to_the_database_is_what_it_refuses,
    taking_a_child_out_by_hand_clears_its_key,
    links_are_left_to_the_database_too,
    what_the_database_deletes_along_is_deleted_in_memory,
}

fn shelves() -> Schema {
    orm::schema![Shelf, Book, Note, Label, Card]
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "shelves")]
struct Shelf {
    #[orm(primary_key)]
    id: i64,
    #[orm(back_populates = shelf, passive_deletes)]
    books: HasMany<Book>,
    #[orm(back_populates = shelf, passive_deletes = "all")]
    notes: HasMany<Note>,
    #[orm(through("shelf_labels", shelf_id, label_id), passive_deletes)]
    labels: ManyToMany<Label>,
    #[orm(back_populates = shelf, cascade(all), passive_deletes)]
    cards: HasMany<Card>,
}

/// Goes with its shelf, which the database sees to.
#[derive(Model, Clone, Debug, PartialEq)]
struct Card {
    #[orm(primary_key)]
    id: i64,
    text: String,
    shelf_id: i64,
    #[orm(back_populates = cards, on_delete = "cascade")]
    shelf: BelongsTo<Shelf>,
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Book {
    #[orm(primary_key)]
    id: i64,
    shelf_id: Option<i64>,
    #[orm(back_populates = books, on_delete = "set_null")]
    shelf: BelongsTo<Option<Shelf>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Note {
    #[orm(primary_key)]
    id: i64,
    shelf_id: Option<i64>,
    #[orm(back_populates = notes)]
    shelf: BelongsTo<Option<Shelf>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Label {
    #[orm(primary_key)]
    id: i64,
}

async fn children_that_are_in_memory_lose_their_key_by_an_update(db: TestDb) -> Result<()> {
    let writing = db.session();
    for _ in 0..2 {
        writing.add(Shelf::builder().books([Book::builder(), Book::builder()]));
    }
    writing.commit().await?;
    let session = db.session();
    let (first, second) = (session.get_one::<Shelf>(1).await?, session.get_one::<Shelf>(2).await?);
    let books = second.books().await?;
    session.delete(first);
    assert_eq!(statements!(session, session.flush().await?).1, 1, "ON DELETE SET NULL does the rest");
    session.delete(second);
    assert_eq!(statements!(session, session.flush().await?).1, 2, "those in memory are told");
    assert!(books.iter().all(|book| book.shelf_id.is_none()));
    session.commit().await?;
    assert_eq!(Book::query().filter(Book::shelf_id.is_null()).count(&*db).await?, 4);
    Ok(())
}

async fn children_that_are_left_alone_keep_their_key_in_memory(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(Shelf::builder().notes([Note::builder(), Note::builder()]));
    writing.commit().await?;
    let session = db.session();
    let shelf = session.get_one::<Shelf>(1).await?;
    let notes: Vec<_> = shelf.notes().await?.iter().collect();
    Note::query().filter(Note::shelf_id.eq(1)).set(Note::shelf_id, None::<i64>).update(&*db).await?;
    session.delete(shelf);
    assert_eq!(session.plan()?.to_string(), "delete shelves ×1 [1]");
    assert_eq!(statements!(session, session.flush().await?).1, 1);
    assert_eq!(notes.iter().map(|note| note.shelf_id).collect::<Vec<_>>(), [Some(1), Some(1)]);
    session.refresh(notes[0]).await?;
    assert_eq!((notes[0].shelf_id, session.state(notes[1])), (None, EntityState::Persistent));
    session.commit().await
}

async fn what_is_left_to_the_database_is_what_it_refuses(db: TestDb) -> Result<()> {
    let session = db.session();
    let shelf = session.add(Shelf::builder().notes([Note::builder()]));
    session.commit().await?;
    session.delete(shelf);
    assert!(session.commit().await.expect_err("a note names it").is_foreign_key_violation());
    session.rollback().await
}

async fn taking_a_child_out_by_hand_clears_its_key(db: TestDb) -> Result<()> {
    let session = db.session();
    let shelf = session.add(Shelf::builder().notes([Note::builder()]));
    session.commit().await?;
    let note = shelf.notes().loaded()?.first().expect("it was given");
    shelf.notes().remove(note)?;
    assert_eq!((note.shelf_id, note.shelf().loaded()?), (None, None), "both sides agree, as ever");
    session.commit().await?;
    assert_eq!(Note::query().one(&*db).await?.shelf_id, None);
    Ok(())
}

async fn links_are_left_to_the_database_too(db: TestDb) -> Result<()> {
    let session = db.session();
    let shelf = session.add(Shelf::builder().labels([Label::builder(), Label::builder()]));
    session.commit().await?;
    session.delete(shelf);
    assert_eq!(session.plan()?.len(), 1, "the keys of a link table cascade");
    session.commit().await?;
    assert_eq!((Label::query().count(&*db).await?, Shelf::query().count(&*db).await?), (2, 0));
    Ok(())
}

mod read_only {
    use super::*;

    on_every_database! {
        accounts:
        rows_of_a_view_take_no_part_in_a_deletion,
        rows_of_a_view_are_not_written,
    }

    fn accounts() -> Schema {
        orm::schema![Account, Booking, Sum]
    }

    #[derive(Model, Clone, Debug, PartialEq)]
    struct Account {
        #[orm(primary_key)]
        id: i64,
        #[orm(back_populates = account, cascade(all, delete_orphan))]
        bookings: HasMany<Booking>,
        #[orm(foreign_key = Sum::account_id)]
        sums: HasMany<Sum>,
    }

    #[derive(Model, Clone, Debug, PartialEq)]
    struct Booking {
        #[orm(primary_key)]
        id: i64,
        account_id: i64,
        amount: i32,
        #[orm(back_populates = bookings)]
        account: BelongsTo<Account>,
    }

    /// As of a view: the bookings again, to be read only.
    #[derive(Model, Clone, Debug, PartialEq)]
    #[orm(table = "bookings", read_only)]
    struct Sum {
        #[orm(primary_key)]
        id: i64,
        account_id: i64,
        amount: i32,
    }

    async fn with_bookings(db: &TestDb) -> Result<()> {
        let session = db.session();
        session.add(Account::builder().bookings([5, 20, 30].map(|amount| Booking::builder().amount(amount))));
        session.commit().await
    }

    async fn rows_of_a_view_take_no_part_in_a_deletion(db: TestDb) -> Result<()> {
        with_bookings(&db).await?;
        let session = db.session();
        let account = session.get_one::<Account>(1).await?;
        assert_eq!(account.sums().await?.len(), 3, "lazy");
        let eager = Account::query().with((Account::sums.joined(), Account::bookings)).one(&*db).await?;
        assert_eq!(eager.sums.get()?.len(), 3, "joined");
        session.delete(account);
        let (_, sent) = statements!(session, session.commit().await?);
        assert_eq!((sent, Booking::query().count(&*db).await?), (3, 0), "the bookings' SELECT, two DELETEs");
        Ok(())
    }

    async fn rows_of_a_view_are_not_written(db: TestDb) -> Result<()> {
        with_bookings(&db).await?;
        let session = db.session();
        let account = session.get_one::<Account>(1).await?;
        account.sums().push(Sum::builder().amount(1))?;
        let error = session.commit().await.expect_err("it is a view");
        assert!(error.to_string().contains("Sum is declared `read_only`"), "{error}");
        session.rollback().await
    }
}

async fn what_the_database_deletes_along_is_deleted_in_memory(db: TestDb) -> Result<()> {
    let writing = db.session();
    let shelf = Shelf::builder().cards([Card::builder().text("a"), Card::builder().text("b")]);
    writing.add_all([shelf, Shelf::builder().cards([Card::builder().text("c")])]);
    writing.commit().await?;
    let session = db.session();
    // They were not reached through the shelf, so that its list is not known.
    let cards = Card::query().order_by(Card::id).all(&session).await?;
    cards[1].set(Card::text, "changed");
    session.delete(session.get_one::<Shelf>(1).await?);
    session.flush().await?;
    assert_eq!(cards.iter().map(|card| session.state(*card)).collect::<Vec<_>>(), {
        [EntityState::Deleted, EntityState::Deleted, EntityState::Persistent]
    });
    assert!(!session.has_changes() && session.get::<Card>(cards[0].id).await?.is_none());
    session.rollback().await?;
    assert!(cards.iter().all(|card| session.contains(*card)), "the shelf is back, and all that was on it");
    session.delete(session.get_one::<Shelf>(1).await?);
    session.commit().await?;
    assert_eq!(Card::query().all(&session).await?, [cards[2]]);
    Ok(())
}
