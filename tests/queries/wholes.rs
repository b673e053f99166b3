//! Queries put together, computed columns, streams, pages by number, and texts that repeat.
use crate::models::{Author, Book, Station, fill, library, stations};
use orm::{Result, Sorting, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    library:
    a_computed_attribute_is_one_of_values_and_of_queries,
    queries_put_together_have_an_order_and_a_limit,
    an_abandoned_stream_gives_its_connection_back,
    a_stream_comes_in_batches,
    pages_are_numbered_from_one,
    hostile_names_of_orders_are_refused,
}

on_every_database! {
    stations:
    a_circle_ends,
}

async fn a_computed_attribute_is_one_of_values_and_of_queries(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let authors = Author::query().order_by(Author::label_column().desc()).all(&session).await?;
    let labels: Vec<String> = authors.iter().map(|author| author.label()).collect();
    let selected = Author::query().select(Author::label_column()).order_by(Author::label_column().desc());
    assert_eq!(selected.all(&*db).await?, labels);
    assert_eq!(Author::query().filter(Author::label_column().eq("Bob (?)")).one(&session).await?.id, 2);
    let by_path = Book::query().filter(Book::author.path(Author::label_column()).eq("Ann (Rome)"));
    assert_eq!(by_path.count(&session).await?, 3);
    Author::query().filter(Author::id.eq(4)).set(Author::name, Author::label_column()).update(&session).await?;
    assert_eq!(session.get_one::<Author>(4).await?.name, "Dan (Oslo)");
    session.rollback().await
}

async fn queries_put_together_have_an_order_and_a_limit(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let cheap = || Book::query().order_by((Book::price, Book::id)).limit(2);
    let last = || Book::query().order_by(Book::id.desc()).limit(3);
    let ids = async |query: Query<Book>| query.order_by(Book::id.desc()).limit(4).select(Book::id).all(&*db).await;
    assert_eq!(ids(cheap().union(last())).await?, [8, 7, 6, 4]);
    assert_eq!(ids(last().intersect(Book::query().filter(Book::id.lt(8)))).await?, [7, 6]);
    assert_eq!(ids(last().except(Book::query().filter(Book::id.lt(8)))).await?, [8]);
    let twice = last().union_all(last());
    assert_eq!(ids(twice).await?, [8, 8, 7, 7]);
    let names = Author::query().select(Author::name).union(Book::query().filter(Book::id.eq(1)).select(Book::title));
    let name = names.columns();
    assert_eq!(names.order_by(name.desc()).limit(2).offset(1).all(&*db).await?.len(), 2);
    Ok(())
}

async fn an_abandoned_stream_gives_its_connection_back(db: TestDb) -> Result<()> {
    let small = db.under(|options| options.max_connections(2)).await?;
    fill(&small).await?;
    for _ in 0..5 {
        let mut stream = Book::query().order_by(Book::id).stream(&small);
        assert!(stream.next().await.transpose()?.is_some());
        drop(stream);
    }
    assert_eq!(Book::query().count(&small).await?, 8, "a connection is free");
    Book::query().filter(Book::id.eq(1)).set(Book::title, "changed").update(&small).await?;
    Ok(())
}

async fn a_stream_comes_in_batches(db: TestDb) -> Result<()> {
    let rows = (0..2_500).map(|number| Author::builder().name(format!("{number:04}")));
    Author::insert_many(rows).run(&*db).await?;
    let mut stream = Author::query().order_by(Author::name).stream(&db);
    let mut names = Vec::new();
    while let Some(author) = stream.next().await {
        names.push(author?.name);
    }
    assert_eq!((names.len(), names[0].as_str(), names[2_499].as_str()), (2_500, "0000", "2499"));
    assert!(names.is_sorted());
    Ok(())
}

async fn pages_are_numbered_from_one(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let page = async |number, size| Book::query().order_by(Book::id).page(&*db, number, size).await;
    for (number, size) in [(0, 5), (1, 0)] {
        let error = page(number, size).await.expect_err("no such page").to_string();
        assert!(error.contains("counted from 1"), "{error}");
    }
    let last = page(3, 3).await?;
    assert_eq!((last.items.len(), last.total, last.number, last.size, last.pages()), (2, 8, 3, 3, 3));
    for beyond in [4, 1_000_000, u64::MAX] {
        let page = page(beyond, 3).await?;
        assert_eq!((page.items.len(), page.total, page.pages()), (0, 8, 3), "page {beyond}");
    }
    let session = db.session();
    let (page, sent) = statements!(session, Book::query().order_by(Book::id).page(&session, 1, 2).await?);
    assert_eq!((page.items.len(), page.total, sent), (2, 8, 2));
    let json = serde_json::to_value(Author::query().filter(Author::id.gt(9)).page(&*db, 1, 2).await?.total);
    assert_eq!(json.map_err(orm::Error::other)?, 0);
    Ok(())
}

async fn hostile_names_of_orders_are_refused(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let sorting = Sorting::<Book>::new().allow("title", Book::title).allow("price", Book::price);
    let hostile =
        ["author_id", "title; DROP TABLE books", "title desc", "\"title\"", "--title", "TITLE", "title--", "1", "*"];
    for text in hostile {
        let error = sorting.parse(text).expect_err("not allowed").to_string();
        assert!(error.contains("title, price"), "{error}");
    }
    assert_eq!(sorting.parse(" -title , ,price,")?.len(), 2);
    assert_eq!(Book::query().order_by(sorting.parse("-title")?).first(&*db).await?.map(|book| book.id), Some(8));
    Ok(())
}

async fn a_circle_ends(db: TestDb) -> Result<()> {
    let session = db.session();
    let first = session.add(Station::builder().name("first"));
    let second = session.add(Station::builder().name("second").next(first));
    session.add(Station::builder().name("aside"));
    session.flush().await?;
    first.next().set(second)?;
    session.commit().await?;
    let all = Station::query().filter(Station::id.eq(first.id)).reachable(Station::next);
    let found = all.order_by(Station::id).all(&session).await?;
    assert_eq!(found, [first, second]);
    let one = Station::query().filter(Station::name.eq("aside")).reachable(Station::previous);
    assert_eq!(one.count(&session).await?, 1);
    Ok(())
}
