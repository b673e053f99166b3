//! The relationship fields of a value: unloaded, or owning what was loaded or given.
use super::{
    Content, IntoRelated, Related, Relation,
    content::{Counted, Mixed, Values},
    derived::Targets,
};
use crate::{
    error::{Error, Kind, Result},
    model::Record,
    query::Column,
    value::{ColumnType, NotNull, Nullability, Nullable},
};
use std::{fmt, marker::PhantomData};

/// A relationship field without its model.
pub trait RelationField {
    /// What it holds, if it is not unloaded.
    fn content(&self) -> Option<&dyn Content>;
    /// Takes what it holds, leaving it unloaded.
    fn take(&mut self) -> Option<Box<dyn Content>>;
    /// Gives it what was loaded.
    fn fill(&mut self, content: Box<dyn Content>);
    /// How many targets there are in all, if that was counted.
    fn total(&self) -> Option<u64>;
    /// Takes the number of targets that there are in all.
    fn set_total(&mut self, total: u64);
}

/// What a `BelongsTo` leads to: a model, or an `Option` of one where the key may be null.
pub trait ToOneTarget {
    /// The model.
    type Model: Record;
    /// Whether there may be none.
    type Null: Nullability;
}

impl<T: Record> ToOneTarget for T {
    type Model = T;
    type Null = NotNull;
}

impl<T: Record> ToOneTarget for Option<T> {
    type Model = T;
    type Null = Nullable;
}

fn unloaded(kind: &str) -> Error {
    Error::new(
        Kind::NotLoaded,
        format!("this {kind} was not loaded: name the relationship in `.with(..)` of the query that made the value"),
    )
}

fn not_counted() -> Error {
    let message = "the targets of this relationship were not counted: add `.with_count()` to the load option of the query that \
                   made the value, or load only their number, `.with(User::orders.counted())`";
    Error::new(Kind::NotLoaded, message)
}

pub(super) fn rows_of<T: Record>(content: &dyn Content) -> Result<&[T]> {
    match content.as_any().downcast_ref::<Values<T>>() {
        Some(values) => Ok(&values.rows),
        None => Err(Error::new(
            Kind::NotLoaded,
            "this relationship holds entities or builders, which have no values yet: add the value to a session first",
        )),
    }
}

fn mixed<R: Relation, I: IntoRelated<R>>(targets: impl IntoIterator<Item = I>) -> Box<dyn Content> {
    let targets: Vec<Related<R::Target>> = targets.into_iter().filter_map(I::into_related).collect();
    let plain = targets.iter().all(|target| match target {
        Related::New(draft) => draft.open.is_of_value(),
        Related::Existing(_) => false,
    });
    if !plain {
        return Box::new(Mixed(targets));
    }
    let row = |target| match target {
        Related::New(draft) => Some(draft.value),
        Related::Existing(_) => None,
    };
    Box::new(Values::new(targets.into_iter().filter_map(row).collect(), false))
}

