//! Selects whose texts are kept: comparisons of a table's own columns with values, and joins that have no conditions.
use super::{JoinNode, Select, rows::is_declared};
use crate::{
    query::expr::{Expr, Nulls, Operator, OrderTerm},
    value::Value,
};

/// Longer conditions are put together from lists, and hardly come again with as many parts.
const LONGEST: usize = 48;

/// What the text of a select depends on beside its table, and what is bound to it.
pub(super) struct Plain {
    pub(super) words: Vec<u16>,
    pub(super) values: Vec<Value>,
}

impl Plain {
    /// `None` where the text depends on more.
    pub(super) fn of(select: &Select) -> Option<Self> {
        let Select {
            table,
            deferred,
            source: None,
            named,
            filter,
            order,
            limit,
            offset: None,
            distinct: false,
            lock: None,
            joins,
            near: None,
            beside,
            criteria,
        } = select
        else {
            return None;
        };
        let hides = |join: &JoinNode| !criteria.is_ignored() && criteria.concern_targets(join.relationship);
        if !named.is_empty() || !beside.is_empty() || criteria.hold_for(table) || joins.iter().any(hides) {
            return None;
        }
        // Room for what most queries have.
        let mut plain = Self { words: Vec::with_capacity(16), values: Vec::with_capacity(2) };
        plain.words.extend([u16::from(*deferred), u16::from(limit.is_some()), u16::from(filter.is_some())]);
        filter.as_ref().map_or(Some(()), |filter| plain.condition(filter))?;
        plain.count(order.len())?;
        order.iter().try_for_each(|term| plain.order(term))?;
        joins.iter().try_for_each(|join| plain.join(join))?;
        plain.values.extend(limit.map(|limit| Value::BigUnsigned(Some(limit.min(super::rows::ALL)))));
        (plain.words.len() <= LONGEST).then_some(plain)
    }

    fn count(&mut self, number: usize) -> Option<()> {
        self.words.push(u16::try_from(number).ok()?);
        Some(())
    }

    fn condition(&mut self, expr: &Expr) -> Option<()> {
        match expr {
            Expr::Binary(column, operator, value) => {
                self.words.extend([1, comparison(*operator)?]);
                self.column(column)?;
                self.value(value)
            }
            Expr::Between(column, low, high) => {
                self.words.push(2);
                self.column(column)?;
                self.value(low)?;
                self.value(high)
            }
            Expr::IsNull(column) => {
                self.words.push(3);
                self.column(column)
            }
            Expr::Not(inner) => {
                self.words.push(4);
                self.condition(inner)
            }
            Expr::All(parts) => self.conditions(5, parts),
            Expr::Any(parts) => self.conditions(6, parts),
            _ => None,
        }
    }

    fn conditions(&mut self, kind: u16, parts: &[Expr]) -> Option<()> {
        self.words.push(kind);
        self.count(parts.len())?;
        parts.iter().try_for_each(|part| self.condition(part))
    }

    fn column(&mut self, expr: &Expr) -> Option<()> {
        let Expr::Column { path, column, .. } = expr else { return None };
        if !path.is_root() {
            return None;
        }
        self.words.push(*column);
        Some(())
    }

    fn value(&mut self, expr: &Expr) -> Option<()> {
        let Expr::Value(value) = expr else { return None };
        self.values.push(value.clone());
        Some(())
    }

    fn order(&mut self, term: &OrderTerm) -> Option<()> {
        self.column(&term.expr)?;
        let nulls = match term.nulls {
            None => 0,
            Some(Nulls::First) => 1,
            Some(Nulls::Last) => 2,
        };
        self.words.extend([u16::from(term.descending), nulls]);
        Some(())
    }

    /// The relationship's owner is the table, or the target of an earlier join.
    fn join(&mut self, join: &JoinNode) -> Option<()> {
        let JoinNode {
            parent,
            relationship,
            named: None,
            inner,
            deferred,
            filter: None,
            order,
            without_criteria: false,
        } = join
        else {
            return None;
        };
        // A link may bind constants of its own.
        if relationship.link().is_some() || !is_declared(order, relationship) {
            return None;
        }
        self.count(parent.map_or(0, |parent| parent + 1))?;
        self.words.extend([relationship.position(), u16::from(*inner), u16::from(*deferred)]);
        Some(())
    }
}

fn comparison(operator: Operator) -> Option<u16> {
    Some(match operator {
        Operator::Equal => 1,
        Operator::NotEqual => 2,
        Operator::Less => 3,
        Operator::LessOrEqual => 4,
        Operator::Greater => 5,
        Operator::GreaterOrEqual => 6,
        Operator::Add
        | Operator::Subtract
        | Operator::Multiply
        | Operator::Divide
        | Operator::DivideWhole
        | Operator::Remainder => return None,
    })
}
