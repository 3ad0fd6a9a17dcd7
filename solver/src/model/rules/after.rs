//! `then` starts only when `first` is complete. With `complete[t]` a binary for "done before step t":
//! `sum(k<t) h*x_first[k] >= energy*complete[t]`, `x_then[t] <= max*complete[t]`; jobs by their starts, training by `done[t]`
//! and `begin[t]`.

use crate::model::given::Given;
use crate::model::linear::{LinearModel, Part, anywhere};
use crate::problem::{Piece, Problem};
use ids::{RunIndex, WorkIndex};

pub fn add(model: &mut LinearModel, given: &Given) {
    let problem = given.problem;
    for (a, after) in problem.after.iter().enumerate() {
        let mut so_far: Vec<(usize, f64)> = Vec::new();
        let begun = begun(model, problem, after.then);
        let ((total, _), (_, most)) = (amounts(problem, after.first), amounts(problem, after.then));
        for step in 0..problem.steps {
            // What `first` has done before this step.
            if let Piece::Run(r) = after.first {
                so_far = finished(model, r, step).map(|column| (column, 1.0)).into_iter().collect();
            } else if step > 0 {
                so_far.extend(done_at(model, problem, after.first, step - 1));
            }
            let now: Vec<(usize, f64)> = begun.iter().filter(|b| b.0 == step).map(|b| (b.1, 1.0)).collect();
            if now.is_empty() {
                continue;
            }
            let at = anywhere(a, step);
            let complete = model.integer(Part::Complete, at, 1.0, 0.0);
            let mut entries = so_far.clone();
            entries.push((complete, -total));
            // A little less than whole: the last bits of a sum must not hold it up.
            let tolerance = -1e-9 * total.max(1.0);
            model.rule("after_done", at, (tolerance, f64::INFINITY), &entries);
            for (column, value) in now {
                let entries = [(column, value), (complete, -most)];
                model.rule("after", at, (f64::NEG_INFINITY, 0.0), &entries);
            }
        }
    }
}

/// What it comes to in all, and in a step at most: MWh and MW of work, units of a job.
fn amounts(problem: &Problem, piece: Piece) -> (f64, f64) {
    match piece {
        Piece::Work(w) => (problem.work[w].energy_mwh, problem.work[w].max_mw),
        Piece::Job(j) => (f64::from(problem.jobs[j].count), f64::from(problem.jobs[j].count)),
        Piece::Run(_) => (1.0, 1.0),
    }
}

/// Columns that complete a part of a piece at the end of a step.
fn done_at(model: &LinearModel, problem: &Problem, piece: Piece, step: usize) -> Vec<(usize, f64)> {
    match piece {
        Piece::Work(w) => {
            let columns = placed(model, problem, w).into_iter().filter(|p| p.0 == step);
            columns.map(|p| (p.1, problem.step_hours)).collect()
        }
        Piece::Job(j) => {
            let ends = |start: usize| start + problem.jobs[j].steps == step + 1;
            let starts = model.keys.jobs[j].starts.iter().filter(|s| ends(s.1));
            starts.map(|s| (s.2, 1.0)).collect()
        }
        // Its own column says so.
        Piece::Run(_) => Vec::new(),
    }
}

/// Columns by the step in which they begin something: (step, column).
fn begun(model: &LinearModel, problem: &Problem, piece: Piece) -> Vec<(usize, usize)> {
    match piece {
        Piece::Work(w) => placed(model, problem, w),
        Piece::Job(j) => model.keys.jobs[j].starts.iter().map(|s| (s.1, s.2)).collect(),
        // What has begun waits for nothing.
        Piece::Run(r) => {
            let keys = &model.keys.runs[r];
            let sites = keys.begin.iter().flatten();
            sites.flat_map(|steps| steps.iter().enumerate().map(|(t, column)| (keys.release + t, *column))).collect()
        }
    }
}

/// Column of a run being complete before a step; none where it cannot finish, or its window has not opened.
fn finished(model: &LinearModel, r: RunIndex, step: usize) -> Option<usize> {
    let keys = &model.keys.runs[r];
    let done = keys.done.as_ref()?;
    // After its window it stays as it was at the end of it.
    step.checked_sub(keys.release).and_then(|t| done.get(t).or(done.last())).copied()
}

/// Every column that places a piece of work: (step, column).
fn placed(model: &LinearModel, problem: &Problem, w: WorkIndex) -> Vec<(usize, usize)> {
    let work = &problem.work[w];
    let steps = work.release..work.deadline;
    let positions = 0..work.sites.len();
    let new = positions.flat_map(|p| steps.clone().map(move |step| (step, model.keys.place(w, p, step))));
    new.chain(model.keys.keep[w].iter().map(|k| (k.1, k.2))).collect()
}
