//! What random programs found, each in the few steps that show it.
use crate::models::*;
use orm::{EntityState, Error, Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    blog:
    a_child_added_by_key_shows_in_the_parents_list,
    a_child_added_by_key_is_merged_into_what_a_load_finds,
    a_link_taken_from_nobody_and_made_is_made,
    a_key_set_to_its_own_value_is_the_last_word,
    a_one_to_one_displaces_all_who_claim_it,
    the_last_of_several_unloaded_partners_stays,
    a_partner_that_was_expunged_displaces_nobody_new,
    a_key_given_after_the_relationship_is_for_the_database_to_refuse,
    a_row_read_again_inside_an_undone_savepoint_is_read_again_after_it,
    an_entity_whose_deletion_was_rolled_back_is_found_again,
    a_link_taken_from_what_was_just_inserted_sends_nothing,
    an_unloaded_partner_gives_way_also_to_one_that_was_expunged_since,
}

async fn a_child_added_by_key_shows_in_the_parents_list(db: TestDb) -> Result<()> {
    let session = db.session();
    let author = session.add(Author::builder().name("A").posts([Post::builder().title("p1")]));
    session.commit().await?;
    let post = session.add(Post::builder().title("p2").author_id(author.id));
    assert_eq!(author.posts().loaded()?.len(), 2);
    session.commit().await?;
    assert!(author.posts().contains(post)?);
    session.add(Post::builder().title("p3").author_id(author.id));
    session.rollback().await?;
    assert_eq!(author.posts().loaded()?.len(), 2);
    Ok(())
}

async fn a_child_added_by_key_is_merged_into_what_a_load_finds(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(Author::builder().name("A").posts([Post::builder().title("p1")]));
    writing.commit().await?;
    let session = db.session();
    let author = session.get_one::<Author>(1).await?;
    session.add(Post::builder().title("p2").author_id(author.id));
    assert_eq!(session.no_autoflush(async || author.posts().await).await?.len(), 2);
    Ok(())
}

async fn a_link_taken_from_nobody_and_made_is_made(db: TestDb) -> Result<()> {
    let session = db.session();
    let tag = session.add(Tag::builder().name("t"));
    let post = session.add(Post::builder().title("p"));
    post.tags().remove(tag)?;
    post.tags().push(tag)?;
    session.commit().await?;
    let other = db.session();
    assert_eq!(other.get_one::<Post>(post.id).await?.tags().await?.len(), 1);
    // Unknown when it was taken away, known when it was made again.
    let (post, tag) = (other.add(Post::builder().title("q")), other.get_one::<Tag>(tag.id).await?);
    other.commit().await?;
    let last = db.session();
    let (post, tag) = (last.get_one::<Post>(post.id).await?, last.get_one::<Tag>(tag.id).await?);
    post.tags().remove(tag)?;
    last.no_autoflush(async || post.tags().await).await?;
    post.tags().push(tag)?;
    last.commit().await?;
    assert_eq!(db.session().get_one::<Tag>(tag.id).await?.posts().await?.len(), 2);
    Ok(())
}

async fn a_key_set_to_its_own_value_is_the_last_word(db: TestDb) -> Result<()> {
    let session = db.session();
    let author = session.add(Author::builder().name("A"));
    let post = author.posts().push(Post::builder().title("p"))?;
    session.commit().await?;
    let added = session.add(Author::builder().name("B"));
    post.author().set(added)?;
    post.set(Post::author_id, author.id);
    assert_eq!((post.author().loaded()?, added.posts().loaded()?.len()), (Some(author), 0));
    session.commit().await?;
    assert_eq!(Post::query().one(&*db).await?.author_id, Some(author.id));
    Ok(())
}

