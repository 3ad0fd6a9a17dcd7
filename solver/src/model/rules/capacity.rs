//! `sum(w) x[w,s,t] - over <= max(0, min(it_capacity, (grid_limit - overhead) / pue) - firm_peak)`
//!
//! Where firm load alone breaks the limit, no work fits and the overload is reported: the plan is never infeasible
//! because of load nobody can move. What already runs cannot always be moved either: where training or a started job
//! may be, the row has slack. With storage at the site the connection is a row of its own (`connection`).

use crate::model::linear::{LinearModel, Part, RowKind};
use crate::model::terms::Terms;
use crate::problem::Problem;

pub fn add(model: &mut LinearModel, problem: &Problem, terms: &Terms) {
    for site in 0..problem.sites.len() {
        let slack = problem.holds_started(site);
        for step in 0..problem.steps {
            let row = model.keys.capacity.at(site, step);
            let kind = RowKind::Capacity { site, step };
            model.row(row, kind, f64::NEG_INFINITY, terms.headroom[site][step]);
            let at = model.taps.at(site, step);
            model.taps.it[at].push((row, 1.0));
            if slack {
                let cost = problem.step_hours * problem.policy.overload_price_per_mwh;
                let over = model.part(Part::OverCapacity, (0, site, step), terms.most_it_mw(problem, site), cost);
                model.entry(row, over, -1.0);
            }
        }
    }
}
