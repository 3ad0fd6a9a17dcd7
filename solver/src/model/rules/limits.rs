//! `sum over sites of their connection draw - over <= max_mw`, `over` at the overload price.

use crate::model::bounds;
use crate::model::given::{Finished, Given};
use crate::model::linear::{LinearModel, Part, anywhere};
use crate::outcome::{Item, Violation, codes};

pub fn add(model: &mut LinearModel, given: &Given) {
    let Given { problem, terms, .. } = *given;
    for (l, limit) in problem.limits.iter().enumerate() {
        for step in 0..problem.steps {
            let firm: f64 = limit.sites.iter().map(|&s| problem.sites[s].firm_peak_mw(step)).sum();
            let bound: f64 = limit.sites.iter().map(|&s| terms.most_site_mw(problem, s, step)).sum();
            let cost = problem.step_hours * problem.policy.overload_price_per_mwh;
            let over = model.part(Part::OverLimit, anywhere(l, step), bound, cost);
            let limits = (f64::NEG_INFINITY, limit.max_mw[step] - firm);
            let row = model.rule(bounds::LIMIT, anywhere(l, step), limits, &[(over, -1.0)]);
            for &site in &limit.sites {
                let at = model.limit_rows.at(site, step);
                model.limit_rows.facility[at].push((row, 1.0));
            }
        }
    }
}

pub fn violations(made: &Finished) -> Vec<Violation> {
    let problem = made.problem;
    let mut over = 0.0;
    for limit in &problem.limits {
        for t in 0..problem.steps {
            let all: f64 = limit.sites.iter().map(|&s| made.loads.peak(problem, s, t)).sum();
            over += (all - limit.max_mw[t]).max(0.0);
        }
    }
    let (quantity, price) = (problem.step_hours * over, problem.policy.overload_price_per_mwh);
    vec![Violation { item: Item::OverLimit, code: codes::OVER_LIMIT, quantity, unit: "MWh", price }]
}
