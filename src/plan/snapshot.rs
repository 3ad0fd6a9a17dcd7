//! Everything a plan depends on, as known at one instant. No store, no clock.

use super::work::Work;
use crate::forecast::Expected;
use crate::forecast::arrivals::Piece;
use crate::forecast::errors::LEVELS;
use crate::portfolio::Portfolio;
use reports::definitions::{ContractDef, ContractKind};
use reports::ruleset::Ruleset;
use reports::time::{Grid, format_instant};
use std::sync::Arc;

#[derive(Debug, Clone)]
pub struct Snapshot {
    pub portfolio: Arc<Portfolio>,
    /// The rules expected scores are reckoned under.
    pub rules: Arc<Ruleset>,
    pub now_s: i64,
    pub grid: Grid,
    /// Parallel to the portfolio's boundaries.
    pub boundaries: Vec<BoundaryExpectation>,
    /// Parallel to its sites: firm IT load in MW, reservations included.
    pub firm_it_mw: Vec<Expected>,
    /// What that load may reach, `[site][step]`: limits are held against it.
    pub firm_peak_it_mw: Vec<Vec<f64>>,
    /// Parallel to its contracts: delivered MW.
    pub delivered_mw: Vec<Expected>,
    /// Lists of contracts whose supply may not come as expected.
    pub hedges: Vec<Hedge>,
    pub work: Vec<Work>,
    /// Parallel to `work`: IT MWh that earlier plans placed before this horizon, taken as done.
    pub done_mwh: Vec<f64>,
    /// Work not released yet, as far as past releases say.
    pub expected_work: Vec<Piece>,
    /// `[site][step]`: IT megawatts held for askers who have not reserved yet.
    pub held_mw: Vec<Vec<f64>>,
    /// Ids of the reservations that the firm load already holds.
    pub reserved: Vec<String>,
    /// Ids of every live reservation and hold this was made with.
    pub live: Vec<String>,
    /// Contracts whose profile has gaps in its base period, and how many.
    pub profile_gaps: Vec<(String, usize)>,
}

/// Quantiles of what some contracts deliver together, at `forecast::errors::LEVELS`; none in steps that are certain.
#[derive(Debug, Clone, PartialEq)]
pub struct Hedge {
    pub contracts: Vec<usize>,
    pub levels: Vec<Option<[f64; LEVELS.len()]>>,
}

#[derive(Debug, Clone)]
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

impl Snapshot {
    pub fn step_hours(&self) -> f64 {
        self.grid.step_s as f64 / 3_600.0
    }

    /// A canonical hash of all inputs: the same inputs plan to the same bytes.
    pub fn sha256(&self, strategy: &str) -> String {
        let mut text = format!(
            "{} {} {} {} {strategy} {}\n",
            crate::ENGINE,
            format_instant(self.now_s),
            format_instant(self.grid.start_s),
            self.grid.len,
            self.portfolio.definitions.sha256()
        );
        // Debug prints floats in shortest round-trip form, so equal text means equal inputs.
        text.push_str(&format!("{:?}{:?}{:?}\n", self.portfolio.policy, self.portfolio.targets, self.portfolio.sites));
        text.push_str(&format!("{:?}{:?}{:?}\n", self.boundaries, self.firm_it_mw, self.delivered_mw));
        text.push_str(&format!("{:?}{:?}{:?}\n", self.firm_peak_it_mw, self.hedges, self.expected_work));
        text.push_str(&format!("{:?}{:?}{:?}{:?}\n", self.work, self.done_mwh, self.held_mw, self.reserved));
        reports::evidence::digest::sha256_hex(text.as_bytes())
    }
}

impl Snapshot {
    pub fn counts(&self, contract: &ContractDef) -> bool {
        counts(&self.rules, contract)
    }

    /// Sites a contract is planned to serve: those of its own boundary. Links are for audits, where prices are known.
    pub fn served(&self, contract: &ContractDef) -> Vec<usize> {
        let here = |id: &&String| {
            self.portfolio.site(id).is_some_and(|s| {
                self.portfolio.definitions.sites[s].boundary_at(self.grid.start_s) == contract.boundary
            })
        };
        contract.sites.iter().filter(here).filter_map(|id| self.portfolio.site(id)).collect()
    }
}

/// Whether a contract counts towards matching: carbon-free, and neither legacy nor unbundled.
pub fn counts(rules: &Ruleset, contract: &ContractDef) -> bool {
    contract.kind == ContractKind::Hourly && rules.is_carbon_free(&contract.technology)
}
