//! `sum(s,t) h*x[w,s,t] + miss[w] + later[w] = energy[w]`
//! `sum(s) x[w,s,t] <= max[w]`, a row only where more than one site is eligible: with one it is
//! the upper bound of x.

use crate::model::{ColumnKind, LinearModel, RowKind};
use crate::problem::Problem;
use crate::rules::money;
use crate::terms::Terms;

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
}

/// The placements and what each adds to the other rules' rows.
pub fn place(model: &mut LinearModel, problem: &Problem, terms: &Terms) {
    for (w, work) in problem.work.iter().enumerate() {
        for (position, &s) in work.sites.iter().enumerate() {
            for step in work.release..work.deadline {
                place_one(model, problem, terms, (w, position, s), step);
            }
        }
    }
}

fn place_one(
    model: &mut LinearModel,
    problem: &Problem,
    terms: &Terms,
    (w, position, s): (usize, usize, usize),
    step: usize,
) {
    let (work, site) = (&problem.work[w], &problem.sites[s]);
    let column = model.keys.place(w, position, step);
    let kind = ColumnKind::Place { work: w, site: s, step };
    let cost = money::delay_cost(problem, step);
    model.column(column, kind, work.max_mw, cost);
    let energy = model.keys.energy(w);
    model.entry(energy, column, problem.step_hours);
    let capacity = model.keys.capacity.at(s, step);
    model.entry(capacity, column, 1.0);
    let balance = model.keys.balance.at(site.boundary, step);
    model.entry(balance, column, site.pue[step]);
    for (n, node) in terms.nodes.iter().enumerate() {
        if node.boundary == site.boundary && node.sites.contains(&s) {
            let nested = model.keys.nested.at(n, step);
            model.entry(nested, column, -site.pue[step]);
        }
    }
    for (k, target) in terms.targets.iter().enumerate() {
        let credit = target.credit(problem, w, site.boundary, step);
        let row = model.keys.target(k);
        model.entry(row, column, -credit);
    }
    if let Some(rate) = model.keys.rate(w, step) {
        model.entry(rate, column, 1.0);
    }
}
