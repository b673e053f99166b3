//! Rows that a relationship to the same model leads to, in any number of steps.
use crate::models::*;
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database};

on_every_database! {
    graph:
    descendants_and_ancestors_are_reached,
    steps_are_limited,
    circles_end,
    a_join_of_a_table_with_itself_has_two_names,
}

/// A chain a → b → c → d, and a tree of its own.
async fn chain(db: &TestDb) -> Result<()> {
    let session = db.session();
    let names = ["a", "b", "c", "d"].map(|name| session.add(Category::builder().name(name)));
    for pair in names.windows(2) {
        pair[0].children().push(pair[1])?;
    }
    session.add(Category::builder().name("other").children([Category::builder().name("below")]));
    session.commit().await
}

fn named(name: &str) -> Query<Category> {
    Category::query().filter(Category::name.eq(name))
}

async fn names(db: &TestDb, query: Query<Category>) -> Result<Vec<String>> {
    query.order_by(Category::name).select(Category::name).all(&**db).await
}

async fn descendants_and_ancestors_are_reached(db: TestDb) -> Result<()> {
    chain(&db).await?;
    assert_eq!(names(&db, named("b").reachable(Category::children)).await?, ["b", "c", "d"]);
    assert_eq!(names(&db, named("c").reachable(Category::parent)).await?, ["a", "b", "c"]);
    assert_eq!(names(&db, named("a").reachable(Category::children).except(named("a"))).await?, ["b", "c", "d"]);
    let session = db.session();
    let below = named("b").reachable(Category::children).with(Category::parent).all(&session).await?;
    assert_eq!((below.len(), session.get_one::<Category>(below[0].id).await?), (3, below[0]));
    assert_eq!(named("a").reachable(Category::children).filter(Category::name.ne("c")).count(&*db).await?, 3);
    Ok(())
}

async fn steps_are_limited(db: TestDb) -> Result<()> {
    chain(&db).await?;
    assert_eq!(names(&db, named("a").reachable_within(Category::children, 2)).await?, ["a", "b", "c"]);
    assert_eq!(names(&db, named("d").reachable_within(Category::parent, 1)).await?, ["c", "d"]);
    assert_eq!(names(&db, named("d").reachable_within(Category::parent, 0)).await?, ["d"]);
    Ok(())
}

async fn circles_end(db: TestDb) -> Result<()> {
    chain(&db).await?;
    let session = db.session();
    let (first, last) = (named("a").one(&session).await?, named("d").one(&session).await?);
    first.set(Category::parent_id, last.id);
    session.commit().await?;
    assert_eq!(names(&db, named("c").reachable(Category::children)).await?, ["a", "b", "c", "d"]);
    assert_eq!(names(&db, named("c").reachable_within(Category::children, 9)).await?, ["a", "b", "c", "d"]);
    Ok(())
}

async fn a_join_of_a_table_with_itself_has_two_names(db: TestDb) -> Result<()> {
    chain(&db).await?;
    let parent = Category::parent.alias("parent");
    let grandparent = parent.join(Category::parent.alias("grandparent"));
    let query = Category::query().join(&parent).join(&grandparent).order_by(Category::name);
    let rows = query.select((Category::name, grandparent.column(Category::name))).all(&*db).await?;
    assert_eq!(rows, [("c", "a"), ("d", "b")].map(|(name, above)| (name.to_owned(), above.to_owned())));
    Ok(())
}
