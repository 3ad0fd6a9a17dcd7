//! Half-open intervals of instants, and what may be wrong with a time.

use super::instant::Instant;
use serde::{Deserialize, Deserializer, Serialize};
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
    Backwards { start: Instant, end: Instant },
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
    OffGrid { start: Instant, end: Instant, minutes: i64 },
}

/// Nothing is metered, billed or certified over more at once.
pub const LONGEST_S: i64 = 366 * 86_400;

/// A half-open interval, in JSON `{"start":"2022-01-01T00:00:00Z","end":"2022-01-01T01:00:00Z"}`.
#[derive(Debug, Serialize, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    pub start: Instant,
    pub end: Instant,
}

impl Interval {
    pub fn new(start: Instant, end: Instant) -> Result<Self, TimeError> {
        if end <= start {
            return Err(TimeError::Backwards { start, end });
        }
        Ok(Self { start, end })
    }

    pub fn duration_s(self) -> i64 {
        self.end - self.start
    }

    /// Why nothing may be metered, billed or certified over it at once.
    pub fn fault(self) -> Option<String> {
        if self.start < Instant::FIRST || self.end > Instant::LAST {
            return Some(format!("the interval {self} lies outside the years 1970 to 9999"));
        }
        (self.duration_s() > LONGEST_S).then(|| format!("the interval {self} is longer than a year"))
    }

    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Seconds shared with another interval.
    pub fn overlap_s(self, other: Self) -> i64 {
        (self.end.min(other.end) - self.start.max(other.start)).max(0)
    }
}

impl std::fmt::Display for Interval {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} to {}", self.start, self.end)
    }
}

#[derive(Deserialize)]
struct Written {
    start: Instant,
    end: Instant,
}

impl<'de> Deserialize<'de> for Interval {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Written { start, end } = Written::deserialize(deserializer)?;
        Self::new(start, end).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_is_at_most_a_year_within_them() {
        let at = Instant::from_seconds;
        let fault = |start: Instant, end: Instant| Interval { start, end }.fault();
        let (first, last) = (Instant::FIRST, Instant::LAST);
        assert_eq!(fault(first, first + LONGEST_S), None);
        assert_eq!(fault(last - 3_600, last), None);
        assert!(fault(first, first + LONGEST_S + 1).is_some_and(|message| message.ends_with("is longer than a year")));
        let farthest = [at(i64::MIN), at(i64::MAX)];
        for (start, end) in [(at(-1), at(3_600)), (last - 3_599, last + 1), (farthest[0], first), (first, farthest[1])]
        {
            assert!(fault(start, end).is_some_and(|message| message.contains("1970 to 9999")), "{start} {end}");
        }
    }
}
