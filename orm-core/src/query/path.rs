//! Expressions seen from another model: one more step on every path.
use super::expr::{Expr, Path};
use crate::schema::Relationship;

/// Whether both are the same relationship.
pub(crate) fn same(a: &'static Relationship, b: &'static Relationship) -> bool {
    std::ptr::eq(a, b) || (a.name == b.name && a.owner() == b.owner())
}

/// Whether both paths lead along the same relationships.
pub(crate) fn same_path(a: &Path, b: &Path) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
}

/// Puts a step before every path of an expression.
pub(super) fn prefix(expr: &mut Expr, step: &'static Relationship) {
    match expr {
        Expr::Column { path, .. } | Expr::Related { path, .. } | Expr::Linked { path, .. } => path.insert(0, step),
        Expr::Value(_) | Expr::Given { .. } => {}
        Expr::Binary(a, _, b) => {
            prefix(a, step);
            prefix(b, step);
        }
        Expr::All(parts) | Expr::Any(parts) | Expr::Function(_, parts) => {
            parts.iter_mut().for_each(|part| prefix(part, step));
        }
        Expr::Not(inner)
        | Expr::IsNull(inner)
        | Expr::In(inner, _)
        | Expr::InQuery(inner, _)
        | Expr::Like { text: inner, .. }
        | Expr::Cast(inner, _) => prefix(inner, step),
        Expr::Between(value, low, high) => {
            prefix(value, step);
            prefix(low, step);
            prefix(high, step);
        }
    }
}
