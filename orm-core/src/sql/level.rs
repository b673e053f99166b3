//! One level of SELECT: the alias of its root, and the joins that paths and loads need.
use super::{
    dialect::cast_type,
    link::{Joint, LinkColumn, LinkInfo},
    names::Names,
};
use crate::{
    driver::Dialect,
    query::{
        expr::{Expr, Path, Start},
        same_path,
    },
    schema::{Column, Relationship, Table},
    value::Value,
};
use sea_query::{
    ColumnRef, DynIden, Expr as Sql, ExprTrait, IntoColumnRef, IntoIden, IntoTableRef, JoinType, Query,
    SelectStatement, TableRef,
};
/// One SELECT (or the condition of an UPDATE or DELETE) while it is written.
pub(super) struct Level<'n> {
    pub(super) dialect: Dialect,
    pub(super) names: &'n Names,
    /// The root's alias; without one, columns are named alone.
    pub(super) root: Option<DynIden>,
    paths: Vec<(Path, DynIden)>,
    joins: Vec<Join>,
    /// What criteria say of the root.
    criteria: Vec<Sql>,
    /// What the query joins by name.
    pub(super) named: Vec<Named>,
}

/// What a query joins by name.
pub(super) struct Named {
    pub(super) name: &'static str,
    pub(super) alias: DynIden,
    /// Where the relationship's owner is.
    pub(super) owner: Option<DynIden>,
    pub(super) relationship: Option<&'static Relationship>,
}

struct Join {
    inner: bool,
    table: TableRef,
    on: Sql,
}

impl<'n> Level<'n> {
    /// A level with a fresh alias for its root.
    pub(super) fn new(dialect: Dialect, names: &'n Names) -> Self {
        Self::under(dialect, names, names.fresh())
    }

    /// A level whose root has that alias.
    pub(super) fn under(dialect: Dialect, names: &'n Names, alias: DynIden) -> Self {
        Self { root: Some(alias), ..Self::bare(dialect, names) }
    }

    /// A level whose root has no alias; it takes no joins.
    pub(super) fn bare(dialect: Dialect, names: &'n Names) -> Self {
        Self {
            dialect,
            names,
            root: None,
            paths: Vec::new(),
            joins: Vec::new(),
            criteria: Vec::new(),
            named: Vec::new(),
        }
    }

    /// The table of the level, under its alias.
    pub(super) fn table_ref(&self, table: &'static Table) -> TableRef {
        aliased(table.schema, table.name, self.root.clone())
    }

    /// A column of the root.
    pub(super) fn column(&self, name: &'static str) -> Sql {
        Sql::Column(at(self.root.as_ref(), name))
    }

    /// The alias of where a path begins.
    pub(super) fn start(&self, start: Start) -> Option<DynIden> {
        match start {
            Start::Root => self.root.clone(),
            Start::Outer(number) => self.names.outer(number),
            Start::Join(name) => self.named(name).map(|named| named.alias.clone()),
        }
    }

    /// Whether some path goes on from there.
    pub(super) fn goes_on_from(&self, start: Start) -> bool {
        self.paths.iter().any(|(path, _)| path.start == start)
    }

    /// What is joined under a name.
    pub(super) fn named(&self, name: &'static str) -> Option<&Named> {
        let found = self.named.iter().find(|named| named.name == name);
        if found.is_none() {
            self.names.mistake(|| {
                format!(
                    "`{name}` is not joined here: give it to `.join(&{name})` (or `left_join`) of the query that uses its columns"
                )
            });
        }
        found
    }

    /// The alias at the end of a path; joins what is not joined yet. A path without steps is its start.
    pub(super) fn place(&mut self, path: &Path) -> Option<DynIden> {
        let Some((last, before)) = path.steps.split_last() else { return self.start(path.start) };
        if let Some((_, alias)) = self.paths.iter().find(|(known, _)| same_path(known, path)) {
            return Some(alias.clone());
        }
        let owner = self.place(&Path { start: path.start, steps: before.to_vec() });
        let alias = self.join(owner.as_ref(), last, false, None);
        self.paths.push((path.clone(), alias.clone()));
        Some(alias)
    }

    /// Joins the target of a relationship, through its link if it has one, and tells the target's alias.
    pub(super) fn join(
        &mut self,
        owner: Option<&DynIden>,
        relationship: &'static Relationship,
        inner: bool,
        condition: Option<&Expr>,
    ) -> DynIden {
        let target = relationship.target();
        let (on, alias) = match Joint::of(relationship) {
            Joint::Direct { owner: owners, target: targets } => {
                let alias = self.names.fresh();
                (equal((owner, relationship.owner(), owners), (Some(&alias), target, targets)), alias)
            }
            Joint::Through(link) => {
                let near = self.join_link(owner, relationship, &link, inner);
                let alias = self.names.fresh();
                (link_equal(&link.far, Some(&near), (Some(&alias), target, link.far_references)), alias)
            }
        };
        let condition = condition.map(|condition| self.condition_of_join(target, &alias, condition));
        let criteria = self.criteria_at(target, &alias);
        let on = all([on].into_iter().chain(condition).chain(criteria));
        self.push_join(inner, aliased(target.schema, target.name, Some(alias.clone())), on);
        alias
    }

    /// What criteria say of a table that is joined under an alias.
    pub(super) fn criteria_at(&self, table: &'static Table, alias: &DynIden) -> Option<Sql> {
        self.names.criteria_of(table, |condition| self.condition_of_join(table, alias, condition))
    }

