//! Relationships that lead to their own model, down to a depth or to the leaves.
use crate::{fixtures::*, models::*};
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    trees:
    every_strategy_goes_down_a_level_with_each_statement,
    every_strategy_goes_up_a_level_with_each_statement,
    the_last_level_is_not_taken_for_empty,
    all_levels_end_at_the_leaves,
    all_levels_of_rows_that_are_in_memory_take_no_statement,
    a_circle_of_rows_ends,
    a_circle_of_links_ends,
    a_circle_of_parts_ends,
    whole_trees_hang_below_each_row_of_a_result,
    each_level_takes_the_options_of_the_first,
    a_relationship_takes_options_without_a_strategy,
    levels_nest_other_relationships,
    a_joined_level_names_the_levels,
    a_declared_load_goes_down_as_many_levels_as_it_says,
    a_declared_load_without_depth_does_not_go_down,
}

fn roots() -> Query<Category> {
    Category::query().filter(Category::parent_id.is_null())
}

async fn every_strategy_goes_down_a_level_with_each_statement(db: TestDb) -> Result<()> {
    chain(&db, 5).await?;
    let loads = || {
        [
            Category::children.selectin(),
            Category::children.subquery(),
            Category::children.immediate(),
            Category::children.joined(),
        ]
    };
    for load in loads() {
        let session = db.session();
        let root = roots().with(load.recursive(3)).one(&session).await?;
        assert_eq!((levels(root), session.statement_count()), (3, 4));
    }
    for load in loads() {
        assert_eq!(value_levels(&roots().with(load.recursive(3)).one(&*db).await?), 3);
    }
    Ok(())
}

async fn every_strategy_goes_up_a_level_with_each_statement(db: TestDb) -> Result<()> {
    chain(&db, 5).await?;
    let leaf = || Category::query().filter(Category::name.eq("4"));
    let loads = || {
        [
            Category::parent.selectin(),
            Category::parent.subquery(),
            Category::parent.immediate(),
            Category::parent.joined(),
        ]
    };
    for load in loads() {
        let session = db.session();
        let leaf = leaf().with(load.recursive(2)).one(&session).await?;
        let two_up = leaf.parent().loaded()?.expect("3").parent().loaded()?.expect("2");
        assert_eq!((two_up.parent().is_loaded(), session.statement_count()), (false, 3));
    }
    for load in loads() {
        let session = db.session();
        let mut at = leaf().with(load.recursive_all()).one(&session).await?;
        while let Some(above) = at.parent().loaded()? {
            at = above;
        }
        assert_eq!((at.value().name.as_str(), session.statement_count()), ("0", 5), "the root has no key to ask for");
    }
    let value = leaf().with(Category::parent.selectin().recursive_all()).one(&*db).await?;
    let mut at = &value;
    while let Some(above) = at.parent.get()? {
        at = above;
    }
    assert_eq!(at.name, "0");
    Ok(())
}

async fn the_last_level_is_not_taken_for_empty(db: TestDb) -> Result<()> {
    chain(&db, 4).await?;
    let session = db.session();
    let root = roots().with(Category::children.selectin().recursive(2)).one(&session).await?;
    let mut at = root;
    for _ in 0..2 {
        at = at.children().loaded()?.first().expect("within the depth");
    }
    assert!(!at.children().is_loaded());
    let (below, sent) = statements!(session, at.children().await?);
    assert_eq!((below.len(), sent), (1, 1), "lazy loading takes over");
    let value = roots().with(Category::children.selectin().recursive(2)).one(&*db).await?;
    assert!(value.children.get()?[0].children.get()?[0].children.is_unloaded());
    Ok(())
}

async fn all_levels_end_at_the_leaves(db: TestDb) -> Result<()> {
    chain(&db, 6).await?;
    let session = db.session();
    let root = roots().with(Category::children.selectin().recursive_all()).one(&session).await?;
    // One for the root, one for the children of each of the six: the last one finds none.
    assert_eq!((levels(root), session.statement_count()), (5, 7));
    let value = roots().with(Category::children.selectin().recursive_all()).one(&*db).await?;
    assert_eq!(value_levels(&value), 5);
    assert_eq!(value_levels(&root.to_value()), 5);
    let other = db.session();
    let deep = roots().with(Category::children.selectin().recursive(1_000)).one(&other).await?;
    assert_eq!((levels(deep), other.statement_count()), (5, 7));
    Ok(())
}

