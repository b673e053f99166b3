//! Tables as a derive would write them.
use crate::{
    schema::{
        Action, Cascades, Check, Column, Default, Index, Link, LinkTable, Operations, PassiveDeletes, Relationship,
        RelationshipKind, Role, Table, TableRef, Unique,
    },
    value::{SqlType, Value},
};
use rust_decimal::dec;
use std::any::TypeId;

pub(super) const fn column(name: &'static str, sql_type: SqlType) -> Column {
    Column {
        field: name,
        name,
        sql_type,
        custom_type: None,
        nullable: false,
        has_placeholder: true,
        generated: false,
        unique: false,
        index: false,
        max_length: None,
        decimal: None,
        default: Default::None,
        check: None,
        variants: &[],
        role: Role::Plain,
        deferred: false,
        group: None,
        references: None,
    }
}

pub(super) const fn id(name: &'static str) -> Column {
    Column { generated: true, ..column(name, SqlType::I64) }
}

/// A table whose first column is its key. The type tells it from other tables.
pub(super) const fn table<Tag: 'static>(name: &'static str, columns: &'static [Column]) -> Table {
    Table {
        id: TypeId::of::<Tag>,
        model: name,
        name,
        schema: None,
        columns,
        primary_key: &[0],
        uniques: &[],
        indexes: &[],
        checks: &[],
        relationships: &[],
        read_only: false,
        soft_delete: None,
        criteria: &[],
        operations: Operations {
            batch: |_| unimplemented!("the schema reads no rows"),
            growing: || unimplemented!("the schema reads no rows"),
            around_save: None,
            derived: crate::relation::Derived::NONE,
        },
    }
}

const fn relationship(name: &'static str, sides: [TableRef; 2], kind: RelationshipKind) -> Relationship {
    Relationship {
        name,
        owner: sides[0],
        target: sides[1],
        kind,
        inverse: None,
        cascade: Cascades::DEFAULT,
        order_by: &[],
        ordering: None,
        load: None,
        load_depth: 0,
        passive_deletes: PassiveDeletes::Never,
        single_parent: false,
    }
}

/// A to-one relationship by these columns to the target's primary key.
pub(super) const fn belongs_to(sides: [TableRef; 2], columns: &'static [u16], on_delete: Action) -> Relationship {
    let kind = RelationshipKind::BelongsTo {
        columns,
        references: &[],
        nullable: false,
        on_delete,
        on_update: Action::NoAction,
        constraint: true,
        index: true,
    };
    relationship("parent", sides, kind)
}

/// A many-to-many through a bare table.
pub(super) const fn many_to_many(sides: [TableRef; 2], link: LinkTable) -> Relationship {
    relationship("others", sides, RelationshipKind::ManyToMany(Link::Table(link)))
}

/// One type per table.
pub(super) struct Tag<const N: usize>;

pub(super) fn user() -> &'static Table {
    static TABLE: Table = Table {
        relationships: &[many_to_many(
            [user, group],
            LinkTable { name: "user_groups", near: &["user_id"], far: &["group_name"] },
        )],
        uniques: &[Unique { columns: &[2, 3] }],
        ..table::<Tag<1>>(
            "users",
            &[
                id("id"),
                Column { unique: true, max_length: Some(255), ..column("email", SqlType::Text) },
                Column { nullable: true, max_length: Some(40), ..column("given", SqlType::Text) },
                Column { nullable: true, max_length: Some(40), ..column("family", SqlType::Text) },
                Column {
                    variants: &["guest", "member"],
                    default: Default::Value(|| "guest".into()),
                    ..column("rank", SqlType::Text)
                },
                Column { default: Default::Value(|| true.into()), ..column("active", SqlType::Bool) },
                Column { default: Default::Value(|| "it's\nnew".into()), ..column("note", SqlType::Text) },
                Column { default: Default::Sql("1 + 1"), check: Some("age < 200"), ..column("age", SqlType::I32) },
            ],
        )
    };
    &TABLE
}

pub(super) fn group() -> &'static Table {
    static TABLE: Table = Table {
        relationships: &[many_to_many(
            [group, user],
            LinkTable { name: "user_groups", near: &["group_name"], far: &["user_id"] },
        )],
        ..table::<Tag<2>>(
            "groups",
            &[Column {
                check: Some("name <> '?' AND name NOT LIKE '$1%'"),
                max_length: Some(30),
                ..column("name", SqlType::Text)
            }],
        )
    };
    &TABLE
}

