//! Dates and times as text that sorts: `2024-02-29`, `23:59:59.5`, `2024-02-29 23:59:59.5`.
//!
//! The form is that of SQLite's own `CURRENT_TIMESTAMP`; moments are stored in UTC, with no offset, so that they compare
//! with it. What others wrote with a `T`, a `Z` or an offset is read too.
use crate::error::{Error, Kind, Result};

/// A calendar date.
type Date = (i32, u32, u32);
/// Hour, minute, second and nanosecond.
type Time = (u32, u32, u32, u32);

fn date_text((year, month, day): Date) -> Result<String> {
    if !(0..=9999).contains(&year) {
        let message = format!("the year {year} cannot be stored in SQLite: as text, only years 0 to 9999 sort");
        return Err(Error::new(Kind::Unsupported, message));
    }
    Ok(format!("{year:04}-{month:02}-{day:02}"))
}

fn time_text((hour, minute, second, nanosecond): Time) -> String {
    let text = format!("{hour:02}:{minute:02}:{second:02}");
    match nanosecond {
        0 => text,
        fraction => format!("{text}.{}", format!("{fraction:09}").trim_end_matches('0')),
    }
}

fn moment_text(date: Date, time: Time) -> Result<String> {
    Ok(format!("{} {}", date_text(date)?, time_text(time)))
}

fn parse_date(text: &str) -> Option<Date> {
    let mut parts = text.splitn(3, '-');
    let date = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    Some(date)
}

fn parse_time(text: &str) -> Option<Time> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut parts = whole.splitn(3, ':');
    let (hour, minute) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let second = parts.next().map_or(Some(0), |second| second.parse().ok())?;
    let nanosecond = if fraction.is_empty() { 0 } else { format!("{fraction:0<9}").get(..9)?.parse().ok()? };
    Some((hour, minute, second, nanosecond))
}

/// A date and a time, and the offset in seconds if one is written.
fn parse_moment(text: &str) -> Option<(Date, Time, Option<i32>)> {
    let (date, rest) = text.split_once([' ', 'T']).unwrap_or((text, "00:00"));
    let (time, offset) = match rest.find(['Z', 'z', '+', '-']) {
        Some(at) => (rest.get(..at)?, Some(parse_offset(rest.get(at..)?)?)),
        None => (rest, None),
    };
    Some((parse_date(date)?, parse_time(time.trim_end())?, offset))
}

fn parse_offset(text: &str) -> Option<i32> {
    let sign = match text.chars().next()? {
        'Z' | 'z' => return Some(0),
        '-' => -1,
        _ => 1,
    };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let (hours, minutes) = (digits.get(..2)?, digits.get(2..4).unwrap_or("0"));
    Some(sign * (hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60))
}

fn unreadable(text: &str) -> Error {
    Error::new(Kind::Decode, format!("the stored text {text:?} is no date or time of the form 2024-02-29 23:59:59"))
}

#[cfg(feature = "chrono")]
pub(super) mod chrono {
    use super::*;
    use crate::value::{SqlType, Value};
    use ::chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};

    /// The text of one of chrono's values.
    pub(in crate::driver::sqlite) fn text(value: &Value) -> Result<Option<String>> {
        match value {
            Value::ChronoDate(v) => v.map(|v| date_text(date_parts(v))).transpose(),
            Value::ChronoTime(v) => Ok(v.map(|v| time_text(time_parts(v)))),
            Value::ChronoDateTime(v) => v.map(moment).transpose(),
            Value::ChronoDateTimeUtc(v) => v.map(|v| moment(v.naive_utc())).transpose(),
            _ => Ok(None),
        }
    }

    /// The value of a text.
    pub(in crate::driver::sqlite) fn value(text: &str, sql_type: SqlType) -> Result<Value> {
        let value = match sql_type {
            SqlType::ChronoDate => moment_of(text).map(|(moment, _)| Value::ChronoDate(Some(moment.date()))),
            SqlType::ChronoTime => time_of(text).map(|time| Value::ChronoTime(Some(time))),
            SqlType::ChronoDateTime => moment_of(text).map(|(moment, _)| Value::ChronoDateTime(Some(moment))),
            _ => utc(text).map(|moment| Value::ChronoDateTimeUtc(Some(moment))),
        };
        value.ok_or_else(|| unreadable(text))
    }

    fn date_parts(date: NaiveDate) -> Date {
        (date.year(), date.month(), date.day())
    }

    fn time_parts(time: NaiveTime) -> Time {
        (time.hour(), time.minute(), time.second(), time.nanosecond())
    }

    fn moment(moment: NaiveDateTime) -> Result<String> {
        moment_text(date_parts(moment.date()), time_parts(moment.time()))
    }

    fn time_of(text: &str) -> Option<NaiveTime> {
        let (hour, minute, second, nanosecond) = parse_time(text)?;
        NaiveTime::from_hms_nano_opt(hour, minute, second, nanosecond)
    }

    fn moment_of(text: &str) -> Option<(NaiveDateTime, i32)> {
        let ((year, month, day), (hour, minute, second, nanosecond), offset) = parse_moment(text)?;
        let time = NaiveTime::from_hms_nano_opt(hour, minute, second, nanosecond)?;
        Some((NaiveDate::from_ymd_opt(year, month, day)?.and_time(time), offset.unwrap_or(0)))
    }

    fn utc(text: &str) -> Option<DateTime<Utc>> {
        let (moment, offset) = moment_of(text)?;
        moment.checked_sub_signed(TimeDelta::seconds(offset.into())).map(|moment| moment.and_utc())
    }
}

