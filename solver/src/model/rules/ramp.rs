//! `-r <= W[t] - W[t-1] - up + down <= r`: facility power of work, fixed work among it, changes by at most r from step to
//! step, W[-1] from the meter. Work that runs out cannot be kept up, and what runs cannot always be put down: `up` and `down` cost what an
//! overload costs.

use crate::model::linear::{LinearModel, Part};
use crate::model::terms::Terms;
use crate::problem::Problem;

pub fn add(model: &mut LinearModel, problem: &Problem, terms: &Terms) {
    for (s, site) in problem.sites.iter().enumerate() {
        let Some(ramp) = site.ramp else { continue };
        let mut rows = Vec::with_capacity(problem.steps);
        for step in 0..problem.steps {
            let cost = problem.step_hours * problem.policy.overload_price_per_mwh;
            // Fixed work moves by itself.
            let fixed = site.fixed_mw(step) - if step == 0 { 0.0 } else { site.fixed_mw(step - 1) };
            let bound = terms.most_site_mw(problem, s, step) + ramp.before_mw + fixed.abs();
            let up = model.part(Part::RampUp, (0, s, step), bound, cost);
            let down = model.part(Part::RampDown, (0, s, step), bound, cost);
            let before = if step == 0 { ramp.before_mw } else { 0.0 } - fixed;
            let limits = (before - ramp.mw_per_step, before + ramp.mw_per_step);
            rows.push(model.rule("ramp", (0, s, step), limits, &[(up, -1.0), (down, 1.0)]));
        }
        for step in 0..problem.steps {
            let at = model.taps.at(s, step);
            model.taps.work[at].push((rows[step], 1.0));
            if let Some(&next) = rows.get(step + 1) {
                model.taps.work[at].push((next, -1.0));
            }
        }
    }
}
