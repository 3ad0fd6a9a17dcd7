//! `connection draw - over <= max_mw` at a site during a demand-response event, `over` at the event price.

use crate::model::bounds;
use crate::model::given::{Finished, Given};
use crate::model::linear::{LinearModel, Part};
use crate::outcome::{Item, Violation, codes};
use crate::problem::Event;

pub fn add(model: &mut LinearModel, given: &Given) {
    let Given { problem, terms, .. } = *given;
    for (e, event) in problem.events.iter().enumerate() {
        let site = &problem.sites[event.site];
        for step in event.from..event.to {
            let cost = problem.step_hours * problem.policy.event_price_per_mwh;
            let bound = terms.most_site_mw(problem, event.site, step);
            let over = model.part(Part::OverEvent, (e, event.site, step), bound, cost);
            let limits = (f64::NEG_INFINITY, event.max_mw - site.firm_peak_mw(step));
            let row = model.rule(bounds::EVENT, (e, event.site, step), limits, &[(over, -1.0)]);
            let at = model.limit_rows.at(event.site, step);
            model.limit_rows.facility[at].push((row, 1.0));
        }
    }
}

pub fn violations(made: &Finished) -> Vec<Violation> {
    let problem = made.problem;
    let one =
        |e: &Event| -> f64 { (e.from..e.to).map(|t| (made.loads.peak(problem, e.site, t) - e.max_mw).max(0.0)).sum() };
    let over: f64 = problem.events.iter().map(one).sum();
    let (quantity, price) = (problem.step_hours * over, problem.policy.event_price_per_mwh);
    vec![Violation { item: Item::OverEvent, code: codes::OVER_EVENT, quantity, unit: "MWh", price }]
}
