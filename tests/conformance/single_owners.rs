//! Targets with one owner where the key is on the owner, or in a link: `single_parent` and what lets go deletes.
use orm::{EntityState, Result, prelude::*, schema::Schema};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    fleet:
    a_second_owner_is_an_error_where_it_is_given,
    a_second_owner_of_a_link_is_an_error_where_it_is_given,
    a_second_owner_given_to_a_builder_is_told_by_the_flush,
    a_target_moves_to_another_owner_after_the_first_let_it_go,
    a_replaced_target_is_deleted,
    a_replaced_target_that_is_not_in_memory_is_deleted,
    a_target_let_go_by_its_key_is_deleted,
    a_target_goes_with_its_owner,
    a_target_that_another_owner_took_outlives_the_first,
    a_new_target_that_is_let_go_is_not_written,
    a_member_taken_out_of_its_only_collection_is_deleted,
    a_member_detached_by_its_key_is_deleted,
    members_go_with_the_owner_of_their_links,
    a_rollback_forgets_what_was_let_go,
}

fn fleet() -> Schema {
    orm::schema![Car, Engine, Sticker]
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Car {
    #[orm(primary_key)]
    id: i64,
    engine_id: Option<i64>,
    #[orm(cascade(all, delete_orphan), single_parent)]
    engine: BelongsTo<Option<Engine>>,
    #[orm(through("car_stickers", car_id, sticker_id), back_populates = cars, cascade(all, delete_orphan), single_parent)]
    stickers: ManyToMany<Sticker>,
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Engine {
    #[orm(primary_key)]
    id: i64,
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Sticker {
    #[orm(primary_key)]
    id: i64,
    #[orm(through("car_stickers", sticker_id, car_id), back_populates = stickers)]
    cars: ManyToMany<Car>,
}

/// Car 1 with an engine and two stickers, car 2 with nothing.
async fn two_cars(db: &TestDb) -> Result<()> {
    let session = db.session();
    session.add(Car::builder().engine(Engine::builder()).stickers([Sticker::builder(), Sticker::builder()]));
    session.add(Car::builder());
    session.commit().await
}

async fn cars(session: &Session) -> Result<[Entity<'_, Car>; 2]> {
    Ok([session.get_one::<Car>(1).await?, session.get_one::<Car>(2).await?])
}

/// The numbers of engines, stickers and links.
async fn counts(db: &TestDb) -> Result<(u64, u64, u64)> {
    let linked = Sticker::query().filter(Sticker::cars.any(Predicate::always())).count(&**db).await?;
    Ok((Engine::query().count(&**db).await?, Sticker::query().count(&**db).await?, linked))
}

async fn a_second_owner_is_an_error_where_it_is_given(db: TestDb) -> Result<()> {
    two_cars(&db).await?;
    let session = db.session();
    let [first, second] = cars(&session).await?;
    let engine = session.get_one::<Engine>(1).await?;
    let error = second.engine().set(engine).expect_err("the first car has it");
    for part in ["Car#2", "Engine#1", "Car::engine", "single_parent", "Car#1"] {
        assert!(error.to_string().contains(part), "{error}");
    }
    assert_eq!((second.engine_id, session.has_changes()), (None, false), "nothing has changed");
    let new = first.engine().set(Engine::builder())?.expect("it was set");
    second.engine().set(new).expect_err("it is known before it is written");
    second.engine().set(engine)?;
    session.commit().await?;
    assert_eq!((counts(&db).await?.0, second.engine_id), (2, Some(engine.id)));
    Ok(())
}

async fn a_second_owner_of_a_link_is_an_error_where_it_is_given(db: TestDb) -> Result<()> {
    two_cars(&db).await?;
    let session = db.session();
    let [first, second] = cars(&session).await?;
    let sticker = first.stickers().await?.first().expect("it has two");
    second.stickers().push(sticker).expect_err("the first car has it");
    sticker.cars().push(second).expect_err("it has a car");
    let new = second.stickers().push(Sticker::builder())?;
    first.stickers().push(new).expect_err("the second car has it");
    session.commit().await?;
    assert_eq!(counts(&db).await?, (1, 3, 3));
    Ok(())
}

async fn a_second_owner_given_to_a_builder_is_told_by_the_flush(db: TestDb) -> Result<()> {
    two_cars(&db).await?;
    let session = db.session();
    cars(&session).await?;
    let engine = session.get_one::<Engine>(1).await?;
    session.add(Car::builder().engine(engine));
    let error = session.flush().await.expect_err("the first car has it");
    assert!(error.to_string().contains("single_parent"), "{error}");
    session.rollback().await
}

async fn a_target_moves_to_another_owner_after_the_first_let_it_go(db: TestDb) -> Result<()> {
    two_cars(&db).await?;
    let session = db.session();
    let [first, second] = cars(&session).await?;
    let engine = first.engine().await?.expect("it has one");
    let sticker = first.stickers().await?.first().expect("it has two");
    first.engine().clear()?;
    second.engine().set(engine)?;
    first.stickers().remove(sticker)?;
    second.stickers().push(sticker)?;
    session.commit().await?;
    assert_eq!((counts(&db).await?, second.engine_id), ((1, 2, 2), Some(engine.id)));
    assert_eq!(second.stickers().await?.iter().collect::<Vec<_>>(), [sticker]);
    Ok(())
}

async fn a_replaced_target_is_deleted(db: TestDb) -> Result<()> {
    two_cars(&db).await?;
    let session = db.session();
    let [first, _] = cars(&session).await?;
    let old = first.engine().await?.expect("it has one");
    let new = first.engine().set(Engine::builder())?.expect("it was set");
    assert_eq!(session.state(old), EntityState::Persistent);
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!((sent, session.state(old), first.engine_id), (3, EntityState::Deleted, Some(new.id)));
    assert_eq!(counts(&db).await?.0, 1);
    Ok(())
}

async fn a_replaced_target_that_is_not_in_memory_is_deleted(db: TestDb) -> Result<()> {
    two_cars(&db).await?;
    let session = db.session();
    let [first, _] = cars(&session).await?;
    first.engine().clear()?;
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!((sent, counts(&db).await?.0), (3, 0), "a SELECT, an UPDATE, a DELETE");
    Ok(())
}

async fn a_target_let_go_by_its_key_is_deleted(db: TestDb) -> Result<()> {
    two_cars(&db).await?;
    let session = db.session();
    let [first, second] = cars(&session).await?;
    first.set(Car::engine_id, None);
    session.commit().await?;
    assert_eq!(counts(&db).await?.0, 0);
    let engine = session.add(Engine::builder());
    session.commit().await?;
    second.set(Car::engine_id, engine.id);
    first.engine().set(engine).expect_err("the second car has its key");
    session.commit().await?;
    assert_eq!(counts(&db).await?.0, 1);
    Ok(())
}

async fn a_target_goes_with_its_owner(db: TestDb) -> Result<()> {
    two_cars(&db).await?;
    let session = db.session();
    session.delete(session.get_one::<Car>(1).await?);
    session.commit().await?;
    assert_eq!((counts(&db).await?, Car::query().count(&*db).await?), ((0, 0, 0), 1));
    Ok(())
}

async fn a_target_that_another_owner_took_outlives_the_first(db: TestDb) -> Result<()> {
    two_cars(&db).await?;
    let session = db.session();
    let [first, second] = cars(&session).await?;
    let engine = first.engine().await?.expect("it has one");
    let sticker = first.stickers().await?.first().expect("it has two");
    session.delete(first);
    second.engine().set(engine)?;
    second.stickers().push(sticker)?;
    session.commit().await?;
    assert_eq!((counts(&db).await?, Car::query().count(&*db).await?), ((1, 1, 1), 1));
    Ok(())
}

async fn a_new_target_that_is_let_go_is_not_written(db: TestDb) -> Result<()> {
    two_cars(&db).await?;
    let session = db.session();
    let [_, second] = cars(&session).await?;
    let engine = second.engine().set(Engine::builder())?.expect("it was set");
    let sticker = second.stickers().push(Sticker::builder())?;
    second.engine().clear()?;
    second.stickers().remove(sticker)?;
    session.commit().await?;
    assert_eq!([session.state(engine), session.state(sticker)], [EntityState::Transient; 2]);
    assert_eq!(counts(&db).await?, (1, 2, 2));
    Ok(())
}

async fn a_member_taken_out_of_its_only_collection_is_deleted(db: TestDb) -> Result<()> {
    two_cars(&db).await?;
    let session = db.session();
    let [first, _] = cars(&session).await?;
    let stickers: Vec<_> = first.stickers().await?.iter().collect();
    first.stickers().remove(stickers[0])?;
    stickers[1].cars().clear().await?;
    session.commit().await?;
    assert_eq!(counts(&db).await?, (1, 0, 0));
    assert_eq!([0, 1].map(|i| session.state(stickers[i])), [EntityState::Deleted; 2]);
    Ok(())
}

async fn a_member_detached_by_its_key_is_deleted(db: TestDb) -> Result<()> {
    two_cars(&db).await?;
    let session = db.session();
    let [first, _] = cars(&session).await?;
    first.stickers().detach([2])?;
    let (_, sent) = statements!(session, session.commit().await?);
    assert!(sent <= 4, "{sent}: a SELECT, the link, the links of the row, the row");
    assert_eq!(counts(&db).await?, (1, 1, 1));
    Ok(())
}

async fn members_go_with_the_owner_of_their_links(db: TestDb) -> Result<()> {
    two_cars(&db).await?;
    let session = db.session();
    let [first, second] = cars(&session).await?;
    second.stickers().push(Sticker::builder())?;
    session.delete(first);
    session.commit().await?;
    assert_eq!(counts(&db).await?, (0, 1, 1));
    Ok(())
}

async fn a_rollback_forgets_what_was_let_go(db: TestDb) -> Result<()> {
    two_cars(&db).await?;
    let session = db.session();
    let [first, _] = cars(&session).await?;
    let engine = first.engine().await?.expect("it has one");
    first.engine().clear()?;
    session.rollback().await?;
    assert_eq!(first.engine().loaded()?, Some(engine));
    first.stickers().detach([1])?;
    assert_eq!(session.plan()?.len(), 1);
    session.rollback().await?;
    assert!(!session.has_changes());
    session.commit().await?;
    assert_eq!(counts(&db).await?, (1, 2, 2));
    Ok(())
}
