//! Lists of members: what they hold before and after they are loaded, in which order, and what is written of them.
use crate::models::*;
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};
use std::{
    collections::{HashMap, HashSet},
    time::{Duration, Instant},
};

on_every_database! {
    blog:
    setting_a_parent_loads_neither_the_old_one_nor_any_list,
    pushing_to_an_unloaded_collection_sends_nothing,
    adding_and_removing_before_a_load_cancel_out,
    setting_the_members_writes_the_difference_only,
    another_order_of_the_same_members_is_no_change,
    a_member_given_twice_is_a_member_once,
    removing_what_is_no_member_is_an_error,
    a_deleted_child_leaves_the_loaded_list,
    a_deleted_entity_cannot_be_given_as_a_target,
    members_are_collected_into_sets_and_maps,
    changes_of_a_loaded_list_are_told,
    changes_of_an_unloaded_list_are_told_without_loading_it,
    the_row_before_its_changes_can_be_read,
    ten_thousand_members_leave_a_list_in_no_time,
}

mod ordered {
    use super::*;

    on_every_database! { shop: an_order_made_in_memory_stays_until_the_list_is_loaded_again }

    async fn an_order_made_in_memory_stays_until_the_list_is_loaded_again(db: TestDb) -> Result<()> {
        let writing = db.session();
        let product = writing.add(Product::builder().name("p"));
        let items = [3, 1, 2].map(|quantity| OrderItem::builder().product(product).quantity(quantity));
        let user = writing.add(User::builder().email("a"));
        let order = writing.add(Order::builder().user(user).items(items));
        writing.commit().await?;
        let quantities = |order: Entity<'_, Order>| -> Result<Vec<i32>> {
            Ok(order.items().loaded()?.iter().map(|item| item.quantity).collect())
        };
        assert_eq!(quantities(order)?, [3, 1, 2]);
        let session = db.session();
        let order = session.get_one::<Order>(order.id).await?;
        let mut items: Vec<_> = order.items().await?.iter().collect();
        items.sort_by_key(|item| item.quantity);
        order.items().set(items).await?;
        assert_eq!(quantities(order)?, [1, 2, 3]);
        session.commit().await?;
        assert_eq!(quantities(order)?, [1, 2, 3]);
        session.refresh_with(order, Order::items).await?;
        assert_eq!(quantities(order)?, [3, 1, 2], "ordered by their keys, as declared");
        Ok(())
    }
}

/// A1 with the posts p1, p2, p3, and A2.
async fn two_authors(db: &TestDb) -> Result<()> {
    let session = db.session();
    let posts = ["p1", "p2", "p3"].map(|title| Post::builder().title(title));
    session.add(Author::builder().name("A1").posts(posts));
    session.add(Author::builder().name("A2"));
    session.commit().await
}

fn titles(
    posts: impl IntoIterator<Item = impl std::ops::Deref<Target = impl std::ops::Deref<Target = Post>>>,
) -> String {
    posts.into_iter().map(|post| post.title.clone()).collect::<Vec<_>>().join(" ")
}

async fn setting_a_parent_loads_neither_the_old_one_nor_any_list(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let (post, author) = (session.get_one::<Post>(1).await?, session.get_one::<Author>(2).await?);
    let (set, sent) = statements!(session, post.author().set(author)?);
    assert_eq!((set, sent, author.posts().is_loaded()), (Some(author), 0, false));
    assert_eq!(statements!(session, session.commit().await?).1, 1, "one UPDATE");
    assert_eq!(Post::query().filter(Post::author_id.eq(2)).count(&*db).await?, 1);
    Ok(())
}

async fn pushing_to_an_unloaded_collection_sends_nothing(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let (author, first) = (session.get_one::<Author>(1).await?, session.get_one::<Post>(1).await?);
    let tag = session.add(Tag::builder().name("t"));
    let (post, sent) = statements!(session, author.posts().push(Post::builder().title("p4"))?);
    assert_eq!(sent, 0);
    tag.posts().push(first)?;
    assert_eq!(statements!(session, session.commit().await?).1, 3, "a post, a tag, a link");
    assert_eq!((post.author_id, author.posts().is_loaded()), (Some(1), false));
    Ok(())
}

