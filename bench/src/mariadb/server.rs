//! Makes and drops databases.
use crate::{
    Result,
    data::{all_comments, all_posts, all_users},
};
use ::sqlx::{AssertSqlSafe, Connection, MySql, MySqlConnection, QueryBuilder, query_builder::Separated, raw_sql};

const TABLES: &str = "
    CREATE TABLE users (id BIGINT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(255) NOT NULL, hair_color VARCHAR(255));
    CREATE TABLE posts (id BIGINT AUTO_INCREMENT PRIMARY KEY, user_id BIGINT NOT NULL, title VARCHAR(255) NOT NULL,
        body VARCHAR(255), FOREIGN KEY (user_id) REFERENCES users(id));
    CREATE TABLE comments (id BIGINT AUTO_INCREMENT PRIMARY KEY, post_id BIGINT NOT NULL, text VARCHAR(255) NOT NULL,
        FOREIGN KEY (post_id) REFERENCES posts(id));";
/// Rows of one statement.
const ROWS: usize = 5_000;

/// A server on which databases are made.
pub(super) struct Server {
    url: String,
    connection: MySqlConnection,
    made: Vec<String>,
}

impl Server {
    pub(super) async fn connect(url: String) -> Result<Self> {
        let connection = MySqlConnection::connect(&url).await;
        let connection = connection.map_err(|error| format!("{url} cannot be reached: {error}"))?;
        Ok(Self { url: url.trim_end_matches('/').to_owned(), connection, made: Vec::new() })
    }

    /// A new database with so many users: there is no way to copy one.
    pub(super) async fn fill(&mut self, users: usize) -> Result<String> {
        let name = format!("orm_bench_{}_{}", std::process::id(), self.made.len());
        self.run(format!("CREATE DATABASE {name} CHARACTER SET utf8mb4")).await?;
        self.made.push(name.clone());
        let url = format!("{}/{name}", self.url);
        fill(&mut MySqlConnection::connect(&url).await?, users).await?;
        Ok(url)
    }

    pub(super) async fn drop_all(&mut self) -> Result<()> {
        for name in std::mem::take(&mut self.made) {
            self.run(format!("DROP DATABASE {name}")).await?;
        }
        Ok(())
    }

    async fn run(&mut self, sql: String) -> Result<()> {
        raw_sql(AssertSqlSafe(sql)).execute(&mut self.connection).await?;
        Ok(())
    }
}

async fn fill(connection: &mut MySqlConnection, users: usize) -> Result<()> {
    raw_sql(TABLES).execute(&mut *connection).await?;
    insert(connection, "users", all_users(users), |row, user| {
        row.push_bind(user.id).push_bind(user.name).push_bind(user.hair_color);
    })
    .await?;
    insert(connection, "posts", all_posts(users), |row, post| {
        row.push_bind(post.id).push_bind(post.user_id).push_bind(post.title).push_bind(post.body);
    })
    .await?;
    insert(connection, "comments", all_comments(), |row, comment| {
        row.push_bind(comment.id).push_bind(comment.post_id).push_bind(comment.text);
    })
    .await?;
    raw_sql("ANALYZE TABLE users, posts, comments").execute(&mut *connection).await?;
    Ok(())
}

async fn insert<T>(
    connection: &mut MySqlConnection,
    table: &str,
    rows: impl Iterator<Item = T>,
    bind: fn(&mut Separated<'_, MySql, &'static str>, T),
) -> Result<()> {
    let mut rows = rows.peekable();
    while rows.peek().is_some() {
        let mut insert = QueryBuilder::new(format!("INSERT INTO {table} "));
        insert.push_values(rows.by_ref().take(ROWS), |mut row, columns| bind(&mut row, columns));
        insert.build().persistent(false).execute(&mut *connection).await?;
    }
    Ok(())
}
