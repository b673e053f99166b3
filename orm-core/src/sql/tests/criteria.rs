//! What global criteria put into statements, and where.
use super::{
    models::{Order, User, join},
    texts,
};
use crate::{
    model::Record,
    query::{Given, Parts, Query, RelationQuery},
    sql::{self, JoinNode, RowsUpdate, Select},
    value::Value,
};

/// Open orders, and grown-up users.
fn given() -> Given {
    Given::default().with(Order::status.eq("open")).with(User::age.ge(18))
}

fn hidden<M>(query: Query<M>) -> Parts {
    Parts { criteria: given().applied(), ..*query.parts }
}

#[test]
fn rows_and_what_is_joined_for_loading() {
    let parts = hidden(Query::<User>::new().filter(User::email.eq("a")));
    let select = Select { joins: vec![join(User::orders, None)], ..Select::from_parts(&parts) };
    insta::assert_snapshot!(texts(|dialect| sql::select(dialect, &select)), @r#"
    sqlite: SELECT "t0"."id", "t0"."email", "t0"."age", "t1"."id", "t1"."user_id", "t1"."status", "t1"."total" FROM "users" AS "t0" LEFT JOIN "orders" AS "t1" ON "t1"."user_id" = "t0"."id" AND "t1"."status" = ? WHERE "t0"."age" >= ? AND "t0"."email" = ?
      ["open", 18, "a"]
    postgres: SELECT "t0"."id", "t0"."email", "t0"."age", "t1"."id", "t1"."user_id", "t1"."status", "t1"."total" FROM "users" AS "t0" LEFT JOIN "orders" AS "t1" ON "t1"."user_id" = "t0"."id" AND "t1"."status" = $1 WHERE "t0"."age" >= $2 AND "t0"."email" = $3
      ["open", 18, "a"]
    mariadb: SELECT `t0`.`id`, `t0`.`email`, `t0`.`age`, `t1`.`id`, `t1`.`user_id`, `t1`.`status`, `t1`.`total` FROM `users` AS `t0` LEFT JOIN `orders` AS `t1` ON `t1`.`user_id` = `t0`.`id` AND `t1`.`status` = ? WHERE `t0`.`age` >= ? AND `t0`.`email` = ?
      ["open", 18, "a"]
    "#);
    let around = Select { joins: vec![JoinNode { without_criteria: true, ..join(User::orders, None) }], ..select };
    insta::assert_snapshot!(texts(|dialect| sql::select(dialect, &around)), @r#"
    sqlite: SELECT "t0"."id", "t0"."email", "t0"."age", "t1"."id", "t1"."user_id", "t1"."status", "t1"."total" FROM "users" AS "t0" LEFT JOIN "orders" AS "t1" ON "t1"."user_id" = "t0"."id" WHERE "t0"."age" >= ? AND "t0"."email" = ?
      [18, "a"]
    postgres: SELECT "t0"."id", "t0"."email", "t0"."age", "t1"."id", "t1"."user_id", "t1"."status", "t1"."total" FROM "users" AS "t0" LEFT JOIN "orders" AS "t1" ON "t1"."user_id" = "t0"."id" WHERE "t0"."age" >= $1 AND "t0"."email" = $2
      [18, "a"]
    mariadb: SELECT `t0`.`id`, `t0`.`email`, `t0`.`age`, `t1`.`id`, `t1`.`user_id`, `t1`.`status`, `t1`.`total` FROM `users` AS `t0` LEFT JOIN `orders` AS `t1` ON `t1`.`user_id` = `t0`.`id` WHERE `t0`.`age` >= ? AND `t0`.`email` = ?
      [18, "a"]
    "#);
}

#[test]
fn targets_of_owners() {
    let keys = || vec![vec![Value::BigInt(Some(1))]];
    let orders = Select::near(&User::table().relationships[0], keys(), given().applied());
    insta::assert_snapshot!(texts(|dialect| sql::select(dialect, &orders)), @r#"
    sqlite: SELECT "t0"."id", "t0"."user_id", "t0"."status", "t0"."total" FROM "orders" AS "t0" WHERE "t0"."status" = ? AND "t0"."user_id" IN (?) ORDER BY "t0"."id" ASC
      ["open", 1]
    postgres: SELECT "t0"."id", "t0"."user_id", "t0"."status", "t0"."total" FROM "orders" AS "t0" WHERE "t0"."status" = $1 AND "t0"."user_id" = ANY($2) ORDER BY "t0"."id" ASC
      ["open", [1]]
    mariadb: SELECT `t0`.`id`, `t0`.`user_id`, `t0`.`status`, `t0`.`total` FROM `orders` AS `t0` WHERE `t0`.`status` = ? AND `t0`.`user_id` IN (?) ORDER BY `t0`.`id` ASC
      ["open", 1]
    "#);
    insta::assert_snapshot!(texts(|dialect| sql::count_near(dialect, &orders)), @r#"
    sqlite: SELECT "t0"."user_id", COUNT(*) FROM "orders" AS "t0" WHERE "t0"."status" = ? AND "t0"."user_id" IN (?) GROUP BY "t0"."user_id"
      ["open", 1]
    postgres: SELECT "t0"."user_id", COUNT(*) FROM "orders" AS "t0" WHERE "t0"."status" = $1 AND "t0"."user_id" = ANY($2) GROUP BY "t0"."user_id"
      ["open", [1]]
    mariadb: SELECT `t0`.`user_id`, COUNT(*) FROM `orders` AS `t0` WHERE `t0`.`status` = ? AND `t0`.`user_id` IN (?) GROUP BY `t0`.`user_id`
      ["open", 1]
    "#);
}

#[test]
fn a_row_by_its_key() {
    let key = || vec![Value::BigInt(Some(1))];
    let by_key = |dialect| sql::by_key(dialect, User::table(), key(), given().applied());
    insta::assert_snapshot!(texts(by_key), @r#"
    sqlite: SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0" WHERE "t0"."age" >= ? AND "t0"."id" = ?
      [18, 1]
    postgres: SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0" WHERE "t0"."age" >= $1 AND "t0"."id" = $2
      [18, 1]
    mariadb: SELECT `t0`.`id`, `t0`.`email`, `t0`.`age` FROM `users` AS `t0` WHERE `t0`.`age` >= ? AND `t0`.`id` = ?
      [18, 1]
    "#);
}

#[test]
fn conditions_on_targets_and_paths() {
    let parts = hidden(Query::<User>::new().filter(User::orders.none(Order::total.gt(5)).and(User::roles.exists())));
    insta::assert_snapshot!(texts(|dialect| sql::count(dialect, &parts)), @r#"
    sqlite: SELECT COUNT(*) FROM "users" AS "t0" WHERE "t0"."age" >= ? AND ((NOT EXISTS(SELECT 1 FROM "orders" AS "t1" WHERE "t1"."user_id" = "t0"."id" AND "t1"."total" > ? AND "t1"."status" = ?)) AND EXISTS(SELECT 1 FROM "user_roles" AS "t2" WHERE "t2"."user_id" = "t0"."id"))
      [18, 5, "open"]
    postgres: SELECT COUNT(*) FROM "users" AS "t0" WHERE "t0"."age" >= $1 AND ((NOT EXISTS(SELECT 1 FROM "orders" AS "t1" WHERE "t1"."user_id" = "t0"."id" AND "t1"."total" > $2 AND "t1"."status" = $3)) AND EXISTS(SELECT 1 FROM "user_roles" AS "t2" WHERE "t2"."user_id" = "t0"."id"))
      [18, 5, "open"]
    mariadb: SELECT COUNT(*) FROM `users` AS `t0` WHERE `t0`.`age` >= ? AND ((NOT EXISTS(SELECT 1 FROM `orders` AS `t1` WHERE `t1`.`user_id` = `t0`.`id` AND `t1`.`total` > ? AND `t1`.`status` = ?)) AND EXISTS(SELECT 1 FROM `user_roles` AS `t2` WHERE `t2`.`user_id` = `t0`.`id`))
      [18, 5, "open"]
    "#);
    let parts = hidden(Query::<Order>::new().filter(Order::user.path(User::email).eq("a")));
    insta::assert_snapshot!(texts(|dialect| sql::exists(dialect, &parts)), @r#"
    sqlite: SELECT EXISTS(SELECT 1 FROM "orders" AS "t0" LEFT JOIN "users" AS "t1" ON "t1"."id" = "t0"."user_id" AND "t1"."age" >= ? WHERE "t0"."status" = ? AND "t1"."email" = ?)
      [18, "open", "a"]
    postgres: SELECT EXISTS(SELECT 1 FROM "orders" AS "t0" LEFT JOIN "users" AS "t1" ON "t1"."id" = "t0"."user_id" AND "t1"."age" >= $1 WHERE "t0"."status" = $2 AND "t1"."email" = $3)
      [18, "open", "a"]
    mariadb: SELECT EXISTS(SELECT 1 FROM `orders` AS `t0` LEFT JOIN `users` AS `t1` ON `t1`.`id` = `t0`.`user_id` AND `t1`.`age` >= ? WHERE `t0`.`status` = ? AND `t1`.`email` = ?)
      [18, "open", "a"]
    "#);
}

#[test]
fn a_criterion_does_not_hold_for_itself() {
    let seen = Given::default().with(Order::user.has(User::orders.exists())).with(User::orders.exists());
    let parts = Parts { criteria: seen.applied(), ..*Query::<User>::new().parts };
    insta::assert_snapshot!(texts(|dialect| sql::count(dialect, &parts)), @r#"
    sqlite: SELECT COUNT(*) FROM "users" AS "t0" WHERE EXISTS(SELECT 1 FROM "orders" AS "t1" WHERE "t1"."user_id" = "t0"."id" AND EXISTS(SELECT 1 FROM "users" AS "t2" WHERE "t2"."id" = "t1"."user_id" AND EXISTS(SELECT 1 FROM "orders" AS "t3" WHERE "t3"."user_id" = "t2"."id")))
      []
    postgres: SELECT COUNT(*) FROM "users" AS "t0" WHERE EXISTS(SELECT 1 FROM "orders" AS "t1" WHERE "t1"."user_id" = "t0"."id" AND EXISTS(SELECT 1 FROM "users" AS "t2" WHERE "t2"."id" = "t1"."user_id" AND EXISTS(SELECT 1 FROM "orders" AS "t3" WHERE "t3"."user_id" = "t2"."id")))
      []
    mariadb: SELECT COUNT(*) FROM `users` AS `t0` WHERE EXISTS(SELECT 1 FROM `orders` AS `t1` WHERE `t1`.`user_id` = `t0`.`id` AND EXISTS(SELECT 1 FROM `users` AS `t2` WHERE `t2`.`id` = `t1`.`user_id` AND EXISTS(SELECT 1 FROM `orders` AS `t3` WHERE `t3`.`user_id` = `t2`.`id`)))
      []
    "#);
}

#[test]
fn writes_of_rows() {
    let mut parts = hidden(Query::<Order>::new().filter(Order::user.path(User::email).eq("a")));
    parts.hide_root();
    insta::assert_snapshot!(texts(|dialect| sql::delete_rows(dialect, &parts)), @r#"
    sqlite: DELETE FROM "orders" WHERE "id" IN (SELECT "t0"."id" FROM "orders" AS "t0" LEFT JOIN "users" AS "t1" ON "t1"."id" = "t0"."user_id" AND "t1"."age" >= ? WHERE "t1"."email" = ? AND "t0"."status" = ?)
      [18, "a", "open"]
    postgres: DELETE FROM "orders" WHERE "id" IN (SELECT "t0"."id" FROM "orders" AS "t0" LEFT JOIN "users" AS "t1" ON "t1"."id" = "t0"."user_id" AND "t1"."age" >= $1 WHERE "t1"."email" = $2 AND "t0"."status" = $3)
      [18, "a", "open"]
    mariadb: DELETE FROM `orders` WHERE `id` IN (SELECT `id` FROM (SELECT DISTINCT `id` FROM (SELECT `t0`.`id` FROM `orders` AS `t0` LEFT JOIN `users` AS `t1` ON `t1`.`id` = `t0`.`user_id` AND `t1`.`age` >= ? WHERE `t1`.`email` = ? AND `t0`.`status` = ?) AS `t2`) AS `t3`)
      [18, "a", "open"]
    "#);
    let mut parts = hidden(Query::<Order>::new().filter(Order::total.gt(5)));
    parts.hide_root();
    let update = RowsUpdate::new(parts, vec![(Order::total.position(), crate::query::expr::Expr::Literal(0))]);
    insta::assert_snapshot!(texts(|dialect| update.statement(dialect)), @r#"
    sqlite: UPDATE "orders" SET "total" = 0 WHERE "total" > ? AND "status" = ?
      [5, "open"]
    postgres: UPDATE "orders" SET "total" = 0 WHERE "total" > $1 AND "status" = $2
      [5, "open"]
    mariadb: UPDATE `orders` SET `total` = 0 WHERE `total` > ? AND `status` = ?
      [5, "open"]
    "#);
}
