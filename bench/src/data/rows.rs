//! What is in the tables, and what is written into them.
use super::{Comment, Post, User};

/// How many posts a user has, and comments a post, if there are any.
pub const CHILDREN: usize = 10;
/// The users whose posts have comments.
pub const COMMENTED_USERS: usize = 100;

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
fn post(user: usize, place: usize) -> (String, Option<String>) {
    let body = place.is_multiple_of(2).then(|| format!("what user {user} has to say in post {place}"));
    (format!("post {place} of user {user}"), body)
}

/// The text of a comment.
fn comment(post: usize, place: usize) -> String {
    format!("comment {place} on post {post}")
}

/// The users that have posts: a tenth, but never so few that there is nothing to load.
fn authors(users: usize) -> usize {
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
