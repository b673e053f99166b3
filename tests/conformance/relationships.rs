//! Both sides of every relationship change together, in memory, before anything is written.
use crate::models::*;
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database};

on_every_database! {
    blog:
    a_pushed_child_knows_its_parent_at_once,
    moving_a_child_takes_it_out_of_the_old_parent,
    setting_the_parent_moves_the_child_between_the_lists,
    a_key_changed_by_hand_moves_the_child,
    the_last_word_of_key_and_relationship_wins,
    clearing_the_parent_takes_the_child_out,
    removing_from_a_plain_collection_nulls_the_key,
    a_removed_child_can_be_pushed_again,
    pushing_twice_is_once,
    an_unloaded_collection_remembers_pushes_and_removals,
    an_unloaded_collection_forgets_what_is_written,
    set_replaces_the_members,
    clear_takes_all_members_out,
    iterating_while_pushing_sees_the_list_as_it_was,
    a_one_to_one_displaces_the_old_partner_on_both_sides,
    a_one_to_one_moves_between_owners,
    clearing_a_one_to_one_frees_the_partner,
    a_partner_in_the_database_is_displaced_though_it_was_not_loaded,
    setting_by_key_never_displaces,
    a_pushed_value_with_a_key_is_the_entity_in_memory,
}

async fn two_authors(db: &TestDb) -> Result<()> {
    let session = db.session();
    session.add(Author::builder().name("A1").posts([Post::builder().title("p1"), Post::builder().title("p2")]));
    session.add(Author::builder().name("A2"));
    session.commit().await
}

/// Title and author of all posts, as the database has them.
async fn stored(db: &TestDb) -> Result<Vec<(String, Option<i64>)>> {
    Post::query().order_by(Post::id.asc()).select((Post::title, Post::author_id)).all(&**db).await
}

fn rows(expected: &[(&str, Option<i64>)]) -> Vec<(String, Option<i64>)> {
    expected.iter().map(|(title, author)| ((*title).to_owned(), *author)).collect()
}

async fn a_pushed_child_knows_its_parent_at_once(db: TestDb) -> Result<()> {
    let session = db.session();
    let author = session.add(Author::builder().name("A"));
    let post = author.posts().push(Post::builder().title("p"))?;
    assert_eq!(post.author().loaded()?, Some(author));
    let other = session.add(Post::builder().title("q").author(author));
    assert_eq!(author.posts().loaded()?.iter().collect::<Vec<_>>(), [post, other]);
    session.commit().await?;
    assert_eq!(session.statement_count(), 2);
    assert_eq!(stored(&db).await?, rows(&[("p", Some(author.id)), ("q", Some(author.id))]));
    Ok(())
}

async fn moving_a_child_takes_it_out_of_the_old_parent(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let (first, second) = (session.get_one::<Author>(1).await?, session.get_one::<Author>(2).await?);
    let post = first.posts().await?.first().expect("it has two");
    second.posts().await?;
    let before = session.statement_count();
    second.posts().push(post)?;
    assert!(!first.posts().loaded()?.contains(post) && second.posts().loaded()?.contains(post));
    assert_eq!((post.author().loaded()?, post.author_id), (Some(second), Some(2)));
    session.commit().await?;
    assert_eq!(session.statement_count() - before, 1);
    assert_eq!(stored(&db).await?, rows(&[("p1", Some(2)), ("p2", Some(1))]));
    Ok(())
}

async fn setting_the_parent_moves_the_child_between_the_lists(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let authors = Author::query().with(Author::posts.selectin()).order_by(Author::id.asc()).all(&session).await?;
    let post = authors[0].posts().loaded()?.first().expect("it has two");
    post.author().set(authors[1])?;
    assert_eq!((authors[0].posts().loaded()?.len(), authors[1].posts().loaded()?.len()), (1, 1));
    let new = post.author().set(Author::builder().name("A3"))?.expect("it was set");
    assert!(authors[1].posts().loaded()?.is_empty());
    session.commit().await?;
    assert_eq!(stored(&db).await?, rows(&[("p1", Some(new.id)), ("p2", Some(1))]));
    Ok(())
}

async fn a_key_changed_by_hand_moves_the_child(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let authors = Author::query().with(Author::posts.selectin()).order_by(Author::id.asc()).all(&session).await?;
    let post = authors[0].posts().loaded()?.first().expect("it has two");
    post.set(Post::author_id, 2);
    assert!(!authors[0].posts().loaded()?.contains(post) && authors[1].posts().loaded()?.contains(post));
    assert_eq!(post.author().loaded()?, Some(authors[1]));
    post.set(Post::author_id, None);
    assert!(authors[1].posts().loaded()?.is_empty());
    assert_eq!(post.author().loaded()?, None);
    session.commit().await?;
    assert_eq!(stored(&db).await?, rows(&[("p1", None), ("p2", Some(1))]));
    Ok(())
}

