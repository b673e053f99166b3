//! Documents that come back: nested rows that are new, known by their key, or known by a unique name; whole trees that
//! were changed elsewhere (`merge`); and documents that name only some columns (`derive(Patch)`).
use orm::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Model, Patch, Clone, Debug, Serialize, Deserialize)]
struct Post {
    #[orm(primary_key)]
    #[serde(default)]
    id: i64,
    title: String,
    #[serde(default)]
    summary: Option<String>,
    // A post is given its author as a row or by this key.
    #[serde(default)]
    author_id: i64,
    #[orm(back_populates = posts)]
    #[serde(default, skip_serializing_if = "BelongsTo::is_unloaded")]
    author: BelongsTo<Author>,
    #[orm(back_populates = post, cascade(all, delete_orphan), order_by = Comment::id)]
    #[serde(default, skip_serializing_if = "HasMany::is_unloaded")]
    comments: HasMany<Comment>,
    #[orm(through("post_tags", post_id, tag_id), back_populates = posts)]
    #[serde(default, skip_serializing_if = "ManyToMany::is_unloaded")]
    tags: ManyToMany<Tag>,
}

// A document may give no more than an author's key: `{"id": 1}`.
#[derive(Model, Clone, Debug, Serialize, Deserialize)]
struct Author {
    #[orm(primary_key)]
    #[serde(default)]
    id: i64,
    #[serde(default)]
    name: String,
    #[orm(back_populates = author)]
    #[serde(default, skip_serializing_if = "HasMany::is_unloaded")]
    posts: HasMany<Post>,
}

#[derive(Model, Clone, Debug, Serialize, Deserialize)]
struct Comment {
    #[orm(primary_key)]
    #[serde(default)]
    id: i64,
    text: String,
    #[serde(default, skip_serializing)]
    post_id: i64,
    #[orm(back_populates = comments)]
    #[serde(default, skip_serializing_if = "BelongsTo::is_unloaded")]
    post: BelongsTo<Post>,
}

#[derive(Model, Clone, Debug, Serialize, Deserialize)]
struct Tag {
    #[orm(primary_key)]
    #[serde(default)]
    id: i64,
    #[orm(unique, max_length = 50)]
    name: String,
    #[orm(through("post_tags", tag_id, post_id), back_populates = tags)]
    #[serde(default, skip_serializing_if = "ManyToMany::is_unloaded")]
    posts: ManyToMany<Post>,
}

#[tokio::main]
async fn main() -> Result<(), orm::Error> {
    let db = Db::connect("sqlite::memory:").await?;
    orm::schema![Post].create_all(&db).await?; // with the tables that it is related to
    create_and_connect(&db).await?;
    connect_or_create(&db).await?;
    merge_what_came_back(&db).await?;
    patch(&db).await
}

/// A nested row without key is new; one with a generated key is the existing row, whose other columns are not written.
async fn create_and_connect(db: &Db) -> Result<(), orm::Error> {
    let session = db.session();
    session.add(Author::builder().name("Ann"));
    session.commit().await?;

    let session = db.session();
    let document = r#"{"title": "First", "author": {"id": 1}, "comments": [{"text": "Nice"}, {"text": "Really"}]}"#;
    let post = session.add(parsed::<Post>(document)?);
    session.commit().await?;
    println!("{} of author {} in {} statements", post.title, post.author_id, session.statement_count());
    assert_eq!((post.author_id, session.statement_count()), (1, 2));
    assert_eq!(Author::query().one(db).await?.name, "Ann");
    Ok(())
}

/// Tags are known by their names: one upsert takes those that are there and adds the others, also if two programs do so at
/// the same time.
async fn connect_or_create(db: &Db) -> Result<(), orm::Error> {
    for (title, names) in [("Second", ["rust", "orm"]), ("Third", ["orm", "sql"])] {
        let session = db.session();
        let tags = names.map(|name| Tag::builder().name(name).or_connect(Tag::name));
        session.add(Post::builder().title(title).author(Author::existing(1)).tags(tags));
        session.commit().await?;
        println!("{title} with its tags in {} statements", session.statement_count());
        assert_eq!(session.statement_count(), 3);
    }
    assert_eq!(Tag::query().count(db).await?, 3);
    Ok(())
}

/// A tree that was sent out and comes back changed: members without key are new, those that are missing are gone, and what
/// the document leaves out stays as it is.
async fn merge_what_came_back(db: &Db) -> Result<(), orm::Error> {
    let session = db.session();
    let document = r#"{"id": 1, "title": "First, again", "comments": [{"id": 2, "text": "Really!"}, {"text": "New"}]}"#;
    let post = session.merge(parsed::<Post>(document)?).await?;
    println!("\nWhat the merge will write:\n{}", session.plan()?);
    session.commit().await?;
    let stored = Post::query().filter(Post::id.eq(1)).with(Post::comments).one(db).await?;
    let texts: Vec<&str> = stored.comments.get()?.iter().map(|comment| comment.text.as_str()).collect();
    assert_eq!((texts, post.author_id), (vec!["Really!", "New"], 1));
    Ok(())
}

/// Some columns: what the document does not name stays, null is null.
async fn patch(db: &Db) -> Result<(), orm::Error> {
    let session = db.session();
    let post = session.get_one::<Post>(1).await?;
    post.apply(parsed::<PostPatch>(r#"{"summary": "Short"}"#)?);
    assert_eq!((post.title.as_str(), post.summary.as_deref()), ("First, again", Some("Short")));
    post.apply(parsed::<PostPatch>(r#"{"summary": null}"#)?.title("Last"));
    session.commit().await?;
    let stored = Post::query().filter(Post::id.eq(1)).one(db).await?;
    println!("\nPatched: {} {:?}", stored.title, stored.summary);
    assert_eq!((stored.title.as_str(), stored.summary), ("Last", None));
    Ok(())
}

fn parsed<T: serde::de::DeserializeOwned>(document: &str) -> Result<T, orm::Error> {
    serde_json::from_str(document).map_err(orm::Error::other)
}
