//! The trait of everything that can be a column.
use super::{Cell, Key, RowReader, Sets, Value, cell::unexpected_null};
use crate::{error::Result, model::ColumnValue};

/// How a column is bound and read. The column's declaration in a schema is made from it and the column's attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names of Rust's types")]
pub enum SqlType {
    Bool,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    F32,
    F64,
    Text,
    Bytes,
    #[cfg(feature = "rust_decimal")]
    Decimal,
    #[cfg(feature = "uuid")]
    Uuid,
    #[cfg(feature = "json")]
    Json,
    #[cfg(feature = "chrono")]
    ChronoDate,
    #[cfg(feature = "chrono")]
    ChronoTime,
    #[cfg(feature = "chrono")]
    ChronoDateTime,
    #[cfg(feature = "chrono")]
    ChronoDateTimeUtc,
    #[cfg(feature = "time")]
    TimeDate,
    #[cfg(feature = "time")]
    TimeTime,
    #[cfg(feature = "time")]
    TimePrimitiveDateTime,
    #[cfg(feature = "time")]
    TimeOffsetDateTime,
}

impl SqlType {
    /// Whether the type is one of the integers, which a database can generate as keys.
    pub const fn is_integer(self) -> bool {
        matches!(self, Self::I8 | Self::I16 | Self::I32 | Self::I64 | Self::U8 | Self::U16 | Self::U32 | Self::U64)
    }

    /// Whether the type is `Decimal`.
    pub const fn is_decimal(self) -> bool {
        match self {
            #[cfg(feature = "rust_decimal")]
            Self::Decimal => true,
            _ => false,
        }
    }

    /// Whether the type is a date with a time, such as the session's clock gives.
    pub const fn is_time(self) -> bool {
        match self {
            #[cfg(feature = "chrono")]
            Self::ChronoDateTime | Self::ChronoDateTimeUtc => true,
            #[cfg(feature = "time")]
            Self::TimePrimitiveDateTime | Self::TimeOffsetDateTime => true,
            _ => false,
        }
    }

    /// A number as a value of this type, if that is an integer or a boolean: it wraps around where the type is too small.
    pub fn of_number(self, number: i64) -> Value {
        match self {
            Self::Bool => Value::Bool(Some(number != 0)),
            Self::I8 => Value::TinyInt(Some(number as i8)),
            Self::I16 => Value::SmallInt(Some(number as i16)),
            Self::I32 => Value::Int(Some(number as i32)),
            Self::U8 => Value::TinyUnsigned(Some(number as u8)),
            Self::U16 => Value::SmallUnsigned(Some(number as u16)),
            Self::U32 => Value::Unsigned(Some(number as u32)),
            Self::U64 => Value::BigUnsigned(Some(number.cast_unsigned())),
            _ => Value::BigInt(Some(number)),
        }
    }

    /// A null of this type.
    pub fn null(self) -> Value {
        match self {
            Self::Bool => Value::Bool(None),
            Self::I8 => Value::TinyInt(None),
            Self::I16 => Value::SmallInt(None),
            Self::I32 => Value::Int(None),
            Self::I64 => Value::BigInt(None),
            Self::U8 => Value::TinyUnsigned(None),
            Self::U16 => Value::SmallUnsigned(None),
            Self::U32 => Value::Unsigned(None),
            Self::U64 => Value::BigUnsigned(None),
            Self::F32 => Value::Float(None),
            Self::F64 => Value::Double(None),
            Self::Text => Value::String(None),
            Self::Bytes => Value::Bytes(None),
            #[cfg(feature = "rust_decimal")]
            Self::Decimal => Value::Decimal(None),
            #[cfg(feature = "uuid")]
            Self::Uuid => Value::Uuid(None),
            #[cfg(feature = "json")]
            Self::Json => Value::Json(None),
            #[cfg(feature = "chrono")]
            Self::ChronoDate => Value::ChronoDate(None),
            #[cfg(feature = "chrono")]
            Self::ChronoTime => Value::ChronoTime(None),
            #[cfg(feature = "chrono")]
            Self::ChronoDateTime => Value::ChronoDateTime(None),
            #[cfg(feature = "chrono")]
            Self::ChronoDateTimeUtc => Value::ChronoDateTimeUtc(None),
            #[cfg(feature = "time")]
            Self::TimeDate => Value::TimeDate(None),
            #[cfg(feature = "time")]
            Self::TimeTime => Value::TimeTime(None),
            #[cfg(feature = "time")]
            Self::TimePrimitiveDateTime => Value::TimeDateTime(None),
            #[cfg(feature = "time")]
            Self::TimeOffsetDateTime => Value::TimeDateTimeWithTimeZone(None),
        }
    }
}

