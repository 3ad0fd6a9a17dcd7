//! Sites, what bounds their power, and storage and what it holds.

use super::fields::{self, Checked, MAYBE_INFINITE, NOT_NEGATIVE, none_negative, not_negative, series, shape, share};
use crate::problem::instance::Problem;
use crate::problem::site::{Site, Storage};

pub(super) fn check(problem: &Problem) -> Checked {
    problem.sites.iter().try_for_each(|s| site(problem, s))?;
    let steps = problem.steps;
    for event in &problem.events {
        let what = format!("event {}", event.id);
        fields::index(&what, event.site, &problem.sites)?;
        fields::window(&what, event.from, event.to, steps)?;
        not_negative(&what, event.max_mw)?;
    }
    for limit in &problem.limits {
        let what = format!("limit {}", limit.id);
        fields::sites(&what, &limit.sites, &problem.sites)?;
        series(&what, &limit.max_mw, steps, MAYBE_INFINITE)?;
    }
    for charge in &problem.demand {
        let what = "demand charge".to_string();
        fields::index(&what, charge.site, &problem.sites)?;
        fields::window(&what, charge.from, charge.to, steps)?;
        not_negative("demand charge rate_per_mw", charge.rate_per_mw)?;
        not_negative("demand charge before_mw", charge.before_mw)?;
    }
    Ok(())
}

fn site(problem: &Problem, s: &Site) -> Checked {
    let name = |field: &str| format!("site {} {field}", s.id);
    let t = problem.steps;
    fields::index(&name("boundary"), s.boundary, &problem.boundaries)?;
    series(&name("pue"), &s.pue, t, ("a finite number, 1 or more", |v| v.is_finite() && v >= 1.0))?;
    let fields =
        [("overhead_mw", &s.overhead_mw), ("firm_it_mw", &s.firm_it_mw), ("it_capacity_mw", &s.it_capacity_mw)];
    fields.iter().try_for_each(|(field, values)| series(&name(field), values, t, NOT_NEGATIVE))?;
    fields::optional(&name("firm_peak_it_mw"), &s.firm_peak_it_mw, t, NOT_NEGATIVE)?;
    fields::optional(&name("fixed_it_mw"), &s.fixed_it_mw, t, NOT_NEGATIVE)?;
    series(&name("grid_limit_mw"), &s.grid_limit_mw, t, MAYBE_INFINITE)?;
    if let Some(ramp) = &s.ramp {
        not_negative(&name("ramp"), ramp.mw_per_step)?;
        not_negative(&name("power of work before the horizon"), ramp.before_mw)?;
    }
    Ok(())
}

pub(super) fn check_storage(problem: &Problem, k: &Storage) -> Checked {
    let name = |field: &str| format!("storage {} {field}", k.id);
    fields::index(&name("site"), k.site, &problem.sites)?;
    none_negative!(name, k; charge_mw, discharge_mw, energy_mwh, end_min_mwh, wear_per_mwh)?;
    let parts = [("eff_charge", k.eff_charge), ("eff_discharge", k.eff_discharge)];
    for (field, value) in parts {
        fields::number(&name(field), value, ("above 0, at most 1", |v| v > 0.0 && v <= 1.0))?;
    }
    share(&name("loss_per_step"), k.loss_per_step)?;
    if let Some((clean, other)) = k.held() {
        not_negative(&name("clean energy held"), clean)?;
        not_negative(&name("other energy held"), other)?;
        let fits = clean + other <= k.energy_mwh * (1.0 + 1e-9);
        shape(&name("start"), fits, "it holds more than it can")?;
    }
    Ok(())
}
