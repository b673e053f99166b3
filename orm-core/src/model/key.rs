//! Primary keys as values: one column's, or a tuple.
use crate::{
    error::{Error, Result},
    value::{ColumnType, IntoColumn, Key, Value},
};

/// The type of a primary key: a column type, or a tuple of two to six.
pub trait KeyColumns: Sized + Send + 'static {
    /// What the identity map knows the row by.
    #[doc(hidden)]
    fn identity(&self) -> Key;
    /// The values of the columns, in the table's order.
    fn into_values(self) -> Vec<Value>;
    /// The key that has these values.
    ///
    /// # Errors
    /// They are not of the columns' types.
    fn from_values(values: Vec<Value>) -> Result<Self>;
}

/// What `get` takes as the key `K`: literals included.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a primary key of type `{K}`",
    label = "expected `{K}`",
    note = "a composite key is a tuple, in the order of the struct's fields"
)]
pub trait IntoKey<K> {
    /// The key.
    fn into_key(self) -> K;
}

#[diagnostic::do_not_recommend]
impl<K: ColumnType, V: IntoColumn<K>> IntoKey<K> for V {
    fn into_key(self) -> K {
        self.into_column()
    }
}

impl<T: ColumnType> KeyColumns for T {
    fn identity(&self) -> Key {
        self.key()
    }

    fn into_values(self) -> Vec<Value> {
        vec![self.encode()]
    }

    fn from_values(mut values: Vec<Value>) -> Result<Self> {
        match values.pop() {
            Some(value) if values.is_empty() => T::from_value(value),
            _ => Err(wrong_number(1)),
        }
    }
}

fn wrong_number(wanted: usize) -> Error {
    Error::usage(format!("the primary key has {wanted} columns"))
}

macro_rules! tuples {
    ($($count:literal: $($key:ident $given:ident $position:tt),+;)*) => {$(
        impl<$($key: ColumnType),+> KeyColumns for ($($key,)+) {
            fn identity(&self) -> Key {
                Key::Tuple(Box::new([$(self.$position.key()),+]))
            }

            fn into_values(self) -> Vec<Value> {
                vec![$(self.$position.encode()),+]
            }

            fn from_values(values: Vec<Value>) -> Result<Self> {
                let mut values = values.into_iter();
                let key = ($($key::from_value(values.next().ok_or_else(|| wrong_number($count))?)?,)+);
                if values.next().is_some() { Err(wrong_number($count)) } else { Ok(key) }
            }
        }

        impl<$($key: ColumnType, $given: IntoColumn<$key>),+> IntoKey<($($key,)+)> for ($($given,)+) {
            fn into_key(self) -> ($($key,)+) {
                ($(self.$position.into_column(),)+)
            }
        }
    )*};
}
tuples! {
    2: A X 0, B Y 1;
    3: A X 0, B Y 1, C Z 2;
    4: A X 0, B Y 1, C Z 2, D W 3;
    5: A X 0, B Y 1, C Z 2, D W 3, E V 4;
    6: A X 0, B Y 1, C Z 2, D W 3, E V 4, F U 5;
}
