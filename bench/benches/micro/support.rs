//! Databases that answer from a script.
use orm::{Db, Result};
use orm_bench::data::{Post, User};
use orm_core::{
    driver::{
        Dialect, Driver,
        recorder::{Answer, Recorder},
    },
    value::Value,
};
use std::sync::Arc;
use tokio::runtime::{Builder, Runtime};

/// A runtime on this thread.
pub(crate) fn runtime() -> Runtime {
    Builder::new_current_thread().build().expect("a runtime")
}

/// A database that gives these answers.
pub(crate) async fn answering(answers: impl IntoIterator<Item = Answer>) -> Result<Db> {
    let recorder = Recorder::new(Dialect::Postgres);
    for answer in answers {
        recorder.answer(answer);
    }
    Db::from_pool(Arc::new(recorder) as Arc<dyn Driver>).await
}

/// So many users, as rows.
pub(crate) fn users(count: usize) -> Answer {
    let row = |user: User| vec![user.id.into(), user.name.into(), text(user.hair_color)];
    Answer::Rows(orm_bench::data::all_users(count).map(row).collect())
}

/// Ten posts for each of so many users, as rows.
pub(crate) fn posts(users: usize) -> Answer {
    let row = |post: Post| vec![post.id.into(), post.user_id.into(), post.title.into(), text(post.body)];
    let posts = orm_bench::data::all_posts(users * orm_bench::data::CHILDREN);
    Answer::Rows(posts.map(row).collect())
}

fn text(text: Option<String>) -> Value {
    Value::String(text)
}
