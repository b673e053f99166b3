//! What cannot be, said before anything is sent.
use super::models::{Tag, belongs_to, column, group, id, many_to_many, table, user};
use crate::{
    driver::Dialect,
    schema::{Action, Column, Index, LinkTable, Schema, Table, Unique},
    value::SqlType,
};

fn refusal(schema: &Schema, dialect: Dialect) -> String {
    schema.ddl(dialect).expect_err("it cannot be").to_string()
}

fn careless() -> &'static Table {
    static TABLE: Table = Table {
        schema: Some("shop"),
        indexes: &[Index { columns: &[2], condition: Some("price > 0") }],
        ..table::<Tag<20>>(
            "careless",
            &[
                column("code", SqlType::Text),
                Column { unique: true, max_length: Some(1000), ..column("title", SqlType::Text) },
                column("price", SqlType::Decimal),
            ],
        )
    };
    &TABLE
}

#[test]
fn a_database_says_all_that_it_cannot_have() {
    let schema = Schema::of(&[careless]);
    let refusals = [Dialect::Sqlite, Dialect::Postgres, Dialect::MySql].map(|dialect| refusal(&schema, dialect));
    insta::assert_snapshot!(refusals.join("\n"), @r#"
    SQLite cannot have these tables: "careless" is in the schema "shop", and SQLite has no schemas
    PostgreSQL cannot have these tables: careless.price is a decimal without digits: add `decimal(precision, scale)`
    MySQL cannot have these tables:
    - careless.price is a decimal without digits: add `decimal(precision, scale)`
    - careless.code is a key, unique or indexed, and has no length: add `max_length = …`, at most 768
    - careless.title is a key, unique or indexed, and 1000 characters are too many: at most 768
    - "careless" has an index (price) with `where`, which it does not know
    "#);
}

fn misfit() -> &'static Table {
    static TABLE: Table = Table {
        relationships: &[
            belongs_to([misfit, user], &[1], Action::SetNull),
            many_to_many(
                [misfit, group],
                LinkTable { name: "user_groups", near: &["misfit_id"], far: &["group_name"] },
            ),
        ],
        uniques: &[Unique { columns: &[1, 2] }],
        ..table::<Tag<21>>("misfits", &[id("id"), column("user_id", SqlType::I32), column("User_Id", SqlType::I32)])
    };
    &TABLE
}

fn twin() -> &'static Table {
    static TABLE: Table = Table { model: "Twin", ..table::<Tag<22>>("misfits", &[id("id")]) };
    &TABLE
}

#[test]
fn models_that_do_not_fit_together_are_all_listed() {
    insta::assert_snapshot!(refusal(&Schema::of(&[misfit, twin]), Dialect::Sqlite), @r#"
    the models do not fit together:
    - misfits::user_id and misfits::User_Id are both the column "User_Id": rename one with `column = "…"`
    - misfits and Twin are both the table "misfits", with different columns: give both the same columns, or mark the one that only reads with `read_only`
    - misfits.user_id is i32, and users.id which it references is i64: give both the same type
    - misfits.user_id is set to null by its foreign key, and may not be null: make the field an `Option`
    - users::others and misfits::others declare the link table "user_groups" differently: the columns of one side are the other's in reverse
    "#);
}

fn elsewhere() -> &'static Table {
    static TABLE: Table = Table { schema: Some("other"), ..table::<Tag<23>>("groups", &[id("id")]) };
    &TABLE
}

#[test]
fn one_name_in_two_schemas_is_two_tables() {
    let text = Schema::of(&[group, elsewhere]).ddl(Dialect::Postgres).expect("they are different tables");
    assert!(text.contains(r#"EXISTS "groups" "#) && text.contains(r#"EXISTS "other"."groups" "#), "{text}");
}

fn view() -> &'static Table {
    static TABLE: Table = Table { read_only: true, ..table::<Tag<24>>("view", &[column("code", SqlType::Text)]) };
    &TABLE
}

#[test]
fn a_view_is_neither_created_nor_dropped() {
    let schema = Schema::of(&[view]);
    assert_eq!(schema.create_statements(Dialect::MySql).expect("nothing to refuse"), [""; 0]);
    assert_eq!(schema.drop_statements(Dialect::MySql).expect("nothing to refuse"), [""; 0]);
}

fn long() -> &'static Table {
    static TABLE: Table = Table {
        uniques: &[Unique { columns: &[1, 2] }],
        ..table::<Tag<25>>(
            "a_table_with_a_rather_long_name",
            &[
                id("id"),
                column("a_column_with_a_rather_long_name", SqlType::I64),
                column("ä_column_with_a_rather_long_name", SqlType::I64),
            ],
        )
    };
    &TABLE
}

#[test]
fn long_names_of_constraints_are_cut_and_stay_distinct() {
    let text = Schema::of(&[long]).ddl(Dialect::Postgres).expect("PostgreSQL can have it");
    let name = text.split('"').find(|part| part.starts_with("uq_")).expect("a unique constraint");
    assert_eq!(name, "uq_a_table_with_a_rather_long_name__a_column_with_a_ra_2bb010ba");
}
