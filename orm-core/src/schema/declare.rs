//! How generated code writes columns and relationships: one constant expression each, which refuses what cannot be.
use super::{
    Action, Cascade, Cascades, Check, Column, Default, Index, Operations, Order, Ordering, PassiveDeletes, Reference,
    Relationship, RelationshipKind, Role, Strategy, Table, TableRef,
};
use crate::{
    model::Record,
    query::expr::Expr,
    relation::{NO_SIDE, Relation},
    value::{Facts, SqlType, Value},
};
use std::any::TypeId;

impl Column {
    /// A column without any attribute, called like its field.
    pub const fn of(field: &'static str, facts: Facts) -> Self {
        Self {
            field,
            name: field,
            sql_type: facts.sql_type,
            custom_type: None,
            nullable: facts.nullable,
            has_placeholder: facts.has_placeholder,
            generated: false,
            unique: false,
            index: false,
            max_length: None,
            decimal: None,
            default: Default::None,
            check: None,
            variants: facts.variants,
            role: Role::Plain,
            deferred: facts.deferred,
            group: None,
            references: None,
        }
    }

    /// Called otherwise in the database.
    pub const fn named(self, name: &'static str) -> Self {
        Self { name, ..self }
    }

    /// A key that the database generates if it is an integer.
    pub const fn key(self) -> Self {
        Self { generated: self.sql_type.is_integer(), ..self }
    }

    /// A key that the database generates.
    ///
    /// # Panics
    /// It is not an integer.
    #[track_caller]
    pub const fn generated(self) -> Self {
        assert!(
            self.sql_type.is_integer(),
            "a database generates only integer keys: remove `generated`, or give the key a `default` such as `Uuid::new_v4()`"
        );
        Self { generated: true, ..self }
    }

    /// Alone unique.
    pub const fn unique(self) -> Self {
        Self { unique: true, ..self }
    }

    /// With an index of its own.
    pub const fn index(self) -> Self {
        Self { index: true, ..self }
    }

    /// With at most so many characters.
    ///
    /// # Panics
    /// It is neither a text nor bytes.
    #[track_caller]
    pub const fn max_length(self, length: u32) -> Self {
        assert!(
            matches!(self.sql_type, SqlType::Text | SqlType::Bytes),
            "`max_length` is for texts and bytes: remove it"
        );
        Self { max_length: Some(length), ..self }
    }

    /// Left out of loads, and loaded together with the other columns of that group.
    ///
    /// # Panics
    /// Its type is not `Deferred<T>`.
    #[track_caller]
    pub const fn deferred(self, group: &'static str) -> Self {
        assert!(self.deferred, "`deferred` is for a column of type `Deferred<T>`: make it one, or remove this");
        Self { group: Some(group), ..self }
    }

    /// With precision and scale.
    ///
    /// # Panics
    /// It is no decimal.
    #[track_caller]
    pub const fn decimal(self, precision: u8, scale: u8) -> Self {
        assert!(self.sql_type.is_decimal(), "`decimal(p, s)` is for columns of type `Decimal`: remove it");
        Self { decimal: Some((precision, scale)), ..self }
    }

    /// With a Rust value if none is given.
    pub const fn default(self, value: fn() -> Value) -> Self {
        Self { default: Default::Value(value), ..self }
    }

    /// With an SQL expression that the database evaluates if no value is given.
    pub const fn default_sql(self, expression: &'static str) -> Self {
        Self { default: Default::Sql(expression), ..self }
    }

    /// With another database type than the one chosen from the Rust type.
    pub const fn sql_type(self, sql_type: &'static str) -> Self {
        Self { custom_type: Some(sql_type), ..self }
    }

    /// With a condition.
    pub const fn check(self, condition: &'static str) -> Self {
        Self { check: Some(condition), ..self }
    }

    /// Counts the changes of a row.
    ///
    /// # Panics
    /// It is not an integer.
    #[track_caller]
    pub const fn version(self) -> Self {
        assert!(
            self.sql_type.is_integer() && !self.nullable,
            "a `version` counts changes: make it an integer, `i32` or `i64`"
        );
        Self { role: Role::Version, ..self }
    }

    /// Takes the time of the insert.
    ///
    /// # Panics
    /// It is not a point in time.
    #[track_caller]
    pub const fn created_at(self) -> Self {
        assert!(
            self.sql_type.is_time(),
            "`created_at` takes a date and time, such as `DateTime<Utc>` or `OffsetDateTime`"
        );
        Self { role: Role::CreatedAt, ..self }
    }

    /// Takes the time of the insert and of each update with a net change.
    ///
    /// # Panics
    /// It is not a point in time.
    #[track_caller]
    pub const fn updated_at(self) -> Self {
        assert!(
            self.sql_type.is_time(),
            "`updated_at` takes a date and time, such as `DateTime<Utc>` or `OffsetDateTime`"
        );
        Self { role: Role::UpdatedAt, ..self }
    }

