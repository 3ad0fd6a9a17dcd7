//! Storage and what it holds.

use super::fields::{self, Checked, not_negative, shape, share};
use crate::problem::instance::Problem;

pub(super) fn check(problem: &Problem) -> Checked {
    for k in &problem.storage {
        let name = |field: &str| format!("storage {} {field}", k.id);
        fields::index(&name("site"), k.site, problem.sites.len())?;
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
            fields::number(&name(field), value, "above 0, at most 1", value > 0.0 && value <= 1.0)?;
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
