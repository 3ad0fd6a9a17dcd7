//! Sites, and what bounds their power.

use super::fields::{self, Checked, NOT_NEGATIVE, not_negative, positive_or_zero, series};
use crate::problem::instance::Problem;
use crate::problem::site::Site;

pub(super) fn check(problem: &Problem) -> Checked {
    problem.sites.iter().try_for_each(|s| site(problem, s))?;
    let steps = problem.steps;
    for event in &problem.events {
        let what = format!("event {}", event.id);
        fields::index(&what, event.site, problem.sites.len())?;
        fields::window(&what, event.from, event.to, steps)?;
        not_negative(&what, event.max_mw)?;
    }
    for limit in &problem.limits {
        let what = format!("limit {}", limit.id);
        fields::sites(&what, &limit.sites, problem.sites.len())?;
        series(&what, &limit.max_mw, steps, "zero or more, or infinite", |v| v >= 0.0)?;
    }
    for charge in &problem.demand {
        let what = "demand charge".to_string();
        fields::index(&what, charge.site, problem.sites.len())?;
        fields::window(&what, charge.from, charge.to, steps)?;
        not_negative("demand charge rate_per_mw", charge.rate_per_mw)?;
        not_negative("demand charge before_mw", charge.before_mw)?;
    }
    Ok(())
}

fn site(problem: &Problem, s: &Site) -> Checked {
    let name = |field: &str| format!("site {} {field}", s.id);
    let t = problem.steps;
    fields::index(&name("boundary"), s.boundary, problem.boundaries.len())?;
    series(&name("pue"), &s.pue, t, "a finite number, 1 or more", |v| v.is_finite() && v >= 1.0)?;
    let fields =
        [("overhead_mw", &s.overhead_mw), ("firm_it_mw", &s.firm_it_mw), ("it_capacity_mw", &s.it_capacity_mw)];
    for (field, values) in fields {
        series(&name(field), values, t, NOT_NEGATIVE, positive_or_zero)?;
    }
    fields::optional(&name("firm_peak_it_mw"), &s.firm_peak_it_mw, t, NOT_NEGATIVE, positive_or_zero)?;
    fields::optional(&name("fixed_it_mw"), &s.fixed_it_mw, t, NOT_NEGATIVE, positive_or_zero)?;
    series(&name("grid_limit_mw"), &s.grid_limit_mw, t, "zero or more, or infinite", |v| v >= 0.0)?;
    if let Some(ramp) = &s.ramp {
        not_negative(&name("ramp"), ramp.mw_per_step)?;
        not_negative(&name("power of work before the horizon"), ramp.before_mw)?;
    }
    Ok(())
}
