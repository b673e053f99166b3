//! Relationships of every kind: positions, keys, links, inverses, and what they answer.
use super::shop::*;
use orm::{
    __private::{
        Relation, Value, Yes,
        schema::{Action, Cascade, KeySource, Link, PassiveDeletes, RelationshipKind, Strategy},
    },
    Record,
    prelude::*,
};

#[derive(Model, Clone, Debug)]
struct Category {
    #[orm(primary_key)]
    id: i64,
    name: String,
    parent_id: Option<i64>,
    #[orm(back_populates = children, on_delete = "set_null", index = false)]
    parent: BelongsTo<Option<Category>>,
    #[orm(back_populates = parent, order_by = (Category::name, Category::id.desc()), load = "selectin", passive_deletes)]
    children: HasMany<Category>,
}

#[derive(Model, Clone, Debug)]
struct Tenant {
    #[orm(primary_key)]
    region: String,
    #[orm(primary_key)]
    number: i32,
    #[orm(foreign_key = (Member::region, Member::tenant), cascade(all))]
    members: HasMany<Member>,
    #[orm(back_populates = tenant)]
    invoices: HasMany<Invoice>,
}

#[derive(Model, Clone, Debug)]
struct Member {
    #[orm(primary_key)]
    id: i64,
    region: String,
    tenant: i32,
    #[orm(through("friendships", member_id, friend_id), back_populates = friend_of)]
    friends: ManyToMany<Member>,
    #[orm(through("friendships", friend_id, member_id), back_populates = friends)]
    friend_of: ManyToMany<Member>,
    #[orm(through("member_tags", (member_id), tag_id))]
    tags: ManyToMany<Category>,
}

#[derive(Model, Clone, Debug)]
struct Invoice {
    #[orm(primary_key)]
    id: i64,
    region: String,
    tenant_number: i32,
    country_code: String,
    #[orm(foreign_key = (region, tenant_number), back_populates = invoices)]
    tenant: BelongsTo<Tenant>,
    #[orm(foreign_key = country_code, references = Country::code, constraint = false)]
    country: BelongsTo<Country>,
}

#[derive(Model, Clone, Debug)]
struct Country {
    #[orm(primary_key)]
    id: i64,
    #[orm(unique, max_length = 2)]
    code: String,
}

#[derive(Model, Clone, Debug)]
struct Person {
    #[orm(primary_key)]
    id: i64,
    #[orm(through(Edge::source, Edge::target, where(kind = "MANAGES", weight = 3)), back_populates = managers)]
    manages: ManyToMany<Person>,
    #[orm(through(Edge::target, Edge::source, where(kind = "MANAGES", weight = 3)), back_populates = manages)]
    managers: ManyToMany<Person>,
    #[orm(through(Edge::source, Edge::target, where(kind = "KNOWS")), accessor = "acquaintances", constant = "KNOWS")]
    knows: ManyToMany<Person>,
    #[orm(foreign_key = Passport::id)]
    passport: HasOne<Passport>,
}

#[derive(Model, Clone, Debug)]
struct Passport {
    #[orm(primary_key, generated = false)]
    id: i64,
}

#[derive(Model, Clone, Debug)]
struct Edge {
    #[orm(primary_key)]
    id: i64,
    kind: String,
    weight: i32,
    source_id: i64,
    target_id: i64,
    source: BelongsTo<Person>,
    target: BelongsTo<Person>,
}

fn kind(table: &'static orm::__private::schema::Table, name: &str) -> RelationshipKind {
    table.relationships[usize::from(table.relationship(name).expect("there is such a relationship"))].kind
}

#[test]
fn both_sides_know_each_other() {
    let table = Order::table();
    assert_eq!(table.relationships[0].inverse().map(|other| other.path()), Some("User::orders".into()));
    assert_eq!(table.relationships[1].inverse().map(|other| other.path()), Some("OrderItem::order".into()));
    assert_eq!(table.relationships[1].key(), Some((&[1][..], &[0][..])));
    assert!(OrderItem::table().relationships[1].inverse().is_none());
}

