//! Dates and times of the crate `time`.
//!
//! None has a value that stands for "not given", as those of `chrono`.
use super::scalar::scalar_column;
use ::time::{Date, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

scalar_column!(Date, TimeDate, TimeDate, "a date");
scalar_column!(Time, TimeTime, TimeTime, "a time of day");
scalar_column!(PrimitiveDateTime, TimePrimitiveDateTime, TimeDateTime, "a date and time without time zone");
// No database keeps the offset: they store the point in time. As UTC, equal points have equal keys and equal texts.
scalar_column!(
    OffsetDateTime,
    TimeOffsetDateTime,
    TimeDateTimeWithTimeZone,
    "a point in time",
    encode = |value: OffsetDateTime| value.to_offset(UtcOffset::UTC)
);
