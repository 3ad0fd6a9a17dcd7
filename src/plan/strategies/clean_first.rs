//! Greedy: each piece of work into the cleanest room left.

use solver::{Outcome, Problem, SolveError};

pub fn run(model: &Problem) -> Result<Outcome, SolveError> {
    solver::greedy(model)
}
