//! What is expected over a horizon: all that a snapshot takes of a world.

use super::unknown::Gaps;
use crate::forecast::Expected;
use crate::forecast::errors::LEVELS;
use serde::Serialize;

/// What is expected over a horizon.
#[derive(Debug, Clone)]
pub struct View {
    pub boundaries: Vec<BoundaryExpectation>,
    pub firm_it_mw: Vec<Expected>,
    /// What firm load may reach: its 95 % quantile.
    pub firm_peak_it_mw: Vec<Vec<f64>>,
    pub delivered_mw: Vec<Expected>,
    pub hedges: Vec<Hedge>,
    pub pue: Vec<Vec<f64>>,
    pub available_gpus: Vec<Vec<f64>>,
    /// What stands for what nobody supplied.
    pub gaps: Gaps,
}

/// Quantiles of what some contracts deliver together, at `forecast::errors::LEVELS`; none in steps that are certain.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hedge {
    pub contracts: Vec<usize>,
    pub levels: Vec<Option<[f64; LEVELS.len()]>>,
}

#[derive(Debug, Clone, Serialize)]
pub struct BoundaryExpectation {
    pub cfe_share: Expected,
    /// Factor of unmatched energy by the policy's carbon basis, g/kWh.
    pub carbon_g_per_kwh: Expected,
    /// Location-based average, g/kWh, for show.
    pub average_g_per_kwh: Expected,
    /// What unmatched energy takes in the market-based inventory, g/kWh.
    pub fallback_g_per_kwh: Expected,
    pub price_per_mwh: Expected,
}
