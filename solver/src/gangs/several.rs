//! Several searches of one queue side by side. What a search ends with varies by a percent where pools are small and full;
//! beside the relaxation it takes little time.

use super::relaxed::Relaxed;
use super::search::{Effort, Found, Over, Tell, search};
use crate::model::Terms;
use crate::outcome::JobOutcome;
use crate::problem::Problem;
use std::sync::Mutex;

/// About how many jobs all searches of a queue place in all; and the most and the fewest searches: two cores do two in the time of one.
const JOBS: usize = 20_000;
const MOST: usize = 8;
const LEAST: usize = 2;

/// How many searches a queue gets.
pub(crate) fn searches(problem: &Problem) -> usize {
    (JOBS / problem.jobs.len().max(1)).clamp(LEAST, MOST)
}

/// The best of `count` searches, and whether time ended one of them. The first one tells of its plans.
pub(crate) fn search_several(
    whole: (&Problem, &Terms, &Relaxed),
    (seed, count): (u64, usize),
    effort: &Effort,
    (over, tell): (Over<'_>, Tell<'_>),
) -> (Vec<JobOutcome>, bool) {
    let others: Vec<Mutex<Option<Found>>> = (1..count).map(|_| Mutex::new(None)).collect();
    let mut best = rayon::in_place_scope(|scope| {
        for (other, number) in others.iter().zip(1..) {
            scope.spawn(move |_| {
                let found = search(whole, (seed, number), effort, (over, None));
                *other.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(found);
            });
        }
        search(whole, (seed, 0), effort, (over, tell))
    });
    let mut cut_short = best.cut_short;
    for other in others {
        let Some(found) = other.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner()) else { continue };
        cut_short |= found.cut_short;
        if found.cost < best.cost {
            best = found;
        }
    }
    if let Some(tell) = tell {
        tell(best.jobs.clone());
    }
    (best.jobs, cut_short)
}
