//! A linear model solved, or why not.

use super::backend::Backend;
use super::limits::Limits;
use crate::heuristic::Stopped;
use crate::model::{LinearModel, RawSolution};
use crate::outcome::{Outcome, SolveError};

/// A certified plan, or why there is no solution to read.
pub(super) type Solved = Result<Result<Outcome, Stopped>, SolveError>;

pub fn solve_linear(model: &LinearModel, limits: &Limits, backend: &dyn Backend) -> Result<RawSolution, Stopped> {
    match backend.solve(model, limits) {
        Ok(raw) => match Stopped::from_status(&raw.status) {
            None => Ok(raw),
            Some(stopped) => Err(Stopped { duals: raw.row_duals, ..stopped }),
        },
        Err(error) => Err(Stopped::refused(error.to_string())),
    }
}
