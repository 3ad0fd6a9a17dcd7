//! A previous plan carried on into a problem, with storage solved again around it.

use super::backend::{Answer, Backend, Earlier, Limits, Placed, tell};
use super::solve::solve_with;
use crate::heuristic::{self, PreviousPlan};
use crate::model::LinearModel;
use crate::outcome::{Outcome, Searched, SolveError};
use crate::problem::Problem;
use crate::progress::Stage;

/// Storage beside a plan that is carried on is solved this well, and no better.
const STORAGE_GAP: f64 = 1e-3;
const STORAGE_NODES: u64 = 100;

/// The previous plan in this problem. It has no bound of its own.
///
/// # Errors
/// A problem that is refused, and decisions that cannot be made to pass the check.
pub fn continue_previous(
    problem: &Problem,
    previous: &PreviousPlan,
    limits: &Limits,
    backend: &dyn Backend,
) -> Result<Outcome, SolveError> {
    tell(backend, |progress| progress.at(Stage::Previous));
    let gently = Limits { gap: limits.gap.max(STORAGE_GAP), nodes: Some(STORAGE_NODES), ..*limits };
    let mut outcome =
        heuristic::continue_previous(problem, previous, &|around| solve_with(around, &gently, &Unwatched(backend)))?;
    outcome.searched = previous.searched_gap.map(|gap| Searched { gap, short: false });
    Ok(outcome)
}

/// Storage around a plan is another problem: its figures are not those of the plan.
struct Unwatched<'a>(&'a dyn Backend);

impl Backend for Unwatched<'_> {
    fn solve(&self, model: &LinearModel, limits: &Limits) -> Answer {
        self.0.solve(model, limits)
    }

    fn solve_from(&self, model: &LinearModel, limits: &Limits, start: &[f64]) -> Answer {
        self.0.solve_from(model, limits, start)
    }

    fn place_jobs(&self, problem: &Problem, limits: &Limits, earlier: Option<Earlier<'_>>) -> Option<Placed> {
        self.0.place_jobs(problem, limits, earlier)
    }

    fn solve_again(&self, model: &LinearModel, limits: &Limits) -> Option<Answer> {
        self.0.solve_again(model, limits)
    }
}
