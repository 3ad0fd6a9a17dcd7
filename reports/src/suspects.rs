//! Readings that a check at the door doubts. They stay as received: the doubt stands beside their quality.

use crate::exceptions;
use crate::time::Interval;
use serde::{Deserialize, Serialize};

/// Which check doubts a reading. `docs/checks.md` has each rule with its thresholds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    Capacity,
    Unit,
    Register,
    Spike,
    Frozen,
    Night,
    Parts,
    Shift,
    Future,
}

impl Check {
    pub const ALL: [Self; 9] = [
        Self::Capacity,
        Self::Unit,
        Self::Register,
        Self::Spike,
        Self::Frozen,
        Self::Night,
        Self::Parts,
        Self::Shift,
        Self::Future,
    ];

    /// The exception that a report lists it as.
    pub fn code(self) -> &'static str {
        match self {
            Self::Capacity => exceptions::SUSPECT_CAPACITY,
            Self::Unit => exceptions::SUSPECT_UNIT,
            Self::Register => exceptions::SUSPECT_REGISTER,
            Self::Spike => exceptions::SUSPECT_SPIKE,
            Self::Frozen => exceptions::SUSPECT_FROZEN,
            Self::Night => exceptions::SUSPECT_NIGHT,
            Self::Parts => exceptions::SUSPECT_PARTS,
            Self::Shift => exceptions::SUSPECT_SHIFT,
            Self::Future => exceptions::SUSPECT_FUTURE,
        }
    }

    /// Whether a code of an exception is that of a check.
    pub fn is_code(code: &str) -> bool {
        Self::ALL.iter().any(|check| check.code() == code)
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
