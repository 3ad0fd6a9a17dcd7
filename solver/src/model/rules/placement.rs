//! `x[w,s,t] <= max[w]` in the window and at the sites of work, and what each adds to the other rules' rows.
//!
//! Where a previous plan had placed `mw`, leaving it costs: `|x - mw| = x' + (mw - keep)` with `x = keep + x'`, so that
//! `keep <= mw` earns the price back and `x'` pays it. No row is needed.

use super::{jobs, pools};
use crate::model::given::{Finished, Given};
use crate::model::linear::{ColumnKind, LinearModel, Part};
use crate::model::terms::Terms;
use crate::model::terms::money;
use crate::outcome::{Item, Kind, Ledger, Placement, codes, of_work};
use crate::problem::Problem;
use ids::{Index, SiteIndex, WorkIndex};

pub fn add(model: &mut LinearModel, given: &Given) {
    let Given { problem, terms, .. } = *given;
    for (w, work) in WorkIndex::each(&problem.work) {
        for (position, &s) in work.sites.iter().enumerate() {
            for step in work.release..work.deadline {
                let column = model.keys.place(w, position, step);
                // The price of leaving what a previous plan had there.
                let prior = work.prior.iter().find(|p| p.site == s && p.step == step).map_or(0.0, |p| p.price_per_mwh);
                let cost = money::delay_cost(problem, step) + problem.step_hours * prior;
                model.column(column, ColumnKind::Place { work: w, site: s, step }, work.max_mw, cost);
                draw(model, problem, terms, (w, s, step), column);
            }
        }
        for p in work.prior.iter().filter(|p| p.mw > 0.0) {
            let price = problem.step_hours * p.price_per_mwh;
            let cost = money::delay_cost(problem, p.step) - price;
            let column = model.part(Part::Keep, (w.get(), p.site, p.step), p.mw.min(work.max_mw), cost);
            model.constant += price * p.mw;
            model.keys.keep[w].push((p.site, p.step, column));
            draw(model, problem, terms, (w, p.site, p.step), column);
        }
    }
}

pub fn costs(made: &Finished, ledger: &mut Ledger) {
    let (problem, placements) = (made.problem, &made.outcome.placements);
    let delay: f64 = placements.iter().map(|p| money::delay_cost(problem, p.step) * p.mw).sum();
    ledger.add(Item::Delay, codes::DELAY, Kind::Penalty, (0.0, ""), delay);
    ledger.add(Item::Changes, codes::CHANGES, Kind::Penalty, (0.0, ""), change_cost(problem, placements));
}

/// What leaving earlier placements costs.
pub fn change_cost(problem: &Problem, placements: &[Placement]) -> f64 {
    let mut cost = 0.0;
    for (w, work) in WorkIndex::each(&problem.work).filter(|(_, work)| !work.prior.is_empty()) {
        let mine = of_work(placements, w);
        for prior in &work.prior {
            let there = mine.iter().filter(|p| (p.site, p.step) == (prior.site, prior.step));
            let mw: f64 = there.map(|p| p.mw).sum();
            cost += problem.step_hours * prior.price_per_mwh * (mw - prior.mw).abs();
        }
    }
    cost
}

fn draw(
    model: &mut LinearModel,
    problem: &Problem,
    terms: &Terms,
    (w, s, step): (WorkIndex, SiteIndex, usize),
    column: usize,
) {
    let work = &problem.work[w];
    model.entry(model.keys.energy(w), column, problem.step_hours);
    jobs::draw_in_step(model, problem, terms, (s, step), (1.0, 1.0), column);
    if let Some(rate) = model.keys.rate(w, step) {
        model.entry(rate, column, 1.0);
    }
    if let Some(gpus) = &work.gpus {
        pools::hold(model, gpus, step, &[(column, 1.0)]);
    }
}
