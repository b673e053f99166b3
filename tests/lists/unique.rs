//! Lists whose places are unique in the database, counted from 1, and lists without another side.
use crate::models::*;
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    kitchen:
    places_are_counted_from_where_the_list_says,
    unique_places_wander_from_row_to_row,
    a_removed_member_is_deleted_and_the_others_close_up,
    a_list_without_another_side_is_counted,
    a_position_that_does_not_fit_is_an_error,
    a_failed_flush_leaves_no_positions_behind,
    positions_that_a_document_brings_are_kept,
}

async fn recipe<'s>(session: &'s Session, texts: &str) -> Result<Entity<'s, Recipe>> {
    let steps = texts.split(' ').map(|text| Step::builder().text(text));
    let recipe = session.add(Recipe::builder().steps(steps));
    session.commit().await?;
    Ok(recipe)
}

async fn stored(db: &TestDb) -> Result<String> {
    let steps: Vec<Step> = Step::query().order_by((Step::recipe_id, Step::number)).all(&**db).await?;
    Ok(steps.iter().map(|step| format!("{}{}", step.text, step.number)).collect::<Vec<_>>().join(" "))
}

fn at(recipe: Entity<'_, Recipe>, place: usize) -> Result<Entity<'_, Step>> {
    recipe.steps().loaded()?.get(place).ok_or_else(|| orm::Error::other("no such step"))
}

async fn places_are_counted_from_where_the_list_says(db: TestDb) -> Result<()> {
    let writing = db.session();
    let id = recipe(&writing, "a b").await?.id;
    let session = db.session();
    let recipe = session.get_one::<Recipe>(id).await?;
    let step = recipe.steps().push(Step::builder().text("c"))?;
    session.commit().await?;
    assert_eq!((step.number, stored(&db).await?.as_str()), (3, "a1 b2 c3"));
    Ok(())
}

async fn unique_places_wander_from_row_to_row(db: TestDb) -> Result<()> {
    let session = db.session();
    let recipe = recipe(&session, "a b c d").await?;
    recipe.steps().move_to(0, at(recipe, 3)?)?;
    session.commit().await?;
    assert_eq!(stored(&db).await?, "d1 a2 b3 c4");
    recipe.steps().insert(1, Step::builder().text("new"))?;
    recipe.steps().reorder([at(recipe, 4)?, at(recipe, 3)?])?;
    session.commit().await?;
    assert_eq!(stored(&db).await?, "c1 b2 d3 new4 a5");
    Ok(())
}

async fn a_removed_member_is_deleted_and_the_others_close_up(db: TestDb) -> Result<()> {
    let session = db.session();
    let recipe = recipe(&session, "a b c").await?;
    recipe.steps().remove(at(recipe, 0)?)?;
    recipe.steps().push(Step::builder().text("d"))?;
    session.commit().await?;
    assert_eq!(stored(&db).await?, "b1 c2 d3");
    recipe.steps().clear().await?;
    recipe.steps().push(Step::builder().text("only"))?;
    session.commit().await?;
    assert_eq!(stored(&db).await?, "only1");
    Ok(())
}

async fn a_list_without_another_side_is_counted(db: TestDb) -> Result<()> {
    let writing = db.session();
    let recipe = writing.add(Recipe::builder().notes(["a", "b"].map(|text| Note::builder().text(text))));
    writing.commit().await?;
    let session = db.session();
    let recipe = session.get_one::<Recipe>(recipe.id).await?;
    recipe.notes().push(Note::builder().text("c"))?;
    let (_, sent) = statements!(session, session.commit().await?);
    let notes = recipe.notes().await?;
    assert_eq!((notes.values(Note::place).copied().collect::<Vec<_>>(), sent), (vec![Some(0), Some(1), Some(2)], 2));
    let last = notes.last().ok_or_else(|| orm::Error::other("three notes"))?;
    recipe.notes().move_to(0, last)?;
    session.commit().await?;
    let texts: Vec<&String> = recipe.notes().loaded()?.values(Note::text).collect();
    assert_eq!(
        (texts, last.place),
        (vec!["c", "a", "b"].into_iter().map(|t| t.to_owned()).collect::<Vec<_>>().iter().collect(), Some(0))
    );
    Ok(())
}

async fn a_position_that_does_not_fit_is_an_error(db: TestDb) -> Result<()> {
    let session = db.session();
    let recipe = session.add(Recipe::builder());
    recipe.notes().push(Note::builder().text("far").place(255_u8))?;
    session.commit().await?;
    let other = db.session();
    let recipe = other.get_one::<Recipe>(recipe.id).await?;
    recipe.notes().push(Note::builder().text("further"))?;
    let error = other.commit().await.expect_err("there is no 256");
    let expected = "Recipe::notes has a member at the place 256, which does not fit into Note.place";
    assert!(error.to_string().starts_with(expected), "{error}");
    Ok(())
}

async fn a_failed_flush_leaves_no_positions_behind(db: TestDb) -> Result<()> {
    let session = db.session();
    let recipe = recipe(&session, "a b").await?;
    let pushed = recipe.steps().push(Step::builder().text("c"))?;
    recipe.steps().move_to(0, pushed)?;
    let twice = session.add(Step::builder().recipe_id(recipe.id).number(1).text("twice"));
    recipe.steps().loaded()?;
    session.add(Step::builder().recipe_id(recipe.id).number(1).text("thrice"));
    assert!(session.flush().await.is_err_and(|error| error.is_unique_violation()));
    session.rollback().await?;
    assert_eq!((pushed.number, twice.number), (0, 1));
    let texts: Vec<String> = recipe.steps().await?.values(Step::text).cloned().collect();
    assert_eq!((texts, stored(&db).await?.as_str()), (vec!["a".to_owned(), "b".to_owned()], "a1 b2"));
    recipe.steps().insert(1, pushed)?;
    session.commit().await?;
    assert_eq!(stored(&db).await?, "a1 c2 b3", "it is counted when it is added again");
    Ok(())
}

async fn positions_that_a_document_brings_are_kept(db: TestDb) -> Result<()> {
    let session = db.session();
    recipe(&session, "a b c").await?;
    let mut document = Recipe::query().with(Recipe::steps).one(&*db).await?;
    let mut steps = document.steps.get()?.to_vec();
    steps.swap(0, 2);
    (steps[0].number, steps[2].number) = (1, 3);
    steps.push(Step { id: 0, recipe_id: 0, number: 0, text: "d".into(), recipe: BelongsTo::default() });
    document.steps = steps.into();
    session.merge(document).await?;
    session.commit().await?;
    assert_eq!(stored(&db).await?, "c1 b2 a3 d4");
    Ok(())
}