async fn the_last_word_of_key_and_relationship_wins(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let posts = Post::query().order_by(Post::id.asc()).all(&session).await?;
    let (first, second) = (session.get_one::<Author>(1).await?, session.get_one::<Author>(2).await?);
    posts[0].author().set(first)?;
    posts[0].set(Post::author_id, 2);
    posts[1].set(Post::author_id, 1);
    posts[1].author().set(second)?;
    let added = session.add(Post::builder().title("p3").author(Author::builder().name("A3")));
    added.set(Post::author_id, 1);
    session.commit().await?;
    assert_eq!(stored(&db).await?, rows(&[("p1", Some(2)), ("p2", Some(2)), ("p3", Some(1))]));
    Ok(())
}

async fn clearing_the_parent_takes_the_child_out(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let author = session.get_one::<Author>(1).await?;
    let post = author.posts().await?.first().expect("it has two");
    post.author().clear()?;
    assert_eq!((author.posts().loaded()?.len(), post.author_id), (1, None));
    session.commit().await?;
    assert_eq!(stored(&db).await?, rows(&[("p1", None), ("p2", Some(1))]));
    Ok(())
}

async fn removing_from_a_plain_collection_nulls_the_key(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let author = session.get_one::<Author>(1).await?;
    let post = author.posts().await?.first().expect("it has two");
    let before = session.statement_count();
    author.posts().remove(post)?;
    assert_eq!((post.author().loaded()?, post.author_id), (None, None));
    session.commit().await?;
    assert_eq!(session.statement_count() - before, 1);
    assert_eq!(stored(&db).await?, rows(&[("p1", None), ("p2", Some(1))]));
    Ok(())
}

async fn a_removed_child_can_be_pushed_again(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let author = session.get_one::<Author>(1).await?;
    let post = author.posts().await?.first().expect("it has two");
    author.posts().remove(post)?;
    author.posts().push(post)?;
    let before = session.statement_count();
    session.commit().await?;
    assert_eq!(session.statement_count(), before, "nothing changed in the end");
    assert_eq!((author.posts().loaded()?.len(), post.author().loaded()?), (2, Some(author)));
    Ok(())
}

async fn pushing_twice_is_once(db: TestDb) -> Result<()> {
    let session = db.session();
    let author = session.add(Author::builder().name("A"));
    let post = author.posts().push(Post::builder().title("p"))?;
    author.posts().push(post)?;
    let tag = post.tags().push(Tag::builder().name("t"))?;
    post.tags().push(tag)?;
    tag.posts().push(post)?;
    session.commit().await?;
    author.posts().push(post)?;
    post.tags().push(tag)?;
    session.commit().await?;
    assert_eq!((author.posts().loaded()?.len(), post.tags().loaded()?.len(), tag.posts().loaded()?.len()), (1, 1, 1));
    assert_eq!(session.statement_count(), 4);
    Ok(())
}

async fn an_unloaded_collection_remembers_pushes_and_removals(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let author = session.get_one::<Author>(1).await?;
    let post = session.get_one::<Post>(1).await?;
    let added = author.posts().push(Post::builder().title("p3"))?;
    author.posts().remove(post)?;
    assert!(!author.posts().is_loaded());
    let loaded = session.no_autoflush(async || author.posts().await).await?;
    let titles: Vec<&str> = loaded.iter().map(|post| post.value().title.as_str()).collect();
    assert_eq!(titles, ["p2", "p3"]);
    session.commit().await?;
    assert_eq!(added.author_id, Some(1));
    assert_eq!(stored(&db).await?, rows(&[("p1", None), ("p2", Some(1)), ("p3", Some(1))]));
    Ok(())
}

async fn an_unloaded_collection_forgets_what_is_written(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let author = session.get_one::<Author>(1).await?;
    let (first, second) = (session.get_one::<Post>(1).await?, session.get_one::<Post>(2).await?);
    author.posts().remove(first)?;
    let added = author.posts().push(Post::builder().title("p3"))?;
    session.commit().await?;
    Post::query().filter(Post::id.eq(1)).set(Post::author_id, 1).update(&*db).await?;
    Post::query().filter(Post::id.eq(added.id)).set(Post::author_id, None::<i64>).update(&*db).await?;
    second.set(Post::title, "changed, so that something is unwritten");
    let loaded = session.no_autoflush(async || author.posts().await).await?;
    assert!(loaded.len() == 2 && loaded.contains(first) && loaded.contains(second));
    Ok(())
}

async fn set_replaces_the_members(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let author = session.get_one::<Author>(1).await?;
    let kept = session.get_one::<Post>(2).await?;
    let new = session.add(Post::builder().title("p3"));
    author.posts().set([kept, new]).await?;
    assert_eq!(author.posts().loaded()?.iter().collect::<Vec<_>>(), [kept, new]);
    session.commit().await?;
    assert_eq!(stored(&db).await?, rows(&[("p1", None), ("p2", Some(1)), ("p3", Some(1))]));
    Ok(())
}

