//! The reads and updates of diesel, which are the same words whatever the backend, and whether its connection blocks or is
//! awaited.

/// Functions for a connection type: `diesel_work!(SqliteConnection, diesel::RunQueryDsl, ())`, or with `(.await)`. Where
/// it is used there must be `begin` and `commit` of a transaction.
macro_rules! diesel_work {
    ($connection:ty, $run_query:path, ($($wait:tt)*)) => {
        use crate::{
            Result,
            data::{Comment, Post, User, UserWithAll, UserWithPosts, With, current, dyed, scattered},
            harness::Run,
            tables::{comments, posts, users},
        };
        use diesel::{BelongingToDsl, ExpressionMethods, GroupedBy, JoinOnDsl, QueryDsl, QueryResult};
        use $run_query as RunQuery;

        async fn users_up_to(connection: &mut $connection, count: i64) -> QueryResult<Vec<User>> {
            RunQuery::load(users::table.filter(users::id.le(count)), connection)$($wait)*
        }

        pub(super) async fn load(connection: &mut $connection, run: &mut Run) -> Result<()> {
            let size = run.size as i64;
            let users = run.time(users_up_to(connection, size)).await?;
            run.check(|sum| sum.users(&users));
            Ok(())
        }

        pub(super) async fn get(connection: &mut $connection, run: &mut Run) -> Result<()> {
            let keys = scattered(run.size, run.users);
            let users = run
                .time(async {
                    let mut found = Vec::with_capacity(keys.size_hint().0);
                    for key in keys {
                        let user: User = RunQuery::first(users::table.find(key), connection)$($wait)*?;
                        found.push(user);
                    }
                    QueryResult::Ok(found)
                })
                .await?;
            run.check(|sum| sum.users(&users));
            Ok(())
        }

        pub(super) async fn memory(connection: &mut $connection, run: &mut Run) -> Result<()> {
            let size = run.size as i64;
            run.weigh(size_of::<User>(), users_up_to(connection, size)).await?;
            Ok(())
        }

        async fn with_posts(connection: &mut $connection, count: i64) -> QueryResult<Vec<UserWithPosts>> {
            let users = users_up_to(connection, count).await?;
            let posts: Vec<Post> = RunQuery::load(Post::belonging_to(&users), connection)$($wait)*?;
            let posts = posts.grouped_by(&users);
            Ok(users.into_iter().zip(posts).map(|(parent, children)| With { parent, children }).collect())
        }

        async fn with_all(connection: &mut $connection, count: i64) -> QueryResult<Vec<UserWithAll>> {
            let users = users_up_to(connection, count).await?;
            let posts: Vec<Post> = RunQuery::load(Post::belonging_to(&users), connection)$($wait)*?;
            let comments: Vec<Comment> = RunQuery::load(Comment::belonging_to(&posts), connection)$($wait)*?;
            let comments = comments.grouped_by(&posts);
            let posts: Vec<(Post, Vec<Comment>)> = posts.into_iter().zip(comments).collect();
            let posts = posts.grouped_by(&users).into_iter().map(|posts| {
                posts.into_iter().map(|(parent, children)| With { parent, children }).collect()
            });
            Ok(users.into_iter().zip(posts).map(|(parent, children)| With { parent, children }).collect())
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

        async fn join(connection: &mut $connection, count: i64) -> QueryResult<Vec<UserWithPosts>> {
            let query = users::table.left_join(posts::table).filter(users::id.le(count)).order(users::id);
            let rows: Vec<(User, Option<Post>)> = RunQuery::load(query, connection)$($wait)*?;
            let mut grouped = Vec::new();
            for (user, post) in rows {
                let id = user.id;
                let user = current(&mut grouped, |user: &User| user.id == id, || QueryResult::Ok(user))?;
                user.children.extend(post);
            }
            Ok(grouped)
        }

        async fn join_levels(connection: &mut $connection, count: i64) -> QueryResult<Vec<UserWithAll>> {
            let query = users::table
                .left_join(posts::table.on(posts::user_id.eq(users::id)))
                .left_join(comments::table.on(comments::post_id.eq(posts::id)))
                .filter(users::id.le(count))
                .order((users::id, posts::id));
            let rows: Vec<(User, Option<Post>, Option<Comment>)> = RunQuery::load(query, connection)$($wait)*?;
            let mut grouped = Vec::new();
            for (user, post, comment) in rows {
                let id = user.id;
                let user = current(&mut grouped, |user: &User| user.id == id, || QueryResult::Ok(user))?;
                let Some(post) = post else { continue };
                let id = post.id;
                let post = current(&mut user.children, |post: &Post| post.id == id, || QueryResult::Ok(post))?;
                post.children.extend(comment);
            }
            Ok(grouped)
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
            let users = run
                .time(async {
                    let mut walked = Vec::new();
                    for parent in users_up_to(connection, size).await? {
                        let children: Vec<Post> = RunQuery::load(Post::belonging_to(&parent), connection)$($wait)*?;
                        walked.push(With { parent, children });
                    }
                    QueryResult::Ok(walked)
                })
                .await?;
            run.check(|sum| sum.two_levels(&users));
            Ok(())
        }

        pub(super) async fn change(connection: &mut $connection, run: &mut Run) -> Result<()> {
            let (size, round) = (run.size as i64, run.round);
            run.time(async {
                super::begin(connection).await?;
                for user in 1..=size {
                    let set = users::hair_color.eq(dyed(user, round));
                    RunQuery::execute(diesel::update(users::table.find(user)).set(set), connection)$($wait)*?;
                }
                super::commit(connection).await
            })
            .await?;
            Ok(())
        }
    };
}
pub(crate) use diesel_work;
