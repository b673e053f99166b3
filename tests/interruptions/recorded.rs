//! What a session does when its database fails, stops answering, or is not waited for: at every call that a flush makes.
use orm::{EntityState, Result, prelude::*};
use orm_core::driver::{
    Control, Dialect, Driver, Outcome,
    recorder::{Answer, Call, Failure, Interruption, Recorder},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

#[derive(Model, Clone, Debug)]
pub struct Note {
    #[orm(primary_key)]
    pub id: i64,
    pub text: String,
}

async fn recorded(recorder: &Recorder) -> Result<Db> {
    let driver: Arc<dyn Driver> = Arc::new(recorder.clone());
    let db = Db::from_pool(driver).await?;
    recorder.clear();
    Ok(db)
}

/// How a note is added.
#[derive(Clone, Copy)]
enum Adding {
    /// By a statement that is a transaction of its own.
    Alone,
    /// In a transaction, which the flush begins.
    Flushed,
}

impl Adding {
    const ALL: [Self; 2] = [Self::Alone, Self::Flushed];

    /// A connection, INSERT; or a connection, BEGIN, INSERT, COMMIT.
    fn calls(self) -> std::ops::Range<usize> {
        match self {
            Self::Alone => 0..2,
            Self::Flushed => 0..4,
        }
    }

    async fn add_note(self, session: &Session, recorder: &Recorder) -> Result<i64> {
        recorder.answer(Answer::Rows(vec![vec![7i64.into()]]));
        let note = session.add(Note::builder().text("a"));
        if let Self::Flushed = self {
            session.flush().await?;
        }
        session.commit().await?;
        Ok(note.id)
    }
}

fn every_call() -> impl Iterator<Item = (Adding, usize)> {
    Adding::ALL.into_iter().flat_map(|adding| adding.calls().map(move |call| (adding, call)))
}

#[tokio::test]
async fn one_insert_is_a_transaction_of_its_own_and_two_statements_are_not() -> Result<()> {
    let recorder = Recorder::new(Dialect::Postgres);
    let db = recorded(&recorder).await?;
    for (adding, calls) in [(Adding::Alone, "query"), (Adding::Flushed, "begin query commit")] {
        recorder.clear();
        adding.add_note(&db.session(), &recorder).await?;
        assert_eq!(shown(&recorder), calls);
    }
    recorder.clear();
    recorder.answer(Answer::Rows(vec![vec![7i64.into()]]));
    let session = db.session();
    session.add(Note::builder().text("a"));
    session.add(Ticket::builder().code("a").seat(1));
    session.commit().await?;
    assert_eq!(shown(&recorder), "begin query execute commit");
    recorder.clear();
    recorder.answer(Answer::Rows(vec![vec!["b".into(), 7i64.into()]]));
    session.add(Ticket::builder().code("b"));
    session.commit().await?;
    assert_eq!(shown(&recorder), "begin query commit", "what the database made may not be what the field can hold");
    Ok(())
}

/// Everything that one flush can write by one statement, and the calls of its commit.
#[tokio::test]
async fn one_statement_is_a_transaction_of_its_own_if_a_server_carries_it_out_whole_or_not_at_all() -> Result<()> {
    for (dialect, [added, changed, deleted]) in [
        (Dialect::Postgres, ["query", "execute", "execute"]),
        (Dialect::MariaDb, ["query", "begin execute commit", "execute"]),
        (Dialect::MySql, ["execute", "begin execute commit", "execute"]),
        (Dialect::Sqlite, ["begin query commit", "begin execute commit", "begin execute commit"]),
    ] {
        let recorder = Recorder::new(dialect);
        let db = recorded(&recorder).await?;
        let session = db.session();
        let done = |rows| Answer::Done(Outcome { rows, first_key: Some(7) });
        recorder.answer(match added {
            "execute" => done(2),
            "begin query commit" => Answer::Rows(vec![vec![7i64.into(), true.into()], vec![8i64.into(), true.into()]]),
            _ => Answer::Rows(vec![vec![7i64.into()], vec![8i64.into()]]),
        });
        let notes = session.add_all(["a", "b"].map(|text| Note::builder().text(text)));
        session.commit().await?;
        assert_eq!(shown(&recorder), added, "{dialect:?}");
        assert_eq!((notes[0].id, notes[1].id), (7, 8));

        recorder.clear();
        recorder.answer(done(2)).answer(done(1));
        notes.iter().for_each(|note| note.set(Note::text, "c"));
        session.commit().await?;
        assert_eq!(shown(&recorder), changed, "{dialect:?}: two rows");
        recorder.clear();
        recorder.answer(done(1));
        notes[0].set(Note::text, "d");
        session.commit().await?;
        let one = if dialect == Dialect::Sqlite { changed } else { "execute" };
        assert_eq!(shown(&recorder), one, "{dialect:?}: one row");

        recorder.clear();
        recorder.answer(done(2)).answer(done(1));
        notes.iter().for_each(|note| session.delete(*note));
        session.commit().await?;
        assert_eq!(shown(&recorder), deleted, "{dialect:?}");
    }
    Ok(())
}

/// The calls after the connection was taken, without the giving back.
fn shown(recorder: &Recorder) -> String {
    let shown = |call: Call| match call {
        Call::Control(Control::Begin(_)) => Some("begin"),
        Call::Control(Control::Commit) => Some("commit"),
        Call::Control(_) => Some("other"),
        Call::Query(_) => Some("query"),
        Call::Execute(_) => Some("execute"),
        _ => None,
    };
    recorder.calls().into_iter().filter_map(shown).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn a_commit_can_be_cancelled_at_every_call() -> Result<()> {
    for (adding, call) in every_call() {
        for interruption in [Interruption::Pend, Interruption::DoneAndPend] {
            let recorder = Recorder::new(Dialect::Postgres);
            let db = recorded(&recorder).await?;
            let session = db.session();
            recorder.interrupt(call, interruption);
            let cancelled = tokio::time::timeout(Duration::from_millis(5), adding.add_note(&session, &recorder)).await;
            assert!(cancelled.is_err(), "call {call} was waited for");
            assert_recovers(&session, &recorder).await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_commit_can_fail_at_every_call() -> Result<()> {
    for (adding, call) in every_call() {
        for failure in [Failure::Connection, Failure::Retryable, Failure::Unique, Failure::Other] {
            let recorder = Recorder::new(Dialect::Postgres);
            let db = recorded(&recorder).await?;
            let session = db.session();
            recorder.interrupt(call, Interruption::Fail(failure));
            let error = adding.add_note(&session, &recorder).await.expect_err("the call failed");
            let again = session.get::<Note>(1).await.expect_err("not before rollback");
            assert!(again.to_string().contains(&error.to_string()), "{again} repeats {error}");
            assert_recovers(&session, &recorder).await?;
        }
    }
    Ok(())
}

/// After a rollback nothing is left of the failed attempt, and the session works.
async fn assert_recovers(session: &Session, recorder: &Recorder) -> Result<()> {
    session.rollback().await?;
    recorder.clear();
    assert!(session.added::<Note>().is_empty());
    assert_eq!(Adding::Alone.add_note(session, recorder).await?, 7);
    let note = session.get_one::<Note>(7).await?;
    assert_eq!(session.state(note), EntityState::Persistent);
    assert_eq!(recorder.statements().len(), 1, "one INSERT, and the get was answered by memory");
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_transaction_is_retried_where_that_may_help_and_only_if_asked() -> Result<()> {
    const INSERT: usize = 2;
    let recorder = Recorder::new(Dialect::Postgres);
    let db = recorded(&recorder).await?;
    let runs = AtomicUsize::new(0);
    let add = async |session: &Session| {
        runs.fetch_add(1, Ordering::Relaxed);
        session.add(Note::builder().text("a"));
        Ok(())
    };
    recorder.interrupt(INSERT, Interruption::Fail(Failure::Retryable));
    assert!(db.transaction(add).await.expect_err("it failed once").is_retryable());
    assert_eq!(runs.load(Ordering::Relaxed), 1);

    recorder.clear();
    recorder.answer(Answer::Rows(vec![vec![7i64.into()]])).interrupt(INSERT, Interruption::Fail(Failure::Retryable));
    db.transaction_retry(3, add).await?;
    assert_eq!(runs.load(Ordering::Relaxed), 3);

    recorder.clear();
    recorder.interrupt(INSERT, Interruption::Fail(Failure::Unique));
    assert!(db.transaction_retry(3, add).await.expect_err("no use to try again").is_unique_violation());
    assert_eq!(runs.load(Ordering::Relaxed), 4);
    Ok(())
}

/// A key of the client's own, and a value that the database makes.
#[derive(Model, Clone, Debug)]
pub struct Ticket {
    #[orm(primary_key, max_length = 20)]
    pub code: String,
    #[orm(default_sql = "7")]
    pub seat: i64,
}

#[tokio::test]
async fn mysql_reads_back_only_the_rows_that_were_inserted() -> Result<()> {
    let recorder = Recorder::new(Dialect::MySql);
    let db = recorded(&recorder).await?;
    recorder.answer(Answer::Done(Outcome { rows: 2, first_key: None }));
    recorder.answer(Answer::Rows(vec![vec!["b".into(), 8i64.into()], vec!["a".into(), 7i64.into()]]));
    let session = db.session();
    let tickets = session.add_all([Ticket::builder().code("a"), Ticket::builder().code("b")]);
    session.commit().await?;
    assert_eq!((tickets[0].seat, tickets[1].seat), (7, 8));
    let read = recorder.statements().pop().unwrap_or_default();
    assert!(read.ends_with("FROM `tickets` AS `t0` WHERE `t0`.`code` IN (?, ?)"), "{read}");
    Ok(())
}

#[tokio::test]
async fn mysql_reads_rows_that_may_have_been_there_under_a_lock() -> Result<()> {
    let recorder = Recorder::new(Dialect::MySql);
    let db = recorded(&recorder).await?;
    recorder.answer(Answer::Done(Outcome { rows: 1, first_key: None }));
    recorder.answer(Answer::Rows(vec![vec!["b".into(), 8i64.into()], vec!["a".into(), 7i64.into()]]));
    let session = db.session();
    let ticket = |code: &str| Ticket::builder().code(code).seat(1).or_connect(Ticket::code);
    let tickets = session.add_all([ticket("a"), ticket("b")]);
    session.commit().await?;
    assert_eq!((tickets[0].seat, tickets[1].seat), (7, 8), "of the rows that are there");
    let sent = recorder.statements();
    insta::assert_snapshot!(sent.join("\n"), @r"
    INSERT INTO `tickets` (`code`, `seat`) VALUES (?, ?), (?, ?) ON DUPLICATE KEY UPDATE `code` = `code`
    SELECT `t0`.`code` AS `column:0`, `t0`.`seat` AS `column:1` FROM `tickets` AS `t0` WHERE `t0`.`code` IN (?, ?) FOR UPDATE OF `t0`
    ");
    Ok(())
}
