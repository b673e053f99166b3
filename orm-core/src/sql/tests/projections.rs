//! What projections ask for: the rows, and the lists of their owners.
use super::{
    models::{Item, Order, Profile, Role, User},
    texts,
};
use crate::{
    error::Result,
    query::{
        Parts, Projection, Query, RelationQuery,
        projection::{self, Lists, Outline, Part},
    },
    sql::{self, Near, NearKeys},
    value::{RowReader, Value},
};

/// What the derive writes.
macro_rules! projection {
    ($name:ident of $model:ident { $($field:ident: $type:ty = $part:expr,)* }) => {
        #[allow(dead_code)]
        struct $name {
            $($field: $type,)*
        }
        impl $name {
            $(fn $field() -> impl Part<$model, $type> {
                $part
            })*
        }
        impl Projection for $name {
            type Model = $model;
            const WIDTH: usize = 0 $(+ projection::width::<$model, $type, _>(Self::$field))*;
            const LISTS: usize = 0 $(+ projection::lists::<$model, $type, _>(Self::$field))*;
            fn outline(outline: &mut Outline) {
                $(projection::outline::<$model, $type, _>(Self::$field, outline);)*
            }
            fn read(reader: &mut RowReader<'_>) -> Result<Self> {
                Ok(Self { $($field: projection::read::<$model, $type, _>(Self::$field, reader)?,)* })
            }
            fn fill(&mut self, lists: &mut Lists<'_>) {
                $(projection::fill::<$model, $type, _>(Self::$field, &mut self.$field, lists);)*
            }
        }
    };
}

projection! {
    Card of User {
        address: String = User::email,
        profile: Option<Bio> = User::profile,
        number: i64 = User::orders.count(),
        orders: Vec<Line> = projection::list(User::orders)
            .filter(Order::status.eq("open")).order_by(Order::total.desc()).limit(3),
        roles: Vec<Name> = User::roles,
    }
}
projection! {
    Bio of Profile { bio: String = Profile::bio, }
}
projection! {
    Line of Order { id: i64 = Order::id, customer: String = Order::user.path(User::email), items: Vec<Named> = Order::items, }
}
projection! {
    Named of Item { name: String = Item::name, order: Number = Item::order, }
}
projection! {
    Number of Order { id: i64 = Order::id, }
}
projection! {
    Name of Role { name: String = Role::name, }
}

