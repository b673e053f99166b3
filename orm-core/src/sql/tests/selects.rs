use super::{
    models::{Account, Category, Item, Order, Person, Profile, Role, User, join, keys},
    texts,
};
use crate::{
    model::Record,
    query::{Criteria, Predicate, Query, RelationQuery, count},
    sql::{self, JoinNode, Near, NearKeys, Select},
    value::Value,
};

fn rows<M>(query: Query<M>) -> String {
    texts(|dialect| sql::select(dialect, &Select::from_parts(&query.parts)))
}

#[test]
fn conditions_combine() {
    let query = Query::<User>::new()
        .filter(User::email.ends_with("@a_b%").and(User::age.gt(17).or(User::age.eq(None))))
        .filter(!User::id.is_in([1, 2, 3]) & User::age.is_not_null() | User::id.between(5, 9))
        .order_by((User::age.desc().nulls_last(), User::id))
        .limit(20)
        .offset(40);
    insta::assert_snapshot!(rows(query), @r#"
    sqlite: SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0" WHERE "t0"."email" LIKE ? ESCAPE '\' AND ("t0"."age" > ? OR "t0"."age" IS NULL) AND (("t0"."id" NOT IN (?, ?, ?) AND "t0"."age" IS NOT NULL) OR ("t0"."id" BETWEEN ? AND ?)) ORDER BY "t0"."age" DESC NULLS LAST, "t0"."id" ASC LIMIT ? OFFSET ?
      ["%@a\\_b\\%", 17, 1, 2, 3, 5, 9, 20, 40]
    postgres: SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0" WHERE "t0"."email" LIKE $1 AND ("t0"."age" > $2 OR "t0"."age" IS NULL) AND (((NOT "t0"."id" = ANY($3)) AND "t0"."age" IS NOT NULL) OR ("t0"."id" BETWEEN $4 AND $5)) ORDER BY "t0"."age" DESC NULLS LAST, "t0"."id" ASC LIMIT $6 OFFSET $7
      ["%@a\\_b\\%", 17, [1 2 3], 5, 9, 20, 40]
    mariadb: SELECT `t0`.`id`, `t0`.`email`, `t0`.`age` FROM `users` AS `t0` WHERE `t0`.`email` LIKE ? AND (`t0`.`age` > ? OR `t0`.`age` IS NULL) AND ((`t0`.`id` NOT IN (?, ?, ?) AND `t0`.`age` IS NOT NULL) OR (`t0`.`id` BETWEEN ? AND ?)) ORDER BY `t0`.`age` IS NULL ASC, `t0`.`age` DESC, `t0`.`id` ASC LIMIT ? OFFSET ?
      ["%@a\\_b\\%", 17, 1, 2, 3, 5, 9, 20, 40]
    "#);
}

#[test]
fn lists_and_texts() {
    let none: [i64; 0] = [];
    let query = Query::<User>::new()
        .filter(User::id.is_in(none).or(User::id.not_in(none)))
        .filter(User::age.is_in([Some(1), None]))
        .filter(User::email.ilike("%X%").and(User::email.like("a%")).and(User::email.ne("b")))
        .filter(User::id.is_in(Query::<Order>::new().filter(Order::status.eq("open")).select(Order::user_id)));
    insta::assert_snapshot!(rows(query), @r#"
    sqlite: SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0" WHERE ((1 = 0) OR (1 = 1)) AND ("t0"."age" IN (?) OR "t0"."age" IS NULL) AND "t0"."email" LIKE ? ESCAPE '\' AND "t0"."email" LIKE ? ESCAPE '\' AND "t0"."email" <> ? AND "t0"."id" IN (SELECT "t1"."user_id" AS "column:0" FROM "orders" AS "t1" WHERE "t1"."status" = ?)
      [1, "%X%", "a%", "b", "open"]
    postgres: SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0" WHERE ((1 = 0) OR (1 = 1)) AND ("t0"."age" = ANY($1) OR "t0"."age" IS NULL) AND ("t0"."email" ILIKE $2) AND "t0"."email" LIKE $3 AND "t0"."email" <> $4 AND "t0"."id" IN (SELECT "t1"."user_id" AS "column:0" FROM "orders" AS "t1" WHERE "t1"."status" = $5)
      [[1], "%X%", "a%", "b", "open"]
    mariadb: SELECT `t0`.`id`, `t0`.`email`, `t0`.`age` FROM `users` AS `t0` WHERE ((1 = 0) OR (1 = 1)) AND (`t0`.`age` IN (?) OR `t0`.`age` IS NULL) AND LOWER(`t0`.`email`) LIKE ? AND `t0`.`email` LIKE ? AND `t0`.`email` <> ? AND `t0`.`id` IN (SELECT `t1`.`user_id` AS `column:0` FROM `orders` AS `t1` WHERE `t1`.`status` = ?)
      [1, "%x%", "a%", "b", "open"]
    "#);
}

#[test]
fn a_path_joins_once() {
    let query = Query::<Item>::new()
        .filter(Item::order.path(Order::user.path(User::email)).eq("a@x"))
        .filter(Item::order.path(Order::status).ne("done"))
        .order_by(Item::order.path(Order::user.path(User::profile.path(Profile::bio))).desc());
    insta::assert_snapshot!(rows(query), @r#"
    sqlite: SELECT "t0"."id", "t0"."order_id", "t0"."name" FROM "items" AS "t0" LEFT JOIN "orders" AS "t1" ON "t1"."id" = "t0"."order_id" LEFT JOIN "users" AS "t2" ON "t2"."id" = "t1"."user_id" LEFT JOIN "profiles" AS "t3" ON "t3"."user_id" = "t2"."id" WHERE "t2"."email" = ? AND "t1"."status" <> ? ORDER BY "t3"."bio" DESC
      ["a@x", "done"]
    postgres: SELECT "t0"."id", "t0"."order_id", "t0"."name" FROM "items" AS "t0" LEFT JOIN "orders" AS "t1" ON "t1"."id" = "t0"."order_id" LEFT JOIN "users" AS "t2" ON "t2"."id" = "t1"."user_id" LEFT JOIN "profiles" AS "t3" ON "t3"."user_id" = "t2"."id" WHERE "t2"."email" = $1 AND "t1"."status" <> $2 ORDER BY "t3"."bio" DESC
      ["a@x", "done"]
    mariadb: SELECT `t0`.`id`, `t0`.`order_id`, `t0`.`name` FROM `items` AS `t0` LEFT JOIN `orders` AS `t1` ON `t1`.`id` = `t0`.`order_id` LEFT JOIN `users` AS `t2` ON `t2`.`id` = `t1`.`user_id` LEFT JOIN `profiles` AS `t3` ON `t3`.`user_id` = `t2`.`id` WHERE `t2`.`email` = ? AND `t1`.`status` <> ? ORDER BY `t3`.`bio` DESC
      ["a@x", "done"]
    "#);
}

#[test]
fn related_rows_are_found_by_exists() {
    let query = Query::<User>::new()
        .filter(User::orders.any(Order::total.gt(100).and(Order::items.none(Item::name.eq("x")))))
        .filter(User::roles.any(Role::name.eq("admin")).or(User::roles.exists()))
        .filter(User::orders.all(Order::status.eq("done")))
        .filter(User::profile.has(Predicate::always()));
    insta::assert_snapshot!(rows(query), @r#"
    sqlite: SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0" WHERE EXISTS(SELECT 1 FROM "orders" AS "t1" WHERE "t1"."user_id" = "t0"."id" AND ("t1"."total" > ? AND (NOT EXISTS(SELECT 1 FROM "items" AS "t2" WHERE "t2"."order_id" = "t1"."id" AND "t2"."name" = ?)))) AND (EXISTS(SELECT 1 FROM "roles" AS "t4" INNER JOIN "user_roles" AS "t3" ON "t3"."role_id" = "t4"."id" WHERE "t3"."user_id" = "t0"."id" AND "t4"."name" = ?) OR EXISTS(SELECT 1 FROM "user_roles" AS "t5" WHERE "t5"."user_id" = "t0"."id")) AND (NOT EXISTS(SELECT 1 FROM "orders" AS "t6" WHERE "t6"."user_id" = "t0"."id" AND (NOT "t6"."status" = ?))) AND EXISTS(SELECT 1 FROM "profiles" AS "t7" WHERE "t7"."user_id" = "t0"."id")
      [100, "x", "admin", "done"]
    postgres: SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0" WHERE EXISTS(SELECT 1 FROM "orders" AS "t1" WHERE "t1"."user_id" = "t0"."id" AND ("t1"."total" > $1 AND (NOT EXISTS(SELECT 1 FROM "items" AS "t2" WHERE "t2"."order_id" = "t1"."id" AND "t2"."name" = $2)))) AND (EXISTS(SELECT 1 FROM "roles" AS "t4" INNER JOIN "user_roles" AS "t3" ON "t3"."role_id" = "t4"."id" WHERE "t3"."user_id" = "t0"."id" AND "t4"."name" = $3) OR EXISTS(SELECT 1 FROM "user_roles" AS "t5" WHERE "t5"."user_id" = "t0"."id")) AND (NOT EXISTS(SELECT 1 FROM "orders" AS "t6" WHERE "t6"."user_id" = "t0"."id" AND (NOT "t6"."status" = $4))) AND EXISTS(SELECT 1 FROM "profiles" AS "t7" WHERE "t7"."user_id" = "t0"."id")
      [100, "x", "admin", "done"]
    mariadb: SELECT `t0`.`id`, `t0`.`email`, `t0`.`age` FROM `users` AS `t0` WHERE EXISTS(SELECT 1 FROM `orders` AS `t1` WHERE `t1`.`user_id` = `t0`.`id` AND (`t1`.`total` > ? AND (NOT EXISTS(SELECT 1 FROM `items` AS `t2` WHERE `t2`.`order_id` = `t1`.`id` AND `t2`.`name` = ?)))) AND (EXISTS(SELECT 1 FROM `roles` AS `t4` INNER JOIN `user_roles` AS `t3` ON `t3`.`role_id` = `t4`.`id` WHERE `t3`.`user_id` = `t0`.`id` AND `t4`.`name` = ?) OR EXISTS(SELECT 1 FROM `user_roles` AS `t5` WHERE `t5`.`user_id` = `t0`.`id`)) AND (NOT EXISTS(SELECT 1 FROM `orders` AS `t6` WHERE `t6`.`user_id` = `t0`.`id` AND (NOT `t6`.`status` = ?))) AND EXISTS(SELECT 1 FROM `profiles` AS `t7` WHERE `t7`.`user_id` = `t0`.`id`)
      [100, "x", "admin", "done"]
    "#);
}

#[test]
fn related_rows_of_the_same_table_have_their_own_names() {
    let tree = Query::<Category>::new()
        .filter(Category::children.any(Category::children.any(Category::parent.path(Category::name).eq("b"))));
    let graph = Query::<Person>::new().filter(Person::manages.any(Person::name.eq("a")).and(Person::manages.exists()));
    insta::assert_snapshot!(rows(tree), @r#"
    sqlite: SELECT "t0"."id", "t0"."name", "t0"."parent_id" FROM "categories" AS "t0" WHERE EXISTS(SELECT 1 FROM "categories" AS "t1" WHERE "t1"."parent_id" = "t0"."id" AND EXISTS(SELECT 1 FROM "categories" AS "t2" LEFT JOIN "categories" AS "t3" ON "t3"."id" = "t2"."parent_id" WHERE "t2"."parent_id" = "t1"."id" AND "t3"."name" = ?))
      ["b"]
    postgres: SELECT "t0"."id", "t0"."name", "t0"."parent_id" FROM "categories" AS "t0" WHERE EXISTS(SELECT 1 FROM "categories" AS "t1" WHERE "t1"."parent_id" = "t0"."id" AND EXISTS(SELECT 1 FROM "categories" AS "t2" LEFT JOIN "categories" AS "t3" ON "t3"."id" = "t2"."parent_id" WHERE "t2"."parent_id" = "t1"."id" AND "t3"."name" = $1))
      ["b"]
    mariadb: SELECT `t0`.`id`, `t0`.`name`, `t0`.`parent_id` FROM `categories` AS `t0` WHERE EXISTS(SELECT 1 FROM `categories` AS `t1` WHERE `t1`.`parent_id` = `t0`.`id` AND EXISTS(SELECT 1 FROM `categories` AS `t2` LEFT JOIN `categories` AS `t3` ON `t3`.`id` = `t2`.`parent_id` WHERE `t2`.`parent_id` = `t1`.`id` AND `t3`.`name` = ?))
      ["b"]
    "#);
    insta::assert_snapshot!(rows(graph), @r#"
    sqlite: SELECT "t0"."id", "t0"."name" FROM "people" AS "t0" WHERE EXISTS(SELECT 1 FROM "people" AS "t2" INNER JOIN "edges" AS "t1" ON "t1"."target_id" = "t2"."id" WHERE "t1"."source_id" = "t0"."id" AND "t1"."kind" = ? AND "t2"."name" = ?) AND EXISTS(SELECT 1 FROM "edges" AS "t3" WHERE "t3"."source_id" = "t0"."id" AND "t3"."kind" = ?)
      ["MANAGES", "a", "MANAGES"]
    postgres: SELECT "t0"."id", "t0"."name" FROM "people" AS "t0" WHERE EXISTS(SELECT 1 FROM "people" AS "t2" INNER JOIN "edges" AS "t1" ON "t1"."target_id" = "t2"."id" WHERE "t1"."source_id" = "t0"."id" AND "t1"."kind" = $1 AND "t2"."name" = $2) AND EXISTS(SELECT 1 FROM "edges" AS "t3" WHERE "t3"."source_id" = "t0"."id" AND "t3"."kind" = $3)
      ["MANAGES", "a", "MANAGES"]
    mariadb: SELECT `t0`.`id`, `t0`.`name` FROM `people` AS `t0` WHERE EXISTS(SELECT 1 FROM `people` AS `t2` INNER JOIN `edges` AS `t1` ON `t1`.`target_id` = `t2`.`id` WHERE `t1`.`source_id` = `t0`.`id` AND `t1`.`kind` = ? AND `t2`.`name` = ?) AND EXISTS(SELECT 1 FROM `edges` AS `t3` WHERE `t3`.`source_id` = `t0`.`id` AND `t3`.`kind` = ?)
      ["MANAGES", "a", "MANAGES"]
    "#);
}

#[test]
fn deferred_columns_are_left_out_unless_asked_for() {
    insta::assert_snapshot!(rows(Query::<User>::new()), @r#"
    sqlite: SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0"
      []
    postgres: SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0"
      []
    mariadb: SELECT `t0`.`id`, `t0`.`email`, `t0`.`age` FROM `users` AS `t0`
      []
    "#);
    insta::assert_snapshot!(rows(Query::<User>::new().with(User::photo).for_update()), @r#"
    sqlite: SELECT "t0"."id", "t0"."email", "t0"."age", "t0"."photo" FROM "users" AS "t0"
      []
    postgres: SELECT "t0"."id", "t0"."email", "t0"."age", "t0"."photo" FROM "users" AS "t0" FOR UPDATE OF "t0"
      []
    mariadb: SELECT `t0`.`id`, `t0`.`email`, `t0`.`age`, `t0`.`photo` FROM `users` AS `t0` FOR UPDATE
      []
    "#);
}

#[test]
fn joined_loads_select_their_columns_in_order() {
    let select = Select {
        joins: vec![
            join(User::profile, None),
            JoinNode {
                filter: Some(Order::user.path(User::age).gt(3).expr),
                order: vec![Order::id.desc().term],
                ..join(User::orders, None)
            },
            join(Order::items, Some(1)),
            join(User::roles, None),
        ],
        ..Select::from_parts(&Query::<User>::new().order_by(User::email).parts)
    };
    insta::assert_snapshot!(texts(|dialect| sql::select(dialect, &select)), @r#"
    sqlite: SELECT "t0"."id", "t0"."email", "t0"."age", "t1"."id", "t1"."user_id", "t1"."bio", "t2"."id", "t2"."user_id", "t2"."status", "t2"."total", "t6"."id", "t6"."order_id", "t6"."name", "t8"."id", "t8"."name" FROM "users" AS "t0" LEFT JOIN "profiles" AS "t1" ON "t1"."user_id" = "t0"."id" LEFT JOIN "orders" AS "t2" ON "t2"."user_id" = "t0"."id" AND EXISTS(SELECT 1 FROM "orders" AS "t4" LEFT JOIN "users" AS "t5" ON "t5"."id" = "t4"."user_id" WHERE "t4"."id" = "t2"."id" AND "t5"."age" > ?) LEFT JOIN "items" AS "t6" ON "t6"."order_id" = "t2"."id" LEFT JOIN "user_roles" AS "t7" ON "t7"."user_id" = "t0"."id" LEFT JOIN "roles" AS "t8" ON "t7"."role_id" = "t8"."id" ORDER BY "t0"."email" ASC, "t2"."id" DESC
      [3]
    postgres: SELECT "t0"."id", "t0"."email", "t0"."age", "t1"."id", "t1"."user_id", "t1"."bio", "t2"."id", "t2"."user_id", "t2"."status", "t2"."total", "t6"."id", "t6"."order_id", "t6"."name", "t8"."id", "t8"."name" FROM "users" AS "t0" LEFT JOIN "profiles" AS "t1" ON "t1"."user_id" = "t0"."id" LEFT JOIN "orders" AS "t2" ON "t2"."user_id" = "t0"."id" AND EXISTS(SELECT 1 FROM "orders" AS "t4" LEFT JOIN "users" AS "t5" ON "t5"."id" = "t4"."user_id" WHERE "t4"."id" = "t2"."id" AND "t5"."age" > $1) LEFT JOIN "items" AS "t6" ON "t6"."order_id" = "t2"."id" LEFT JOIN "user_roles" AS "t7" ON "t7"."user_id" = "t0"."id" LEFT JOIN "roles" AS "t8" ON "t7"."role_id" = "t8"."id" ORDER BY "t0"."email" ASC, "t2"."id" DESC
      [3]
    mariadb: SELECT `t0`.`id`, `t0`.`email`, `t0`.`age`, `t1`.`id`, `t1`.`user_id`, `t1`.`bio`, `t2`.`id`, `t2`.`user_id`, `t2`.`status`, `t2`.`total`, `t6`.`id`, `t6`.`order_id`, `t6`.`name`, `t8`.`id`, `t8`.`name` FROM `users` AS `t0` LEFT JOIN `profiles` AS `t1` ON `t1`.`user_id` = `t0`.`id` LEFT JOIN `orders` AS `t2` ON `t2`.`user_id` = `t0`.`id` AND EXISTS(SELECT 1 FROM `orders` AS `t4` LEFT JOIN `users` AS `t5` ON `t5`.`id` = `t4`.`user_id` WHERE `t4`.`id` = `t2`.`id` AND `t5`.`age` > ?) LEFT JOIN `items` AS `t6` ON `t6`.`order_id` = `t2`.`id` LEFT JOIN `user_roles` AS `t7` ON `t7`.`user_id` = `t0`.`id` LEFT JOIN `roles` AS `t8` ON `t7`.`role_id` = `t8`.`id` ORDER BY `t0`.`email` ASC, `t2`.`id` DESC
      [3]
    "#);
}

#[test]
fn a_limit_counts_parents() {
    let query = Query::<User>::new().filter(User::age.gt(3)).order_by(User::email).limit(2).for_update();
    let select = Select {
        joins: vec![JoinNode { order: vec![Order::total.asc().term], ..join(User::orders, None) }],
        ..Select::from_parts(&query.parts)
    };
    insta::assert_snapshot!(texts(|dialect| sql::select(dialect, &select)), @r#"
    sqlite: SELECT "t1"."id", "t1"."email", "t1"."age", "t2"."id", "t2"."user_id", "t2"."status", "t2"."total" FROM (SELECT "t0"."id", "t0"."email", "t0"."age", "t0"."email" AS "order:0" FROM "users" AS "t0" WHERE "t0"."age" > ? ORDER BY "t0"."email" ASC LIMIT ?) AS "t1" LEFT JOIN "orders" AS "t2" ON "t2"."user_id" = "t1"."id" ORDER BY "t1"."order:0" ASC, "t2"."total" ASC
      [3, 2]
    postgres: SELECT "t1"."id", "t1"."email", "t1"."age", "t2"."id", "t2"."user_id", "t2"."status", "t2"."total" FROM (SELECT "t0"."id", "t0"."email", "t0"."age", "t0"."email" AS "order:0" FROM "users" AS "t0" WHERE "t0"."age" > $1 ORDER BY "t0"."email" ASC LIMIT $2 FOR UPDATE OF "t0") AS "t1" LEFT JOIN "orders" AS "t2" ON "t2"."user_id" = "t1"."id" ORDER BY "t1"."order:0" ASC, "t2"."total" ASC
      [3, 2]
    mariadb: SELECT `t1`.`id`, `t1`.`email`, `t1`.`age`, `t2`.`id`, `t2`.`user_id`, `t2`.`status`, `t2`.`total` FROM (SELECT `t0`.`id`, `t0`.`email`, `t0`.`age`, `t0`.`email` AS `order:0` FROM `users` AS `t0` WHERE `t0`.`age` > ? ORDER BY `t0`.`email` ASC LIMIT ? FOR UPDATE) AS `t1` LEFT JOIN `orders` AS `t2` ON `t2`.`user_id` = `t1`.`id` ORDER BY `t1`.`order:0` ASC, `t2`.`total` ASC
      [3, 2]
    "#);
}

#[test]
fn rows_near_their_owners() {
    let orders = Select::near(&User::table().relationships[0], keys(&[1, 2, 3]), Criteria::default());
    insta::assert_snapshot!(texts(|dialect| sql::select(dialect, &orders)), @r#"
    sqlite: SELECT "t0"."id", "t0"."user_id", "t0"."status", "t0"."total" FROM "orders" AS "t0" WHERE "t0"."user_id" IN (?, ?, ?, ?) ORDER BY "t0"."id" ASC
      [1, 2, 3, 3]
    postgres: SELECT "t0"."id", "t0"."user_id", "t0"."status", "t0"."total" FROM "orders" AS "t0" WHERE "t0"."user_id" = ANY($1) ORDER BY "t0"."id" ASC
      [[1 2 3]]
    mariadb: SELECT `t0`.`id`, `t0`.`user_id`, `t0`.`status`, `t0`.`total` FROM `orders` AS `t0` WHERE `t0`.`user_id` IN (?, ?, ?, ?) ORDER BY `t0`.`id` ASC
      [1, 2, 3, 3]
    "#);
    let users = Select::near(&Order::table().relationships[0], keys(&[7]), Criteria::default());
    insta::assert_snapshot!(texts(|dialect| sql::select(dialect, &users)), @r#"
    sqlite: SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0" WHERE "t0"."id" IN (?)
      [7]
    postgres: SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0" WHERE "t0"."id" = ANY($1)
      [[7]]
    mariadb: SELECT `t0`.`id`, `t0`.`email`, `t0`.`age` FROM `users` AS `t0` WHERE `t0`.`id` IN (?)
      [7]
    "#);
    let roles = Select::near(&User::table().relationships[2], keys(&[1, 2]), Criteria::default());
    insta::assert_snapshot!(texts(|dialect| sql::select(dialect, &roles)), @r#"
    sqlite: SELECT "t0"."id", "t0"."name", "t1"."user_id" AS "near:0" FROM "roles" AS "t0" INNER JOIN "user_roles" AS "t1" ON "t1"."role_id" = "t0"."id" WHERE "t1"."user_id" IN (?, ?)
      [1, 2]
    postgres: SELECT "t0"."id", "t0"."name", "t1"."user_id" AS "near:0" FROM "roles" AS "t0" INNER JOIN "user_roles" AS "t1" ON "t1"."role_id" = "t0"."id" WHERE "t1"."user_id" = ANY($1)
      [[1 2]]
    mariadb: SELECT `t0`.`id`, `t0`.`name`, `t1`.`user_id` AS `near:0` FROM `roles` AS `t0` INNER JOIN `user_roles` AS `t1` ON `t1`.`role_id` = `t0`.`id` WHERE `t1`.`user_id` IN (?, ?)
      [1, 2]
    "#);
    let managed = Select::near(&Person::table().relationships[0], keys(&[1, 2]), Criteria::default());
    insta::assert_snapshot!(texts(|dialect| sql::select(dialect, &managed)), @r#"
    sqlite: SELECT "t0"."id", "t0"."name", "t1"."source_id" AS "near:0" FROM "people" AS "t0" INNER JOIN "edges" AS "t1" ON "t1"."target_id" = "t0"."id" AND "t1"."kind" = ? WHERE "t1"."source_id" IN (?, ?)
      ["MANAGES", 1, 2]
    postgres: SELECT "t0"."id", "t0"."name", "t1"."source_id" AS "near:0" FROM "people" AS "t0" INNER JOIN "edges" AS "t1" ON "t1"."target_id" = "t0"."id" AND "t1"."kind" = $1 WHERE "t1"."source_id" = ANY($2)
      ["MANAGES", [1 2]]
    mariadb: SELECT `t0`.`id`, `t0`.`name`, `t1`.`source_id` AS `near:0` FROM `people` AS `t0` INNER JOIN `edges` AS `t1` ON `t1`.`target_id` = `t0`.`id` AND `t1`.`kind` = ? WHERE `t1`.`source_id` IN (?, ?)
      ["MANAGES", 1, 2]
    "#);
    let managed_counted = texts(|dialect| sql::count_near(dialect, &managed));
    insta::assert_snapshot!(managed_counted, @r#"
    sqlite: SELECT "t2"."near:0", COUNT(*) FROM (SELECT DISTINCT "t1"."source_id" AS "near:0", "t0"."id" AS "target:id" FROM "people" AS "t0" INNER JOIN "edges" AS "t1" ON "t1"."target_id" = "t0"."id" AND "t1"."kind" = ? WHERE "t1"."source_id" IN (?, ?)) AS "t2" GROUP BY "t2"."near:0"
      ["MANAGES", 1, 2]
    postgres: SELECT "t2"."near:0", COUNT(*) FROM (SELECT DISTINCT "t1"."source_id" AS "near:0", "t0"."id" AS "target:id" FROM "people" AS "t0" INNER JOIN "edges" AS "t1" ON "t1"."target_id" = "t0"."id" AND "t1"."kind" = $1 WHERE "t1"."source_id" = ANY($2)) AS "t2" GROUP BY "t2"."near:0"
      ["MANAGES", [1 2]]
    mariadb: SELECT `t2`.`near:0`, COUNT(*) FROM (SELECT DISTINCT `t1`.`source_id` AS `near:0`, `t0`.`id` AS `target:id` FROM `people` AS `t0` INNER JOIN `edges` AS `t1` ON `t1`.`target_id` = `t0`.`id` AND `t1`.`kind` = ? WHERE `t1`.`source_id` IN (?, ?)) AS `t2` GROUP BY `t2`.`near:0`
      ["MANAGES", 1, 2]
    "#);
}

#[test]
fn composite_keys_are_compared_as_rows() {
    let key = |tenant, code: &str| vec![Value::Int(Some(tenant)), Value::String(Some(code.into()))];
    let entries = Select::near(
        &Account::table().relationships[0],
        vec![key(1, "a"), key(1, "b"), key(2, "a")],
        Criteria::default(),
    );
    insta::assert_snapshot!(texts(|dialect| sql::select(dialect, &entries)), @r#"
    sqlite: SELECT "t0"."id", "t0"."tenant", "t0"."account_code", "t0"."amount" FROM "entries" AS "t0" WHERE ("t0"."tenant", "t0"."account_code") IN (VALUES (?, ?), (?, ?), (?, ?), (?, ?))
      [1, "a", 1, "b", 2, "a", 2, "a"]
    postgres: SELECT "t0"."id", "t0"."tenant", "t0"."account_code", "t0"."amount" FROM "entries" AS "t0" WHERE ("t0"."tenant", "t0"."account_code") IN (SELECT unnest(CAST($1 AS integer[])), unnest(CAST($2 AS text[])))
      [[1 1 2], ["a" "b" "a"]]
    mariadb: SELECT `t0`.`id`, `t0`.`tenant`, `t0`.`account_code`, `t0`.`amount` FROM `entries` AS `t0` WHERE (`t0`.`tenant`, `t0`.`account_code`) IN ((?, ?), (?, ?), (?, ?), (?, ?))
      [1, "a", 1, "b", 2, "a", 2, "a"]
    "#);
}

#[test]
fn a_limit_for_each_owner() {
    let mut orders = Select::near(&User::table().relationships[0], keys(&[1, 2]), Criteria::default());
    orders.order = vec![Order::total.desc().term];
    orders.near.as_mut().expect("near").limit = Some(3);
    orders.joins = vec![join(Order::user, None)];
    insta::assert_snapshot!(texts(|dialect| sql::select(dialect, &orders)), @r#"
    sqlite: SELECT "t1"."id", "t1"."user_id", "t1"."status", "t1"."total", "t2"."id", "t2"."email", "t2"."age" FROM (SELECT "t0"."id", "t0"."user_id", "t0"."status", "t0"."total", "t0"."total" AS "order:0", ROW_NUMBER() OVER ( PARTITION BY "t0"."user_id" ORDER BY "t0"."total" DESC ) AS "row:number" FROM "orders" AS "t0" WHERE "t0"."user_id" IN (?, ?)) AS "t1" LEFT JOIN "users" AS "t2" ON "t2"."id" = "t1"."user_id" WHERE "t1"."row:number" <= ? ORDER BY "t1"."order:0" DESC
      [1, 2, 3]
    postgres: SELECT "t1"."id", "t1"."user_id", "t1"."status", "t1"."total", "t2"."id", "t2"."email", "t2"."age" FROM (SELECT "t0"."id", "t0"."user_id", "t0"."status", "t0"."total", "t0"."total" AS "order:0", ROW_NUMBER() OVER ( PARTITION BY "t0"."user_id" ORDER BY "t0"."total" DESC ) AS "row:number" FROM "orders" AS "t0" WHERE "t0"."user_id" = ANY($1)) AS "t1" LEFT JOIN "users" AS "t2" ON "t2"."id" = "t1"."user_id" WHERE "t1"."row:number" <= $2 ORDER BY "t1"."order:0" DESC
      [[1 2], 3]
    mariadb: SELECT `t1`.`id`, `t1`.`user_id`, `t1`.`status`, `t1`.`total`, `t2`.`id`, `t2`.`email`, `t2`.`age` FROM (SELECT `t0`.`id`, `t0`.`user_id`, `t0`.`status`, `t0`.`total`, `t0`.`total` AS `order:0`, ROW_NUMBER() OVER ( PARTITION BY `t0`.`user_id` ORDER BY `t0`.`total` DESC ) AS `row:number` FROM `orders` AS `t0` WHERE `t0`.`user_id` IN (?, ?)) AS `t1` LEFT JOIN `users` AS `t2` ON `t2`.`id` = `t1`.`user_id` WHERE `t1`.`row:number` <= ? ORDER BY `t1`.`order:0` DESC
      [1, 2, 3]
    "#);
    let mut roles = Select::near(&User::table().relationships[2], keys(&[1]), Criteria::default());
    roles.near.as_mut().expect("near").limit = Some(1);
    insta::assert_snapshot!(texts(|dialect| sql::select(dialect, &roles)), @r#"
    sqlite: SELECT "t2"."id", "t2"."name", "t2"."near:0" FROM (SELECT "t0"."id", "t0"."name", "t1"."user_id" AS "near:0", ROW_NUMBER() OVER ( PARTITION BY "t1"."user_id" ) AS "row:number" FROM "roles" AS "t0" INNER JOIN "user_roles" AS "t1" ON "t1"."role_id" = "t0"."id" WHERE "t1"."user_id" IN (?)) AS "t2" WHERE "t2"."row:number" <= ?
      [1, 1]
    postgres: SELECT "t2"."id", "t2"."name", "t2"."near:0" FROM (SELECT "t0"."id", "t0"."name", "t1"."user_id" AS "near:0", ROW_NUMBER() OVER ( PARTITION BY "t1"."user_id" ) AS "row:number" FROM "roles" AS "t0" INNER JOIN "user_roles" AS "t1" ON "t1"."role_id" = "t0"."id" WHERE "t1"."user_id" = ANY($1)) AS "t2" WHERE "t2"."row:number" <= $2
      [[1], 1]
    mariadb: SELECT `t2`.`id`, `t2`.`name`, `t2`.`near:0` FROM (SELECT `t0`.`id`, `t0`.`name`, `t1`.`user_id` AS `near:0`, ROW_NUMBER() OVER ( PARTITION BY `t1`.`user_id` ) AS `row:number` FROM `roles` AS `t0` INNER JOIN `user_roles` AS `t1` ON `t1`.`role_id` = `t0`.`id` WHERE `t1`.`user_id` IN (?)) AS `t2` WHERE `t2`.`row:number` <= ?
      [1, 1]
    "#);
}

#[test]
fn owners_from_a_subquery() {
    let owners = Select::from_parts(&Query::<User>::new().filter(User::age.gt(3)).order_by(User::id).limit(2).parts);
    let mut orders = Select::near(&User::table().relationships[0], Vec::new(), Criteria::default());
    orders.near = Some(Near { keys: NearKeys::Of(Box::new(owners)), ..orders.near.expect("near") });
    insta::assert_snapshot!(texts(|dialect| sql::select(dialect, &orders)), @r#"
    sqlite: SELECT "t0"."id", "t0"."user_id", "t0"."status", "t0"."total" FROM "orders" AS "t0" INNER JOIN (SELECT DISTINCT "t1"."id" AS "near:0" FROM (SELECT "t2"."id", "t2"."email", "t2"."age" FROM "users" AS "t2" WHERE "t2"."age" > ? ORDER BY "t2"."id" ASC LIMIT ?) AS "t1") AS "t3" ON "t0"."user_id" = "t3"."near:0" ORDER BY "t0"."id" ASC
      [3, 2]
    postgres: SELECT "t0"."id", "t0"."user_id", "t0"."status", "t0"."total" FROM "orders" AS "t0" INNER JOIN (SELECT DISTINCT "t1"."id" AS "near:0" FROM (SELECT "t2"."id", "t2"."email", "t2"."age" FROM "users" AS "t2" WHERE "t2"."age" > $1 ORDER BY "t2"."id" ASC LIMIT $2) AS "t1") AS "t3" ON "t0"."user_id" = "t3"."near:0" ORDER BY "t0"."id" ASC
      [3, 2]
    mariadb: SELECT `t0`.`id`, `t0`.`user_id`, `t0`.`status`, `t0`.`total` FROM `orders` AS `t0` INNER JOIN (SELECT DISTINCT `t1`.`id` AS `near:0` FROM (SELECT `t2`.`id`, `t2`.`email`, `t2`.`age` FROM `users` AS `t2` WHERE `t2`.`age` > ? ORDER BY `t2`.`id` ASC LIMIT ?) AS `t1`) AS `t3` ON `t0`.`user_id` = `t3`.`near:0` ORDER BY `t0`.`id` ASC
      [3, 2]
    "#);
}

#[test]
fn counts_ignore_what_is_loaded_along() {
    let query = Query::<Order>::new().filter(Order::user.path(User::age).gt(3)).with(Order::items.joined());
    insta::assert_snapshot!(texts(|dialect| sql::count(dialect, &query.parts)), @r#"
    sqlite: SELECT COUNT(*) FROM "orders" AS "t0" LEFT JOIN "users" AS "t1" ON "t1"."id" = "t0"."user_id" WHERE "t1"."age" > ?
      [3]
    postgres: SELECT COUNT(*) FROM "orders" AS "t0" LEFT JOIN "users" AS "t1" ON "t1"."id" = "t0"."user_id" WHERE "t1"."age" > $1
      [3]
    mariadb: SELECT COUNT(*) FROM `orders` AS `t0` LEFT JOIN `users` AS `t1` ON `t1`.`id` = `t0`.`user_id` WHERE `t1`.`age` > ?
      [3]
    "#);
    let query = query.limit(5);
    insta::assert_snapshot!(texts(|dialect| sql::count(dialect, &query.parts)), @r#"
    sqlite: SELECT COUNT(*) FROM (SELECT 1 FROM "orders" AS "t0" LEFT JOIN "users" AS "t1" ON "t1"."id" = "t0"."user_id" WHERE "t1"."age" > ? LIMIT ?) AS "t2"
      [3, 5]
    postgres: SELECT COUNT(*) FROM (SELECT 1 FROM "orders" AS "t0" LEFT JOIN "users" AS "t1" ON "t1"."id" = "t0"."user_id" WHERE "t1"."age" > $1 LIMIT $2) AS "t2"
      [3, 5]
    mariadb: SELECT COUNT(*) FROM (SELECT 1 FROM `orders` AS `t0` LEFT JOIN `users` AS `t1` ON `t1`.`id` = `t0`.`user_id` WHERE `t1`.`age` > ? LIMIT ?) AS `t2`
      [3, 5]
    "#);
    let query = query.offset(2);
    insta::assert_snapshot!(texts(|dialect| sql::exists(dialect, &query.parts)), @r#"
    sqlite: SELECT EXISTS(SELECT 1 FROM "orders" AS "t0" LEFT JOIN "users" AS "t1" ON "t1"."id" = "t0"."user_id" WHERE "t1"."age" > ? LIMIT ? OFFSET ?)
      [3, 5, 2]
    postgres: SELECT EXISTS(SELECT 1 FROM "orders" AS "t0" LEFT JOIN "users" AS "t1" ON "t1"."id" = "t0"."user_id" WHERE "t1"."age" > $1 LIMIT $2 OFFSET $3)
      [3, 5, 2]
    mariadb: SELECT EXISTS(SELECT 1 FROM `orders` AS `t0` LEFT JOIN `users` AS `t1` ON `t1`.`id` = `t0`.`user_id` WHERE `t1`.`age` > ? LIMIT ? OFFSET ?)
      [3, 5, 2]
    "#);
}

#[test]
fn columns_and_aggregates() {
    let query = Query::<Order>::new()
        .filter(Order::total.gt(0))
        .select((Order::status, count(), Order::total.sum(), Order::total.avg(), Order::user.path(User::age).max()))
        .group_by(Order::status)
        .having(count().gt(5))
        .order_by(count().desc())
        .limit(3);
    insta::assert_snapshot!(texts(|dialect| sql::tuples(dialect, &query.tuples)), @r#"
    sqlite: SELECT "t0"."status" AS "column:0", COUNT(*) AS "column:1", SUM("t0"."total") AS "column:2", AVG("t0"."total") AS "column:3", MAX("t1"."age") AS "column:4" FROM "orders" AS "t0" LEFT JOIN "users" AS "t1" ON "t1"."id" = "t0"."user_id" WHERE "t0"."total" > ? GROUP BY "t0"."status" HAVING COUNT(*) > ? ORDER BY 2 DESC LIMIT ?
      [0, 5, 3]
    postgres: SELECT "t0"."status" AS "column:0", COUNT(*) AS "column:1", CAST(SUM("t0"."total") AS bigint) AS "column:2", CAST(AVG("t0"."total") AS double precision) AS "column:3", MAX("t1"."age") AS "column:4" FROM "orders" AS "t0" LEFT JOIN "users" AS "t1" ON "t1"."id" = "t0"."user_id" WHERE "t0"."total" > $1 GROUP BY "t0"."status" HAVING COUNT(*) > $2 ORDER BY 2 DESC LIMIT $3
      [0, 5, 3]
    mariadb: SELECT `t0`.`status` AS `column:0`, COUNT(*) AS `column:1`, CAST(SUM(`t0`.`total`) AS signed) AS `column:2`, CAST(AVG(`t0`.`total`) AS double) AS `column:3`, MAX(`t1`.`age`) AS `column:4` FROM `orders` AS `t0` LEFT JOIN `users` AS `t1` ON `t1`.`id` = `t0`.`user_id` WHERE `t0`.`total` > ? GROUP BY `t0`.`status` HAVING COUNT(*) > ? ORDER BY 2 DESC LIMIT ?
      [0, 5, 3]
    "#);
    insta::assert_snapshot!(texts(|dialect| sql::count_tuples(dialect, &query.tuples)), @r#"
    sqlite: SELECT COUNT(*) FROM (SELECT "t0"."status" AS "column:0", COUNT(*) AS "column:1", SUM("t0"."total") AS "column:2", AVG("t0"."total") AS "column:3", MAX("t1"."age") AS "column:4" FROM "orders" AS "t0" LEFT JOIN "users" AS "t1" ON "t1"."id" = "t0"."user_id" WHERE "t0"."total" > ? GROUP BY "t0"."status" HAVING COUNT(*) > ? ORDER BY 2 DESC LIMIT ?) AS "t2"
      [0, 5, 3]
    postgres: SELECT COUNT(*) FROM (SELECT "t0"."status" AS "column:0", COUNT(*) AS "column:1", CAST(SUM("t0"."total") AS bigint) AS "column:2", CAST(AVG("t0"."total") AS double precision) AS "column:3", MAX("t1"."age") AS "column:4" FROM "orders" AS "t0" LEFT JOIN "users" AS "t1" ON "t1"."id" = "t0"."user_id" WHERE "t0"."total" > $1 GROUP BY "t0"."status" HAVING COUNT(*) > $2 ORDER BY 2 DESC LIMIT $3) AS "t2"
      [0, 5, 3]
    mariadb: SELECT COUNT(*) FROM (SELECT `t0`.`status` AS `column:0`, COUNT(*) AS `column:1`, CAST(SUM(`t0`.`total`) AS signed) AS `column:2`, CAST(AVG(`t0`.`total`) AS double) AS `column:3`, MAX(`t1`.`age`) AS `column:4` FROM `orders` AS `t0` LEFT JOIN `users` AS `t1` ON `t1`.`id` = `t0`.`user_id` WHERE `t0`.`total` > ? GROUP BY `t0`.`status` HAVING COUNT(*) > ? ORDER BY 2 DESC LIMIT ?) AS `t2`
      [0, 5, 3]
    "#);
}

#[test]
fn set_based_writes() {
    let plain = Query::<Account>::new()
        .filter(Account::address.eq("::1"))
        .set(Account::version, 3)
        .set(Account::address, "::2");
    insta::assert_snapshot!(texts(|dialect| sql::RowsUpdate::new(plain.parts.clone(), plain.values.clone()).statement(dialect)), @r#"
    sqlite: UPDATE "accounts" SET "version" = ?, "address" = ? WHERE "address" = ?
      [3, "::2", "::1"]
    postgres: UPDATE "accounts" SET "version" = $1, "address" = CAST($2 AS inet) WHERE "address" = CAST($3 AS inet)
      [3, "::2", "::1"]
    mariadb: UPDATE `accounts` SET `version` = ?, `address` = ? WHERE `address` = ?
      [3, "::2", "::1"]
    "#);
    let related = Query::<User>::new().filter(User::orders.any(Order::total.gt(5))).set(User::age, None);
    insta::assert_snapshot!(texts(|dialect| sql::RowsUpdate::new(related.parts.clone(), related.values.clone()).statement(dialect)), @r#"
    sqlite: UPDATE "users" SET "age" = ? WHERE "id" IN (SELECT "t0"."id" FROM "users" AS "t0" WHERE EXISTS(SELECT 1 FROM "orders" AS "t1" WHERE "t1"."user_id" = "t0"."id" AND "t1"."total" > ?))
      [Int(None), 5]
    postgres: UPDATE "users" SET "age" = $1 WHERE "id" IN (SELECT "t0"."id" FROM "users" AS "t0" WHERE EXISTS(SELECT 1 FROM "orders" AS "t1" WHERE "t1"."user_id" = "t0"."id" AND "t1"."total" > $2))
      [Int(None), 5]
    mariadb: UPDATE `users` SET `age` = ? WHERE `id` IN (SELECT `id` FROM (SELECT DISTINCT `id` FROM (SELECT `t0`.`id` FROM `users` AS `t0` WHERE EXISTS(SELECT 1 FROM `orders` AS `t1` WHERE `t1`.`user_id` = `t0`.`id` AND `t1`.`total` > ?)) AS `t2`) AS `t3`)
      [Int(None), 5]
    "#);
    let limited = Query::<Order>::new().order_by(Order::id.desc()).limit(3);
    insta::assert_snapshot!(texts(|dialect| sql::delete_rows(dialect, &limited.parts)), @r#"
    sqlite: DELETE FROM "orders" WHERE "id" IN (SELECT "t0"."id" FROM "orders" AS "t0" ORDER BY "t0"."id" DESC LIMIT ?)
      [3]
    postgres: DELETE FROM "orders" WHERE "id" IN (SELECT "t0"."id" FROM "orders" AS "t0" ORDER BY "t0"."id" DESC LIMIT $1)
      [3]
    mariadb: DELETE FROM `orders` WHERE `id` IN (SELECT `id` FROM (SELECT DISTINCT `id` FROM (SELECT `t0`.`id` FROM `orders` AS `t0` ORDER BY `t0`.`id` DESC LIMIT ?) AS `t1`) AS `t2`)
      [3]
    "#);
    insta::assert_snapshot!(texts(|dialect| sql::delete_rows(dialect, &Query::<Account>::new().filter(Account::entries.exists()).parts)), @r#"
    sqlite: DELETE FROM "accounts" WHERE ("tenant", "code") IN (SELECT "t0"."tenant", "t0"."code" FROM "accounts" AS "t0" WHERE EXISTS(SELECT 1 FROM "entries" AS "t1" WHERE "t1"."tenant" = "t0"."tenant" AND "t1"."account_code" = "t0"."code"))
      []
    postgres: DELETE FROM "accounts" WHERE ("tenant", "code") IN (SELECT "t0"."tenant", "t0"."code" FROM "accounts" AS "t0" WHERE EXISTS(SELECT 1 FROM "entries" AS "t1" WHERE "t1"."tenant" = "t0"."tenant" AND "t1"."account_code" = "t0"."code"))
      []
    mariadb: DELETE FROM `accounts` WHERE (`tenant`, `code`) IN (SELECT `tenant`, `code` FROM (SELECT DISTINCT `tenant`, `code` FROM (SELECT `t0`.`tenant`, `t0`.`code` FROM `accounts` AS `t0` WHERE EXISTS(SELECT 1 FROM `entries` AS `t1` WHERE `t1`.`tenant` = `t0`.`tenant` AND `t1`.`account_code` = `t0`.`code`)) AS `t2`) AS `t3`)
      []
    "#);
    assert!(Query::<Order>::new().parts.require_scope("update").is_err());
}
