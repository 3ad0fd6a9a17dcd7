//! What a solve answers: a plan, its value, how far from optimal it can be at most, and why.

use super::costs::Cost;
use super::pieces::{JobOutcome, Overload, Placement, RunOutcome, StorageOutcome};
use super::reason::Reason;
use crate::problem::Problem;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Optimal,
    #[default]
    Feasible,
    /// No solver's answer: the iteration limit or the backend ended the solve.
    Greedy,
    /// The clock ended the solve, so the answer may differ between machines.
    TimeLimit,
}

/// How many jobs were searched.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Searched {
    /// The gap to the bound proved without branching that the last whole search ended with: this one, or the one that the plan
    /// before goes back to.
    pub gap: f64,
    /// This one was short, from the plan before.
    pub short: bool,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Outcome {
    pub status: Status,
    pub objective: f64,
    /// No plan costs less than this.
    pub bound: f64,
    pub gap: f64,
    /// Of a plan whose jobs were placed all at once.
    #[serde(default)]
    pub searched: Option<Searched>,
    /// By work, step, site.
    pub placements: Vec<Placement>,
    pub miss_mwh: Vec<f64>,
    pub later_mwh: Vec<f64>,
    /// `[boundary][step]`: what the grid gives beyond every contract.
    pub grid_mw: Vec<Vec<f64>>,
    /// `[boundary][step]`: facility load, charging of storage apart.
    pub load_mw: Vec<Vec<f64>>,
    /// `[boundary][step]`: load that is expected to go unmatched.
    pub unmatched_mw: Vec<Vec<f64>>,
    /// `[contract][step]`.
    pub used_mw: Vec<Vec<f64>>,
    pub short_mwh: Vec<f64>,
    pub runs: Vec<RunOutcome>,
    pub jobs: Vec<JobOutcome>,
    pub storage: Vec<StorageOutcome>,
    /// `[site][step]` IT MW of training on its way between sites.
    pub transit_mw: Vec<Vec<f64>>,
    /// By demand charge.
    pub peaks_mw: Vec<f64>,
    /// What the objective is made of, money and penalties apart.
    pub costs: Vec<Cost>,
    /// A bound certified from duals, without integers; the same as `bound` where there are none.
    pub relaxed_bound: f64,
    /// `[site][step]`, currency per IT MWh.
    pub prices: Vec<Vec<f64>>,
    pub overloads: Vec<Overload>,
    pub reasons: Vec<Reason>,
    pub rows: usize,
    pub columns: usize,
    pub iterations: u64,
    /// In column order of the model.
    pub x: Vec<f64>,
    /// In row order of the model.
    pub duals: Vec<f64>,
}

impl Outcome {
    /// Whether the search for it ended before it was done: by a limit, or because the solver gave up.
    pub fn cut_short(&self) -> bool {
        self.reasons.iter().any(Reason::cuts_short)
    }

    /// `[site][step]` IT MW of work, jobs and training.
    pub fn drawn_mw(&self, problem: &Problem) -> Vec<Vec<f64>> {
        let mut drawn = self.transit_mw.clone();
        drawn.resize(problem.sites.len(), vec![0.0; problem.steps]);
        for p in &self.placements {
            drawn[p.site][p.step] += p.mw;
        }
        for (job, made) in problem.jobs.iter().zip(&self.jobs) {
            for &(site, start, count) in &made.starts {
                for since in 0..job.steps {
                    drawn[site][start + since] += f64::from(count) * job.mw * job.part(since);
                }
            }
        }
        for (t, step) in self.runs.iter().flat_map(|made| made.steps.iter().enumerate()) {
            step.site.into_iter().for_each(|site| drawn[site][t] += step.mw);
        }
        drawn
    }

    /// `[site][step]` facility MW that storage draws, negative where it gives.
    pub fn stored_mw(&self, problem: &Problem) -> Vec<Vec<f64>> {
        let mut net = vec![vec![0.0; problem.steps]; problem.sites.len()];
        for (storage, flows) in problem.storage.iter().zip(&self.storage) {
            for t in 0..problem.steps {
                net[storage.site][t] += flows.charge_clean[t] + flows.charge_grid[t];
                net[storage.site][t] -= flows.discharge_clean[t] + flows.discharge_other[t];
            }
        }
        net
    }
}
