//! Storage: what charges clean, what comes out again as clean, and how much is lost between.

pub mod fifo;
pub mod windows;

pub use fifo::Fifo;

use crate::named::named;
use ids::{InstrumentIndex, SiteIndex, StorageId};
use num_rational::BigRational;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Metered charge and discharge of one storage, and its efficiency per interval.
#[derive(Debug, Clone, PartialEq)]
pub struct StorageBook {
    pub id: StorageId,
    pub site: SiteIndex,
    /// Under which its discharge is re-issued.
    pub instrument: InstrumentIndex,
    pub charge_wh: Vec<i64>,
    pub discharge_wh: Vec<i64>,
    /// Charge at the start, in Wh charged: the oldest record, never clean.
    pub opening_wh: i64,
    /// From a state reading, rather than the least the readings allow.
    pub opening_known: bool,
    pub windows: Vec<Window>,
}

impl StorageBook {
    /// Discharge beyond all that was held at the start and charged since, by interval. Whatever the efficiency, no
    /// metered charge explains it.
    pub fn beyond_charge(&self) -> Vec<(usize, i64)> {
        let (mut held, mut beyond) = (i128::from(self.opening_wh), Vec::new());
        for (t, (charge, discharge)) in self.charge_wh.iter().zip(&self.discharge_wh).enumerate() {
            held += i128::from(*charge) - i128::from(*discharge);
            if held < 0 {
                beyond.push((t, i64::try_from(-held).unwrap_or(i64::MAX)));
                held = 0;
            }
        }
        beyond
    }

    /// Round trip efficiency that holds in an interval.
    pub fn efficiency(&self, interval: usize) -> Option<&BigRational> {
        self.windows.iter().find(|w| w.intervals.contains(&interval)).map(|w| &w.efficiency)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    pub intervals: Range<usize>,
    pub efficiency: BigRational,
    pub basis: Basis,
}

named! {
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Basis {
        Measured = "measured",
        Declared = "declared",
    }
}
