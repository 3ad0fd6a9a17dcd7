//! An instant as a type: a second of UTC, written as RFC 3339.

use super::interval::{TimeError, format_instant, parse_instant};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// A second of UTC, in JSON and in words `2022-01-01T00:00:00Z`; what is read may have another offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// `seconds` since 1970, UTC.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// Seconds from an earlier instant to this; negative from a later one.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format_instant(self.0))
    }
}

impl FromStr for Instant {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        parse_instant(text).map(Self)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format_instant(self.0))
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read_as_written_and_bad_ones_refused() {
        let text = "\"2026-03-29T01:30:00Z\"";
        let instant: Instant = serde_json::from_str(text).expect("an instant");
        // 20 541 days after 1970, and an hour and a half.
        assert_eq!(instant.seconds(), 20_541 * 86_400 + 5_400);
        assert_eq!(serde_json::to_string(&instant).expect("text"), text);
        assert_eq!("2026-03-29T03:30:00+02:00".parse(), Ok(instant));
        assert_eq!(format!("{instant:>22}"), "  2026-03-29T01:30:00Z");
        let day = Instant::from_seconds(20_541 * 86_400);
        assert_eq!((instant.since(day), day.since(instant)), (5_400, -5_400));
        for bad in ["\"\"", "\"yesterday\"", "\"2026-03-29T01:30:00\"", "0", "null"] {
            assert!(serde_json::from_str::<Instant>(bad).is_err(), "{bad}");
        }
        assert!(matches!("2026-02-30T00:00:00Z".parse::<Instant>(), Err(TimeError::NotATime(_))));
    }
}
