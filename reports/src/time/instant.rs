//! An instant as a type: a second of UTC, written as RFC 3339.

use super::fault::TimeError;
use crate::text::{clip, json_as_text};
use chrono::{DateTime, NaiveDate, NaiveDateTime};
use std::fmt;
use std::ops::{Add, AddAssign, Sub};

/// A second of UTC, in JSON and in words `2022-01-01T00:00:00Z`; what is read may have another offset.
///
/// Seconds added or subtracted beyond what an `i64` holds leave it at the end.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// The first second that any time may name: 1970-01-01T00:00:00Z.
    pub const FIRST: Self = Self(0);
    /// The last one, 9999-12-31T23:59:59Z: what lies beyond could not be written in four digits of a year and read again.
    pub const LAST: Self = Self(253_402_300_799);

    /// `seconds` since 1970, UTC.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// The last full step of `step_s` seconds at or before it.
    pub fn floor(self, step_s: i64) -> Self {
        Self(self.0.saturating_sub(self.0.rem_euclid(step_s.max(1))))
    }

    /// The first full step at or after it.
    pub fn ceil(self, step_s: i64) -> Self {
        (self + (step_s.max(1) - 1)).floor(step_s)
    }

    /// Whether it is a full step of `step_s` seconds.
    pub fn is_on(self, step_s: i64) -> bool {
        self.0.rem_euclid(step_s.max(1)) == 0
    }

    /// An instant between the first and the last.
    ///
    /// # Errors
    /// One outside, by the text it was written as.
    pub fn in_range(self, text: &str) -> Result<Self, TimeError> {
        if (Self::FIRST..=Self::LAST).contains(&self) {
            return Ok(self);
        }
        Err(TimeError::OutOfRange(clip(text)))
    }

    /// Reads RFC 3339 with its offset.
    ///
    /// # Errors
    /// What is wrong with it, by the text as it stands.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        match DateTime::parse_from_rfc3339(text) {
            Ok(time) if time.timestamp_subsec_nanos() != 0 => Err(TimeError::Fraction(clip(text))),
            Ok(time) => Self(time.timestamp()).in_range(text),
            Err(_) if is_local(text) => Err(TimeError::NoOffset(clip(text))),
            Err(_) => match next_day(&clip(text)) {
                Some(next) => Err(TimeError::EndOfDay(clip(text), next)),
                None => Err(TimeError::NotATime(clip(text))),
            },
        }
    }

    /// Reads an instant to the minute, as some feeds write it: `2018-01-20T12:00Z`.
    pub fn parse_minute(text: &str) -> Result<Self, TimeError> {
        match text.strip_suffix('Z').filter(|minute| minute.len() == 16 && minute.as_bytes()[10] == b'T') {
            Some(minute) => Self::parse(&format!("{minute}:00Z")).map_err(|error| match error {
                TimeError::OutOfRange(_) => TimeError::OutOfRange(text.to_string()),
                _ => TimeError::NotATime(text.to_string()),
            }),
            None => Err(TimeError::NotATime(clip(text))),
        }
    }

    /// Reads an instant of a received file: RFC 3339, where seconds may be left out, `2024-05-01T10:00+02:00`.
    ///
    /// # Errors
    /// What is wrong with it, by the text as it stands.
    pub fn parse_received(text: &str) -> Result<Self, TimeError> {
        match Self::parse(text) {
            Err(TimeError::NotATime(short)) => match with_seconds(text).map(|whole| Self::parse(&whole)) {
                None if has_short_offset(text) => Err(TimeError::ShortOffset(short)),
                None | Some(Err(TimeError::NotATime(_))) => Err(TimeError::NotATime(short)),
                Some(Err(TimeError::OutOfRange(_))) => Err(TimeError::OutOfRange(short)),
                Some(read) => read,
            },
            read => read,
        }
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
    let forms = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"];
    forms.iter().any(|form| NaiveDateTime::parse_from_str(text, form).is_ok())
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

impl Add<i64> for Instant {
    type Output = Self;

    fn add(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }
}

impl Sub<i64> for Instant {
    type Output = Self;

    fn sub(self, seconds: i64) -> Self {
        Self(self.0.saturating_sub(seconds))
    }
}

/// Seconds from the one subtracted to this.
impl Sub for Instant {
    type Output = i64;

    fn sub(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl AddAssign<i64> for Instant {
    fn add_assign(&mut self, seconds: i64) {
        *self = *self + seconds;
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match DateTime::from_timestamp(self.0, 0) {
            Some(time) => f.pad(&time.format("%Y-%m-%dT%H:%M:%SZ").to_string()),
            None => f.pad(&format!("{}s", self.0)),
        }
    }
}

json_as_text!(Instant);

/// Instants of documents that state them in seconds since 1970: `#[serde(with = "reports::time::instant::as_seconds")]`.
pub mod as_seconds {
    use super::Instant;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(instant: &Instant, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(instant.0)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Instant, D::Error> {
        i64::deserialize(deserializer).map(Instant)
    }

    /// The same where there may be none: `#[serde(default, with = "reports::time::instant::as_seconds::option")]`.
    pub mod option {
        use super::super::Instant;
        use serde::{Deserialize, Deserializer, Serialize, Serializer};

        pub fn serialize<S: Serializer>(instant: &Option<Instant>, serializer: S) -> Result<S::Ok, S::Error> {
            instant.map(Instant::seconds).serialize(serializer)
        }

        pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Instant>, D::Error> {
            Ok(Option::<i64>::deserialize(deserializer)?.map(Instant))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Instant, TimeError> {
        Instant::parse(text)
    }

    #[test]
    fn instants_are_read_as_written_and_bad_ones_refused() {
        let text = "\"2026-03-29T01:30:00Z\"";
        let instant: Instant = serde_json::from_str(text).expect("an instant");
        // 20 541 days after 1970, and an hour and a half.
        assert_eq!(instant.seconds(), 20_541 * 86_400 + 5_400);
        assert_eq!(serde_json::to_string(&instant).expect("text"), text);
        assert_eq!(Instant::parse("2026-03-29T03:30:00+02:00"), Ok(instant));
        assert_eq!(format!("{instant:>22}"), "  2026-03-29T01:30:00Z");
        let day = Instant::from_seconds(20_541 * 86_400);
        assert_eq!((instant - day, day - instant, day + 5_400, instant - 5_400), (5_400, -5_400, instant, day));
        for bad in ["\"\"", "\"yesterday\"", "\"2026-03-29T01:30:00\"", "0", "null"] {
            assert!(serde_json::from_str::<Instant>(bad).is_err(), "{bad}");
        }
        assert!(matches!(Instant::parse("2026-02-30T00:00:00Z"), Err(TimeError::NotATime(_))));
    }

    #[test]
    fn steps_are_rounded_away_from_and_to_1970_alike() {
        let at = Instant::from_seconds;
        assert_eq!([0, 1, 3_599, 3_600].map(|s| at(s).floor(3_600)), [0, 0, 0, 3_600].map(at));
        assert_eq!([-1, 0, 1, 3_600].map(|s| at(s).ceil(3_600)), [0, 0, 3_600, 3_600].map(at));
        assert_eq!(
            (at(i64::MIN).floor(7), at(i64::MAX).ceil(7).seconds() % 7, at(5).ceil(0)),
            (at(i64::MIN), 0, at(5))
        );
        assert!(at(-3_600).is_on(3_600) && !at(1).is_on(3_600));
    }

    #[test]
    fn a_time_needs_its_offset() {
        assert_eq!(parse("2026-03-29T03:30:00+02:00"), parse("2026-03-29T01:30:00Z"));
        assert!(matches!(parse("2026-03-29T02:30"), Err(TimeError::NoOffset(_))));
        assert!(matches!(parse("2026-03-29T02:30:00"), Err(TimeError::NoOffset(_))));
        assert!(matches!(parse("2026-02-30T02:30:00Z"), Err(TimeError::NotATime(_))));
        assert!(matches!(parse("2026-02-01T02:30:00.5Z"), Err(TimeError::Fraction(_))));
        for (end, next) in [
            ("2026-02-28T24:00:00Z", "2026-03-01T00:00:00Z"),
            ("2026-12-31T24:00:00+02:00", "2027-01-01T00:00:00+02:00"),
            ("2026-02-28 24:00", "2026-03-01T00:00"),
        ] {
            assert_eq!(parse(end), Err(TimeError::EndOfDay(end.into(), next.into())));
        }
        assert!(matches!(parse("2026-02-28T24:01:00Z"), Err(TimeError::NotATime(_))));
        assert_eq!(Instant::from_seconds(1_640_995_200).to_string(), "2022-01-01T00:00:00Z");
    }

    #[test]
    fn times_lie_between_1970_and_9999() {
        assert_eq!(parse("1970-01-01T00:00:00Z"), Ok(Instant::FIRST));
        assert_eq!(parse("9999-12-31T23:59:59Z"), Ok(Instant::LAST));
        // An offset reaches over the edge: an hour before 1970, an hour into 10000.
        for text in ["1969-12-31T23:59:59Z", "1970-01-01T00:00:00+01:00", "0000-01-01T00:00:00Z"] {
            assert_eq!(parse(text), Err(TimeError::OutOfRange(text.into())), "{text}");
        }
        let late = "9999-12-31T23:30:00-01:00";
        assert_eq!(parse(late), Err(TimeError::OutOfRange(late.into())));
        for text in
            ["+10000-01-01T00:00:00Z", "+262142-12-31T23:59:59Z", "-0001-01-01T00:00:00Z", "99999-01-01T00:00:00Z"]
        {
            assert!(matches!(parse(text), Err(TimeError::NotATime(_))), "{text}");
            assert!(matches!(Instant::parse_minute(text), Err(TimeError::NotATime(_))), "{text}");
        }
        assert_eq!(Instant::parse_minute("2018-01-20T12:00Z"), parse("2018-01-20T12:00:00Z"));
        for text in ["", "Z", "2018-01-20 12:00Z", "2018-01-20T12:00", "2018-01-20T24:00Z", "\u{e9}2018-01-20T12:0Z"] {
            assert!(matches!(Instant::parse_minute(text), Err(TimeError::NotATime(_))), "{text}");
        }
        assert!(matches!(Instant::parse_minute("1969-12-31T23:30Z"), Err(TimeError::OutOfRange(_))));
    }

    #[test]
    fn a_received_time_may_lack_its_seconds_and_nothing_else() {
        for (text, whole) in [
            ("2024-05-01T10:00Z", "2024-05-01T10:00:00Z"),
            ("2024-05-01t10:00z", "2024-05-01T10:00:00Z"),
            ("2024-05-01 10:00+02:00", "2024-05-01T08:00:00Z"),
            ("2024-05-01T10:00:00-01:30", "2024-05-01T11:30:00Z"),
        ] {
            assert_eq!(Instant::parse_received(text), parse(whole), "{text}");
        }
        for text in ["2024-05-01T10:00+00", "2024-05-01T10:00:00+00", "2024-05-01T10:00:00+0200", "2024-05-01 10:00-01"]
        {
            assert_eq!(Instant::parse_received(text), Err(TimeError::ShortOffset(text.into())), "{text}");
        }
        assert!(matches!(Instant::parse_received("2024-05-01T10:00"), Err(TimeError::NoOffset(_))));
        assert!(matches!(Instant::parse_received("2024-05-01T24:00Z"), Err(TimeError::EndOfDay(..))));
        assert!(matches!(Instant::parse_received("1969-05-01T10:00Z"), Err(TimeError::OutOfRange(_))));
        for text in
            ["2024-05-01T10Z", "2024-05-01T10:60Z", "2024-02-30T10:00Z", "2024-05-01", "", "\u{e9}024-05-01T10:00Z"]
        {
            assert!(matches!(Instant::parse_received(text), Err(TimeError::NotATime(_))), "{text}");
        }
    }
}
