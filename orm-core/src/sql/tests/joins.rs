//! Joins that a query names, and what its rows are taken from, in every dialect.
use super::{
    models::{Category, Item, Order, Person, Role, User},
    texts,
};
use crate::{
    driver::Dialect,
    query::{Projected, Query, RelationQuery, alias, count},
    sql::{self, Select},
};

fn rows<M>(query: Query<M>) -> String {
    texts(|dialect| sql::select(dialect, &Select::from_parts(&query.parts)))
}

fn tuples<M, T>(query: Projected<M, T>) -> String {
    texts(|dialect| sql::tuples(dialect, &query.tuples))
}

fn mistake<M>(query: Query<M>) -> String {
    sql::select(Dialect::Sqlite, &Select::from_parts(&query.parts)).expect_err("a mistake").to_string()
}

#[test]
fn aliases_are_joined_in_their_order() {
    let orders = User::orders.alias("orders");
    let items = orders.join(Order::items.outer_alias("items").on(|items| items.column(Item::name).ne("x")));
    let query = Query::<User>::new()
        .join(&orders)
        .left_join(&items)
        .filter(orders.column(Order::total).gt(User::id).and(orders.that(Order::items.any(Item::name.eq("y")))))
        .select((User::email, orders.column(Order::status), items.column(Item::name)));
    insta::assert_snapshot!(tuples(query), @r#"
    sqlite: SELECT "t0"."email" AS "column:0", "t1"."status" AS "column:1", "t2"."name" AS "column:2" FROM "users" AS "t0" INNER JOIN "orders" AS "t1" ON "t1"."user_id" = "t0"."id" LEFT JOIN "items" AS "t2" ON "t2"."order_id" = "t1"."id" AND "t2"."name" <> ? WHERE "t1"."total" > "t0"."id" AND EXISTS(SELECT 1 FROM "items" AS "t3" WHERE "t3"."order_id" = "t1"."id" AND "t3"."name" = ?)
      ["x", "y"]
    postgres: SELECT "t0"."email" AS "column:0", "t1"."status" AS "column:1", "t2"."name" AS "column:2" FROM "users" AS "t0" INNER JOIN "orders" AS "t1" ON "t1"."user_id" = "t0"."id" LEFT JOIN "items" AS "t2" ON "t2"."order_id" = "t1"."id" AND "t2"."name" <> $1 WHERE "t1"."total" > "t0"."id" AND EXISTS(SELECT 1 FROM "items" AS "t3" WHERE "t3"."order_id" = "t1"."id" AND "t3"."name" = $2)
      ["x", "y"]
    mariadb: SELECT `t0`.`email` AS `column:0`, `t1`.`status` AS `column:1`, `t2`.`name` AS `column:2` FROM `users` AS `t0` INNER JOIN `orders` AS `t1` ON `t1`.`user_id` = `t0`.`id` LEFT JOIN `items` AS `t2` ON `t2`.`order_id` = `t1`.`id` AND `t2`.`name` <> ? WHERE `t1`.`total` > `t0`.`id` AND EXISTS(SELECT 1 FROM `items` AS `t3` WHERE `t3`.`order_id` = `t1`.`id` AND `t3`.`name` = ?)
      ["x", "y"]
    "#);
}

#[test]
fn the_same_table_is_joined_twice_under_two_names() {
    let parent = Category::parent.alias("parent");
    let grandparent = parent.join(Category::parent.alias("grandparent"));
    let query = Query::<Category>::new()
        .join(&parent)
        .join(&grandparent)
        .filter(parent.column(Category::name).eq(grandparent.column(Category::name)));
    insta::assert_snapshot!(rows(query), @r#"
    sqlite: SELECT "t0"."id", "t0"."name", "t0"."parent_id" FROM "categories" AS "t0" INNER JOIN "categories" AS "t1" ON "t1"."id" = "t0"."parent_id" INNER JOIN "categories" AS "t2" ON "t2"."id" = "t1"."parent_id" WHERE "t1"."name" = "t2"."name"
      []
    postgres: SELECT "t0"."id", "t0"."name", "t0"."parent_id" FROM "categories" AS "t0" INNER JOIN "categories" AS "t1" ON "t1"."id" = "t0"."parent_id" INNER JOIN "categories" AS "t2" ON "t2"."id" = "t1"."parent_id" WHERE "t1"."name" = "t2"."name"
      []
    mariadb: SELECT `t0`.`id`, `t0`.`name`, `t0`.`parent_id` FROM `categories` AS `t0` INNER JOIN `categories` AS `t1` ON `t1`.`id` = `t0`.`parent_id` INNER JOIN `categories` AS `t2` ON `t2`.`id` = `t1`.`parent_id` WHERE `t1`.`name` = `t2`.`name`
      []
    "#);
}

#[test]
fn links_are_joined_with_their_constants() {
    let managed = Person::manages.alias("managed");
    insta::assert_snapshot!(rows(Query::<Person>::new().join(&managed)), @r#"
    sqlite: SELECT "t0"."id", "t0"."name" FROM "people" AS "t0" INNER JOIN "edges" AS "t1" ON "t1"."source_id" = "t0"."id" AND "t1"."kind" = ? INNER JOIN "people" AS "t2" ON "t1"."target_id" = "t2"."id"
      ["MANAGES"]
    postgres: SELECT "t0"."id", "t0"."name" FROM "people" AS "t0" INNER JOIN "edges" AS "t1" ON "t1"."source_id" = "t0"."id" AND "t1"."kind" = $1 INNER JOIN "people" AS "t2" ON "t1"."target_id" = "t2"."id"
      ["MANAGES"]
    mariadb: SELECT `t0`.`id`, `t0`.`name` FROM `people` AS `t0` INNER JOIN `edges` AS `t1` ON `t1`.`source_id` = `t0`.`id` AND `t1`.`kind` = ? INNER JOIN `people` AS `t2` ON `t1`.`target_id` = `t2`.`id`
      ["MANAGES"]
    "#);
    let roles = User::roles.outer_alias("roles").on(|roles| roles.column(Role::name).eq("admin"));
    insta::assert_snapshot!(rows(Query::<User>::new().left_join(&roles)), @r#"
    sqlite: SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0" LEFT JOIN (SELECT "t1"."id", "t1"."name", "t2"."user_id" AS "near:0" FROM "roles" AS "t1" INNER JOIN "user_roles" AS "t2" ON "t2"."role_id" = "t1"."id") AS "t3" ON "t3"."near:0" = "t0"."id" AND "t3"."name" = ?
      ["admin"]
    postgres: SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0" LEFT JOIN (SELECT "t1"."id", "t1"."name", "t2"."user_id" AS "near:0" FROM "roles" AS "t1" INNER JOIN "user_roles" AS "t2" ON "t2"."role_id" = "t1"."id") AS "t3" ON "t3"."near:0" = "t0"."id" AND "t3"."name" = $1
      ["admin"]
    mariadb: SELECT `t0`.`id`, `t0`.`email`, `t0`.`age` FROM `users` AS `t0` LEFT JOIN (SELECT `t1`.`id`, `t1`.`name`, `t2`.`user_id` AS `near:0` FROM `roles` AS `t1` INNER JOIN `user_roles` AS `t2` ON `t2`.`role_id` = `t1`.`id`) AS `t3` ON `t3`.`near:0` = `t0`.`id` AND `t3`.`name` = ?
      ["admin"]
    "#);
}

#[test]
fn any_rows_are_joined_on_any_condition() {
    let other = alias("other").on(|other| other.column(Order::total).gt(Order::total));
    insta::assert_snapshot!(tuples(Query::<Order>::new().join(&other).select((Order::id, count())).group_by(Order::id)), @r#"
    sqlite: SELECT "t0"."id" AS "column:0", COUNT(*) AS "column:1" FROM "orders" AS "t0" INNER JOIN "orders" AS "t1" ON "t1"."total" > "t0"."total" GROUP BY "t0"."id"
      []
    postgres: SELECT "t0"."id" AS "column:0", COUNT(*) AS "column:1" FROM "orders" AS "t0" INNER JOIN "orders" AS "t1" ON "t1"."total" > "t0"."total" GROUP BY "t0"."id"
      []
    mariadb: SELECT `t0`.`id` AS `column:0`, COUNT(*) AS `column:1` FROM `orders` AS `t0` INNER JOIN `orders` AS `t1` ON `t1`.`total` > `t0`.`total` GROUP BY `t0`.`id`
      []
    "#);
}

#[test]
fn repetitions_are_left_out_by_keys() {
    let query = Query::<User>::new().join(User::orders).distinct().order_by(User::email).limit(3);
    insta::assert_snapshot!(rows(query.clone()), @r#"
    sqlite: SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0" INNER JOIN (SELECT DISTINCT "t1"."id" AS "near:0" FROM "users" AS "t1" INNER JOIN "orders" AS "t2" ON "t2"."user_id" = "t1"."id") AS "t3" ON "t0"."id" = "t3"."near:0" ORDER BY "t0"."email" ASC LIMIT ?
      [3]
    postgres: SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0" INNER JOIN (SELECT DISTINCT "t1"."id" AS "near:0" FROM "users" AS "t1" INNER JOIN "orders" AS "t2" ON "t2"."user_id" = "t1"."id") AS "t3" ON "t0"."id" = "t3"."near:0" ORDER BY "t0"."email" ASC LIMIT $1
      [3]
    mariadb: SELECT `t0`.`id`, `t0`.`email`, `t0`.`age` FROM `users` AS `t0` INNER JOIN (SELECT DISTINCT `t1`.`id` AS `near:0` FROM `users` AS `t1` INNER JOIN `orders` AS `t2` ON `t2`.`user_id` = `t1`.`id`) AS `t3` ON `t0`.`id` = `t3`.`near:0` ORDER BY `t0`.`email` ASC LIMIT ?
      [3]
    "#);
    insta::assert_snapshot!(texts(|dialect| sql::count(dialect, &query.parts)), @r#"
    sqlite: SELECT COUNT(*) FROM (SELECT 1 FROM "users" AS "t0" INNER JOIN (SELECT DISTINCT "t1"."id" AS "near:0" FROM "users" AS "t1" INNER JOIN "orders" AS "t2" ON "t2"."user_id" = "t1"."id") AS "t3" ON "t0"."id" = "t3"."near:0" LIMIT ?) AS "t4"
      [3]
    postgres: SELECT COUNT(*) FROM (SELECT 1 FROM "users" AS "t0" INNER JOIN (SELECT DISTINCT "t1"."id" AS "near:0" FROM "users" AS "t1" INNER JOIN "orders" AS "t2" ON "t2"."user_id" = "t1"."id") AS "t3" ON "t0"."id" = "t3"."near:0" LIMIT $1) AS "t4"
      [3]
    mariadb: SELECT COUNT(*) FROM (SELECT 1 FROM `users` AS `t0` INNER JOIN (SELECT DISTINCT `t1`.`id` AS `near:0` FROM `users` AS `t1` INNER JOIN `orders` AS `t2` ON `t2`.`user_id` = `t1`.`id`) AS `t3` ON `t0`.`id` = `t3`.`near:0` LIMIT ?) AS `t4`
      [3]
    "#);
}

#[test]
fn mistakes_are_told_before_anything_is_sent() {
    let orders = User::orders.alias("orders");
    insta::assert_snapshot!(mistake(Query::<User>::new().filter(orders.column(Order::total).gt(1))), @r#"
    `orders` is not joined here: give it to `.join(&orders)` (or `left_join`) of the query that uses its columns
    "#);
    insta::assert_snapshot!(mistake(Query::<User>::new().join(&orders).join(User::orders)), @r#"
    two joins of one query are named `orders`: give each alias a name of its own
    "#);
    let items = orders.join(Order::items.alias("items"));
    insta::assert_snapshot!(mistake(Query::<User>::new().join(&items).join(&orders)), @r#"
    `orders` is not joined here: give it to `.join(&orders)` (or `left_join`) of the query that uses its columns
    "#);
    let on = orders.clone().on(|orders| orders.column(Order::user.path(User::email)).eq("a"));
    insta::assert_snapshot!(mistake(Query::<User>::new().join(&on)), @r#"
    the condition of the join `orders` goes along a relationship of its own rows: put that into a `.filter(..)`, or into `any` or `has`
    "#);
}

#[test]
fn queries_are_put_together_by_keys() {
    let young = Query::<User>::new().filter(User::age.lt(20)).order_by(User::age).limit(2);
    let buyers = Query::<User>::new().join(User::orders);
    let query = young.union(buyers).union(Query::new().filter(User::id.eq(1))).order_by(User::email).limit(5);
    insta::assert_snapshot!(rows(query), @r#"
    sqlite: SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0" INNER JOIN (SELECT "near:0" FROM (SELECT "t1"."id" AS "near:0" FROM "users" AS "t1" WHERE "t1"."age" < ? ORDER BY "t1"."age" ASC LIMIT ?) AS "t2" UNION SELECT "t3"."id" AS "near:0" FROM "users" AS "t3" INNER JOIN "orders" AS "t4" ON "t4"."user_id" = "t3"."id" UNION SELECT "t5"."id" AS "near:0" FROM "users" AS "t5" WHERE "t5"."id" = ?) AS "t6" ON "t0"."id" = "t6"."near:0" ORDER BY "t0"."email" ASC LIMIT ?
      [20, 2, 1, 5]
    postgres: SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0" INNER JOIN (SELECT "near:0" FROM (SELECT "t1"."id" AS "near:0" FROM "users" AS "t1" WHERE "t1"."age" < $1 ORDER BY "t1"."age" ASC LIMIT $2) AS "t2" UNION (SELECT "t3"."id" AS "near:0" FROM "users" AS "t3" INNER JOIN "orders" AS "t4" ON "t4"."user_id" = "t3"."id") UNION (SELECT "t5"."id" AS "near:0" FROM "users" AS "t5" WHERE "t5"."id" = $3)) AS "t6" ON "t0"."id" = "t6"."near:0" ORDER BY "t0"."email" ASC LIMIT $4
      [20, 2, 1, 5]
    mariadb: SELECT `t0`.`id`, `t0`.`email`, `t0`.`age` FROM `users` AS `t0` INNER JOIN (SELECT `near:0` FROM (SELECT `t1`.`id` AS `near:0` FROM `users` AS `t1` WHERE `t1`.`age` < ? ORDER BY `t1`.`age` ASC LIMIT ?) AS `t2` UNION (SELECT `t3`.`id` AS `near:0` FROM `users` AS `t3` INNER JOIN `orders` AS `t4` ON `t4`.`user_id` = `t3`.`id`) UNION (SELECT `t5`.`id` AS `near:0` FROM `users` AS `t5` WHERE `t5`.`id` = ?)) AS `t6` ON `t0`.`id` = `t6`.`near:0` ORDER BY `t0`.`email` ASC LIMIT ?
      [20, 2, 1, 5]
    "#);
    let all = Query::<User>::new().except(Query::new().filter(User::age.eq(None))).for_update();
    insta::assert_snapshot!(rows(all), @r#"
    sqlite: SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0" INNER JOIN (SELECT "t1"."id" AS "near:0" FROM "users" AS "t1" EXCEPT SELECT "t2"."id" AS "near:0" FROM "users" AS "t2" WHERE "t2"."age" IS NULL) AS "t3" ON "t0"."id" = "t3"."near:0"
      []
    postgres: SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0" INNER JOIN (SELECT "t1"."id" AS "near:0" FROM "users" AS "t1" EXCEPT (SELECT "t2"."id" AS "near:0" FROM "users" AS "t2" WHERE "t2"."age" IS NULL)) AS "t3" ON "t0"."id" = "t3"."near:0" FOR UPDATE OF "t0"
      []
    mariadb: SELECT `t0`.`id`, `t0`.`email`, `t0`.`age` FROM `users` AS `t0` INNER JOIN (SELECT `t1`.`id` AS `near:0` FROM `users` AS `t1` EXCEPT (SELECT `t2`.`id` AS `near:0` FROM `users` AS `t2` WHERE `t2`.`age` IS NULL)) AS `t3` ON `t0`.`id` = `t3`.`near:0` FOR UPDATE
      []
    "#);
}

#[test]
fn rows_are_reached_in_any_number_of_steps() {
    let root = || Query::<Category>::new().filter(Category::name.eq("a"));
    insta::assert_snapshot!(rows(root().reachable(Category::children)), @r#"
    sqlite: SELECT "t0"."id", "t0"."name", "t0"."parent_id" FROM "categories" AS "t0" INNER JOIN (WITH RECURSIVE "t1" ("near:0") AS (SELECT "near:0" FROM (SELECT "t2"."id" AS "near:0" FROM "categories" AS "t2" WHERE "t2"."name" = ?) AS "t3" UNION SELECT "t6"."id" FROM "categories" AS "t4" INNER JOIN "t1" AS "t5" ON "t5"."near:0" = "t4"."id" INNER JOIN "categories" AS "t6" ON "t6"."parent_id" = "t4"."id") SELECT "near:0" FROM "t1") AS "t7" ON "t0"."id" = "t7"."near:0"
      ["a"]
    postgres: SELECT "t0"."id", "t0"."name", "t0"."parent_id" FROM "categories" AS "t0" INNER JOIN (WITH RECURSIVE "t1" ("near:0") AS (SELECT "near:0" FROM (SELECT "t2"."id" AS "near:0" FROM "categories" AS "t2" WHERE "t2"."name" = $1) AS "t3" UNION (SELECT "t6"."id" FROM "categories" AS "t4" INNER JOIN "t1" AS "t5" ON "t5"."near:0" = "t4"."id" INNER JOIN "categories" AS "t6" ON "t6"."parent_id" = "t4"."id")) SELECT "near:0" FROM "t1") AS "t7" ON "t0"."id" = "t7"."near:0"
      ["a"]
    mariadb: SELECT `t0`.`id`, `t0`.`name`, `t0`.`parent_id` FROM `categories` AS `t0` INNER JOIN (WITH RECURSIVE `t1` (`near:0`) AS (SELECT `near:0` FROM (SELECT `t2`.`id` AS `near:0` FROM `categories` AS `t2` WHERE `t2`.`name` = ?) AS `t3` UNION (SELECT `t6`.`id` FROM `categories` AS `t4` INNER JOIN `t1` AS `t5` ON `t5`.`near:0` = `t4`.`id` INNER JOIN `categories` AS `t6` ON `t6`.`parent_id` = `t4`.`id`)) SELECT `near:0` FROM `t1`) AS `t7` ON `t0`.`id` = `t7`.`near:0`
      ["a"]
    "#);
    insta::assert_snapshot!(rows(root().limit(1).reachable_within(Category::parent, 2).order_by(Category::name)), @r#"
    sqlite: SELECT "t0"."id", "t0"."name", "t0"."parent_id" FROM "categories" AS "t0" INNER JOIN (WITH RECURSIVE "t1" ("near:0", "row:depth") AS (SELECT "near:0", 0 AS "row:depth" FROM (SELECT "near:0" FROM (SELECT "t2"."id" AS "near:0" FROM "categories" AS "t2" WHERE "t2"."name" = ? LIMIT ?) AS "t3") AS "t4" UNION SELECT "t7"."id", "t6"."row:depth" + (1) FROM "categories" AS "t5" INNER JOIN "t1" AS "t6" ON "t6"."near:0" = "t5"."id" INNER JOIN "categories" AS "t7" ON "t7"."id" = "t5"."parent_id" WHERE "t6"."row:depth" < (2)) SELECT DISTINCT "near:0" FROM "t1") AS "t8" ON "t0"."id" = "t8"."near:0" ORDER BY "t0"."name" ASC
      ["a", 1]
    postgres: SELECT "t0"."id", "t0"."name", "t0"."parent_id" FROM "categories" AS "t0" INNER JOIN (WITH RECURSIVE "t1" ("near:0", "row:depth") AS (SELECT "near:0", 0 AS "row:depth" FROM (SELECT "near:0" FROM (SELECT "t2"."id" AS "near:0" FROM "categories" AS "t2" WHERE "t2"."name" = $1 LIMIT $2) AS "t3") AS "t4" UNION (SELECT "t7"."id", "t6"."row:depth" + (1) FROM "categories" AS "t5" INNER JOIN "t1" AS "t6" ON "t6"."near:0" = "t5"."id" INNER JOIN "categories" AS "t7" ON "t7"."id" = "t5"."parent_id" WHERE "t6"."row:depth" < (2))) SELECT DISTINCT "near:0" FROM "t1") AS "t8" ON "t0"."id" = "t8"."near:0" ORDER BY "t0"."name" ASC
      ["a", 1]
    mariadb: SELECT `t0`.`id`, `t0`.`name`, `t0`.`parent_id` FROM `categories` AS `t0` INNER JOIN (WITH RECURSIVE `t1` (`near:0`, `row:depth`) AS (SELECT `near:0`, 0 AS `row:depth` FROM (SELECT `near:0` FROM (SELECT `t2`.`id` AS `near:0` FROM `categories` AS `t2` WHERE `t2`.`name` = ? LIMIT ?) AS `t3`) AS `t4` UNION (SELECT `t7`.`id`, `t6`.`row:depth` + (1) FROM `categories` AS `t5` INNER JOIN `t1` AS `t6` ON `t6`.`near:0` = `t5`.`id` INNER JOIN `categories` AS `t7` ON `t7`.`id` = `t5`.`parent_id` WHERE `t6`.`row:depth` < (2))) SELECT DISTINCT `near:0` FROM `t1`) AS `t8` ON `t0`.`id` = `t8`.`near:0` ORDER BY `t0`.`name` ASC
      ["a", 1]
    "#);
    let people = Query::<Person>::new().filter(Person::name.eq("a")).reachable(Person::manages);
    insta::assert_snapshot!(rows(people), @r#"
    sqlite: SELECT "t0"."id", "t0"."name" FROM "people" AS "t0" INNER JOIN (WITH RECURSIVE "t1" ("near:0") AS (SELECT "near:0" FROM (SELECT "t2"."id" AS "near:0" FROM "people" AS "t2" WHERE "t2"."name" = ?) AS "t3" UNION SELECT "t7"."id" FROM "people" AS "t4" INNER JOIN "t1" AS "t5" ON "t5"."near:0" = "t4"."id" INNER JOIN "edges" AS "t6" ON "t6"."source_id" = "t4"."id" AND "t6"."kind" = ? INNER JOIN "people" AS "t7" ON "t6"."target_id" = "t7"."id") SELECT "near:0" FROM "t1") AS "t8" ON "t0"."id" = "t8"."near:0"
      ["a", "MANAGES"]
    postgres: SELECT "t0"."id", "t0"."name" FROM "people" AS "t0" INNER JOIN (WITH RECURSIVE "t1" ("near:0") AS (SELECT "near:0" FROM (SELECT "t2"."id" AS "near:0" FROM "people" AS "t2" WHERE "t2"."name" = $1) AS "t3" UNION (SELECT "t7"."id" FROM "people" AS "t4" INNER JOIN "t1" AS "t5" ON "t5"."near:0" = "t4"."id" INNER JOIN "edges" AS "t6" ON "t6"."source_id" = "t4"."id" AND "t6"."kind" = $2 INNER JOIN "people" AS "t7" ON "t6"."target_id" = "t7"."id")) SELECT "near:0" FROM "t1") AS "t8" ON "t0"."id" = "t8"."near:0"
      ["a", "MANAGES"]
    mariadb: SELECT `t0`.`id`, `t0`.`name` FROM `people` AS `t0` INNER JOIN (WITH RECURSIVE `t1` (`near:0`) AS (SELECT `near:0` FROM (SELECT `t2`.`id` AS `near:0` FROM `people` AS `t2` WHERE `t2`.`name` = ?) AS `t3` UNION (SELECT `t7`.`id` FROM `people` AS `t4` INNER JOIN `t1` AS `t5` ON `t5`.`near:0` = `t4`.`id` INNER JOIN `edges` AS `t6` ON `t6`.`source_id` = `t4`.`id` AND `t6`.`kind` = ? INNER JOIN `people` AS `t7` ON `t6`.`target_id` = `t7`.`id`)) SELECT `near:0` FROM `t1`) AS `t8` ON `t0`.`id` = `t8`.`near:0`
      ["a", "MANAGES"]
    "#);
}

#[test]
fn result_rows_are_rows_of_their_own() {
    let totals = Query::<Order>::new().select((Order::user_id, Order::total.sum())).group_by(Order::user_id).rows();
    let (user, total) = totals.columns();
    let users = totals.clone().filter(total.clone().gt(5)).select(user.clone());
    let query = totals.filter(user.clone().is_in(users)).select((user, total.clone())).order_by(total.desc());
    insta::assert_snapshot!(tuples(query), @r#"
    sqlite: WITH "t2" AS (SELECT "t1"."user_id" AS "column:0", SUM("t1"."total") AS "column:1" FROM "orders" AS "t1" GROUP BY "t1"."user_id") SELECT "t0"."column:0" AS "column:0", "t0"."column:1" AS "column:1" FROM "t2" AS "t0" WHERE "t0"."column:0" IN (SELECT "t3"."column:0" AS "column:0" FROM "t2" AS "t3" WHERE "t3"."column:1" > ?) ORDER BY "t0"."column:1" DESC
      [5]
    postgres: WITH "t2" AS (SELECT "t1"."user_id" AS "column:0", CAST(SUM("t1"."total") AS bigint) AS "column:1" FROM "orders" AS "t1" GROUP BY "t1"."user_id") SELECT "t0"."column:0" AS "column:0", "t0"."column:1" AS "column:1" FROM "t2" AS "t0" WHERE "t0"."column:0" IN (SELECT "t3"."column:0" AS "column:0" FROM "t2" AS "t3" WHERE "t3"."column:1" > $1) ORDER BY "t0"."column:1" DESC
      [5]
    mariadb: WITH `t2` AS (SELECT `t1`.`user_id` AS `column:0`, CAST(SUM(`t1`.`total`) AS signed) AS `column:1` FROM `orders` AS `t1` GROUP BY `t1`.`user_id`) SELECT `t0`.`column:0` AS `column:0`, `t0`.`column:1` AS `column:1` FROM `t2` AS `t0` WHERE `t0`.`column:0` IN (SELECT `t3`.`column:0` AS `column:0` FROM `t2` AS `t3` WHERE `t3`.`column:1` > ?) ORDER BY `t0`.`column:1` DESC
      [5]
    "#);
    let names = Query::<User>::new().select(User::email).union(Query::<Role>::new().limit(1).select(Role::name));
    let name = names.columns();
    insta::assert_snapshot!(tuples(names.order_by(name).limit(3)), @r#"
    sqlite: WITH "t4" AS (SELECT "t1"."email" AS "column:0" FROM "users" AS "t1" UNION SELECT "column:0" FROM (SELECT "t2"."name" AS "column:0" FROM "roles" AS "t2" LIMIT ?) AS "t3") SELECT "t0"."column:0" AS "column:0" FROM "t4" AS "t0" ORDER BY "t0"."column:0" ASC LIMIT ?
      [1, 3]
    postgres: WITH "t4" AS (SELECT "t1"."email" AS "column:0" FROM "users" AS "t1" UNION (SELECT "column:0" FROM (SELECT "t2"."name" AS "column:0" FROM "roles" AS "t2" LIMIT $1) AS "t3")) SELECT "t0"."column:0" AS "column:0" FROM "t4" AS "t0" ORDER BY "t0"."column:0" ASC LIMIT $2
      [1, 3]
    mariadb: WITH `t4` AS (SELECT `t1`.`email` AS `column:0` FROM `users` AS `t1` UNION (SELECT `column:0` FROM (SELECT `t2`.`name` AS `column:0` FROM `roles` AS `t2` LIMIT ?) AS `t3`)) SELECT `t0`.`column:0` AS `column:0` FROM `t4` AS `t0` ORDER BY `t0`.`column:0` ASC LIMIT ?
      [1, 3]
    "#);
}
