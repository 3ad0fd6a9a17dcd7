//! Readings that a check at the door doubts. They stay as received: the doubt stands beside their quality.

use crate::exceptions;
use crate::named::named;
use crate::time::Interval;
use serde::{Deserialize, Serialize};

named! {
    /// Which check doubts a reading, by the code of the exception that a report lists it as. `docs/checks.md` has each
    /// rule with its thresholds. In JSON it goes without `suspect_`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Check {
        Capacity = exceptions::SUSPECT_CAPACITY,
        Unit = exceptions::SUSPECT_UNIT,
        Register = exceptions::SUSPECT_REGISTER,
        Spike = exceptions::SUSPECT_SPIKE,
        Frozen = exceptions::SUSPECT_FROZEN,
        Night = exceptions::SUSPECT_NIGHT,
        Parts = exceptions::SUSPECT_PARTS,
        Shift = exceptions::SUSPECT_SHIFT,
        Future = exceptions::SUSPECT_FUTURE,
    }
}

/// Readings of a series that follow each other and that one check doubts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suspect {
    pub series: String,
    pub check: Check,
    /// From the start of the first reading to the end of the last.
    pub span: Interval,
    pub readings: usize,
    /// Their sum where they are energy, else 0.
    pub wh: i64,
    /// Why, and what to do.
    pub message: String,
}

impl std::fmt::Display for Suspect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, {}: {}", self.series, self.span, self.message)
    }
}
