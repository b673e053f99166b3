//! Expressions in every dialect.
use super::{
    models::{Item, Order, User},
    texts,
};
use crate::{
    query::{
        Predicate, Projected, Query, RelationQuery, case, count, dense_rank, exists, function, lag, rank, row_number,
        scalar, value, window,
    },
    sql,
};

fn tuples<M, T>(query: Projected<M, T>) -> String {
    texts(|dialect| sql::tuples(dialect, &query.tuples))
}

#[test]
fn numbers_are_calculated_with() {
    let query = Query::<Order>::new().filter((Order::total - 1).gt(Order::id % 7)).select((
        (Order::total + Order::id) * 2,
        Order::total / 3,
        -Order::total,
        Order::user.path(User::age) * Order::total,
        Order::total.cast::<f64>() / 2,
    ));
    insta::assert_snapshot!(tuples(query), @r#"
    sqlite: SELECT ("t0"."total" + "t0"."id") * ? AS "column:0", "t0"."total" / ? AS "column:1", (- "t0"."total") AS "column:2", "t1"."age" * "t0"."total" AS "column:3", CAST(CAST("t0"."total" AS REAL) AS REAL) / ? AS "column:4" FROM "orders" AS "t0" LEFT JOIN "users" AS "t1" ON "t1"."id" = "t0"."user_id" WHERE "t0"."total" - ? > "t0"."id" % ?
      [2, 3, 2, 1, 7]
    postgres: SELECT ("t0"."total" + "t0"."id") * $1 AS "column:0", "t0"."total" / $2 AS "column:1", (- "t0"."total") AS "column:2", "t1"."age" * "t0"."total" AS "column:3", CAST("t0"."total" AS double precision) / $3 AS "column:4" FROM "orders" AS "t0" LEFT JOIN "users" AS "t1" ON "t1"."id" = "t0"."user_id" WHERE "t0"."total" - $4 > "t0"."id" % $5
      [2, 3, 2, 1, 7]
    mariadb: SELECT (`t0`.`total` + `t0`.`id`) * ? AS `column:0`, `t0`.`total` DIV ? AS `column:1`, (- `t0`.`total`) AS `column:2`, `t1`.`age` * `t0`.`total` AS `column:3`, CAST(`t0`.`total` AS DOUBLE) / ? AS `column:4` FROM `orders` AS `t0` LEFT JOIN `users` AS `t1` ON `t1`.`id` = `t0`.`user_id` WHERE `t0`.`total` - ? > `t0`.`id` % ?
      [2, 3, 2, 1, 7]
    "#);
}

#[test]
fn texts_and_numbers_go_through_functions() {
    let query = Query::<User>::new().filter(User::email.lower().trim().starts_with("a")).select((
        User::email.length(),
        User::email.concat("!").upper(),
        User::email.substring(1, 3).replace("a", "b"),
        User::age.coalesce(0).abs(),
        User::age.null_if(3),
        User::id.cast::<f64>().round(2).floor(),
        function::<i64, _>("hex.length", (User::email, 3, "x")),
    ));
    insta::assert_snapshot!(tuples(query), @r#"
    sqlite: SELECT LENGTH("t0"."email") AS "column:0", UPPER(("t0"."email" || ?)) AS "column:1", REPLACE(SUBSTR("t0"."email", ?, ?), ?, ?) AS "column:2", ABS(COALESCE("t0"."age", ?)) AS "column:3", NULLIF("t0"."age", ?) AS "column:4", (ROUND(ROUND(CAST("t0"."id" AS REAL), ?)) - (ROUND(ROUND(CAST("t0"."id" AS REAL), ?)) > ROUND(CAST("t0"."id" AS REAL), ?))) AS "column:5", hex.length("t0"."email", ?, ?) AS "column:6" FROM "users" AS "t0" WHERE TRIM(LOWER("t0"."email")) LIKE ? ESCAPE '\'
      ["!", 1, 3, "a", "b", 0, 3, 2, 2, 2, 3, "x", "a%"]
    postgres: SELECT CHAR_LENGTH("t0"."email") AS "column:0", UPPER(("t0"."email" || $1)) AS "column:1", REPLACE(SUBSTR("t0"."email", $2, $3), $4, $5) AS "column:2", ABS(COALESCE("t0"."age", $6)) AS "column:3", NULLIF("t0"."age", $7) AS "column:4", FLOOR(CAST(ROUND(CAST(CAST("t0"."id" AS double precision) AS numeric), $8) AS double precision)) AS "column:5", hex.length("t0"."email", $9, $10) AS "column:6" FROM "users" AS "t0" WHERE TRIM(LOWER("t0"."email")) LIKE $11
      ["!", 1, 3, "a", "b", 0, 3, 2, 3, "x", "a%"]
    mariadb: SELECT CHAR_LENGTH(`t0`.`email`) AS `column:0`, UPPER(CONCAT(`t0`.`email`, ?)) AS `column:1`, REPLACE(SUBSTR(`t0`.`email`, ?, ?), ?, ?) AS `column:2`, ABS(COALESCE(`t0`.`age`, ?)) AS `column:3`, NULLIF(`t0`.`age`, ?) AS `column:4`, FLOOR(ROUND(CAST(`t0`.`id` AS DOUBLE), ?)) AS `column:5`, hex.length(`t0`.`email`, ?, ?) AS `column:6` FROM `users` AS `t0` WHERE TRIM(LOWER(`t0`.`email`)) LIKE ?
      ["!", 1, 3, "a", "b", 0, 3, 2, 3, "x", "a%"]
    "#);
}

#[test]
fn values_depend_on_conditions() {
    let size = || case().when(Order::total.lt(10), "small").when(Order::total.lt(100), "medium").otherwise("large");
    let maybe = case().when(Order::status.eq("done"), Order::total).end();
    let query =
        Query::<Order>::new().select((size(), maybe.sum(), value(true))).group_by(size()).order_by(size().desc());
    insta::assert_snapshot!(tuples(query), @r#"
    sqlite: SELECT (CASE WHEN ("t0"."total" < ?) THEN ? WHEN ("t0"."total" < ?) THEN ? ELSE ? END) AS "column:0", SUM((CASE WHEN ("t0"."status" = ?) THEN "t0"."total" END)) AS "column:1", ? AS "column:2" FROM "orders" AS "t0" GROUP BY 1 ORDER BY 1 DESC
      [10, "small", 100, "medium", "large", "done", Bool(Some(true))]
    postgres: SELECT (CASE WHEN ("t0"."total" < $1) THEN $2 WHEN ("t0"."total" < $3) THEN $4 ELSE $5 END) AS "column:0", CAST(SUM((CASE WHEN ("t0"."status" = $6) THEN "t0"."total" END)) AS bigint) AS "column:1", $7 AS "column:2" FROM "orders" AS "t0" GROUP BY 1 ORDER BY 1 DESC
      [10, "small", 100, "medium", "large", "done", Bool(Some(true))]
    mariadb: SELECT (CASE WHEN (`t0`.`total` < ?) THEN ? WHEN (`t0`.`total` < ?) THEN ? ELSE ? END) AS `column:0`, CAST(SUM((CASE WHEN (`t0`.`status` = ?) THEN `t0`.`total` END)) AS signed) AS `column:1`, ? AS `column:2` FROM `orders` AS `t0` GROUP BY 1 ORDER BY 1 DESC
      [10, "small", 100, "medium", "large", "done", Bool(Some(true))]
    "#);
}

#[test]
fn related_rows_are_counted_and_added_up_in_place() {
    let paid = || User::orders.matching(Order::status.eq("paid").and(Order::items.any(Item::name.eq("x"))));
    let query = Query::<User>::new()
        .filter(User::orders.count().gt(2).and(paid().count().eq(0)))
        .order_by(User::orders.sum(Order::total).desc())
        .select((User::id, User::roles.count(), paid().max(Order::total), User::orders.avg(Order::total)));
    insta::assert_snapshot!(tuples(query), @r#"
    sqlite: SELECT "t0"."id" AS "column:0", (SELECT COUNT(*) FROM "roles" AS "t1" INNER JOIN "user_roles" AS "t2" ON "t2"."role_id" = "t1"."id" WHERE "t2"."user_id" = "t0"."id") AS "column:1", (SELECT MAX("t3"."total") FROM "orders" AS "t3" WHERE "t3"."user_id" = "t0"."id" AND ("t3"."status" = ? AND EXISTS(SELECT 1 FROM "items" AS "t4" WHERE "t4"."order_id" = "t3"."id" AND "t4"."name" = ?))) AS "column:2", (SELECT AVG("t5"."total") FROM "orders" AS "t5" WHERE "t5"."user_id" = "t0"."id") AS "column:3" FROM "users" AS "t0" WHERE (SELECT COUNT(*) FROM "orders" AS "t6" WHERE "t6"."user_id" = "t0"."id") > ? AND (SELECT COUNT(*) FROM "orders" AS "t7" WHERE "t7"."user_id" = "t0"."id" AND ("t7"."status" = ? AND EXISTS(SELECT 1 FROM "items" AS "t8" WHERE "t8"."order_id" = "t7"."id" AND "t8"."name" = ?))) = ? ORDER BY (SELECT SUM("t9"."total") FROM "orders" AS "t9" WHERE "t9"."user_id" = "t0"."id") DESC
      ["paid", "x", 2, "paid", "x", 0]
    postgres: SELECT "t0"."id" AS "column:0", (SELECT COUNT(*) FROM "roles" AS "t1" INNER JOIN "user_roles" AS "t2" ON "t2"."role_id" = "t1"."id" WHERE "t2"."user_id" = "t0"."id") AS "column:1", (SELECT MAX("t3"."total") FROM "orders" AS "t3" WHERE "t3"."user_id" = "t0"."id" AND ("t3"."status" = $1 AND EXISTS(SELECT 1 FROM "items" AS "t4" WHERE "t4"."order_id" = "t3"."id" AND "t4"."name" = $2))) AS "column:2", (SELECT CAST(AVG("t5"."total") AS double precision) FROM "orders" AS "t5" WHERE "t5"."user_id" = "t0"."id") AS "column:3" FROM "users" AS "t0" WHERE (SELECT COUNT(*) FROM "orders" AS "t6" WHERE "t6"."user_id" = "t0"."id") > $3 AND (SELECT COUNT(*) FROM "orders" AS "t7" WHERE "t7"."user_id" = "t0"."id" AND ("t7"."status" = $4 AND EXISTS(SELECT 1 FROM "items" AS "t8" WHERE "t8"."order_id" = "t7"."id" AND "t8"."name" = $5))) = $6 ORDER BY (SELECT CAST(SUM("t9"."total") AS bigint) FROM "orders" AS "t9" WHERE "t9"."user_id" = "t0"."id") DESC
      ["paid", "x", 2, "paid", "x", 0]
    mariadb: SELECT `t0`.`id` AS `column:0`, (SELECT COUNT(*) FROM `roles` AS `t1` INNER JOIN `user_roles` AS `t2` ON `t2`.`role_id` = `t1`.`id` WHERE `t2`.`user_id` = `t0`.`id`) AS `column:1`, (SELECT MAX(`t3`.`total`) FROM `orders` AS `t3` WHERE `t3`.`user_id` = `t0`.`id` AND (`t3`.`status` = ? AND EXISTS(SELECT 1 FROM `items` AS `t4` WHERE `t4`.`order_id` = `t3`.`id` AND `t4`.`name` = ?))) AS `column:2`, (SELECT CAST(AVG(`t5`.`total`) AS double) FROM `orders` AS `t5` WHERE `t5`.`user_id` = `t0`.`id`) AS `column:3` FROM `users` AS `t0` WHERE (SELECT COUNT(*) FROM `orders` AS `t6` WHERE `t6`.`user_id` = `t0`.`id`) > ? AND (SELECT COUNT(*) FROM `orders` AS `t7` WHERE `t7`.`user_id` = `t0`.`id` AND (`t7`.`status` = ? AND EXISTS(SELECT 1 FROM `items` AS `t8` WHERE `t8`.`order_id` = `t7`.`id` AND `t8`.`name` = ?))) = ? ORDER BY (SELECT CAST(SUM(`t9`.`total`) AS signed) FROM `orders` AS `t9` WHERE `t9`.`user_id` = `t0`.`id`) DESC
      ["paid", "x", 2, "paid", "x", 0]
    "#);
    let through_a_path = Query::<Item>::new().select(Item::order.path(Order::user.path(User::orders.count())));
    insta::assert_snapshot!(tuples(through_a_path), @r#"
    sqlite: SELECT (SELECT COUNT(*) FROM "orders" AS "t3" WHERE "t3"."user_id" = "t2"."id") AS "column:0" FROM "items" AS "t0" LEFT JOIN "orders" AS "t1" ON "t1"."id" = "t0"."order_id" LEFT JOIN "users" AS "t2" ON "t2"."id" = "t1"."user_id"
      []
    postgres: SELECT (SELECT COUNT(*) FROM "orders" AS "t3" WHERE "t3"."user_id" = "t2"."id") AS "column:0" FROM "items" AS "t0" LEFT JOIN "orders" AS "t1" ON "t1"."id" = "t0"."order_id" LEFT JOIN "users" AS "t2" ON "t2"."id" = "t1"."user_id"
      []
    mariadb: SELECT (SELECT COUNT(*) FROM `orders` AS `t3` WHERE `t3`.`user_id` = `t2`.`id`) AS `column:0` FROM `items` AS `t0` LEFT JOIN `orders` AS `t1` ON `t1`.`id` = `t0`.`order_id` LEFT JOIN `users` AS `t2` ON `t2`.`id` = `t1`.`user_id`
      []
    "#);
}

#[test]
fn inner_queries_compare_with_the_outer_row() {
    let alike = exists(|user| Query::<Order>::new().filter(Order::status.eq(user.column(User::email))));
    let latest =
        scalar(|user| Query::<Order>::new().filter(Order::user_id.eq(user.column(User::id))).select(Order::id.max()));
    let nested = exists(|user| {
        Query::<Order>::new().filter(exists(|order| {
            let same = Item::name.eq(user.column(User::email)).and(Item::name.ne(order.column(Order::status)));
            Query::<Item>::new().filter(same)
        }))
    });
    let query = Query::<User>::new().filter(alike.and(nested.not())).select((User::id, latest));
    insta::assert_snapshot!(tuples(query), @r#"
    sqlite: SELECT "t0"."id" AS "column:0", (SELECT MAX("t1"."id") AS "column:0" FROM "orders" AS "t1" WHERE "t1"."user_id" = "t0"."id") AS "column:1" FROM "users" AS "t0" WHERE EXISTS(SELECT 1 FROM "orders" AS "t2" WHERE "t2"."status" = "t0"."email") AND (NOT EXISTS(SELECT 1 FROM "orders" AS "t3" WHERE EXISTS(SELECT 1 FROM "items" AS "t4" WHERE "t4"."name" = "t0"."email" AND "t4"."name" <> "t3"."status")))
      []
    postgres: SELECT "t0"."id" AS "column:0", (SELECT MAX("t1"."id") AS "column:0" FROM "orders" AS "t1" WHERE "t1"."user_id" = "t0"."id") AS "column:1" FROM "users" AS "t0" WHERE EXISTS(SELECT 1 FROM "orders" AS "t2" WHERE "t2"."status" = "t0"."email") AND (NOT EXISTS(SELECT 1 FROM "orders" AS "t3" WHERE EXISTS(SELECT 1 FROM "items" AS "t4" WHERE "t4"."name" = "t0"."email" AND "t4"."name" <> "t3"."status")))
      []
    mariadb: SELECT `t0`.`id` AS `column:0`, (SELECT MAX(`t1`.`id`) AS `column:0` FROM `orders` AS `t1` WHERE `t1`.`user_id` = `t0`.`id`) AS `column:1` FROM `users` AS `t0` WHERE EXISTS(SELECT 1 FROM `orders` AS `t2` WHERE `t2`.`status` = `t0`.`email`) AND (NOT EXISTS(SELECT 1 FROM `orders` AS `t3` WHERE EXISTS(SELECT 1 FROM `items` AS `t4` WHERE `t4`.`name` = `t0`.`email` AND `t4`.`name` <> `t3`.`status`)))
      []
    "#);
}

#[test]
fn windows_keep_the_rows() {
    let of_user = || window().partition_by(Order::user_id).order_by((Order::total.desc().nulls_last(), Order::id));
    let query = Query::<Order>::new().select((
        row_number().over(of_user()),
        rank().over(window().order_by(Order::total)),
        dense_rank().over(window()),
        lag(Order::total, 1).over(of_user()),
        Order::total.sum().over(of_user().rows(2, 0)),
        count().over(window().rows(None, None)),
    ));
    insta::assert_snapshot!(tuples(query), @r#"
    sqlite: SELECT ROW_NUMBER() OVER (PARTITION BY "t0"."user_id" ORDER BY "t0"."total" DESC NULLS LAST, "t0"."id" ASC) AS "column:0", RANK() OVER (ORDER BY "t0"."total" ASC) AS "column:1", DENSE_RANK() OVER () AS "column:2", LAG("t0"."total", 1) OVER (PARTITION BY "t0"."user_id" ORDER BY "t0"."total" DESC NULLS LAST, "t0"."id" ASC) AS "column:3", SUM("t0"."total") OVER (PARTITION BY "t0"."user_id" ORDER BY "t0"."total" DESC NULLS LAST, "t0"."id" ASC ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS "column:4", COUNT(*) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS "column:5" FROM "orders" AS "t0"
      []
    postgres: SELECT ROW_NUMBER() OVER (PARTITION BY "t0"."user_id" ORDER BY "t0"."total" DESC NULLS LAST, "t0"."id" ASC) AS "column:0", RANK() OVER (ORDER BY "t0"."total" ASC) AS "column:1", DENSE_RANK() OVER () AS "column:2", LAG("t0"."total", 1) OVER (PARTITION BY "t0"."user_id" ORDER BY "t0"."total" DESC NULLS LAST, "t0"."id" ASC) AS "column:3", CAST((SUM("t0"."total") OVER (PARTITION BY "t0"."user_id" ORDER BY "t0"."total" DESC NULLS LAST, "t0"."id" ASC ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)) AS bigint) AS "column:4", COUNT(*) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS "column:5" FROM "orders" AS "t0"
      []
    mariadb: SELECT ROW_NUMBER() OVER (PARTITION BY `t0`.`user_id` ORDER BY `t0`.`total` IS NULL ASC, `t0`.`total` DESC, `t0`.`id` ASC) AS `column:0`, RANK() OVER (ORDER BY `t0`.`total` ASC) AS `column:1`, DENSE_RANK() OVER () AS `column:2`, LAG(`t0`.`total`, 1) OVER (PARTITION BY `t0`.`user_id` ORDER BY `t0`.`total` IS NULL ASC, `t0`.`total` DESC, `t0`.`id` ASC) AS `column:3`, CAST((SUM(`t0`.`total`) OVER (PARTITION BY `t0`.`user_id` ORDER BY `t0`.`total` IS NULL ASC, `t0`.`total` DESC, `t0`.`id` ASC ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)) AS signed) AS `column:4`, COUNT(*) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS `column:5` FROM `orders` AS `t0`
      []
    "#);
}

#[test]
fn a_function_whose_name_is_no_name_is_refused() {
    let query = Query::<User>::new().select(function::<i64, _>("count(*); --", (User::id,)));
    let error = sql::tuples(crate::driver::Dialect::Sqlite, &query.tuples).expect_err("no name");
    insta::assert_snapshot!(error, @r#"
    `count(*); --` is no name of a function: only letters, digits, `_`, and `.` behind a schema are taken
    "#);
}

#[test]
fn a_row_of_an_outer_query_is_not_taken_elsewhere() {
    let mut stolen = None;
    _ = exists(|user: crate::query::Outer<User>| {
        stolen = Some(user);
        Query::<Order>::new()
    });
    let user = stolen.expect("the closure ran");
    let query = Query::<Order>::new().filter(Predicate::always().and(Order::user_id.eq(user.column(User::id))));
    let error = sql::count(crate::driver::Dialect::Sqlite, &query.parts).expect_err("no such row");
    insta::assert_snapshot!(error, @r#"
    a row of an outer query is used outside of the query that it was given to
    "#);
}
