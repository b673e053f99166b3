//! When relationships and the ways along them are the same.
use super::expr::Path;
use crate::schema::Relationship;

/// Whether both are the same relationship.
pub(crate) fn same(a: &'static Relationship, b: &'static Relationship) -> bool {
    std::ptr::eq(a, b) || (a.name == b.name && a.owner() == b.owner())
}

/// Whether both paths begin alike and lead along the same relationships.
pub(crate) fn same_path(a: &Path, b: &Path) -> bool {
    let steps = || a.steps.iter().zip(&b.steps).all(|(a, b)| same(a, b));
    a.start == b.start && a.steps.len() == b.steps.len() && steps()
}
