//! `rate * (D - before)`, `D >= before`, `D >= connection draw` in every step of the billing window.

use crate::model::bounds;
use crate::model::given::{Finished, Given};
use crate::model::linear::{LinearModel, Part};
use crate::outcome::{Item, Kind, Ledger, codes, cost};

pub fn add(model: &mut LinearModel, given: &Given) {
    let Given { problem, terms, .. } = *given;
    for (c, charge) in problem.demand.iter().enumerate() {
        let site = &problem.sites[charge.site];
        let window = charge.from..charge.to;
        let most = window.clone().map(|t| terms.most_site_mw(problem, charge.site, t)).fold(charge.before_mw, f64::max);
        let peak = model.part(Part::Peak, (c, charge.site, charge.from), most, charge.rate_per_mw);
        model.columns[peak].lower = charge.before_mw;
        model.constant -= charge.rate_per_mw * charge.before_mw;
        model.keys.peaks.push(peak);
        for step in window {
            let limits = (f64::NEG_INFINITY, -site.firm_mw(step));
            let row = model.rule(bounds::PEAK, (c, charge.site, step), limits, &[(peak, -1.0)]);
            model.limit_rows.priced.insert(row, (c, charge.rate_per_mw));
            let at = model.limit_rows.at(charge.site, step);
            model.limit_rows.facility[at].push((row, 1.0));
        }
    }
}

pub fn costs(made: &Finished, ledger: &mut Ledger) {
    for (charge, peak) in made.problem.demand.iter().zip(&made.outcome.peaks_mw) {
        let over = peak - charge.before_mw;
        let amount = charge.rate_per_mw * over;
        ledger.push(Item::DemandCharge, cost(codes::DEMAND_CHARGE, Kind::Money, (over, "MW"), amount));
    }
}
