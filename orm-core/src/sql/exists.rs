//! Rows that a relationship leads to, as a correlated subquery.
use super::{
    level::{Level, aliased, all, at, bound, equal, link_equal},
    link::{Joint, LinkInfo},
};
use crate::{query::expr::Expr, schema::Relationship, value::Value};
use sea_query::{DynIden, Expr as Sql, ExprTrait, Query, SelectStatement};

impl Level<'_> {
    /// `SELECT 1` of the targets of the owner under that alias which meet the condition; all names in it are fresh.
    pub(super) fn related(
        &mut self,
        owner: Option<&DynIden>,
        relationship: &'static Relationship,
        condition: Option<&Expr>,
    ) -> SelectStatement {
        match Joint::of(relationship) {
            Joint::Direct { owner: owners, target: targets } => {
                let inner = Level::new(self.dialect, self.names);
                let target = (inner.root.as_ref(), relationship.target(), targets);
                let on = equal((owner, relationship.owner(), owners), target);
                inner.one(relationship, vec![on], condition)
            }
            Joint::Through(link) => self.linked(owner, relationship, &link, condition),
        }
    }

    /// Through a link: the link is the root, and the target is joined only where a condition needs it.
    fn linked(
        &mut self,
        owner: Option<&DynIden>,
        relationship: &'static Relationship,
        link: &LinkInfo,
        condition: Option<&Expr>,
    ) -> SelectStatement {
        let near = self.names.fresh();
        let mut on = vec![link_equal(&link.near, Some(&near), (owner, relationship.owner(), link.near_references))];
        on.extend(self.link_conditions(link, &near));
        let table = aliased(link.schema, link.name, Some(near.clone()));
        if condition.is_none() && !self.names.hides(relationship.target()) {
            return Query::select().expr(Sql::cust("1")).from(table).and_where(all(on)).take();
        }
        let mut inner = Level::new(self.dialect, self.names);
        let far = (inner.root.as_ref(), relationship.target(), link.far_references);
        let far = link_equal(&link.far, Some(&near), far);
        inner.push_join(true, table, far);
        inner.one(relationship, on, condition)
    }

    /// Whether a link leads from the owner with that key to the target under that alias.
    pub(super) fn linked_to(
        &self,
        target: Option<&DynIden>,
        relationship: &'static Relationship,
        owner: &[Value],
    ) -> Sql {
        let Joint::Through(link) = Joint::of(relationship) else { return Sql::cust("1 = 0") };
        let alias = self.names.fresh();
        let near = link.near.iter().zip(owner).map(|(column, value)| {
            let value = bound(self.dialect, column.custom_type, value.clone());
            Sql::Column(at(Some(&alias), column.name)).eq(value)
        });
        let far = link_equal(&link.far, Some(&alias), (target, relationship.target(), link.far_references));
        let on = near.chain([far]).chain(self.link_conditions(&link, &alias));
        let table = aliased(link.schema, link.name, Some(alias.clone()));
        Sql::exists(Query::select().expr(Sql::cust("1")).from(table).and_where(all(on)).take())
    }

    /// A value computed from the targets of the owner under that alias which meet the condition.
    pub(super) fn of_related(
        &mut self,
        owner: Option<&DynIden>,
        relationship: &'static Relationship,
        (condition, value): (Option<&Expr>, &Expr),
    ) -> SelectStatement {
        let mut inner = Level::new(self.dialect, self.names);
        let target = (inner.root.clone(), relationship.target());
        inner.hide_root(target.1);
        let on = match Joint::of(relationship) {
            Joint::Direct { owner: owners, target: targets } => {
                equal((owner, relationship.owner(), owners), (target.0.as_ref(), target.1, targets))
            }
            Joint::Through(link) => {
                let near = self.names.fresh();
                let far = (target.0.as_ref(), target.1, link.far_references);
                let far = link_equal(&link.far, Some(&near), far);
                inner.push_join(true, aliased(link.schema, link.name, Some(near.clone())), far);
                let on = link_equal(&link.near, Some(&near), (owner, relationship.owner(), link.near_references));
                all([on].into_iter().chain(self.link_conditions(&link, &near)))
            }
        };
        let value = inner.expr(value);
        let condition = condition.map(|condition| inner.expr(condition));
        let mut select = Query::select().expr(value).from(inner.table_ref(target.1)).take();
        select.and_where(on).and_where_option(condition);
        inner.write_joins(&mut select);
        select
    }

    fn one(
        mut self,
        relationship: &'static Relationship,
        mut on: Vec<Sql>,
        condition: Option<&Expr>,
    ) -> SelectStatement {
        self.hide_root(relationship.target());
        on.extend(condition.map(|condition| self.expr(condition)));
        let mut select = Query::select().expr(Sql::cust("1")).from(self.table_ref(relationship.target())).take();
        select.and_where(all(on));
        self.write_joins(&mut select);
        select
    }
}
