//! Storage behind a site's meter: two tanks, of clean energy and of other.

use super::Problem;
use super::check::{self, Checked, not_negative, shape, share};
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

pub(super) fn check(problem: &Problem) -> Checked {
    for k in &problem.storage {
        let name = |field: &str| format!("storage {} {field}", k.id);
        check::index(&name("site"), k.site, problem.sites.len())?;
        let fields = [
            ("charge_mw", k.charge_mw),
            ("discharge_mw", k.discharge_mw),
            ("energy_mwh", k.energy_mwh),
            ("end_min_mwh", k.end_min_mwh),
            ("wear_per_mwh", k.wear_per_mwh),
        ];
        fields.iter().try_for_each(|(field, value)| not_negative(&name(field), *value))?;
        let parts = [("eff_charge", k.eff_charge), ("eff_discharge", k.eff_discharge)];
        for (field, value) in parts {
            check::number(&name(field), value, "above 0, at most 1", value > 0.0 && value <= 1.0)?;
        }
        share(&name("loss_per_step"), k.loss_per_step)?;
        if let Some((clean, other)) = k.held() {
            not_negative(&name("clean energy held"), clean)?;
            not_negative(&name("other energy held"), other)?;
            let fits = clean + other <= k.energy_mwh * (1.0 + 1e-9);
            shape(&name("start"), fits, "it holds more than it can")?;
        }
    }
    Ok(())
}
