//! A training run in a plan, step by step.

use crate::problem::{Problem, Run, parts};
use serde::{Deserialize, Serialize};

/// One step of a training run.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct RunStep {
    /// Where it is, running or with its nodes held.
    pub site: Option<usize>,
    pub on: bool,
    /// Comes back from a pause in this step.
    pub start: bool,
    /// Ends with a checkpoint.
    pub save: bool,
    /// IT power that trains, and IT power in all.
    pub train_mw: f64,
    pub mw: f64,
    /// Part of a rated step's tokens.
    pub progress: f64,
    pub done: bool,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RunOutcome {
    /// One for each step of the horizon.
    pub steps: Vec<RunStep>,
    pub pauses: usize,
    /// Rated hours not made that it could have used, and those its deadline will lack.
    pub lost_hours: f64,
    pub late_hours: f64,
}

/// IT power in all: training, saves, restarts, held nodes. Transit between sites is in `transit_mw`.
pub(crate) fn overheads(problem: &Problem, run: &Run, steps: &mut [RunStep]) {
    let h = problem.step_hours;
    for step in steps.iter_mut() {
        step.mw = step.train_mw;
        if step.site.is_some() && !step.on {
            step.mw += run.paused_mw;
        }
    }
    for t in 0..steps.len() {
        if steps[t].save {
            for (k, part) in parts(run.save_h, h).into_iter().enumerate() {
                if let Some(before) = t.checked_sub(k) {
                    steps[before].mw += run.save_mw * part;
                }
            }
        }
        if steps[t].start {
            for (k, part) in parts(run.restart_h, h).into_iter().enumerate() {
                if let Some(step) = steps.get_mut(t + k) {
                    step.mw += run.restart_mw * part;
                }
            }
        }
    }
}
