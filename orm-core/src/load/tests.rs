//! What each strategy sends, dialects side by side: the statement of the query, then those of what is loaded after it.
use super::plan::{After, Plan, plan, plan_near};
use crate::{
    driver::Dialect,
    query::{Criteria, Include, Query, RelationQuery},
    schema::Strategy,
    sql::{
        self, NearKeys, Select,
        tests::models::{Account, Category, Item, Order, Person, Profile, User},
    },
    value::{SqlType, Value},
};

fn text(dialect: Dialect, select: &Select) -> String {
    format!("  {}", sql::select(dialect, select).expect("a query without mistakes").sql)
}

/// Two owners, whose keys are of the right width.
fn two(include: &Include) -> NearKeys {
    let relationship = include.relationship;
    let column = |column: &u16| match relationship.owner().columns[usize::from(*column)].sql_type {
        SqlType::Text => Value::String(Some("a".into())),
        SqlType::I32 => Value::Int(Some(1)),
        _ => Value::BigInt(Some(1)),
    };
    let key: Vec<Value> = relationship.near_key().iter().map(column).collect();
    NearKeys::Values(vec![key.clone(), key])
}

fn after(dialect: Dialect, plan: &Plan, texts: &mut Vec<String>) {
    for After { part, include, path, .. } in &plan.after {
        let repeats = *part == 0 && plan.whole && include.strategy() == Strategy::Subquery;
        let keys = if repeats { NearKeys::Of(Box::new(plan.select.clone())) } else { two(include) };
        let next = plan_near(include, keys, path, &Criteria::default());
        texts.push(text(dialect, &next.select));
        after(dialect, &next, texts);
    }
}

fn in_each(statements: impl Fn(Dialect) -> Vec<String>) -> String {
    let each = [("sqlite", Dialect::Sqlite), ("postgres", Dialect::Postgres), ("mariadb", Dialect::MariaDb)];
    each.map(|(name, dialect)| format!("{name}\n{}", statements(dialect).join("\n"))).join("\n")
}

fn sent<M>(query: Query<M>) -> String {
    in_each(|dialect| {
        let plan = plan(*query.parts.clone(), Criteria::default());
        let mut texts = vec![text(dialect, &plan.select)];
        after(dialect, &plan, &mut texts);
        texts
    })
}

/// What is sent when a relationship of one entity is awaited.
fn awaited<R: RelationQuery>(_: R) -> String {
    in_each(|dialect| {
        let include = Include::new(R::relationship());
        let NearKeys::Values(keys) = two(&include) else { return Vec::new() };
        let keys = NearKeys::Values(keys.into_iter().take(1).collect());
        vec![text(dialect, &plan_near(&include, keys, &[include.relationship.owner()], &Criteria::default()).select)]
    })
}

fn users() -> Query<User> {
    Query::new()
}

