//! The rows that every database holds, the plain structs of contenders that bring none of their own, and what is compared.
#[cfg(feature = "peers")]
use crate::tables::{comments, posts, users};
use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
};

/// How many posts a user has, and comments a post, if there are any.
pub const CHILDREN: usize = 10;
/// The users whose posts have comments.
pub const COMMENTED_USERS: usize = 100;

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

/// Something with its children.
#[derive(Debug, Clone)]
pub struct With<P, C> {
    pub parent: P,
    pub children: Vec<C>,
}

/// A user with posts.
pub type UserWithPosts = With<User, Post>;
/// A user with posts that have comments.
pub type UserWithAll = With<User, With<Post, Comment>>;

impl<P, C> With<P, C> {
    /// Without children yet.
    pub fn childless(parent: P) -> Self {
        Self { parent, children: Vec::new() }
    }
}

/// The name of a user.
pub fn name(user: usize) -> String {
    format!("user number {user}")
}

/// The hair of a user; every third has none.
pub fn hair_color(user: usize) -> Option<String> {
    const COLORS: [&str; 5] = ["black", "brown", "blond", "red", "grey"];
    (!user.is_multiple_of(3)).then(|| COLORS[user % COLORS.len()].to_owned())
}

/// The columns of the users that an insert adds.
pub fn new_users(count: usize) -> impl Iterator<Item = (String, Option<String>)> + Clone {
    (1..=count).map(|user| (format!("new user {user}"), hair_color(user)))
}

/// The hair that a user gets in a round of `change`: another for each user, and new in each round.
pub fn dyed(user: i64, round: u64) -> String {
    format!("dyed {user} in round {round}")
}

/// The keys that are asked for one by one: each once, in no order of the table.
pub fn scattered(count: usize, users: usize) -> impl Iterator<Item = i64> {
    // 7,919 is prime and no divisor of the number of users.
    (0..count).map(move |place| ((place * 7_919) % users + 1) as i64)
}

/// The title and body of a post.
pub fn post(user: usize, place: usize) -> (String, Option<String>) {
    let body = place.is_multiple_of(2).then(|| format!("what user {user} has to say in post {place}"));
    (format!("post {place} of user {user}"), body)
}

/// The text of a comment.
pub fn comment(post: usize, place: usize) -> String {
    format!("comment {place} on post {post}")
}

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

/// The users that have posts: a tenth, but never so few that there is nothing to load.
pub fn authors(users: usize) -> usize {
    users.min((users / CHILDREN).max(COMMENTED_USERS))
}

/// All users of a database.
pub fn all_users(users: usize) -> impl Iterator<Item = User> {
    (1..=users).map(|user| User { id: user as i64, name: name(user), hair_color: hair_color(user) })
}

/// All posts of a database with so many users.
pub fn all_posts(users: usize) -> impl Iterator<Item = Post> {
    (0..authors(users) * CHILDREN).map(|number| {
        let user = number / CHILDREN + 1;
        let (title, body) = post(user, number % CHILDREN);
        Post { id: number as i64 + 1, user_id: user as i64, title, body }
    })
}

/// All comments: on the posts of the first users.
pub fn all_comments() -> impl Iterator<Item = Comment> {
    (0..COMMENTED_USERS * CHILDREN * CHILDREN).map(|number| {
        let post = number / CHILDREN + 1;
        Comment { id: number as i64 + 1, post_id: post as i64, text: comment(post, number % CHILDREN) }
    })
}

/// Gives each parent its children, which may come in any order: how whoever has no library does it.
pub fn group<P, C>(
    parents: Vec<P>,
    id: impl Fn(&P) -> i64,
    children: impl IntoIterator<Item = C>,
    owner: impl Fn(&C) -> i64,
) -> Vec<With<P, C>> {
    let places: HashMap<i64, usize> = parents.iter().enumerate().map(|(place, parent)| (id(parent), place)).collect();
    let mut grouped: Vec<With<P, C>> = parents.into_iter().map(With::childless).collect();
    for child in children {
        if let Some(place) = places.get(&owner(&child)) {
            grouped[*place].children.push(child);
        }
    }
    grouped
}

/// In the rows of a join, where those of one parent follow each other: the parent of the current row, the last one or new.
///
/// # Errors
/// Those of reading the parent.
pub fn current<P, C, E>(
    grouped: &mut Vec<With<P, C>>,
    same: impl FnOnce(&P) -> bool,
    read: impl FnOnce() -> Result<P, E>,
) -> Result<&mut With<P, C>, E> {
    let place = grouped.len();
    let known = grouped.last().is_some_and(|last| same(&last.parent));
    if !known {
        grouped.push(With::childless(read()?));
    }
    Ok(&mut grouped[if known { place - 1 } else { place }])
}
