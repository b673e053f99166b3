//! The tables as models of `orm`.
use crate::data::Sum;
use orm::prelude::*;

/// A user.
#[derive(Model, Clone, Debug)]
pub struct User {
    /// The key.
    #[orm(primary_key)]
    pub id: i64,
    /// The name.
    pub name: String,
    /// The colour of the hair, if there is any.
    pub hair_color: Option<String>,
    /// What the user wrote.
    #[orm(back_populates = user)]
    pub posts: HasMany<Post>,
}

/// A post.
#[derive(Model, Clone, Debug)]
pub struct Post {
    /// The key.
    #[orm(primary_key)]
    pub id: i64,
    /// Who wrote it.
    pub user_id: i64,
    /// The title.
    pub title: String,
    /// The text.
    pub body: Option<String>,
    /// Who wrote it.
    #[orm(back_populates = posts)]
    pub user: BelongsTo<User>,
    /// What others say.
    #[orm(back_populates = post)]
    pub comments: HasMany<Comment>,
}

/// A comment.
#[derive(Model, Clone, Debug)]
pub struct Comment {
    /// The key.
    #[orm(primary_key)]
    pub id: i64,
    /// On what.
    pub post_id: i64,
    /// The text.
    pub text: String,
    /// On what.
    #[orm(back_populates = comments)]
    pub post: BelongsTo<Post>,
}

/// The users up to a key.
pub(super) fn users(count: usize) -> Query<User> {
    User::query().filter(User::id.le(count as i64))
}

pub(super) fn add_user(sum: &mut Sum, user: &User) {
    sum.user(user.id, &user.name, user.hair_color.as_deref());
}

pub(super) fn add_post(sum: &mut Sum, owner: i64, post: &Post) {
    sum.post(owner, post.id, post.user_id, &post.title, post.body.as_deref());
}

pub(super) fn add_comment(sum: &mut Sum, owner: i64, comment: &Comment) {
    sum.comment(owner, comment.id, comment.post_id, &comment.text);
}