async fn all_levels_of_rows_that_are_in_memory_take_no_statement(db: TestDb) -> Result<()> {
    chain(&db, 4).await?;
    let session = db.session();
    let load = Category::children.selectin().recursive_all();
    let all = Category::query().order_by(Category::id).with(load.clone()).all(&session).await?;
    assert_eq!((levels(all[0]), session.statement_count()), (3, 2), "the second statement found all children");
    let (root, sent) = statements!(session, roots().with(load).one(&session).await?);
    assert_eq!((levels(root), sent), (3, 1));
    Ok(())
}

/// `0` below `1` below `0`, and `2` below `1`.
async fn circle(db: &Db) -> Result<()> {
    chain(db, 2).await?;
    let session = db.session();
    let all = Category::query().order_by(Category::id).all(&session).await?;
    all[0].parent().set(all[1])?;
    all[1].children().push(Category::builder().name("2"))?;
    session.commit().await
}

async fn a_circle_of_rows_ends(db: TestDb) -> Result<()> {
    circle(&db).await?;
    let first = || Category::query().filter(Category::name.eq("0"));
    let down = || Category::children.selectin().recursive_all();
    let session = db.session();
    let root = first().with(down()).one(&session).await?;
    let below = root.children().loaded()?.first().expect("1");
    assert_eq!(below.children().loaded()?.iter().map(|c| c.value().name.clone()).collect::<Vec<_>>(), ["0", "2"]);
    assert!(session.statement_count() <= 4);
    let up = db.session();
    let root = first().with(Category::parent.selectin().recursive_all()).one(&up).await?;
    assert_eq!(root.parent().loaded()?.expect("1").parent().loaded()?, Some(root));
    // A value holds its children, so the circle ends with one that does not.
    let value = first().with(down()).one(&*db).await?;
    let again = &value.children.get()?[0].children.get()?[0];
    assert_eq!((again.name.as_str(), again.children.is_unloaded()), ("0", true));
    let value = first().with(Category::parent.selectin().recursive_all()).one(&*db).await?;
    assert!(value.parent.get()?.expect("1").parent.get()?.expect("0").parent.is_unloaded());
    let all = Category::query().with(down()).all(&*db).await?;
    assert_eq!(all.len(), 3);
    Ok(())
}

async fn a_circle_of_links_ends(db: TestDb) -> Result<()> {
    let writing = db.session();
    let people: Vec<_> = (0..4).map(|number| writing.add(Person::builder().name(number.to_string()))).collect();
    for one in &people {
        for other in people.iter().filter(|other| *other != one) {
            one.follows().push(*other)?;
        }
    }
    writing.commit().await?;
    let session = db.session();
    let first = || Person::query().filter(Person::name.eq("0"));
    let person = first().with(Person::follows.selectin().recursive_all()).one(&session).await?;
    assert_eq!(session.statement_count(), 3);
    for followed in person.follows().loaded()? {
        assert_eq!(followed.follows().loaded()?.len(), 3);
    }
    let value = first().with(Person::follows.selectin().recursive_all()).one(&*db).await?;
    assert_eq!(value.follows.get()?[0].follows.get()?.len(), 3);
    Ok(())
}

async fn a_circle_of_parts_ends(db: TestDb) -> Result<()> {
    circle(&db).await?;
    let session = db.session();
    let load = Category::children.selectin().filter(Category::name.ne("2")).recursive_all();
    let all = Category::query().order_by(Category::id).with(load).all(&session).await?;
    let below = all[0].children().partial()?.first().expect("1");
    assert_eq!(below.children().partial()?.first(), Some(all[0]));
    Ok(())
}

async fn whole_trees_hang_below_each_row_of_a_result(db: TestDb) -> Result<()> {
    chain(&db, 4).await?;
    let all = || Category::query().order_by(Category::id).with(Category::children.selectin().recursive_all());
    let values = all().all(&*db).await?;
    assert_eq!(values.iter().map(value_levels).collect::<Vec<_>>(), [3, 2, 1, 0]);
    let session = db.session();
    let entities = all().all(&session).await?;
    let copies: Vec<_> = entities.iter().map(|entity| value_levels(&entity.to_value())).collect();
    assert_eq!(copies, [3, 2, 1, 0]);
    Ok(())
}

