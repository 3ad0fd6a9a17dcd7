//! Jobs, training, storage, peaks and slack in a solution vector, by what its columns mean.

use crate::model::keys::{JobKeys, RunKeys, StorageKeys};
use crate::model::linear::{ColumnKind, LinearModel, Part};
use crate::outcome::{JobOutcome, Outcome, RunOutcome, RunStep, StorageOutcome, overheads};
use crate::problem::{Problem, Run};

/// Power below this is a solver's zero.
pub const NEGLIGIBLE_MW: f64 = 1e-9;

fn is_one(value: f64) -> bool {
    value > 0.5
}

/// Nothing but what the columns say, and the size of the model.
pub fn read(problem: &Problem, model: &LinearModel, x: Vec<f64>) -> Outcome {
    let runs = problem.runs.iter().zip(&model.keys.runs).map(|(run, keys)| one_run(problem, run, keys, &x)).collect();
    let (jobs, storage, transit_mw) = (jobs(model, &x), storage(problem, model, &x), transit_mw(problem, model, &x));
    let peaks_mw = model.keys.peaks.iter().map(|&c| x[c]).collect();
    let (rows, columns) = (model.rows.len(), model.columns.len());
    Outcome { runs, jobs, storage, transit_mw, peaks_mw, rows, columns, x, ..Outcome::default() }
}

fn jobs(model: &LinearModel, x: &[f64]) -> Vec<JobOutcome> {
    let read = |keys: &JobKeys| {
        let counts = keys.starts.iter().map(|&(site, step, column)| (site, step, x[column].round() as u32));
        JobOutcome { starts: counts.filter(|s| s.2 > 0).collect(), missed: x[keys.miss].round() as u32 }
    };
    model.keys.jobs.iter().map(read).collect()
}

fn one_run(problem: &Problem, run: &Run, keys: &RunKeys, x: &[f64]) -> RunOutcome {
    let mut made = RunOutcome { steps: vec![RunStep::default(); problem.steps], ..RunOutcome::default() };
    let h = problem.step_hours;
    let mut progress = 0.0;
    for t in 0..keys.steps() {
        let step = &mut made.steps[keys.release + t];
        for (position, &site) in run.sites.iter().enumerate() {
            let at = |table: &Vec<Vec<usize>>| x[table[position][t]];
            let on = is_one(at(&keys.on));
            if on || is_one(at(&keys.held)) {
                step.site = Some(site);
            }
            step.on |= on;
            step.start |= is_one(at(&keys.start));
            step.save |= keys.save.as_ref().is_some_and(|save| is_one(at(save)));
            step.train_mw += clean(at(&keys.power));
            step.progress += clean(at(&keys.progress));
            made.pauses += usize::from(is_one(at(&keys.stop)));
        }
        step.done = keys.done.as_ref().is_some_and(|done| is_one(x[done[t]]));
        progress += step.progress;
    }
    overheads(problem, run, &mut made.steps);
    made.lost_hours = (run.useful_hours(h) - h * progress).max(0.0);
    made.late_hours = (run.must_hours - h * progress).max(0.0);
    made
}

/// Zero for a solver's negative zero.
fn clean(value: f64) -> f64 {
    if value.abs() < NEGLIGIBLE_MW { 0.0 } else { value }
}

/// IT power of transit, `[site][step]`: arrivals and departures of gangs that move.
fn transit_mw(problem: &Problem, model: &LinearModel, x: &[f64]) -> Vec<Vec<f64>> {
    let mut mw = vec![vec![0.0; problem.steps]; problem.sites.len()];
    for (column, &value) in model.columns.iter().zip(x) {
        if let ColumnKind::Part { part: Part::RunArrive | Part::RunLeave, of, site, step } = column.kind {
            mw[site][step] += clean(value) * problem.runs[of].move_mwh / problem.step_hours;
        }
    }
    mw
}

fn storage(problem: &Problem, model: &LinearModel, x: &[f64]) -> Vec<StorageOutcome> {
    let value = |columns: &[usize], step: usize| columns.get(step).map_or(0.0, |&c| clean(x[c]));
    let series = |columns: &[usize]| (0..problem.steps).map(|step| value(columns, step)).collect();
    let read = |keys: &StorageKeys| StorageOutcome {
        charge_clean: series(&keys.charge_clean),
        charge_grid: series(&keys.charge_grid),
        discharge_clean: series(&keys.discharge_clean),
        discharge_other: series(&keys.discharge_other),
        clean_mwh: series(&keys.clean_mwh),
        other_mwh: series(&keys.other_mwh),
    };
    model.keys.storage.iter().map(read).collect()
}
