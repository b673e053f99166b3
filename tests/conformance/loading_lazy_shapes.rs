//! Lazy loading of keys and relationships of other shapes: nullable, bare links, trees, composite keys.
use crate::{fixtures::tree_with, models::*};
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    blog:
    a_null_key_is_no_parent_and_no_statement,
    a_many_to_many_over_a_bare_table_is_loaded,
    a_one_to_one_without_key_is_none,
}

on_every_database! {
    graph:
    a_tree_is_walked_up_and_down,
    a_many_to_many_to_itself_has_two_directions,
}

on_every_database! {
    keys:
    composite_keys_and_references_to_unique_columns_are_loaded,
}

async fn a_null_key_is_no_parent_and_no_statement(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(Post::builder().title("orphan"));
    writing.commit().await?;
    let session = db.session();
    let post = Post::query().one(&session).await?;
    let (author, sent) = statements!(session, post.author().await?);
    assert_eq!((author, sent), (None, 0));
    assert_eq!(post.author().loaded()?, None);
    Ok(())
}

async fn a_many_to_many_over_a_bare_table_is_loaded(db: TestDb) -> Result<()> {
    let writing = db.session();
    let rust = writing.add(Tag::builder().name("rust"));
    writing.add(Post::builder().title("one")).tags().push(rust)?;
    writing.add(Post::builder().title("two")).tags().push(rust)?;
    writing.add(Post::builder().title("three"));
    writing.commit().await?;
    let session = db.session();
    let posts = Post::query().order_by(Post::id.asc()).all(&session).await?;
    let mut lengths = Vec::new();
    for post in &posts {
        lengths.push(post.tags().await?.len());
    }
    assert_eq!((lengths, session.statement_count()), (vec![1, 1, 0], 3));
    let tag = Tag::query().one(&session).await?;
    assert_eq!(posts[0].tags().await?.first(), Some(tag));
    assert_eq!(tag.posts().await?.len(), 2);
    Ok(())
}

async fn a_one_to_one_without_key_is_none(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(Desk::builder().place("window"));
    writing.add(Author::builder().name("a").desk(Desk::builder().place("door")));
    writing.commit().await?;
    let session = db.session();
    let desks = Desk::query().order_by(Desk::id.asc()).all(&session).await?;
    let author = Author::query().one(&session).await?;
    for desk in desks {
        assert_eq!(desk.author().await?, (desk.place == "door").then_some(author));
    }
    assert_eq!(author.desk().await?.map(|desk| desk.place.clone()), Some("door".into()));
    Ok(())
}

async fn a_tree_is_walked_up_and_down(db: TestDb) -> Result<()> {
    tree_with(&db, 3).await?;
    let session = db.session();
    let root = Category::query().filter(Category::parent_id.is_null()).one(&session).await?;
    let mut leaves = 0;
    for child in root.children().await? {
        for leaf in child.children().await? {
            leaves += leaf.children().await?.len() + 1;
            assert_eq!(leaf.parent().await?, Some(child));
        }
        assert_eq!(child.parent().await?, Some(root));
    }
    assert_eq!(leaves, 9);
    // The root; its children; theirs twice; those of the first child's leaves twice, of the others' twice.
    assert_eq!(session.statement_count(), 8);
    Ok(())
}

async fn a_many_to_many_to_itself_has_two_directions(db: TestDb) -> Result<()> {
    let writing = db.session();
    let [a, b, c] = ["a", "b", "c"].map(|name| writing.add(Person::builder().name(name)));
    a.follows().push(b)?;
    a.follows().push(c)?;
    b.follows().push(a)?;
    writing.commit().await?;
    let session = db.session();
    let people = Person::query().order_by(Person::name.asc()).all(&session).await?;
    let mut counts = Vec::new();
    for person in &people {
        counts.push((person.follows().await?.len(), person.followers().await?.len()));
    }
    assert_eq!(counts, [(2, 1), (1, 1), (0, 1)]);
    assert_eq!(people[2].followers().await?.first(), Some(people[0]));
    Ok(())
}

async fn composite_keys_and_references_to_unique_columns_are_loaded(db: TestDb) -> Result<()> {
    let writing = db.session();
    let north = writing.add(Region::builder().area("north").number(1).name("n1"));
    writing.add(Region::builder().area("north").number(2).name("n2"));
    for _ in 0..2 {
        north.sites().push(Site::builder())?;
    }
    writing.commit().await?;
    let session = db.session();
    let mut counts = Vec::new();
    for region in Region::query().order_by((Region::area.asc(), Region::number.asc())).all(&session).await? {
        counts.push(region.sites().await?.len());
    }
    assert_eq!((counts, session.statement_count()), (vec![2, 0], 3));
    let other = db.session();
    let site = Site::query().first(&other).await?.expect("two were added");
    assert_eq!(site.region().await?.map(|region| region.name.clone()).as_deref(), Some("n1"));
    let (region, sent) = statements!(other, other.get_one::<Region>(("north", 1)).await?);
    assert_eq!((region.name.as_str(), sent), ("n1", 0));
    Ok(())
}
