//! Models written by hand, as the derive would.
use crate::{
    model::{ColumnValue, Record},
    query::{Column, RelationQuery},
    relation::{Answer, Many, One, Relation, RelationField, Reverse},
    schema::{
        Action, Cascades, Column as C, Default as NoDefault, KeySource, Link, LinkTable, Order as By, PassiveDeletes,
        Relationship, RelationshipKind as Kind, Role as ColumnRole, Table, shape::Shape,
    },
    sql::JoinNode,
    value::{NotNull, Nullable, RowReader, SqlType, Value},
};
use std::any::TypeId;

pub(crate) const fn column(name: &'static str, sql_type: SqlType) -> C {
    C {
        field: name,
        name,
        sql_type,
        custom_type: None,
        nullable: false,
        has_placeholder: true,
        generated: false,
        unique: false,
        index: false,
        max_length: None,
        decimal: None,
        default: NoDefault::None,
        check: None,
        variants: &[],
        role: ColumnRole::Plain,
        deferred: false,
        group: None,
        references: None,
    }
}

const fn generated() -> C {
    C { generated: true, ..column("id", SqlType::I64) }
}

const fn null(column: C) -> C {
    C { nullable: true, ..column }
}

const fn belongs_to(columns: &'static [u16], nullable: bool) -> Kind {
    Kind::BelongsTo {
        columns,
        references: &[],
        nullable,
        on_delete: Action::NoAction,
        on_update: Action::NoAction,
        constraint: true,
        index: true,
    }
}

const fn relationship(
    name: &'static str,
    owner: fn() -> &'static Table,
    target: fn() -> &'static Table,
    kind: Kind,
) -> Relationship {
    Relationship {
        name,
        owner,
        target,
        kind,
        inverse: None,
        cascade: Cascades::DEFAULT,
        order_by: &[],
        ordering: None,
        load: None,
        load_depth: 0,
        passive_deletes: PassiveDeletes::Never,
        single_parent: false,
    }
}

macro_rules! model {
    ($model:ident, $table:literal, key $key:expr, $($schema:literal,)? [$($column:expr),* $(,)?], [$($relationship:expr),* $(,)?]) => {
        #[derive(Debug, Clone)]
        pub(crate) struct $model;
        impl Record for $model {
            type Key = i64;
            const PATH: &str = concat!(module_path!(), "::", stringify!($model));
            const SHAPE: &'static Shape = &Shape {
                model: stringify!($model),
                path: Self::PATH,
                columns: &[],
                primary_key: $key,
                uniques: &[],
                relations: &[],
            };
            fn table() -> &'static Table {
                static TABLE: Table = Table {
                    id: || TypeId::of::<$model>(),
                    model: stringify!($model),
                    name: $table,
                    schema: { let schema: &[&'static str] = &[$($schema)?]; if schema.is_empty() { None } else { Some(schema[0]) } },
                    columns: { const COLUMNS: &[C] = &[$($column),*]; COLUMNS },
                    primary_key: $key,
                    uniques: &[],
                    indexes: &[],
                    checks: &[],
                    relationships: { static RELATIONSHIPS: &[Relationship] = &[$($relationship),*]; RELATIONSHIPS },
                    read_only: false,
                    soft_delete: None,
                    criteria: &[],
                    operations: crate::model::operations::<$model>(None, crate::relation::Derived::NONE),
                };
                &TABLE
            }
            fn read(_: &mut RowReader<'_>) -> crate::Result<Self> {
                Ok(Self)
            }
            fn copy(&self) -> Self {
                Self
            }
            fn column(&self, _: usize) -> &dyn ColumnValue {
                unreachable!()
            }
            fn column_mut(&mut self, _: usize) -> &mut dyn ColumnValue {
                unreachable!()
            }
            fn relation(&self, _: usize) -> &RelationField {
                unreachable!()
            }
            fn relation_mut(&mut self, _: usize) -> &mut RelationField {
                unreachable!()
            }
        }
    };
}

