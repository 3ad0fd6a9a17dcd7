//! Instants as UTC seconds, and half-open intervals of them.

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

#[derive(Debug, Error, PartialEq, Eq, Clone)]
pub enum TimeError {
    #[error("`{0}` has no UTC offset; write 2026-03-29T01:30:00Z or 2026-03-29T03:30:00+02:00")]
    NoOffset(String),
    #[error("`{0}` is not an RFC 3339 time such as 2022-01-01T00:00:00Z")]
    NotATime(String),
    #[error("`{0}` has an offset without its minutes or the colon; write Z, +00:00 or +02:00")]
    ShortOffset(String),
    #[error("`{0}` has a fraction of a second; intervals are whole seconds")]
    Fraction(String),
    #[error("`{0}` names the end of a day by 24:00; write the start of the next, {1}")]
    EndOfDay(String, String),
    #[error("the end {end} is not after the start {start}")]
    Backwards { start: String, end: String },
    #[error("`{0}` lies outside the years 1970 to 9999")]
    OutOfRange(String),
    #[error("`{0}` is not a time zone of the IANA database, such as Europe/Berlin")]
    UnknownZone(String),
    #[error("{local} does not exist in {zone}: clocks jump over it")]
    Skipped { local: String, zone: String },
    #[error("{local} is ambiguous in {zone}: clocks go back over it; give the offset")]
    Repeated { local: String, zone: String },
    #[error("`{0}` is not a resolution; use 5min, 15min, 30min or 60min")]
    Resolution(String),
    #[error("{start} to {end} does not lie on the {minutes}-minute UTC grid")]
    OffGrid { start: String, end: String, minutes: i64 },
}

/// The first second and the last one that any time may name: 1970-01-01T00:00:00Z and 9999-12-31T23:59:59Z. What lies
/// outside could not be written in four digits of a year and read again.
pub const FIRST_S: i64 = 0;
pub const LAST_S: i64 = 253_402_300_799;

/// An instant between those two.
///
/// # Errors
///
/// One outside, by the text it was written as.
pub fn in_range(instant_s: i64, text: &str) -> Result<i64, TimeError> {
    if (FIRST_S..=LAST_S).contains(&instant_s) {
        return Ok(instant_s);
    }
    Err(TimeError::OutOfRange(text.chars().take(40).collect()))
}

/// Parses an RFC 3339 instant with its offset into UTC seconds.
pub fn parse_instant(text: &str) -> Result<i64, TimeError> {
    let short = || -> String { text.chars().take(40).collect() };
    match DateTime::parse_from_rfc3339(text) {
        Ok(time) if time.timestamp_subsec_nanos() != 0 => Err(TimeError::Fraction(short())),
        Ok(time) => in_range(time.timestamp(), text),
        Err(_) if is_local(text) => Err(TimeError::NoOffset(short())),
        Err(_) => match next_day(&short()) {
            Some(next) => Err(TimeError::EndOfDay(short(), next)),
            None => Err(TimeError::NotATime(short())),
        },
    }
}

/// `2026-01-02T00:00:00Z` for `2026-01-01T24:00:00Z`, seconds and offset or not.
fn next_day(text: &str) -> Option<String> {
    let (date, time) = text.split_once(['T', ' '])?;
    let rest = time.strip_prefix("24:00")?;
    let next = date.parse::<NaiveDate>().ok()?.succ_opt()?;
    Some(format!("{next}T00:00{rest}"))
}

fn is_local(text: &str) -> bool {
    ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
        .iter()
        .any(|form| NaiveDateTime::parse_from_str(text, form).is_ok())
}

/// `2022-01-01T00:00:00Z`.
pub fn format_instant(seconds: i64) -> String {
    match DateTime::from_timestamp(seconds, 0) {
        Some(time) => time.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        None => format!("{seconds}s"),
    }
}

/// `2022-01-01T00:00:00.000001Z`, for record times.
pub fn format_micros(micros: i64) -> String {
    match DateTime::from_timestamp_micros(micros) {
        Some(time) => time.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string(),
        None => format!("{micros}us"),
    }
}

/// Microseconds of a record time as [`format_micros`] writes it.
pub fn parse_micros(text: &str) -> Result<i64, TimeError> {
    let short = || TimeError::NotATime(text.chars().take(40).collect());
    let time = DateTime::parse_from_rfc3339(text).map_err(|_| short())?;
    in_range(time.timestamp(), text).map(|_| time.timestamp_micros())
}

