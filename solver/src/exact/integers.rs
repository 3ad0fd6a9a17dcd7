//! Problems with integers: branch and bound, then the linear problem with them fixed, which is certified from its
//! own duals. Its prices are those of the plan; the bound is that of branch and bound, which nothing outside the backend
//! can prove, and beside it stands the bound without integers, which is proved.

use super::backend::{Answer, Backend, Limits, tell, telling};
use super::fixed::{solve_fixed, with_fixed};
use super::read::{Solved, Task, ended, read, solve_linear};
use crate::heuristic::{Stopped, as_submitted, unsolved};
use crate::model::rules::after_load;
use crate::model::{ColumnKind, LinearModel, Part, RawSolution, StorageIntegers, Terms, certify_with};
use crate::outcome::{JobOutcome, Outcome, RunStep};
use crate::problem::{Piece, Problem};
use crate::progress::{Says, Stage};
use ids::{Index, StorageIndex};

/// Power and energy below this are none, relative to the largest there can be.
const NEGLIGIBLE: f64 = 1e-7;

/// A start must be better than what was found by this part of it to stand instead.
const BETTER: f64 = 1e-9;

pub(super) fn solve(task: Task<'_>, model: &LinearModel, previous: Option<&Outcome>) -> Solved {
    let Task { problem, terms, limits, backend } = task;
    // There is a plan before there is a search: whatever ends that, none that is worse comes out of it.
    tell(backend, |progress| progress.at(Stage::Start));
    let start = start(task, model, previous);
    if let Some(x) = &start {
        tell(backend, |progress| progress.found(model.objective(x)));
    }
    let mut raw = match jobs_last(model, limits, backend, start.as_deref()) {
        Ok(raw) => raw,
        Err(error) => return Ok(Err(Stopped::refused(error.to_string()))),
    };
    if let Some(x) = start {
        let objective = model.objective(&x);
        if raw.x.len() != x.len() || objective < raw.objective - BETTER * raw.objective.abs() {
            (raw.x, raw.objective) = (x, objective);
        }
    }
    let stopped = Stopped::from_status(&raw.status);
    if raw.x.len() != model.columns.len() {
        // A limit came before any plan was found.
        let stopped = stopped.unwrap_or_else(|| Stopped::refused("the solver gave no plan".to_string()));
        return Ok(Err(stopped.proved(raw.bound)));
    }
    tell(backend, |progress| progress.at(Stage::Around));
    let (fixed, solution) = match solve_fixed(with_fixed(model, &raw.x), limits, backend) {
        Ok(solved) => solved,
        Err(stopped) => return Ok(Err(stopped.proved(raw.bound))),
    };
    let mut outcome = read(problem, terms, &fixed, solution)?;
    tell(backend, |progress| progress.at(Stage::Linear));
    let mut relaxed = model.clone();
    relaxed.columns.iter_mut().for_each(|c| c.integer = false);
    // Certified, and finite: by whatever duals there are where even this is not solved within the limits.
    let proved = match solve_linear(&relaxed, limits, backend) {
        Ok(raw) => certify_with(terms, problem, &relaxed, &raw)?.bound,
        Err(stopped) => unsolved::proved(problem, terms, &relaxed, stopped.duals).0,
    };
    outcome.relaxed_bound = proved.min(outcome.objective);
    outcome.bound = raw.bound.min(outcome.objective).max(outcome.relaxed_bound);
    outcome.gap = (outcome.objective - outcome.bound) / outcome.objective.abs().max(1.0);
    outcome.iterations = raw.iterations;
    ended(&mut outcome, stopped.as_ref());
    Ok(Ok(outcome))
}

