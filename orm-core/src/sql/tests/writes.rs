use super::{
    models::{Account, Order, Person, User},
    texts,
};
use crate::{
    model::Record,
    sql::{
        self, Touched,
        write::{Delete, Insert, LinkRows, LinkWrite, Rows, Update},
    },
    driver::Dialect,
    query::{Query, RelationQuery},
    value::Value,
};

fn int(number: i64) -> Value {
    Value::BigInt(Some(number))
}

fn text(text: &str) -> Value {
    Value::String(Some(text.into()))
}

fn orders(count: i64) -> Rows {
    (1..=count).map(|i| vec![int(i), text("new"), int(10 * i)]).collect()
}

fn account(code: &str, version: i32) -> Vec<Value> {
    vec![Value::Int(Some(1)), text(code), Value::Int(Some(version))]
}

#[test]
fn inserts() {
    let insert = Insert { table: Order::table(), columns: &[1, 2, 3], returning: &[0] };
    insta::assert_snapshot!(texts(|dialect| insert.statement(dialect, orders(1))), @"");
    insta::assert_snapshot!(texts(|dialect| insert.statement(dialect, orders(2))), @"");
    let insert = Insert { table: Account::table(), columns: &[0, 2], returning: &[] };
    let rows = vec![vec![Value::Int(Some(1)), text("::1")], vec![Value::Int(Some(2)), text("::2")]];
    insta::assert_snapshot!(texts(|dialect| insert.statement(dialect, rows.clone())), @"");
    let insert = Insert { table: Order::table(), columns: &[], returning: &[0] };
    insta::assert_snapshot!(texts(|dialect| insert.statement(dialect, vec![vec![]])), @"");
}

#[test]
fn updates() {
    let update = Update { table: Account::table(), by: &[0, 1, 3], set: &[2, 3] };
    let row = |code, version, address| {
        let mut row = account(code, version);
        row.extend([text(address), Value::Int(Some(version + 1))]);
        row
    };
    insta::assert_snapshot!(texts(|dialect| update.statement(dialect, vec![row("a", 1, "::1")])), @"");
    let rows = vec![row("a", 1, "::1"), row("b", 4, "::2")];
    insta::assert_snapshot!(texts(|dialect| update.statement(dialect, rows.clone())), @"");
}

#[test]
fn deletes() {
    let delete = Delete { table: Order::table(), by: &[0] };
    insta::assert_snapshot!(texts(|dialect| delete.statement(dialect, vec![vec![int(1)]])), @"");
    insta::assert_snapshot!(texts(|dialect| delete.statement(dialect, vec![vec![int(1)], vec![int(2)], vec![int(3)]])), @"");
    let delete = Delete { table: Account::table(), by: &[0, 1, 3] };
    insta::assert_snapshot!(texts(|dialect| delete.statement(dialect, vec![account("a", 1)])), @"");
    insta::assert_snapshot!(texts(|dialect| delete.statement(dialect, vec![account("a", 1), account("b", 2)])), @"");
}

#[test]
fn links() {
    let pairs = || vec![vec![int(1), int(2)], vec![int(1), int(3)]];
    let bare = LinkRows { relationship: &User::table().relationships[2], extra: &[] };
    insta::assert_snapshot!(texts(|dialect| bare.statement(dialect, LinkWrite::Insert, pairs())), @"");
    insta::assert_snapshot!(texts(|dialect| bare.statement(dialect, LinkWrite::InsertAbsent, pairs())), @"");
    insta::assert_snapshot!(texts(|dialect| bare.statement(dialect, LinkWrite::Delete, pairs())), @"");
    let model = LinkRows { relationship: &Person::table().relationships[0], extra: &[] };
    insta::assert_snapshot!(texts(|dialect| model.statement(dialect, LinkWrite::Insert, pairs())), @"");
    insta::assert_snapshot!(texts(|dialect| model.statement(dialect, LinkWrite::InsertAbsent, pairs())), @"");
    insta::assert_snapshot!(texts(|dialect| model.statement(dialect, LinkWrite::Delete, pairs())), @"");
}

#[test]
fn one_text_serves_many_sizes_on_postgres() {
    let insert = Insert { table: Order::table(), columns: &[1, 2, 3], returning: &[0] };
    assert_eq!(insert.text(Dialect::Postgres, 2), insert.text(Dialect::Postgres, 500));
    let update = Update { table: Order::table(), by: &[0], set: &[2] };
    assert_eq!(update.text(Dialect::Postgres, 2), update.text(Dialect::Postgres, 500));
    let delete = Delete { table: Order::table(), by: &[0] };
    assert_eq!(delete.text(Dialect::Sqlite, 5), delete.text(Dialect::Sqlite, 8));
}

#[test]
fn pieces_fit_into_a_statement() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres, Dialect::MySql, Dialect::MariaDb] {
        let pieces: Vec<Vec<i64>> = sql::chunks(dialect, 40, (0..2_500).collect()).collect();
        assert_eq!(pieces.iter().map(Vec::len).sum::<usize>(), 2_500);
        assert!(dialect == Dialect::Postgres || pieces.iter().all(|piece| piece.len() * 40 <= sql::bind_limit(dialect)));
    }
    assert_eq!(sql::key_chunks(Dialect::Sqlite, 1, Vec::<i64>::new()).count(), 0);
}

#[test]
fn touched_tables_include_links_and_conditions() {
    let query = Query::<Order>::new().filter(Order::user.path(User::age).gt(3)).with(Order::user.with(User::roles));
    let touched = Touched::by_parts(&query.parts);
    assert_eq!(touched.tables.iter().map(|table| table.name).collect::<Vec<_>>(), ["orders", "users", "roles"]);
    assert_eq!(touched.links, ["user_roles"]);
    let touched = Touched::by_parts(&Query::<Person>::new().filter(Person::manages.exists()).parts);
    assert_eq!(touched.tables.iter().map(|table| table.name).collect::<Vec<_>>(), ["people", "edges"]);
}
