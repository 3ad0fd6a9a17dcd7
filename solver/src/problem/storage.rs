//! Storage behind a site's meter: two tanks, of clean energy and of other.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Storage {
    pub id: String,
    pub site: usize,
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

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Start {
    Held {
        clean_mwh: f64,
        other_mwh: f64,
    },
    /// Ends as it began, at whatever level is best.
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
