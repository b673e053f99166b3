//! What results are compared by.
use super::{Post, User, UserWithAll, UserWithPosts};
use std::hash::{DefaultHasher, Hash, Hasher};

/// What a contender's result amounts to, in whatever order its rows are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum {
    count: u64,
    hash: u64,
}

impl Sum {
    /// Adds a user.
    pub fn user(&mut self, id: i64, name: &str, hair_color: Option<&str>) {
        self.add(("user", id, name, hair_color));
    }

    /// Adds a post, where it was found.
    pub fn post(&mut self, owner: i64, id: i64, user_id: i64, title: &str, body: Option<&str>) {
        self.add(("post", owner, id, user_id, title, body));
    }

    /// Adds a comment, where it was found.
    pub fn comment(&mut self, owner: i64, id: i64, post_id: i64, text: &str) {
        self.add(("comment", owner, id, post_id, text));
    }

    /// Adds all users.
    pub fn users<'a>(&mut self, users: impl IntoIterator<Item = &'a User>) {
        users.into_iter().for_each(|user| self.user(user.id, &user.name, user.hair_color.as_deref()));
    }

    /// Adds posts of an owner.
    pub fn posts<'a>(&mut self, owner: i64, posts: impl IntoIterator<Item = &'a Post>) {
        posts.into_iter().for_each(|post| self.post(owner, post.id, post.user_id, &post.title, post.body.as_deref()));
    }

    /// Adds users with their posts.
    pub fn two_levels(&mut self, users: &[UserWithPosts]) {
        for user in users {
            self.users([&user.parent]);
            self.posts(user.parent.id, &user.children);
        }
    }

    /// Adds users with their posts and comments.
    pub fn three_levels(&mut self, users: &[UserWithAll]) {
        for user in users {
            self.users([&user.parent]);
            for post in &user.children {
                self.posts(user.parent.id, [&post.parent]);
                post.children.iter().for_each(|comment| {
                    self.comment(post.parent.id, comment.id, comment.post_id, &comment.text);
                });
            }
        }
    }

    fn add(&mut self, row: impl Hash) {
        let mut hasher = DefaultHasher::new();
        row.hash(&mut hasher);
        self.count += 1;
        self.hash = self.hash.wrapping_add(hasher.finish());
    }
}
