//! Whole scenarios of relationships, with the tables that must come out and the statements that they may take at most.
use orm::{Result, prelude::*, schema::Schema};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    library:
    a_child_moves_by_being_pushed_to_another_parent,
    a_child_taken_out_keeps_its_row_and_loses_its_key,
    a_deleted_parent_leaves_its_children_without_key,
    the_last_word_of_key_and_relationship_is_written,
}

mod links {
    use super::*;

    on_every_database! {
        network:
        a_deleted_end_takes_its_links_only,
        a_node_has_links_in_two_directions,
    }

    fn network() -> Schema {
        orm::schema![Post, Tag, Node]
    }

    #[derive(Model, Clone, Debug, PartialEq)]
    struct Post {
        #[orm(primary_key)]
        id: i64,
        #[orm(through("post_tag", post_id, tag_id), back_populates = posts)]
        tags: ManyToMany<Tag>,
    }

    #[derive(Model, Clone, Debug, PartialEq)]
    struct Tag {
        #[orm(primary_key)]
        id: i64,
        #[orm(through("post_tag", tag_id, post_id), back_populates = tags)]
        posts: ManyToMany<Post>,
    }

    #[derive(Model, Clone, Debug, PartialEq)]
    struct Node {
        #[orm(primary_key)]
        id: i64,
        name: String,
        #[orm(through("edge", from_id, to_id), back_populates = incoming)]
        out: ManyToMany<Node>,
        #[orm(through("edge", to_id, from_id), back_populates = out)]
        incoming: ManyToMany<Node>,
    }

    async fn a_deleted_end_takes_its_links_only(db: TestDb) -> Result<()> {
        let writing = db.session();
        let tags = writing.add_all([Tag::builder(), Tag::builder()]);
        writing.add(Post::builder().tags([tags[0], tags[1]]));
        writing.add(Post::builder().tags([tags[1]]));
        writing.commit().await?;
        let session = db.session();
        let (tag, post) = (session.get_one::<Tag>(2).await?, session.get_one::<Post>(1).await?);
        session.delete(tag);
        assert!(statements!(session, session.flush().await?).1 <= 3);
        session.delete(post);
        assert!(statements!(session, session.commit().await?).1 <= 3);
        assert_eq!(Post::query().select(Post::id).all(&*db).await?, [2]);
        assert_eq!(Tag::query().select(Tag::id).all(&*db).await?, [1]);
        assert_eq!(Post::query().filter(Post::tags.any(Predicate::always())).count(&*db).await?, 0);
        Ok(())
    }

    async fn a_node_has_links_in_two_directions(db: TestDb) -> Result<()> {
        let session = db.session();
        let nodes = session.add_all(["n1", "n2", "n3"].map(|name| Node::builder().name(name)));
        nodes[0].out().set([nodes[1], nodes[2]]).await?;
        nodes[2].out().set([nodes[0]]).await?;
        assert_eq!(statements!(session, session.commit().await?).1, 2);
        let later = db.session();
        let first = later.get_one::<Node>(1).await?;
        let incoming: Vec<i64> = first.incoming().await?.iter().map(|node| node.id).collect();
        assert_eq!((incoming, later.statement_count()), (vec![3], 2));
        let session = db.session();
        session.delete(session.get_one::<Node>(1).await?);
        let (_, sent) = statements!(session, session.commit().await?);
        assert!(sent <= 5, "{sent}");
        let mut left = Node::query().select(Node::id).all(&*db).await?;
        left.sort_unstable();
        assert_eq!(left, [2, 3]);
        assert_eq!(Node::query().filter(Node::out.any(Predicate::always())).count(&*db).await?, 0);
        Ok(())
    }
}

