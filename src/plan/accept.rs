//! The last gate: the solver's unmatched energy must be what the matching rules make of the same plan.

use super::score::Scored;
use super::snapshot::Snapshot;
use reports::units::wh_to_mw;
use solver::Outcome;
use thiserror::Error;

#[derive(Debug, Error, PartialEq)]
#[error(
    "the solver claims {claimed:.6} MW unmatched in {boundary} at {start}, the matching rules make it {actual:.6} MW: \
     the plan is refused. This is a defect; --model FILE writes the LP for a report"
)]
pub struct Unaccepted {
    boundary: String,
    start: String,
    claimed: f64,
    actual: f64,
}

/// Refuses a plan that claims less unmatched energy than its own schedule leaves.
///
/// More is allowed: where neither carbon nor energy has a price, a solver may leave supply unused for nothing.
pub fn check(snapshot: &Snapshot, outcome: &Outcome, scored: &Scored) -> Result<(), Unaccepted> {
    let step_s = snapshot.grid.step_s;
    // Rows are rounded to whole Wh, one per site and contract.
    let rounding = 1e-6 * (2 + outcome.used_mw.len() + snapshot.portfolio.sites.len()) as f64 * 3_600.0 / step_s as f64;
    for (b, definition) in snapshot.portfolio.definitions.boundaries.iter().enumerate() {
        for (t, cell) in scored.cells[b].iter().enumerate() {
            let actual = wh_to_mw(cell.load - cell.matched, step_s);
            let claimed = outcome.grid_mw[b][t];
            if claimed < actual - rounding - 1e-6 {
                let start = reports::time::format_instant(snapshot.grid.start(t));
                return Err(Unaccepted { boundary: definition.id.clone(), start, claimed, actual });
            }
        }
    }
    Ok(())
}