    /// Puts what criteria say of the root's table into the level.
    pub(super) fn hide_root(&mut self, table: &'static Table) {
        let names = self.names;
        let condition = names.criteria_of(table, |condition| self.expr(condition));
        self.criteria.extend(condition);
    }

    /// A condition on what is being joined. Its paths cannot be joined before it; they go into a subquery.
    fn condition_of_join(&self, target: &'static Table, alias: &DynIden, condition: &Expr) -> Sql {
        let mut level = Level::under(self.dialect, self.names, alias.clone());
        let lowered = level.expr(condition);
        if level.joins.is_empty() {
            return lowered;
        }
        let mut level = Level::new(self.dialect, self.names);
        let itself =
            equal((Some(alias), target, target.primary_key), (level.root.as_ref(), target, target.primary_key));
        let conditions = [itself, level.expr(condition)];
        let mut select = Query::select().expr(Sql::cust("1")).from(level.table_ref(target)).take();
        level.write_joins(&mut select);
        Sql::exists(select.and_where(all(conditions)).take())
    }

    /// Takes over the joins of a level whose root is joined here.
    pub(super) fn take_joins(&mut self, other: Level<'_>) {
        self.joins.extend(other.joins);
    }

    pub(super) fn join_link(
        &mut self,
        owner: Option<&DynIden>,
        relationship: &'static Relationship,
        link: &LinkInfo,
        inner: bool,
    ) -> DynIden {
        let alias = self.names.fresh();
        let on = link_equal(&link.near, Some(&alias), (owner, relationship.owner(), link.near_references));
        let on = self.link_conditions(link, &alias).into_iter().fold(on, ExprTrait::and);
        self.push_join(inner, aliased(link.schema, link.name, Some(alias.clone())), on);
        alias
    }

    /// The conditions that make a row of the link one of this relationship that may be seen.
    pub(super) fn link_conditions(&self, link: &LinkInfo, alias: &DynIden) -> Vec<Sql> {
        let criteria = link.table.and_then(|table| self.criteria_at(table, alias));
        self.constants(link, alias).into_iter().chain(criteria).collect()
    }

    /// The conditions that make a row of the link one of this relationship.
    fn constants(&self, link: &LinkInfo, alias: &DynIden) -> Vec<Sql> {
        let condition = |(column, value): &(LinkColumn, Value)| {
            let value = bound(self.dialect, column.custom_type, value.clone());
            Sql::Column(at(Some(alias), column.name)).eq(value)
        };
        link.constants.iter().map(condition).collect()
    }

    /// Whether it joins anything.
    pub(super) fn has_joins(&self) -> bool {
        !self.joins.is_empty()
    }

    pub(super) fn push_join(&mut self, inner: bool, table: TableRef, on: Sql) {
        self.joins.push(Join { inner, table, on });
    }

    /// Writes the joins into a statement, and what criteria say of the root.
    pub(super) fn write_joins(&mut self, select: &mut SelectStatement) {
        for Join { inner, table, on } in self.joins.drain(..) {
            let kind = if inner { JoinType::InnerJoin } else { JoinType::LeftJoin };
            select.join(kind, table, on);
        }
        self.criteria.drain(..).for_each(|condition| _ = select.and_where(condition));
    }
}

/// A table under an alias.
pub(super) fn aliased(schema: Option<&'static str>, name: &'static str, alias: Option<DynIden>) -> TableRef {
    let table = match schema {
        Some(schema) => (schema, name).into_table_ref(),
        None => name.into_table_ref(),
    };
    match alias {
        Some(alias) => table.alias(alias),
        None => table,
    }
}

/// A column under an alias.
pub(super) fn at(alias: Option<&DynIden>, name: impl IntoIden) -> ColumnRef {
    match alias {
        Some(alias) => (alias.clone(), name).into_column_ref(),
        None => name.into_iden().into_column_ref(),
    }
}

/// The names of columns of a table.
pub(super) fn names(table: &'static Table, columns: &'static [u16]) -> impl Iterator<Item = &'static str> {
    columns.iter().map(move |position| column_of(table, *position).name)
}

pub(super) fn column_of(table: &'static Table, position: u16) -> &'static Column {
    &table.columns[usize::from(position)]
}

type Side<'a> = (Option<&'a DynIden>, &'static Table, &'static [u16]);

/// Columns of an owner equal those of a target.
pub(super) fn equal(owner: Side<'_>, target: Side<'_>) -> Sql {
    let owners = names(owner.1, owner.2).map(|name| Sql::Column(at(owner.0, name)));
    let targets = names(target.1, target.2).map(|name| Sql::Column(at(target.0, name)));
    all(targets.zip(owners).map(|(target, owner)| target.eq(owner)))
}

/// Columns of a link equal those of one of its sides.
pub(super) fn link_equal(link: &[LinkColumn], alias: Option<&DynIden>, side: Side<'_>) -> Sql {
    let columns = link.iter().map(|column| Sql::Column(at(alias, column.name)));
    let sides = names(side.1, side.2).map(|name| Sql::Column(at(side.0, name)));
    all(columns.zip(sides).map(|(column, side)| column.eq(side)))
}

/// All of them; true if there are none.
pub(super) fn all(conditions: impl IntoIterator<Item = Sql>) -> Sql {
    conditions.into_iter().reduce(ExprTrait::and).unwrap_or_else(|| Sql::cust("1 = 1"))
}

/// A bound value for a column, cast where its database type is not the one that the value is bound with.
pub(super) fn bound(dialect: Dialect, custom_type: Option<&'static str>, value: Value) -> Sql {
    match cast_type(dialect, custom_type) {
        Some(name) => Sql::Value(value).cast_as(name),
        None => Sql::Value(value),
    }
}
