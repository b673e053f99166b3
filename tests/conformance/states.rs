//! Identity, and the states of an entity from `add` to the end of its transaction.
use crate::{
    harness::{TestDb, on_every_database},
    models::*,
};
use orm::{EntityState, Result, prelude::*};

on_every_database! {
    shop:
    one_row_is_one_entity_however_it_was_reached,
    states_go_from_pending_over_persistent_to_deleted,
}

async fn one_row_is_one_entity_however_it_was_reached(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(User::builder().email("a").orders([Order::builder()]));
    writing.commit().await?;
    let session = db.session();
    let order = Order::query().with(Order::user.joined()).one(&session).await?;
    let joined = order.user().loaded()?;
    let user = session.get_one::<User>(joined.id).await?;
    assert_eq!(joined, user);
    assert_eq!(User::query().one(&session).await?, user);
    assert_eq!(user.orders().await?.into_iter().next(), Some(order));
    assert_eq!(order.user().await?, user);
    assert!(!std::ptr::eq(user.value(), writing.get_one::<User>(user.id).await?.value()));
    Ok(())
}

async fn states_go_from_pending_over_persistent_to_deleted(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a"));
    assert_eq!(session.state(user), EntityState::Pending);
    session.flush().await?;
    assert_eq!(session.state(user), EntityState::Persistent);
    session.delete(user);
    assert_eq!(session.state(user), EntityState::Persistent);
    session.flush().await?;
    assert_eq!(session.state(user), EntityState::Deleted);
    session.commit().await?;
    assert_eq!(session.state(user), EntityState::Deleted);
    Ok(())
}
