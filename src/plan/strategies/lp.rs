//! Everything at once, to a stated bound.

use crate::plan::candidates::{self, Choice};
use crate::plan::time_limit::Told;
use solver::{Limits, Outcome, PreviousPlan, Problem, SolveError};

pub fn run(
    model: &Problem,
    limits: &Limits,
    earlier: Option<&PreviousPlan>,
    told: Told,
) -> Result<(Outcome, Option<Choice>), SolveError> {
    candidates::solve(model, limits, earlier, told)
}
