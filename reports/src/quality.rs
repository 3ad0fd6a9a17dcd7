//! How good readings are, and how much energy rests on which.

use crate::named::named;
use serde::{Deserialize, Serialize};

named! {
    /// Quality of a reading, best first.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Quality with meaning {
        Measured = "measured" => "by a meter, as received",
        Validated = "validated" => "by a meter, and checked by whoever runs it",
        Calculated = "calculated" => "computed from metered values",
        Estimated = "estimated" => "a supplier's estimate, or an estimate of missing load",
        Profiled = "profiled" => "scaled from a profile",
        Missing = "missing" => "taken back: a correction that leaves no value, so that `value` is empty",
    }
}

impl Quality {
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

/// Wh by quality tier.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, PartialEq, Eq, Default)]
pub struct TierSplit {
    pub measured: i128,
    pub validated: i128,
    pub calculated: i128,
    pub estimated: i128,
    pub profiled: i128,
    pub missing: i128,
}

impl TierSplit {
    fn at(&mut self, quality: Quality) -> &mut i128 {
        match quality {
            Quality::Measured => &mut self.measured,
            Quality::Validated => &mut self.validated,
            Quality::Calculated => &mut self.calculated,
            Quality::Estimated => &mut self.estimated,
            Quality::Profiled => &mut self.profiled,
            Quality::Missing => &mut self.missing,
        }
    }

    /// Wh of one tier.
    pub fn wh(mut self, quality: Quality) -> i128 {
        *self.at(quality)
    }

    pub fn add(&mut self, quality: Quality, wh: i64) {
        *self.at(quality) += i128::from(wh);
    }

    pub fn merge(&mut self, other: &Self) {
        Quality::ALL.into_iter().for_each(|quality| *self.at(quality) += other.wh(quality));
    }

    pub fn metered(&self) -> i128 {
        self.measured + self.validated + self.calculated
    }

    pub fn sum(&self) -> i128 {
        self.metered() + self.estimated + self.profiled + self.missing
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq, Default)]
pub struct QualitySplit {
    pub load: TierSplit,
    pub generation: TierSplit,
}