#[test]
fn a_self_reference_has_both_sides_in_one_model() {
    let [parent, children] = Category::table().relationships else { panic!("there are two") };
    assert_eq!((parent.inverse, children.inverse), (Some(1), Some(0)));
    let RelationshipKind::BelongsTo { columns, references, nullable, on_delete, index, constraint, .. } = parent.kind
    else {
        panic!("it is a `BelongsTo`")
    };
    assert_eq!((columns, references, nullable), (&[2][..], &[][..], true));
    assert_eq!((on_delete, index, constraint), (Action::SetNull, false, true));
    assert_eq!((children.load, children.passive_deletes), (Some(Strategy::SelectIn), PassiveDeletes::Unloaded));
    let order: Vec<(u16, bool)> = children.order_by.iter().map(|order| (order.column, order.descending)).collect();
    assert_eq!(order, [(1, false), (0, true)]);
}

#[test]
fn composite_keys_keep_their_order() {
    assert!(matches!(kind(Tenant::table(), "members"), RelationshipKind::HasMany(KeySource::Columns([1, 2]))));
    assert!(matches!(kind(Tenant::table(), "invoices"), RelationshipKind::HasMany(KeySource::Inverse(0))));
    assert_eq!(Invoice::table().relationships[0].key(), Some((&[1, 2][..], &[0, 1][..])));
    let key = <Tenant as Record>::Key::from(("eu".to_string(), 1));
    assert_eq!(key.1, 1);
}

#[test]
fn a_builder_may_lack_a_composite_key() {
    let members = [Member::builder(), Member::builder().id(3)];
    let invoices = [Invoice::builder().country_code("DE")];
    let tenant = Tenant::builder().region("eu").number(1).members(members).invoices(invoices).build();
    assert!(!tenant.members.is_unloaded());
    let invoice = Invoice::builder().tenant(tenant).country(Country::builder().code("DE"));
    assert_eq!(orm::IntoDraft::into_draft(invoice).open.unset.iter().collect::<Vec<_>>(), [0, 1, 2, 3]);
}

#[test]
fn a_key_can_reference_a_unique_column() {
    let country = &Invoice::table().relationships[1];
    assert_eq!(country.key(), Some((&[3][..], &[1][..])));
    assert!(country.foreign_key().is_none(), "it has no constraint");
}

#[test]
fn links_go_through_models_or_bare_tables() {
    let RelationshipKind::ManyToMany(Link::Model { table, near, far, constants }) = kind(User::table(), "roles") else {
        panic!("the link is a model")
    };
    assert_eq!((table().name, near, far, constants.len()), ("user_roles", 0, 1, 0));
    let RelationshipKind::ManyToMany(Link::Table(link)) = kind(Member::table(), "friend_of") else {
        panic!("the link is a bare table")
    };
    assert_eq!((link.name, link.near, link.far), ("friendships", &["friend_id"][..], &["member_id"][..]));
}

#[test]
fn edges_are_typed_by_constants() {
    let RelationshipKind::ManyToMany(Link::Model { near, far, constants, .. }) = kind(Person::table(), "managers")
    else {
        panic!("the link is a model")
    };
    assert_eq!((near, far), (1, 0));
    let constants: Vec<(u16, Value)> = constants.iter().map(|(column, value)| (*column, value())).collect();
    assert_eq!(constants, [(1, Value::String(Some("MANAGES".into()))), (2, Value::Int(Some(3)))]);
    assert_eq!(orm::__private::index_of(Person::KNOWS), 2);
}

#[test]
fn cascades_are_those_named() {
    let items = Order::table().relationships[1].cascade;
    assert!(items.has(Cascade::DeleteOrphan) && items.has(Cascade::Delete) && items.has(Cascade::SaveUpdate));
    let members = Tenant::table().relationships[0].cascade;
    assert!(members.has(Cascade::Delete) && !members.has(Cascade::DeleteOrphan));
    let user = Order::table().relationships[0].cascade;
    assert!(user.has(Cascade::Merge) && !user.has(Cascade::Delete));
}

#[test]
fn what_may_be_detached_and_attached_is_a_type() {
    // That these calls compile is the test.
    fn detach<R: Relation<Detach: Yes>>(_: R) {}
    fn attach<R: Relation<Attach: Yes>>(_: R) {}
    detach(Category::children);
    detach(Category::parent);
    detach(Order::items);
    detach(OrderItem::order);
    attach(User::roles);
    attach(Member::friends);
    attach(Person::manages);
}
