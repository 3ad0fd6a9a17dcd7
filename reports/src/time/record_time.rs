//! A record time as a type: when a row was stored, to the microsecond of UTC.

use super::fault::TimeError;
use super::instant::Instant;
use crate::text::{clip, json_as_text};
use chrono::DateTime;
use serde::Serializer;
use std::fmt;

/// A microsecond of UTC, in JSON and in words `2022-01-01T00:00:00.000001Z`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordTime(i64);

impl RecordTime {
    /// After every other: everything recorded counts.
    pub const END: Self = Self(i64::MAX);

    /// `micros` microseconds since 1970, UTC.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The second it lies in.
    pub const fn instant(self) -> Instant {
        Instant::from_seconds(self.0.div_euclid(1_000_000))
    }

    /// So many microseconds later, or earlier where negative; at most the end.
    pub const fn plus_micros(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// Reads a record time as it is written.
    ///
    /// # Errors
    /// What is no RFC 3339 time, or lies outside the years 1970 to 9999.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let time = DateTime::parse_from_rfc3339(text).map_err(|_| TimeError::NotATime(clip(text)))?;
        Instant::from_seconds(time.timestamp()).in_range(text).map(|_| Self(time.timestamp_micros()))
    }
}

/// The start of its second.
impl From<Instant> for RecordTime {
    fn from(instant: Instant) -> Self {
        Self(instant.seconds().saturating_mul(1_000_000))
    }
}

impl fmt::Display for RecordTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match DateTime::from_timestamp_micros(self.0) {
            Some(time) => f.pad(&time.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()),
            None => f.pad(&format!("{}us", self.0)),
        }
    }
}

json_as_text!(RecordTime);

/// As documents have it that state microseconds since 1970:
/// `#[serde(serialize_with = "reports::time::record_time::as_micros")]`.
pub fn as_micros<S: Serializer>(time: &RecordTime, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i64(time.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn record_times_are_read_as_written() {
        let text = "\"2022-01-01T00:00:00.000001Z\"";
        let recorded: RecordTime = serde_json::from_str(text).expect("a record time");
        assert_eq!(recorded.micros(), 1_640_995_200_000_001);
        assert_eq!(serde_json::to_string(&recorded).expect("text"), text);
        assert_eq!(recorded.instant(), Instant::from_seconds(1_640_995_200));
        assert_eq!(RecordTime::from(recorded.instant()).plus_micros(1), recorded);
        assert_eq!(RecordTime::from(Instant::from_seconds(i64::MAX)), RecordTime::END);
        assert!(serde_json::from_str::<RecordTime>("\"yesterday\"").is_err());
    }

    #[test]
    fn they_lie_between_1970_and_9999() {
        let out =
            ["1969-12-31T23:59:59Z", "1970-01-01T00:00:00+01:00", "0000-01-01T00:00:00Z", "9999-12-31T23:30:00-01:00"];
        for text in out {
            assert_eq!(RecordTime::parse(text), Err(TimeError::OutOfRange(text.into())), "{text}");
        }
        for text in
            ["+10000-01-01T00:00:00Z", "+262142-12-31T23:59:59Z", "-0001-01-01T00:00:00Z", "99999-01-01T00:00:00Z"]
        {
            assert_eq!(RecordTime::parse(text), Err(TimeError::NotATime(text.into())), "{text}");
        }
    }
}
