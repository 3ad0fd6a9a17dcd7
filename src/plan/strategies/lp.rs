//! Everything at once, to a stated bound.

use crate::plan::candidates::{self, Choice};
use solver::{Limits, Outcome, PreviousPlan, Problem, SolveError};

pub fn run(
    model: &Problem,
    limits: &Limits,
    earlier: Option<&PreviousPlan>,
) -> Result<(Outcome, Option<Choice>), SolveError> {
    candidates::solve(model, limits, earlier)
}
