//! Columns: every attribute in the metadata, groups of columns, and access by position.
use orm::{
    __private::{SqlType, Value, schema},
    Change, Column, Record, Result,
    prelude::*,
};
use schema::{Action, Default as Fallback, Role};

type Nick = Option<String>;

fn trim(account: &mut Account, _: Change) -> Result<()> {
    account.email = account.email.trim().into();
    Ok(())
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "accounts", schema = "sales", rename_all = "camelCase", read_only)]
#[orm(unique(email, tenant_id), index(tenant_id), index(active, score, where = "active"))]
#[orm(check = "score > 0", before_save = trim, validate = Self::has_an_email)]
struct Account {
    #[orm(primary_key, generated = false)]
    id: i32,
    tenant_id: i64,
    #[orm(column = "mail", unique, index, max_length = 200, check = "mail <> ''")]
    email: String,
    nick: Nick,
    #[orm(default = 5)]
    score: i32,
    #[orm(default)]
    active: bool,
    #[orm(default_sql = "now()", sql_type = "timestamptz")]
    seen: String,
    #[orm(version)]
    changes: i32,
    #[orm(references = Tenant::code, on_delete = "cascade", on_update = restrict)]
    code: Option<String>,
    #[orm(skip)]
    cached: Vec<u8>,
    body: Deferred<String>,
    #[orm(constant = "TYPE")]
    r#type: u8,
}

impl Account {
    fn has_an_email(&self, _: Change) -> Result<()> {
        if self.email.is_empty() { Err(orm::Error::other(std::io::Error::other("no email"))) } else { Ok(()) }
    }
}

#[derive(Model)]
struct Tenant {
    #[orm(primary_key)]
    id: i64,
    #[orm(unique)]
    code: String,
}

fn column(position: usize) -> &'static schema::Column {
    &Account::table().columns[position]
}

#[test]
fn attributes_of_the_struct_are_in_the_table() {
    let table = Account::table();
    assert_eq!((table.name, table.schema, table.read_only), ("accounts", Some("sales"), true));
    assert_eq!(table.primary_key, [0]);
    assert_eq!(table.uniques[0].columns, [2, 1]);
    assert_eq!((table.indexes[0].columns, table.indexes[0].condition), (&[1][..], None));
    assert_eq!((table.indexes[1].columns, table.indexes[1].condition), (&[5, 4][..], Some("active")));
    assert_eq!(table.checks[0].condition, "score > 0");
}

#[test]
fn columns_are_renamed_and_named() {
    let names: Vec<&str> = Account::table().columns.iter().map(|column| column.name).collect();
    assert_eq!(names, ["id", "tenantId", "mail", "nick", "score", "active", "seen", "changes", "code", "body", "type"]);
    assert_eq!((Account::email.position(), Account::TYPE.position()), (2, 10));
}

#[test]
fn attributes_of_fields_are_in_the_columns() {
    let email = column(2);
    assert!(email.unique && email.index && !email.nullable);
    assert_eq!((email.max_length, email.check), (Some(200), Some("mail <> ''")));
    assert!(column(3).nullable, "an alias of an `Option` is an `Option`");
    assert!(matches!(column(4).default, Fallback::Value(value) if value() == Value::Int(Some(5))));
    assert!(matches!(column(5).default, Fallback::Value(value) if value() == Value::Bool(Some(false))));
    assert!(matches!(column(6).default, Fallback::Sql("now()")));
    assert_eq!((column(6).custom_type, column(7).role), (Some("timestamptz"), Role::Version));
    assert!(column(9).deferred);
}

#[test]
fn a_plain_column_can_reference_another() {
    let keys: Vec<_> = Account::table().foreign_keys().collect();
    assert_eq!(keys.len(), 1);
    assert_eq!((keys[0].columns, keys[0].target.name, keys[0].target_columns), (&[8][..], "tenants", &[1][..]));
    assert_eq!((keys[0].on_delete, keys[0].on_update), (Action::Cascade, Action::Restrict));
}

#[test]
fn only_an_integer_key_without_other_source_is_generated() {
    assert!(Tenant::table().columns[0].generated);
    assert!(!column(0).generated);
    assert_eq!((Tenant::table().generated_key(), Account::table().generated_key()), (Some(0), None));
}

#[test]
fn hooks_run_in_their_order_on_the_row() {
    let around = Account::table().operations.around_save.expect("the model has hooks");
    let mut account = Account::builder().id(1).tenant_id(2).email("  a ").r#type(1).body("long").build();
    around(&mut account, Change::Insert).expect("it has an email");
    assert_eq!(account.email, "a");
    account.email = "  ".into();
    assert!(around(&mut account, Change::Update).is_err());
}

