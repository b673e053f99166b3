//! The rows that belong to certain owners: lists of keys.
use super::{
    Near, NearKeys, condition, dialect,
    level::{Level, aliased, at, column_of, link_equal},
    link::{Joint, LinkColumn},
    rows,
};
use crate::{driver::Dialect, query::Criteria, schema::Relationship, value::Value};
use sea_query::{BinOper, DynIden, Expr as Sql, ExprTrait, Func, IntoIden, Query, SelectStatement, TableRef};

/// The columns that say for which owner a row is.
pub(super) struct NearColumns {
    pub(super) columns: Vec<Sql>,
    types: Vec<LinkColumn>,
    /// Whether they are columns of a link, which the rows themselves do not have.
    pub(super) of_link: bool,
}

impl Level<'_> {
    /// Joins what leads to the owners, and keeps the rows of those that are wanted.
    pub(super) fn near(&mut self, near: &Near, criteria: &Criteria) -> (NearColumns, Option<Sql>) {
        let names = self.names;
        // Where the rows are found whether they are hidden or not, so are the links that lead to them.
        let of_links = if criteria.spares_root() { Criteria::ignored() } else { Criteria::default() };
        let columns = names.with_criteria(&of_links, || self.near_columns(near.relationship));
        let condition = match &near.keys {
            NearKeys::Values(keys) => Some(self.among(&columns, keys)),
            NearKeys::Of(owners) => {
                let (table, alias) = rows::owners(self.dialect, self.names, near.relationship, owners);
                self.join_owners(&columns, table, &alias);
                None
            }
        };
        (columns, condition)
    }

    fn near_columns(&mut self, relationship: &'static Relationship) -> NearColumns {
        let target = relationship.target();
        match Joint::of(relationship) {
            Joint::Direct { target: columns, .. } => NearColumns {
                columns: columns.iter().map(|column| self.column(column_of(target, *column).name)).collect(),
                types: columns.iter().map(|column| LinkColumn::of(target, *column)).collect(),
                of_link: false,
            },
            Joint::Through(link) => {
                let alias = self.names.fresh();
                let on = link_equal(&link.far, Some(&alias), (self.root.as_ref(), target, link.far_references));
                let on = self.link_conditions(&link, &alias).into_iter().fold(on, ExprTrait::and);
                self.push_join(true, aliased(link.schema, link.name, Some(alias.clone())), on);
                let columns = link.near.iter().map(|column| Sql::Column(at(Some(&alias), column.name))).collect();
                NearColumns { columns, types: link.near, of_link: true }
            }
        }
    }

    fn join_owners(&mut self, near: &NearColumns, table: TableRef, alias: &DynIden) {
        let keys = (0..near.columns.len()).map(|i| Sql::Column(at(Some(alias), key_name(i))));
        let on = super::level::all(near.columns.iter().zip(keys).map(|(column, key)| column.clone().eq(key)));
        self.push_join(true, table, on);
    }

    fn among(&self, near: &NearColumns, keys: &[Vec<Value>]) -> Sql {
        match near.columns.as_slice() {
            _ if keys.is_empty() => Sql::cust("1 = 0"),
            [column] => self.single(column.clone(), &near.types[0], keys),
            columns => self.composite(columns, &near.types, keys),
        }
    }

    fn single(&self, column: Sql, kind: &LinkColumn, keys: &[Vec<Value>]) -> Sql {
        let value = |key: &Vec<Value>| key.first().cloned().unwrap_or_else(|| kind.sql_type.null());
        match self.dialect {
            Dialect::Postgres => column.eq(condition::any_of(keys.iter().map(value).collect(), kind.custom_type)),
            Dialect::Sqlite | Dialect::MySql | Dialect::MariaDb => {
                column.is_in(padded(keys).map(value).map(Sql::Value))
            }
        }
    }

    fn composite(&self, columns: &[Sql], types: &[LinkColumn], keys: &[Vec<Value>]) -> Sql {
        let columns_tuple = Sql::Tuple(columns.to_vec());
        match self.dialect {
            Dialect::Postgres => columns_tuple.in_subquery(unnested(types, keys)),
            Dialect::Sqlite => {
                let row = format!("({})", vec!["?"; columns.len()].join(", "));
                let rows = vec![row; padded(keys).count()].join(", ");
                let values = padded(keys).flatten().cloned().map(Sql::Value);
                columns_tuple.binary(BinOper::In, Sql::cust_with_exprs(format!("VALUES {rows}"), values))
            }
            Dialect::MySql | Dialect::MariaDb => {
                let rows = padded(keys).map(|key| Sql::Tuple(key.iter().cloned().map(Sql::Value).collect()));
                columns_tuple.binary(BinOper::In, Sql::Tuple(rows.collect()))
            }
        }
    }
}

/// The alias of a column of an owner's key.
pub(super) fn key_name(position: usize) -> DynIden {
    format!("near:{position}").into_iden()
}

/// The keys, the last one repeated up to a power of two, so that the texts of few sizes repeat.
fn padded(keys: &[Vec<Value>]) -> impl Iterator<Item = &Vec<Value>> {
    let padding = keys.last().into_iter().cycle().take(keys.len().next_power_of_two() - keys.len());
    keys.iter().chain(padding)
}

/// A table of the keys from one array per column.
fn unnested(types: &[LinkColumn], keys: &[Vec<Value>]) -> SelectStatement {
    let mut select = Query::select();
    for (position, column) in types.iter().enumerate() {
        let values = keys.iter().map(|key| key[position].clone()).collect();
        let array = Sql::Value(condition::array(values)).cast_as(dialect::array_type(column.sql_type));
        let value = Sql::from(Func::cust("unnest").arg(array));
        select.expr(match dialect::cast_type(Dialect::Postgres, column.custom_type) {
            Some(name) => value.cast_as(name),
            None => value,
        });
    }
    select
}

/// The number of places for so many keys in the text; on PostgreSQL keys are arrays.
pub(super) fn places(dialect: Dialect, keys: usize) -> usize {
    match dialect {
        Dialect::Postgres => 0,
        Dialect::Sqlite | Dialect::MySql | Dialect::MariaDb => keys.next_power_of_two(),
    }
}

/// What is bound to the text of a load from owners with these keys that has no other options: the constants of the link,
/// then the keys.
pub(super) fn values(dialect: Dialect, relationship: &'static Relationship, keys: &[Vec<Value>]) -> Vec<Value> {
    let constants = match Joint::of(relationship) {
        Joint::Through(link) => link.constants.into_iter().map(|(_, value)| value).collect(),
        Joint::Direct { .. } => Vec::new(),
    };
    let keys: Vec<Value> = match dialect {
        Dialect::Postgres => {
            let column = |i: usize| condition::array(keys.iter().map(|key| key[i].clone()).collect());
            (0..keys.first().map_or(0, Vec::len)).map(column).collect()
        }
        Dialect::Sqlite | Dialect::MySql | Dialect::MariaDb => padded(keys).flatten().cloned().collect(),
    };
    [constants, keys].concat()
}
