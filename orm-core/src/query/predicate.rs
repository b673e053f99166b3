//! Conditions on the rows of a model.
use super::expr::Expr;
use std::{
    fmt,
    marker::PhantomData,
    ops::{BitAnd, BitOr, Not},
};

/// A condition on the rows of model `M`: `User::email.ends_with("@example.com")`.
///
/// Conditions combine by `and`, `or` and `not`, or by `&`, `|` and `!`. One of another model is another type, so that it
/// does not compile where it does not belong.
///
/// ```
/// # use orm::prelude::*;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
/// # let db = shop().await?;
/// # let (session, name) = (db.session(), Some("Ann"));
/// let mut wanted = Predicate::always();
/// if let Some(name) = name {
///     wanted = wanted.and(User::full_name.contains(name));
/// }
/// let users = User::query().filter(wanted).all(&session).await?;
/// # Ok(()) }
/// ```
pub struct Predicate<M> {
    pub(crate) expr: Expr,
    model: PhantomData<fn() -> M>,
}

impl<M> Predicate<M> {
    pub(crate) fn new(expr: Expr) -> Self {
        Self { expr, model: PhantomData }
    }

    /// True of every row: the start of a condition that is put together step by step.
    pub fn always() -> Self {
        Self::new(Expr::All(Vec::new()))
    }

    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::new(self.expr.and(other.expr))
    }

    /// At least one of the two holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self::new(self.expr.or(other.expr))
    }

    /// It does not hold. As in SQL, what compares with null holds neither this way nor the other.
    #[must_use]
    #[allow(clippy::should_implement_trait, reason = "`!` is there too; the word reads better at the end of a chain")]
    pub fn not(self) -> Self {
        match self.expr {
            Expr::Not(inner) => Self::new(*inner),
            other => Self::new(Expr::Not(Box::new(other))),
        }
    }
}

impl<M> Clone for Predicate<M> {
    fn clone(&self) -> Self {
        Self::new(self.expr.clone())
    }
}

impl<M> fmt::Debug for Predicate<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expr.fmt(f)
    }
}

impl<M> BitAnd for Predicate<M> {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        self.and(other)
    }
}

impl<M> BitOr for Predicate<M> {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        self.or(other)
    }
}

impl<M> Not for Predicate<M> {
    type Output = Self;
    fn not(self) -> Self {
        Predicate::not(self)
    }
}
