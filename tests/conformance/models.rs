//! The models of all tests, in groups that are created together.
use orm::{Change, prelude::*, schema::Schema};

/// A shop: every kind of relationship, required keys, `delete_orphan`, a link model.
pub(crate) fn shop() -> Schema {
    orm::schema![User, UserProfile, Role, UserRole, Product, Order, OrderItem]
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct User {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(unique, max_length = 100)]
    pub(crate) email: String,
    pub(crate) name: Option<String>,
    #[orm(default = 10)]
    pub(crate) credit: i32,
    #[orm(back_populates = user)]
    pub(crate) orders: HasMany<Order>,
    #[orm(back_populates = user, cascade(all, delete_orphan))]
    pub(crate) profile: HasOne<UserProfile>,
    #[orm(through(UserRole::user, UserRole::role), back_populates = users)]
    pub(crate) roles: ManyToMany<Role>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct UserProfile {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(unique)]
    pub(crate) user_id: i64,
    pub(crate) bio: String,
    #[orm(back_populates = profile)]
    pub(crate) user: BelongsTo<User>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Role {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(unique, max_length = 50)]
    pub(crate) name: String,
    #[orm(through(UserRole::role, UserRole::user), back_populates = roles)]
    pub(crate) users: ManyToMany<User>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct UserRole {
    #[orm(primary_key)]
    pub(crate) user_id: i64,
    #[orm(primary_key)]
    pub(crate) role_id: i64,
    #[orm(default = "self")]
    pub(crate) granted_by: String,
    pub(crate) user: BelongsTo<User>,
    pub(crate) role: BelongsTo<Role>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Product {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Order {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) user_id: i64,
    #[orm(default = "pending")]
    pub(crate) status: String,
    #[orm(back_populates = orders)]
    pub(crate) user: BelongsTo<User>,
    #[orm(back_populates = order, cascade(all, delete_orphan), order_by = OrderItem::id)]
    pub(crate) items: HasMany<OrderItem>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct OrderItem {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) order_id: i64,
    pub(crate) product_id: i64,
    #[orm(default = 1)]
    pub(crate) quantity: i32,
    #[orm(back_populates = items)]
    pub(crate) order: BelongsTo<Order>,
    pub(crate) product: BelongsTo<Product>,
}

/// A blog: keys that may be null, a bare link table, a delete cascade without `delete_orphan`.
pub(crate) fn blog() -> Schema {
    orm::schema![Author, Desk, Post, Comment, Tag]
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Author {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    #[orm(back_populates = author)]
    pub(crate) posts: HasMany<Post>,
    #[orm(back_populates = author)]
    pub(crate) desk: HasOne<Desk>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Desk {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) place: String,
    #[orm(unique)]
    pub(crate) author_id: Option<i64>,
    #[orm(back_populates = desk)]
    pub(crate) author: BelongsTo<Option<Author>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Post {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) title: String,
    pub(crate) author_id: Option<i64>,
    #[orm(back_populates = posts)]
    pub(crate) author: BelongsTo<Option<Author>>,
    #[orm(back_populates = post, cascade(all))]
    pub(crate) comments: HasMany<Comment>,
    #[orm(through("post_tags", post_id, tag_id), back_populates = posts)]
    pub(crate) tags: ManyToMany<Tag>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Comment {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) text: String,
    pub(crate) post_id: Option<i64>,
    #[orm(back_populates = comments)]
    pub(crate) post: BelongsTo<Option<Post>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Tag {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(max_length = 50)]
    pub(crate) name: String,
    #[orm(through("post_tags", tag_id, post_id), back_populates = tags)]
    pub(crate) posts: ManyToMany<Post>,
}

/// Rows that reference rows of their own table, directly, over a link table, and two tables in a cycle.
pub(crate) fn graph() -> Schema {
    orm::schema![Category, Person, Team, Player]
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Category {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) parent_id: Option<i64>,
    #[orm(back_populates = children)]
    pub(crate) parent: BelongsTo<Option<Category>>,
    #[orm(back_populates = parent)]
    pub(crate) children: HasMany<Category>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Person {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    #[orm(through("follows", follower_id, followed_id), back_populates = followers)]
    pub(crate) follows: ManyToMany<Person>,
    #[orm(through("follows", followed_id, follower_id), back_populates = follows)]
    pub(crate) followers: ManyToMany<Person>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Team {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) captain_id: Option<i64>,
    pub(crate) captain: BelongsTo<Option<Player>>,
    #[orm(back_populates = team, cascade(all))]
    pub(crate) players: HasMany<Player>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Player {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) team_id: i64,
    #[orm(back_populates = players)]
    pub(crate) team: BelongsTo<Team>,
}

/// Keys of every kind: natural, composite, client-made, and references to a unique column.
pub(crate) fn keys() -> Schema {
    orm::schema![Country, City, Region, Site, Token, Currency, Price]
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Country {
    #[orm(primary_key, max_length = 2)]
    pub(crate) code: String,
    pub(crate) name: String,
    #[orm(back_populates = country)]
    pub(crate) cities: HasMany<City>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct City {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    #[orm(max_length = 2)]
    pub(crate) country_code: String,
    #[orm(foreign_key = country_code, back_populates = cities)]
    pub(crate) country: BelongsTo<Country>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Region {
    #[orm(primary_key, max_length = 10)]
    pub(crate) area: String,
    #[orm(primary_key)]
    pub(crate) number: i32,
    pub(crate) name: String,
    #[orm(back_populates = region)]
    pub(crate) sites: HasMany<Site>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Site {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(max_length = 10)]
    pub(crate) area: Option<String>,
    pub(crate) number: Option<i32>,
    #[orm(foreign_key = (area, number), back_populates = sites)]
    pub(crate) region: BelongsTo<Option<Region>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Token {
    #[orm(primary_key)]
    pub(crate) id: Uuid,
    pub(crate) text: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Currency {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(unique, max_length = 3)]
    pub(crate) code: String,
    #[orm(back_populates = currency)]
    pub(crate) prices: HasMany<Price>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Price {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) amount: i32,
    #[orm(max_length = 3)]
    pub(crate) currency_code: Option<String>,
    #[orm(foreign_key = currency_code, references = Currency::code, back_populates = prices)]
    pub(crate) currency: BelongsTo<Option<Currency>>,
}

/// What the session or the database fills by itself, and what is checked before it is written.
pub(crate) fn records() -> Schema {
    orm::schema![Document, Setting, Folder, File]
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(before_save = Document::tidy, validate = Document::check)]
pub(crate) struct Document {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(max_length = 20)]
    pub(crate) title: String,
    pub(crate) body: Option<String>,
    #[orm(version)]
    pub(crate) version: i32,
    #[orm(created_at)]
    pub(crate) created: chrono::DateTime<chrono::Utc>,
    #[orm(updated_at)]
    pub(crate) updated: chrono::DateTime<chrono::Utc>,
}

impl Document {
    fn tidy(&mut self, _: Change) -> orm::Result<()> {
        self.title = self.title.trim().to_owned();
        Ok(())
    }

    fn check(&mut self, _: Change) -> orm::Result<()> {
        if self.title.is_empty() { Err(orm::Error::other("a document needs a title")) } else { Ok(()) }
    }
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Setting {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) note: Option<String>,
    #[orm(default = "red")]
    pub(crate) color: String,
    #[orm(default_sql = "7")]
    pub(crate) size: i32,
    #[orm(default_sql = "8")]
    pub(crate) weight: Option<i32>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Folder {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    #[orm(back_populates = folder, cascade(all), passive_deletes)]
    pub(crate) files: HasMany<File>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct File {
    #[orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) folder_id: i64,
    #[orm(back_populates = files, on_delete = "cascade")]
    pub(crate) folder: BelongsTo<Folder>,
}