fn library() -> Schema {
    orm::schema![Author, Book]
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Author {
    #[orm(primary_key)]
    id: i64,
    name: String,
    #[orm(back_populates = author)]
    books: HasMany<Book>,
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Book {
    #[orm(primary_key)]
    id: i64,
    title: String,
    author_id: Option<i64>,
    #[orm(back_populates = books)]
    author: BelongsTo<Option<Author>>,
}

/// A1 with the books b1 and b2, and A2.
async fn given(db: &TestDb) -> Result<()> {
    let session = db.session();
    session.add(Author::builder().name("A1").books(["b1", "b2"].map(|title| Book::builder().title(title))));
    session.add(Author::builder().name("A2"));
    session.commit().await
}

/// The tables, with the books' authors.
async fn tables(db: &TestDb) -> Result<(Vec<String>, Vec<(String, Option<i64>)>)> {
    let authors = Author::query().order_by(Author::id.asc()).select(Author::name).all(&**db).await?;
    let books = Book::query().order_by(Book::id.asc()).select((Book::title, Book::author_id)).all(&**db).await?;
    Ok((authors, books))
}

fn books(of: &[(&str, Option<i64>)]) -> Vec<(String, Option<i64>)> {
    of.iter().map(|(title, author)| ((*title).to_owned(), *author)).collect()
}

fn ids(books: orm::Collection<'_, Book>) -> Vec<i64> {
    books.iter().map(|book| book.id).collect()
}

async fn a_child_moves_by_being_pushed_to_another_parent(db: TestDb) -> Result<()> {
    given(&db).await?;
    let session = db.session();
    let (loaded, sent) =
        statements!(session, Author::query().with(Author::books).order_by(Author::id.asc()).all(&session).await?);
    let [first, second] = loaded[..] else { panic!("there are two") };
    assert!(sent <= 4);
    let book = session.get_one::<Book>(1).await?;
    assert_eq!(statements!(session, second.books().push(book)?), (book, 0));
    assert!(!first.books().contains(book)? && book.author().loaded()? == Some(second));
    assert_eq!(statements!(session, session.commit().await?).1, 1);
    assert_eq!((ids(first.books().loaded()?), ids(second.books().loaded()?)), (vec![2], vec![1]));
    assert_eq!(book.author().loaded()?, Some(second));
    assert_eq!(tables(&db).await?, (vec!["A1".into(), "A2".into()], books(&[("b1", Some(2)), ("b2", Some(1))])));
    Ok(())
}

async fn a_child_taken_out_keeps_its_row_and_loses_its_key(db: TestDb) -> Result<()> {
    given(&db).await?;
    let session = db.session();
    let author = Author::query().filter(Author::id.eq(1)).with(Author::books).one(&session).await?;
    let book = session.get_one::<Book>(1).await?;
    let before = session.statement_count();
    author.books().remove(book)?;
    assert_eq!(book.author().loaded()?, None);
    session.commit().await?;
    assert_eq!((session.statement_count() - before, book.author_id), (1, None));
    assert_eq!(tables(&db).await?.1, books(&[("b1", None), ("b2", Some(1))]));
    Ok(())
}

async fn a_deleted_parent_leaves_its_children_without_key(db: TestDb) -> Result<()> {
    given(&db).await?;
    let session = db.session();
    let author = session.get_one::<Author>(1).await?;
    assert_eq!(statements!(session, session.delete(author)).1, 0);
    assert!(statements!(session, session.commit().await?).1 <= 3);
    assert_eq!(tables(&db).await?, (vec!["A2".into()], books(&[("b1", None), ("b2", None)])));
    Ok(())
}

async fn the_last_word_of_key_and_relationship_is_written(db: TestDb) -> Result<()> {
    given(&db).await?;
    let session = db.session();
    let (first, second) = (session.get_one::<Author>(1).await?, session.get_one::<Author>(2).await?);
    let book = session.get_one::<Book>(1).await?;
    assert_eq!(book.author().await?, Some(first));
    book.set(Book::author_id, 2);
    assert_eq!((statements!(session, session.flush().await?).1, book.author().loaded()?), (1, Some(second)));
    book.set(Book::author_id, 7);
    book.author().set(first)?;
    assert_eq!((statements!(session, session.flush().await?).1, book.author_id), (1, Some(1)));
    book.author().set(first)?;
    book.set(Book::author_id, 2);
    assert_eq!(book.author().loaded()?, Some(second), "the key was set last");
    book.author().set(first)?;
    assert_eq!(statements!(session, session.commit().await?).1, 0, "nothing has changed in the end");
    assert_eq!(tables(&db).await?.1, books(&[("b1", Some(1)), ("b2", Some(1))]));
    Ok(())
}
