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
    schema::Table,
    value::{ColumnType, NotNull, Nullability, Nullable},
};
use std::{fmt, marker::PhantomData};

/// A relationship field without its model: nothing if it is unloaded.
#[derive(Default)]
pub struct RelationField(Option<Box<dyn Content>>);

impl RelationField {
    fn of(content: impl Content) -> Self {
        Self(Some(Box::new(content)))
    }

    /// What it holds, if it is not unloaded.
    pub fn content(&self) -> Option<&dyn Content> {
        self.0.as_deref().filter(|content| content.is_loaded())
    }

    /// Takes what it holds, leaving it unloaded.
    pub fn take(&mut self) -> Option<Box<dyn Content>> {
        self.0.take().filter(|content| content.is_loaded())
    }

    /// Gives it what was loaded.
    pub fn fill(&mut self, content: Box<dyn Content>) {
        self.0 = Some(content);
    }

    /// How many targets there are in all, if that was counted.
    pub fn total(&self) -> Option<u64> {
        self.0.as_ref().and_then(|content| content.total())
    }

    /// Takes the number of targets that there are in all.
    pub fn set_total(&mut self, total: u64) {
        match &mut self.0 {
            Some(content) => content.set_total(total),
            None => self.0 = Some(Box::new(Counted(total))),
        }
    }

    fn is_partial(&self) -> bool {
        self.0.as_ref().is_some_and(|content| content.is_partial())
    }

    fn copy(&self) -> Self {
        Self(self.0.as_ref().map(|content| content.copy()))
    }

    fn print(&self, table: &Table, targets: Targets, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.content(), table.operations.derived.print) {
            (Some(content), Some(print)) => print(content, targets, f),
            _ => f.write_str("Unloaded"),
        }
    }

    fn equals(&self, other: &Self, table: &Table) -> bool {
        match (self.content(), other.content()) {
            (None, None) => true,
            (Some(a), Some(b)) => table.operations.derived.equal.is_some_and(|equal| equal(a, b)),
            (Some(_), None) | (None, Some(_)) => false,
        }
    }
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

fn mixed<R: Relation, I: IntoRelated<R>>(targets: impl IntoIterator<Item = I>) -> RelationField {
    let targets: Vec<Related<R::Target>> = targets.into_iter().filter_map(I::into_related).collect();
    let plain = targets.iter().all(|target| match target {
        Related::New(draft) => draft.open.is_of_value(),
        Related::Existing(_) => false,
    });
    if !plain {
        return RelationField::of(Mixed(targets));
    }
    let row = |target| match target {
        Related::New(draft) => Some(draft.value),
        Related::Existing(_) => None,
    };
    RelationField::of(Values::new(targets.into_iter().filter_map(row).collect(), false))
}

macro_rules! field {
    ($(#[$doc:meta])* $name:ident<$target:ident $(: $bound:path)?>, $model:ty, $targets:ident, $kind:literal, $get:ty, |$rows:ident| $view:expr) => {
        $(#[$doc])*
        pub struct $name<$target>(RelationField, PhantomData<fn() -> $target>);

        impl<$target> $name<$target> {
            /// Whether nothing is known of the targets.
            pub fn is_unloaded(&self) -> bool {
                self.0.content().is_none()
            }

            /// Whether there may be more targets than these: a filtered or limited load.
            pub fn is_partial(&self) -> bool {
                self.0.is_partial()
            }

            #[doc(hidden)]
            pub fn field(&self) -> &RelationField {
                &self.0
            }

            #[doc(hidden)]
            pub fn field_mut(&mut self) -> &mut RelationField {
                &mut self.0
            }
        }

        impl<$target $(: $bound)?> $name<$target> {
            /// What was loaded or given.
            ///
            /// # Errors
            /// [`is_not_loaded`](Error::is_not_loaded) if nothing was, or if it holds entities or builders.
            pub fn get(&self) -> Result<$get> {
                let $rows = rows_of::<$model>(self.0.content().ok_or_else(|| unloaded($kind))?)?;
                Ok($view)
            }
        }

        impl<$target> $name<$target> {
            // Of any type: that the target is no model is told elsewhere.
            #[doc(hidden)]
            pub fn given<R: Relation, I: IntoRelated<R>>(targets: impl IntoIterator<Item = I>) -> Self {
                Self(mixed::<R, I>(targets), PhantomData)
            }
        }

        impl<$target> Default for $name<$target> {
            fn default() -> Self {
                Self(RelationField(None), PhantomData)
            }
        }

        // The related type must be `Clone`, but its columns and relationships are copied by the library.
        impl<$target: Clone> Clone for $name<$target> {
            fn clone(&self) -> Self {
                Self(self.0.copy(), PhantomData)
            }
        }

        impl<$target $(: $bound)?> fmt::Debug for $name<$target>
        where
            $model: fmt::Debug,
        {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.print(<$model as Record>::table(), Targets::$targets, f)
            }
        }

        impl<$target $(: $bound)?> PartialEq for $name<$target>
        where
            $model: PartialEq,
        {
            fn eq(&self, other: &Self) -> bool {
                self.0.equals(&other.0, <$model as Record>::table())
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
                Self(RelationField::of(Values::new(rows, true)), PhantomData)
            }

            /// The number of all targets: as [`with_count`](crate::query::Load::with_count) or
            /// [`counted`](crate::query::RelationQuery::counted) of the query asked for it, else that of the targets, if all
            /// were loaded or given.
            ///
            /// # Errors
            /// [`is_not_loaded`](Error::is_not_loaded) if it is not known.
            pub fn counted(&self) -> Result<u64> {
                let all = || self.get().ok().filter(|_| !self.is_partial()).map(|rows| rows.len() as u64);
                self.0.total().or_else(all).ok_or_else(not_counted)
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
        Self(RelationField::of(Values::new(rows, false)), PhantomData)
    }
}

impl<T: Record> From<Vec<T>> for ManyToMany<T> {
    fn from(rows: Vec<T>) -> Self {
        Self(RelationField::of(Values::new(rows, false)), PhantomData)
    }
}

impl<T: Record> From<Option<T>> for HasOne<T> {
    fn from(row: Option<T>) -> Self {
        Self(RelationField::of(Values::new(row.into_iter().collect(), false)), PhantomData)
    }
}

impl<T: Record> From<T> for HasOne<T> {
    fn from(row: T) -> Self {
        Some(row).into()
    }
}

impl<T: Record> From<T> for BelongsTo<T> {
    fn from(row: T) -> Self {
        Self(RelationField::of(Values::new(vec![row], false)), PhantomData)
    }
}

impl<T: Record> From<Option<T>> for BelongsTo<Option<T>> {
    fn from(row: Option<T>) -> Self {
        Self(RelationField::of(Values::new(row.into_iter().collect(), false)), PhantomData)
    }
}

impl<T: Record> From<T> for BelongsTo<Option<T>> {
    fn from(row: T) -> Self {
        Some(row).into()
    }
}
