//! `sum(w) x[w,s,t] - over <= max(0, min(it_capacity, (grid_limit - overhead) / pue) - firm_peak)`
//!
//! Where firm load alone breaks the limit, no work fits and the overload is reported: the plan is never infeasible
//! because of load nobody can move. What already runs cannot always be moved either: where training or a started job
//! may be, the row has slack. With storage at the site the connection is a row of its own (`connection`).

use crate::model::given::{Finished, Given};
use crate::model::linear::{LinearModel, Part, RowKind};
use crate::outcome::{Item, Violation, codes};
use ids::{Index, SiteIndex};

pub fn add(model: &mut LinearModel, given: &Given) {
    let Given { problem, terms, .. } = *given;
    for site in SiteIndex::all(&problem.sites) {
        let slack = problem.holds_started(site);
        for step in 0..problem.steps {
            let row = model.keys.capacity(site, step);
            model.row(row, RowKind::Capacity { site, step }, f64::NEG_INFINITY, terms.headroom[site][step]);
            let at = model.limit_rows.at(site, step);
            model.limit_rows.it[at].push((row, 1.0));
            if slack {
                let cost = problem.step_hours * problem.policy.overload_price_per_mwh;
                let over = model.part(Part::OverCapacity, (0, site, step), terms.most_it_mw(problem, site), cost);
                model.entry(row, over, -1.0);
            }
        }
    }
}

pub fn violations(made: &Finished) -> Vec<Violation> {
    let problem = made.problem;
    let mut over = 0.0;
    for s in SiteIndex::all(&problem.sites).filter(|&s| problem.holds_started(s)) {
        let room = made.terms.headroom[s].iter().zip(&made.loads.most_it[s]);
        over += room.map(|(room, mw)| (mw - room).max(0.0)).sum::<f64>();
    }
    let (quantity, price) = (problem.step_hours * over, problem.policy.overload_price_per_mwh);
    vec![Violation { item: Item::OverCapacity, code: codes::OVER_CAPACITY, quantity, unit: "MWh", price }]
}
