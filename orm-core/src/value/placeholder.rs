//! What stands in a new row where the database will give the value.
use super::{SqlType, Value};

impl SqlType {
    /// Zero, or what comes nearest to it in the type.
    pub fn placeholder(self) -> Value {
        match self {
            Self::Bool => Value::Bool(Some(false)),
            Self::I8 => Value::TinyInt(Some(0)),
            Self::I16 => Value::SmallInt(Some(0)),
            Self::I32 => Value::Int(Some(0)),
            Self::I64 => Value::BigInt(Some(0)),
            Self::U8 => Value::TinyUnsigned(Some(0)),
            Self::U16 => Value::SmallUnsigned(Some(0)),
            Self::U32 => Value::Unsigned(Some(0)),
            Self::U64 => Value::BigUnsigned(Some(0)),
            Self::F32 => Value::Float(Some(0.0)),
            Self::F64 => Value::Double(Some(0.0)),
            Self::Text => Value::String(Some(String::new())),
            Self::Bytes => Value::Bytes(Some(Vec::new())),
            #[cfg(feature = "rust_decimal")]
            Self::Decimal => Value::Decimal(Some(::rust_decimal::Decimal::ZERO)),
            #[cfg(feature = "uuid")]
            Self::Uuid => Value::Uuid(Some(::uuid::Uuid::nil())),
            #[cfg(feature = "json")]
            Self::Json => Value::Json(Some(Box::new(::serde_json::Value::Null))),
            #[cfg(feature = "chrono")]
            Self::ChronoDate | Self::ChronoTime | Self::ChronoDateTime | Self::ChronoDateTimeUtc => self.chrono(),
            #[cfg(feature = "time")]
            Self::TimeDate | Self::TimeTime | Self::TimePrimitiveDateTime | Self::TimeOffsetDateTime => self.time(),
        }
    }

    #[cfg(feature = "chrono")]
    fn chrono(self) -> Value {
        let epoch = ::chrono::DateTime::UNIX_EPOCH;
        match self {
            Self::ChronoDate => Value::ChronoDate(Some(epoch.date_naive())),
            Self::ChronoTime => Value::ChronoTime(Some(epoch.time())),
            Self::ChronoDateTime => Value::ChronoDateTime(Some(epoch.naive_utc())),
            _ => Value::ChronoDateTimeUtc(Some(epoch)),
        }
    }

    #[cfg(feature = "time")]
    fn time(self) -> Value {
        let epoch = ::time::OffsetDateTime::UNIX_EPOCH;
        match self {
            Self::TimeDate => Value::TimeDate(Some(epoch.date())),
            Self::TimeTime => Value::TimeTime(Some(epoch.time())),
            Self::TimePrimitiveDateTime => {
                Value::TimeDateTime(Some(::time::PrimitiveDateTime::new(epoch.date(), epoch.time())))
            }
            _ => Value::TimeDateTimeWithTimeZone(Some(epoch)),
        }
    }
}
