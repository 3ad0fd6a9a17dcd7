//! Canonical readings and everything else a report is computed from.

use crate::definitions::Definitions;
use crate::factors::Factors;
use crate::ruleset::Ruleset;
use crate::time::Interval;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Quality of a reading, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    Measured,
    Validated,
    Calculated,
    Estimated,
    Profiled,
    Missing,
}

impl Quality {
    pub const ALL: [Self; 6] =
        [Self::Measured, Self::Validated, Self::Calculated, Self::Estimated, Self::Profiled, Self::Missing];

    pub fn name(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Validated => "validated",
            Self::Calculated => "calculated",
            Self::Estimated => "estimated",
            Self::Profiled => "profiled",
            Self::Missing => "missing",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|quality| quality.name() == text)
    }

    pub fn code(self) -> i64 {
        self as i64
    }

    pub fn from_code(code: i64) -> Option<Self> {
        usize::try_from(code).ok().and_then(|index| Self::ALL.get(index).copied())
    }

    /// Whether energy of this tier counts as metered.
    pub fn is_metered(self) -> bool {
        !matches!(self, Self::Estimated | Self::Profiled | Self::Missing)
    }
}

/// One reading in base units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    pub start_s: i64,
    pub end_s: i64,
    pub value: i64,
    pub quality: Quality,
    /// The revision that recorded it, and its row in that revision's file.
    pub revision: i64,
    pub row: i64,
}

impl Point {
    pub fn interval(&self) -> Interval {
        Interval { start_s: self.start_s, end_s: self.end_s }
    }
}

/// One file taken in, at one record time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    pub id: i64,
    pub recorded_us: i64,
    pub file_name: String,
    pub file_sha256: String,
}

/// Current points of each series, sorted by start, without overlap.
pub type SeriesMap = BTreeMap<String, Vec<Point>>;

/// Everything a report depends on.
#[derive(Debug, Clone)]
pub struct Inputs {
    pub definitions: Definitions,
    pub ruleset: Ruleset,
    /// The ruleset as written, carried into packs.
    pub ruleset_text: String,
    pub factors: Factors,
    pub period: Interval,
    /// Fuels each area normally reports, whether or not in this period.
    pub fuels: BTreeMap<String, Vec<String>>,
    /// Record time asked for, as printed.
    pub as_of: Option<String>,
    pub series: SeriesMap,
    pub revisions: BTreeMap<i64, Revision>,
}
