//! Everything at once, to a stated bound.

use solver::{Limits, Outcome, Problem, SolveError};

pub fn run(model: &Problem, limits: &Limits) -> Result<Outcome, SolveError> {
    solver::solve(model, limits)
}
