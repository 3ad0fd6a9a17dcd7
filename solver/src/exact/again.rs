//! Many jobs placed again, from where they stand in a plan that a whole search made, or that goes back to one: prices and a
//! bound come from one relaxation, and the search begins where they stand. Whether that was enough is asked of the plan it
//! leads to.

use super::backend::{Earlier, Limits, Placed};
use super::gangs::{Clocks, relaxing, stopped};
use crate::gangs::{near_limits, relax_near, relax_roughly, search_again, search_beside};
use crate::model::Terms;
use crate::model::rules::pins;
use crate::outcome::Outcome;
use crate::problem::{Pin, Problem};
use crate::progress::{Progress, Stage};

/// How much more of the objective a short search may leave between its plan and its rough bound than the last whole search
/// left.
const FURTHER: f64 = 5e-3;

/// Training has prices of its own to answer: it is searched as a whole. So are arrays of which a part is held to a start.
pub(super) fn takes(problem: &Problem) -> bool {
    let alone = |pin: &Pin| !matches!(pin, Pin::Start { job, .. } if problem.jobs[*job].count > 1);
    problem.runs.is_empty() && problem.pins.iter().all(alone)
}

/// None where the method gives up.
pub(super) fn place(
    problem: &Problem,
    terms: &Terms,
    limits: &Limits,
    (earlier, clocks, told): (Earlier<'_>, Clocks<'_>, Option<&Progress>),
) -> Option<Placed> {
    told.into_iter().for_each(|progress| progress.at(Stage::Pricing));
    let until = relaxing(limits, clocks.relaxing);
    let relaxed = match earlier.rough {
        true => relax_roughly(problem, terms, until),
        false if near_limits(problem, earlier.jobs) => relax_near(problem, terms, earlier.jobs, until),
        // The bound would be what the rough one was.
        false => None,
    }?;
    told.into_iter().for_each(|progress| progress.at(Stage::Placing));
    told.into_iter().for_each(|progress| progress.searched(None, Some(relaxed.bound)));
    // A job held elsewhere moves what is in its way, and nothing else.
    let (jobs, cut_short) = match pins::of_starts(problem) {
        true => (search_beside(problem, terms, &relaxed, earlier.jobs), false),
        false => search_again(problem, terms, &relaxed, earlier.jobs, clocks.all),
    };
    if !pins::kept(problem, &jobs) {
        return None;
    }
    Some(Placed {
        jobs,
        runs: Vec::new(),
        bound: relaxed.bound,
        relaxed_bound: relaxed.proved,
        iterations: relaxed.iterations,
        stopped: stopped(&relaxed.status, cut_short),
        again: true,
    })
}

/// Whether a plan from a short search is as good as may be asked of it. Where a job is held to a start, the plan without that
/// is known, and all but what is in its way is to stay.
pub(super) fn is_enough(problem: &Problem, plan: &Outcome, searched_gap: f64, limits: &Limits) -> bool {
    pins::of_starts(problem) || plan.cut_short() || plan.gap <= limits.gap.max(searched_gap + FURTHER)
}
