//! What a plan draws at each site and step, and which GPUs it holds.

use super::plan::Outcome;
use crate::problem::{Gpus, Problem};
use ids::SiteIndex;

/// MW by site and step, and GPUs.
pub struct Loads {
    /// IT power of work at its highest in the step.
    pub most_it: Vec<Vec<f64>>,
    /// Facility power of work, on average.
    pub work: Vec<Vec<f64>>,
    /// Facility power of work and storage.
    pub moved: Vec<Vec<f64>>,
    /// GPUs held in each step, `[pool][step]` and `[account][step]`; what fixed work holds is not among them.
    pub pools: Vec<Vec<f64>>,
    pub accounts: Vec<Vec<f64>>,
}

impl Loads {
    pub fn new(problem: &Problem, outcome: &Outcome) -> Loads {
        let it = outcome.drawn_mw(problem);
        let mut most_it = it.clone();
        for (job, made) in problem.jobs.iter().zip(&outcome.jobs) {
            for &(site, start, count) in &made.starts {
                let last = start + job.steps - 1;
                most_it[site][last] += f64::from(count) * job.mw * (1.0 - job.last);
            }
        }
        let mut work = it;
        for (row, site) in work.iter_mut().zip(&problem.sites) {
            row.iter_mut().zip(&site.pue).for_each(|(mw, pue)| *mw *= pue);
        }
        let mut moved = work.clone();
        let stored = outcome.stored_mw(problem);
        moved.iter_mut().flatten().zip(stored.iter().flatten()).for_each(|(mw, more)| *mw += more);
        let (pools, accounts) = gpus_held(problem, outcome);
        Loads { most_it, work, moved, pools, accounts }
    }

    /// What the connection may have to carry.
    pub fn peak(&self, problem: &Problem, s: SiteIndex, t: usize) -> f64 {
        problem.sites[s].firm_peak_mw(t) + self.moved[s][t]
    }
}

fn gpus_held(problem: &Problem, outcome: &Outcome) -> (Vec<Vec<f64>>, Vec<Vec<f64>>) {
    let mut pools = vec![vec![0.0; problem.steps]; problem.pools.len()];
    let mut accounts = vec![vec![0.0; problem.steps]; problem.accounts.len()];
    let mut hold = |gpus: &Gpus, t: usize, holders: f64| {
        pools[gpus.pool][t] += gpus.count * holders;
        if let Some(a) = gpus.account {
            accounts[a][t] += gpus.count * holders;
        }
    };
    for p in &outcome.placements {
        if let Some(gpus) = &problem.work[p.work].gpus {
            hold(gpus, p.step, p.mw);
        }
    }
    for (job, made) in problem.jobs.iter().zip(&outcome.jobs) {
        if let Some(gpus) = &job.gpus {
            for &(_, start, count) in &made.starts {
                job.place(start, problem.steps).for_each(|t| hold(gpus, t, f64::from(count)));
            }
        }
    }
    for (run, made) in problem.runs.iter().zip(&outcome.runs) {
        for (t, step) in made.steps.iter().enumerate() {
            if let Some(gpus) = run.gpus.filter(|_| step.on || (run.hold_nodes && step.site.is_some())) {
                hold(&gpus, t, 1.0);
            }
        }
    }
    (pools, accounts)
}
