use super::{
    models::{Account, Order, Person, User},
    texts,
};
use crate::{
    driver::Dialect,
    model::Record,
    query::{Query, RelationQuery},
    sql::{
        self, Touched,
        write::{Connect, Delete, Insert, LinkRows, LinkWrite, Rows, Update},
    },
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
fn rows_that_may_be_there() {
    let connect = Connect { table: User::table(), columns: &[1, 2], by: &[1] };
    let user = |name: &str| vec![text(name), text("x")];
    insta::assert_snapshot!(texts(|dialect| connect.statement(dialect, vec![user("a")])), @r#"
    sqlite: INSERT INTO "users" AS "r" ("email", "age") VALUES (?, ?) ON CONFLICT ("email") DO UPDATE SET "email" = "r"."email" RETURNING "id", "email", "age", "photo"
      ["a", "x"]
    postgres: INSERT INTO "users" AS "r" ("email", "age") VALUES ($1, $2) ON CONFLICT ("email") DO UPDATE SET "email" = "r"."email" RETURNING "id", "email", "age", "photo"
      ["a", "x"]
    mariadb: INSERT INTO `users` (`email`, `age`) VALUES (?, ?) ON DUPLICATE KEY UPDATE `email` = `email` RETURNING `id`, `email`, `age`, `photo`
      ["a", "x"]
    "#);
    insta::assert_snapshot!(texts(|dialect| connect.statement(dialect, vec![user("a"), user("b")])), @r#"
    sqlite: INSERT INTO "users" AS "r" ("email", "age") VALUES (?, ?), (?, ?) ON CONFLICT ("email") DO UPDATE SET "email" = "r"."email" RETURNING "id", "email", "age", "photo"
      ["a", "x", "b", "x"]
    postgres: INSERT INTO "users" AS "r" ("email", "age") SELECT "v"."value:0", "v"."value:1" FROM unnest(CAST($1 AS text[]), CAST($2 AS integer[])) WITH ORDINALITY AS "v" ("value:0", "value:1", "row") ORDER BY "v"."row" ON CONFLICT ("email") DO UPDATE SET "email" = "r"."email" RETURNING "id", "email", "age", "photo"
      [["a" "b"], ["x" "x"]]
    mariadb: INSERT INTO `users` (`email`, `age`) VALUES (?, ?), (?, ?) ON DUPLICATE KEY UPDATE `email` = `email` RETURNING `id`, `email`, `age`, `photo`
      ["a", "x", "b", "x"]
    "#);
    let mysql = connect.statement(Dialect::MySql, vec![user("a")]);
    insta::assert_snapshot!(mysql.sql, @r#"INSERT INTO `users` (`email`, `age`) VALUES (?, ?) ON DUPLICATE KEY UPDATE `email` = `email`"#);
}

#[test]
fn inserts() {
    let insert = Insert { table: Order::table(), columns: &[1, 2, 3], returning: &[0] };
    insta::assert_snapshot!(texts(|dialect| insert.statement(dialect, orders(1))), @r#"
    sqlite: INSERT INTO "orders" ("user_id", "status", "total") VALUES (?, ?, ?) RETURNING "id"
      [1, "new", 10]
    postgres: INSERT INTO "orders" ("user_id", "status", "total") VALUES ($1, $2, $3) RETURNING "id"
      [1, "new", 10]
    mariadb: INSERT INTO `orders` (`user_id`, `status`, `total`) VALUES (?, ?, ?) RETURNING `id`
      [1, "new", 10]
    "#);
    insta::assert_snapshot!(texts(|dialect| insert.statement(dialect, orders(2))), @r#"
    sqlite: INSERT INTO "orders" ("user_id", "status", "total") VALUES (?, ?, ?), (?, ?, ?) RETURNING "id"
      [1, "new", 10, 2, "new", 20]
    postgres: INSERT INTO "orders" ("user_id", "status", "total") SELECT "v"."value:0", "v"."value:1", "v"."value:2" FROM unnest(CAST($1 AS bigint[]), CAST($2 AS text[]), CAST($3 AS bigint[])) WITH ORDINALITY AS "v" ("value:0", "value:1", "value:2", "row") ORDER BY "v"."row" RETURNING "id"
      [[1 2], ["new" "new"], [10 20]]
    mariadb: INSERT INTO `orders` (`user_id`, `status`, `total`) VALUES (?, ?, ?), (?, ?, ?) RETURNING `id`
      [1, "new", 10, 2, "new", 20]
    "#);
    let insert = Insert { table: Account::table(), columns: &[0, 2], returning: &[] };
    let rows = vec![vec![Value::Int(Some(1)), text("::1")], vec![Value::Int(Some(2)), text("::2")]];
    insta::assert_snapshot!(texts(|dialect| insert.statement(dialect, rows.clone())), @r#"
    sqlite: INSERT INTO "accounts" ("tenant", "address") VALUES (?, ?), (?, ?)
      [1, "::1", 2, "::2"]
    postgres: INSERT INTO "accounts" ("tenant", "address") SELECT "v"."value:0", CAST("v"."value:1" AS inet) FROM unnest(CAST($1 AS integer[]), CAST($2 AS text[])) WITH ORDINALITY AS "v" ("value:0", "value:1", "row") ORDER BY "v"."row"
      [[1 2], ["::1" "::2"]]
    mariadb: INSERT INTO `accounts` (`tenant`, `address`) VALUES (?, ?), (?, ?)
      [1, "::1", 2, "::2"]
    "#);
    let insert = Insert { table: Order::table(), columns: &[], returning: &[0] };
    insta::assert_snapshot!(texts(|dialect| insert.statement(dialect, vec![vec![]])), @r#"
    sqlite: INSERT INTO "orders" DEFAULT VALUES RETURNING "id"
      []
    postgres: INSERT INTO "orders" DEFAULT VALUES RETURNING "id"
      []
    mariadb: INSERT INTO `orders` () VALUES () RETURNING `id`
      []
    "#);
}

#[test]
fn updates() {
    let update = Update { table: Account::table(), by: &[0, 1, 3], set: &[2, 3] };
    let row = |code, version, address| {
        let mut row = account(code, version);
        row.extend([text(address), Value::Int(Some(version + 1))]);
        row
    };
    insta::assert_snapshot!(texts(|dialect| update.statement(dialect, vec![row("a", 1, "::1")])), @r#"
    sqlite: UPDATE "accounts" SET "address" = ?, "version" = ? WHERE "tenant" = ? AND "code" = ? AND "version" = ?
      ["::1", 2, 1, "a", 1]
    postgres: UPDATE "accounts" SET "address" = CAST($1 AS inet), "version" = $2 WHERE "tenant" = $3 AND "code" = $4 AND "version" = $5
      ["::1", 2, 1, "a", 1]
    mariadb: UPDATE `accounts` SET `address` = ?, `version` = ? WHERE `tenant` = ? AND `code` = ? AND `version` = ?
      ["::1", 2, 1, "a", 1]
    "#);
    let rows = vec![row("a", 1, "::1"), row("b", 4, "::2")];
    insta::assert_snapshot!(texts(|dialect| update.statement(dialect, rows.clone())), @r#"
    sqlite: UPDATE "accounts" AS "r" SET "address" = "v"."column1", "version" = "v"."column2" FROM (VALUES (?, ?, ?, ?, ?), (?, ?, ?, ?, ?)) AS "v" WHERE "r"."tenant" = "v"."column3" AND "r"."code" = "v"."column4" AND "r"."version" = "v"."column5"
      ["::1", 2, 1, "a", 1, "::2", 5, 1, "b", 4]
    postgres: UPDATE "accounts" AS "r" SET "address" = CAST("v"."value:3" AS inet), "version" = "v"."value:4" FROM unnest(CAST($1 AS integer[]), CAST($2 AS text[]), CAST($3 AS integer[]), CAST($4 AS text[]), CAST($5 AS integer[])) AS "v" ("value:0", "value:1", "value:2", "value:3", "value:4") WHERE "r"."tenant" = "v"."value:0" AND "r"."code" = "v"."value:1" AND "r"."version" = "v"."value:2"
      [[1 1], ["a" "b"], [1 4], ["::1" "::2"], [2 5]]
    mariadb: UPDATE `accounts` AS `r` INNER JOIN (SELECT `tenant` AS `value:0`, `code` AS `value:1`, `version` AS `value:2`, `address` AS `value:3`, `version` AS `value:4` FROM `accounts` WHERE 1 = 0 UNION ALL VALUES (?, ?, ?, ?, ?), (?, ?, ?, ?, ?)) AS `v` ON `r`.`tenant` = `v`.`value:0` AND `r`.`code` = `v`.`value:1` AND `r`.`version` = `v`.`value:2` SET `r`.`address` = `v`.`value:3`, `r`.`version` = `v`.`value:4`
      [1, "a", 1, "::1", 2, 1, "b", 4, "::2", 5]
    "#);
}

#[test]
fn deletes() {
    let delete = Delete { table: Order::table(), by: &[0] };
    insta::assert_snapshot!(texts(|dialect| delete.statement(dialect, vec![vec![int(1)]])), @r#"
    sqlite: DELETE FROM "orders" WHERE "id" = ?
      [1]
    postgres: DELETE FROM "orders" WHERE "id" = $1
      [1]
    mariadb: DELETE FROM `orders` WHERE `id` = ?
      [1]
    "#);
    insta::assert_snapshot!(texts(|dialect| delete.statement(dialect, vec![vec![int(1)], vec![int(2)], vec![int(3)]])), @r#"
    sqlite: DELETE FROM "orders" WHERE "id" IN (?, ?, ?, ?)
      [1, 2, 3, 3]
    postgres: DELETE FROM "orders" WHERE "id" = ANY(CAST($1 AS bigint[]))
      [[1 2 3]]
    mariadb: DELETE FROM `orders` WHERE `id` IN (?, ?, ?, ?)
      [1, 2, 3, 3]
    "#);
    let delete = Delete { table: Account::table(), by: &[0, 1, 3] };
    insta::assert_snapshot!(texts(|dialect| delete.statement(dialect, vec![account("a", 1)])), @r#"
    sqlite: DELETE FROM "accounts" WHERE "tenant" = ? AND "code" = ? AND "version" = ?
      [1, "a", 1]
    postgres: DELETE FROM "accounts" WHERE "tenant" = $1 AND "code" = $2 AND "version" = $3
      [1, "a", 1]
    mariadb: DELETE FROM `accounts` WHERE `tenant` = ? AND `code` = ? AND `version` = ?
      [1, "a", 1]
    "#);
    insta::assert_snapshot!(texts(|dialect| delete.statement(dialect, vec![account("a", 1), account("b", 2)])), @r#"
    sqlite: DELETE FROM "accounts" WHERE ("tenant", "code", "version") IN (VALUES (?, ?, ?), (?, ?, ?))
      [1, "a", 1, 1, "b", 2]
    postgres: DELETE FROM "accounts" WHERE ("tenant", "code", "version") IN (SELECT unnest(CAST($1 AS integer[])), unnest(CAST($2 AS text[])), unnest(CAST($3 AS integer[])))
      [[1 1], ["a" "b"], [1 2]]
    mariadb: DELETE FROM `accounts` WHERE (`tenant`, `code`, `version`) IN ((?, ?, ?), (?, ?, ?))
      [1, "a", 1, 1, "b", 2]
    "#);
}

/// On PostgreSQL alone: what writes all of its rows or fails.
#[test]
fn whole_statements() {
    let insert = Insert { table: Order::table(), columns: &[1, 2, 3], returning: &[0] };
    let update = Update { table: Account::table(), by: &[0, 1, 3], set: &[2] };
    let delete = Delete { table: Order::table(), by: &[0] };
    let row = |code: &str| [account(code, 1), vec![text("::1")]].concat();
    let texts = [
        insert.whole(1, orders(1).concat()),
        insert.whole(2, orders(2).concat()),
        update.whole(1, row("a")),
        update.whole(2, [row("a"), row("b")].concat()),
        delete.whole(1, vec![int(1)]),
        delete.whole(3, vec![int(1), int(2), int(3)]),
    ];
    insta::assert_snapshot!(texts.map(|statement| statement.sql.to_string()).join("\n"), @r#"
    WITH "orm:written" AS (INSERT INTO "orders" ("user_id", "status", "total") VALUES ($1, $2, $3) RETURNING "id") SELECT "id" FROM "orm:written" WHERE (SELECT CASE WHEN count(*) >= 1 THEN TRUE ELSE CAST('orm: rows written: ' || count(*) AS boolean) END FROM "orm:written")
    WITH "orm:written" AS (INSERT INTO "orders" ("user_id", "status", "total") SELECT "v"."value:0", "v"."value:1", "v"."value:2" FROM unnest(CAST($1 AS bigint[]), CAST($2 AS text[]), CAST($3 AS bigint[])) WITH ORDINALITY AS "v" ("value:0", "value:1", "value:2", "row") ORDER BY "v"."row" RETURNING "id") SELECT "id" FROM "orm:written" WHERE (SELECT CASE WHEN count(*) >= cardinality($1) THEN TRUE ELSE CAST('orm: rows written: ' || count(*) AS boolean) END FROM "orm:written")
    WITH "orm:written" AS (UPDATE "accounts" SET "address" = CAST($1 AS inet) WHERE "tenant" = $2 AND "code" = $3 AND "version" = $4 RETURNING 1) SELECT CASE WHEN count(*) >= 1 THEN TRUE ELSE CAST('orm: rows written: ' || count(*) AS boolean) END FROM "orm:written"
    WITH "orm:written" AS (UPDATE "accounts" AS "r" SET "address" = CAST("v"."value:3" AS inet) FROM unnest(CAST($1 AS integer[]), CAST($2 AS text[]), CAST($3 AS integer[]), CAST($4 AS text[])) AS "v" ("value:0", "value:1", "value:2", "value:3") WHERE "r"."tenant" = "v"."value:0" AND "r"."code" = "v"."value:1" AND "r"."version" = "v"."value:2" RETURNING 1) SELECT CASE WHEN count(*) >= cardinality($1) THEN TRUE ELSE CAST('orm: rows written: ' || count(*) AS boolean) END FROM "orm:written"
    WITH "orm:written" AS (DELETE FROM "orders" WHERE "id" = $1 RETURNING 1) SELECT CASE WHEN count(*) >= 1 THEN TRUE ELSE CAST('orm: rows written: ' || count(*) AS boolean) END FROM "orm:written"
    WITH "orm:written" AS (DELETE FROM "orders" WHERE "id" = ANY(CAST($1 AS bigint[])) RETURNING 1) SELECT CASE WHEN count(*) >= cardinality($1) THEN TRUE ELSE CAST('orm: rows written: ' || count(*) AS boolean) END FROM "orm:written"
    "#);
}

#[test]
fn links() {
    let pairs = || vec![vec![int(1), int(2)], vec![int(1), int(3)]];
    let bare = LinkRows { relationship: &User::table().relationships[2], extra: &[] };
    insta::assert_snapshot!(texts(|dialect| bare.statement(dialect, LinkWrite::Insert, pairs())), @r#"
    sqlite: INSERT INTO "user_roles" ("user_id", "role_id") VALUES (?, ?), (?, ?)
      [1, 2, 1, 3]
    postgres: INSERT INTO "user_roles" ("user_id", "role_id") SELECT "v"."value:0", "v"."value:1" FROM unnest(CAST($1 AS bigint[]), CAST($2 AS bigint[])) WITH ORDINALITY AS "v" ("value:0", "value:1", "row") ORDER BY "v"."row"
      [[1 1], [2 3]]
    mariadb: INSERT INTO `user_roles` (`user_id`, `role_id`) VALUES (?, ?), (?, ?)
      [1, 2, 1, 3]
    "#);
    insta::assert_snapshot!(texts(|dialect| bare.statement(dialect, LinkWrite::InsertAbsent, pairs())), @r#"
    sqlite: INSERT INTO "user_roles" ("user_id", "role_id") VALUES (?, ?), (?, ?) ON CONFLICT DO NOTHING
      [1, 2, 1, 3]
    postgres: INSERT INTO "user_roles" ("user_id", "role_id") SELECT "v"."value:0", "v"."value:1" FROM unnest(CAST($1 AS bigint[]), CAST($2 AS bigint[])) WITH ORDINALITY AS "v" ("value:0", "value:1", "row") ORDER BY "v"."row" ON CONFLICT DO NOTHING
      [[1 1], [2 3]]
    mariadb: INSERT INTO `user_roles` (`user_id`, `role_id`) VALUES (?, ?), (?, ?) ON DUPLICATE KEY UPDATE `user_id` = `user_id`
      [1, 2, 1, 3]
    "#);
    insta::assert_snapshot!(texts(|dialect| bare.statement(dialect, LinkWrite::Delete, pairs())), @r#"
    sqlite: DELETE FROM "user_roles" WHERE ("user_id", "role_id") IN (VALUES (?, ?), (?, ?))
      [1, 2, 1, 3]
    postgres: DELETE FROM "user_roles" WHERE ("user_id", "role_id") IN (SELECT unnest(CAST($1 AS bigint[])), unnest(CAST($2 AS bigint[])))
      [[1 1], [2 3]]
    mariadb: DELETE FROM `user_roles` WHERE (`user_id`, `role_id`) IN ((?, ?), (?, ?))
      [1, 2, 1, 3]
    "#);
    let model = LinkRows { relationship: &Person::table().relationships[0], extra: &[] };
    insta::assert_snapshot!(texts(|dialect| model.statement(dialect, LinkWrite::Insert, pairs())), @r#"
    sqlite: INSERT INTO "edges" ("source_id", "target_id", "kind") VALUES (?, ?, ?), (?, ?, ?)
      [1, 2, "MANAGES", 1, 3, "MANAGES"]
    postgres: INSERT INTO "edges" ("source_id", "target_id", "kind") SELECT "v"."value:0", "v"."value:1", "v"."value:2" FROM unnest(CAST($1 AS bigint[]), CAST($2 AS bigint[]), CAST($3 AS text[])) WITH ORDINALITY AS "v" ("value:0", "value:1", "value:2", "row") ORDER BY "v"."row"
      [[1 1], [2 3], ["MANAGES" "MANAGES"]]
    mariadb: INSERT INTO `edges` (`source_id`, `target_id`, `kind`) VALUES (?, ?, ?), (?, ?, ?)
      [1, 2, "MANAGES", 1, 3, "MANAGES"]
    "#);
    insta::assert_snapshot!(texts(|dialect| model.statement(dialect, LinkWrite::InsertAbsent, pairs())), @r#"
    sqlite: INSERT INTO "edges" ("source_id", "target_id", "kind") SELECT "v"."column1", "v"."column2", "v"."column3" FROM (VALUES (?, ?, ?), (?, ?, ?)) AS "v" WHERE NOT EXISTS (SELECT 1 FROM "edges" AS "r" WHERE "r"."source_id" = "v"."column1" AND "r"."target_id" = "v"."column2" AND "r"."kind" = "v"."column3")
      [1, 2, "MANAGES", 1, 3, "MANAGES"]
    postgres: INSERT INTO "edges" ("source_id", "target_id", "kind") SELECT "v"."value:0", "v"."value:1", "v"."value:2" FROM unnest(CAST($1 AS bigint[]), CAST($2 AS bigint[]), CAST($3 AS text[])) AS "v" ("value:0", "value:1", "value:2") WHERE NOT EXISTS (SELECT 1 FROM "edges" AS "r" WHERE "r"."source_id" = "v"."value:0" AND "r"."target_id" = "v"."value:1" AND "r"."kind" = "v"."value:2")
      [[1 1], [2 3], ["MANAGES" "MANAGES"]]
    mariadb: INSERT INTO `edges` (`source_id`, `target_id`, `kind`) SELECT `v`.`value:0`, `v`.`value:1`, `v`.`value:2` FROM (SELECT `source_id` AS `value:0`, `target_id` AS `value:1`, `kind` AS `value:2` FROM `edges` WHERE 1 = 0 UNION ALL VALUES (?, ?, ?), (?, ?, ?)) AS `v` WHERE NOT EXISTS (SELECT 1 FROM `edges` AS `r` WHERE `r`.`source_id` = `v`.`value:0` AND `r`.`target_id` = `v`.`value:1` AND `r`.`kind` = `v`.`value:2`)
      [1, 2, "MANAGES", 1, 3, "MANAGES"]
    "#);
    insta::assert_snapshot!(texts(|dialect| model.statement(dialect, LinkWrite::Delete, pairs())), @r#"
    sqlite: DELETE FROM "edges" WHERE ("source_id", "target_id", "kind") IN (VALUES (?, ?, ?), (?, ?, ?))
      [1, 2, "MANAGES", 1, 3, "MANAGES"]
    postgres: DELETE FROM "edges" WHERE ("source_id", "target_id", "kind") IN (SELECT unnest(CAST($1 AS bigint[])), unnest(CAST($2 AS bigint[])), unnest(CAST($3 AS text[])))
      [[1 1], [2 3], ["MANAGES" "MANAGES"]]
    mariadb: DELETE FROM `edges` WHERE (`source_id`, `target_id`, `kind`) IN ((?, ?, ?), (?, ?, ?))
      [1, 2, "MANAGES", 1, 3, "MANAGES"]
    "#);
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
        assert!(
            dialect == Dialect::Postgres || pieces.iter().all(|piece| piece.len() * 40 <= sql::bind_limit(dialect))
        );
    }
    assert_eq!(sql::key_chunks(Dialect::Sqlite, 1, Vec::<i64>::new()).count(), 0);
    for width in 1..100 {
        let longest = sql::key_chunks(Dialect::MariaDb, width, vec![0; 60_000]).map(|piece| piece.len()).max();
        let places = longest.map_or(0, usize::next_power_of_two) * width;
        assert!(places <= sql::bind_limit(Dialect::MariaDb), "{width} values of each key, padded to {places}");
    }
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
