//! Columns that are left out of a load, and loaded when they are awaited.
use crate::models::*;
use orm::{Error, Loading, Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    papers:
    a_column_is_loaded_by_the_first_await_and_remembered,
    nothing_is_read_without_an_await,
    a_thousand_columns_walked_take_two_statements,
    columns_load_one_by_one,
    columns_of_a_group_load_together,
    each_alone_and_peers_are_respected,
    null_is_a_value,
    a_column_that_the_query_loads_takes_no_statement,
    setting_a_column_needs_no_load,
    a_column_is_loaded_beside_unwritten_changes,
    what_is_set_is_not_overwritten,
    an_update_beside_a_load_is_kept,
    a_rollback_leaves_a_column_unloaded_or_right,
    an_undone_savepoint_leaves_a_column_unloaded_or_right,
    a_commit_keeps_what_was_loaded,
    a_new_row_is_written_before_its_column_is_loaded,
    a_row_without_a_session_has_no_column,
    a_deleted_entity_has_no_column_to_load,
    a_row_that_is_gone_is_told,
    two_futures_load_once,
    targets_of_a_relationship_are_peers,
    a_column_may_have_another_accessor,
}

async fn a_column_is_loaded_by_the_first_await_and_remembered(db: TestDb) -> Result<()> {
    papers_with(&db, 1).await?;
    let session = db.session();
    let paper = all_papers().one(&session).await?;
    let (body, sent) = statements!(session, paper.body().await?);
    assert_eq!((body.as_str(), sent), ("b0", 1));
    let (again, sent) = statements!(session, paper.body().await?);
    assert_eq!((again.as_str(), sent, paper.body.loaded()?), ("b0", 0, body));
    assert!(!session.has_changes());
    Ok(())
}

async fn nothing_is_read_without_an_await(db: TestDb) -> Result<()> {
    papers_with(&db, 1).await?;
    let session = db.session();
    let paper = all_papers().one(&session).await?;
    assert!(!paper.body().is_loaded());
    let error = paper.body().loaded().expect_err("it was left out");
    assert!(error.is_not_loaded());
    assert_eq!(
        error.to_string(),
        "Paper::body is not in memory: await it (`.body().await?`), or load it with the query, `.with(Paper::body)`"
    );
    assert_eq!(session.statement_count(), 1);
    Ok(())
}