/// An instant to the minute, as some feeds write it: `2018-01-20T12:00Z`.
pub fn parse_minute(text: &str) -> Result<i64, TimeError> {
    match text.strip_suffix('Z').filter(|minute| minute.len() == 16 && minute.as_bytes()[10] == b'T') {
        Some(minute) => parse_instant(&format!("{minute}:00Z")).map_err(|error| match error {
            TimeError::OutOfRange(_) => TimeError::OutOfRange(text.to_string()),
            _ => TimeError::NotATime(text.to_string()),
        }),
        None => Err(TimeError::NotATime(text.chars().take(40).collect())),
    }
}

/// An instant of a received file: RFC 3339, where seconds may be left out, `2024-05-01T10:00+02:00`.
///
/// # Errors
///
/// What is wrong with it, by the text as it stands.
pub fn parse_received(text: &str) -> Result<i64, TimeError> {
    match parse_instant(text) {
        Err(TimeError::NotATime(short)) => match with_seconds(text).map(|whole| parse_instant(&whole)) {
            None if has_short_offset(text) => Err(TimeError::ShortOffset(short)),
            None | Some(Err(TimeError::NotATime(_))) => Err(TimeError::NotATime(short)),
            Some(Err(TimeError::OutOfRange(_))) => Err(TimeError::OutOfRange(short)),
            Some(read) => read,
        },
        read => read,
    }
}

/// `2024-05-01T10:00:00Z` for `2024-05-01T10:00Z`.
fn with_seconds(text: &str) -> Option<String> {
    let (minute, offset) = (text.get(..16)?, text.get(16..)?);
    let is_offset = matches!(offset, "Z" | "z") || (offset.len() == 6 && offset.starts_with(['+', '-']));
    is_offset.then(|| format!("{minute}:00{offset}"))
}

/// Whether an offset such as `+00` or `+0200` ends it.
fn has_short_offset(text: &str) -> bool {
    let at = text.rfind(['+', '-']).filter(|at| *at >= 16);
    at.is_some_and(|at| matches!(text.len() - at, 3 | 5) && text[at + 1..].bytes().all(|byte| byte.is_ascii_digit()))
}

/// Nothing is metered, billed or certified over more at once.
pub const LONGEST_S: i64 = 366 * 86_400;

/// A half-open interval of UTC seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    pub start_s: i64,
    pub end_s: i64,
}

impl Interval {
    pub fn new(start_s: i64, end_s: i64) -> Result<Self, TimeError> {
        if end_s <= start_s {
            return Err(TimeError::Backwards { start: format_instant(start_s), end: format_instant(end_s) });
        }
        Ok(Self { start_s, end_s })
    }

    pub fn duration_s(self) -> i64 {
        self.end_s - self.start_s
    }

    /// Why nothing may be metered, billed or certified over it at once.
    pub fn fault(self) -> Option<String> {
        if self.start_s < FIRST_S || self.end_s > LAST_S {
            return Some(format!("the interval {self} lies outside the years 1970 to 9999"));
        }
        (self.duration_s() > LONGEST_S).then(|| format!("the interval {self} is longer than a year"))
    }

    pub fn contains(self, other: Self) -> bool {
        self.start_s <= other.start_s && other.end_s <= self.end_s
    }

    /// Seconds shared with another interval.
    pub fn overlap_s(self, other: Self) -> i64 {
        (self.end_s.min(other.end_s) - self.start_s.max(other.start_s)).max(0)
    }
}

impl std::fmt::Display for Interval {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} to {}", format_instant(self.start_s), format_instant(self.end_s))
    }
}

#[derive(Serialize, Deserialize)]
struct Written {
    start: String,
    end: String,
}

