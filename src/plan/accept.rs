//! The last gate: the solver's unmatched energy must be what the matching rules make of the same plan.

use super::common::{BoundaryId, BoundaryIndex, ContractIndex, Index, Instant, Outcome, SiteIndex, Snapshot};
use super::problem::supply;
use super::score::Scored;
use reports::units::wh_to_mw;
use thiserror::Error;

#[derive(Debug, Error, PartialEq)]
#[error(
    "the solver claims {claimed:.6} MW unmatched in {boundary} at {start}, the matching rules make it {actual:.6} MW: \
     the plan is refused. This is a defect; --model FILE writes the LP for a report"
)]
pub struct Unaccepted {
    boundary: BoundaryId,
    start: Instant,
    claimed: f64,
    actual: f64,
}

/// Refuses a plan that claims less unmatched energy than its own schedule leaves.
///
/// More is allowed: where neither carbon nor energy has a price, a solver may leave supply unused for nothing, and work
/// still to come draws as well. Where supply is hedged, the claim is an expectation, reckoned again from its quantiles.
pub fn check(snapshot: &Snapshot, outcome: &Outcome, scored: &Scored) -> Result<(), Unaccepted> {
    let step_s = snapshot.grid.step_s;
    // Rows are rounded to whole Wh, one per site and contract.
    let rounding = 1e-6 * (2 + outcome.used_mw.len() + snapshot.portfolio.sites.len()) as f64 * 3_600.0 / step_s as f64;
    for (boundary, definition) in BoundaryIndex::each(&snapshot.portfolio.definitions.boundaries) {
        for (t, cell) in scored.cells[boundary].iter().enumerate() {
            let actual = match hedged(snapshot, outcome, boundary, t) {
                // What storage gives back as clean is decided by the ledger's own order: the score says it.
                _ if snapshot.stores(boundary) => continue,
                Hedged::No => wh_to_mw(cell.load - cell.matched, step_s),
                Hedged::Alone(expected) => expected,
                Hedged::Beside => continue,
            };
            let claimed = outcome.unmatched_mw[boundary][t];
            if claimed < actual - rounding - 1e-6 * actual.max(1.0) {
                let start = snapshot.grid.start(t);
                return Err(Unaccepted { boundary: definition.id.clone(), start, claimed, actual });
            }
        }
    }
    Ok(())
}

enum Hedged {
    No,
    /// All supply of the boundary is hedged together: what it leaves unmatched on average.
    Alone(f64),
    /// Other supply stands beside it: which of them serves a load is the solver's choice.
    Beside,
}

fn hedged(snapshot: &Snapshot, outcome: &Outcome, boundary: BoundaryIndex, step: usize) -> Hedged {
    let portfolio = &snapshot.portfolio;
    let contracts = &portfolio.definitions.contracts;
    let here = |c: ContractIndex| portfolio.boundary(&contracts[c].boundary) == Some(boundary);
    let mut hedges = snapshot.view.hedges.iter().filter(|h| portfolio.policy.hedge && here(h.contracts[0]));
    let Some(hedge) = hedges.next() else { return Hedged::No };
    let counted = ContractIndex::each(contracts).filter(|(c, def)| here(*c) && snapshot.counts(def)).count();
    let everywhere = snapshot.served(&contracts[hedge.contracts[0]]).len()
        == SiteIndex::all(&portfolio.sites).filter(|site| portfolio.boundary_of(*site) == boundary).count();
    if hedges.next().is_some() || counted != hedge.contracts.len() || !everywhere {
        return Hedged::Beside;
    }
    let Some(levels) = &hedge.total_mw.quantiles[step] else { return Hedged::No };
    Hedged::Alone(supply::expected_unmatched(levels, outcome.load_mw[boundary][step]))
}