    /// Says, set, that a row is softly deleted.
    ///
    /// # Panics
    /// It is neither a point in time that may be null nor a boolean that may not.
    #[track_caller]
    pub const fn marks_deleted(&self) {
        let is_time = self.sql_type.is_time() && self.nullable;
        let is_flag = matches!(self.sql_type, SqlType::Bool) && !self.nullable;
        assert!(
            is_time || is_flag,
            "`soft_delete` names a column for the time of the deletion, such as `Option<DateTime<Utc>>` or `Option<OffsetDateTime>`, or a `bool`"
        );
    }

    /// References another column without a relationship.
    pub const fn references(self, table: TableRef, column: u16, on_delete: Action, on_update: Action) -> Self {
        Self { references: Some(Reference { table, column, on_delete, on_update }), ..self }
    }

    /// Left to the database or the session when a row is built.
    ///
    /// # Panics
    /// The type has no placeholder.
    #[track_caller]
    pub const fn may_be_left_out(self) -> Self {
        assert!(
            self.has_placeholder,
            "this column may be left out of a new row, and its type has no value that could stand there until the database gives one: make it an `Option`, or give it a Rust `default`"
        );
        self
    }
}

impl Table {
    /// The table of a model without any attribute.
    pub const fn of<M: Record>(
        name: &'static str,
        relationships: &'static [Relationship],
        operations: Operations,
    ) -> Self {
        Self {
            id: TypeId::of::<M>,
            model: M::SHAPE.model,
            name,
            schema: None,
            columns: M::SHAPE.columns,
            primary_key: M::SHAPE.primary_key,
            uniques: M::SHAPE.uniques,
            indexes: &[],
            checks: &[],
            relationships,
            read_only: false,
            soft_delete: None,
            criteria: &[],
            operations,
        }
    }

    /// In that schema of the database.
    pub const fn schema(self, schema: &'static str) -> Self {
        Self { schema: Some(schema), ..self }
    }

    /// With indexes over several columns, or with a condition.
    pub const fn indexes(self, indexes: &'static [Index]) -> Self {
        Self { indexes, ..self }
    }

    /// With conditions over several columns.
    pub const fn checks(self, checks: &'static [Check]) -> Self {
        Self { checks, ..self }
    }

    /// Never written.
    pub const fn read_only(self) -> Self {
        Self { read_only: true, ..self }
    }

    /// Where that column is set, a row is softly deleted.
    pub const fn soft_delete(self, column: u16) -> Self {
        Self { soft_delete: Some(column), ..self }
    }

    /// With conditions that queries put on its rows.
    pub const fn criteria(self, criteria: &'static [fn() -> Expr]) -> Self {
        Self { criteria, ..self }
    }
}

impl Relationship {
    /// A relationship without any attribute.
    pub const fn of<R: Relation>(name: &'static str, kind: RelationshipKind) -> Self {
        let inverse = <R::Inverse as Relation>::INDEX;
        Self {
            name,
            owner: <R::Owner as Record>::table,
            target: <R::Target as Record>::table,
            kind,
            inverse: if inverse == NO_SIDE { None } else { Some(inverse) },
            cascade: Cascades::DEFAULT,
            order_by: &[],
            ordering: None,
            load: None,
            load_depth: 0,
            passive_deletes: PassiveDeletes::Never,
            single_parent: false,
        }
    }

    /// With those operations following it.
    pub const fn cascade(self, cascade: Cascades) -> Self {
        Self { cascade, ..self }
    }

    /// With one more operation following it.
    pub const fn also(self, cascade: Cascade) -> Self {
        Self { cascade: self.cascade.with(cascade), ..self }
    }

    /// With an order.
    pub const fn order_by(self, order_by: &'static [Order]) -> Self {
        Self { order_by, ..self }
    }

    /// A list in the order of a column in which the session keeps the members' places, counted from `start`.
    pub const fn ordering(self, order_by: &'static [Order; 1], start: u32) -> Self {
        let ordering = Ordering { column: order_by[0].column, start };
        Self { order_by, ordering: Some(ordering), ..self }
    }

    /// Loaded so if a query says nothing.
    pub const fn load(self, strategy: Strategy) -> Self {
        Self { load: Some(strategy), ..self }
    }

    /// Down to so many levels of its own model.
    pub const fn load_depth(self, levels: u32) -> Self {
        Self { load_depth: levels, ..self }
    }

    /// With those members left to the database when the owner is deleted.
    pub const fn passive_deletes(self, passive_deletes: PassiveDeletes) -> Self {
        Self { passive_deletes, ..self }
    }

    /// With at most one owner for a target.
    pub const fn single_parent(self) -> Self {
        Self { single_parent: true, ..self }
    }
}

/// A model that is the other one.
#[diagnostic::on_unimplemented(
    message = "`load_depth` is for a relationship that leads to its own model",
    label = "leads from `{T}` to `{Self}`",
    note = "remove `load_depth`: a load of another model goes down by what that model declares"
)]
pub trait Itself<T> {}

impl<T> Itself<T> for T {}

/// The levels that a relationship goes down, which leads to its own model.
pub const fn own_levels<T: Itself<M>, M>(levels: u32) -> u32 {
    levels
}
