//! What a session says of its unwritten changes.
use crate::models::*;
use orm::Result;
use orm_test_support::{TestDb, on_every_database};

on_every_database! {
    shop:
    a_session_lists_what_it_has_not_written,
}

async fn a_session_lists_what_it_has_not_written(db: TestDb) -> Result<()> {
    let session = db.session();
    let (ann, bob) = (session.add(User::builder().email("ann")), session.add(User::builder().email("bob")));
    assert_eq!(session.added::<User>(), [ann, bob]);
    assert!(session.added::<Order>().is_empty());
    session.flush().await?;
    assert!(session.added::<User>().is_empty());
    ann.set(User::email, "anna");
    bob.set(User::email, "bobby");
    bob.set(User::email, "bob");
    session.delete(bob);
    assert_eq!(session.modified::<User>(), [ann]);
    assert_eq!(session.deleted::<User>(), [bob]);
    session.commit().await?;
    assert!(session.modified::<User>().is_empty() && session.deleted::<User>().is_empty());
    Ok(())
}
