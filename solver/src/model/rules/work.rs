//! `sum(s,t) h*(x + keep) + miss[w] + later[w] = energy[w]`
//! `sum(s) (x + keep) <= max[w]`, a row only where more than one column of a step may be non-zero.
//! `sum later of work due by a day <= energy free until then` (`free_later`).
//!
//! Where an earlier plan had placed `mw`, leaving it costs: `|x - mw| = x' + (mw - keep)` with `x = keep + x'`, so that
//! `keep <= mw` earns the price back and `x'` pays it. No row is needed.

use crate::model::linear::{ColumnKind, LinearModel, Part, RowKind};
use crate::model::terms::Terms;
use crate::model::terms::money;
use crate::outcome::Placement;
use crate::problem::{Problem, Work};

/// Energy and rate rows, what is missed and what is left for after the horizon.
pub fn add(model: &mut LinearModel, problem: &Problem) {
    for (w, work) in problem.work.iter().enumerate() {
        let energy = model.keys.energy(w);
        let kind = RowKind::Energy { work: w };
        model.row(energy, kind, work.energy_mwh, work.energy_mwh);
        let miss = model.keys.miss(w);
        let kind = ColumnKind::Miss { work: w };
        model.column(miss, kind, work.energy_mwh, work.miss_price_per_mwh);
        model.entry(energy, miss, 1.0);
        if let (Some(column), Some(later)) = (model.keys.later(w), work.later) {
            let most = later.max_mwh.min(work.energy_mwh);
            let kind = ColumnKind::Later { work: w };
            model.column(column, kind, most, later.cost_per_mwh);
            model.entry(energy, column, 1.0);
        }
        for step in work.release..work.deadline {
            if let Some(row) = model.keys.rate(w, step) {
                let kind = RowKind::Rate { work: w, step };
                model.row(row, kind, f64::NEG_INFINITY, work.max_mw);
            }
        }
    }
    for (k, (works, mwh)) in problem.free_later.iter().enumerate() {
        let later: Vec<(usize, f64)> = works.iter().filter_map(|&w| model.keys.later(w)).map(|c| (c, 1.0)).collect();
        model.rule("free_later", (k, 0, 0), (f64::NEG_INFINITY, *mwh), &later);
    }
}

/// The placements and what each adds to the other rules' rows.
pub fn place(model: &mut LinearModel, problem: &Problem, terms: &Terms) {
    for (w, work) in problem.work.iter().enumerate() {
        for (position, &s) in work.sites.iter().enumerate() {
            for step in work.release..work.deadline {
                let column = model.keys.place(w, position, step);
                let cost = money::delay_cost(problem, step) + problem.step_hours * prior(work, s, step).1;
                model.column(column, ColumnKind::Place { work: w, site: s, step }, work.max_mw, cost);
                draw(model, problem, terms, (w, s, step), column);
            }
        }
        for p in work.prior.iter().filter(|p| p.mw > 0.0) {
            let price = problem.step_hours * p.price_per_mwh;
            let cost = money::delay_cost(problem, p.step) - price;
            let column = model.part(Part::Keep, (w, p.site, p.step), p.mw.min(work.max_mw), cost);
            model.constant += price * p.mw;
            model.keys.keep(w, (p.site, p.step, column));
            draw(model, problem, terms, (w, p.site, p.step), column);
        }
    }
}

/// Power an earlier plan had there, and the price of leaving it.
fn prior(work: &Work, site: usize, step: usize) -> (f64, f64) {
    let found = work.prior.iter().find(|p| p.site == site && p.step == step);
    found.map_or((0.0, 0.0), |p| (p.mw, p.price_per_mwh))
}

/// What leaving earlier placements costs; placements are sorted by work.
pub fn change_cost(problem: &Problem, placements: &[Placement]) -> f64 {
    let mut cost = 0.0;
    for (w, work) in problem.work.iter().enumerate().filter(|(_, work)| !work.prior.is_empty()) {
        let from = placements.partition_point(|p| p.work < w);
        let mine = &placements[from..placements.partition_point(|p| p.work <= w)];
        for prior in &work.prior {
            let there = mine.iter().filter(|p| (p.site, p.step) == (prior.site, prior.step));
            let mw: f64 = there.map(|p| p.mw).sum();
            cost += problem.step_hours * prior.price_per_mwh * (mw - prior.mw).abs();
        }
    }
    cost
}

fn draw(model: &mut LinearModel, problem: &Problem, terms: &Terms, (w, s, step): (usize, usize, usize), column: usize) {
    let (work, site) = (&problem.work[w], &problem.sites[s]);
    let energy = model.keys.energy(w);
    model.entry(energy, column, problem.step_hours);
    model.draw(column, (s, step), site.pue[step], (1.0, 1.0));
    for (k, target) in terms.targets.iter().enumerate() {
        let credit = target.credit[site.boundary][step];
        let row = model.keys.target(k);
        model.entry(row, column, -credit);
    }
    if let Some(rate) = model.keys.rate(w, step) {
        model.entry(rate, column, 1.0);
    }
    if let Some(gpus) = &work.gpus {
        super::pools::hold(model, gpus, step, &[(column, 1.0)]);
    }
}
