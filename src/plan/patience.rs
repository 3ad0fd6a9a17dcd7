//! One time limit over all the solves that a plan takes: the solver itself knows no clock.

use crate::clock::Stopwatch;
use solver::{Backend, BackendError, HighsBackend, Limits, LinearModel, Outcome, Problem, RawSolution, SolveError};

/// Part of what is left that one search for whole numbers may take: others may have to follow it.
const SEARCH: f64 = 0.75;
/// What no search is left without, and no linear solve: parts of the whole limit. A plan that was found is of no use
/// without the linear solve that prices it.
const LEAST_SEARCH: f64 = 0.02;
const LEAST_LINEAR: f64 = 0.25;

/// Solves within `limits.seconds` in all, as nearly as a solver can be stopped.
pub fn solve(problem: &Problem, limits: &Limits) -> Result<Outcome, SolveError> {
    solver::solve_with(problem, limits, &*backend(limits))
}

/// A backend whose solves, from now on, end within `limits.seconds` in all.
pub fn backend(limits: &Limits) -> Box<dyn Backend> {
    match limits.seconds {
        Some(seconds) => Box::new(Patient { watch: Stopwatch::start(), seconds }),
        None => Box::new(HighsBackend),
    }
}

struct Patient {
    watch: Stopwatch,
    seconds: f64,
}

impl Patient {
    fn limits(&self, model: &LinearModel, limits: &Limits) -> Limits {
        let left = (self.seconds - self.watch.seconds()).max(0.0);
        let seconds = if model.has_integers() {
            (SEARCH * left).max(LEAST_SEARCH * self.seconds)
        } else {
            left.max(LEAST_LINEAR * self.seconds)
        };
        Limits { seconds: Some(seconds), ..*limits }
    }
}

impl Backend for Patient {
    fn solve(&self, model: &LinearModel, limits: &Limits) -> Result<RawSolution, BackendError> {
        HighsBackend.solve(model, &self.limits(model, limits))
    }

    fn solve_from(&self, model: &LinearModel, limits: &Limits, start: &[f64]) -> Result<RawSolution, BackendError> {
        HighsBackend.solve_from(model, &self.limits(model, limits), start)
    }
}