/// Jobs are many and seldom torn between starts. So first with their starts relaxed, which bounds everything; then with the
/// rest as that found it; and everything at once only where these two leave more than the gap between them.
fn jobs_last(model: &LinearModel, limits: &Limits, backend: &dyn Backend, start: Option<&[f64]>) -> Answer {
    let half = Limits { gap: limits.gap / 2.0, ..*limits };
    if model.keys.jobs.is_empty() {
        return search(model, limits, backend, start, Says::All);
    }
    let mut relaxed = model.clone();
    for keys in &model.keys.jobs {
        relaxed.columns[keys.miss].integer = false;
        keys.starts.iter().for_each(|s| relaxed.columns[s.2].integer = false);
    }
    let first = search(&relaxed, &half, backend, start, Says::Bounds)?;
    if first.x.is_empty() {
        return Ok(first);
    }
    let Ok(second) = search(&rounded(model, &first.x), &half, backend, None, Says::Plans) else {
        return search(model, limits, backend, start, Says::All);
    };
    let good = !second.x.is_empty() && second.objective - first.bound <= limits.gap * second.objective.abs().max(1.0);
    let ended = Stopped::from_status(&first.status).is_some();
    if second.x.is_empty() || !(good || ended) {
        let start = if second.x.is_empty() { start } else { Some(second.x.as_slice()) };
        let mut all = search(model, limits, backend, start, Says::All)?;
        all.bound = all.bound.max(first.bound);
        all.iterations += first.iterations + second.iterations;
        return Ok(all);
    }
    let iterations = first.iterations + second.iterations;
    Ok(RawSolution { status: first.status, bound: first.bound, iterations, ..second })
}

fn search(model: &LinearModel, limits: &Limits, backend: &dyn Backend, start: Option<&[f64]>, says: Says) -> Answer {
    tell(backend, |progress| progress.at(Stage::Integers));
    telling(backend, says, || {
        let raw = match start {
            Some(start) if model.has_integers() => backend.solve_from(model, limits, start),
            _ => backend.solve(model, limits),
        }?;
        tell(backend, |progress| progress.searched((!raw.x.is_empty()).then_some(raw.objective), Some(raw.bound)));
        Ok(raw)
    })
}

/// What is no job as it was found, and jobs whose starts were found integral; those torn are left to choose.
fn rounded(model: &LinearModel, x: &[f64]) -> LinearModel {
    let torn = |value: f64| (value - value.round()).abs() > 1e-6;
    let mut free = vec![false; model.columns.len()];
    for keys in &model.keys.jobs {
        let mine: Vec<usize> = keys.starts.iter().map(|s| s.2).chain([keys.miss]).collect();
        if mine.iter().any(|&c| torn(x[c])) {
            mine.into_iter().for_each(|c| free[c] = true);
        }
    }
    let mut fixed = with_fixed(model, x);
    let torn = fixed.columns.iter_mut().zip(&model.columns).zip(&free).filter(|(_, free)| **free);
    torn.for_each(|((column, own), _)| *column = *own);
    fixed
}

/// What the search starts from: the better of a previous plan and everything as early as it can run, with the rest solved
/// around it; none where neither is feasible as it stands.
fn start(task: Task<'_>, model: &LinearModel, previous: Option<&Outcome>) -> Option<Vec<f64>> {
    let Task { problem, terms, limits, backend } = task;
    let as_submitted = unsolved::priced_without_storage(problem, terms, as_submitted(problem));
    let mut plans: Vec<&Outcome> = previous.into_iter().chain([&as_submitted]).collect();
    plans.sort_by(|a, b| a.objective.total_cmp(&b.objective));
    let around = |plan: &Outcome| {
        let fixed = with_fixed(model, &integer_values(problem, model, plan));
        solve_linear(&fixed, limits, backend).ok().map(|raw| raw.x)
    };
    plans.into_iter().find_map(around)
}

/// Jobs as a plan has them, no choice left.
pub(super) fn fix_jobs(model: &mut LinearModel, plan: &[JobOutcome]) {
    for (keys, made) in model.keys.jobs.iter().zip(plan) {
        let mut fix = |column: usize, value: f64| {
            let column = &mut model.columns[column];
            (column.lower, column.upper) = (value, value);
        };
        fix(keys.miss, f64::from(made.missed));
        keys.starts.iter().for_each(|&(site, step, column)| fix(column, made.started((site, step))));
    }
}

