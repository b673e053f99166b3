//! Identity after a rollback: what a key leads to is what the database has, however much was looked up in between.
use crate::models::*;
use orm::{EntityState, Result, prelude::*};
use orm_test_support::{TestDb, on_every_database};

on_every_database! {
    shop:
    a_row_that_takes_the_key_of_an_undone_one_is_another_entity,
    a_row_whose_deletion_was_undone_is_still_the_same_entity,
    a_changed_key_column_is_looked_up_by_what_the_database_has,
}

async fn a_row_that_takes_the_key_of_an_undone_one_is_another_entity(db: TestDb) -> Result<()> {
    let session = db.session();
    let undone = session.add(Role::builder().id(7).name("undone"));
    session.flush().await?;
    assert!(session.get::<Role>(99).await?.is_none(), "a look-up, so that keys are indexed from here on");
    session.rollback().await?;

    let other = db.session();
    other.add(Role::builder().id(7).name("other"));
    other.commit().await?;
    let read = Role::query().one(&session).await?;
    assert_eq!((read.name.as_str(), session.state(read)), ("other", EntityState::Persistent));
    assert_eq!(session.state(undone), EntityState::Transient);
    assert!(read != undone);
    Ok(())
}

async fn a_row_whose_deletion_was_undone_is_still_the_same_entity(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(Role::builder().id(7).name("a"));
    writing.commit().await?;
    let session = db.session();
    let role = Role::query().one(&session).await?;
    session.delete(role);
    session.flush().await?;
    assert!(session.get::<Role>(7).await?.is_none());
    session.rollback().await?;
    assert_eq!(session.get_one::<Role>(7).await?, role);
    assert_eq!(Role::query().one(&session).await?, role);
    Ok(())
}

async fn a_changed_key_column_is_looked_up_by_what_the_database_has(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(Role::builder().id(7).name("a"));
    writing.commit().await?;
    let session = db.session();
    let role = Role::query().one(&session).await?;
    role.set(Role::id, 8);
    let found = session.no_autoflush(async || session.get_one::<Role>(7).await).await?;
    assert_eq!(found, role);
    session.commit().await?;
    assert_eq!(session.get_one::<Role>(8).await?, role);
    assert!(session.get::<Role>(7).await?.is_none());
    Ok(())
}
