//! Many-to-many: links made and taken away, from both sides, by entity and by key.
use crate::models::*;
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    blog:
    a_many_to_many_changes_from_both_sides,
    links_are_attached_and_detached_by_key,
    the_last_word_on_a_link_is_written,
    a_link_by_key_and_by_entity_is_one,
    links_of_two_new_rows_are_written_once,
    a_removed_link_of_an_unloaded_collection_is_deleted,
}

async fn a_many_to_many_changes_from_both_sides(db: TestDb) -> Result<()> {
    let session = db.session();
    let posts = session.add_all([Post::builder().title("p1"), Post::builder().title("p2")]);
    let tag = posts[0].tags().push(Tag::builder().name("t"))?;
    tag.posts().push(posts[1])?;
    assert_eq!(tag.posts().loaded()?.iter().collect::<Vec<_>>(), posts);
    assert!(posts[1].tags().loaded()?.contains(tag));
    session.commit().await?;
    assert_eq!(session.statement_count(), 3);
    tag.posts().remove(posts[0])?;
    assert!(posts[0].tags().loaded()?.is_empty());
    session.commit().await?;
    assert_eq!(session.statement_count(), 4);
    let tagged = Post::query().filter(Post::tags.any(Tag::name.eq("t"))).select(Post::title).all(&*db).await?;
    assert_eq!(tagged, ["p2"]);
    Ok(())
}

async fn links_are_attached_and_detached_by_key(db: TestDb) -> Result<()> {
    let writing = db.session();
    let tags = writing.add_all([Tag::builder().name("t1"), Tag::builder().name("t2"), Tag::builder().name("t3")]);
    writing.add(Post::builder().title("p").tags([tags[0]]));
    writing.commit().await?;
    let session = db.session();
    let post = Post::query().one(&session).await?;
    post.tags().attach([1, 2, 2])?;
    post.tags().detach([3])?;
    let (_, sent) = statements!(session, session.flush().await?);
    assert_eq!(sent, 2, "one insert if absent, one delete");
    assert_eq!(post.tags().await?.iter().map(|tag| tag.id).collect::<Vec<_>>(), [1, 2]);
    post.tags().attach([3])?;
    post.tags().detach([1])?;
    session.commit().await?;
    let found = Tag::query().filter(Tag::posts.any(Post::id.eq(1))).order_by(Tag::id.asc());
    assert_eq!(found.select(Tag::id).all(&*db).await?, [2, 3]);
    Ok(())
}

async fn the_last_word_on_a_link_is_written(db: TestDb) -> Result<()> {
    let writing = db.session();
    let tag = writing.add(Tag::builder().name("t"));
    writing.add(Post::builder().title("p").tags([tag]));
    writing.commit().await?;
    let session = db.session();
    let post = Post::query().one(&session).await?;
    post.tags().attach([1])?;
    post.tags().detach([1])?;
    session.commit().await?;
    assert_eq!(Post::query().filter(Post::tags.any(Predicate::always())).count(&*db).await?, 0);
    post.tags().detach([1])?;
    post.tags().attach([1])?;
    session.commit().await?;
    assert_eq!(Post::query().filter(Post::tags.any(Predicate::always())).count(&*db).await?, 1);
    Ok(())
}

async fn a_link_by_key_and_by_entity_is_one(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(Tag::builder().name("t"));
    writing.add(Post::builder().title("p"));
    writing.commit().await?;
    let session = db.session();
    let post = Post::query().one(&session).await?;
    post.tags().attach([1])?;
    let tag = session.get_one::<Tag>(1).await?;
    post.tags().push(tag)?;
    session.commit().await?;
    assert_eq!(post.tags().await?.iter().collect::<Vec<_>>(), [tag]);
    Ok(())
}

async fn links_of_two_new_rows_are_written_once(db: TestDb) -> Result<()> {
    let session = db.session();
    let tag = session.add(Tag::builder().name("t"));
    let post = session.add(Post::builder().title("p").tags([tag]));
    tag.posts().push(post)?;
    let plan = session.plan()?;
    insta::allow_duplicates! {
        insta::assert_snapshot!(plan, @r"
        insert tags ×1
        insert posts ×1
        link Post::tags ×1
        ");
    }
    session.commit().await?;
    assert_eq!(session.statement_count(), 3);
    Ok(())
}

async fn a_removed_link_of_an_unloaded_collection_is_deleted(db: TestDb) -> Result<()> {
    let writing = db.session();
    let tag = writing.add(Tag::builder().name("t"));
    writing.add(Post::builder().title("p").tags([tag]));
    writing.commit().await?;
    let session = db.session();
    let (post, tag) = (session.get_one::<Post>(1).await?, session.get_one::<Tag>(1).await?);
    post.tags().remove(tag)?;
    session.commit().await?;
    assert!(post.tags().await?.is_empty() && tag.posts().await?.is_empty());
    Ok(())
}
