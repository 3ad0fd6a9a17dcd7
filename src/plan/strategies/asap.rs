//! Doing nothing: every piece of work as early as it can run.
//!
//! The bound and the prices are those of the greedy relaxation: `asap` has none of its own.

use solver::{Outcome, Problem, SolveError, Status};

pub fn run(model: &Problem) -> Result<Outcome, SolveError> {
    let mut outcome = solver::greedy(model)?;
    let placements = solver::asap(model);
    let settled = solver::evaluate(model, &placements)?;
    outcome.status = Status::Feasible;
    outcome.gap = ((settled.objective - outcome.bound) / settled.objective.abs().max(1.0)).max(0.0);
    outcome.objective = settled.objective;
    outcome.placements = placements;
    outcome.grid_mw = settled.grid_mw;
    outcome.miss_mwh = settled.miss_mwh;
    outcome.later_mwh = settled.later_mwh;
    outcome.reasons.clear();
    Ok(outcome)
}