impl Serialize for Interval {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written { start: format_instant(self.start_s), end: format_instant(self.end_s) }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Interval {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Written::deserialize(deserializer)?;
        let instant = |text: &str| parse_instant(text).map_err(serde::de::Error::custom);
        Self::new(instant(&written.start)?, instant(&written.end)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_needs_its_offset() {
        assert_eq!(parse_instant("2026-03-29T03:30:00+02:00"), parse_instant("2026-03-29T01:30:00Z"));
        assert!(matches!(parse_instant("2026-03-29T02:30"), Err(TimeError::NoOffset(_))));
        assert!(matches!(parse_instant("2026-03-29T02:30:00"), Err(TimeError::NoOffset(_))));
        assert!(matches!(parse_instant("2026-02-30T02:30:00Z"), Err(TimeError::NotATime(_))));
        assert!(matches!(parse_instant("2026-02-01T02:30:00.5Z"), Err(TimeError::Fraction(_))));
        for (end, next) in [
            ("2026-02-28T24:00:00Z", "2026-03-01T00:00:00Z"),
            ("2026-12-31T24:00:00+02:00", "2027-01-01T00:00:00+02:00"),
            ("2026-02-28 24:00", "2026-03-01T00:00"),
        ] {
            assert_eq!(parse_instant(end), Err(TimeError::EndOfDay(end.into(), next.into())));
        }
        assert!(matches!(parse_instant("2026-02-28T24:01:00Z"), Err(TimeError::NotATime(_))));
        assert_eq!(format_instant(1_640_995_200), "2022-01-01T00:00:00Z");
    }

    #[test]
    fn times_lie_between_1970_and_9999() {
        assert_eq!(parse_instant("1970-01-01T00:00:00Z"), Ok(FIRST_S));
        assert_eq!(parse_instant("9999-12-31T23:59:59Z"), Ok(LAST_S));
        // An offset reaches over the edge: an hour before 1970, an hour into 10000.
        for text in ["1969-12-31T23:59:59Z", "1970-01-01T00:00:00+01:00", "0000-01-01T00:00:00Z"] {
            assert_eq!(parse_instant(text), Err(TimeError::OutOfRange(text.into())), "{text}");
            assert_eq!(parse_micros(text), Err(TimeError::OutOfRange(text.into())), "{text}");
        }
        let late = "9999-12-31T23:30:00-01:00";
        assert_eq!(parse_instant(late), Err(TimeError::OutOfRange(late.into())));
        assert_eq!(parse_micros(late), Err(TimeError::OutOfRange(late.into())));
        for text in
            ["+10000-01-01T00:00:00Z", "+262142-12-31T23:59:59Z", "-0001-01-01T00:00:00Z", "99999-01-01T00:00:00Z"]
        {
            assert!(matches!(parse_instant(text), Err(TimeError::NotATime(_))), "{text}");
            assert!(matches!(parse_micros(text), Err(TimeError::NotATime(_))), "{text}");
            assert!(matches!(parse_minute(text), Err(TimeError::NotATime(_))), "{text}");
        }
        assert_eq!(parse_minute("2018-01-20T12:00Z"), parse_instant("2018-01-20T12:00:00Z"));
        for text in ["", "Z", "2018-01-20 12:00Z", "2018-01-20T12:00", "2018-01-20T24:00Z", "\u{e9}2018-01-20T12:0Z"] {
            assert!(matches!(parse_minute(text), Err(TimeError::NotATime(_))), "{text}");
        }
        assert!(matches!(parse_minute("1969-12-31T23:30Z"), Err(TimeError::OutOfRange(_))));
    }

    #[test]
    fn a_received_time_may_lack_its_seconds_and_nothing_else() {
        for (text, whole) in [
            ("2024-05-01T10:00Z", "2024-05-01T10:00:00Z"),
            ("2024-05-01t10:00z", "2024-05-01T10:00:00Z"),
            ("2024-05-01 10:00+02:00", "2024-05-01T08:00:00Z"),
            ("2024-05-01T10:00:00-01:30", "2024-05-01T11:30:00Z"),
        ] {
            assert_eq!(parse_received(text), parse_instant(whole), "{text}");
        }
        for text in ["2024-05-01T10:00+00", "2024-05-01T10:00:00+00", "2024-05-01T10:00:00+0200", "2024-05-01 10:00-01"]
        {
            assert_eq!(parse_received(text), Err(TimeError::ShortOffset(text.into())), "{text}");
        }
        assert!(matches!(parse_received("2024-05-01T10:00"), Err(TimeError::NoOffset(_))));
        assert!(matches!(parse_received("2024-05-01T24:00Z"), Err(TimeError::EndOfDay(..))));
        assert!(matches!(parse_received("1969-05-01T10:00Z"), Err(TimeError::OutOfRange(_))));
        for text in
            ["2024-05-01T10Z", "2024-05-01T10:60Z", "2024-02-30T10:00Z", "2024-05-01", "", "\u{e9}024-05-01T10:00Z"]
        {
            assert!(matches!(parse_received(text), Err(TimeError::NotATime(_))), "{text}");
        }
    }

    #[test]
    fn an_interval_is_at_most_a_year_within_them() {
        let fault = |start_s, end_s| Interval { start_s, end_s }.fault();
        assert_eq!(fault(FIRST_S, LONGEST_S), None);
        assert_eq!(fault(LAST_S - 3_600, LAST_S), None);
        assert!(fault(0, LONGEST_S + 1).is_some_and(|message| message.ends_with("is longer than a year")));
        for (start_s, end_s) in [(-1, 3_600), (LAST_S - 3_599, LAST_S + 1), (i64::MIN, 0), (0, i64::MAX)] {
            assert!(fault(start_s, end_s).is_some_and(|message| message.contains("1970 to 9999")), "{start_s} {end_s}");
        }
    }
}
