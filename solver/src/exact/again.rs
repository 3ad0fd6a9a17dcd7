//! Many jobs placed again, from where they stand in a plan that a whole search made, or that goes back to one: prices and a
//! bound come from one relaxation, and the search begins where they stand. Whether that was enough is asked of the plan it
//! leads to.

use super::backend::{Limits, Placed};
use super::gangs::{Clocks, relaxing, stopped};
use crate::gangs::{SHORT, improve_small, relax_roughly, search_again, search_beside};
use crate::model::Terms;
use crate::model::rules::pins;
use crate::outcome::{JobOutcome, Outcome};
use crate::problem::{Pin, Problem};
use crate::progress::{Progress, Stage};

/// What a short search may leave between its plan and its rough bound: so much more than the last whole search left, and this
/// part of the objective, by which it was dearer than a whole one on 5 000 jobs (README).
const MORE: f64 = 1.5;
const FURTHER: f64 = 4e-3;

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
    (earlier, clocks, told): (&[JobOutcome], Clocks<'_>, Option<&Progress>),
) -> Option<Placed> {
    told.into_iter().for_each(|progress| progress.at(Stage::Pricing));
    let relaxed = relax_roughly(problem, terms, relaxing(limits, clocks.relaxing))?;
    told.into_iter().for_each(|progress| progress.at(Stage::Placing));
    told.into_iter().for_each(|progress| progress.searched(None, Some(relaxed.bound)));
    // A job held elsewhere moves what is in its way, and nothing else.
    let (jobs, cut_short) = match pins::of_starts(problem) {
        true => (search_beside(problem, terms, &relaxed, earlier), false),
        false => match search_again((problem, terms, &relaxed), earlier, SHORT, clocks.all) {
            (jobs, false) => improve_small((problem, terms, &relaxed), jobs, relaxing(limits, clocks.all)),
            cut_short => cut_short,
        },
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
        few: false,
    })
}

/// The largest gap that a plan from a short search may have.
pub(super) fn allowed_gap(searched_gap: f64, limits: &Limits) -> f64 {
    limits.gap.max(MORE * searched_gap + FURTHER)
}

/// Whether a plan from a short search is as good as may be asked of it. Where a job is held to a start, the plan without that
/// is known, and all but what is in its way is to stay.
pub(super) fn is_enough(problem: &Problem, plan: &Outcome, allowed: f64) -> bool {
    pins::of_starts(problem) || plan.cut_short() || plan.gap <= allowed
}