async fn a_one_to_one_displaces_all_who_claim_it(db: TestDb) -> Result<()> {
    let session = db.session();
    let author = session.add(Author::builder().name("A").desk(Desk::builder().place("d1")));
    session.commit().await?;
    let by_key = session.add(Desk::builder().place("d2").author_id(author.id));
    let desk = author.desk().set(Desk::builder().place("d3"))?;
    assert_eq!((author.desk().loaded()?, by_key.author().loaded()?), (desk, None));
    session.commit().await?;
    assert_eq!(Desk::query().filter(Desk::author_id.is_null()).count(&*db).await?, 2);
    Ok(())
}

/// An author with a desk, as another session left them.
async fn an_author_at_a_desk(db: &TestDb) -> Result<()> {
    let session = db.session();
    session.add(Author::builder().name("A").desk(Desk::builder().place("d1")));
    session.commit().await
}

async fn the_last_of_several_unloaded_partners_stays(db: TestDb) -> Result<()> {
    an_author_at_a_desk(&db).await?;
    let session = db.session();
    let (author, first) = (session.get_one::<Author>(1).await?, session.get_one::<Desk>(1).await?);
    author.desk().set(Desk::builder().place("d2"))?;
    author.desk().set(Desk::builder().place("d3"))?;
    session.flush().await?;
    assert_eq!((author.desk().await?.map(|desk| desk.place.clone()), first.author_id), (Some("d3".to_owned()), None));
    session.rollback().await?;
    author.desk().set(Desk::builder().place("d4"))?;
    author.desk().set(first)?;
    session.commit().await?;
    let alone = Desk::query().filter(Desk::author_id.is_null()).one(&*db).await?;
    assert_eq!((alone.place.as_str(), first.author_id), ("d4", Some(1)));
    Ok(())
}

async fn a_partner_that_was_expunged_displaces_nobody_new(db: TestDb) -> Result<()> {
    let session = db.session();
    let author = session.add(Author::builder().name("A"));
    session.flush().await?;
    let expunged = author.desk().set(Desk::builder().place("d1"))?.expect("it was set");
    session.expunge(expunged);
    author.desk().set(Desk::builder().place("d2"))?;
    session.commit().await?;
    let desk = Desk::query().one(&*db).await?;
    assert_eq!((desk.place.as_str(), desk.author_id), ("d2", Some(author.id)));
    Ok(())
}

async fn a_key_given_after_the_relationship_is_for_the_database_to_refuse(db: TestDb) -> Result<()> {
    let writing = db.session();
    let id = writing.add(Author::builder().name("A"));
    writing.commit().await?;
    let session = db.session();
    let author = session.get_one::<Author>(id.id).await?;
    author.desk().set(Desk::builder().place("d1"))?;
    session.add(Desk::builder().place("d2").author_id(author.id));
    assert!(session.flush().await.expect_err("there are two").is_unique_violation());
    session.rollback().await
}

async fn a_row_read_again_inside_an_undone_savepoint_is_read_again_after_it(db: TestDb) -> Result<()> {
    let session = db.session();
    let author = session.add(Author::builder().name("A"));
    session.commit().await?;
    Author::query().filter(Author::id.eq(author.id)).set(Author::name, "B").update(&*db).await?;
    let undone: Result<()> = session
        .savepoint(async || {
            assert_eq!(Author::query().one(&session).await?.name, "B");
            Err(Error::other("undone on purpose"))
        })
        .await;
    assert!(undone.is_err());
    assert_eq!(Author::query().one(&session).await?.name, "B");
    Ok(())
}

async fn an_entity_whose_deletion_was_rolled_back_is_found_again(db: TestDb) -> Result<()> {
    let session = db.session();
    let author = session.add(Author::builder().name("A"));
    session.commit().await?;
    session.delete(author);
    session.flush().await?;
    // The first look-up of an author by key comes while this one is deleted.
    assert!(session.get::<Author>(author.id).await?.is_none());
    session.rollback().await?;
    assert_eq!(Author::query().one(&session).await?, author);
    Ok(())
}

mod parts {
    use super::*;

    on_every_database! { shop: a_part_is_an_orphan_though_its_owner_is_not_in_memory, a_part_given_back_by_key_is_no_orphan }