/// The column may not be null.
#[derive(Debug, Clone, Copy)]
pub enum NotNull {}
/// The column may be null.
#[derive(Debug, Clone, Copy)]
pub enum Nullable {}

/// [`NotNull`] or [`Nullable`].
pub trait Nullability: 'static {
    /// Whether null is allowed.
    const NULLABLE: bool;
}
impl Nullability for NotNull {
    const NULLABLE: bool = false;
}
impl Nullability for Nullable {
    const NULLABLE: bool = true;
}

/// A type that a column can have.
///
/// Implemented for the integers, floats, `bool`, `String`, `Vec<u8>`, `Option` of each, the types of the optional
/// features, and by `derive(ColumnEnum)` and `derive(ColumnType)` for your own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a column",
    label = "not a column type",
    note = "derive `ColumnEnum` (an enum) or `ColumnType` (a newtype) for it, wrap it in `Json<..>`, mark the field `#[orm(embed)]` or `#[orm(skip)]`, write `HasMany<..>` for a list of related rows, or switch on the feature of its crate (`chrono`, `time`, `uuid`, `rust_decimal`, `json`)"
)]
pub trait ColumnType: Sized + Clone + Send + Sync + 'static {
    /// How it is bound and read.
    const TYPE: SqlType;
    /// The names a column of an enum may hold; empty for all other types.
    const VARIANTS: &'static [&'static str] = &[];
    /// Whether the column is left out of a load unless asked for ([`Deferred`](super::Deferred)).
    const DEFERRED: bool = false;
    /// Whether [`placeholder`](Self::placeholder) gives a value: whether a new row may leave such a column to the
    /// database. `derive(Model)` refuses to leave out others.
    const HAS_PLACEHOLDER: bool = true;
    /// What a declaration asks of the type.
    #[doc(hidden)]
    const FACTS: Facts = Facts {
        sql_type: Self::TYPE,
        variants: Self::VARIANTS,
        nullable: <Self::Null as Nullability>::NULLABLE,
        deferred: Self::DEFERRED,
        has_placeholder: Self::HAS_PLACEHOLDER,
    };
    /// What a builder does where nothing was given.
    #[doc(hidden)]
    const LEFT_OUT: LeftOut<Self> =
        LeftOut { nullable: <Self::Null as Nullability>::NULLABLE, placeholder: Self::placeholder };
    /// Whether a null can be stored.
    type Null: Nullability;
    /// The type without `Option`, as a path or a key sees it.
    type Scalar: ColumnType;
    /// The state of this column in a fresh builder: `Missing<F>` if it is required, `Given` if not.
    type Start<F>;

    /// From a value of a row, null or not.
    ///
    /// # Errors
    /// The value is null and may not be, is out of range, or is not of this type.
    fn decode(cell: Cell<'_>) -> Result<Self>;

    /// From the next column of a row.
    ///
    /// # Errors
    /// As [`decode`](Self::decode).
    fn read(reader: &mut RowReader<'_>) -> Result<Self> {
        Self::decode(reader.cell())
    }

    /// From a value as [`encode`](Self::encode) makes it.
    ///
    /// # Errors
    /// As [`decode`](Self::decode).
    fn from_value(value: Value) -> Result<Self>;

    /// As a value to bind, of the variant that [`TYPE`](Self::TYPE) names.
    fn encode(&self) -> Value;

    /// Whether both are stored alike. Floats compare their bits, so that a NaN is no eternal change.
    fn same(&self, other: &Self) -> bool;

    /// Whether a stored value would be read as this one.
    #[doc(hidden)]
    fn is_stored_as(&self, cell: Cell<'_>) -> bool {
        Self::decode(cell).is_ok_and(|stored| self.same(&stored))
    }

    /// The value as part of an identity.
    fn key(&self) -> Key {
        Key::from(&self.encode())
    }

    /// Whether the value is in memory; only a deferred column may not be.
    fn is_loaded(&self) -> bool {
        true
    }

    /// Stands for "not given" in a plain value: 0, an empty text, nil, null. `None` where a type has no such value.
    fn unset() -> Option<Self> {
        None
    }

    /// Appends the value to those of a statement that is run for many sets of them.
    #[doc(hidden)]
    fn pack(&self, sets: &mut Sets) {
        sets.push(self.encode());
    }

    /// The same as a row's code sees it. Generated code reaches a column through methods of this trait alone, so that a
    /// field of a wrong type is told once.
    #[doc(hidden)]
    fn as_value(&self) -> &dyn ColumnValue {
        self
    }

    #[doc(hidden)]
    fn as_value_mut(&mut self) -> &mut dyn ColumnValue {
        self
    }

    #[doc(hidden)]
    fn copied(&self) -> Self {
        self.clone()
    }

    /// Stands in a new row where a column was left to the database or to a relationship, until the real value is known.
    ///
    /// 0, an empty text, the first of January 1970, null; the first variant of an enum.
    fn placeholder() -> Option<Self> {
        Self::from_value(Self::TYPE.placeholder()).ok()
    }
}

