//! A previous plan carried on into a problem, with storage solved again around it.

use super::backend::Backend;
use super::limits::Limits;
use super::solve::solve_with;
use crate::heuristic::{self, PreviousPlan};
use crate::outcome::{Outcome, SolveError};
use crate::problem::Problem;

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
    heuristic::continue_previous(problem, previous, &|around| solve_with(around, &gently(limits), backend))
}

fn gently(limits: &Limits) -> Limits {
    Limits { gap: limits.gap.max(STORAGE_GAP), nodes: Some(STORAGE_NODES), ..*limits }
}
