//! Set-based updates whose values are not of the row itself.
use super::{models::*, texts};
use crate::{
    query::{Query, RelationQuery},
    sql,
};

#[test]
fn values_of_related_rows() {
    let number = Query::<User>::new().filter(User::age.gt(3)).set(User::age, User::orders.count().cast::<i32>());
    insta::assert_snapshot!(texts(|dialect| sql::RowsUpdate::new(number.parts.clone(), number.values.clone()).statement(dialect)), @r#"
    sqlite: UPDATE "users" SET "age" = CAST((SELECT COUNT(*) FROM "orders" AS "t0" WHERE "t0"."user_id" = "users"."id") AS INTEGER) WHERE "age" > ?
      [3]
    postgres: UPDATE "users" SET "age" = CAST((SELECT COUNT(*) FROM "orders" AS "t0" WHERE "t0"."user_id" = "users"."id") AS integer) WHERE "age" > $1
      [3]
    mariadb: UPDATE `users` SET `age` = CAST((SELECT COUNT(*) FROM `orders` AS `t0` WHERE `t0`.`user_id` = `users`.`id`) AS SIGNED) WHERE `age` > ?
      [3]
    "#);
    let behind = Query::<Order>::new().filter(Order::total.gt(3)).set(Order::status, Order::user.path(User::email));
    insta::assert_snapshot!(texts(|dialect| sql::RowsUpdate::new(behind.parts.clone(), behind.values.clone()).statement(dialect)), @r#"
    sqlite: UPDATE "orders" SET "status" = (SELECT "t3"."value" FROM (SELECT "t1"."id" AS "near:0", "t2"."email" AS "value" FROM "orders" AS "t1" LEFT JOIN "users" AS "t2" ON "t2"."id" = "t1"."user_id" WHERE "t1"."total" > ?) AS "t3" WHERE "t3"."near:0" = "orders"."id") WHERE "total" > ?
      [3, 3]
    postgres: UPDATE "orders" SET "status" = (SELECT "t3"."value" FROM (SELECT "t1"."id" AS "near:0", "t2"."email" AS "value" FROM "orders" AS "t1" LEFT JOIN "users" AS "t2" ON "t2"."id" = "t1"."user_id" WHERE "t1"."total" > $1) AS "t3" WHERE "t3"."near:0" = "orders"."id") WHERE "total" > $2
      [3, 3]
    mariadb: UPDATE `orders` SET `status` = (SELECT `t3`.`value` FROM (SELECT `t1`.`id` AS `near:0`, `t2`.`email` AS `value` FROM `orders` AS `t1` LEFT JOIN `users` AS `t2` ON `t2`.`id` = `t1`.`user_id` WHERE `t1`.`total` > ? LIMIT ? OFFSET ?) AS `t3` WHERE `t3`.`near:0` = `orders`.`id`) WHERE `total` > ?
      [3, 9223372036854775807, 0, 3]
    "#);
}