/// The integers of a plan; all else is zero.
pub(super) fn integer_values(problem: &Problem, model: &LinearModel, made: &Outcome) -> Vec<f64> {
    let mut values = vec![0.0; model.columns.len()];
    for (keys, made) in model.keys.jobs.iter().zip(&made.jobs) {
        values[keys.miss] = f64::from(made.missed);
        keys.starts.iter().for_each(|&(site, step, column)| values[column] = made.started((site, step)));
    }
    for (column, index) in model.columns.iter().zip(0..) {
        let ColumnKind::Part { part, of, site, step } = column.kind else { continue };
        let at = |step: usize| made.runs.get(of).and_then(|r| r.steps.get(step));
        let here = |s: &RunStep| s.site == Some(site);
        let flows = made.storage.get(of);
        let clean = flows.and_then(|f| f.charge_clean.get(step)).is_some_and(|mw| *mw > 0.0);
        let grid = flows.and_then(|f| f.charge_grid.get(step)).is_some_and(|mw| *mw > 0.0);
        let set = match part {
            Part::RunOn => at(step).is_some_and(|s| s.on && here(s)),
            Part::RunSave => at(step).is_some_and(|s| s.save && here(s)),
            Part::RunDone => at(step).is_some_and(|s| s.done),
            Part::RunPick => made.runs.get(of).is_some_and(|r| r.steps.iter().any(here)),
            Part::Complete => complete_before(problem, made, of, step),
            Part::Charging => clean || grid,
            Part::AfterLoad => clean,
            _ => continue,
        };
        values[index] = f64::from(u8::from(set));
    }
    values
}

/// Whether what another piece waits for is complete before a step.
fn complete_before(problem: &Problem, made: &Outcome, after: usize, step: usize) -> bool {
    match problem.after[after].first {
        Piece::Work(w) => {
            let mine = made.placements.iter().filter(|p| p.work == w && p.step < step);
            let done: f64 = mine.map(|p| problem.step_hours * p.mw).sum();
            // What a solver leaves within its tolerance is done.
            done >= problem.work[w].energy_mwh * (1.0 - 1e-6)
        }
        Piece::Job(j) => made.jobs[j].complete(&problem.jobs[j]).is_some_and(|end| end <= step),
        Piece::Run(r) => made.runs[r].steps.get(step).is_some_and(|s| s.done),
    }
}

/// Choices of storage that a solution makes wrongly, and that are not integers yet.
pub(crate) fn wrong(
    problem: &Problem,
    terms: &Terms,
    model: &LinearModel,
    outcome: &Outcome,
    integers: &StorageIntegers,
) -> StorageIntegers {
    let mut wrong = StorageIntegers::default();
    for ((k, storage), flows) in StorageIndex::each(&problem.storage).zip(&outcome.storage) {
        for t in 0..problem.steps {
            let charge = flows.charge_clean[t] + flows.charge_grid[t];
            let discharge = flows.discharge_clean[t] + flows.discharge_other[t];
            let least = |most: f64| NEGLIGIBLE * most.max(1.0);
            let both = charge > least(storage.charge_mw) && discharge > least(storage.discharge_mw);
            if storage.exclusive && both && !integers.charging.contains(&(k, t)) {
                wrong.charging.insert((k, t));
            }
            let clean = flows.charge_clean[t] > least(storage.charge_mw);
            if storage.after_load && clean && !integers.after_load.contains(&(k, t)) {
                let (entries, constant) = after_load::unmatched(model, problem, terms, (k, t));
                let unmatched: f64 = entries.iter().map(|&(c, v)| v * outcome.x[c]).sum::<f64>() + constant;
                let most = terms.most_load(problem, problem.sites[storage.site].boundary, t);
                if unmatched > least(most) {
                    wrong.after_load.insert((k, t));
                }
            }
        }
    }
    wrong
}
