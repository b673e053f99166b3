//! Pages by key over any order: columns behind relationships, expressions, numbers over related rows.
use crate::models::{Author, Book, Tag, fill, library};
use orm::{Cursor, Keyset, OrderBy, Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};
use proptest::prelude::*;

on_every_database! {
    library:
    pages_follow_any_order_in_both_directions,
    random_orders_give_the_rows_of_the_whole,
    entities_come_with_what_is_loaded_along,
    a_page_of_any_order_is_one_statement,
    the_cursor_holds_what_the_database_had,
    a_cursor_of_another_expression_is_refused,
    an_aggregate_is_no_order_of_rows,
    a_join_that_repeats_rows_must_be_distinct,
    an_order_may_go_along_a_join_to_one,
}

fn orders() -> Vec<Vec<OrderBy<Book>>> {
    vec![
        vec![Book::author.path(Author::name).desc()],
        vec![Book::author.path(Author::town).asc(), Book::price.desc()],
        vec![Book::editor.path(Author::name).asc().nulls_first()],
        vec![Book::editor.path(Author::name).desc().nulls_last(), Book::title.desc()],
        vec![Book::editor.path(Author::town).asc().nulls_last(), Book::author.path(Author::id).desc()],
        vec![Book::title.lower().desc(), Book::id.asc()],
        vec![Book::tags.count().desc()],
        vec![Book::tags.max(Tag::word).asc().nulls_last(), Book::price.asc()],
        vec![(Book::price * 3).desc(), Book::editor_id.asc()],
        vec![Book::author.path(Author::label_column()).asc()],
        vec![Book::author.path(Author::books.sum(Book::price)).desc()],
        vec![Book::author.path(Author::books.avg(Book::price)).asc(), (Book::price * 3).desc()],
        vec![Book::author.path(Author::books.avg(Book::id)).asc()],
        vec![Book::editor_id.coalesce(2).desc(), orm::case().when(Book::price.gt(dec!(1)), 1).otherwise(2).asc()],
    ]
}

/// The same with an order in which no two rows are equal.
fn total(order: &[OrderBy<Book>], descending: bool) -> Query<Book> {
    let last = if descending { Book::id.desc() } else { Book::id.asc() };
    Book::query().order_by(order.to_vec()).order_by(last)
}

fn ids(books: &[Book]) -> Vec<i64> {
    books.iter().map(|book| book.id).collect()
}

async fn forwards(db: &Db, pages: &Keyset<Book>) -> Result<(Vec<i64>, Option<Cursor>)> {
    let (mut seen, mut at) = (Vec::new(), None);
    loop {
        let page = pages.clone().after(at.clone()).page(db).await?;
        seen.extend(ids(&page.items));
        assert!(seen.len() <= 8, "rows come again: {seen:?} of {pages:?}");
        let Some(next) = page.next else { return Ok((seen, at)) };
        at = Some(next.to_string().parse()?);
    }
}

async fn backwards(db: &Db, pages: &Keyset<Book>, from: Cursor) -> Result<Vec<i64>> {
    let (mut seen, mut at) = (Vec::new(), from);
    loop {
        let page = pages.clone().before(at).page(db).await?;
        seen.splice(0..0, ids(&page.items));
        assert!(seen.len() <= 8, "rows come again: {seen:?} of {pages:?}");
        let Some(previous) = page.previous else { return Ok(seen) };
        at = previous;
    }
}

/// All pages of an order are the whole, forwards, and backwards from the last.
async fn check(db: &Db, order: Vec<OrderBy<Book>>, (descending, size): (bool, u64)) -> Result<()> {
    let whole = ids(&total(&order, descending).all(db).await?);
    let pages = Book::query().order_by(order.clone()).keyset(size);
    let (seen, last) = forwards(db, &pages).await?;
    assert_eq!(seen, whole, "{order:?} by {size}");
    let Some(last) = last else { return Ok(()) };
    let begin = (whole.len() - 1) / size as usize * size as usize;
    assert_eq!(backwards(db, &pages, last).await?, whole[..begin - 1], "back: {order:?} by {size}");
    Ok(())
}

fn ends_downwards(order: &[OrderBy<Book>]) -> bool {
    format!("{:?}", order.last()).contains("descending: true")
}

async fn pages_follow_any_order_in_both_directions(db: TestDb) -> Result<()> {
    fill(&db).await?;
    for order in orders() {
        for size in [1, 3, 7, 8] {
            let descending = ends_downwards(&order);
            check(&db, order.clone(), (descending, size)).await?;
        }
    }
    Ok(())
}

async fn random_orders_give_the_rows_of_the_whole(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let terms: Vec<OrderBy<Book>> = orders().into_iter().flatten().collect();
    let some = proptest::collection::vec((0..terms.len(), 0..4_u8, any::<bool>()), 1..4);
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for _ in 0..25 {
        let tree =
            (some.clone(), 1..5_u64).new_tree(&mut runner).map_err(|error| orm::Error::other(error.to_string()))?;
        let (picked, size) = proptest::strategy::ValueTree::current(&tree);
        let order: Vec<OrderBy<Book>> = picked.into_iter().map(|pick| varied(&terms, pick)).collect();
        let descending = ends_downwards(&order);
        check(&db, order, (descending, size)).await?;
    }
    Ok(())
}

