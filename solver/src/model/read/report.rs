//! Puts an outcome together: from placements and what follows from them, in either direction.

use super::columns;
use crate::model::keys::Keys;
use crate::model::linear::{ColumnKind, LinearModel, Part};
use crate::model::objective::Evaluation;
use crate::model::rules;
use crate::model::terms::Terms;
use crate::outcome::{JobOutcome, Outcome, Placement, RunOutcome, Status, StorageOutcome, merged};
use crate::problem::Problem;

/// Power below this is a solver's zero.
const NEGLIGIBLE_MW: f64 = 1e-9;

/// Placements in a solution vector, by work, step, site; what is kept of a previous plan is no less placed.
pub fn placements(model: &LinearModel, x: &[f64]) -> Vec<Placement> {
    let mut found: Vec<Placement> = Vec::new();
    for (column, &value) in model.columns.iter().zip(x) {
        let (work, site, step) = match column.kind {
            ColumnKind::Place { work, site, step } => (work, site, step),
            ColumnKind::Part { part: Part::Keep, of, site, step } => (of, site, step),
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

/// The solution vector of a plan of divisible work; what the model has beside it stays zero.
pub fn vector(problem: &Problem, model: &LinearModel, placements: &[Placement], evaluation: &Evaluation) -> Vec<f64> {
    let keys = &model.keys;
    let mut x = vec![0.0; model.columns.len()];
    plain_vector(problem, keys, placements, evaluation, &mut x);
    for w in (0..problem.work.len()).filter(|&w| !keys.kept(w).is_empty()) {
        for &(site, step, column) in keys.kept(w) {
            let Some(position) = problem.work[w].sites.iter().position(|&s| s == site) else { continue };
            let place = keys.place(w, position, step);
            let kept = x[place].min(model.columns[column].upper);
            x[column] = kept;
            x[place] -= kept;
        }
    }
    x
}

/// The same without a stated model, for problems in which no earlier plan is kept to.
pub fn plain_vector(problem: &Problem, keys: &Keys, placements: &[Placement], evaluation: &Evaluation, x: &mut [f64]) {
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

/// Jobs, training and storage: what a plan has beside divisible work.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    pub runs: Vec<RunOutcome>,
    pub jobs: Vec<JobOutcome>,
    pub storage: Vec<StorageOutcome>,
    pub transit_mw: Vec<Vec<f64>>,
    pub peaks_mw: Vec<f64>,
}

impl Beside {
    pub fn read(problem: &Problem, model: &LinearModel, x: &[f64]) -> Beside {
        Beside {
            runs: columns::runs(problem, model, x),
            jobs: columns::jobs(model, x),
            storage: columns::storage(problem, model, x),
            transit_mw: columns::transit_mw(problem, model, x),
            peaks_mw: columns::peaks(model, x),
        }
    }
}

/// Everything an outcome is made of that does not follow from the rest.
pub struct Parts {
    pub status: Status,
    pub placements: Vec<Placement>,
    pub evaluation: Evaluation,
    pub beside: Beside,
    pub bound: f64,
    pub relaxed_bound: f64,
    pub prices: Vec<Vec<f64>>,
    pub iterations: u64,
    pub size: (usize, usize),
    pub x: Vec<f64>,
    pub duals: Vec<f64>,
}

/// Without reasons: they are found by looking at the finished outcome.
pub fn outcome(problem: &Problem, terms: &Terms, parts: Parts) -> Outcome {
    let evaluation = parts.evaluation;
    let objective = evaluation.objective;
    let bound = parts.bound.min(objective);
    let beside = parts.beside;
    let mut outcome = Outcome {
        status: parts.status,
        objective,
        bound,
        gap: (objective - bound) / objective.abs().max(1.0),
        placements: parts.placements,
        used_mw: split(problem, terms, &evaluation.use_mw),
        load_mw: Vec::new(),
        unmatched_mw: unmatched(problem, terms, &evaluation, &beside.storage),
        miss_mwh: evaluation.miss_mwh,
        later_mwh: evaluation.later_mwh,
        grid_mw: evaluation.grid_mw,
        short_mwh: evaluation.short_mwh,
        runs: beside.runs,
        jobs: beside.jobs,
        storage: beside.storage,
        transit_mw: beside.transit_mw,
        peaks_mw: beside.peaks_mw,
        costs: Vec::new(),
        relaxed_bound: parts.relaxed_bound.min(bound),
        prices: parts.prices,
        overloads: terms.overloads.clone(),
        reasons: Vec::new(),
        rows: parts.size.0,
        columns: parts.size.1,
        iterations: parts.iterations,
        x: parts.x,
        duals: parts.duals,
    };
    outcome.load_mw = load(problem, terms, &outcome);
    outcome.costs = rules::costs(problem, terms, &outcome);
    outcome
}

fn load(problem: &Problem, terms: &Terms, outcome: &Outcome) -> Vec<Vec<f64>> {
    let mut load = terms.firm_load.clone();
    for (site, drawn) in problem.sites.iter().zip(outcome.drawn_mw(problem)) {
        let cells = load[site.boundary].iter_mut().zip(drawn).zip(&site.pue);
        cells.for_each(|((load, mw), pue)| *load += pue * mw);
    }
    load
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
