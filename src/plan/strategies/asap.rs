//! The work as submitted: every piece of work as early as it can run.
//!
//! The bound and the prices are those of the greedy relaxation: `asap` has none of its own.

use solver::{Outcome, Problem, SolveError, Status};

pub fn run(model: &Problem) -> Result<Outcome, SolveError> {
    let greedy = solver::greedy(model)?;
    let mut outcome = solver::baseline(model)?;
    outcome.status = Status::Feasible;
    outcome.bound = greedy.bound.min(outcome.objective);
    outcome.relaxed_bound = outcome.bound;
    outcome.gap = ((outcome.objective - outcome.bound) / outcome.objective.abs().max(1.0)).max(0.0);
    outcome.prices = greedy.prices;
    Ok(outcome)
}
