//! What is asked of a feed, and the requests that ask it.

use crate::received::Refused;
use crate::received::forms::length_of_time;
use crate::series::name::is_fuel;
use crate::time::{Instant, Interval};
use ids::BoundaryId;
use std::collections::BTreeMap;
use std::fmt;

/// Requests that one question may come to.
const MOST_REQUESTS: usize = 2_000;

/// What a `[source.<name>]` wants of its feed, whenever it is asked. It holds no secret.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The boundary that the data belong to; empty where series name none.
    pub area: BoundaryId,
    /// What the provider calls it.
    pub zone: String,
    /// Whole names, `grid/DE/carbon_intensity`: values of others are left out.
    pub series: Vec<String>,
    /// What this kind of source is told beside that.
    pub settings: BTreeMap<String, String>,
}

impl Wanted {
    pub fn has(&self, series: &str) -> bool {
        self.series.iter().any(|name| name == series)
    }

    /// Whether a series of its boundary with this leaf is wanted.
    pub fn has_leaf(&self, leaf: &str) -> bool {
        self.series.iter().any(|name| name.rsplit('/').next() == Some(leaf))
    }

    /// Whether generation of any fuel is wanted.
    pub fn has_fuel(&self) -> bool {
        self.series.iter().filter_map(|name| name.rsplit('/').next()).any(is_fuel)
    }

    pub fn setting(&self, key: &str) -> Option<&str> {
        self.settings.get(key).map(String::as_str)
    }

    /// A setting such as `15min`, in seconds; in words, why it is no length of time.
    pub(super) fn length_s(&self, key: &str) -> Result<Option<i64>, String> {
        self.setting(key).map(length_of_time).transpose().map_err(|what| format!("{key}: {what}"))
    }
}

/// One question: what, for when, and when it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    pub wanted: Wanted,
    /// UTC, half-open.
    pub period: Interval,
    /// When the pass began.
    pub now: Instant,
}

/// A GET request, without any secret: it is printed and kept as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// From the feed's address on: `/v3/forecast`.
    pub path: String,
    /// Not encoded.
    pub query: Vec<(String, String)>,
    /// The part of the period that it asks for: values outside of it are not this request's.
    pub covers: Interval,
}

impl Request {
    pub fn new(path: impl Into<String>, covers: Interval) -> Self {
        Self { path: path.into(), query: Vec::new(), covers }
    }

    pub fn with(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((key.into(), value.into()));
        self
    }

    /// The value of a parameter of its query.
    pub fn parameter(&self, key: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GET {}", self.path)?;
        for (index, (key, value)) in self.query.iter().enumerate() {
            write!(f, "{}{key}={value}", if index == 0 { '?' } else { '&' })?;
        }
        Ok(())
    }
}

/// A period in parts of at most `span_s`, from its start.
///
/// # Errors
/// Where they are more than one question may come to.
pub fn parts(period: Interval, span_s: i64) -> Result<Vec<Interval>, Refused> {
    let mut parts = Vec::new();
    let mut start = period.start;
    while start < period.end {
        if parts.len() == MOST_REQUESTS {
            let what = format!("the period takes more than {MOST_REQUESTS} requests");
            return Err(Refused::new(what).hint("ask for shorter periods, one after another"));
        }
        let end = period.end.min(start + span_s.max(1));
        parts.push(Interval { start, end });
        start = end;
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start_s: i64, end_s: i64) -> Interval {
        Interval { start: Instant::from_seconds(start_s), end: Instant::from_seconds(end_s) }
    }

    #[test]
    fn parts_cover_a_period_once() {
        let whole = parts(span(100, 1_150), 500).expect("few");
        assert_eq!(whole, [span(100, 600), span(600, 1_100), span(1_100, 1_150)]);
        assert!(parts(span(0, 100_000), 1).is_err());
        assert!(parts(span(0, i64::MAX), 0).is_err());
    }

    #[test]
    fn a_request_is_printed_as_it_is_kept() {
        let request = Request::new("/v3/forecast", span(0, 1)).with("region", "A").with("h", "24");
        assert_eq!(request.to_string(), "GET /v3/forecast?region=A&h=24");
        assert_eq!(request.parameter("h"), Some("24"));
    }
}
