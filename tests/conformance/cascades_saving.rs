//! What adding takes along, and what it does not: owners, targets, and entities that are not in the session any more.
use crate::models::*;
use orm::{EntityState, Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    shop:
    adding_a_row_adds_all_that_it_reaches,
    a_key_of_zero_is_told_before_any_statement,
    a_child_is_saved_by_its_key_alone,
}

mod alone {
    use super::*;

    on_every_database! {
        blog:
        what_is_given_to_an_entity_is_part_of_its_session_at_once,
        a_transient_child_comes_back_by_the_side_that_is_given_it,
        a_row_that_was_added_alone_needs_no_parent,
    }

    async fn what_is_given_to_an_entity_is_part_of_its_session_at_once(db: TestDb) -> Result<()> {
        let session = db.session();
        let author = session.add(Author::builder().name("A"));
        session.commit().await?;
        let post = author.posts().push(Post::builder().title("p"))?;
        let tag = post.tags().push(Tag::builder().name("t"))?;
        let desk = author.desk().set(Desk::builder().place("d"))?.expect("it was set");
        let other = session.add(Post::builder().title("q"));
        let parent = other.author().set(Author::builder().name("B"))?.expect("it was set");
        assert_eq!((session.added::<Post>(), session.added::<Tag>()), (vec![post, other], vec![tag]));
        assert_eq!((session.added::<Desk>(), session.added::<Author>()), (vec![desk], vec![parent]));
        session.commit().await?;
        assert_eq!((other.author_id, desk.author_id), (Some(parent.id), Some(author.id)));
        Ok(())
    }

    async fn a_transient_child_comes_back_by_the_side_that_is_given_it(db: TestDb) -> Result<()> {
        let session = db.session();
        let author = session.add(Author::builder().name("A"));
        session.commit().await?;
        let posts = ["p", "q"].map(|title| session.add(Post::builder().title(title)));
        session.rollback().await?;
        posts[0].author().set(author)?;
        author.posts().await?;
        assert_eq!((session.state(posts[0]), author.posts().loaded()?.len()), (EntityState::Transient, 0));
        session.commit().await?;
        assert_eq!(Post::query().count(&*db).await?, 0, "the side that was not given it does not add it");
        author.posts().push(posts[0])?;
        author.posts().push(posts[1])?;
        assert_eq!(posts.map(|post| session.state(post)), [EntityState::Pending; 2]);
        session.commit().await?;
        assert_eq!(Post::query().filter(Post::author_id.eq(author.id)).count(&*db).await?, 2);
        assert!(!session.has_changes());
        Ok(())
    }

    async fn a_row_that_was_added_alone_needs_no_parent(db: TestDb) -> Result<()> {
        let session = db.session();
        let author = session.add(Author::builder().name("A"));
        session.commit().await?;
        session.add_all([Post::builder().title("p").author_id(author.id), Post::builder().title("q")]);
        session.commit().await?;
        assert_eq!(author.posts().await?.len(), 1);
        session.add(Post::builder().title("r").author_id(77));
        assert!(session.commit().await.expect_err("there is no such author").is_foreign_key_violation());
        Ok(())
    }
}

async fn adding_a_row_adds_all_that_it_reaches(db: TestDb) -> Result<()> {
    let session = db.session();
    let item = OrderItem::builder().product(Product::builder().name("p"));
    let user = User::builder().email("a").profile(UserProfile::builder().bio("b")).roles([Role::builder().name("r")]);
    let order = session.add(Order::builder().items([item]).user(user));
    assert_eq!((session.added::<User>().len(), session.added::<Product>().len()), (1, 1));
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!(sent, 7, "one INSERT for each table");
    let user = order.user().loaded()?;
    let profile = user.profile().loaded()?.expect("it was given");
    assert_eq!((profile.user_id, user.roles().loaded()?.len()), (user.id, 1));
    assert_eq!(order.items().loaded()?.first().map(|item| item.order_id), Some(order.id));
    Ok(())
}

async fn a_key_of_zero_is_told_before_any_statement(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a"));
    user.key().expect_err("it is not written yet");
    session.add(Order::builder().user_id(user.id));
    let error = session.commit().await.expect_err("the key was read too early");
    for part in ["orders.user_id", "before", "use .user(user)"] {
        assert!(error.to_string().contains(part), "{error}");
    }
    assert_eq!(session.statement_count(), 0);
    Ok(())
}

async fn a_child_is_saved_by_its_key_alone(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a"));
    session.flush().await?;
    let profile = session.add(UserProfile::builder().user_id(user.id).bio("b"));
    session.commit().await?;
    assert_eq!((session.state(profile), user.profile().await?), (EntityState::Persistent, Some(profile)));
    Ok(())
}