async fn adding_and_removing_before_a_load_cancel_out(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let (author, stored) = (session.get_one::<Author>(1).await?, session.get_one::<Post>(1).await?);
    let tag = session.add(Tag::builder().name("t"));
    session.commit().await?;
    let unlinked = session.get_one::<Post>(2).await?;
    author.posts().remove(stored)?;
    author.posts().push(stored)?;
    unlinked.tags().push(tag)?;
    unlinked.tags().remove(tag)?;
    let (posts, _) = statements!(session, session.no_autoflush(async || author.posts().await).await?);
    assert_eq!((posts.len(), unlinked.tags().await?.len()), (3, 0));
    session.commit().await?;
    assert_eq!(Post::query().filter(Post::author_id.eq(1)).count(&*db).await?, 3);
    assert_eq!(Post::query().filter(Post::tags.any(Predicate::always())).count(&*db).await?, 0);
    Ok(())
}

async fn setting_the_members_writes_the_difference_only(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let author = session.get_one::<Author>(1).await?;
    let posts: Vec<_> = author.posts().await?.iter().collect();
    author.posts().set([posts[0], posts[2]]).await?;
    assert_eq!(session.modified::<Post>(), [posts[1]]);
    author.posts().set(posts.clone()).await?;
    assert!(session.modified::<Post>().is_empty(), "back to what is stored");
    let new = session.add(Post::builder().title("p4"));
    author.posts().set([posts[2], new]).await?;
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!((sent, titles(author.posts().loaded()?)), (2, "p3 p4".into()), "one INSERT, one UPDATE");
    Ok(())
}

async fn another_order_of_the_same_members_is_no_change(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let author = session.get_one::<Author>(1).await?;
    let posts: Vec<_> = author.posts().await?.iter().collect();
    author.posts().set([posts[2], posts[1], posts[0]]).await?;
    assert_eq!((titles(author.posts().loaded()?), session.has_changes()), ("p3 p2 p1".into(), false));
    assert_eq!(statements!(session, session.flush().await?).1, 0);
    session.rollback().await?;
    assert_eq!(titles(author.posts().loaded()?), "p1 p2 p3");
    Ok(())
}

async fn a_member_given_twice_is_a_member_once(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let author = session.get_one::<Author>(2).await?;
    let post = session.get_one::<Post>(1).await?;
    author.posts().set([post, post]).await?;
    assert_eq!(titles(author.posts().loaded()?), "p1");
    author.posts().remove(post)?;
    assert!(author.posts().loaded()?.is_empty(), "it was there once");
    author.posts().push(post)?;
    session.commit().await?;
    assert_eq!(Post::query().filter(Post::author_id.eq(2)).count(&*db).await?, 1);
    Ok(())
}

async fn removing_what_is_no_member_is_an_error(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let (first, second) = (session.get_one::<Author>(1).await?, session.get_one::<Author>(2).await?);
    let post = session.get_one::<Post>(1).await?;
    for load in [false, true] {
        if load {
            second.posts().await?;
        }
        let error = second.posts().remove(post).expect_err("it is one of the first author's");
        assert!(error.to_string().contains("Post#1 was removed from Author::posts of Author#2"), "{error}");
    }
    let tag = post.tags().push(Tag::builder().name("t"))?;
    session.flush().await?;
    post.tags().await?;
    post.tags().remove(tag)?;
    post.tags().remove(tag).expect_err("it is removed already");
    first.posts().remove(post)?;
    first.posts().remove(post).expect_err("it is removed already");
    session.commit().await?;
    assert!(!session.has_changes());
    Ok(())
}

async fn a_deleted_child_leaves_the_loaded_list(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let author = session.get_one::<Author>(1).await?;
    let post = author.posts().await?.first().expect("there are three");
    session.delete(post);
    assert_eq!(titles(author.posts().loaded()?), "p2 p3");
    session.commit().await?;
    assert_eq!((titles(author.posts().loaded()?), post.title.as_str()), ("p2 p3".into(), "p1"));
    Ok(())
}

async fn a_deleted_entity_cannot_be_given_as_a_target(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let (author, post) = (session.get_one::<Author>(2).await?, session.get_one::<Post>(1).await?);
    session.delete(post);
    assert!(author.posts().push(post).expect_err("it is deleted").is_deleted());
    session.delete(author);
    let other = session.get_one::<Post>(2).await?;
    assert!(other.author().set(author).expect_err("it is deleted").is_deleted());
    session.commit().await?;
    session.add(Post::builder().title("p4").author(author));
    assert!(session.commit().await.expect_err("it is deleted").is_deleted());
    Ok(())
}