async fn clear_takes_all_members_out(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let author = session.get_one::<Author>(1).await?;
    let post = session.get_one::<Post>(1).await?;
    post.tags().push(Tag::builder().name("t"))?;
    session.commit().await?;
    author.posts().clear().await?;
    post.tags().clear().await?;
    assert!(author.posts().loaded()?.is_empty() && post.tags().loaded()?.is_empty());
    session.commit().await?;
    assert_eq!(stored(&db).await?, rows(&[("p1", None), ("p2", None)]));
    assert_eq!(Post::query().filter(Post::tags.any(Predicate::always())).count(&*db).await?, 0);
    Ok(())
}

async fn iterating_while_pushing_sees_the_list_as_it_was(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let author = session.get_one::<Author>(1).await?;
    for post in author.posts().await? {
        author.posts().push(Post::builder().title(format!("{} again", post.title)))?;
        author.posts().remove(post)?;
    }
    let titles: Vec<String> = author.posts().loaded()?.iter().map(|post| post.title.clone()).collect();
    assert_eq!(titles, ["p1 again", "p2 again"]);
    Ok(())
}

async fn a_one_to_one_displaces_the_old_partner_on_both_sides(db: TestDb) -> Result<()> {
    let session = db.session();
    let author = session.add(Author::builder().name("A").desk(Desk::builder().place("old")));
    session.commit().await?;
    let old = author.desk().loaded()?.expect("it was given");
    let new = author.desk().set(Desk::builder().place("new"))?.expect("it was set");
    assert_eq!((old.author().loaded()?, old.author_id, new.author().loaded()?), (None, None, Some(author)));
    assert_eq!(author.desk().loaded()?, Some(new));
    session.commit().await?;
    let desks = Desk::query().order_by(Desk::id.asc()).select(Desk::author_id).all(&*db).await?;
    assert_eq!(desks, [None, Some(author.id)]);
    Ok(())
}

async fn a_one_to_one_moves_between_owners(db: TestDb) -> Result<()> {
    let session = db.session();
    let first = session.add(Author::builder().name("A1").desk(Desk::builder().place("d1")));
    let second = session.add(Author::builder().name("A2").desk(Desk::builder().place("d2")));
    session.commit().await?;
    let (d1, d2) = (first.desk().loaded()?.expect("given"), second.desk().loaded()?.expect("given"));
    second.desk().set(d1)?;
    assert_eq!((first.desk().loaded()?, second.desk().loaded()?), (None, Some(d1)));
    assert_eq!((d1.author().loaded()?, d2.author().loaded()?), (Some(second), None));
    session.commit().await?;
    let desks = Desk::query().order_by(Desk::id.asc()).select(Desk::author_id).all(&*db).await?;
    assert_eq!(desks, [Some(second.id), None]);
    Ok(())
}

async fn clearing_a_one_to_one_frees_the_partner(db: TestDb) -> Result<()> {
    let session = db.session();
    let author = session.add(Author::builder().name("A").desk(Desk::builder().place("d")));
    session.commit().await?;
    let desk = author.desk().loaded()?.expect("given");
    author.desk().clear()?;
    assert_eq!((author.desk().loaded()?, desk.author().loaded()?), (None, None));
    session.commit().await?;
    assert_eq!(Desk::query().one(&*db).await?.author_id, None);
    Ok(())
}

async fn a_partner_in_the_database_is_displaced_though_it_was_not_loaded(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(Author::builder().name("A").desk(Desk::builder().place("old")));
    writing.commit().await?;
    let session = db.session();
    let author = Author::query().one(&session).await?;
    author.desk().set(Desk::builder().place("new"))?;
    session.commit().await?;
    let desks = Desk::query().order_by(Desk::id.asc()).select((Desk::place, Desk::author_id)).all(&*db).await?;
    assert_eq!(desks, [("old".to_owned(), None), ("new".to_owned(), Some(author.id))]);
    assert_eq!(author.desk().await?.map(|desk| desk.value().place.as_str()), Some("new"));
    Ok(())
}

async fn setting_by_key_never_displaces(db: TestDb) -> Result<()> {
    let session = db.session();
    let author = session.add(Author::builder().name("A").desk(Desk::builder().place("old")));
    let other = session.add(Desk::builder().place("new"));
    session.commit().await?;
    other.set(Desk::author_id, author.id);
    assert!(session.commit().await.expect_err("the old desk has the key").is_unique_violation());
    Ok(())
}

async fn a_pushed_value_with_a_key_is_the_entity_in_memory(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let (author, post) = (session.get_one::<Author>(2).await?, session.get_one::<Post>(1).await?);
    let mut copy = post.to_value();
    copy.title = "ignored".into();
    assert_eq!(author.posts().push(copy.clone())?, post);
    copy.id = 77;
    let error = author.posts().push(copy).expect_err("no such row is in memory");
    assert!(error.to_string().contains("Post") && error.to_string().contains("77"), "{error}");
    session.commit().await?;
    assert_eq!(stored(&db).await?, rows(&[("p1", Some(2)), ("p2", Some(1))]));
    Ok(())
}
