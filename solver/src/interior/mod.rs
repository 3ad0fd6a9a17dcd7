//! Divisible work by the thousand: an interior-point method that eliminates each piece by hand, so that what is left to
//! factor has one row for each cell and none for a piece. Its time and memory grow with the pieces linearly.
//!
//! `shape` sees pieces in a model, `rest` the rest of it; `part` eliminates pieces, `gram` adds up what they couple,
//! `system` factors it, `newton` iterates. `bound` proves a bound from the prices found, `purify` makes a plan of few
//! fragments from the middle of the optimal face; `answer` and `duals` are a solution of the model again. The mathematics is in the
//! crate's README.

mod answer;
mod bound;
mod bounded;
mod duals;
mod forest;
mod gram;
mod kinds;
mod newton;
mod parallel;
mod part;
mod purify;
mod rest;
mod shape;
mod system;

use crate::model::{LinearModel, RawSolution, RawStatus, proved};
use newton::{Ended, Newton, Stop};
use shape::Shape;
use std::sync::Arc;

/// Pairs of cells that pieces may couple. Beyond, the sites and steps are too many for this.
const MOST_COUPLED: usize = 1 << 26;

/// Iterations after which a solve is given up.
const ITERATIONS: u64 = 250;

/// What ends a solve.
#[derive(Clone, Copy)]
pub(crate) struct Until<'a> {
    /// Between objective and bound, as a part of the objective.
    pub gap: f64,
    pub iterations: Option<u64>,
    /// Whether time is up, asked before each iteration.
    pub over: Option<&'a (dyn Fn() -> bool + Sync)>,
}

/// A solution, or where it stopped; none where the model is none of pieces, or too large in sites and steps.
pub(crate) fn solve(model: &LinearModel, until: Until<'_>) -> Option<RawSolution> {
    let (shape, rest) = Shape::of_model(model)?;
    let coupled = gram::Gram::size(&shape).max(gram::band(&shape));
    if shape.pieces.is_empty() || coupled > MOST_COUPLED {
        return None;
    }
    let shape = Arc::new(shape);
    let mut newton = Newton::new(&shape, &rest, model.constant + rest.constant)?;
    let iterations = until.iterations.unwrap_or(ITERATIONS).min(ITERATIONS);
    let status = match newton.run(Stop { gap: until.gap, iterations, over: until.over }) {
        Ended::Solved => RawStatus::Optimal,
        Ended::Time => RawStatus::TimeLimit,
        Ended::Iterations if until.iterations == Some(iterations) => RawStatus::IterationLimit,
        Ended::Iterations | Ended::Stuck => return None,
    };
    let row_duals = duals::duals(model, &shape, &rest, &newton);
    // A column without a bound has a reduced cost below zero by rounding at most.
    let bound = proved(model, &row_duals, |_| 0.0);
    let x = match status {
        RawStatus::Optimal => answer::columns(model, &shape, &rest, &newton),
        _ => Vec::new(),
    };
    let objective = if x.is_empty() { newton.objective() } else { model.objective(&x) };
    Some(RawSolution { status, x, row_duals, objective, bound, iterations: newton.iterations })
}
