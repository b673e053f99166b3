//! What happens to changes that are made just while a statement runs.
use crate::{
    gate::Gate,
    world::{Child, Counter, Parent, Tag, counter, schema},
};
use orm::{EntityState, Error, Result, prelude::*};
use orm_core::driver::Driver;
use std::{future::IntoFuture, sync::Arc};

async fn gated() -> Result<(Gate, Db)> {
    let gate = Gate::new().await?;
    let driver: Arc<dyn Driver> = Arc::new(gate.clone());
    let db = Db::from_pool(driver).await?;
    schema().create_all(&db).await?;
    Ok((gate, db))
}

/// Runs the work, and something else while it is at that statement.
async fn at<T>(
    gate: &Gate,
    statement: &'static str,
    work: impl Future<Output = Result<T>>,
    meanwhile: impl FnOnce(),
) -> Result<T> {
    gate.stop_at(statement);
    let (result, ()) = tokio::join!(work, gate.meanwhile(async { meanwhile() }));
    result
}

#[tokio::test]
async fn an_update_of_another_column_during_a_flush_is_written_by_the_next() -> Result<()> {
    let (gate, db) = gated().await?;
    let session = db.session();
    let row = session.add(counter());
    session.commit().await?;
    row.set(Counter::a, 1);
    at(&gate, "UPDATE", session.commit(), || row.set(Counter::b, 2)).await?;
    assert_eq!(Counter::query().select((Counter::a, Counter::b)).one(&db).await?, (1, 0));
    assert!(session.is_modified(row) && (row.a, row.b) == (1, 2));
    let plan = session.plan()?.to_string();
    assert!(plan.contains('b') && !plan.contains(" a"), "only what is not written yet: {plan}");
    session.commit().await?;
    assert_eq!(Counter::query().select((Counter::a, Counter::b)).one(&db).await?, (1, 2));
    Ok(())
}

#[tokio::test]
async fn an_update_of_the_same_column_during_a_flush_is_written_by_the_next() -> Result<()> {
    let (gate, db) = gated().await?;
    let session = db.session();
    let row = session.add(counter());
    session.commit().await?;
    row.set(Counter::a, 1);
    at(&gate, "UPDATE", session.commit(), || row.set(Counter::a, 2)).await?;
    assert_eq!((Counter::query().select(Counter::a).one(&db).await?, row.a), (1, 2));
    session.rollback().await?;
    assert_eq!(row.a, 1, "a rollback goes back to what was committed, not to what it was before");
    Ok(())
}