async fn bodies(papers: &[Entity<'_, Paper>]) -> Result<Vec<String>> {
    let mut bodies = Vec::new();
    for paper in papers {
        bodies.push(paper.body().await?.clone());
    }
    Ok(bodies)
}

async fn a_thousand_columns_walked_take_two_statements(db: TestDb) -> Result<()> {
    papers_with(&db, 1_000).await?;
    let session = db.session();
    let papers = all_papers().all(&session).await?;
    let (bodies, sent) = statements!(session, bodies(&papers).await?);
    assert!(bodies.iter().enumerate().all(|(number, body)| *body == format!("b{number}")));
    assert_eq!(sent, 2);
    Ok(())
}

async fn columns_load_one_by_one(db: TestDb) -> Result<()> {
    papers_with(&db, 3).await?;
    let session = db.session();
    let papers = all_papers().all(&session).await?;
    bodies(&papers).await?;
    assert!(papers.iter().all(|paper| paper.body().is_loaded() && !paper.photo().is_loaded()));
    Ok(())
}

async fn columns_of_a_group_load_together(db: TestDb) -> Result<()> {
    papers_with(&db, 3).await?;
    let session = db.session();
    let papers = all_papers().all(&session).await?;
    let mut sent = 0;
    for paper in &papers {
        sent += statements!(session, paper.thumbnail().await?).1;
        let (photo, more) = statements!(session, paper.photo().await?);
        assert_eq!((photo[0], more, paper.body().is_loaded()), (1, 0, false));
    }
    assert_eq!(sent, 2);
    Ok(())
}

async fn each_alone_and_peers_are_respected(db: TestDb) -> Result<()> {
    papers_with(&db, 4).await?;
    for (loading, expected) in [(Loading::EachAlone, 4), (Loading::Adaptive, 2), (Loading::Peers, 1)] {
        let session = db.session();
        session.set_loading(loading);
        let papers = all_papers().all(&session).await?;
        assert_eq!(statements!(session, bodies(&papers).await?).1, expected, "{loading:?}");
    }
    Ok(())
}

async fn null_is_a_value(db: TestDb) -> Result<()> {
    papers_with(&db, 1).await?;
    Paper::query().all_rows().set(Paper::note, None::<String>).update(&*db).await?;
    let session = db.session();
    let paper = all_papers().one(&session).await?;
    assert_eq!(paper.note().await?, &None);
    assert_eq!(statements!(session, paper.note().await?), (&None, 0));
    Ok(())
}

async fn a_column_that_the_query_loads_takes_no_statement(db: TestDb) -> Result<()> {
    papers_with(&db, 2).await?;
    let session = db.session();
    let papers = all_papers().with(Paper::body).all(&session).await?;
    assert_eq!(statements!(session, bodies(&papers).await?).1, 0);
    Ok(())
}

async fn setting_a_column_needs_no_load(db: TestDb) -> Result<()> {
    papers_with(&db, 1).await?;
    let session = db.session();
    let paper = all_papers().one(&session).await?;
    paper.set(Paper::body, "other");
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!(sent, 1);
    let (body, sent) = statements!(session, paper.body().await?);
    assert_eq!((body.as_str(), sent, paper.photo().is_loaded()), ("other", 0, false));
    assert_eq!(all_papers().with(Paper::body).one(&*db).await?.body.loaded()?, "other");
    Ok(())
}

async fn a_column_is_loaded_beside_unwritten_changes(db: TestDb) -> Result<()> {
    papers_with(&db, 1).await?;
    let session = db.session();
    let paper = all_papers().one(&session).await?;
    paper.set(Paper::title, "changed");
    let (body, sent) = statements!(session, paper.body().await?);
    assert_eq!((body.as_str(), sent, paper.title.as_str()), ("b0", 1, "changed"));
    assert!(session.is_modified(paper));
    session.commit().await?;
    let stored = all_papers().with(Paper::body).one(&*db).await?;
    assert_eq!((stored.title.as_str(), stored.body.loaded()?.as_str()), ("changed", "b0"));
    Ok(())
}

async fn what_is_set_is_not_overwritten(db: TestDb) -> Result<()> {
    papers_with(&db, 1).await?;
    let session = db.session();
    let paper = all_papers().one(&session).await?;
    paper.set(Paper::photo, vec![9_u8]);
    let (thumbnail, sent) = statements!(session, paper.thumbnail().await?);
    assert_eq!((thumbnail.as_slice(), paper.photo().await?.as_slice(), sent), (&[2][..], &[9][..], 1));
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!(sent, 1);
    assert_eq!(all_papers().with(Paper::photo).one(&*db).await?.photo.loaded()?, &[9]);
    Ok(())
}

async fn an_update_beside_a_load_is_kept(db: TestDb) -> Result<()> {
    papers_with(&db, 1).await?;
    let session = db.session();
    let paper = all_papers().one(&session).await?;
    let load = async || paper.body().await;
    let change = async || paper.update(|paper| paper.title = "changed".into());
    let (body, ()) = tokio::join!(load(), change());
    assert_eq!((body?.as_str(), paper.title.as_str()), ("b0", "changed"));
    session.commit().await?;
    let stored = all_papers().with(Paper::body).one(&*db).await?;
    assert_eq!((stored.title.as_str(), stored.body.loaded()?.as_str()), ("changed", "b0"));
    Ok(())
}

async fn a_rollback_leaves_a_column_unloaded_or_right(db: TestDb) -> Result<()> {
    papers_with(&db, 2).await?;
    let session = db.session();
    let papers = all_papers().all(&session).await?;
    papers[0].set(Paper::body, "other");
    session.flush().await?;
    Paper::query().filter(Paper::id.eq(papers[1].id)).set(Paper::body, "more").update(&session).await?;
    assert_eq!(bodies(&papers).await?, ["other", "more"]);
    papers[0].set(Paper::title, "changed");
    papers[0].thumbnail().await?;
    session.rollback().await?;
    assert!(papers.iter().all(|paper| paper.body().loaded().map_or(true, |body| body.starts_with('b'))));
    assert_eq!(papers[0].title, "t0");
    assert_eq!(bodies(&papers).await?, ["b0", "b1"]);
    Ok(())
}

async fn an_undone_savepoint_leaves_a_column_unloaded_or_right(db: TestDb) -> Result<()> {
    papers_with(&db, 1).await?;
    let session = db.session();
    let paper = all_papers().one(&session).await?;
    paper.set(Paper::title, "before");
    session.flush().await?;
    let undone: Result<()> = session
        .savepoint(async || {
            Paper::query().all_rows().set(Paper::body, "other").update(&session).await?;
            paper.set(Paper::title, "inside");
            assert_eq!(paper.body().await?, "other");
            Err(Error::other("on second thought"))
        })
        .await;
    assert!(undone.is_err());
    assert_eq!((paper.title.as_str(), paper.body().await?.as_str()), ("before", "b0"));
    session.commit().await
}

async fn a_commit_keeps_what_was_loaded(db: TestDb) -> Result<()> {
    papers_with(&db, 1).await?;
    let session = db.session();
    let paper = all_papers().one(&session).await?;
    paper.set(Paper::title, "changed");
    paper.body().await?;
    session.commit().await?;
    session.rollback().await?;
    let (body, sent) = statements!(session, paper.body().await?);
    assert_eq!((body.as_str(), sent, paper.title.as_str()), ("b0", 0, "changed"));
    // Met again, the row has no body: what is loaded stays.
    all_papers().all(&session).await?;
    assert!(paper.body().is_loaded());
    Ok(())
}

async fn a_new_row_is_written_before_its_column_is_loaded(db: TestDb) -> Result<()> {
    let session = db.session();
    let new = Paper::builder().title("t").body("b").photo(vec![1]).thumbnail(vec![2]).note("n");
    let paper = session.add(new);
    let (body, sent) = statements!(session, paper.body().await?);
    assert_eq!((body.as_str(), sent), ("b", 0));
    assert_eq!(*paper.page_count().await?, 7);
    assert_eq!(session.state(paper), orm::EntityState::Persistent);
    session.rollback().await?;
    Ok(())
}

async fn a_row_without_a_session_has_no_column(db: TestDb) -> Result<()> {
    let session = db.session();
    let new = Paper::builder().title("t").body("b").photo(vec![1]).thumbnail(vec![2]).note("n");
    let paper = session.add(new);
    let error = session.no_autoflush(async || paper.page_count().await).await.expect_err("nobody knows it");
    assert!(error.is_not_loaded());
    assert_eq!(
        error.to_string(),
        "Paper::pages of Paper (new) was not given, and the entity is not written: flush before it is read"
    );
    session.rollback().await
}

async fn a_deleted_entity_has_no_column_to_load(db: TestDb) -> Result<()> {
    papers_with(&db, 1).await?;
    let session = db.session();
    let paper = all_papers().with(Paper::body).one(&session).await?;
    let other = db.session();
    let bare = all_papers().one(&other).await?;
    other.delete(bare);
    let error = bare.body().await.expect_err("it is deleted");
    assert!(error.is_deleted());
    let name = format!("Paper#{}", bare.id);
    assert_eq!(
        error.to_string(),
        format!("Paper::body of {name} cannot be loaded any more, since the entity is deleted: load it before")
    );
    session.delete(paper);
    assert_eq!(paper.body().await?, "b0", "what is in memory stays readable");
    session.rollback().await?;
    other.rollback().await
}

async fn a_row_that_is_gone_is_told(db: TestDb) -> Result<()> {
    papers_with(&db, 1).await?;
    let session = db.session();
    let paper = all_papers().one(&session).await?;
    Paper::query().all_rows().delete(&*db).await?;
    let error = paper.body().await.expect_err("the row is gone");
    assert!(error.is_not_found(), "{error}");
    Ok(())
}

async fn two_futures_load_once(db: TestDb) -> Result<()> {
    papers_with(&db, 1).await?;
    let session = db.session();
    let paper = all_papers().one(&session).await?;
    let load = async || paper.body().await;
    let (first, second) = tokio::join!(load(), load());
    assert_eq!((first?, second?, session.statement_count()), (&"b0".to_owned(), &"b0".to_owned(), 2));
    Ok(())
}

async fn targets_of_a_relationship_are_peers(db: TestDb) -> Result<()> {
    papers_with(&db, 5).await?;
    let writing = db.session();
    let folder = writing.add(Folder::builder());
    for paper in all_papers().all(&writing).await? {
        folder.papers().push(paper)?;
    }
    writing.commit().await?;
    let session = db.session();
    let folder = Folder::query().one(&session).await?;
    let papers: Vec<_> = folder.papers().await?.iter().collect();
    assert_eq!(statements!(session, bodies(&papers).await?).1, 2);
    Ok(())
}

async fn a_column_may_have_another_accessor(db: TestDb) -> Result<()> {
    papers_with(&db, 1).await?;
    let session = db.session();
    assert_eq!(*all_papers().one(&session).await?.page_count().await?, 7);
    Ok(())
}
