//! What an expression is made of.
use super::expr::{Expr, Path, Start};

impl Expr {
    /// Shows the expressions that this one is directly made of and that have its root.
    pub(crate) fn parts<'a>(&'a self, show: &mut dyn FnMut(&'a Expr)) {
        match self {
            Self::Column { .. }
            | Self::Output(..)
            | Self::Given { .. }
            | Self::Value(_)
            | Self::Literal(_)
            | Self::Unknown(_)
            | Self::Related { .. }
            | Self::Linked { .. }
            | Self::OfRelated { .. }
            | Self::Exists(_)
            | Self::Scalar(_) => {}
            Self::Binary(a, _, b) => [a, b].into_iter().for_each(|part| show(part)),
            Self::All(parts) | Self::Any(parts) | Self::Function(_, parts) => parts.iter().for_each(show),
            Self::Not(inner)
            | Self::IsNull(inner)
            | Self::In(inner, _)
            | Self::InQuery(inner, _)
            | Self::Like { text: inner, .. }
            | Self::Cast(inner, _)
            | Self::Convert(inner, _) => show(inner),
            Self::Between(value, low, high) => [value, low, high].into_iter().for_each(|part| show(part)),
            Self::Case(cases, otherwise) => {
                cases.iter().flat_map(|(when, then)| [when, then]).chain(otherwise.as_deref()).for_each(show);
            }
            Self::Over(function, window) => {
                show(function);
                window.partition.iter().chain(window.order.iter().map(|term| &term.expr)).for_each(show);
            }
        }
    }

    /// The same, to be changed.
    fn parts_mut(&mut self, show: &mut dyn FnMut(&mut Expr)) {
        match self {
            Self::Column { .. }
            | Self::Output(..)
            | Self::Given { .. }
            | Self::Value(_)
            | Self::Literal(_)
            | Self::Unknown(_)
            | Self::Related { .. }
            | Self::Linked { .. }
            | Self::OfRelated { .. }
            | Self::Exists(_)
            | Self::Scalar(_) => {}
            Self::Binary(a, _, b) => [a, b].into_iter().for_each(|part| show(part)),
            Self::All(parts) | Self::Any(parts) | Self::Function(_, parts) => parts.iter_mut().for_each(show),
            Self::Not(inner)
            | Self::IsNull(inner)
            | Self::In(inner, _)
            | Self::InQuery(inner, _)
            | Self::Like { text: inner, .. }
            | Self::Cast(inner, _)
            | Self::Convert(inner, _) => show(inner),
            Self::Between(value, low, high) => [value, low, high].into_iter().for_each(|part| show(part)),
            Self::Case(cases, otherwise) => {
                let cases = cases.iter_mut().flat_map(|(when, then)| [when, then]);
                cases.chain(otherwise.as_deref_mut()).for_each(show);
            }
            Self::Over(function, window) => {
                show(function);
                let order = window.order.iter_mut().map(|term| &mut term.expr);
                window.partition.iter_mut().chain(order).for_each(show);
            }
        }
    }
}

/// Shows every path of an expression from its root, to be changed.
pub(super) fn paths(expr: &mut Expr, change: &mut dyn FnMut(&mut Path)) {
    match expr {
        Expr::Column { path, .. }
        | Expr::Related { path, .. }
        | Expr::Linked { path, .. }
        | Expr::OfRelated { path, .. } => change(path),
        Expr::Exists(query) | Expr::Scalar(query) => change(&mut query.path),
        other => other.parts_mut(&mut |part| paths(part, change)),
    }
}

/// Shows where every path of an expression begins, to be changed.
pub(super) fn starts(expr: &mut Expr, change: &mut dyn FnMut(&mut Start)) {
    match expr {
        Expr::Output(start, _) => change(start),
        Expr::Column { path, .. }
        | Expr::Related { path, .. }
        | Expr::Linked { path, .. }
        | Expr::OfRelated { path, .. } => change(&mut path.start),
        Expr::Exists(query) | Expr::Scalar(query) => change(&mut query.path.start),
        other => other.parts_mut(&mut |part| starts(part, change)),
    }
}
