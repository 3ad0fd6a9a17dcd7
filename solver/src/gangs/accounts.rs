//! Accounts tie all sites together, and bind in few steps: the relaxation keeps their limits where they may.

use crate::problem::{Account, Job, Problem};
use ids::{AccountIndex, Index, JobIndex, SiteIndex};

/// Site and step of each start of a job.
pub(super) type Starts = Vec<(SiteIndex, usize)>;

/// By account and step, whether its limits are kept there.
pub(super) type Kept = Vec<Vec<bool>>;

pub(super) fn none(problem: &Problem) -> Kept {
    vec![vec![false; problem.steps]; problem.accounts.len()]
}

pub(super) fn all(problem: &Problem) -> Kept {
    vec![vec![true; problem.steps]; problem.accounts.len()]
}

/// What either keeps.
pub(super) fn both(one: &Kept, other: &Kept) -> Kept {
    let steps = |(a, b): (&Vec<bool>, &Vec<bool>)| a.iter().zip(b).map(|(a, b)| *a || *b).collect();
    one.iter().zip(other).map(steps).collect()
}

/// Steps in which more than a part of one of an account's limits is taken, by so much of each job at each start. Jobs that run
/// take what they hold, and need not stand there.
pub(super) fn used(problem: &Problem, (starts, parts): (&[Starts], &[Vec<f64>]), part: f64) -> Kept {
    let mut held = vec![vec![0.0; problem.steps]; problem.accounts.len()];
    for (j, job) in JobIndex::each(&problem.jobs) {
        let Some((account, gpus)) = job.gpus.and_then(|gpus| Some((gpus.account?, gpus.count))) else { continue };
        let held: &mut Vec<f64> = &mut held[account];
        if job.running.is_some() {
            add(held, job, job.release, gpus * f64::from(job.count));
            continue;
        }
        for (start, part) in starts[j].iter().zip(&parts[j]) {
            add(held, job, start.1, gpus * part);
        }
    }
    let accounts = AccountIndex::each(&problem.accounts);
    accounts.map(|(a, account)| takes(account, &held[a], (part, problem.step_hours))).collect()
}

fn add(held: &mut [f64], job: &Job, start: usize, gpus: f64) {
    job.place(start, held.len()).for_each(|t| held[t] += gpus);
}

fn takes(account: &Account, held: &[f64], (part, h): (f64, f64)) -> Vec<bool> {
    let over = |used: f64, left: f64| used > part * left;
    let at_once = |(t, &used): (usize, &f64)| account.left(t).is_some_and(|left| over(used, left));
    let mut kept: Vec<bool> = held.iter().enumerate().map(at_once).collect();
    for span in &account.gpu_hours {
        let spent = h * held[span.0..span.1].iter().sum::<f64>();
        if over(spent, account.hours_left(span, h)) {
            kept[span.0..span.1].fill(true);
        }
    }
    kept
}
