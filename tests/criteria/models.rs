//! Models whose rows may be hidden.
use chrono::{DateTime, Utc};
use orm::prelude::*;
use std::cell::Cell;

/// Has a tenant and is softly deleted; so are its orders.
#[derive(Model, Clone, Debug)]
#[orm(soft_delete = deleted_at)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(unique, max_length = 50)]
    pub email: String,
    pub deleted_at: Option<DateTime<Utc>>,
    #[orm(back_populates = user, cascade(all, delete_orphan), order_by = Order::id)]
    pub orders: HasMany<Order>,
    #[orm(back_populates = user, cascade(all, delete_orphan))]
    pub tokens: HasMany<Token>,
    #[orm(back_populates = author)]
    pub remarks: HasMany<Remark>,
    #[orm(through(Membership::user, Membership::team), back_populates = users)]
    pub teams: ManyToMany<Team>,
}

#[derive(Model, Clone, Debug)]
#[orm(soft_delete = deleted_at)]
pub struct Order {
    #[orm(primary_key)]
    pub id: i64,
    pub user_id: i64,
    pub tenant_id: i64,
    pub total: i64,
    pub deleted_at: Option<DateTime<Utc>>,
    #[orm(version)]
    pub version: i32,
    #[orm(updated_at)]
    pub updated_at: DateTime<Utc>,
    #[orm(back_populates = orders)]
    pub user: BelongsTo<User>,
}

/// Really deleted.
#[derive(Model, Clone, Debug)]
pub struct Token {
    #[orm(primary_key)]
    pub id: i64,
    pub user_id: i64,
    #[orm(back_populates = tokens)]
    pub user: BelongsTo<User>,
}

/// May be without its author.
#[derive(Model, Clone, Debug)]
pub struct Remark {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(max_length = 50)]
    pub text: String,
    pub author_id: Option<i64>,
    #[orm(back_populates = remarks)]
    pub author: BelongsTo<Option<User>>,
}

#[derive(Model, Clone, Debug)]
pub struct Team {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(max_length = 50)]
    pub name: String,
    #[orm(through(Membership::team, Membership::user), back_populates = teams)]
    pub users: ManyToMany<User>,
    #[orm(back_populates = team)]
    pub memberships: HasMany<Membership>,
}

/// A link that may be inactive.
#[derive(Model, Clone, Debug)]
#[orm(criteria = Self::is_active)]
pub struct Membership {
    #[orm(primary_key)]
    pub user_id: i64,
    #[orm(primary_key)]
    pub team_id: i64,
    #[orm(default = true)]
    pub active: bool,
    pub user: BelongsTo<User>,
    #[orm(back_populates = memberships)]
    pub team: BelongsTo<Team>,
}

impl Membership {
    fn is_active() -> Predicate<Self> {
        Self::active.eq(true)
    }
}

/// Has children of its own kind, and a flag instead of a time.
#[derive(Model, Clone, Debug)]
#[orm(table = "folders", soft_delete = gone)]
pub struct Folder {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(max_length = 50)]
    pub name: String,
    #[orm(default = false)]
    pub gone: bool,
    pub parent_id: Option<i64>,
    #[orm(back_populates = children)]
    pub parent: BelongsTo<Option<Folder>>,
    #[orm(back_populates = parent)]
    pub children: HasMany<Folder>,
}

thread_local! {
    static TENANT: Cell<i64> = const { Cell::new(1) };
}

/// Who asks, from now on.
pub fn enter_tenant(tenant: i64) {
    TENANT.set(tenant);
}

/// What belongs to a tenant.
pub trait OfTenant: Sized {
    /// The column.
    fn tenant() -> orm::Column<Self, i64>;
}

/// The criterion of all that belongs to a tenant: the tenant is asked when a query runs.
pub fn of_tenant<M: OfTenant + Model>() -> Predicate<M> {
    M::tenant().eq(TENANT.get())
}

#[derive(Model, Clone, Debug)]
#[orm(criteria = of_tenant, criteria = Invoice::not_draft)]
pub struct Invoice {
    #[orm(primary_key)]
    pub id: i64,
    pub tenant_id: i64,
    pub draft: bool,
    #[orm(back_populates = invoice)]
    pub lines: HasMany<Line>,
}

impl Invoice {
    fn not_draft() -> Predicate<Self> {
        Self::draft.eq(false)
    }
}

impl OfTenant for Invoice {
    fn tenant() -> orm::Column<Self, i64> {
        Self::tenant_id
    }
}

/// Whether it is seen is said by what it belongs to.
#[derive(Model, Clone, Debug)]
#[orm(criteria = of_tenant, criteria = Line::of_visible_invoice)]
pub struct Line {
    #[orm(primary_key)]
    pub id: i64,
    pub tenant_id: i64,
    pub invoice_id: i64,
    #[orm(back_populates = lines)]
    pub invoice: BelongsTo<Invoice>,
}

impl Line {
    fn of_visible_invoice() -> Predicate<Self> {
        Self::invoice.has(Predicate::always())
    }
}

impl OfTenant for Line {
    fn tenant() -> orm::Column<Self, i64> {
        Self::tenant_id
    }
}

#[derive(Model, Clone, Debug)]
#[orm(table = "shelves")]
pub struct Shelf {
    #[orm(primary_key, max_length = 10)]
    pub code: String,
    #[orm(back_populates = shelf, cascade(all, delete_orphan))]
    pub books: HasMany<Book>,
}

#[derive(Model, Clone, Debug)]
pub struct Book {
    #[orm(primary_key)]
    pub id: i64,
    pub tenant_id: i64,
    #[orm(max_length = 10)]
    pub shelf_code: String,
    pub label_id: Option<i64>,
    #[orm(foreign_key = shelf_code, back_populates = books)]
    pub shelf: BelongsTo<Shelf>,
    #[orm(cascade(all), single_parent)]
    pub label: BelongsTo<Option<Label>>,
    #[orm(back_populates = book, cascade(all, delete_orphan))]
    pub stamps: HasMany<Stamp>,
    #[orm(back_populates = book)]
    pub loans: HasMany<Loan>,
}

#[derive(Model, Clone, Debug)]
pub struct Label {
    #[orm(primary_key)]
    pub id: i64,
    pub tenant_id: i64,
    #[orm(max_length = 10)]
    pub text: String,
}

#[derive(Model, Clone, Debug)]
#[orm(soft_delete = gone)]
pub struct Stamp {
    #[orm(primary_key)]
    pub id: i64,
    pub book_id: Option<i64>,
    #[orm(max_length = 10)]
    pub label: String,
    #[orm(default = false)]
    pub gone: bool,
    #[orm(back_populates = stamps)]
    pub book: BelongsTo<Option<Book>>,
}

#[derive(Model, Clone, Debug)]
pub struct Loan {
    #[orm(primary_key)]
    pub id: i64,
    pub tenant_id: i64,
    pub book_id: i64,
    #[orm(back_populates = loans)]
    pub book: BelongsTo<Book>,
}