#[test]
fn lazy() {
    insta::assert_snapshot!(awaited(User::orders), @r#"
    sqlite
      SELECT "t0"."id", "t0"."user_id", "t0"."status", "t0"."total" FROM "orders" AS "t0" WHERE "t0"."user_id" IN (?) ORDER BY "t0"."id" ASC
    postgres
      SELECT "t0"."id", "t0"."user_id", "t0"."status", "t0"."total" FROM "orders" AS "t0" WHERE "t0"."user_id" = ANY($1) ORDER BY "t0"."id" ASC
    mariadb
      SELECT `t0`.`id`, `t0`.`user_id`, `t0`.`status`, `t0`.`total` FROM `orders` AS `t0` WHERE `t0`.`user_id` IN (?) ORDER BY `t0`.`id` ASC
    "#);
    insta::assert_snapshot!(awaited(Order::user), @r#"
    sqlite
      SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0" WHERE "t0"."id" IN (?)
    postgres
      SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0" WHERE "t0"."id" = ANY($1)
    mariadb
      SELECT `t0`.`id`, `t0`.`email`, `t0`.`age` FROM `users` AS `t0` WHERE `t0`.`id` IN (?)
    "#);
    insta::assert_snapshot!(awaited(User::roles), @r#"
    sqlite
      SELECT "t0"."id", "t0"."name", "t1"."user_id" AS "near:0" FROM "roles" AS "t0" INNER JOIN "user_roles" AS "t1" ON "t1"."role_id" = "t0"."id" WHERE "t1"."user_id" IN (?)
    postgres
      SELECT "t0"."id", "t0"."name", "t1"."user_id" AS "near:0" FROM "roles" AS "t0" INNER JOIN "user_roles" AS "t1" ON "t1"."role_id" = "t0"."id" WHERE "t1"."user_id" = ANY($1)
    mariadb
      SELECT `t0`.`id`, `t0`.`name`, `t1`.`user_id` AS `near:0` FROM `roles` AS `t0` INNER JOIN `user_roles` AS `t1` ON `t1`.`role_id` = `t0`.`id` WHERE `t1`.`user_id` IN (?)
    "#);
    insta::assert_snapshot!(awaited(Account::entries), @r#"
    sqlite
      SELECT "t0"."id", "t0"."tenant", "t0"."account_code", "t0"."amount" FROM "entries" AS "t0" WHERE ("t0"."tenant", "t0"."account_code") IN (VALUES (?, ?))
    postgres
      SELECT "t0"."id", "t0"."tenant", "t0"."account_code", "t0"."amount" FROM "entries" AS "t0" WHERE ("t0"."tenant", "t0"."account_code") IN (SELECT unnest(CAST($1 AS integer[])), unnest(CAST($2 AS text[])))
    mariadb
      SELECT `t0`.`id`, `t0`.`tenant`, `t0`.`account_code`, `t0`.`amount` FROM `entries` AS `t0` WHERE (`t0`.`tenant`, `t0`.`account_code`) IN ((?, ?))
    "#);
}

#[test]
fn select_in() {
    insta::assert_snapshot!(sent(users().with(User::orders.selectin().with(Order::items.selectin()))), @r#"
    sqlite
      SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0"
      SELECT "t0"."id", "t0"."user_id", "t0"."status", "t0"."total" FROM "orders" AS "t0" WHERE "t0"."user_id" IN (?, ?) ORDER BY "t0"."id" ASC
      SELECT "t0"."id", "t0"."order_id", "t0"."name" FROM "items" AS "t0" WHERE "t0"."order_id" IN (?, ?)
    postgres
      SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0"
      SELECT "t0"."id", "t0"."user_id", "t0"."status", "t0"."total" FROM "orders" AS "t0" WHERE "t0"."user_id" = ANY($1) ORDER BY "t0"."id" ASC
      SELECT "t0"."id", "t0"."order_id", "t0"."name" FROM "items" AS "t0" WHERE "t0"."order_id" = ANY($1)
    mariadb
      SELECT `t0`.`id`, `t0`.`email`, `t0`.`age` FROM `users` AS `t0`
      SELECT `t0`.`id`, `t0`.`user_id`, `t0`.`status`, `t0`.`total` FROM `orders` AS `t0` WHERE `t0`.`user_id` IN (?, ?) ORDER BY `t0`.`id` ASC
      SELECT `t0`.`id`, `t0`.`order_id`, `t0`.`name` FROM `items` AS `t0` WHERE `t0`.`order_id` IN (?, ?)
    "#);
}

#[test]
fn select_in_of_a_parent() {
    insta::assert_snapshot!(sent(Query::<Order>::new().with(Order::user.selectin())), @r#"
    sqlite
      SELECT "t0"."id", "t0"."user_id", "t0"."status", "t0"."total" FROM "orders" AS "t0"
      SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0" WHERE "t0"."id" IN (?, ?)
    postgres
      SELECT "t0"."id", "t0"."user_id", "t0"."status", "t0"."total" FROM "orders" AS "t0"
      SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0" WHERE "t0"."id" = ANY($1)
    mariadb
      SELECT `t0`.`id`, `t0`.`user_id`, `t0`.`status`, `t0`.`total` FROM `orders` AS `t0`
      SELECT `t0`.`id`, `t0`.`email`, `t0`.`age` FROM `users` AS `t0` WHERE `t0`.`id` IN (?, ?)
    "#);
}

#[test]
fn select_in_by_keys_of_two_columns() {
    insta::assert_snapshot!(sent(Query::<Account>::new().with(Account::entries.selectin())), @r#"
    sqlite
      SELECT "t0"."tenant", "t0"."code", "t0"."address", "t0"."version" FROM "accounts" AS "t0"
      SELECT "t0"."id", "t0"."tenant", "t0"."account_code", "t0"."amount" FROM "entries" AS "t0" WHERE ("t0"."tenant", "t0"."account_code") IN (VALUES (?, ?), (?, ?))
    postgres
      SELECT "t0"."tenant", "t0"."code", "t0"."address", "t0"."version" FROM "accounts" AS "t0"
      SELECT "t0"."id", "t0"."tenant", "t0"."account_code", "t0"."amount" FROM "entries" AS "t0" WHERE ("t0"."tenant", "t0"."account_code") IN (SELECT unnest(CAST($1 AS integer[])), unnest(CAST($2 AS text[])))
    mariadb
      SELECT `t0`.`tenant`, `t0`.`code`, `t0`.`address`, `t0`.`version` FROM `accounts` AS `t0`
      SELECT `t0`.`id`, `t0`.`tenant`, `t0`.`account_code`, `t0`.`amount` FROM `entries` AS `t0` WHERE (`t0`.`tenant`, `t0`.`account_code`) IN ((?, ?), (?, ?))
    "#);
}

#[test]
fn select_in_over_a_link_with_a_constant() {
    insta::assert_snapshot!(sent(Query::<Person>::new().with(Person::manages.selectin())), @r#"
    sqlite
      SELECT "t0"."id", "t0"."name" FROM "people" AS "t0"
      SELECT "t0"."id", "t0"."name", "t1"."source_id" AS "near:0" FROM "people" AS "t0" INNER JOIN "edges" AS "t1" ON "t1"."target_id" = "t0"."id" AND "t1"."kind" = ? WHERE "t1"."source_id" IN (?, ?)
    postgres
      SELECT "t0"."id", "t0"."name" FROM "people" AS "t0"
      SELECT "t0"."id", "t0"."name", "t1"."source_id" AS "near:0" FROM "people" AS "t0" INNER JOIN "edges" AS "t1" ON "t1"."target_id" = "t0"."id" AND "t1"."kind" = $1 WHERE "t1"."source_id" = ANY($2)
    mariadb
      SELECT `t0`.`id`, `t0`.`name` FROM `people` AS `t0`
      SELECT `t0`.`id`, `t0`.`name`, `t1`.`source_id` AS `near:0` FROM `people` AS `t0` INNER JOIN `edges` AS `t1` ON `t1`.`target_id` = `t0`.`id` AND `t1`.`kind` = ? WHERE `t1`.`source_id` IN (?, ?)
    "#);
}

#[test]
fn joined() {
    let query = Query::<Item>::new().with(Item::order.joined().with(Order::user.joined()));
    insta::assert_snapshot!(sent(query), @r#"
    sqlite
      SELECT "t0"."id", "t0"."order_id", "t0"."name", "t1"."id", "t1"."user_id", "t1"."status", "t1"."total", "t2"."id", "t2"."email", "t2"."age" FROM "items" AS "t0" LEFT JOIN "orders" AS "t1" ON "t1"."id" = "t0"."order_id" LEFT JOIN "users" AS "t2" ON "t2"."id" = "t1"."user_id"
    postgres
      SELECT "t0"."id", "t0"."order_id", "t0"."name", "t1"."id", "t1"."user_id", "t1"."status", "t1"."total", "t2"."id", "t2"."email", "t2"."age" FROM "items" AS "t0" LEFT JOIN "orders" AS "t1" ON "t1"."id" = "t0"."order_id" LEFT JOIN "users" AS "t2" ON "t2"."id" = "t1"."user_id"
    mariadb
      SELECT `t0`.`id`, `t0`.`order_id`, `t0`.`name`, `t1`.`id`, `t1`.`user_id`, `t1`.`status`, `t1`.`total`, `t2`.`id`, `t2`.`email`, `t2`.`age` FROM `items` AS `t0` LEFT JOIN `orders` AS `t1` ON `t1`.`id` = `t0`.`order_id` LEFT JOIN `users` AS `t2` ON `t2`.`id` = `t1`.`user_id`
    "#);
}

#[test]
fn joined_keys_of_two_columns() {
    insta::assert_snapshot!(sent(Query::<Account>::new().with(Account::entries.joined())), @r#"
    sqlite
      SELECT "t0"."tenant", "t0"."code", "t0"."address", "t0"."version", "t1"."id", "t1"."tenant", "t1"."account_code", "t1"."amount" FROM "accounts" AS "t0" LEFT JOIN "entries" AS "t1" ON "t1"."tenant" = "t0"."tenant" AND "t1"."account_code" = "t0"."code"
    postgres
      SELECT "t0"."tenant", "t0"."code", "t0"."address", "t0"."version", "t1"."id", "t1"."tenant", "t1"."account_code", "t1"."amount" FROM "accounts" AS "t0" LEFT JOIN "entries" AS "t1" ON "t1"."tenant" = "t0"."tenant" AND "t1"."account_code" = "t0"."code"
    mariadb
      SELECT `t0`.`tenant`, `t0`.`code`, `t0`.`address`, `t0`.`version`, `t1`.`id`, `t1`.`tenant`, `t1`.`account_code`, `t1`.`amount` FROM `accounts` AS `t0` LEFT JOIN `entries` AS `t1` ON `t1`.`tenant` = `t0`.`tenant` AND `t1`.`account_code` = `t0`.`code`
    "#);
}

#[test]
fn joined_collection_with_a_limit() {
    insta::assert_snapshot!(sent(users().order_by(User::email).limit(2).with(User::orders.joined())), @r#"
    sqlite
      SELECT "t1"."id", "t1"."email", "t1"."age", "t2"."id", "t2"."user_id", "t2"."status", "t2"."total" FROM (SELECT "t0"."id", "t0"."email", "t0"."age", "t0"."email" AS "order:0" FROM "users" AS "t0" ORDER BY "t0"."email" ASC LIMIT ?) AS "t1" LEFT JOIN "orders" AS "t2" ON "t2"."user_id" = "t1"."id" ORDER BY "t1"."order:0" ASC, "t2"."id" ASC
    postgres
      SELECT "t1"."id", "t1"."email", "t1"."age", "t2"."id", "t2"."user_id", "t2"."status", "t2"."total" FROM (SELECT "t0"."id", "t0"."email", "t0"."age", "t0"."email" AS "order:0" FROM "users" AS "t0" ORDER BY "t0"."email" ASC LIMIT $1) AS "t1" LEFT JOIN "orders" AS "t2" ON "t2"."user_id" = "t1"."id" ORDER BY "t1"."order:0" ASC, "t2"."id" ASC
    mariadb
      SELECT `t1`.`id`, `t1`.`email`, `t1`.`age`, `t2`.`id`, `t2`.`user_id`, `t2`.`status`, `t2`.`total` FROM (SELECT `t0`.`id`, `t0`.`email`, `t0`.`age`, `t0`.`email` AS `order:0` FROM `users` AS `t0` ORDER BY `t0`.`email` ASC LIMIT ?) AS `t1` LEFT JOIN `orders` AS `t2` ON `t2`.`user_id` = `t1`.`id` ORDER BY `t1`.`order:0` ASC, `t2`.`id` ASC
    "#);
}

#[test]
fn joined_collection_beside_another() {
    insta::assert_snapshot!(sent(users().with((User::orders.joined(), User::roles.joined()))), @r#"
    sqlite
      SELECT "t0"."id", "t0"."email", "t0"."age", "t1"."id", "t1"."user_id", "t1"."status", "t1"."total" FROM "users" AS "t0" LEFT JOIN "orders" AS "t1" ON "t1"."user_id" = "t0"."id" ORDER BY "t1"."id" ASC
      SELECT "t0"."id", "t0"."name", "t1"."user_id" AS "near:0" FROM "roles" AS "t0" INNER JOIN "user_roles" AS "t1" ON "t1"."role_id" = "t0"."id" WHERE "t1"."user_id" IN (?, ?)
    postgres
      SELECT "t0"."id", "t0"."email", "t0"."age", "t1"."id", "t1"."user_id", "t1"."status", "t1"."total" FROM "users" AS "t0" LEFT JOIN "orders" AS "t1" ON "t1"."user_id" = "t0"."id" ORDER BY "t1"."id" ASC
      SELECT "t0"."id", "t0"."name", "t1"."user_id" AS "near:0" FROM "roles" AS "t0" INNER JOIN "user_roles" AS "t1" ON "t1"."role_id" = "t0"."id" WHERE "t1"."user_id" = ANY($1)
    mariadb
      SELECT `t0`.`id`, `t0`.`email`, `t0`.`age`, `t1`.`id`, `t1`.`user_id`, `t1`.`status`, `t1`.`total` FROM `users` AS `t0` LEFT JOIN `orders` AS `t1` ON `t1`.`user_id` = `t0`.`id` ORDER BY `t1`.`id` ASC
      SELECT `t0`.`id`, `t0`.`name`, `t1`.`user_id` AS `near:0` FROM `roles` AS `t0` INNER JOIN `user_roles` AS `t1` ON `t1`.`role_id` = `t0`.`id` WHERE `t1`.`user_id` IN (?, ?)
    "#);
}

#[test]
fn joined_to_its_own_model() {
    let query = Query::<Category>::new().with(Category::parent.joined().with(Category::parent.joined()));
    insta::assert_snapshot!(sent(query), @r#"
    sqlite
      SELECT "t0"."id", "t0"."name", "t0"."parent_id", "t1"."id", "t1"."name", "t1"."parent_id", "t2"."id", "t2"."name", "t2"."parent_id" FROM "categories" AS "t0" LEFT JOIN "categories" AS "t1" ON "t1"."id" = "t0"."parent_id" LEFT JOIN "categories" AS "t2" ON "t2"."id" = "t1"."parent_id"
    postgres
      SELECT "t0"."id", "t0"."name", "t0"."parent_id", "t1"."id", "t1"."name", "t1"."parent_id", "t2"."id", "t2"."name", "t2"."parent_id" FROM "categories" AS "t0" LEFT JOIN "categories" AS "t1" ON "t1"."id" = "t0"."parent_id" LEFT JOIN "categories" AS "t2" ON "t2"."id" = "t1"."parent_id"
    mariadb
      SELECT `t0`.`id`, `t0`.`name`, `t0`.`parent_id`, `t1`.`id`, `t1`.`name`, `t1`.`parent_id`, `t2`.`id`, `t2`.`name`, `t2`.`parent_id` FROM `categories` AS `t0` LEFT JOIN `categories` AS `t1` ON `t1`.`id` = `t0`.`parent_id` LEFT JOIN `categories` AS `t2` ON `t2`.`id` = `t1`.`parent_id`
    "#);
}

#[test]
fn inner_joined() {
    let query = users().with(User::orders.inner_joined().filter(Order::total.gt(5)));
    insta::assert_snapshot!(sent(query), @r#"
    sqlite
      SELECT "t0"."id", "t0"."email", "t0"."age", "t1"."id", "t1"."user_id", "t1"."status", "t1"."total" FROM "users" AS "t0" INNER JOIN "orders" AS "t1" ON "t1"."user_id" = "t0"."id" AND "t1"."total" > ? ORDER BY "t1"."id" ASC
    postgres
      SELECT "t0"."id", "t0"."email", "t0"."age", "t1"."id", "t1"."user_id", "t1"."status", "t1"."total" FROM "users" AS "t0" INNER JOIN "orders" AS "t1" ON "t1"."user_id" = "t0"."id" AND "t1"."total" > $1 ORDER BY "t1"."id" ASC
    mariadb
      SELECT `t0`.`id`, `t0`.`email`, `t0`.`age`, `t1`.`id`, `t1`.`user_id`, `t1`.`status`, `t1`.`total` FROM `users` AS `t0` INNER JOIN `orders` AS `t1` ON `t1`.`user_id` = `t0`.`id` AND `t1`.`total` > ? ORDER BY `t1`.`id` ASC
    "#);
}

#[test]
fn inner_joined_with_a_limit_for_each_owner() {
    let load = User::orders.inner_joined().filter(Order::total.gt(5)).limit(1);
    insta::assert_snapshot!(sent(users().with(load)), @r#"
    sqlite
      SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0" WHERE EXISTS(SELECT 1 FROM "orders" AS "t1" WHERE "t1"."user_id" = "t0"."id" AND "t1"."total" > ?)
      SELECT "t1"."id", "t1"."user_id", "t1"."status", "t1"."total" FROM (SELECT "t0"."id", "t0"."user_id", "t0"."status", "t0"."total", "t0"."id" AS "order:0", ROW_NUMBER() OVER ( PARTITION BY "t0"."user_id" ORDER BY "t0"."id" ASC ) AS "row:number" FROM "orders" AS "t0" WHERE "t0"."user_id" IN (?, ?) AND "t0"."total" > ?) AS "t1" WHERE "t1"."row:number" <= ? ORDER BY "t1"."order:0" ASC
    postgres
      SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0" WHERE EXISTS(SELECT 1 FROM "orders" AS "t1" WHERE "t1"."user_id" = "t0"."id" AND "t1"."total" > $1)
      SELECT "t1"."id", "t1"."user_id", "t1"."status", "t1"."total" FROM (SELECT "t0"."id", "t0"."user_id", "t0"."status", "t0"."total", "t0"."id" AS "order:0", ROW_NUMBER() OVER ( PARTITION BY "t0"."user_id" ORDER BY "t0"."id" ASC ) AS "row:number" FROM "orders" AS "t0" WHERE "t0"."user_id" = ANY($1) AND "t0"."total" > $2) AS "t1" WHERE "t1"."row:number" <= $3 ORDER BY "t1"."order:0" ASC
    mariadb
      SELECT `t0`.`id`, `t0`.`email`, `t0`.`age` FROM `users` AS `t0` WHERE EXISTS(SELECT 1 FROM `orders` AS `t1` WHERE `t1`.`user_id` = `t0`.`id` AND `t1`.`total` > ?)
      SELECT `t1`.`id`, `t1`.`user_id`, `t1`.`status`, `t1`.`total` FROM (SELECT `t0`.`id`, `t0`.`user_id`, `t0`.`status`, `t0`.`total`, `t0`.`id` AS `order:0`, ROW_NUMBER() OVER ( PARTITION BY `t0`.`user_id` ORDER BY `t0`.`id` ASC ) AS `row:number` FROM `orders` AS `t0` WHERE `t0`.`user_id` IN (?, ?) AND `t0`.`total` > ?) AS `t1` WHERE `t1`.`row:number` <= ? ORDER BY `t1`.`order:0` ASC
    "#);
}

#[test]
fn inner_joined_below_a_parent() {
    let load = Order::user.inner_joined().with(User::profile.inner_joined().filter(Profile::bio.ne("")));
    insta::assert_snapshot!(sent(Query::<Order>::new().with(load)), @r#"
    sqlite
      SELECT "t0"."id", "t0"."user_id", "t0"."status", "t0"."total", "t1"."id", "t1"."email", "t1"."age", "t2"."id", "t2"."user_id", "t2"."bio" FROM "orders" AS "t0" INNER JOIN "users" AS "t1" ON "t1"."id" = "t0"."user_id" INNER JOIN "profiles" AS "t2" ON "t2"."user_id" = "t1"."id" AND "t2"."bio" <> ?
    postgres
      SELECT "t0"."id", "t0"."user_id", "t0"."status", "t0"."total", "t1"."id", "t1"."email", "t1"."age", "t2"."id", "t2"."user_id", "t2"."bio" FROM "orders" AS "t0" INNER JOIN "users" AS "t1" ON "t1"."id" = "t0"."user_id" INNER JOIN "profiles" AS "t2" ON "t2"."user_id" = "t1"."id" AND "t2"."bio" <> $1
    mariadb
      SELECT `t0`.`id`, `t0`.`user_id`, `t0`.`status`, `t0`.`total`, `t1`.`id`, `t1`.`email`, `t1`.`age`, `t2`.`id`, `t2`.`user_id`, `t2`.`bio` FROM `orders` AS `t0` INNER JOIN `users` AS `t1` ON `t1`.`id` = `t0`.`user_id` INNER JOIN `profiles` AS `t2` ON `t2`.`user_id` = `t1`.`id` AND `t2`.`bio` <> ?
    "#);
    let load = Order::user.inner_joined().with(User::roles.inner_joined().limit(1));
    insta::assert_snapshot!(sent(Query::<Order>::new().with(load)), @r#"
    sqlite
      SELECT "t0"."id", "t0"."user_id", "t0"."status", "t0"."total", "t3"."id", "t3"."email", "t3"."age" FROM "orders" AS "t0" LEFT JOIN "users" AS "t1" ON "t1"."id" = "t0"."user_id" INNER JOIN "users" AS "t3" ON "t3"."id" = "t0"."user_id" WHERE EXISTS(SELECT 1 FROM "user_roles" AS "t2" WHERE "t2"."user_id" = "t1"."id")
      SELECT "t2"."id", "t2"."name", "t2"."near:0" FROM (SELECT "t0"."id", "t0"."name", "t1"."user_id" AS "near:0", ROW_NUMBER() OVER ( PARTITION BY "t1"."user_id" ) AS "row:number" FROM "roles" AS "t0" INNER JOIN "user_roles" AS "t1" ON "t1"."role_id" = "t0"."id" WHERE "t1"."user_id" IN (?, ?)) AS "t2" WHERE "t2"."row:number" <= ?
    postgres
      SELECT "t0"."id", "t0"."user_id", "t0"."status", "t0"."total", "t3"."id", "t3"."email", "t3"."age" FROM "orders" AS "t0" LEFT JOIN "users" AS "t1" ON "t1"."id" = "t0"."user_id" INNER JOIN "users" AS "t3" ON "t3"."id" = "t0"."user_id" WHERE EXISTS(SELECT 1 FROM "user_roles" AS "t2" WHERE "t2"."user_id" = "t1"."id")
      SELECT "t2"."id", "t2"."name", "t2"."near:0" FROM (SELECT "t0"."id", "t0"."name", "t1"."user_id" AS "near:0", ROW_NUMBER() OVER ( PARTITION BY "t1"."user_id" ) AS "row:number" FROM "roles" AS "t0" INNER JOIN "user_roles" AS "t1" ON "t1"."role_id" = "t0"."id" WHERE "t1"."user_id" = ANY($1)) AS "t2" WHERE "t2"."row:number" <= $2
    mariadb
      SELECT `t0`.`id`, `t0`.`user_id`, `t0`.`status`, `t0`.`total`, `t3`.`id`, `t3`.`email`, `t3`.`age` FROM `orders` AS `t0` LEFT JOIN `users` AS `t1` ON `t1`.`id` = `t0`.`user_id` INNER JOIN `users` AS `t3` ON `t3`.`id` = `t0`.`user_id` WHERE EXISTS(SELECT 1 FROM `user_roles` AS `t2` WHERE `t2`.`user_id` = `t1`.`id`)
      SELECT `t2`.`id`, `t2`.`name`, `t2`.`near:0` FROM (SELECT `t0`.`id`, `t0`.`name`, `t1`.`user_id` AS `near:0`, ROW_NUMBER() OVER ( PARTITION BY `t1`.`user_id` ) AS `row:number` FROM `roles` AS `t0` INNER JOIN `user_roles` AS `t1` ON `t1`.`role_id` = `t0`.`id` WHERE `t1`.`user_id` IN (?, ?)) AS `t2` WHERE `t2`.`row:number` <= ?
    "#);
}

#[test]
fn subquery() {
    let query = users().filter(User::age.gt(3)).order_by(User::id).limit(2);
    insta::assert_snapshot!(sent(query.with(User::orders.subquery().with(Order::items.subquery()))), @r#"
    sqlite
      SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0" WHERE "t0"."age" > ? ORDER BY "t0"."id" ASC LIMIT ?
      SELECT "t0"."id", "t0"."user_id", "t0"."status", "t0"."total" FROM "orders" AS "t0" INNER JOIN (SELECT DISTINCT "t1"."id" AS "near:0" FROM (SELECT "t2"."id", "t2"."email", "t2"."age" FROM "users" AS "t2" WHERE "t2"."age" > ? ORDER BY "t2"."id" ASC LIMIT ?) AS "t1") AS "t3" ON "t0"."user_id" = "t3"."near:0" ORDER BY "t0"."id" ASC
      SELECT "t0"."id", "t0"."order_id", "t0"."name" FROM "items" AS "t0" INNER JOIN (SELECT DISTINCT "t1"."id" AS "near:0" FROM (SELECT "t2"."id", "t2"."user_id", "t2"."status", "t2"."total" FROM "orders" AS "t2" INNER JOIN (SELECT DISTINCT "t3"."id" AS "near:0" FROM (SELECT "t4"."id", "t4"."email", "t4"."age" FROM "users" AS "t4" WHERE "t4"."age" > ? ORDER BY "t4"."id" ASC LIMIT ?) AS "t3") AS "t5" ON "t2"."user_id" = "t5"."near:0" ORDER BY "t2"."id" ASC) AS "t1") AS "t6" ON "t0"."order_id" = "t6"."near:0"
    postgres
      SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0" WHERE "t0"."age" > $1 ORDER BY "t0"."id" ASC LIMIT $2
      SELECT "t0"."id", "t0"."user_id", "t0"."status", "t0"."total" FROM "orders" AS "t0" INNER JOIN (SELECT DISTINCT "t1"."id" AS "near:0" FROM (SELECT "t2"."id", "t2"."email", "t2"."age" FROM "users" AS "t2" WHERE "t2"."age" > $1 ORDER BY "t2"."id" ASC LIMIT $2) AS "t1") AS "t3" ON "t0"."user_id" = "t3"."near:0" ORDER BY "t0"."id" ASC
      SELECT "t0"."id", "t0"."order_id", "t0"."name" FROM "items" AS "t0" INNER JOIN (SELECT DISTINCT "t1"."id" AS "near:0" FROM (SELECT "t2"."id", "t2"."user_id", "t2"."status", "t2"."total" FROM "orders" AS "t2" INNER JOIN (SELECT DISTINCT "t3"."id" AS "near:0" FROM (SELECT "t4"."id", "t4"."email", "t4"."age" FROM "users" AS "t4" WHERE "t4"."age" > $1 ORDER BY "t4"."id" ASC LIMIT $2) AS "t3") AS "t5" ON "t2"."user_id" = "t5"."near:0" ORDER BY "t2"."id" ASC) AS "t1") AS "t6" ON "t0"."order_id" = "t6"."near:0"
    mariadb
      SELECT `t0`.`id`, `t0`.`email`, `t0`.`age` FROM `users` AS `t0` WHERE `t0`.`age` > ? ORDER BY `t0`.`id` ASC LIMIT ?
      SELECT `t0`.`id`, `t0`.`user_id`, `t0`.`status`, `t0`.`total` FROM `orders` AS `t0` INNER JOIN (SELECT DISTINCT `t1`.`id` AS `near:0` FROM (SELECT `t2`.`id`, `t2`.`email`, `t2`.`age` FROM `users` AS `t2` WHERE `t2`.`age` > ? ORDER BY `t2`.`id` ASC LIMIT ?) AS `t1`) AS `t3` ON `t0`.`user_id` = `t3`.`near:0` ORDER BY `t0`.`id` ASC
      SELECT `t0`.`id`, `t0`.`order_id`, `t0`.`name` FROM `items` AS `t0` INNER JOIN (SELECT DISTINCT `t1`.`id` AS `near:0` FROM (SELECT `t2`.`id`, `t2`.`user_id`, `t2`.`status`, `t2`.`total` FROM `orders` AS `t2` INNER JOIN (SELECT DISTINCT `t3`.`id` AS `near:0` FROM (SELECT `t4`.`id`, `t4`.`email`, `t4`.`age` FROM `users` AS `t4` WHERE `t4`.`age` > ? ORDER BY `t4`.`id` ASC LIMIT ?) AS `t3`) AS `t5` ON `t2`.`user_id` = `t5`.`near:0` ORDER BY `t2`.`id` ASC) AS `t1`) AS `t6` ON `t0`.`order_id` = `t6`.`near:0`
    "#);
}

#[test]
fn immediate_is_sent_as_select_in() {
    assert_eq!(sent(users().with(User::orders.immediate())), sent(users().with(User::orders.selectin())));
}

#[test]
fn some_for_each_owner() {
    let load = User::orders.selectin().filter(Order::status.eq("open")).order_by(Order::total.desc()).limit(3);
    insta::assert_snapshot!(sent(users().with(load)), @r#"
    sqlite
      SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0"
      SELECT "t1"."id", "t1"."user_id", "t1"."status", "t1"."total" FROM (SELECT "t0"."id", "t0"."user_id", "t0"."status", "t0"."total", "t0"."total" AS "order:0", "t0"."id" AS "order:1", ROW_NUMBER() OVER ( PARTITION BY "t0"."user_id" ORDER BY "t0"."total" DESC, "t0"."id" ASC ) AS "row:number" FROM "orders" AS "t0" WHERE "t0"."user_id" IN (?, ?) AND "t0"."status" = ?) AS "t1" WHERE "t1"."row:number" <= ? ORDER BY "t1"."order:0" DESC, "t1"."order:1" ASC
    postgres
      SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0"
      SELECT "t1"."id", "t1"."user_id", "t1"."status", "t1"."total" FROM (SELECT "t0"."id", "t0"."user_id", "t0"."status", "t0"."total", "t0"."total" AS "order:0", "t0"."id" AS "order:1", ROW_NUMBER() OVER ( PARTITION BY "t0"."user_id" ORDER BY "t0"."total" DESC, "t0"."id" ASC ) AS "row:number" FROM "orders" AS "t0" WHERE "t0"."user_id" = ANY($1) AND "t0"."status" = $2) AS "t1" WHERE "t1"."row:number" <= $3 ORDER BY "t1"."order:0" DESC, "t1"."order:1" ASC
    mariadb
      SELECT `t0`.`id`, `t0`.`email`, `t0`.`age` FROM `users` AS `t0`
      SELECT `t1`.`id`, `t1`.`user_id`, `t1`.`status`, `t1`.`total` FROM (SELECT `t0`.`id`, `t0`.`user_id`, `t0`.`status`, `t0`.`total`, `t0`.`total` AS `order:0`, `t0`.`id` AS `order:1`, ROW_NUMBER() OVER ( PARTITION BY `t0`.`user_id` ORDER BY `t0`.`total` DESC, `t0`.`id` ASC ) AS `row:number` FROM `orders` AS `t0` WHERE `t0`.`user_id` IN (?, ?) AND `t0`.`status` = ?) AS `t1` WHERE `t1`.`row:number` <= ? ORDER BY `t1`.`order:0` DESC, `t1`.`order:1` ASC
    "#);
}

#[test]
fn from_a_join_of_the_query() {
    let orders = User::orders.alias("orders");
    let query = users().join(&orders).filter(orders.column(Order::total).gt(5)).with(User::orders.from_join(&orders));
    insta::assert_snapshot!(sent(query), @r#"
    sqlite
      SELECT "t0"."id", "t0"."email", "t0"."age", "t1"."id", "t1"."user_id", "t1"."status", "t1"."total" FROM "users" AS "t0" INNER JOIN "orders" AS "t1" ON "t1"."user_id" = "t0"."id" WHERE "t1"."total" > ? ORDER BY "t1"."id" ASC
    postgres
      SELECT "t0"."id", "t0"."email", "t0"."age", "t1"."id", "t1"."user_id", "t1"."status", "t1"."total" FROM "users" AS "t0" INNER JOIN "orders" AS "t1" ON "t1"."user_id" = "t0"."id" WHERE "t1"."total" > $1 ORDER BY "t1"."id" ASC
    mariadb
      SELECT `t0`.`id`, `t0`.`email`, `t0`.`age`, `t1`.`id`, `t1`.`user_id`, `t1`.`status`, `t1`.`total` FROM `users` AS `t0` INNER JOIN `orders` AS `t1` ON `t1`.`user_id` = `t0`.`id` WHERE `t1`.`total` > ? ORDER BY `t1`.`id` ASC
    "#);
}

#[test]
fn recursion() {
    let query =
        Query::<Category>::new().filter(Category::name.eq("root")).with(Category::children.selectin().recursive(2));
    insta::assert_snapshot!(sent(query), @r#"
    sqlite
      SELECT "t0"."id", "t0"."name", "t0"."parent_id" FROM "categories" AS "t0" WHERE "t0"."name" = ?
      SELECT "t0"."id", "t0"."name", "t0"."parent_id" FROM "categories" AS "t0" WHERE "t0"."parent_id" IN (?, ?)
      SELECT "t0"."id", "t0"."name", "t0"."parent_id" FROM "categories" AS "t0" WHERE "t0"."parent_id" IN (?, ?)
    postgres
      SELECT "t0"."id", "t0"."name", "t0"."parent_id" FROM "categories" AS "t0" WHERE "t0"."name" = $1
      SELECT "t0"."id", "t0"."name", "t0"."parent_id" FROM "categories" AS "t0" WHERE "t0"."parent_id" = ANY($1)
      SELECT "t0"."id", "t0"."name", "t0"."parent_id" FROM "categories" AS "t0" WHERE "t0"."parent_id" = ANY($1)
    mariadb
      SELECT `t0`.`id`, `t0`.`name`, `t0`.`parent_id` FROM `categories` AS `t0` WHERE `t0`.`name` = ?
      SELECT `t0`.`id`, `t0`.`name`, `t0`.`parent_id` FROM `categories` AS `t0` WHERE `t0`.`parent_id` IN (?, ?)
      SELECT `t0`.`id`, `t0`.`name`, `t0`.`parent_id` FROM `categories` AS `t0` WHERE `t0`.`parent_id` IN (?, ?)
    "#);
}

#[test]
fn what_is_not_loaded_sends_nothing() {
    let alone = sent(users());
    for load in [User::orders.lazy(), User::orders.raise(), User::orders.raise_on_sql(), User::orders.noload()] {
        assert_eq!(sent(users().with(load)), alone);
    }
    assert_eq!(sent(users().default_load(Strategy::Raise)), alone);
    insta::assert_snapshot!(alone, @r#"
    sqlite
      SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0"
    postgres
      SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0"
    mariadb
      SELECT `t0`.`id`, `t0`.`email`, `t0`.`age` FROM `users` AS `t0`
    "#);
}

#[test]
fn a_default_is_what_each_relationship_is_loaded_by() {
    let query =
        users().default_load(Strategy::SelectIn).default_load_of::<Order>(Strategy::Lazy).with(User::profile.lazy());
    insta::assert_snapshot!(sent(query), @r#"
    sqlite
      SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0"
      SELECT "t0"."id", "t0"."user_id", "t0"."status", "t0"."total" FROM "orders" AS "t0" WHERE "t0"."user_id" IN (?, ?) ORDER BY "t0"."id" ASC
      SELECT "t0"."id", "t0"."name", "t1"."user_id" AS "near:0" FROM "roles" AS "t0" INNER JOIN "user_roles" AS "t1" ON "t1"."role_id" = "t0"."id" WHERE "t1"."user_id" IN (?, ?)
    postgres
      SELECT "t0"."id", "t0"."email", "t0"."age" FROM "users" AS "t0"
      SELECT "t0"."id", "t0"."user_id", "t0"."status", "t0"."total" FROM "orders" AS "t0" WHERE "t0"."user_id" = ANY($1) ORDER BY "t0"."id" ASC
      SELECT "t0"."id", "t0"."name", "t1"."user_id" AS "near:0" FROM "roles" AS "t0" INNER JOIN "user_roles" AS "t1" ON "t1"."role_id" = "t0"."id" WHERE "t1"."user_id" = ANY($1)
    mariadb
      SELECT `t0`.`id`, `t0`.`email`, `t0`.`age` FROM `users` AS `t0`
      SELECT `t0`.`id`, `t0`.`user_id`, `t0`.`status`, `t0`.`total` FROM `orders` AS `t0` WHERE `t0`.`user_id` IN (?, ?) ORDER BY `t0`.`id` ASC
      SELECT `t0`.`id`, `t0`.`name`, `t1`.`user_id` AS `near:0` FROM `roles` AS `t0` INNER JOIN `user_roles` AS `t1` ON `t1`.`role_id` = `t0`.`id` WHERE `t1`.`user_id` IN (?, ?)
    "#);
}
