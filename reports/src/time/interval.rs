//! Half-open intervals of instants.

use super::fault::TimeError;
use super::instant::Instant;
use serde::{Deserialize, Deserializer, Serialize};

pub const HALF_HOUR_S: i64 = 1_800;
pub const HOUR_S: i64 = 3_600;
pub const DAY_S: i64 = 86_400;
/// Nothing is metered, billed or certified over more at once.
pub const LONGEST_S: i64 = 366 * DAY_S;

/// A half-open interval, in JSON `{"start":"2022-01-01T00:00:00Z","end":"2022-01-01T01:00:00Z"}`.
#[derive(Debug, Serialize, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    pub start: Instant,
    pub end: Instant,
}

impl Interval {
    pub fn new(start: Instant, end: Instant) -> Result<Self, TimeError> {
        if end <= start {
            return Err(TimeError::Backwards { start: start.to_string(), end: end.to_string() });
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
