//! Puts an outcome together: from placements and what follows from them, in either direction.

use super::columns::NEGLIGIBLE_MW;
use crate::model::keys::Keys;
use crate::model::linear::{ColumnKind, LinearModel, Part};
use crate::model::objective::Evaluation;
use crate::model::rules;
use crate::model::terms::Terms;
use crate::outcome::{Outcome, Placement, StorageOutcome, merged};
use crate::problem::Problem;
use ids::{BoundaryIndex, Index, WorkIndex};

/// Placements in a solution vector, by work, step, site; what is kept of a previous plan is no less placed.
pub fn placements(model: &LinearModel, x: &[f64]) -> Vec<Placement> {
    let mut found: Vec<Placement> = Vec::new();
    for (column, &value) in model.columns.iter().zip(x) {
        let (work, site, step) = match column.kind {
            ColumnKind::Place { work, site, step } => (work, site, step),
            ColumnKind::Part { part: Part::Keep, of, site, step } => (WorkIndex::new(of), site, step),
            _ => continue,
        };
        let mw = value.min(column.upper);
        if mw > NEGLIGIBLE_MW {
            found.push(Placement { work, site, step, mw });
        }
    }
    merged(found)
}

/// What a solution vector itself says, zero for a solver's negative zero.
pub fn evaluation(problem: &Problem, terms: &Terms, model: &LinearModel, x: &[f64]) -> Evaluation {
    let keys = &model.keys;
    let at = |column: usize| x[column].max(0.0);
    let steps = problem.steps;
    let boundaries = BoundaryIndex::all(&problem.boundaries);
    let works = WorkIndex::all(&problem.work);
    Evaluation {
        objective: model.objective(x),
        miss_mwh: works.clone().map(|w| at(keys.miss(w))).collect(),
        later_mwh: works.map(|w| keys.later(w).map_or(0.0, at)).collect(),
        grid_mw: boundaries.map(|b| (0..steps).map(|t| at(keys.grid(b, t))).collect()).collect(),
        use_mw: (0..terms.groups.len()).map(|g| (0..steps).map(|t| at(keys.usage(g, t))).collect()).collect(),
        short_mwh: (0..terms.targets.len()).map(|k| at(keys.short(k))).collect(),
    }
}

/// The solution vector of a plan of divisible work; what the model has beside it stays zero.
pub fn vector(problem: &Problem, model: &LinearModel, placements: &[Placement], evaluation: &Evaluation) -> Vec<f64> {
    let keys = &model.keys;
    let mut x = plain_vector(problem, keys, placements, evaluation);
    x.resize(model.columns.len(), 0.0);
    for (w, work) in WorkIndex::each(&problem.work) {
        for &(site, step, column) in &keys.keep[w] {
            let Some(position) = work.sites.iter().position(|&s| s == site) else { continue };
            let place = keys.place(w, position, step);
            let kept = x[place].min(model.columns[column].upper);
            x[column] = kept;
            x[place] -= kept;
        }
    }
    x
}

/// The same without a stated model, for problems in which no earlier plan is kept to.
pub fn plain_vector(problem: &Problem, keys: &Keys, placements: &[Placement], evaluation: &Evaluation) -> Vec<f64> {
    let mut x = vec![0.0; keys.columns];
    let supply = keys.usage.places(&evaluation.use_mw).chain(keys.grid.places(&evaluation.grid_mw));
    supply.for_each(|(at, mw)| x[at] = mw);
    evaluation.short_mwh.iter().enumerate().for_each(|(k, short)| x[keys.short(k)] = *short);
    for (w, &miss) in WorkIndex::each(&evaluation.miss_mwh) {
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
        for (t, mut left) in row.iter().copied().enumerate() {
            for &c in &group.contracts {
                let mine = left.min(problem.contracts[c].available_mw[t]);
                used[c][t] = mine;
                left -= mine;
            }
        }
    }
    used
}

/// Completes an outcome that has everything that does not follow from the rest: placements, what stands beside them, bounds.
/// Without reasons: they are found by looking at the finished outcome.
pub fn complete(problem: &Problem, terms: &Terms, evaluation: Evaluation, made: Outcome) -> Outcome {
    let (used_mw, load_mw) = (split(problem, terms, &evaluation.use_mw), terms.load(problem, &made.drawn_mw(problem)));
    let unmatched_mw = unmatched(problem, terms, &evaluation, &made.storage);
    let Evaluation { objective, miss_mwh, later_mwh, grid_mw, short_mwh, .. } = evaluation;
    let bound = made.bound.min(objective);
    let (relaxed_bound, gap) = (made.relaxed_bound.min(bound), (objective - bound) / objective.abs().max(1.0));
    let valued = Outcome { objective, bound, gap, relaxed_bound, overloads: terms.overloads.clone(), ..made };
    let mut outcome = Outcome { used_mw, load_mw, unmatched_mw, miss_mwh, later_mwh, grid_mw, short_mwh, ..valued };
    outcome.costs = rules::costs(problem, terms, &outcome);
    outcome
}

/// The grid's part less what charges from it, load that other discharge serves, and supply in doubt.
fn unmatched(problem: &Problem, terms: &Terms, evaluation: &Evaluation, storage: &[StorageOutcome]) -> Vec<Vec<f64>> {
    let mut unmatched = evaluation.grid_mw.clone();
    for (group, used) in terms.groups.iter().zip(&evaluation.use_mw) {
        for (t, mw) in used.iter().enumerate() {
            unmatched[group.boundary][t] += group.doubt[t] * mw;
        }
    }
    for (k, flows) in problem.storage.iter().zip(storage) {
        let row = &mut unmatched[problem.sites[k.site].boundary];
        for (t, mw) in row.iter_mut().enumerate() {
            *mw += flows.discharge_other[t] - flows.charge_grid[t];
        }
    }
    unmatched
}
