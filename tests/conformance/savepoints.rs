//! Savepoints: what they keep and undo, and who may write while one is open.
use crate::models::*;
use orm::{Error, Result, prelude::*};
use orm_test_support::{TestDb, on_every_database};

on_every_database! {
    shop:
    a_savepoint_that_fails_undoes_rows_and_objects_and_nothing_else,
    savepoints_nest,
    a_write_from_outside_of_an_open_savepoint_is_an_error,
    a_change_from_outside_of_an_open_savepoint_shares_its_end,
    committing_inside_a_savepoint_is_an_error,
    a_cancelled_savepoint_must_be_rolled_back,
}

async fn a_savepoint_that_fails_undoes_rows_and_objects_and_nothing_else(db: TestDb) -> Result<()> {
    let session = db.session();
    let kept = session.add(User::builder().email("kept"));
    let undone: Result<()> = session
        .savepoint(async || {
            kept.set(User::email, "changed");
            session.add(User::builder().email("lost"));
            session.flush().await?;
            Err(Error::other("no"))
        })
        .await;
    assert!(undone.is_err());
    assert_eq!(kept.email, "kept");
    session.commit().await?;
    let emails: Vec<String> = User::query().select(User::email).all(&*db).await?;
    assert_eq!(emails, ["kept"]);
    Ok(())
}

async fn savepoints_nest(db: TestDb) -> Result<()> {
    let session = db.session();
    session
        .savepoint(async || {
            session.add(User::builder().email("outer"));
            let inner: Result<()> = session
                .savepoint(async || {
                    session.add(User::builder().email("inner"));
                    Err(Error::other("no"))
                })
                .await;
            assert!(inner.is_err());
            Ok::<_, Error>(())
        })
        .await?;
    session.commit().await?;
    let emails: Vec<String> = User::query().select(User::email).all(&*db).await?;
    assert_eq!(emails, ["outer"]);
    Ok(())
}

async fn a_write_from_outside_of_an_open_savepoint_is_an_error(db: TestDb) -> Result<()> {
    let session = db.session();
    let (open, opened) = tokio::sync::oneshot::channel();
    let (done, finished) = tokio::sync::oneshot::channel::<()>();
    let inside = session.savepoint(async || {
        let _ = open.send(());
        let _ = finished.await;
        Ok::<_, Error>(())
    });
    let outside = async {
        let _ = opened.await;
        let nested = session.savepoint(async || Ok::<_, Error>(())).await;
        assert!(nested.is_err(), "a second savepoint that is not nested");
        session.add(User::builder().email("a"));
        let error = session.flush().await.expect_err("a write from outside");
        assert!(error.to_string().contains("savepoint"), "{error}");
        let _ = done.send(());
    };
    let (inside, ()) = tokio::join!(inside, outside);
    inside?;
    session.commit().await?;
    assert_eq!(User::query().count(&*db).await?, 1);
    Ok(())
}

async fn committing_inside_a_savepoint_is_an_error(db: TestDb) -> Result<()> {
    let session = db.session();
    let result: Result<()> = session.savepoint(async || session.commit().await).await;
    assert!(result.is_err());
    session.commit().await
}

async fn a_cancelled_savepoint_must_be_rolled_back(db: TestDb) -> Result<()> {
    let session = db.session();
    let never = session.savepoint(async || {
        std::future::pending::<()>().await;
        Ok::<_, Error>(())
    });
    assert!(tokio::time::timeout(std::time::Duration::from_millis(20), never).await.is_err());
    assert!(User::query().all(&session).await.is_err());
    session.rollback().await?;
    session.add(User::builder().email("a"));
    session.commit().await
}

async fn a_change_from_outside_of_an_open_savepoint_shares_its_end(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a"));
    session.commit().await?;
    for (fails, credit) in [(true, 10), (false, 7)] {
        let inside = session.savepoint(async || {
            while !session.is_modified(user) {
                tokio::task::yield_now().await;
            }
            if fails { Err(Error::other("no")) } else { Ok(()) }
        });
        let outside = async {
            while session.savepoint_depth() == 0 {
                tokio::task::yield_now().await;
            }
            user.set(User::credit, 7);
        };
        let (ended, ()) = tokio::join!(inside, outside);
        assert_eq!((ended.is_err(), user.credit), (fails, credit));
    }
    assert!(!session.has_changes(), "the end of the savepoint wrote it");
    session.commit().await
}
