//! Objects in conditions: what a reference equals, what a collection contains, whose members are meant.
use super::{
    Predicate,
    expr::{Expr, Path},
};
use crate::{
    error::Result,
    model::Record,
    relation::{Relation, ToMany, ToOne},
    schema::{Relationship, RelationshipKind},
    value::{Value, is_null},
};

/// What a relationship is compared with: an entity, or a reference to a value of the model.
///
/// Its key is taken when the condition is built. An entity that has none, because the database makes it and the entity is
/// not flushed, is an error of the query, which says so.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no `{T}` to compare with",
    label = "expected an `Entity<'_, {T}>` or a `&{T}`",
    note = "a key is compared with the column of the foreign key: `Order::user_id.eq(5)`; several keys by `is_in`"
)]
pub trait Object<T> {
    /// The values of columns.
    ///
    /// # Errors
    /// One of them is not known yet.
    #[doc(hidden)]
    fn values(&self, columns: &[u16]) -> Result<Vec<Value>>;
}

impl<T: Record> Object<T> for &T {
    fn values(&self, columns: &[u16]) -> Result<Vec<Value>> {
        Ok(columns.iter().map(|column| self.column(usize::from(*column)).value()).collect())
    }
}

/// Conditions that compare a relationship with an object: `Order::user.eq(user)`, `Post::tags.contains(tag)`. Every
/// relationship has them.
pub trait ObjectQuery: Relation {
    /// The target is that object: a comparison of keys, no join. SQLAlchemy's `Order.user == user`.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let session = db.session();
    /// let user = session.get_one::<User>(1).await?;
    /// let orders = Order::query().filter(Order::user.eq(user).and(Order::status.ne("paid"))).all(&session).await?;
    /// assert_eq!(orders.len(), 1);
    /// # Ok(()) }
    /// ```
    ///
    /// A list of objects is compared by their keys:
    ///
    /// ```compile_fail
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # fn main() {
    /// # let users: Vec<User> = Vec::new();
    /// let _ = Order::query().filter(Order::user.eq(&users));
    /// # }
    /// ```
    fn eq(self, object: impl Object<Self::Target>) -> Predicate<Self::Owner>
    where
        Self: ToOne,
    {
        Predicate::new(equal(Self::relationship(), &object))
    }

    /// The target is another object, or there is none.
    fn ne(self, object: impl Object<Self::Target>) -> Predicate<Self::Owner>
    where
        Self: ToOne,
    {
        let relationship = Self::relationship();
        let differs = Expr::Not(Box::new(equal(relationship, &object)));
        Predicate::new(match relationship.kind {
            RelationshipKind::BelongsTo { .. } => differs.or(absent(relationship)),
            RelationshipKind::HasOne(_) | RelationshipKind::HasMany(_) | RelationshipKind::ManyToMany(_) => differs,
        })
    }

    /// There is no target: the foreign key is null, or no row has this one's key.
    fn is_null(self) -> Predicate<Self::Owner>
    where
        Self: ToOne,
    {
        Predicate::new(absent(Self::relationship()))
    }

    /// There is a target.
    fn is_not_null(self) -> Predicate<Self::Owner>
    where
        Self: ToOne,
    {
        self.is_null().not()
    }

    /// The object is among the targets: a comparison of keys, through a link an `EXISTS` on the link alone. SQLAlchemy's
    /// `contains`.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let session = db.session();
    /// let order = session.get_one::<Order>(1).await?;
    /// let user = User::query().filter(User::orders.contains(order)).one(&session).await?;
    /// assert_eq!(user.id, order.user_id);
    /// # Ok(()) }
    /// ```
    fn contains(self, object: impl Object<Self::Target>) -> Predicate<Self::Owner>
    where
        Self: ToMany,
    {
        Predicate::new(equal(Self::relationship(), &object))
    }

    /// A row is a target of that object: a condition for queries of the targets, together with any others. SQLAlchemy's
    /// `with_parent`.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> orm::Result<()> {
    /// # let db = shop().await?;
    /// let session = db.session();
    /// let user = session.get_one::<User>(1).await?;
    /// let pending = User::orders.targets_of(user).and(Order::status.eq("pending"));
    /// assert_eq!(Order::query().filter(pending).count(&session).await?, 1);
    /// # Ok(()) }
    /// ```
    #[doc(alias = "with_parent")]
    fn targets_of(self, owner: impl Object<Self::Owner>) -> Predicate<Self::Target> {
        let relationship = Self::relationship();
        Predicate::new(match owner.values(relationship.near_key()) {
            Ok(key) if key.iter().any(is_null) => Expr::Any(Vec::new()),
            Ok(key) => Expr::target_of(relationship, key),
            Err(error) => Expr::Unknown(error.to_string()),
        })
    }
}

impl<R: Relation> ObjectQuery for R {}

/// The relationship leads to that object.
fn equal<T>(relationship: &'static Relationship, object: &impl Object<T>) -> Expr {
    let (own, of_object) = match (relationship.kind, relationship.key()) {
        (RelationshipKind::BelongsTo { .. }, Some((columns, references))) => (columns, references),
        (_, Some((columns, references))) => (references, columns),
        (_, None) => return linked(relationship, object),
    };
    let values = match object.values(of_object) {
        Ok(values) => values,
        Err(error) => return Expr::Unknown(error.to_string()),
    };
    if values.iter().any(is_null) {
        return Expr::Any(Vec::new());
    }
    let table = relationship.owner();
    Expr::All(own.iter().zip(values).map(|(column, value)| Expr::equal(table, *column, value)).collect())
}

/// A link leads to that object: asked from its side, which needs no more than the link.
fn linked<T>(relationship: &'static Relationship, object: &impl Object<T>) -> Expr {
    let columns = relationship.link_references().1;
    let values = match object.values(columns) {
        Ok(values) => values,
        Err(error) => return Expr::Unknown(error.to_string()),
    };
    match relationship.inverse() {
        Some(inverse) => Expr::Linked { path: Path::new(), relationship: inverse, owner: values },
        None => {
            let target = relationship.target();
            let same = columns.iter().zip(values).map(|(column, value)| Expr::equal(target, *column, value));
            let condition = Some(Box::new(Expr::All(same.collect())));
            Expr::Related { path: Path::new(), relationship, condition }
        }
    }
}

fn absent(relationship: &'static Relationship) -> Expr {
    match (relationship.kind, relationship.key()) {
        (RelationshipKind::BelongsTo { .. }, Some((columns, _))) => {
            let table = relationship.owner();
            Expr::Any(columns.iter().map(|column| Expr::IsNull(Box::new(Expr::column(table, *column)))).collect())
        }
        _ => Expr::Not(Box::new(Expr::Related { path: Path::new(), relationship, condition: None })),
    }
}
