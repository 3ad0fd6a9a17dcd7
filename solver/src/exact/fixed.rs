//! Integers fixed as they were found, and all else solved.
//!
//! Where a run waits that may move between its sites is no integer, for branch and bound takes longer with it: `on` says where it
//! runs. So it may be found in parts at several sites, where power of one is cheap for less than all of it: then that is
//! settled here, all other integers fixed.

use super::backend::{Backend, Limits};
use super::read::solve_linear;
use crate::heuristic::Stopped;
use crate::model::{LinearModel, RawSolution};

/// Between none and all by more than a solver's tolerance.
const TORN: f64 = 1e-6;

/// Solves a model whose integers are fixed; with the solution comes the model in which every run is at one site in each step.
pub(super) fn solve_fixed(
    mut fixed: LinearModel,
    limits: &Limits,
    backend: &dyn Backend,
) -> Result<(LinearModel, RawSolution), Stopped> {
    let raw = solve_linear(&fixed, limits, backend)?;
    let torn = torn(&fixed, &raw.x);
    if torn.is_empty() {
        return Ok((fixed, raw));
    }
    torn.iter().for_each(|&held| fixed.columns[held].integer = true);
    let settled = backend.solve(&fixed, limits).map_err(|error| Stopped::refused(error.to_string()))?;
    if settled.x.len() != fixed.columns.len() {
        let stopped = Stopped::from_status(&settled.status);
        return Err(stopped.unwrap_or_else(|| Stopped::refused("no site was found to wait at".to_string())));
    }
    let fixed = with_fixed(&fixed, &settled.x);
    let raw = solve_linear(&fixed, limits, backend)?;
    Ok((fixed, raw))
}

/// Integers where branch and bound left them.
pub(super) fn with_fixed(model: &LinearModel, x: &[f64]) -> LinearModel {
    let mut fixed = model.clone();
    for (column, value) in fixed.columns.iter_mut().zip(x) {
        if column.integer {
            // Bounds that contradict each other are no panic here: the solver says that nothing keeps to them.
            let fixed_at = value.round().max(column.lower).min(column.upper);
            (column.lower, column.upper, column.integer) = (fixed_at, fixed_at, false);
        }
    }
    fixed
}

/// Columns of runs that wait in parts at several sites.
fn torn(model: &LinearModel, x: &[f64]) -> Vec<usize> {
    let in_parts = |&held: &usize| (TORN..=1.0 - TORN).contains(&x[held]);
    let runs = model.keys.runs.iter().filter(|keys| keys.held.iter().flatten().any(in_parts));
    runs.flat_map(|keys| keys.held.iter().flatten().copied()).collect()
}