#[derive(Embedded, Clone, Debug, PartialEq)]
#[orm(rename_all = "camelCase")]
struct Address {
    street: String,
    #[orm(default = "DE", max_length = 2)]
    country_code: String,
}

#[derive(Embedded, Clone, Debug, PartialEq)]
struct Notes {
    first: Option<String>,
    #[orm(default = 7)]
    second: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Customer {
    #[orm(primary_key)]
    id: i64,
    #[orm(embed)]
    home: Address,
    name: String,
    #[orm(embed, prefix = "billing_")]
    billing: Address,
    #[orm(embed)]
    notes: Notes,
    parent_id: Option<i64>,
    parent: BelongsTo<Option<Self>>,
}

#[test]
fn groups_are_columns_in_their_place() {
    let columns = Customer::table().columns;
    let names: Vec<(&str, &str)> = columns.iter().map(|column| (column.field, column.name)).collect();
    let expected = [
        ("id", "id"),
        ("home.street", "street"),
        ("home.country_code", "countryCode"),
        ("name", "name"),
        ("billing.street", "billing_street"),
        ("billing.country_code", "billing_countryCode"),
        ("notes.first", "first"),
        ("notes.second", "second"),
        ("parent_id", "parent_id"),
    ];
    assert_eq!(names, expected);
    assert_eq!(columns[5].max_length, Some(2));
    let street: Column<Customer, String> = Customer::billing.column(Address::street);
    assert_eq!((street.position(), Customer::name.position(), Customer::parent_id.position()), (4, 3, 8));
    assert_eq!(Customer::table().foreign_keys().next().map(|key| key.columns), Some(&[8][..]));
}

fn address(street: &str) -> Address {
    Address { street: street.into(), country_code: "FR".into() }
}

#[test]
fn columns_of_groups_are_reached_by_position() {
    let mut customer = Customer::builder().home(address("a")).name("n").billing(address("b")).build();
    let values: Vec<Value> = (0..9).map(|position| customer.column(position).value()).collect();
    assert_eq!(values[1], Value::String(Some("a".into())));
    assert_eq!(values[4], Value::String(Some("b".into())));
    assert_eq!(values[7], Value::Int(Some(7)));
    assert_eq!(values[8], Value::BigInt(None));
    customer.column_mut(5).set(Value::String(Some("IT".into()))).expect("it is a text");
    assert_eq!(customer.billing.country_code, "IT");
    assert_eq!(customer.copy(), customer);
}

#[test]
fn a_group_that_may_be_left_out_is_noted_column_by_column() {
    let draft = orm::IntoDraft::into_draft(Customer::builder().home(address("a")).name("n").billing(address("b")));
    assert_eq!(draft.open.given.iter().collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert_eq!(draft.open.unset.iter().collect::<Vec<_>>(), [0]);
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Wide {
    #[orm(primary_key, default = Uuid::from_u128(7))]
    id: Uuid,
    a: i8,
    b: i16,
    c: u16,
    d: u32,
    e: u64,
    f: f32,
    g: f64,
    h: Vec<u8>,
    #[orm(decimal(12, 3))]
    i: Decimal,
    j: Option<Json<Vec<i32>>>,
    k: Option<chrono::DateTime<chrono::Utc>>,
    #[orm(created_at)]
    l: chrono::DateTime<chrono::Utc>,
    #[orm(updated_at)]
    m: time::OffsetDateTime,
}

#[test]
fn all_types_of_columns_are_known() {
    let types: Vec<SqlType> = Wide::table().columns.iter().map(|column| column.sql_type).collect();
    assert_eq!(types[0], SqlType::Uuid);
    assert_eq!(types[9], SqlType::Decimal);
    assert_eq!(Wide::table().columns[9].decimal, Some((12, 3)));
    assert_eq!(Wide::table().columns[12].role, Role::CreatedAt);
    let wide = Wide::builder().a(1).b(2).c(3).d(4).e(5).f(6.0).g(7.0).h(vec![8]).i(dec!(9.5)).build();
    assert_eq!((wide.id, wide.e, wide.h, wide.i), (Uuid::from_u128(7), 5, vec![8], dec!(9.5)));
    assert_eq!((wide.l, wide.m), (chrono::DateTime::UNIX_EPOCH, time::OffsetDateTime::UNIX_EPOCH));
}
