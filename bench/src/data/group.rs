//! Rows laid into their parents by hand.
use super::{Comment, Post, User};
use std::collections::HashMap;

/// Something with its children.
#[derive(Debug, Clone)]
pub struct With<P, C> {
    pub parent: P,
    pub children: Vec<C>,
}

/// A user with posts.
pub type UserWithPosts = With<User, Post>;
/// A user with posts that have comments.
pub type UserWithAll = With<User, With<Post, Comment>>;

impl<P, C> With<P, C> {
    /// Without children yet.
    pub fn childless(parent: P) -> Self {
        Self { parent, children: Vec::new() }
    }
}

/// Gives each parent its children, which may come in any order: how whoever has no library does it.
pub fn group<P, C>(
    parents: Vec<P>,
    id: impl Fn(&P) -> i64,
    children: impl IntoIterator<Item = C>,
    owner: impl Fn(&C) -> i64,
) -> Vec<With<P, C>> {
    let places: HashMap<i64, usize> = parents.iter().enumerate().map(|(place, parent)| (id(parent), place)).collect();
    let mut grouped: Vec<With<P, C>> = parents.into_iter().map(With::childless).collect();
    for child in children {
        if let Some(place) = places.get(&owner(&child)) {
            grouped[*place].children.push(child);
        }
    }
    grouped
}

/// In the rows of a join, where those of one parent follow each other: the parent of the current row, the last one or new.
///
/// # Errors
/// Those of reading the parent.
pub fn current<P, C, E>(
    grouped: &mut Vec<With<P, C>>,
    same: impl FnOnce(&P) -> bool,
    read: impl FnOnce() -> Result<P, E>,
) -> Result<&mut With<P, C>, E> {
    let place = grouped.len();
    let known = grouped.last().is_some_and(|last| same(&last.parent));
    if !known {
        grouped.push(With::childless(read()?));
    }
    Ok(&mut grouped[if known { place - 1 } else { place }])
}
