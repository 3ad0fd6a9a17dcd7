//! `0 <= overhead + pue*IT + charge - discharge - over <= grid_limit` per site with storage and step: discharge relieves
//! the connection, and nothing flows back through it. Elsewhere the connection bounds IT power alone (`capacity`).

use crate::model::bounds;
use crate::model::given::{Finished, Given};
use crate::model::linear::{LinearModel, Part};
use crate::outcome::{Item, Violation, codes};
use ids::{Index, SiteIndex};

pub fn add(model: &mut LinearModel, given: &Given) {
    let Given { problem, terms, .. } = *given;
    for (s, site) in SiteIndex::each(&problem.sites) {
        if !problem.storage.iter().any(|k| k.site == s) {
            continue;
        }
        for step in 0..problem.steps {
            let (least, most) = (-site.firm_mw(step), site.grid_limit_mw[step] - site.firm_peak_mw(step));
            let cost = problem.step_hours * problem.policy.overload_price_per_mwh;
            let bound = terms.most_site_mw(problem, s, step);
            let over = model.part(Part::OverConnection, (0, s, step), bound, cost);
            let row = model.rule(bounds::CONNECTION, (0, s, step), (f64::NEG_INFINITY, most), &[(over, -1.0)]);
            let back = model.rule(bounds::NO_EXPORT, (0, s, step), (least, f64::INFINITY), &[]);
            let at = model.limit_rows.at(s, step);
            model.limit_rows.facility[at].extend([(row, 1.0), (back, 1.0)]);
        }
    }
}

pub fn violations(made: &Finished) -> Vec<Violation> {
    let (problem, loads) = (made.problem, &made.loads);
    let stores = |s: &SiteIndex| problem.storage.iter().any(|k| k.site == *s);
    let excess = |s: SiteIndex, t: usize| (loads.peak(problem, s, t) - problem.sites[s].grid_limit_mw[t]).max(0.0);
    let sites = SiteIndex::all(&problem.sites).filter(stores);
    let over: f64 = sites.map(|s| (0..problem.steps).map(|t| excess(s, t)).sum::<f64>()).sum();
    let (quantity, price) = (problem.step_hours * over, problem.policy.overload_price_per_mwh);
    vec![Violation { item: Item::OverConnection, code: codes::OVER_CONNECTION, quantity, unit: "MWh", price }]
}