/// What a declaration asks of a type, as a value.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// [`ColumnType::TYPE`]
    pub sql_type: SqlType,
    /// [`ColumnType::VARIANTS`]
    pub variants: &'static [&'static str],
    /// [`ColumnType::Null`]
    pub nullable: bool,
    /// [`ColumnType::DEFERRED`]
    pub deferred: bool,
    /// [`ColumnType::HAS_PLACEHOLDER`]
    pub has_placeholder: bool,
}

/// What a builder does where nothing was given for a column of type `T`.
#[derive(Debug, Clone, Copy)]
pub struct LeftOut<T> {
    /// Whether null may stand there.
    pub nullable: bool,
    /// [`ColumnType::placeholder`]
    pub placeholder: fn() -> Option<T>,
}

impl<T: ColumnType<Null = NotNull>> ColumnType for Option<T> {
    const TYPE: SqlType = T::TYPE;
    const VARIANTS: &'static [&'static str] = T::VARIANTS;
    type Null = Nullable;
    type Scalar = T;
    type Start<F> = crate::model::Given;

    fn decode(cell: Cell<'_>) -> Result<Self> {
        if cell.is_null() { Ok(None) } else { T::decode(cell).map(Some) }
    }

    fn from_value(value: Value) -> Result<Self> {
        if super::is_null(&value) { Ok(None) } else { T::from_value(value).map(Some) }
    }

    fn encode(&self) -> Value {
        match self {
            Some(value) => value.encode(),
            None => T::TYPE.null(),
        }
    }

    fn pack(&self, sets: &mut Sets) {
        match self {
            Some(value) => value.pack(sets),
            None => sets.push_null(),
        }
    }

    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Some(a), Some(b)) => a.same(b),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }

    fn is_stored_as(&self, cell: Cell<'_>) -> bool {
        match self {
            Some(value) => !cell.is_null() && value.is_stored_as(cell),
            None => cell.is_null(),
        }
    }

    fn key(&self) -> Key {
        self.as_ref().map_or(Key::Null, T::key)
    }

    fn unset() -> Option<Self> {
        Some(None)
    }

    fn placeholder() -> Option<Self> {
        Some(None)
    }
}

/// Reads a cell that may not be null. Whether it is, is asked only where reading fails: a driver fails to read a null.
pub(crate) fn required<'r, T>(cell: Cell<'r>, read: impl FnOnce(Cell<'r>) -> Result<T>) -> Result<T> {
    read(cell).map_err(|error| if cell.is_null() { unexpected_null() } else { error })
}
