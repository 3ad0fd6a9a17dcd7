//! Everything at once, to a stated bound.

use crate::plan::candidates::{self, Choice};
use solver::{Earlier, Limits, Outcome, Problem, SolveError};

pub fn run(
    model: &Problem,
    limits: &Limits,
    earlier: Option<&Earlier>,
) -> Result<(Outcome, Option<Choice>), SolveError> {
    candidates::solve(model, limits, earlier)
}
