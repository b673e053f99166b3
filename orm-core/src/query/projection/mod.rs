//! Projections: structs of the user's own that are read instead of whole rows, with the columns and loads that they need.
//!
//! A projection is taken apart into [`Outline`]s, which are plain data; what reads and fills its values is behind
//! [`ProjectedRows`], so that the loader is compiled once for all of them.
mod field;
mod narrowed;
mod outline;
mod part;
mod rows;
mod select;

pub use field::{Holds, IsGroup, ManyOf, OptionalOf, ProjectionOf, RequiredOf};
pub use narrowed::{Narrowed, list};
pub use outline::{List, Nested, Outline};
pub use part::{
    Fills, Flat, OfColumn, OfFlat, OfGroup, OfRelated, Part, Source, fill, flat, lists, outline, read, unknown, width,
};
pub use rows::{Lists, ProjectedRows};
pub use select::ProjectionQuery;

use crate::{error::Result, model::Record, value::RowReader};

/// A struct that is read instead of whole rows of a model, by `derive(Projection)`: a data transfer object that knows which
/// columns, expressions and related rows it is made of.
///
/// [`Query::project`](super::Query::project) runs it. Only what the struct names is selected. A to-one inside of it is joined,
/// a to-many is one more statement. No entity is made, so that nothing is tracked and nothing can be changed by it. EF Core's
/// `Select(x => new Dto { .. })`, Prisma's `select`, SQLAlchemy's `Bundle`.
///
/// ```
/// # use orm::prelude::*;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
/// #[derive(Projection, Debug, PartialEq)]
/// #[orm(from = User)]
/// struct UserCard {
///     #[orm(column = full_name)]
///     name: String,
///     #[orm(path = profile.bio)]
///     bio: Option<String>,
///     #[orm(expr = User::orders.sum(Order::total_amount))]
///     spent: Option<Decimal>,
///     #[orm(order_by = Order::id.desc(), limit = 3)]
///     orders: Vec<OrderLine>,
/// }
///
/// #[derive(Projection, Debug, PartialEq)]
/// #[orm(from = Order)]
/// struct OrderLine {
///     id: i64,
///     status: String,
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
/// # let db = shop().await?;
/// let cards: Vec<UserCard> = User::query().order_by(User::id).limit(20).project().all(&db).await?;
/// let orders = vec![OrderLine { id: 1, status: "pending".to_owned() }];
/// assert_eq!(cards, [UserCard { name: "Ann".to_owned(), bio: None, spent: Some(dec!(999.50)), orders }]);
/// # Ok(()) }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a projection",
    label = "not a projection",
    note = "put `#[derive(Projection)]` and `#[orm(from = ..)]`, which names its model, on the struct"
)]
pub trait Projection: Sized + Send + 'static {
    /// The model whose rows it is made from.
    type Model: Record;

    /// The number of its columns.
    #[doc(hidden)]
    const WIDTH: usize;

    /// The number of its lists, those of to-ones inside of it among them.
    #[doc(hidden)]
    const LISTS: usize;

    /// Adds its columns and lists.
    #[doc(hidden)]
    fn outline(outline: &mut Outline);

    /// Reads its columns, with empty lists.
    ///
    /// # Errors
    /// A value is null and may not be, or is of another type.
    #[doc(hidden)]
    fn read(reader: &mut RowReader<'_>) -> Result<Self>;

    /// Takes its lists.
    #[doc(hidden)]
    fn fill(&mut self, lists: &mut Lists<'_>);
}
