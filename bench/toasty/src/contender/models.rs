//! The tables as models of toasty.
use crate::data::Sum;
use toasty::Deferred;

#[derive(Debug, toasty::Model)]
#[table = "users"]
pub(crate) struct User {
    #[key]
    #[auto]
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) hair_color: Option<String>,
    #[has_many]
    pub(crate) posts: Deferred<Vec<Post>>,
}

#[derive(Debug, toasty::Model)]
#[table = "posts"]
pub(crate) struct Post {
    #[key]
    #[auto]
    pub(crate) id: i64,
    #[index]
    pub(crate) user_id: i64,
    pub(crate) title: String,
    pub(crate) body: Option<String>,
    #[belongs_to]
    pub(crate) user: Deferred<User>,
    #[has_many]
    pub(crate) comments: Deferred<Vec<Comment>>,
}

#[derive(Debug, toasty::Model)]
#[table = "comments"]
pub(crate) struct Comment {
    #[key]
    #[auto]
    pub(crate) id: i64,
    #[index]
    pub(crate) post_id: i64,
    pub(crate) text: String,
    #[belongs_to]
    pub(crate) post: Deferred<Post>,
}

pub(crate) fn add_user(sum: &mut Sum, user: &User) {
    sum.user(user.id, &user.name, user.hair_color.as_deref());
}

pub(crate) fn add_post(sum: &mut Sum, owner: i64, post: &Post) {
    sum.post(owner, post.id, post.user_id, &post.title, post.body.as_deref());
}
