//! Puts an outcome together: from placements and what follows from them, in either direction.

use crate::keys::Keys;
use crate::model::{ColumnKind, LinearModel};
use crate::objective::Evaluation;
use crate::outcome::{Outcome, Placement, Status};
use crate::problem::Problem;
use crate::terms::Terms;

/// Power below this is a solver's zero.
const NEGLIGIBLE_MW: f64 = 1e-9;

/// Placements in a solution vector, by work, step, site.
pub fn placements(model: &LinearModel, x: &[f64]) -> Vec<Placement> {
    let mut found = Vec::new();
    for (column, &value) in model.columns.iter().zip(x) {
        if let ColumnKind::Place { work, site, step } = column.kind {
            let mw = value.min(column.upper);
            if mw > NEGLIGIBLE_MW {
                found.push(Placement { work, site, step, mw });
            }
        }
    }
    found.sort_by_key(|p| (p.work, p.step, p.site));
    found
}

/// What a solution vector itself says, zero for a solver's negative zero.
pub fn evaluation(problem: &Problem, terms: &Terms, model: &LinearModel, x: &[f64]) -> Evaluation {
    let keys = &model.keys;
    let at = |column: usize| x[column].max(0.0);
    let steps = problem.steps;
    let works = 0..problem.work.len();
    Evaluation {
        objective: model.objective(x),
        miss_mwh: works.clone().map(|w| at(keys.miss(w))).collect(),
        later_mwh: works.map(|w| keys.later(w).map_or(0.0, at)).collect(),
        grid_mw: (0..problem.boundaries.len()).map(|b| (0..steps).map(|t| at(keys.grid.at(b, t))).collect()).collect(),
        use_mw: (0..terms.groups.len()).map(|g| (0..steps).map(|t| at(keys.usage.at(g, t))).collect()).collect(),
        short_mwh: (0..terms.targets.len()).map(|k| at(keys.short(k))).collect(),
    }
}

/// The solution vector of a plan.
pub fn vector(problem: &Problem, keys: &Keys, placements: &[Placement], evaluation: &Evaluation) -> Vec<f64> {
    let mut x = vec![0.0; keys.columns()];
    for (g, row) in evaluation.use_mw.iter().enumerate() {
        for (t, &mw) in row.iter().enumerate() {
            x[keys.usage.at(g, t)] = mw;
        }
    }
    for (b, row) in evaluation.grid_mw.iter().enumerate() {
        for (t, &mw) in row.iter().enumerate() {
            x[keys.grid.at(b, t)] = mw;
        }
    }
    for (k, &short) in evaluation.short_mwh.iter().enumerate() {
        x[keys.short(k)] = short;
    }
    for (w, &miss) in evaluation.miss_mwh.iter().enumerate() {
        x[keys.miss(w)] = miss;
        if let Some(later) = keys.later(w) {
            x[later] = evaluation.later_mwh[w];
        }
    }
    for p in placements {
        let sites = &problem.work[p.work].sites;
        if let Some(position) = sites.iter().position(|&s| s == p.site) {
            x[keys.place(p.work, position, p.step)] += p.mw;
        }
    }
    x
}

/// A group's use goes to its contracts in the order they are listed.
pub fn split(problem: &Problem, terms: &Terms, use_mw: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let mut used = vec![vec![0.0; problem.steps]; problem.contracts.len()];
    for (group, row) in terms.groups.iter().zip(use_mw) {
        for (t, &mw) in row.iter().enumerate() {
            let mut left = mw;
            for &c in &group.contracts {
                let mine = left.min(problem.contracts[c].available_mw[t]);
                used[c][t] = mine;
                left -= mine;
            }
        }
    }
    used
}

/// Everything an outcome is made of that does not follow from the rest.
pub struct Parts {
    pub status: Status,
    pub placements: Vec<Placement>,
    pub evaluation: Evaluation,
    pub bound: f64,
    pub prices: Vec<Vec<f64>>,
    pub iterations: u64,
    pub x: Vec<f64>,
    pub duals: Vec<f64>,
}

/// Without reasons: they are found by looking at the finished outcome.
pub fn outcome(problem: &Problem, terms: &Terms, keys: &Keys, parts: Parts) -> Outcome {
    let evaluation = parts.evaluation;
    let objective = evaluation.objective;
    let bound = parts.bound.min(objective);
    Outcome {
        status: parts.status,
        objective,
        bound,
        gap: (objective - bound) / objective.abs().max(1.0),
        placements: parts.placements,
        used_mw: split(problem, terms, &evaluation.use_mw),
        miss_mwh: evaluation.miss_mwh,
        later_mwh: evaluation.later_mwh,
        grid_mw: evaluation.grid_mw,
        short_mwh: evaluation.short_mwh,
        prices: parts.prices,
        overloads: terms.overloads.clone(),
        reasons: Vec::new(),
        rows: keys.rows(),
        columns: keys.columns(),
        iterations: parts.iterations,
        x: parts.x,
        duals: parts.duals,
    }
}
