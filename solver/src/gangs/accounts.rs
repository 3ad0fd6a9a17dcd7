//! Accounts tie all sites together, and few of them bind: the relaxation keeps those that may.

use crate::problem::{Account, Job, Problem};
use ids::{AccountIndex, Index, JobIndex, SiteIndex};

/// Site and step of each start of a job.
pub(super) type Starts = Vec<(SiteIndex, usize)>;

/// By account, whether more than a part of one of its limits is taken, by so much of each job at each start. Jobs that run take
/// what they hold, and need not stand there.
pub(super) fn used(problem: &Problem, (starts, parts): (&[Starts], &[Vec<f64>]), part: f64) -> Vec<bool> {
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

fn takes(account: &Account, held: &[f64], (part, h): (f64, f64)) -> bool {
    let over = |used: f64, left: f64| used > part * left;
    let at_once = held.iter().enumerate().any(|(t, &used)| account.left(t).is_some_and(|left| over(used, left)));
    let spent = |span: &(usize, usize, f64)| h * held[span.0..span.1].iter().sum::<f64>();
    at_once || account.gpu_hours.iter().any(|span| over(spent(span), account.hours_left(span, h)))
}
