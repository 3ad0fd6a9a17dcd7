//! Everything at once, to a stated bound.

use crate::plan::patience;
use solver::{Limits, Outcome, Problem, SolveError};

pub fn run(model: &Problem, limits: &Limits) -> Result<Outcome, SolveError> {
    patience::solve(model, limits)
}