macro_rules! marker {
    ($marker:ident = $owner:ident . $index:literal -> $target:ident, $cardinality:ident, $null:ident) => {
        #[derive(Debug, Clone, Copy)]
        #[allow(non_camel_case_types)]
        pub(crate) struct $marker;
        impl Relation for $marker {
            type Owner = $owner;
            type Target = $target;
            type Inverse = Reverse<Self>;
            type Cardinality = $cardinality;
            type Null = $null;
            type Fill = ();
            type Detach = Answer<false>;
            type Attach = Answer<false>;
            type Push = Answer<false>;
            const INDEX: u16 = $index;
        }
    };
}

model!(
    User,
    "users",
    key & [0],
    [
        generated(),
        column("email", SqlType::Text),
        null(column("age", SqlType::I32)),
        C { deferred: true, ..column("photo", SqlType::Text) }
    ],
    [
        Relationship {
            order_by: &[By { column: 0, descending: false }],
            ..relationship("orders", User::table, Order::table, Kind::HasMany(KeySource::Inverse(0)))
        },
        relationship("profile", User::table, Profile::table, Kind::HasOne(KeySource::Inverse(0))),
        relationship(
            "roles",
            User::table,
            Role::table,
            Kind::ManyToMany(Link::Table(LinkTable { name: "user_roles", near: &["user_id"], far: &["role_id"] }))
        ),
    ]
);
marker!(user_orders = User.0 -> Order, Many, Nullable);
marker!(user_profile = User.1 -> Profile, One, Nullable);
marker!(user_roles = User.2 -> Role, Many, Nullable);
#[allow(non_upper_case_globals)]
impl User {
    pub(crate) const id: Column<User, i64> = Column::new(0);
    pub(crate) const email: Column<User, String> = Column::new(1);
    pub(crate) const age: Column<User, Option<i32>> = Column::new(2);
    pub(crate) const photo: Column<User, crate::value::Deferred<String>> = Column::new(3);
    pub(crate) const orders: user_orders = user_orders;
    pub(crate) const profile: user_profile = user_profile;
    pub(crate) const roles: user_roles = user_roles;
}

model!(
    Order,
    "orders",
    key & [0],
    [generated(), column("user_id", SqlType::I64), column("status", SqlType::Text), column("total", SqlType::I64)],
    [
        relationship("user", Order::table, User::table, belongs_to(&[1], false)),
        relationship("items", Order::table, Item::table, Kind::HasMany(KeySource::Columns(&[1]))),
    ]
);
marker!(order_user = Order.0 -> User, One, NotNull);
marker!(order_items = Order.1 -> Item, Many, Nullable);
#[allow(non_upper_case_globals)]
impl Order {
    pub(crate) const id: Column<Order, i64> = Column::new(0);
    pub(crate) const user_id: Column<Order, i64> = Column::new(1);
    pub(crate) const status: Column<Order, String> = Column::new(2);
    pub(crate) const total: Column<Order, i64> = Column::new(3);
    pub(crate) const user: order_user = order_user;
    pub(crate) const items: order_items = order_items;
}

model!(
    Item,
    "items",
    key & [0],
    [generated(), column("order_id", SqlType::I64), column("name", SqlType::Text)],
    [relationship("order", Item::table, Order::table, belongs_to(&[1], false))]
);
marker!(item_order = Item.0 -> Order, One, NotNull);
#[allow(non_upper_case_globals)]
impl Item {
    pub(crate) const name: Column<Item, String> = Column::new(2);
    pub(crate) const order: item_order = item_order;
}

model!(
    Profile,
    "profiles",
    key & [0],
    [generated(), C { unique: true, ..column("user_id", SqlType::I64) }, column("bio", SqlType::Text)],
    [relationship("user", Profile::table, User::table, belongs_to(&[1], false))]
);
#[allow(non_upper_case_globals)]
impl Profile {
    pub(crate) const bio: Column<Profile, String> = Column::new(2);
}