#[tokio::test]
async fn a_change_there_and_back_during_a_flush_is_still_written() -> Result<()> {
    let (gate, db) = gated().await?;
    let session = db.session();
    let row = session.add(counter());
    session.commit().await?;
    row.set(Counter::a, 1);
    at(&gate, "UPDATE", session.commit(), || row.set(Counter::a, 0)).await?;
    assert_eq!(Counter::query().select(Counter::a).one(&db).await?, 1);
    session.commit().await?;
    assert_eq!(Counter::query().select(Counter::a).one(&db).await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_row_that_is_changed_while_it_is_inserted_keeps_its_key_and_its_change() -> Result<()> {
    let (gate, db) = gated().await?;
    let session = db.session();
    let row = session.add(counter());
    at(&gate, "INSERT", session.commit(), || row.set(Counter::a, 1)).await?;
    assert!(row.id > 0 && row.a == 1 && session.is_modified(row));
    session.commit().await?;
    assert_eq!(Counter::query().select(Counter::a).one(&db).await?, 1);
    Ok(())
}

#[tokio::test]
async fn an_update_closure_that_spans_a_flush_changes_its_own_columns_only() -> Result<()> {
    let (_, db) = gated().await?;
    let session = db.session();
    let row = session.add(counter());
    session.commit().await?;
    row.update(|copy| {
        row.set(Counter::a, 1);
        row.set(Counter::c, 3);
        (copy.b, copy.c) = (2, 4);
    });
    assert_eq!((row.a, row.b, row.c), (1, 2, 4), "the last word on each column");
    Ok(())
}

#[tokio::test]
async fn a_parent_set_while_the_child_is_inserted_is_not_overwritten() -> Result<()> {
    let (gate, db) = gated().await?;
    let session = db.session();
    let other = session.add(Parent::builder().name("other"));
    session.commit().await?;
    let first = session.add(Parent::builder().name("first"));
    let child = first.children().push(Child::builder().name("child"))?;
    at(&gate, "INSERT INTO \"children\"", session.commit(), || _ = child.parent().set(other)).await?;
    assert_eq!(child.parent().loaded()?, Some(other));
    assert_eq!(Child::query().select(Child::parent_id).one(&db).await?, Some(first.id));
    session.commit().await?;
    assert_eq!(Child::query().select(Child::parent_id).one(&db).await?, Some(other.id));
    assert!(other.children().await?.contains(child) && !first.children().await?.contains(child));
    Ok(())
}

#[tokio::test]
async fn a_new_parent_set_while_the_child_is_written_is_written_by_the_next_flush() -> Result<()> {
    for statement in ["INSERT INTO \"children\"", "UPDATE"] {
        let (gate, db) = gated().await?;
        let session = db.session();
        let child = session.add(Child::builder().name("child"));
        if statement == "UPDATE" {
            session.commit().await?;
            child.set(Child::name, "renamed");
        }
        at(&gate, statement, session.commit(), || _ = child.parent().set(Parent::builder().name("new"))).await?;
        assert_eq!(Child::query().select(Child::parent_id).one(&db).await?, None);
        session.commit().await?;
        let parent = child.parent().loaded()?.ok_or_else(|| Error::other("it has none"))?;
        assert_eq!(Child::query().select(Child::parent_id).one(&db).await?, Some(parent.id), "{statement}");
        assert!(child.parent_id == Some(parent.id) && parent.id > 0);
    }
    Ok(())
}

#[tokio::test]
async fn a_key_that_is_changed_while_its_row_is_inserted_leads_to_it_under_what_the_database_has() -> Result<()> {
    let (gate, db) = gated().await?;
    let session = db.session();
    assert!(session.get::<Tag>("none").await?.is_none());
    let tag = session.add(Tag::builder().name("old"));
    at(&gate, "INSERT", session.commit(), || tag.set(Tag::name, "new")).await?;
    let found = session.no_autoflush(async || session.get_one::<Tag>("old").await).await?;
    assert_eq!(found, tag);
    session.commit().await?;
    assert_eq!(session.get_one::<Tag>("new").await?, tag);
    assert!(session.get::<Tag>("old").await?.is_none());
    Ok(())
}

#[tokio::test]
async fn a_flush_writes_what_was_there_when_it_began() -> Result<()> {
    let (gate, db) = gated().await?;
    let session = db.session();
    let (first, doomed) = (session.add(Tag::builder().name("first")), session.add(Tag::builder().name("doomed")));
    session.commit().await?;
    first.set(Tag::name, "renamed");
    let mut second = None;
    at(&gate, "UPDATE", session.commit(), || {
        second = Some(session.add(Tag::builder().name("second")));
        session.delete(doomed);
    })
    .await?;
    let second = second.ok_or_else(|| Error::other("nothing was added"))?;
    assert_eq!((session.state(second), Tag::query().count(&db).await?), (EntityState::Pending, 2));
    session.commit().await?;
    let names = Tag::query().order_by(Tag::name.asc()).select(Tag::name).all(&db).await?;
    assert_eq!(names, ["renamed", "second"]);
    Ok(())
}

#[tokio::test]
async fn a_link_that_is_taken_away_while_it_is_written_is_deleted_by_the_next_flush() -> Result<()> {
    let (gate, db) = gated().await?;
    let session = db.session();
    let (child, tag) = (session.add(Child::builder().name("child")), session.add(Tag::builder().name("tag")));
    session.commit().await?;
    child.tags().push(tag)?;
    at(&gate, "INSERT INTO \"child_tags\"", session.commit(), || _ = child.tags().remove(tag)).await?;
    let linked = || Child::query().filter(Child::tags.any(Predicate::always())).count(&db);
    assert_eq!((linked().await?, child.tags().await?.len()), (1, 0));
    session.commit().await?;
    assert_eq!(linked().await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_parent_deleted_while_another_one_cascades_takes_its_children_along_too() -> Result<()> {
    let (gate, db) = gated().await?;
    let writing = db.session();
    for name in ["one", "two"] {
        writing.add(Parent::builder().name(name).children([Child::builder().name(name)]));
    }
    writing.commit().await?;
    let session = db.session();
    let parents = Parent::query().order_by(Parent::id.asc()).all(&session).await?;
    session.delete(parents[0]);
    at(&gate, "SELECT", session.commit(), || session.delete(parents[1])).await?;
    assert_eq!(Parent::query().count(&db).await?, 0);
    assert_eq!(Child::query().filter(Child::parent_id.is_null()).count(&db).await?, 2);
    Ok(())
}

#[tokio::test]
async fn a_push_and_a_removal_that_race_a_lazy_load_are_kept() -> Result<()> {
    let (gate, db) = gated().await?;
    let writing = db.session();
    writing.add(Parent::builder().name("p").children(["a", "b"].map(|name| Child::builder().name(name))));
    writing.commit().await?;
    let session = db.session();
    let parent = Parent::query().one(&session).await?;
    let first = Child::query().filter(Child::name.eq("a")).one(&session).await?;
    let mut pushed = None;
    let load = at(&gate, "SELECT", parent.children().into_future(), || {
        pushed = parent.children().push(Child::builder().name("c")).ok();
        assert!(first.parent().clear().is_ok());
    });
    let loaded = load.await?;
    let pushed = pushed.ok_or_else(|| Error::other("it was not pushed"))?;
    assert!(loaded.contains(pushed) && !loaded.contains(first) && loaded.len() == 2);
    session.commit().await?;
    let left = Child::query().filter(Child::parent_id.eq(parent.id)).order_by(Child::name.asc()).select(Child::name);
    assert_eq!(left.all(&db).await?, ["b", "c"]);
    Ok(())
}

#[tokio::test]
async fn loads_of_one_relationship_are_one() -> Result<()> {
    let (gate, db) = gated().await?;
    let writing = db.session();
    writing.add(Parent::builder().name("p").children([Child::builder().name("a")]));
    writing.commit().await?;
    let session = db.session();
    let parent = Parent::query().one(&session).await?;
    let before = session.statement_count();
    let loads = async {
        let load = || parent.children().into_future();
        let (one, two, three, four) = tokio::join!(load(), load(), load(), load());
        Ok([one?.len(), two?.len(), three?.len(), four?.len()])
    };
    assert_eq!(at(&gate, "SELECT", loads, || ()).await?, [1; 4]);
    assert_eq!(session.statement_count() - before, 1);
    Ok(())
}

#[tokio::test]
async fn closures_without_autoflush_may_overlap() -> Result<()> {
    let (_, db) = gated().await?;
    let session = db.session();
    let (enter, entered) = tokio::sync::oneshot::channel::<()>();
    let (leave, left) = tokio::sync::oneshot::channel::<()>();
    let first = session.no_autoflush(async || {
        let _ = entered.await;
        Ok(())
    });
    let second = session.no_autoflush(async || {
        let _ = enter.send(());
        let _ = left.await;
        session.add(Tag::builder().name("tag"));
        assert_eq!(Tag::query().count(&session).await?, 0, "the other one has ended, this one has not");
        Ok(())
    });
    let first = async {
        let result = first.await;
        let _ = leave.send(());
        result
    };
    let (first, second) = tokio::join!(first, second);
    first.and(second)?;
    assert_eq!(Tag::query().count(&session).await?, 1);
    session.rollback().await
}
