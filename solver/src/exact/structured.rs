//! Divisible work by the thousand goes to the interior-point method that knows pieces of work, all else to HiGHS.

use super::backend::{Backend, BackendError};
use super::highs::HighsBackend;
use super::limits::Limits;
use crate::interior::{self, Until};
use crate::model::{LinearModel, RawSolution};

/// Columns from which the method for pieces is the faster one.
const MANY: usize = 150_000;

/// The method for pieces alone, whatever the size: none where a model is none of pieces, or the method gave up.
pub fn solve_pieces(model: &LinearModel, limits: &Limits) -> Option<RawSolution> {
    interior::solve(model, Until { gap: limits.gap, iterations: limits.iterations, seconds: limits.seconds })
}

/// The method for pieces where a model is large and has that shape, HiGHS otherwise.
#[derive(Debug, Clone, Copy)]
pub struct StructuredBackend {
    /// Columns from which a model is large.
    pub columns: usize,
}

impl Default for StructuredBackend {
    fn default() -> Self {
        StructuredBackend { columns: MANY }
    }
}

impl Backend for StructuredBackend {
    fn solve(&self, model: &LinearModel, limits: &Limits) -> Result<RawSolution, BackendError> {
        let large = model.columns.len() >= self.columns;
        match large.then(|| solve_pieces(model, limits)).flatten() {
            Some(raw) => Ok(raw),
            None => HighsBackend.solve(model, limits),
        }
    }

    fn solve_from(&self, model: &LinearModel, limits: &Limits, start: &[f64]) -> Result<RawSolution, BackendError> {
        if model.has_integers() { HighsBackend.solve_from(model, limits, start) } else { self.solve(model, limits) }
    }
}
