//! Orders that are named from outside, as in `?sort=-price,name`.
use super::{IntoOrder, OrderBy};
use crate::error::{Error, Result};

/// The orders that a user of a program may ask for, by name.
///
/// What is not on the list cannot be asked for, so that no column is shown by its order that was not meant to be.
///
/// ```
/// # use orm::prelude::*;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
/// # let db = shop().await?;
/// let sorting = orm::Sorting::new().allow("name", Product::name).allow("price", Product::price).allow("newest", Product::id.desc());
/// let products = Product::query().order_by(sorting.parse("-price,name")?).all(&db).await?;
/// assert!(sorting.parse("password").unwrap_err().to_string().contains("name, price, newest"));
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct Sorting<M> {
    orders: Vec<(String, Vec<OrderBy<M>>)>,
}

impl<M> Default for Sorting<M> {
    fn default() -> Self {
        Self { orders: Vec::new() }
    }
}

impl<M> Sorting<M> {
    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Allows an order under that name: a column, a path, a `desc()`, or a tuple of these. A name that is there already is
    /// given the new order.
    #[must_use]
    pub fn allow(mut self, name: impl Into<String>, order: impl IntoOrder<M>) -> Self {
        let (name, mut terms) = (name.into(), Vec::new());
        order.push_terms(&mut terms);
        self.orders.retain(|(other, _)| *other != name);
        self.orders.push((name, terms.into_iter().map(OrderBy::from_term).collect()));
        self
    }

    /// The order that a text asks for: names with commas between them, `-` before a name for the opposite direction. An
    /// empty text asks for none.
    ///
    /// # Errors
    /// A name is not on the list; the message says which names are.
    pub fn parse(&self, text: &str) -> Result<Vec<OrderBy<M>>> {
        let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
        let orders = names.map(|name| self.one(name)).collect::<Result<Vec<_>>>()?;
        Ok(orders.into_iter().flatten().collect())
    }

    fn one(&self, asked: &str) -> Result<Vec<OrderBy<M>>> {
        let (name, reversed) = asked.strip_prefix('-').map_or((asked, false), |name| (name, true));
        let found = self.orders.iter().find(|(other, _)| other == name);
        let (_, orders) = found.ok_or_else(|| self.unknown(name))?;
        Ok(orders.iter().cloned().map(|order| if reversed { order.reversed() } else { order }).collect())
    }

    fn unknown(&self, name: &str) -> Error {
        let names: Vec<&str> = self.orders.iter().map(|(name, _)| name.as_str()).collect();
        Error::usage(format!("there is no order named {name:?}; there are {}", names.join(", ")))
    }
}
