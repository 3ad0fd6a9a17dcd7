//! Accounts tie all sites together, and few of them bind: the relaxation keeps those that it comes near without them.

use crate::problem::{Account, Job, Problem};
use ids::{AccountIndex, Index, JobIndex, SiteIndex};

/// A limit binds from this part of it on: a rough relaxation spreads what a better one would have in one step.
const NEAR: f64 = 0.9;

/// By account, whether a relaxation without its limits comes near one of them; it has so much of each job at each start.
pub(super) fn binding(problem: &Problem, starts: &[Vec<(SiteIndex, usize)>], parts: &[Vec<f64>]) -> Vec<bool> {
    let mut held = vec![vec![0.0; problem.steps]; problem.accounts.len()];
    for (j, job) in JobIndex::each(&problem.jobs) {
        let Some((account, gpus)) = job.gpus.and_then(|gpus| Some((gpus.account?, gpus.count))) else { continue };
        let held: &mut Vec<f64> = &mut held[account];
        if job.running.is_some() {
            add(held, job, job.release, gpus * f64::from(job.count));
        }
        for (start, part) in starts[j].iter().zip(&parts[j]) {
            add(held, job, start.1, gpus * part);
        }
    }
    let accounts = AccountIndex::each(&problem.accounts);
    accounts.map(|(a, account)| is_near(account, &held[a], problem.step_hours)).collect()
}

fn add(held: &mut [f64], job: &Job, start: usize, gpus: f64) {
    job.place(start, held.len()).for_each(|t| held[t] += gpus);
}

fn is_near(account: &Account, held: &[f64], h: f64) -> bool {
    let over = |used: f64, left: f64| used > NEAR * left;
    let at_once = held.iter().enumerate().any(|(t, &used)| account.left(t).is_some_and(|left| over(used, left)));
    let spent = |span: &(usize, usize, f64)| h * held[span.0..span.1].iter().sum::<f64>();
    at_once || account.gpu_hours.iter().any(|span| over(spent(span), account.hours_left(span, h)))
}
