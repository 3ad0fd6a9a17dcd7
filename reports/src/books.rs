//! Per-interval books: what matching and the inventories work on.

use crate::definitions::SharingRule;
use crate::inputs::Quality;
use crate::report::TierSplit;
use crate::ruleset::FallbackTier;
use crate::time::Grid;

/// An exact share, `numerator / denominator`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    pub numerator: i128,
    pub denominator: i128,
}

impl Share {
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };

    /// `floor(self * wh)`, never more than `wh`; none on overflow.
    pub fn floor_of(self, wh: i64) -> Option<i64> {
        let product = self.numerator.checked_mul(i128::from(wh))?.div_euclid(self.denominator);
        i64::try_from(product).ok().map(|v| v.clamp(0, wh))
    }

    pub fn as_f64(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }
}

#[derive(Debug, Clone)]
pub struct Books {
    pub grid: Grid,
    pub boundaries: Vec<BoundaryBook>,
    pub sites: Vec<SiteBook>,
    pub contracts: Vec<ContractBook>,
    pub exceptions: Vec<Exception>,
}

#[derive(Debug, Clone)]
pub struct BoundaryBook {
    pub id: String,
    /// Carbon-free share of the grid per interval; none when never supplied.
    pub grid_cfe: Option<Vec<Share>>,
    /// Location-based intensity, mg/kWh; none when never supplied.
    pub intensity_mg_per_kwh: Option<Vec<i64>>,
    /// Factor of unmatched energy, mg/kWh, and where it came from.
    pub fallback_mg_per_kwh: Vec<i64>,
    pub fallback_tier: Vec<FallbackTier>,
}

#[derive(Debug, Clone)]
pub struct SiteBook {
    pub id: String,
    pub boundary: usize,
    pub load_wh: Vec<i64>,
    /// Worst quality of the readings behind each interval.
    pub worst: Vec<Quality>,
    pub quality: TierSplit,
}

#[derive(Debug, Clone)]
pub struct ContractBook {
    pub id: String,
    pub boundary: usize,
    pub technology: String,
    /// Counts towards matching under the ruleset.
    pub carbon_free: bool,
    pub rule: SharingRule,
    /// Indices into `Books::sites`, in the contract's own order.
    pub sites: Vec<usize>,
    /// Fixed parts, parallel to `sites`; only for `pro_rata_contract`.
    pub split: Vec<crate::definitions::Fraction>,
    pub delivered_wh: Vec<i64>,
    pub worst: Vec<Quality>,
    pub quality: TierSplit,
}

/// Something an auditor should know, over one or more consecutive intervals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    pub code: &'static str,
    pub series: String,
    pub start_s: i64,
    pub end_s: i64,
    pub wh: i64,
    pub message: String,
}

impl TierSplit {
    pub fn add(&mut self, quality: Quality, wh: i64) {
        let wh = i128::from(wh);
        match quality {
            Quality::Measured => self.measured += wh,
            Quality::Validated => self.validated += wh,
            Quality::Calculated => self.calculated += wh,
            Quality::Estimated => self.estimated += wh,
            Quality::Profiled => self.profiled += wh,
            Quality::Missing => self.missing += wh,
        }
    }

    pub fn merge(&mut self, other: &Self) {
        self.measured += other.measured;
        self.validated += other.validated;
        self.calculated += other.calculated;
        self.estimated += other.estimated;
        self.profiled += other.profiled;
        self.missing += other.missing;
    }
}

/// Joins exceptions of the same kind whose intervals touch.
pub fn merge_exceptions(mut list: Vec<Exception>) -> Vec<Exception> {
    list.sort_by(|a, b| (a.code, &a.series, &a.message, a.start_s).cmp(&(b.code, &b.series, &b.message, b.start_s)));
    let mut merged: Vec<Exception> = Vec::with_capacity(list.len().min(1_024));
    for next in list {
        match merged.last_mut() {
            Some(last)
                if last.code == next.code
                    && last.series == next.series
                    && last.message == next.message
                    && last.end_s == next.start_s =>
            {
                last.end_s = next.end_s;
                last.wh = last.wh.saturating_add(next.wh);
            }
            _ => merged.push(next),
        }
    }
    merged.sort_by(|a, b| (a.start_s, a.code, &a.series, &a.message).cmp(&(b.start_s, b.code, &b.series, &b.message)));
    merged
}
