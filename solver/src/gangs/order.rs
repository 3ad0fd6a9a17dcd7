//! Which job waits for which, and what follows for when they can start.

use crate::problem::{Piece, Problem};
use ids::{Index, JobIndex};

/// How deep what waits for what is followed.
pub(super) const DEPTH: usize = 8;

/// Jobs that wait for jobs: (first, then).
pub(super) fn pairs(problem: &Problem) -> impl Iterator<Item = (JobIndex, JobIndex)> + '_ {
    problem.after.iter().filter_map(|after| match (after.first, after.then) {
        (Piece::Job(first), Piece::Job(then)) => Some((first, then)),
        _ => None,
    })
}

/// The earliest step each job could start in, knowing what it waits for. A job that waits for one that is missed is
/// missed itself.
pub(super) fn earliest(problem: &Problem) -> Vec<usize> {
    let mut earliest: Vec<usize> = problem.jobs.iter().map(|job| job.release).collect();
    until_settled(problem, |first, then| {
        let from = (earliest[first] + problem.jobs[first].steps).min(problem.steps);
        let later = problem.jobs[then].running.is_none() && from > earliest[then];
        if later {
            earliest[then] = from;
        }
        later
    });
    earliest
}

/// By job, the first step in which starting is too late for what waits for it to be complete in time.
pub(super) fn latest(problem: &Problem) -> Vec<usize> {
    // What can never start holds nothing back.
    let earliest = earliest(problem);
    let mut latest: Vec<usize> = problem.jobs.iter().map(|job| (job.deadline + 1).saturating_sub(job.steps)).collect();
    until_settled(problem, |first, then| {
        let to = latest[then].saturating_sub(problem.jobs[first].steps);
        let sooner = to < latest[first] && to > earliest[first];
        if sooner {
            latest[first] = to;
        }
        sooner
    });
    latest
}

/// By job, how many wait for each other up to it; a long chain is followed so far.
pub(super) fn depths(problem: &Problem) -> Vec<usize> {
    let mut depths = vec![0_usize; problem.jobs.len()];
    for _ in 0..DEPTH {
        pairs(problem).for_each(|(first, then)| depths[then] = depths[then].max((depths[first] + 1).min(DEPTH)));
    }
    depths
}

/// Makes jobs that wait for each other alike in a property, directly or by way of others: what `both` says of two that differ.
pub(super) fn alike(problem: &Problem, list: &mut [bool], both: impl Fn(bool, bool) -> bool) {
    until_settled(problem, |first, then| {
        let (a, b) = (list[first.get()], list[then.get()]);
        (list[first.get()], list[then.get()]) = (both(a, b), both(a, b));
        a != b
    });
}

/// Goes through all pairs until none changes anything: as often as the longest chain is long.
fn until_settled(problem: &Problem, mut change: impl FnMut(JobIndex, JobIndex) -> bool) {
    for _ in 0..problem.jobs.len() {
        if !pairs(problem).fold(false, |any, (first, then)| change(first, then) || any) {
            break;
        }
    }
}
