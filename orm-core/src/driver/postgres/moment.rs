//! PostgreSQL's binary dates and times: days, and microseconds, since the year 2000.
//!
//! Read here and not by sqlx, which panics on `infinity`.

#[cfg(feature = "chrono")]
pub(super) mod chrono {
    use ::chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

    fn start() -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(2000, 1, 1)
    }

    pub(in crate::driver::postgres) fn date(days: i32) -> Option<NaiveDate> {
        start()?.checked_add_signed(TimeDelta::days(days.into()))
    }

    pub(in crate::driver::postgres) fn time(micros: i64) -> Option<NaiveTime> {
        let seconds = u32::try_from(micros.div_euclid(1_000_000)).ok()?;
        let nanos = u32::try_from(micros.rem_euclid(1_000_000)).ok()? * 1_000;
        NaiveTime::from_num_seconds_from_midnight_opt(seconds, nanos)
    }

    pub(in crate::driver::postgres) fn timestamp(micros: i64) -> Option<NaiveDateTime> {
        start()?.and_time(NaiveTime::MIN).checked_add_signed(TimeDelta::microseconds(micros))
    }
}

#[cfg(feature = "time")]
pub(super) mod time {
    use ::time::{Date, Duration, PrimitiveDateTime, Time};

    fn start() -> Option<Date> {
        Date::from_ordinal_date(2000, 1).ok()
    }

    pub(in crate::driver::postgres) fn date(days: i32) -> Option<Date> {
        start()?.checked_add(Duration::days(days.into()))
    }

    pub(in crate::driver::postgres) fn time(micros: i64) -> Option<Time> {
        let seconds = u32::try_from(micros.div_euclid(1_000_000)).ok()?;
        let nanos = u32::try_from(micros.rem_euclid(1_000_000)).ok()? * 1_000;
        let part = |number: u32| u8::try_from(number).ok();
        Time::from_hms_nano(part(seconds / 3600)?, part(seconds / 60 % 60)?, part(seconds % 60)?, nanos).ok()
    }

    pub(in crate::driver::postgres) fn timestamp(micros: i64) -> Option<PrimitiveDateTime> {
        PrimitiveDateTime::new(start()?, Time::MIDNIGHT).checked_add(Duration::microseconds(micros))
    }
}