pub(super) fn order() -> &'static Table {
    static TABLE: Table = Table {
        relationships: &[belongs_to([order, user], &[1], Action::Cascade)],
        indexes: &[Index { columns: &[2, 1], condition: None }],
        checks: &[Check { condition: "total >= 0 OR user_id = 1" }],
        ..table::<Tag<3>>(
            "orders",
            &[
                id("id"),
                column("user_id", SqlType::I64),
                Column { decimal: Some((10, 2)), ..column("total", SqlType::Decimal) },
            ],
        )
    };
    &TABLE
}

pub(super) fn every_type() -> &'static Table {
    static TABLE: Table = table::<Tag<4>>(
        "every_type",
        &[
            Column { generated: true, ..column("id", SqlType::U32) },
            column("bool", SqlType::Bool),
            column("i8", SqlType::I8),
            column("i16", SqlType::I16),
            column("i32", SqlType::I32),
            column("i64", SqlType::I64),
            column("u8", SqlType::U8),
            column("u16", SqlType::U16),
            column("u32", SqlType::U32),
            column("u64", SqlType::U64),
            column("f32", SqlType::F32),
            Column { default: Default::Value(|| 0.1.into()), ..column("f64", SqlType::F64) },
            column("text", SqlType::Text),
            Column { max_length: Some(20), ..column("short_text", SqlType::Text) },
            column("bytes", SqlType::Bytes),
            Column { max_length: Some(20), ..column("short_bytes", SqlType::Bytes) },
            Column {
                decimal: Some((20, 4)),
                default: Default::Value(|| Value::from(dec!(0.5))),
                ..column("decimal", SqlType::Decimal)
            },
            column("uuid", SqlType::Uuid),
            column("json", SqlType::Json),
            column("date", SqlType::ChronoDate),
            column("time", SqlType::ChronoTime),
            column("local", SqlType::ChronoDateTime),
            Column { default: Default::Sql("CURRENT_TIMESTAMP"), ..column("point", SqlType::ChronoDateTimeUtc) },
            column("other_date", SqlType::TimeDate),
            column("other_time", SqlType::TimeTime),
            column("other_local", SqlType::TimePrimitiveDateTime),
            column("other_point", SqlType::TimeOffsetDateTime),
            Column { custom_type: Some("char(3)"), ..column("custom", SqlType::Text) },
        ],
    );
    &TABLE
}

/// A department has a head, who is an employee, who has a department and a manager.
pub(super) fn department() -> &'static Table {
    static TABLE: Table = Table {
        relationships: &[belongs_to([department, employee], &[1], Action::SetNull)],
        ..table::<Tag<5>>("departments", &[id("id"), Column { nullable: true, ..column("head_id", SqlType::I64) }])
    };
    &TABLE
}

pub(super) fn employee() -> &'static Table {
    static TABLE: Table = Table {
        relationships: &[
            belongs_to([employee, department], &[1], Action::Restrict),
            belongs_to([employee, employee], &[2], Action::NoAction),
        ],
        ..table::<Tag<6>>(
            "employees",
            &[
                id("id"),
                column("department_id", SqlType::I64),
                Column { nullable: true, ..column("manager_id", SqlType::I64) },
            ],
        )
    };
    &TABLE
}

/// Names that end every kind of quotation.
pub(super) fn hostile() -> &'static Table {
    static TABLE: Table = Table {
        relationships: &[belongs_to([hostile, hostile], &[1], Action::NoAction)],
        ..table::<Tag<7>>(
            "o\"r`d'er, (x)",
            &[
                id("i\"d`'"),
                Column { nullable: true, ..column("select\"`'", SqlType::I64) },
                Column {
                    unique: true,
                    max_length: Some(9),
                    variants: &["it's", "a\\b"],
                    default: Default::Value(|| Value::from("it's")),
                    ..column("a, \"b`(", SqlType::Text)
                },
            ],
        )
    };
    &TABLE
}

/// In a schema of its own: a cycle, and a bare link table between its tables.
pub(super) fn shelf() -> &'static Table {
    static TABLE: Table = Table {
        schema: Some("shop"),
        relationships: &[
            belongs_to([shelf, label], &[1], Action::Cascade),
            many_to_many([shelf, label], LinkTable { name: "shelf_labels", near: &["shelf_id"], far: &["label_id"] }),
        ],
        ..table::<Tag<8>>("shelves", &[id("id"), column("label_id", SqlType::I64)])
    };
    &TABLE
}

fn label() -> &'static Table {
    static TABLE: Table = Table {
        schema: Some("shop"),
        relationships: &[belongs_to([label, shelf], &[1], Action::SetNull)],
        ..table::<Tag<9>>("labels", &[id("id"), Column { nullable: true, ..column("shelf_id", SqlType::I64) }])
    };
    &TABLE
}