#[test]
fn to_ones_are_joined_and_keys_of_lists_stand_behind() {
    let query = Query::<User>::new().filter(User::age.gt(3)).limit(20).project::<Card>().order_by(User::id);
    let (tuples, outline, keys) = query.untyped();
    assert_eq!((Card::WIDTH, outline.columns.len(), Card::LISTS, outline.lists.len()), (4, 4, 2, 2));
    assert_eq!(keys.iter().map(|places| places[0].0).collect::<Vec<_>>(), [4, 4]);
    insta::assert_snapshot!(texts(|dialect| sql::tuples(dialect, &tuples)), @r#"
    sqlite: SELECT "t0"."email" AS "column:0", "t1"."id" AS "column:1", "t1"."bio" AS "column:2", (SELECT COUNT(*) FROM "orders" AS "t2" WHERE "t2"."user_id" = "t0"."id") AS "column:3", "t0"."id" AS "column:4" FROM "users" AS "t0" LEFT JOIN "profiles" AS "t1" ON "t1"."user_id" = "t0"."id" WHERE "t0"."age" > ? ORDER BY "t0"."id" ASC LIMIT ?
      [3, 20]
    postgres: SELECT "t0"."email" AS "column:0", "t1"."id" AS "column:1", "t1"."bio" AS "column:2", (SELECT COUNT(*) FROM "orders" AS "t2" WHERE "t2"."user_id" = "t0"."id") AS "column:3", "t0"."id" AS "column:4" FROM "users" AS "t0" LEFT JOIN "profiles" AS "t1" ON "t1"."user_id" = "t0"."id" WHERE "t0"."age" > $1 ORDER BY "t0"."id" ASC LIMIT $2
      [3, 20]
    mariadb: SELECT `t0`.`email` AS `column:0`, `t1`.`id` AS `column:1`, `t1`.`bio` AS `column:2`, (SELECT COUNT(*) FROM `orders` AS `t2` WHERE `t2`.`user_id` = `t0`.`id`) AS `column:3`, `t0`.`id` AS `column:4` FROM `users` AS `t0` LEFT JOIN `profiles` AS `t1` ON `t1`.`user_id` = `t0`.`id` WHERE `t0`.`age` > ? ORDER BY `t0`.`id` ASC LIMIT ?
      [3, 20]
    "#);
}

fn near<P: Projection>(list: usize) -> String {
    let outline = Outline::of::<P>();
    let list = &outline.lists[list];
    let relationship = list.include.relationship;
    let target = relationship.target();
    let parts = Parts { filter: list.include.filter.clone(), order: list.include.order.clone(), ..Parts::new(target) };
    let (tuples, _) = (list.nested.outline)().tuples(parts);
    let keys = NearKeys::Values(vec![vec![Value::BigInt(Some(1))], vec![Value::BigInt(Some(2))]]);
    let near = Near { relationship, keys, limit: list.include.limit };
    texts(|dialect| sql::tuples_near(dialect, &tuples, &near))
}

#[test]
fn a_limit_for_each_owner_numbers_the_rows() {
    insta::assert_snapshot!(near::<Card>(0), @r#"
    sqlite: SELECT "t2"."column:0", "t2"."column:1", "t2"."near:0" FROM (SELECT "t0"."id" AS "column:0", "t1"."email" AS "column:1", "t0"."user_id" AS "near:0", "t0"."total" AS "order:0", ROW_NUMBER() OVER ( PARTITION BY "t0"."user_id" ORDER BY "t0"."total" DESC ) AS "row:number" FROM "orders" AS "t0" LEFT JOIN "users" AS "t1" ON "t1"."id" = "t0"."user_id" WHERE "t0"."user_id" IN (?, ?) AND "t0"."status" = ?) AS "t2" WHERE "t2"."row:number" <= ? ORDER BY "t2"."order:0" DESC
      [1, 2, "open", 3]
    postgres: SELECT "t2"."column:0", "t2"."column:1", "t2"."near:0" FROM (SELECT "t0"."id" AS "column:0", "t1"."email" AS "column:1", "t0"."user_id" AS "near:0", "t0"."total" AS "order:0", ROW_NUMBER() OVER ( PARTITION BY "t0"."user_id" ORDER BY "t0"."total" DESC ) AS "row:number" FROM "orders" AS "t0" LEFT JOIN "users" AS "t1" ON "t1"."id" = "t0"."user_id" WHERE "t0"."user_id" = ANY($1) AND "t0"."status" = $2) AS "t2" WHERE "t2"."row:number" <= $3 ORDER BY "t2"."order:0" DESC
      [[1 2], "open", 3]
    mariadb: SELECT `t2`.`column:0`, `t2`.`column:1`, `t2`.`near:0` FROM (SELECT `t0`.`id` AS `column:0`, `t1`.`email` AS `column:1`, `t0`.`user_id` AS `near:0`, `t0`.`total` AS `order:0`, ROW_NUMBER() OVER ( PARTITION BY `t0`.`user_id` ORDER BY `t0`.`total` DESC ) AS `row:number` FROM `orders` AS `t0` LEFT JOIN `users` AS `t1` ON `t1`.`id` = `t0`.`user_id` WHERE `t0`.`user_id` IN (?, ?) AND `t0`.`status` = ?) AS `t2` WHERE `t2`.`row:number` <= ? ORDER BY `t2`.`order:0` DESC
      [1, 2, "open", 3]
    "#);
}

#[test]
fn a_link_tells_the_owner() {
    insta::assert_snapshot!(near::<Card>(1), @r#"
    sqlite: SELECT "t0"."name" AS "column:0", "t1"."user_id" AS "near:0" FROM "roles" AS "t0" INNER JOIN "user_roles" AS "t1" ON "t1"."role_id" = "t0"."id" WHERE "t1"."user_id" IN (?, ?)
      [1, 2]
    postgres: SELECT "t0"."name" AS "column:0", "t1"."user_id" AS "near:0" FROM "roles" AS "t0" INNER JOIN "user_roles" AS "t1" ON "t1"."role_id" = "t0"."id" WHERE "t1"."user_id" = ANY($1)
      [[1 2]]
    mariadb: SELECT `t0`.`name` AS `column:0`, `t1`.`user_id` AS `near:0` FROM `roles` AS `t0` INNER JOIN `user_roles` AS `t1` ON `t1`.`role_id` = `t0`.`id` WHERE `t1`.`user_id` IN (?, ?)
      [1, 2]
    "#);
}

#[test]
fn a_whole_list_is_asked_for_by_keys() {
    insta::assert_snapshot!(near::<Line>(0), @r#"
    sqlite: SELECT "t0"."name" AS "column:0", "t1"."id" AS "column:1", "t0"."order_id" AS "near:0" FROM "items" AS "t0" LEFT JOIN "orders" AS "t1" ON "t1"."id" = "t0"."order_id" WHERE "t0"."order_id" IN (?, ?)
      [1, 2]
    postgres: SELECT "t0"."name" AS "column:0", "t1"."id" AS "column:1", "t0"."order_id" AS "near:0" FROM "items" AS "t0" LEFT JOIN "orders" AS "t1" ON "t1"."id" = "t0"."order_id" WHERE "t0"."order_id" = ANY($1)
      [[1 2]]
    mariadb: SELECT `t0`.`name` AS `column:0`, `t1`.`id` AS `column:1`, `t0`.`order_id` AS `near:0` FROM `items` AS `t0` LEFT JOIN `orders` AS `t1` ON `t1`.`id` = `t0`.`order_id` WHERE `t0`.`order_id` IN (?, ?)
      [1, 2]
    "#);
}