fn varied(terms: &[OrderBy<Book>], (number, nulls, reversed): (usize, u8, bool)) -> OrderBy<Book> {
    let term = if reversed { terms[number].clone().reversed() } else { terms[number].clone() };
    match nulls {
        0 => term.nulls_first(),
        1 => term.nulls_last(),
        _ => term,
    }
}

async fn entities_come_with_what_is_loaded_along(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let pages = || {
        let books = Book::query().with(Book::author.joined()).with(Book::tags.joined());
        books.order_by((Book::tags.count().desc(), Book::author.path(Author::name))).keyset(3)
    };
    let first = pages().page(&session).await?;
    let second = pages().after(first.next).page(&session).await?;
    let ids: Vec<i64> = first.items.iter().chain(&second.items).map(|book| book.id).collect();
    let whole = total(&[Book::tags.count().desc(), Book::author.path(Author::name).asc()], false);
    let whole: Vec<i64> = whole.limit(6).all(&session).await?.iter().map(|book| book.id).collect();
    assert_eq!(ids, whole);
    let (tags, sent) = statements!(session, second.items[0].tags().loaded()?.len());
    assert_eq!((tags, sent), (2, 0));
    Ok(())
}

async fn a_page_of_any_order_is_one_statement(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let pages = || Book::query().order_by(Book::author.path(Author::name.lower())).keyset(3);
    let (first, sent) = statements!(session, pages().page(&session).await?);
    assert_eq!((first.items.len(), sent), (3, 1));
    let (second, sent) = statements!(session, pages().after(first.next).page(&session).await?);
    assert_eq!((second.items.len(), sent), (3, 1));
    Ok(())
}

async fn the_cursor_holds_what_the_database_had(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let book = session.get_one::<Book>(1).await?;
    session.commit().await?;
    let _ = Book::query().filter(Book::id.eq(1)).set(Book::title, "Book 9").update(&*db).await?;
    // In this transaction the entity keeps the title that it has: the page is that of the database all the same.
    let again = session.get_one::<Book>(2).await?;
    let _ = (book, again);
    let pages = || Book::query().order_by(Book::title).keyset(7);
    let first = pages().page(&session).await?;
    let second = pages().after(first.next).page(&session).await?;
    assert_eq!(second.items.iter().map(|book| book.id).collect::<Vec<_>>(), [1]);
    Ok(())
}

async fn a_cursor_of_another_expression_is_refused(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let page = |order: OrderBy<Book>| Book::query().order_by(order).keyset(2);
    let next = page(Book::title.lower().asc()).page(&*db).await?.next;
    assert_eq!(page(Book::title.lower().asc()).after(next.clone()).page(&*db).await?.items.len(), 2);
    for other in
        [Book::title.lower().desc(), Book::title.upper().asc(), Book::title.asc(), Book::title.concat("!").asc()]
    {
        let error = page(other).after(next.clone()).page(&*db).await.expect_err("another order").to_string();
        assert!(error.contains("begin again at the first page"), "{error}");
    }
    let by_two = page(Book::editor_id.coalesce(2).asc()).page(&*db).await?.next;
    assert!(page(Book::editor_id.coalesce(3).asc()).after(by_two).page(&*db).await.is_err(), "another bound value");
    Ok(())
}

async fn an_aggregate_is_no_order_of_rows(db: TestDb) -> Result<()> {
    let number = orm::row_number().over(orm::window().order_by(Book::price));
    for order in [Book::price.max().asc(), number.asc()] {
        let error = Book::query().order_by(order).keyset(2).page(&*db).await.expect_err("several rows").to_string();
        assert!(error.contains("page(number, size)"), "{error}");
    }
    Ok(())
}

async fn a_join_that_repeats_rows_must_be_distinct(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let tags = Book::tags.alias("tags");
    let books = || Book::query().join(&tags).filter(tags.column(Tag::word).ne("none")).order_by(Book::title);
    let error = books().keyset(2).page(&*db).await.expect_err("rows repeat").to_string();
    assert!(error.contains(".distinct()"), "{error}");
    let whole = ids(&books().distinct().all(&*db).await?);
    assert_eq!(forwards(&db, &books().distinct().keyset(2)).await?.0, whole);
    Ok(())
}

async fn an_order_may_go_along_a_join_to_one(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let author = Book::author.alias("author");
    let books = || Book::query().join(&author).order_by(author.column(Author::name).desc());
    let whole = ids(&books().order_by(Book::id.desc()).all(&*db).await?);
    assert_eq!(forwards(&db, &books().keyset(3)).await?.0, whole);
    Ok(())
}