async fn members_are_collected_into_sets_and_maps(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let author = session.get_one::<Author>(1).await?;
    let posts = author.posts().await?;
    #[allow(clippy::mutable_key_type, reason = "an entity is hashed by its identity")]
    let set: HashSet<Entity<'_, Post>> = posts.iter().collect();
    assert!(set.len() == 3 && set.contains(&session.get_one::<Post>(1).await?));
    let by_title: HashMap<&str, Entity<'_, Post>> =
        posts.iter().map(|post| (post.value().title.as_str(), post)).collect();
    by_title["p2"].set(Post::title, "renamed");
    assert_eq!(by_title["p2"].title, "renamed", "the keys are those of then");
    Ok(())
}

async fn changes_of_a_loaded_list_are_told(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let author = session.get_one::<Author>(1).await?;
    let posts: Vec<_> = author.posts().await?.iter().collect();
    posts[0].set(Post::title, "changed, and still there");
    author.posts().remove(posts[1])?;
    posts[2].set(Post::author_id, 2);
    let new = author.posts().push(Post::builder().title("p4"))?;
    assert_eq!((author.posts().added(), author.posts().removed()), (vec![new], vec![posts[1], posts[2]]));
    let tag = new.tags().push(Tag::builder().name("t"))?;
    assert_eq!((new.tags().added(), tag.posts().added()), (vec![tag], vec![new]));
    session.flush().await?;
    assert!(author.posts().added().is_empty() && author.posts().removed().is_empty());
    tag.posts().remove(new)?;
    assert!(new.tags().removed() == [tag] && new.tags().added().is_empty() && tag.posts().added().is_empty());
    session.rollback().await?;
    assert!(author.posts().removed().is_empty() && new.tags().removed().is_empty());
    Ok(())
}

async fn changes_of_an_unloaded_list_are_told_without_loading_it(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let (first, second) = (session.get_one::<Author>(1).await?, session.get_one::<Author>(2).await?);
    let post = session.get_one::<Post>(1).await?;
    second.posts().push(post)?;
    let added = post.tags().push(Tag::builder().name("t"))?;
    let (told, sent) = statements!(session, (first.posts().removed(), second.posts().added(), post.tags().added()));
    assert_eq!((told, sent), ((vec![post], vec![post], vec![added]), 0));
    first.posts().push(post)?;
    post.tags().remove(added)?;
    assert!(first.posts().removed().is_empty() && second.posts().added().is_empty() && post.tags().added().is_empty());
    assert!(!first.posts().is_loaded() && !second.posts().is_loaded() && !post.tags().is_loaded());
    Ok(())
}

async fn the_row_before_its_changes_can_be_read(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let post = session.get_one::<Post>(1).await?;
    assert_eq!(session.original(post), Some(post.value()));
    post.author().clear()?;
    post.set(Post::title, "new");
    let original = session.original(post).expect("it is stored");
    assert_eq!((original.title.as_str(), original.author_id, post.author_id), ("p1", Some(1), None));
    let added = session.add(Post::builder().title("p4"));
    assert!(session.original(added).is_none());
    session.flush().await?;
    assert_eq!([post, added].map(|post| session.original(post) == Some(post.value())), [true, true]);
    session.rollback().await?;
    assert_eq!(session.original(post).map(|post| post.title.as_str()), Some("p1"));
    Ok(())
}

async fn ten_thousand_members_leave_a_list_in_no_time(db: TestDb) -> Result<()> {
    let session = db.session();
    let author = session.add(Author::builder().name("A"));
    let posts = session.add_all((0..10_000).map(|number| Post::builder().title(format!("{number}")).author(author)));
    assert_eq!(author.posts().loaded()?.len(), 10_000);
    let begun = Instant::now();
    for (number, _) in posts.iter().enumerate() {
        author.posts().remove(posts[number * 7_919 % 10_000])?;
    }
    let taken = begun.elapsed();
    assert!(author.posts().loaded()?.is_empty());
    assert!(taken < Duration::from_secs(5), "{taken:?}: each removal walks the list");
    session.rollback().await
}