#[cfg(feature = "time")]
pub(super) mod time {
    use super::*;
    use crate::value::{SqlType, Value};
    use ::time::{Month, OffsetDateTime, PrimitiveDateTime, UtcOffset};

    /// The text of one of time's values.
    pub(in crate::driver::sqlite) fn text(value: &Value) -> Result<Option<String>> {
        match value {
            Value::TimeDate(v) => v.map(|v| date_text(date_parts(v))).transpose(),
            Value::TimeTime(v) => Ok(v.map(|v| time_text(time_parts(v)))),
            Value::TimeDateTime(v) => v.map(moment).transpose(),
            Value::TimeDateTimeWithTimeZone(v) => v.map(in_utc).transpose(),
            _ => Ok(None),
        }
    }

    /// The value of a text.
    pub(in crate::driver::sqlite) fn value(text: &str, sql_type: SqlType) -> Result<Value> {
        let value = match sql_type {
            SqlType::TimeDate => moment_of(text).map(|(moment, _)| Value::TimeDate(Some(moment.date()))),
            SqlType::TimeTime => time_of(text).map(|time| Value::TimeTime(Some(time))),
            SqlType::TimePrimitiveDateTime => moment_of(text).map(|(moment, _)| Value::TimeDateTime(Some(moment))),
            _ => utc(text).map(|moment| Value::TimeDateTimeWithTimeZone(Some(moment))),
        };
        value.ok_or_else(|| unreadable(text))
    }

    fn date_parts(date: ::time::Date) -> Date {
        (date.year(), u32::from(u8::from(date.month())), u32::from(date.day()))
    }

    fn time_parts(time: ::time::Time) -> Time {
        (u32::from(time.hour()), u32::from(time.minute()), u32::from(time.second()), time.nanosecond())
    }

    fn moment(moment: PrimitiveDateTime) -> Result<String> {
        moment_text(date_parts(moment.date()), time_parts(moment.time()))
    }

    fn in_utc(moment: OffsetDateTime) -> Result<String> {
        let utc = moment.checked_to_offset(UtcOffset::UTC);
        let utc = utc.ok_or_else(|| Error::new(Kind::Unsupported, format!("{moment} has no date in UTC")))?;
        moment_text(date_parts(utc.date()), time_parts(utc.time()))
    }

    fn time_of(text: &str) -> Option<::time::Time> {
        built(parse_time(text)?)
    }

    fn built((hour, minute, second, nanosecond): Time) -> Option<::time::Time> {
        let (hour, minute, second) = (u8::try_from(hour).ok()?, u8::try_from(minute).ok()?, u8::try_from(second).ok()?);
        ::time::Time::from_hms_nano(hour, minute, second, nanosecond).ok()
    }

    fn moment_of(text: &str) -> Option<(PrimitiveDateTime, i32)> {
        let ((year, month, day), time, offset) = parse_moment(text)?;
        let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
        let date = ::time::Date::from_calendar_date(year, month, u8::try_from(day).ok()?).ok()?;
        Some((PrimitiveDateTime::new(date, built(time)?), offset.unwrap_or(0)))
    }

    fn utc(text: &str) -> Option<OffsetDateTime> {
        let (moment, offset) = moment_of(text)?;
        moment.checked_sub(::time::Duration::seconds(offset.into())).map(PrimitiveDateTime::assume_utc)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_moments_sort_like_moments() {
        let texts =
            [(0, 0, 0, 0), (0, 0, 0, 5), (0, 0, 0, 250_000_000), (0, 0, 0, 500_000_000), (0, 0, 1, 0)].map(time_text);
        assert!(texts.is_sorted(), "{texts:?}");
        assert_eq!(texts[3], "00:00:00.5");
    }

    #[test]
    fn texts_of_others_are_read() {
        let moment = ((2024, 2, 29), (23, 59, 59, 500_000_000));
        assert_eq!(parse_moment("2024-02-29T23:59:59.5Z"), Some((moment.0, moment.1, Some(0))));
        assert_eq!(parse_moment("2024-02-29 23:59:59.500-01:30"), Some((moment.0, moment.1, Some(-5400))));
        assert_eq!(parse_moment("2024-02-29"), Some((moment.0, (0, 0, 0, 0), None)));
        assert_eq!(parse_moment("tomorrow"), None);
        assert_eq!(parse_time("12:30"), Some((12, 30, 0, 0)));
    }

    #[test]
    fn a_year_that_would_not_sort_is_refused() {
        assert!(date_text((10_000, 1, 1)).is_err());
        assert!(date_text((-1, 1, 1)).is_err());
    }
}
