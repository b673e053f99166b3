//! Dates and times of the crate `chrono`.
//!
//! None has a value that stands for "not given": midnight of the first of January 1970 is a time like any other.
use super::scalar::scalar_column;
use ::chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};

scalar_column!(NaiveDate, ChronoDate, ChronoDate, "a date");
scalar_column!(NaiveTime, ChronoTime, ChronoTime, "a time of day");
scalar_column!(NaiveDateTime, ChronoDateTime, ChronoDateTime, "a date and time without time zone");
scalar_column!(DateTime<Utc>, ChronoDateTimeUtc, ChronoDateTimeUtc, "a point in time");
