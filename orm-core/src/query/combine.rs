//! Queries of whole rows put together, and rows that can be reached from others.
use super::{Combined, Parts, Query, SetOperator, Source};
use crate::relation::Relation;

impl<M> Query<M> {
    /// The rows of both queries, each once. What is said after it (a filter, an order, a limit, what to load along) is said
    /// of the whole.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let session = db.session();
    /// let cheapest = Product::query().order_by(Product::price).limit(3);
    /// let dearest = Product::query().order_by(Product::price.desc()).limit(3);
    /// let products = cheapest.union(dearest).order_by(Product::name).all(&session).await?;
    /// assert_eq!(products.len(), 1);
    /// # Ok(()) }
    /// ```
    pub fn union(self, other: Self) -> Self {
        self.combine(SetOperator::Union, other)
    }

    /// The rows of both queries, as often as they come.
    pub fn union_all(self, other: Self) -> Self {
        self.combine(SetOperator::UnionAll, other)
    }

    /// The rows that both queries have.
    pub fn intersect(self, other: Self) -> Self {
        self.combine(SetOperator::Intersect, other)
    }

    /// The rows that the other query has not.
    pub fn except(self, other: Self) -> Self {
        self.combine(SetOperator::Except, other)
    }

    /// These rows and all that a relationship to the same model leads to from them, in any number of steps: a subtree
    /// (`Category::children`), the way to the root (`Category::parent`), what a graph connects. Each row comes once, so that
    /// circles end. One statement, by a recursive common table expression.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// #[derive(Model, Clone, Debug)]
    /// pub struct Category {
    ///     #[orm(primary_key)]
    ///     pub id: i64,
    ///     pub name: String,
    ///     pub parent_id: Option<i64>,
    ///     #[orm(back_populates = children)]
    ///     pub parent: BelongsTo<Option<Category>>,
    ///     #[orm(back_populates = parent)]
    ///     pub children: HasMany<Category>,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = Db::connect("sqlite::memory:").await?;
    /// # orm::schema![Category].create_all(&db).await?;
    /// # let session = db.session();
    /// # session.add(Category::builder().name("books").children([Category::builder().name("novels")]));
    /// # session.commit().await?;
    /// let books = || Category::query().filter(Category::name.eq("books"));
    /// assert_eq!(books().reachable(Category::children).count(&db).await?, 2);
    /// // Without the books themselves:
    /// let below = books().reachable(Category::children).except(books()).all(&session).await?;
    /// assert_eq!(below[0].name, "novels");
    /// # Ok(()) }
    /// ```
    #[doc(alias = "recursive")]
    #[doc(alias = "descendants")]
    #[doc(alias = "ancestors")]
    pub fn reachable<R: Relation<Owner = M, Target = M>>(self, relationship: R) -> Self {
        self.reach(relationship, None)
    }

    /// [`reachable`](Self::reachable) in so many steps at most.
    pub fn reachable_within<R: Relation<Owner = M, Target = M>>(self, relationship: R, steps: u32) -> Self {
        self.reach(relationship, Some(steps))
    }

    fn reach<R: Relation<Owner = M, Target = M>>(self, _: R, depth: Option<u32>) -> Self {
        self.within(|from| Source::Reachable { from, relationship: R::relationship(), depth })
    }

    fn combine(self, operator: SetOperator, other: Self) -> Self {
        self.within(|first| match first.source {
            Some(source) if is_bare(&first) && is_chain(&source, operator) => chained(*source, *other.parts),
            source => {
                let first = Parts { source, ..first };
                Source::Members(Combined { first, operator, rest: vec![*other.parts] })
            }
        })
    }

    /// A query of rows that this one tells. What does not tell rows stays on the outside.
    fn within(mut self, source: impl FnOnce(Parts) -> Source) -> Self {
        let parts = &mut self.parts;
        let inner = Parts {
            table: parts.table,
            source: parts.source.take(),
            joins: std::mem::take(&mut parts.joins),
            filter: parts.filter.take(),
            order: std::mem::take(&mut parts.order),
            limit: parts.limit.take(),
            offset: parts.offset.take(),
            distinct: std::mem::take(&mut parts.distinct),
            criteria: parts.criteria.clone(),
            ..Parts::new(parts.table)
        };
        parts.source = Some(Box::new(source(inner)));
        self
    }
}

/// Whether a query says nothing of its rows but where they come from.
fn is_bare(parts: &Parts) -> bool {
    parts.joins.is_empty()
        && parts.filter.is_none()
        && parts.order.is_empty()
        && parts.limit.is_none()
        && parts.offset.is_none()
        && !parts.distinct
}

fn is_chain(source: &Source, operator: SetOperator) -> bool {
    matches!(source, Source::Members(queries) if queries.operator == operator)
}

fn chained(source: Source, other: Parts) -> Source {
    match source {
        Source::Members(mut queries) => {
            queries.rest.push(other);
            Source::Members(queries)
        }
        single => single,
    }
}
