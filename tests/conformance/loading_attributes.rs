//! Loading that the attributes of models ask for, and eager loading of trees and composite keys.
use crate::{fixtures::tree_with, models::*};
use orm::{Result, prelude::*, schema::Schema};
use orm_test_support::{TestDb, on_every_database};

on_every_database! {
    graph:
    a_tree_is_loaded_to_a_depth,
    parents_of_a_tree_are_loaded_to_a_depth,
}

on_every_database! {
    keys:
    composite_keys_are_loaded_by_every_strategy,
}

on_every_database! {
    library:
    attributes_load_with_every_query,
    attributes_stop_at_the_way_back,
    a_query_overrules_an_attribute,
    an_attribute_may_raise,
}

/// Models whose attributes say how they load.
fn library() -> Schema {
    orm::schema![Shelf, Book, Chapter, Review]
}

#[derive(Model, Clone, Debug)]
#[orm(table = "shelves")]
struct Shelf {
    #[orm(primary_key)]
    id: i64,
    name: String,
    #[orm(back_populates = shelf, load = "selectin", order_by = Book::title)]
    books: HasMany<Book>,
}

#[derive(Model, Clone, Debug)]
struct Book {
    #[orm(primary_key)]
    id: i64,
    title: String,
    shelf_id: i64,
    #[orm(back_populates = books, load = "joined")]
    shelf: BelongsTo<Shelf>,
    #[orm(back_populates = book, load = "subquery")]
    chapters: HasMany<Chapter>,
    #[orm(back_populates = book, load = "raise")]
    reviews: HasMany<Review>,
}

#[derive(Model, Clone, Debug)]
struct Chapter {
    #[orm(primary_key)]
    id: i64,
    book_id: i64,
    #[orm(back_populates = chapters, load = "joined")]
    book: BelongsTo<Book>,
}

#[derive(Model, Clone, Debug)]
struct Review {
    #[orm(primary_key)]
    id: i64,
    stars: i32,
    book_id: i64,
    #[orm(back_populates = reviews)]
    book: BelongsTo<Book>,
}

async fn shelf_with_books(db: &Db) -> Result<()> {
    let session = db.session();
    let shelf = session.add(Shelf::builder().name("novels"));
    for title in ["b", "a"] {
        let book = session.add(Book::builder().title(title).shelf(shelf));
        session.add(Chapter::builder().book(book));
        session.add(Review::builder().book(book).stars(5));
    }
    session.commit().await
}

async fn a_tree_is_loaded_to_a_depth(db: TestDb) -> Result<()> {
    tree_with(&db, 2).await?;
    let session = db.session();
    let roots = Category::query().filter(Category::parent_id.is_null());
    let root = roots.clone().with(Category::children.selectin().recursive(2)).one(&session).await?;
    assert_eq!(session.statement_count(), 3);
    for child in root.children().loaded()? {
        for leaf in child.children().loaded()? {
            assert!(!leaf.children().is_loaded());
        }
    }
    let other = db.session();
    let root = roots.with(Category::children.selectin().recursive(9)).one(&other).await?;
    assert_eq!(other.statement_count(), 4, "it ends at the leaves");
    let child = root.children().loaded()?.first().expect("there are two");
    assert!(child.children().loaded()?.iter().all(|leaf| leaf.children().loaded().is_ok_and(|none| none.is_empty())));
    Ok(())
}

async fn parents_of_a_tree_are_loaded_to_a_depth(db: TestDb) -> Result<()> {
    tree_with(&db, 2).await?;
    let session = db.session();
    let leaf = Category::query().filter(Category::name.eq("1.1"));
    let leaf = leaf.with(Category::parent.selectin().recursive(3)).one(&session).await?;
    let child = leaf.parent().loaded()?.expect("it has a parent");
    let root = child.parent().loaded()?.expect("it has a parent");
    assert_eq!((root.name.as_str(), root.parent().loaded()?), ("root", None));
    assert_eq!(session.statement_count(), 3);
    Ok(())
}

async fn composite_keys_are_loaded_by_every_strategy(db: TestDb) -> Result<()> {
    let writing = db.session();
    for number in 1..=3 {
        let region = writing.add(Region::builder().area("north").number(number).name("n"));
        for _ in 1..number {
            region.sites().push(Site::builder())?;
        }
    }
    writing.add(Site::builder());
    writing.commit().await?;
    let loads = [
        (Region::sites.selectin(), Site::region.selectin()),
        (Region::sites.joined(), Site::region.joined()),
        (Region::sites.subquery(), Site::region.subquery()),
    ];
    for (down, up) in loads {
        let session = db.session();
        let regions = Region::query().order_by(Region::number.asc()).with(down).all(&session).await?;
        let counts = regions.iter().map(|region| Ok(region.sites().loaded()?.len())).collect::<Result<Vec<_>>>()?;
        assert_eq!(counts, [0, 1, 2]);
        let other = db.session();
        let sites = Site::query().with(up).all(&other).await?;
        for site in sites {
            assert_eq!(site.region().loaded()?.map(|region| region.number), site.number);
        }
    }
    Ok(())
}

async fn attributes_load_with_every_query(db: TestDb) -> Result<()> {
    shelf_with_books(&db).await?;
    let session = db.session();
    let shelf = Shelf::query().one(&session).await?;
    assert_eq!(session.statement_count(), 3, "the shelf, its books, their chapters");
    let books = shelf.books().loaded()?;
    assert_eq!(books.iter().map(|book| book.value().title.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert!(books.iter().all(|book| book.chapters().is_loaded() && !book.reviews().is_loaded()));
    let other = db.session();
    let shelf = other.get_one::<Shelf>(shelf.id).await?;
    assert!(shelf.books().is_loaded());
    Ok(())
}

async fn attributes_stop_at_the_way_back(db: TestDb) -> Result<()> {
    shelf_with_books(&db).await?;
    let session = db.session();
    let book = Book::query().filter(Book::title.eq("a")).one(&session).await?;
    // Its shelf is joined, its chapters are a statement; neither loads books again.
    assert_eq!(session.statement_count(), 2);
    assert!(book.shelf().is_loaded() && !book.shelf().loaded()?.books().is_loaded());
    Ok(())
}

async fn a_query_overrules_an_attribute(db: TestDb) -> Result<()> {
    shelf_with_books(&db).await?;
    let session = db.session();
    let shelf = Shelf::query().with(Shelf::books.lazy()).one(&session).await?;
    assert_eq!((session.statement_count(), shelf.books().is_loaded()), (1, false));
    let other = db.session();
    let books = Book::query().with(Book::reviews).all(&other).await?;
    for book in books {
        assert_eq!(book.reviews().await?.len(), 1, "what a query names by itself is loaded");
    }
    Ok(())
}

async fn an_attribute_may_raise(db: TestDb) -> Result<()> {
    shelf_with_books(&db).await?;
    let session = db.session();
    let book = Book::query().first(&session).await?.expect("two were added");
    let error = book.reviews().await.expect_err("it is declared as raise");
    assert!(error.to_string().contains("Book::reviews"), "{error}");
    Ok(())
}
