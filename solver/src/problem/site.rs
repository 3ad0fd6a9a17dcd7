//! Sites and what bounds their power: capacity, connection, ramps, events, limits over several sites, demand charges; and
//! storage.

use super::maybe_infinite;
use ids::{BoundaryIndex, EventId, LimitId, SiteId, SiteIndex, StorageId};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Site {
    pub id: SiteId,
    pub boundary: BoundaryIndex,
    pub pue: Vec<f64>,
    pub overhead_mw: Vec<f64>,
    /// Expected firm IT load: what energy is reckoned with.
    pub firm_it_mw: Vec<f64>,
    /// What firm IT load may reach (its 95 % quantile): what limits are held against. Empty: the expected load.
    #[serde(default)]
    pub firm_peak_it_mw: Vec<f64>,
    pub it_capacity_mw: Vec<f64>,
    /// `f64::INFINITY` where the connection sets no limit.
    #[serde(with = "maybe_infinite")]
    pub grid_limit_mw: Vec<f64>,
    #[serde(default)]
    pub ramp: Option<Ramp>,
    /// Fixed work among the firm load, by step: ramps count it. Empty: none.
    #[serde(default)]
    pub fixed_it_mw: Vec<f64>,
}

impl Site {
    /// Firm IT load that limits are held against.
    pub fn peak_it_mw(&self, step: usize) -> f64 {
        self.firm_peak_it_mw.get(step).copied().unwrap_or(0.0).max(self.firm_it_mw[step])
    }

    /// Bounded by capacity and connection alone: what the greedy plan and its bound are made for.
    pub(super) fn is_plain(&self) -> bool {
        // Taken apart by name, so that no new field is forgotten.
        let Self {
            id: _,
            boundary: _,
            pue: _,
            overhead_mw: _,
            firm_it_mw: _,
            firm_peak_it_mw: _,
            it_capacity_mw: _,
            grid_limit_mw: _,
            ramp,
            fixed_it_mw: _,
        } = self;
        ramp.is_none()
    }

    /// Facility MW of overhead and firm load, as expected and at its highest.
    pub fn firm_mw(&self, step: usize) -> f64 {
        self.overhead_mw[step] + self.pue[step] * self.firm_it_mw[step]
    }

    pub fn firm_peak_mw(&self, step: usize) -> f64 {
        self.overhead_mw[step] + self.pue[step] * self.peak_it_mw(step)
    }

    /// Facility power of fixed work.
    pub fn fixed_mw(&self, step: usize) -> f64 {
        self.pue[step] * self.fixed_it_mw.get(step).copied().unwrap_or(0.0)
    }
}

/// Facility power of work may change by this much from one step to the next.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Ramp {
    pub mw_per_step: f64,
    /// Facility power of work in the step before the horizon, from the meter.
    pub before_mw: f64,
}

/// A demand-response event: the connection should draw no more than this.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    pub id: EventId,
    pub site: SiteIndex,
    pub from: usize,
    /// Exclusive.
    pub to: usize,
    pub max_mw: f64,
}

/// Several sites together may draw no more than this.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Limit {
    pub id: LimitId,
    pub sites: Vec<SiteIndex>,
    #[serde(with = "maybe_infinite")]
    pub max_mw: Vec<f64>,
}

/// `rate * (D - before)` for the highest draw D of the connection in the billing window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DemandCharge {
    pub site: SiteIndex,
    pub from: usize,
    /// Exclusive.
    pub to: usize,
    pub rate_per_mw: f64,
    /// Peak of the window so far: what is below costs nothing more.
    pub before_mw: f64,
}

/// Storage behind a site's meter: two tanks, of clean energy and of other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Storage {
    pub id: StorageId,
    pub site: SiteIndex,
    /// Most it draws, and most it gives, at its own terminals.
    pub charge_mw: f64,
    pub discharge_mw: f64,
    pub energy_mwh: f64,
    pub eff_charge: f64,
    pub eff_discharge: f64,
    pub loss_per_step: f64,
    pub start: Start,
    pub end_min_mwh: f64,
    pub wear_per_mwh: f64,
    /// Clean charge only where no load it could serve goes unmatched, as the audit's ledger has it.
    pub after_load: bool,
    /// May also charge from the grid, into the other tank.
    pub from_grid: bool,
    /// May also charge from what other storage discharges.
    pub from_storage: bool,
    /// One converter: it charges or it discharges.
    pub exclusive: bool,
}

/// What it holds before the horizon; cyclic storage ends as it began, at whatever level is best.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Start {
    Held { clean_mwh: f64, other_mwh: f64 },
    Cyclic,
}

impl Storage {
    /// The tanks before the horizon; nothing fixed where the horizon is a cycle.
    pub fn held(&self) -> Option<(f64, f64)> {
        match self.start {
            Start::Held { clean_mwh, other_mwh } => Some((clean_mwh, other_mwh)),
            Start::Cyclic => None,
        }
    }
}
