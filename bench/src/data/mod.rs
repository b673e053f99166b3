//! The rows that every database holds, the plain structs of contenders that bring none of their own, and what is compared.
mod group;
mod rows;
mod sum;

pub use group::{UserWithAll, UserWithPosts, With, current, group};
pub use rows::{
    CHILDREN, COMMENTED_USERS, all_comments, all_posts, all_users, dyed, hair_color, name, new_users, scattered,
};
pub use sum::Sum;

#[cfg(feature = "peers")]
use crate::tables::{comments, posts, users};

/// A user.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "peers", derive(sqlx::FromRow, diesel::Queryable, diesel::Identifiable))]
#[cfg_attr(feature = "peers", diesel(table_name = users))]
pub struct User {
    pub id: i64,
    pub name: String,
    pub hair_color: Option<String>,
}

/// A post of a user.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "peers", derive(diesel::Queryable, diesel::Identifiable, diesel::Associations))]
#[cfg_attr(feature = "peers", diesel(table_name = posts, belongs_to(User)))]
pub struct Post {
    pub id: i64,
    pub user_id: i64,
    pub title: String,
    pub body: Option<String>,
}

/// A comment on a post.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "peers", derive(diesel::Queryable, diesel::Identifiable, diesel::Associations))]
#[cfg_attr(feature = "peers", diesel(table_name = comments, belongs_to(Post)))]
pub struct Comment {
    pub id: i64,
    pub post_id: i64,
    pub text: String,
}
