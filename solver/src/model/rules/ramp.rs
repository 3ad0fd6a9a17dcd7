//! `-r <= W[t] - W[t-1] - up + down <= r`: facility power of work, fixed work among it, changes by at most r from step to
//! step, W[-1] from the meter. Work that runs out cannot be kept up, and what runs cannot always be put down: `up` and `down` cost what an
//! overload costs.

use crate::model::bounds;
use crate::model::given::{Finished, Given};
use crate::model::linear::{LinearModel, Part};
use crate::outcome::{Item, Violation, codes};
use ids::{Index, SiteIndex};

pub fn add(model: &mut LinearModel, given: &Given) {
    let Given { problem, terms, .. } = *given;
    for (s, site) in SiteIndex::each(&problem.sites) {
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
            rows.push(model.rule(bounds::RAMP, (0, s, step), limits, &[(up, -1.0), (down, 1.0)]));
        }
        for step in 0..problem.steps {
            let at = model.limit_rows.at(s, step);
            model.limit_rows.work[at].push((rows[step], 1.0));
            if let Some(&next) = rows.get(step + 1) {
                model.limit_rows.work[at].push((next, -1.0));
            }
        }
    }
}

pub fn violations(made: &Finished) -> Vec<Violation> {
    let problem = made.problem;
    let mut over = 0.0;
    for (s, site) in SiteIndex::each(&problem.sites) {
        let Some(ramp) = site.ramp else { continue };
        let mut before = ramp.before_mw;
        for (t, work) in made.loads.work[s].iter().enumerate() {
            let now = work + site.fixed_mw(t);
            over += ((now - before).abs() - ramp.mw_per_step).max(0.0);
            before = now;
        }
    }
    let (quantity, price) = (problem.step_hours * over, problem.policy.overload_price_per_mwh);
    vec![Violation { item: Item::OverRamp, code: codes::OVER_RAMP, quantity, unit: "MWh", price }]
}
