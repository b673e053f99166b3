//! The reads of sqlx, which are the same whatever the database: columns by their places, rows as they come.

/// Functions for a connection: `sqlx_work!(SqliteConnection, SqliteRow, "?")`. Where it is used there must be `children`: rows
/// by many foreign keys.
macro_rules! sqlx_work {
    ($connection:ty, $row:ty, $place:literal) => {
        use crate::{
            Result,
            data::{Comment, Post, User, UserWithAll, UserWithPosts, With, current, group, scattered},
            harness::Run,
        };
        use ::futures_util::TryStreamExt;
        use ::sqlx::Row;

        const USERS: &str = concat!("SELECT id, name, hair_color FROM users WHERE id <= ", $place);
        const USER: &str = concat!("SELECT id, name, hair_color FROM users WHERE id = ", $place);
        const POSTS: &str = concat!("SELECT id, user_id, title, body FROM posts WHERE user_id = ", $place);
        const JOIN: &str = concat!(
            "SELECT u.id, u.name, u.hair_color, p.id, p.user_id, p.title, p.body
             FROM users u LEFT JOIN posts p ON p.user_id = u.id WHERE u.id <= ",
            $place,
            " ORDER BY u.id"
        );
        const JOIN_LEVELS: &str = concat!(
            "SELECT u.id, u.name, u.hair_color, p.id, p.user_id, p.title, p.body, c.id, c.post_id, c.text
             FROM users u LEFT JOIN posts p ON p.user_id = u.id LEFT JOIN comments c ON c.post_id = p.id
             WHERE u.id <= ",
            $place,
            " ORDER BY u.id, p.id"
        );

        fn user(row: &$row) -> ::sqlx::Result<User> {
            Ok(User { id: row.try_get(0)?, name: row.try_get(1)?, hair_color: row.try_get(2)? })
        }

        fn post(row: &$row, first: usize) -> ::sqlx::Result<Post> {
            let (id, user_id) = (row.try_get(first)?, row.try_get(first + 1)?);
            Ok(Post { id, user_id, title: row.try_get(first + 2)?, body: row.try_get(first + 3)? })
        }

        fn comment(row: &$row, first: usize) -> ::sqlx::Result<Comment> {
            Ok(Comment { id: row.try_get(first)?, post_id: row.try_get(first + 1)?, text: row.try_get(first + 2)? })
        }

        async fn select<T>(
            connection: &mut $connection,
            sql: &'static str,
            value: i64,
            read: impl Fn(&$row) -> ::sqlx::Result<T>,
        ) -> ::sqlx::Result<Vec<T>> {
            let (mut rows, mut found) = (::sqlx::query(sql).bind(value).fetch(connection), Vec::new());
            while let Some(row) = rows.try_next().await? {
                found.push(read(&row)?);
            }
            Ok(found)
        }

        pub(super) async fn load(connection: &mut $connection, run: &mut Run) -> Result<()> {
            let size = run.size as i64;
            let users = run.time(select(connection, USERS, size, user)).await?;
            run.check(|sum| sum.users(&users));
            Ok(())
        }

        pub(super) async fn get(connection: &mut $connection, run: &mut Run) -> Result<()> {
            let keys = scattered(run.size, run.users);
            let users = run
                .time(async {
                    let mut users = Vec::with_capacity(keys.size_hint().0);
                    for key in keys {
                        users.push(user(&::sqlx::query(USER).bind(key).fetch_one(&mut *connection).await?)?);
                    }
                    Ok::<_, ::sqlx::Error>(users)
                })
                .await?;
            run.check(|sum| sum.users(&users));
            Ok(())
        }

        pub(super) async fn memory(connection: &mut $connection, run: &mut Run) -> Result<()> {
            let size = run.size as i64;
            run.weigh(size_of::<User>(), select(connection, USERS, size, user)).await?;
            Ok(())
        }

        async fn posts(connection: &mut $connection, users: &[User]) -> ::sqlx::Result<Vec<Post>> {
            let keys: Vec<i64> = users.iter().map(|user| user.id).collect();
            let select = "SELECT id, user_id, title, body FROM posts WHERE user_id";
            super::children(connection, select, &keys, |row| post(row, 0)).await
        }

        async fn with_posts(connection: &mut $connection, count: i64) -> ::sqlx::Result<Vec<UserWithPosts>> {
            let users = select(connection, USERS, count, user).await?;
            let posts = posts(connection, &users).await?;
            Ok(group(users, |user| user.id, posts, |post| post.user_id))
        }

        async fn with_all(connection: &mut $connection, count: i64) -> ::sqlx::Result<Vec<UserWithAll>> {
            let users = select(connection, USERS, count, user).await?;
            let posts = posts(connection, &users).await?;
            let keys: Vec<i64> = posts.iter().map(|post| post.id).collect();
            let select = "SELECT id, post_id, text FROM comments WHERE post_id";
            let comments = super::children(connection, select, &keys, |row| comment(row, 0)).await?;
            let posts = group(posts, |post| post.id, comments, |comment| comment.post_id);
            Ok(group(users, |user| user.id, posts, |post| post.parent.user_id))
        }

        async fn join(connection: &mut $connection, count: i64) -> ::sqlx::Result<Vec<UserWithPosts>> {
            let (mut rows, mut users) = (::sqlx::query(JOIN).bind(count).fetch(connection), Vec::new());
            while let Some(row) = rows.try_next().await? {
                let id: i64 = row.try_get(0)?;
                let user = current(&mut users, |user: &User| user.id == id, || user(&row))?;
                if row.try_get::<Option<i64>, _>(3)?.is_some() {
                    user.children.push(post(&row, 3)?);
                }
            }
            Ok(users)
        }

        async fn join_levels(connection: &mut $connection, count: i64) -> ::sqlx::Result<Vec<UserWithAll>> {
            let (mut rows, mut users) = (::sqlx::query(JOIN_LEVELS).bind(count).fetch(connection), Vec::new());
            while let Some(row) = rows.try_next().await? {
                let id: i64 = row.try_get(0)?;
                let user = current(&mut users, |user: &User| user.id == id, || user(&row))?;
                let Some(id) = row.try_get::<Option<i64>, _>(3)? else { continue };
                let post = current(&mut user.children, |post: &Post| post.id == id, || post(&row, 3))?;
                if row.try_get::<Option<i64>, _>(7)?.is_some() {
                    post.children.push(comment(&row, 7)?);
                }
            }
            Ok(users)
        }

        async fn walk_all(connection: &mut $connection, count: i64) -> ::sqlx::Result<Vec<UserWithPosts>> {
            let mut walked = Vec::new();
            for parent in select(connection, USERS, count, user).await? {
                let children = select(connection, POSTS, parent.id, |row| post(row, 0)).await?;
                walked.push(With { parent, children });
            }
            Ok(walked)
        }

        pub(super) async fn select_in(connection: &mut $connection, run: &mut Run) -> Result<()> {
            let size = run.size as i64;
            let users = run.time(with_posts(connection, size)).await?;
            run.check(|sum| sum.two_levels(&users));
            Ok(())
        }

        pub(super) async fn select_in_levels(connection: &mut $connection, run: &mut Run) -> Result<()> {
            let size = run.size as i64;
            let users = run.time(with_all(connection, size)).await?;
            run.check(|sum| sum.three_levels(&users));
            Ok(())
        }

        pub(super) async fn joined(connection: &mut $connection, run: &mut Run) -> Result<()> {
            let size = run.size as i64;
            let users = run.time(join(connection, size)).await?;
            run.check(|sum| sum.two_levels(&users));
            Ok(())
        }

        pub(super) async fn joined_levels(connection: &mut $connection, run: &mut Run) -> Result<()> {
            let size = run.size as i64;
            let users = run.time(join_levels(connection, size)).await?;
            run.check(|sum| sum.three_levels(&users));
            Ok(())
        }

        pub(super) async fn walk(connection: &mut $connection, run: &mut Run) -> Result<()> {
            let size = run.size as i64;
            let users = run.time(walk_all(connection, size)).await?;
            run.check(|sum| sum.two_levels(&users));
            Ok(())
        }
    };
}
pub(crate) use sqlx_work;
