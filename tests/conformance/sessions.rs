//! The session itself: its memory, handles, autoflush, and the ways to run a transaction.
use crate::models::*;
use orm::{Error, Result, prelude::*};
use orm_test_support::{TestDb, on_every_database};

on_every_database! {
    shop:
    clearing_a_session_forgets_everything_and_reads_anew,
    a_handle_leads_back_to_its_entity_in_its_own_session_only,
    queries_do_not_flush_where_that_is_switched_off,
    a_database_for_one_test_keeps_nothing,
    a_transaction_may_fail_with_an_error_of_its_own,
    a_page_tells_how_many_rows_there_are,
    futures_of_reads_have_no_room_for_a_flush,
}

async fn clearing_a_session_forgets_everything_and_reads_anew(db: TestDb) -> Result<()> {
    let mut session = db.session();
    let id = {
        let user = session.add(User::builder().email("a"));
        session.commit().await?;
        session.add(User::builder().email("lost"));
        user.id
    };
    session.clear();
    assert!(!session.has_changes());
    let before = session.statement_count();
    assert_eq!(session.get_one::<User>(id).await?.email, "a");
    assert_eq!(session.statement_count(), before + 1);
    assert_eq!(User::query().count(&session).await?, 1);
    Ok(())
}

async fn a_handle_leads_back_to_its_entity_in_its_own_session_only(db: TestDb) -> Result<()> {
    let (session, other) = (db.session(), db.session());
    let user = session.add(User::builder().email("a"));
    let handle = user.handle();
    assert_eq!(session.entity(handle)?, user);
    assert!(other.entity(handle).expect_err("another session's").is_wrong_session());
    let order = session.add(Order::builder().user(handle));
    session.commit().await?;
    assert_eq!(order.user_id, user.id);
    Ok(())
}

async fn queries_do_not_flush_where_that_is_switched_off(db: TestDb) -> Result<()> {
    let session = db.session();
    session.add(User::builder().email("a"));
    let seen = session.no_autoflush(async || User::query().count(&session).await).await?;
    assert_eq!(seen, 0);
    assert_eq!(User::query().count(&session).await?, 1);
    Ok(())
}

async fn a_database_for_one_test_keeps_nothing(db: TestDb) -> Result<()> {
    let test = db.test().await?;
    let session = test.session();
    session.add(User::builder().email("a"));
    session.commit().await?;
    drop(session);
    assert_eq!(User::query().count(&test).await?, 1);
    drop(test);
    assert_eq!(User::query().count(&*db).await?, 0);
    Ok(())
}

#[derive(Debug)]
enum Refused {
    Twice,
    Database(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

async fn a_transaction_may_fail_with_an_error_of_its_own(db: TestDb) -> Result<()> {
    let add = async |session: &Session| {
        if User::query().exists(session).await? {
            return Err(Refused::Twice);
        }
        session.add(User::builder().email("a"));
        Ok(())
    };
    assert!(db.transaction_with(add).await.is_ok());
    assert!(matches!(db.transaction_with(add).await, Err(Refused::Twice)));
    let clash = async |session: &Session| {
        session.add(User::builder().email("a"));
        Ok::<_, Refused>(())
    };
    assert!(matches!(db.transaction_with(clash).await, Err(Refused::Database(error)) if error.is_unique_violation()));
    assert_eq!(User::query().count(&*db).await?, 1);
    Ok(())
}

async fn a_page_tells_how_many_rows_there_are(db: TestDb) -> Result<()> {
    let session = db.session();
    session.add_all((0..7).map(|i| User::builder().email(format!("u{i}"))));
    session.commit().await?;
    let page = User::query().order_by(User::id).page(&*db, 3, 3).await?;
    assert_eq!((page.items.len(), page.total, page.pages()), (1, 7, 3));
    assert_eq!(page.items[0].email, "u6");
    assert!(User::query().page(&*db, 0, 3).await.is_err());
    Ok(())
}

/// They are moved into the futures of the program, which are as large as the largest of them.
async fn futures_of_reads_have_no_room_for_a_flush(db: TestDb) -> Result<()> {
    let session = db.session();
    let sizes = [
        size_of_val(&User::query().all(&session)),
        size_of_val(&User::query().all(&*db)),
        size_of_val(&session.get::<User>(1)),
        size_of_val(&User::query().with(User::orders).one(&session)),
    ];
    assert!(sizes.iter().all(|size| *size <= 1_024), "{sizes:?} bytes");
    Ok(())
}