macro_rules! field {
    ($(#[$doc:meta])* $name:ident<$target:ident $(: $bound:path)?>, $model:ty, $targets:ident, $kind:literal, $get:ty, |$rows:ident| $view:expr) => {
        $(#[$doc])*
        pub struct $name<$target>(Option<Box<dyn Content>>, PhantomData<fn() -> $target>);

        impl<$target> $name<$target> {
            /// Whether nothing is known of the targets.
            pub fn is_unloaded(&self) -> bool {
                RelationField::content(self).is_none()
            }

            /// Whether there may be more targets than these: a filtered or limited load.
            pub fn is_partial(&self) -> bool {
                self.0.as_ref().is_some_and(|content| content.is_partial())
            }
        }

        impl<$target $(: $bound)?> $name<$target> {
            /// What was loaded or given.
            ///
            /// # Errors
            /// [`is_not_loaded`](Error::is_not_loaded) if nothing was, or if it holds entities or builders.
            pub fn get(&self) -> Result<$get> {
                let $rows = rows_of::<$model>(RelationField::content(self).ok_or_else(|| unloaded($kind))?)?;
                Ok($view)
            }
        }

        impl<$target> $name<$target> {
            // Of any type: that the target is no model is told elsewhere.
            #[doc(hidden)]
            pub fn given<R: Relation, I: IntoRelated<R>>(targets: impl IntoIterator<Item = I>) -> Self {
                Self(Some(mixed::<R, I>(targets)), PhantomData)
            }
        }

        impl<$target> Default for $name<$target> {
            fn default() -> Self {
                Self(None, PhantomData)
            }
        }

        impl<$target> RelationField for $name<$target> {
            fn content(&self) -> Option<&dyn Content> {
                self.0.as_deref().filter(|content| content.is_loaded())
            }

            fn take(&mut self) -> Option<Box<dyn Content>> {
                self.0.take().filter(|content| content.is_loaded())
            }

            fn fill(&mut self, content: Box<dyn Content>) {
                self.0 = Some(content);
            }

            fn total(&self) -> Option<u64> {
                self.0.as_ref().and_then(|content| content.total())
            }

            fn set_total(&mut self, total: u64) {
                match &mut self.0 {
                    Some(content) => content.set_total(total),
                    None => self.0 = Some(Box::new(Counted(total))),
                }
            }
        }

        // The related type must be `Clone`, but its columns and relationships are copied by the library.
        impl<$target: Clone> Clone for $name<$target> {
            fn clone(&self) -> Self {
                Self(self.0.as_ref().map(|content| content.copy()), PhantomData)
            }
        }

        impl<$target $(: $bound)?> fmt::Debug for $name<$target>
        where
            $model: fmt::Debug,
        {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match (RelationField::content(self), <$model as Record>::table().operations.derived.print) {
                    (Some(content), Some(print)) => print(content, Targets::$targets, f),
                    _ => f.write_str("Unloaded"),
                }
            }
        }

        impl<$target $(: $bound)?> PartialEq for $name<$target>
        where
            $model: PartialEq,
        {
            fn eq(&self, other: &Self) -> bool {
                match (RelationField::content(self), RelationField::content(other)) {
                    (None, None) => true,
                    (Some(a), Some(b)) => {
                        <$model as Record>::table().operations.derived.equal.is_some_and(|equal| equal(a, b))
                    }
                    (Some(_), None) | (None, Some(_)) => false,
                }
            }
        }
    };
}

field! {
    /// The other side of a `BelongsTo`: any number of rows whose key names this one.
    ///
    /// In a value it is unloaded, or owns the related values; on an entity the accessor of the same name reads and
    /// changes it. SQLAlchemy calls this a one-to-many relationship, EF Core a collection navigation.
    HasMany<T: Record>, T, Many, "collection", &[T], |rows| rows
}
field! {
    /// Rows that are linked to this one through a table between.
    ManyToMany<T: Record>, T, Many, "collection", &[T], |rows| rows
}
field! {
    /// The other side of a `BelongsTo` whose key is unique: at most one row.
    HasOne<T: Record>, T, One, "relationship", Option<&T>, |rows| rows.first()
}
field! {
    /// The row that the foreign key of this one names: `BelongsTo<User>`, or `BelongsTo<Option<User>>` where the key may
    /// be null.
    BelongsTo<T: ToOneTarget>, T::Model, One, "relationship", Option<&T::Model>, |rows| rows.first()
}

macro_rules! partial {
    ($($name:ident),*) => {$(
        impl<T: Record> $name<T> {
            /// Some of the targets, of which there may be more: what a filtered load gives. A merge adds and updates these,
            /// and takes nothing out.
            pub fn partial(rows: Vec<T>) -> Self {
                Self(Some(Box::new(Values::new(rows, true))), PhantomData)
            }

            /// The number of all targets: as [`with_count`](crate::query::Load::with_count) or
            /// [`counted`](crate::query::RelationQuery::counted) of the query asked for it, else that of the targets, if all
            /// were loaded or given.
            ///
            /// # Errors
            /// [`is_not_loaded`](Error::is_not_loaded) if it is not known.
            pub fn counted(&self) -> Result<u64> {
                let all = || self.get().ok().filter(|_| !self.is_partial()).map(|rows| rows.len() as u64);
                RelationField::total(self).or_else(all).ok_or_else(not_counted)
            }

            /// One column of the targets, in their order: `user.roles.values(Role::name)?`.
            ///
            /// # Errors
            /// As [`get`](Self::get).
            pub fn values<C: ColumnType>(
                &self,
                column: Column<T, C>,
            ) -> Result<impl ExactSizeIterator<Item = &C> + DoubleEndedIterator> {
                Ok(self.get()?.iter().map(move |row| column.of(row)))
            }
        }
    )*};
}
partial!(HasMany, ManyToMany);

impl<T: Record> From<Vec<T>> for HasMany<T> {
    fn from(rows: Vec<T>) -> Self {
        Self(Some(Box::new(Values::new(rows, false))), PhantomData)
    }
}

impl<T: Record> From<Vec<T>> for ManyToMany<T> {
    fn from(rows: Vec<T>) -> Self {
        Self(Some(Box::new(Values::new(rows, false))), PhantomData)
    }
}

impl<T: Record> From<Option<T>> for HasOne<T> {
    fn from(row: Option<T>) -> Self {
        Self(Some(Box::new(Values::new(row.into_iter().collect(), false))), PhantomData)
    }
}

impl<T: Record> From<T> for HasOne<T> {
    fn from(row: T) -> Self {
        Some(row).into()
    }
}

impl<T: Record> From<T> for BelongsTo<T> {
    fn from(row: T) -> Self {
        Self(Some(Box::new(Values::new(vec![row], false))), PhantomData)
    }
}

impl<T: Record> From<Option<T>> for BelongsTo<Option<T>> {
    fn from(row: Option<T>) -> Self {
        Self(Some(Box::new(Values::new(row.into_iter().collect(), false))), PhantomData)
    }
}

impl<T: Record> From<T> for BelongsTo<Option<T>> {
    fn from(row: T) -> Self {
        Some(row).into()
    }
}
