//! Set-based writes, a collection that is never loaded, and an upsert, one after another in one transaction.
use crate::models::*;
use orm::{EntityState, Result, prelude::*};
use orm_test_support::{Database, TestDb, on_every_database, statements};

on_every_database! {
    blog:
    set_based_writes_write_only_collections_and_upserts,
    a_collection_that_was_never_loaded_is_written_without_a_select,
    links_are_made_and_taken_away_without_a_select,
}

/// Authors `x` with three posts and `y` with none.
async fn given(db: &Db) -> Result<()> {
    let session = db.session();
    let posts = ["t1", "t2", "t3"].map(|title| Post::builder().title(title));
    session.add(Author::builder().name("x").posts(posts));
    session.flush().await?;
    session.add(Author::builder().name("y"));
    session.commit().await
}

async fn set_based_writes_write_only_collections_and_upserts(db: TestDb) -> Result<()> {
    given(&db).await?;
    let session = db.session();
    let authors = Author::query().order_by(Author::id).all(&session).await?;
    let first = session.get_one::<Post>(1).await?;
    let on_mysql = db.is(Database::MySql);

    let renamed = Author::query().filter(Author::name.eq("x")).set(Author::name, "z");
    let (_, sent) = statements!(session, renamed.update(&session).await?);
    assert_eq!((authors[0].name.as_str(), sent), ("z", 1));

    let upper = Author::query().filter(Author::id.eq(2)).set(Author::name, Author::name.upper());
    let (_, sent) = statements!(session, upper.update(&session).await?);
    assert_eq!((authors[1].name.as_str(), sent), ("Y", if on_mysql { 2 } else { 1 }), "no second SELECT to read it");

    let (_, sent) = statements!(session, {
        authors[0].posts().push(Post::builder().title("t4"))?;
        authors[0].posts().remove(first)?;
        session.flush().await?;
    });
    assert_eq!((first.author_id, sent, authors[0].posts().is_loaded()), (None, 2, false));

    let (_, sent) = statements!(session, Author::query().filter(Author::name.eq("Y")).delete(&session).await?);
    assert_eq!((session.contains(authors[1]), session.state(authors[1]), sent), (false, EntityState::Deleted, 1));

    let up = Author::insert_many([Author::builder().id(1).name("up")]).on_conflict(Author::id).update_all();
    let (up, sent) = statements!(session, up.all(&session).await?);
    assert_eq!((up, authors[0].name.as_str(), sent), (vec![authors[0]], "up", 1));
    session.commit().await?;

    let authors = Author::query().select((Author::id, Author::name)).all(&*db).await?;
    assert_eq!(authors, [(1, "up".to_owned())]);
    let posts = Post::query().order_by(Post::id).select((Post::id, Post::title, Post::author_id)).all(&*db).await?;
    let post = |id, title: &str, author| (id, title.to_owned(), author);
    assert_eq!(posts, [post(1, "t1", None), post(2, "t2", Some(1)), post(3, "t3", Some(1)), post(4, "t4", Some(1))]);
    Ok(())
}

async fn a_collection_that_was_never_loaded_is_written_without_a_select(db: TestDb) -> Result<()> {
    given(&db).await?;
    let session = db.session();
    let author = session.get_one::<Author>(1).await?;
    let post = session.get_one::<Post>(2).await?;
    let (_, sent) = statements!(session, {
        author.posts().push(Post::builder().title("new"))?;
        author.posts().push(Post::builder().title("newer"))?;
        author.posts().remove(post)?;
        session.commit().await?;
    });
    assert_eq!((sent, author.posts().is_loaded()), (2, false), "one INSERT, one UPDATE");
    assert!(author.posts().loaded().expect_err("nobody loaded it").is_not_loaded());
    let titles: Vec<String> = author.posts().await?.iter().map(|post| post.title.clone()).collect();
    assert_eq!(titles, ["t1", "t3", "new", "newer"]);
    Ok(())
}

async fn links_are_made_and_taken_away_without_a_select(db: TestDb) -> Result<()> {
    given(&db).await?;
    Tag::insert_many(["a", "b", "c"].map(|name| Tag::builder().name(name))).run(&*db).await?;
    let session = db.session();
    let (post, tag) = (session.get_one::<Post>(1).await?, session.get_one::<Tag>(1).await?);
    let (_, sent) = statements!(session, {
        post.tags().push(tag)?;
        post.tags().attach([2, 3])?;
        session.commit().await?;
    });
    assert_eq!((sent, post.tags().is_loaded()), (1, false));
    let (_, sent) = statements!(session, {
        post.tags().remove(tag)?;
        post.tags().detach([2])?;
        session.commit().await?;
    });
    assert_eq!((sent, post.tags().is_loaded()), (1, false));
    let names: Vec<String> = post.tags().await?.iter().map(|tag| tag.name.clone()).collect();
    assert_eq!(names, ["c"]);
    Ok(())
}
