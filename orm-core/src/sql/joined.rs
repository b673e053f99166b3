//! Joins that a query names.
use super::{
    level::{Level, Named, aliased, all, at, equal, link_equal},
    link::{Joint, LinkInfo},
    near::key_name,
};
use crate::{
    query::{
        Join,
        expr::{Expr, Start},
    },
    schema::{Relationship, Table},
};
use sea_query::{DynIden, Expr as Sql, ExprTrait, Query, TableRef};

/// What is joined, under which alias, and what belongs together.
struct Joined {
    table: TableRef,
    alias: DynIden,
    on: Option<Sql>,
}

impl Level<'_> {
    /// Joins what a query names, in its order.
    pub(super) fn join_named(&mut self, joins: &[Join]) {
        joins.iter().for_each(|join| self.join_one(join));
    }

    fn join_one(&mut self, join: &Join) {
        let Join { name, table, along, on, outer } = join;
        if self.named.iter().any(|named| named.name == *name) {
            let message = || format!("two joins of one query are named `{name}`: give each alias a name of its own");
            self.names.mistake(message);
        }
        let owner = along.as_ref().and_then(|(path, _)| self.place(path));
        let relationship = along.as_ref().map(|(_, relationship)| *relationship);
        let joined = match relationship {
            Some(relationship) => {
                self.joined(owner.as_ref(), relationship, (*outer, on.is_some() || self.names.hides(table)))
            }
            None => self.unrelated(table),
        };
        let alias = joined.alias.clone();
        self.named.push(Named { name, alias, owner, relationship });
        let condition = on.as_ref().map(|on| self.condition_on(name, on));
        let criteria = self.criteria_at(table, &joined.alias);
        let on = all(joined.on.into_iter().chain(condition).chain(criteria));
        self.push_join(!outer, joined.table, on);
    }

    fn unrelated(&self, table: &'static Table) -> Joined {
        let alias = self.names.fresh();
        Joined { table: aliased(table.schema, table.name, Some(alias.clone())), alias, on: None }
    }

    fn joined(
        &mut self,
        owner: Option<&DynIden>,
        relationship: &'static Relationship,
        (outer, narrowed): (bool, bool),
    ) -> Joined {
        let target = relationship.target();
        match Joint::of(relationship) {
            Joint::Direct { owner: owners, target: targets } => {
                let joined = self.unrelated(target);
                let on = equal((owner, relationship.owner(), owners), (Some(&joined.alias), target, targets));
                Joined { on: Some(on), ..joined }
            }
            Joint::Through(link) if outer && narrowed => self.linked_rows(owner, relationship, &link),
            Joint::Through(link) => {
                let near = self.join_link(owner, relationship, &link, !outer);
                let joined = self.unrelated(target);
                let far = (Some(&joined.alias), target, link.far_references);
                Joined { on: Some(link_equal(&link.far, Some(&near), far)), ..joined }
            }
        }
    }

    /// The targets with the keys of their owners as one table: an outer join finds no link without its target then.
    fn linked_rows(&self, owner: Option<&DynIden>, relationship: &'static Relationship, link: &LinkInfo) -> Joined {
        let target = relationship.target();
        let (inner, near, alias) = (self.names.fresh(), self.names.fresh(), self.names.fresh());
        let mut rows = Query::select();
        rows.exprs(target.columns.iter().map(|column| Sql::Column(at(Some(&inner), column.name))));
        for (position, column) in link.near.iter().enumerate() {
            rows.expr_as(Sql::Column(at(Some(&near), column.name)), key_name(position));
        }
        let far = link_equal(&link.far, Some(&near), (Some(&inner), target, link.far_references));
        rows.from(aliased(target.schema, target.name, Some(inner)));
        rows.inner_join(aliased(link.schema, link.name, Some(near.clone())), far);
        self.link_conditions(link, &near).into_iter().for_each(|condition| _ = rows.and_where(condition));
        let owners = super::level::names(relationship.owner(), link.near_references);
        let keys = owners
            .enumerate()
            .map(|(position, name)| Sql::Column(at(Some(&alias), key_name(position))).eq(Sql::Column(at(owner, name))));
        Joined { on: Some(all(keys)), table: TableRef::SubQuery(Box::new(rows), alias.clone()), alias }
    }

    /// The condition of a join. What it reads must be joined before, so that no path may go on from the join itself.
    fn condition_on(&mut self, name: &'static str, on: &Expr) -> Sql {
        let condition = self.expr(on);
        if self.goes_on_from(Start::Join(name)) {
            self.names.mistake(|| {
                format!(
                    "the condition of the join `{name}` goes along a relationship of its own rows: put that into a `.filter(..)`, or into `any` or `has`"
                )
            });
        }
        condition
    }
}