model!(Role, "roles", key & [0], [generated(), column("name", SqlType::Text)], []);
#[allow(non_upper_case_globals)]
impl Role {
    pub(crate) const name: Column<Role, String> = Column::new(1);
}

model!(
    Category,
    "categories",
    key & [0],
    [generated(), column("name", SqlType::Text), null(column("parent_id", SqlType::I64))],
    [
        relationship("parent", Category::table, Category::table, belongs_to(&[2], true)),
        relationship("children", Category::table, Category::table, Kind::HasMany(KeySource::Inverse(0))),
    ]
);
marker!(category_parent = Category.0 -> Category, One, Nullable);
marker!(category_children = Category.1 -> Category, Many, Nullable);
#[allow(non_upper_case_globals)]
impl Category {
    pub(crate) const name: Column<Category, String> = Column::new(1);
    pub(crate) const parent: category_parent = category_parent;
    pub(crate) const children: category_children = category_children;
}

fn manages() -> Value {
    Value::String(Some("MANAGES".into()))
}

model!(
    Person,
    "people",
    key & [0],
    [generated(), column("name", SqlType::Text)],
    [
        relationship(
            "manages",
            Person::table,
            Person::table,
            Kind::ManyToMany(Link::Model { table: Edge::table, near: 0, far: 1, constants: &[(3, manages)] })
        ),
        relationship(
            "managers",
            Person::table,
            Person::table,
            Kind::ManyToMany(Link::Model { table: Edge::table, near: 1, far: 0, constants: &[(3, manages)] })
        ),
    ]
);
marker!(person_manages = Person.0 -> Person, Many, Nullable);
#[allow(non_upper_case_globals)]
impl Person {
    pub(crate) const name: Column<Person, String> = Column::new(1);
    pub(crate) const manages: person_manages = person_manages;
}

model!(
    Edge,
    "edges",
    key & [0],
    [generated(), column("source_id", SqlType::I64), column("target_id", SqlType::I64), column("kind", SqlType::Text)],
    [
        relationship("source", Edge::table, Person::table, belongs_to(&[1], false)),
        relationship("target", Edge::table, Person::table, belongs_to(&[2], false)),
    ]
);

model!(
    Account,
    "accounts",
    key & [0, 1],
    [
        column("tenant", SqlType::I32),
        column("code", SqlType::Text),
        C { custom_type: Some("inet"), ..column("address", SqlType::Text) },
        C { role: ColumnRole::Version, ..column("version", SqlType::I32) }
    ],
    [relationship("entries", Account::table, Entry::table, Kind::HasMany(KeySource::Inverse(0)))]
);
marker!(account_entries = Account.0 -> Entry, Many, Nullable);
#[allow(non_upper_case_globals)]
impl Account {
    pub(crate) const address: Column<Account, String> = Column::new(2);
    pub(crate) const version: Column<Account, i32> = Column::new(3);
    pub(crate) const entries: account_entries = account_entries;
}

model!(
    Entry,
    "entries",
    key & [0],
    [
        generated(),
        column("tenant", SqlType::I32),
        column("account_code", SqlType::Text),
        column("amount", SqlType::I64)
    ],
    [relationship("account", Entry::table, Account::table, belongs_to(&[1, 2], false))]
);
#[allow(non_upper_case_globals)]
impl Entry {
    pub(crate) const amount: Column<Entry, i64> = Column::new(3);
}

pub(crate) fn keys(keys: &[i64]) -> Vec<Vec<Value>> {
    keys.iter().map(|key| vec![Value::BigInt(Some(*key))]).collect()
}

pub(crate) fn join<R: RelationQuery>(_: R, parent: Option<usize>) -> JoinNode {
    let relationship = R::relationship();
    JoinNode {
        parent,
        relationship,
        named: None,
        inner: false,
        deferred: false,
        filter: None,
        order: Vec::new(),
        without_criteria: false,
    }
}