async fn each_level_takes_the_options_of_the_first(db: TestDb) -> Result<()> {
    chain(&db, 4).await?;
    let writing = db.session();
    for category in Category::query().all(&writing).await? {
        category.children().push(Category::builder().name("hidden"))?;
    }
    writing.commit().await?;
    let session = db.session();
    let load = Category::children.selectin().filter(Category::name.ne("hidden")).recursive_all();
    let mut at = roots().with(load).one(&session).await?;
    for name in ["1", "2", "3"] {
        let below = at.children().partial()?;
        assert_eq!(below.len(), 1);
        at = below.first().expect("one");
        assert_eq!(at.value().name, name);
    }
    Ok(())
}

async fn a_relationship_takes_options_without_a_strategy(db: TestDb) -> Result<()> {
    chain(&db, 4).await?;
    let session = db.session();
    let load = Category::children.order_by(Category::id.desc()).limit(1).recursive(2);
    let root = roots().with(load).one(&session).await?;
    let child = root.children().partial()?.first().expect("there is one");
    assert_eq!((child.children().partial()?.len(), session.statement_count()), (1, 3));
    let whole = roots().with(Category::children.recursive_all()).one(&*db).await?;
    assert_eq!(whole.children.get()?[0].children.get()?.len(), 1);
    assert!(roots().with(Category::children.recursive(1)).one(&*db).await?.children.get()?[0].children.is_unloaded());
    assert!(roots().with(Category::children.limit(0)).one(&*db).await?.children.is_partial());
    Ok(())
}

async fn levels_nest_other_relationships(db: TestDb) -> Result<()> {
    let writing = db.session();
    let people: Vec<_> = (0..3).map(|number| writing.add(Person::builder().name(number.to_string()))).collect();
    people[0].follows().push(people[1])?;
    people[1].follows().push(people[2])?;
    writing.commit().await?;
    let session = db.session();
    let load = Person::follows.selectin().with(Person::followers.selectin()).recursive(2);
    let person = Person::query().filter(Person::name.eq("0")).with(load).one(&session).await?;
    let second = person.follows().loaded()?.first().expect("1");
    assert_eq!(second.followers().loaded()?.first(), Some(person));
    assert!(second.follows().loaded()?.first().expect("2").followers().is_loaded());
    Ok(())
}

async fn a_joined_level_names_the_levels(db: TestDb) -> Result<()> {
    chain(&db, 4).await?;
    let session = db.session();
    let load = Category::children.joined().with(Category::children.joined());
    let root = roots().with(load).one(&session).await?;
    assert_eq!((levels(root), session.statement_count()), (2, 1));
    let other = db.session();
    let load = Category::parent.joined().with(Category::parent.joined());
    let leaf = Category::query().filter(Category::name.eq("3")).with(load).one(&other).await?;
    let up = leaf.parent().loaded()?.expect("2").parent().loaded()?.expect("1");
    assert_eq!((up.value().name.as_str(), up.parent().is_loaded(), other.statement_count()), ("1", false, 1));
    Ok(())
}

async fn a_declared_load_goes_down_as_many_levels_as_it_says(db: TestDb) -> Result<()> {
    let writing = db.session();
    let mut at = writing.add(Folder::builder());
    for _ in 0..3 {
        at = at.folders().push(Folder::builder())?;
    }
    writing.commit().await?;
    let roots = || Folder::query().filter(Folder::parent_id.is_null());
    let session = db.session();
    let root = roots().one(&session).await?;
    let second = root.folders().loaded()?.first().expect("the first level");
    let third = second.folders().loaded()?.first().expect("the second level");
    assert_eq!((third.folders().is_loaded(), session.statement_count()), (false, 3));
    assert_eq!(third.folders().await?.len(), 1, "lazy loading takes over");
    let named = db.session();
    let root = roots().with(Folder::folders.selectin()).one(&named).await?;
    assert!(!root.folders().loaded()?.first().expect("one").folders().is_loaded(), "a query loads what it names");
    let value = roots().one(&*db).await?;
    assert!(value.folders.get()?[0].folders.get()?[0].folders.is_unloaded());
    Ok(())
}

async fn a_declared_load_without_depth_does_not_go_down(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(Place::builder().places([Place::builder()]));
    writing.commit().await?;
    let session = db.session();
    let place = Place::query().filter(Place::within_id.is_null()).one(&session).await?;
    assert_eq!((place.places().is_loaded(), session.statement_count()), (false, 1));
    assert_eq!(place.places().await?.len(), 1);
    Ok(())
}
