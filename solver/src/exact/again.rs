//! Many jobs placed again, from where they stand in a plan that a whole search made, or that goes back to one: prices and a
//! bound come from one relaxation, and the search begins where they stand. Training keeps its states. Whether that was enough
//! is asked of the plan it leads to.

use super::backend::{Earlier, Limits, Placed};
use super::gangs::{Clocks, beside_runs, cost_if_known, is_within, relaxing, schedule, stopped};
use super::integers::integer_values;
use crate::gangs::{
    Relaxed, SHORT, SHORT_BESIDE_RUNS, States, improve_small, relax_nearer, relax_roughly, search_again, search_beside,
};
use crate::model::rules::pins;
use crate::model::{LinearModel, Terms};
use crate::outcome::{JobOutcome, Outcome};
use crate::problem::{Pin, Problem};
use crate::progress::{Progress, Stage};

/// What a short search may leave between its plan and its rough bound: so much more than the last whole search left, and this
/// part of the objective, by which it was dearer than a whole one on 5 000 jobs (README).
const MORE: f64 = 1.5;
const FURTHER: f64 = 4e-3;

/// Arrays of which a part is held to a start are searched as a whole.
pub(super) fn takes(problem: &Problem) -> bool {
    let alone = |pin: &Pin| !matches!(pin, Pin::Start { job, .. } if problem.jobs[*job].count > 1);
    problem.pins.iter().all(alone)
}

/// None where the method gives up.
pub(super) fn place(
    problem: &Problem,
    terms: &Terms,
    limits: &Limits,
    (earlier, clocks, told): (Earlier<'_>, Clocks<'_>, Option<&Progress>),
) -> Option<Placed> {
    told.into_iter().for_each(|progress| progress.at(Stage::Pricing));
    let respond = |model: &LinearModel| schedule(model, limits, clocks);
    let plan = Outcome { runs: earlier.runs.to_vec(), ..Outcome::default() };
    let states = |model: &LinearModel| integer_values(problem, model, &plan);
    let trained = beside_runs(problem, earlier.runs);
    let states: Option<States<'_>> = if trained.is_some() { Some((&states, &respond)) } else { None };
    let mut relaxed = relax_roughly(problem, terms, states, relaxing(limits, clocks.relaxing))?;
    relaxed.count_runs(&respond);
    told.into_iter().for_each(|progress| progress.at(Stage::Placing));
    told.into_iter().for_each(|progress| progress.searched(None, Some(relaxed.bound)));
    let (of_jobs, terms_of_jobs) = trained.as_ref().map_or((problem, terms), |(beside, terms)| (beside, terms));
    let (jobs, cut_short) =
        searched((of_jobs, terms_of_jobs, &relaxed), (earlier.jobs, trained.is_some()), (limits, clocks));
    if !pins::kept(problem, &jobs) {
        return None;
    }
    let (runs, stopped) = (earlier.runs.to_vec(), stopped(&relaxed.status, cut_short));
    let mut placed = Placed { jobs, runs, stopped, again: true, ..Placed::of(&relaxed) };
    let enough = || {
        let cost = cost_if_known(problem, terms, (&placed.jobs, &placed.runs));
        cost.is_some_and(|cost| is_within(earlier.allowed, cost, placed.bound))
    };
    // Where training is, a whole search takes longest to begin.
    if trained.is_some() && !cut_short && !pins::of_starts(problem) && !enough() {
        let until = relaxing(limits, clocks.relaxing);
        if let Some(mut nearer) = relax_nearer((problem, of_jobs), terms, (&placed.jobs, states), until) {
            nearer.count_runs(&respond);
            placed.iterations += nearer.iterations;
            placed.bound = placed.bound.max(nearer.bound);
            placed.relaxed_bound = placed.bound;
        }
    }
    Some(placed)
}

/// From where jobs stand, and whether time ended it. One held elsewhere moves what is in its way, and nothing else.
/// Beside training, where jobs are the smaller part of all, exchanges are enough.
fn searched(
    of_jobs: (&Problem, &Terms, &Relaxed),
    (from, beside_runs): (&[JobOutcome], bool),
    (limits, clocks): (&Limits, Clocks<'_>),
) -> (Vec<JobOutcome>, bool) {
    if pins::of_starts(of_jobs.0) {
        return (search_beside(of_jobs, from), false);
    }
    let exchanges = if beside_runs { SHORT_BESIDE_RUNS } else { SHORT };
    match search_again(of_jobs, from, exchanges, clocks.all) {
        (jobs, false) if !beside_runs => improve_small(of_jobs, jobs, relaxing(limits, clocks.all)),
        ended => ended,
    }
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
