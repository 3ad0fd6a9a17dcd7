//! `sum over sites of their connection draw - over <= max_mw`, `over` at the overload price.

use crate::model::linear::{LinearModel, Part};
use crate::model::terms::Terms;
use crate::problem::Problem;

pub fn add(model: &mut LinearModel, problem: &Problem, terms: &Terms) {
    for (l, limit) in problem.limits.iter().enumerate() {
        for step in 0..problem.steps {
            let sites = limit.sites.iter().map(|&s| &problem.sites[s]);
            let firm: f64 = sites.map(|s| s.overhead_mw[step] + s.pue[step] * s.peak_it_mw(step)).sum();
            let bound: f64 = limit.sites.iter().map(|&s| terms.most_site_mw(problem, s, step)).sum();
            let cost = problem.step_hours * problem.policy.overload_price_per_mwh;
            let over = model.part(Part::OverLimit, (l, 0, step), bound, cost);
            let limits = (f64::NEG_INFINITY, limit.max_mw[step] - firm);
            let row = model.rule("limit", (l, 0, step), limits, &[(over, -1.0)]);
            for &site in &limit.sites {
                let at = model.taps.at(site, step);
                model.taps.facility[at].push((row, 1.0));
            }
        }
    }
}