    /// An order with an item.
    async fn an_order(db: &TestDb) -> Result<()> {
        let session = db.session();
        let item = OrderItem::builder().product(Product::builder().name("p"));
        session.add(User::builder().email("a").orders([Order::builder().items([item])]));
        session.commit().await
    }

    async fn a_part_is_an_orphan_though_its_owner_is_not_in_memory(db: TestDb) -> Result<()> {
        an_order(&db).await?;
        let session = db.session();
        let item = session.get_one::<OrderItem>(1).await?;
        item.order().clear()?;
        session.commit().await?;
        assert_eq!((session.state(item), OrderItem::query().count(&*db).await?), (EntityState::Deleted, 0));
        Ok(())
    }

    async fn a_part_given_back_by_key_is_no_orphan(db: TestDb) -> Result<()> {
        an_order(&db).await?;
        let session = db.session();
        let (order, item) = (session.get_one::<Order>(1).await?, session.get_one::<OrderItem>(1).await?);
        order.items().await?;
        order.items().remove(item)?;
        item.set(OrderItem::order_id, 1);
        assert!(order.items().contains(item)?);
        session.commit().await?;
        assert_eq!(OrderItem::query().count(&*db).await?, 1);
        Ok(())
    }
}

mod natural {
    use super::*;

    on_every_database! { keys: a_changed_key_counts_from_the_flush_on_whenever_it_is_first_looked_up }

    async fn a_changed_key_counts_from_the_flush_on_whenever_it_is_first_looked_up(db: TestDb) -> Result<()> {
        let writing = db.session();
        writing.add(Country::builder().code("NO").name("Norway"));
        writing.commit().await?;
        let session = db.session();
        let country = Country::query().one(&session).await?;
        country.set(Country::code, "SE");
        assert_eq!(session.get::<Country>("NO").await?, Some(country));
        session.commit().await?;
        assert_eq!(session.get::<Country>("SE").await?, Some(country));
        Ok(())
    }
}

mod passive {
    use super::*;

    on_every_database! { records: what_is_not_written_goes_with_a_parent_whose_children_are_left_to_the_database }

    async fn what_is_not_written_goes_with_a_parent_whose_children_are_left_to_the_database(db: TestDb) -> Result<()> {
        let writing = db.session();
        writing.add(Folder::builder().name("f").files([File::builder().name("1")]));
        writing.commit().await?;
        let session = db.session();
        let (folder, file) = (session.get_one::<Folder>(1).await?, session.get_one::<File>(1).await?);
        file.set(File::name, "2");
        let added = session.add(File::builder().name("3").folder_id(1));
        session.delete(folder);
        session.commit().await?;
        assert_eq!((session.state(file), session.state(added)), (EntityState::Deleted, EntityState::Transient));
        assert_eq!(File::query().count(&*db).await?, 0);
        Ok(())
    }
}

async fn a_link_taken_from_what_was_just_inserted_sends_nothing(db: TestDb) -> Result<()> {
    let session = db.session();
    let (post, tag) = (session.add(Post::builder().title("p")), session.add(Tag::builder().name("t")));
    session.flush().await?;
    post.tags().remove(tag)?;
    let ((), sent) = statements!(session, session.flush().await?);
    assert_eq!((sent, post.tags().loaded()?.len()), (0, 0));
    Ok(())
}

async fn an_unloaded_partner_gives_way_also_to_one_that_was_expunged_since(db: TestDb) -> Result<()> {
    an_author_at_a_desk(&db).await?;
    for is_loaded in [true, false] {
        let session = db.session();
        let author = session.get_one::<Author>(1).await?;
        if is_loaded {
            author.desk().await?;
        }
        session.expunge(author.desk().set(Desk::builder().place("d2"))?.expect("it was set"));
        assert!(session.has_changes());
        session.flush().await?;
        let alone = Desk::query().filter(Desk::author_id.is_null()).count(session.values()).await?;
        assert_eq!(alone, 1, "loaded: {is_loaded}");
        session.rollback().await?;
    }
    Ok(())
}
