use super::{
    models::{Account, Order},
    texts,
};
use crate::{
    model::Record,
    query::{
        Parts,
        expr::{Expr, Operator},
    },
    sql::{
        RowsUpdate, hit_keys,
        write::{Conflict, OnConflict, Rows, Upsert},
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
    (1..=count).map(|i| vec![int(i), int(1), text("new")]).collect()
}

fn conflict(target: &[u16], action: OnConflict) -> Conflict {
    Conflict { target: target.to_vec(), action, other_keys: false }
}

#[test]
fn rows_that_are_there_stay() {
    let conflict = conflict(&[0], OnConflict::Nothing);
    let upsert = Upsert { table: Order::table(), columns: &[0, 1, 2], returning: &[], conflict: &conflict };
    insta::assert_snapshot!(texts(|dialect| upsert.statement(dialect, orders(1))), @r#"
    sqlite: INSERT INTO "orders" AS "r" ("id", "user_id", "status") VALUES (?, ?, ?) ON CONFLICT ("id") DO NOTHING
      [1, 1, "new"]
    postgres: INSERT INTO "orders" AS "r" ("id", "user_id", "status") VALUES ($1, $2, $3) ON CONFLICT ("id") DO NOTHING
      [1, 1, "new"]
    mariadb: INSERT INTO `orders` (`id`, `user_id`, `status`) SELECT `v`.`value:0`, `v`.`value:1`, `v`.`value:2` FROM (SELECT `id` AS `value:0`, `user_id` AS `value:1`, `status` AS `value:2` FROM `orders` WHERE 1 = 0 UNION ALL VALUES (?, ?, ?)) AS `v` WHERE NOT EXISTS (SELECT 1 FROM `orders` AS `r` WHERE `r`.`id` = `v`.`value:0`) ON DUPLICATE KEY UPDATE `id` = `orders`.`id`
      [1, 1, "new"]
    "#);
}

#[test]
fn rows_that_are_there_take_what_was_given() {
    let conflict = conflict(&[0], OnConflict::SetGiven);
    let upsert = Upsert { table: Order::table(), columns: &[0, 1, 2], returning: &[0, 2], conflict: &conflict };
    insta::assert_snapshot!(texts(|dialect| upsert.statement(dialect, orders(2))), @r#"
    sqlite: INSERT INTO "orders" AS "r" ("id", "user_id", "status") VALUES (?, ?, ?), (?, ?, ?) ON CONFLICT ("id") DO UPDATE SET "user_id" = excluded."user_id", "status" = excluded."status" RETURNING "id", "status"
      [1, 1, "new", 2, 1, "new"]
    postgres: INSERT INTO "orders" AS "r" ("id", "user_id", "status") SELECT "v"."value:0", "v"."value:1", "v"."value:2" FROM unnest(CAST($1 AS bigint[]), CAST($2 AS bigint[]), CAST($3 AS text[])) WITH ORDINALITY AS "v" ("value:0", "value:1", "value:2", "row") ORDER BY "v"."row" ON CONFLICT ("id") DO UPDATE SET "user_id" = excluded."user_id", "status" = excluded."status" RETURNING "id", "status"
      [[1 2], [1 1], ["new" "new"]]
    mariadb: INSERT INTO `orders` (`id`, `user_id`, `status`) VALUES (?, ?, ?), (?, ?, ?) ON DUPLICATE KEY UPDATE `user_id` = VALUES(`user_id`), `status` = VALUES(`status`) RETURNING `id`, `status`
      [1, 1, "new", 2, 1, "new"]
    "#);
}

#[test]
fn versions_follow_what_is_computed() {
    let sum = Expr::Binary(
        Box::new(Expr::column(Account::table(), 0)),
        Operator::Add,
        Box::new(Expr::Value(Value::Int(Some(5)))),
    );
    let conflict = conflict(&[1, 0], OnConflict::Set(vec![(2, Expr::Given { column: 2 }), (0, sum)]));
    let upsert = Upsert { table: Account::table(), columns: &[0, 1, 2, 3], returning: &[], conflict: &conflict };
    let row = vec![Value::Int(Some(1)), text("a"), text("::1"), Value::Int(Some(1))];
    insta::assert_snapshot!(texts(|dialect| upsert.statement(dialect, vec![row.clone()])), @r#"
    sqlite: INSERT INTO "accounts" AS "r" ("tenant", "code", "address", "version") VALUES (?, ?, ?, ?) ON CONFLICT ("code", "tenant") DO UPDATE SET "version" = CASE WHEN 1 = 1 OR "r"."tenant" IS NOT ("r"."tenant" + ?) THEN "r"."version" + 1 ELSE "r"."version" END, "address" = excluded."address", "tenant" = ("r"."tenant" + ?)
      [1, "a", "::1", 1, 5, 5]
    postgres: INSERT INTO "accounts" AS "r" ("tenant", "code", "address", "version") VALUES ($1, $2, CAST($3 AS inet), $4) ON CONFLICT ("code", "tenant") DO UPDATE SET "version" = CASE WHEN 1 = 1 OR "r"."tenant" IS DISTINCT FROM ("r"."tenant" + $5) THEN "r"."version" + 1 ELSE "r"."version" END, "address" = excluded."address", "tenant" = ("r"."tenant" + $6)
      [1, "a", "::1", 1, 5, 5]
    mariadb: INSERT INTO `accounts` (`tenant`, `code`, `address`, `version`) VALUES (?, ?, ?, ?) ON DUPLICATE KEY UPDATE `version` = CASE WHEN 1 = 1 OR NOT (`accounts`.`tenant` <=> (`accounts`.`tenant` + ?)) THEN `accounts`.`version` + 1 ELSE `accounts`.`version` END, `address` = VALUES(`address`), `tenant` = (`accounts`.`tenant` + ?)
      [1, "a", "::1", 1, 5, 5]
    "#);
}

#[test]
fn updates_count_where_something_changes() {
    let parts = Parts { filter: Some(Expr::equal(Account::table(), 1, text("a"))), ..Parts::new(Account::table()) };
    let set = vec![(0, Expr::Value(Value::Int(Some(7))))];
    let update = RowsUpdate { version: Some(3), ..RowsUpdate::new(parts.clone(), set) };
    insta::assert_snapshot!(texts(|dialect| update.statement(dialect)), @r#"
    sqlite: UPDATE "accounts" SET "version" = (CASE WHEN ("tenant" IS NOT ?) THEN "version" + ? ELSE "version" END), "tenant" = ? WHERE "code" = ?
      [7, 1, 7, "a"]
    postgres: UPDATE "accounts" SET "version" = (CASE WHEN ("tenant" IS DISTINCT FROM $1) THEN "version" + $2 ELSE "version" END), "tenant" = $3 WHERE "code" = $4
      [7, 1, 7, "a"]
    mariadb: UPDATE `accounts` SET `version` = (CASE WHEN (NOT (`tenant` <=> ?)) THEN `version` + ? ELSE `version` END), `tenant` = ? WHERE `code` = ?
      [7, 1, 7, "a"]
    "#);
    let limited = Parts { limit: Some(2), ..parts };
    insta::assert_snapshot!(texts(|dialect| hit_keys(dialect, &limited)), @r#"
    sqlite: SELECT "t0"."tenant" AS "column:0", "t0"."code" AS "column:1" FROM "accounts" AS "t0" WHERE "t0"."code" = ? ORDER BY "t0"."tenant" ASC, "t0"."code" ASC LIMIT ?
      ["a", 2]
    postgres: SELECT "t0"."tenant" AS "column:0", "t0"."code" AS "column:1" FROM "accounts" AS "t0" WHERE "t0"."code" = $1 ORDER BY "t0"."tenant" ASC, "t0"."code" ASC LIMIT $2 FOR UPDATE OF "t0"
      ["a", 2]
    mariadb: SELECT `t0`.`tenant` AS `column:0`, `t0`.`code` AS `column:1` FROM `accounts` AS `t0` WHERE `t0`.`code` = ? ORDER BY `t0`.`tenant` ASC, `t0`.`code` ASC LIMIT ? FOR UPDATE
      ["a", 2]
    "#);
}
