//! Both ledgers over a whole period, and the grid's carbon-free energy for what they leave.

use super::interval::Engine;
use super::ledgers::{Ledger, LedgerRun, Matched, MatchingError};
use super::{invariants, order, score};
use crate::books::{Books, Share};
use crate::ruleset::Step;
use crate::shares::largest_remainder;
use ids::{BoundaryIndex, Index, SiteId, SiteIndex};

/// Allocates every instrument in both ledgers and checks the result against the invariants.
pub fn run(books: &Books) -> Result<Matched, MatchingError> {
    check_sums(books)?;
    let matching = ledger(books, Ledger::Matching, &books.matching_order)?;
    let inventory = ledger(books, Ledger::Inventory, &books.allocation_order)?;
    finish(books, matching, inventory)
}

/// What any boundary loads or is delivered in an interval is held in 63 bits, so that sums further on cannot overflow.
pub(super) fn check_sums(books: &Books) -> Result<(), MatchingError> {
    for t in 0..books.grid.len {
        let mut load = vec![0_i64; books.boundaries.len()];
        let mut purchased = vec![0_i64; books.boundaries.len()];
        let mut delivered = vec![0_i64; books.boundaries.len()];
        let overflow = |b: BoundaryIndex| MatchingError::Overflow(books.boundaries[b].id.clone());
        for site in &books.sites {
            let b = site.boundary.at(t);
            load[b] = load[b].checked_add(site.load_wh[t]).ok_or_else(|| overflow(b))?;
            purchased[b] = purchased[b].checked_add(site.inventory_load(t)).ok_or_else(|| overflow(b))?;
        }
        for instrument in &books.instruments {
            let b = score::boundary_of(books, instrument, t);
            delivered[b] = delivered[b].checked_add(instrument.delivered_wh[t]).ok_or_else(|| overflow(b))?;
        }
        for storage in &books.storage {
            let b = books.sites[storage.site].boundary.at(t);
            delivered[b] = delivered[b].checked_add(storage.discharge_wh[t].max(0)).ok_or_else(|| overflow(b))?;
        }
        // A link may bring one boundary's energy to another.
        for link in &books.links {
            delivered[link.to].checked_add(delivered[link.from]).ok_or_else(|| overflow(link.to))?;
        }
    }
    Ok(())
}

/// One ledger under an order of steps.
pub fn ledger(books: &Books, ledger: Ledger, steps: &[Step]) -> Result<LedgerRun, MatchingError> {
    let orders = order::by_component(books, steps)?;
    let mut engine = Engine::new(books, ledger);
    let mut run = LedgerRun::empty(books);
    for interval in 0..books.grid.len {
        for order in &orders {
            engine.run(&mut run, order, interval);
        }
        run.allocations.close();
    }
    Ok(run)
}

pub(super) fn finish(books: &Books, matching: LedgerRun, inventory: LedgerRun) -> Result<Matched, MatchingError> {
    let site_grid_cfe_wh = grid_credit(books, &matching)?;
    let matched = Matched { matching, inventory, site_grid_cfe_wh };
    invariants::check(books, &matched)?;
    Ok(matched)
}

/// `G = floor(g * R)` per boundary, then to sites by largest remainder on what each took from the grid. Estimated load
/// gets none; load that own fossil generation served was not taken from the grid.
fn grid_credit(books: &Books, matching: &LedgerRun) -> Result<Vec<Vec<i64>>, MatchingError> {
    let mut credit = vec![vec![0; books.grid.len]; books.sites.len()];
    for (index, boundary) in BoundaryIndex::each(&books.boundaries) {
        let Some(shares) = &boundary.grid_cfe else { continue };
        let is_ever_here = |s: &SiteIndex| books.sites[*s].boundary.values().any(|b| b == index);
        let ever: Vec<_> = SiteIndex::all(&books.sites).filter(is_ever_here).collect();
        let names: Vec<&SiteId> = ever.iter().map(|s| &books.sites[*s].id).collect();
        let overflow = || MatchingError::Overflow(boundary.id.clone());
        let mut left = vec![0_i64; ever.len()];
        for interval in 0..books.grid.len {
            let share: Share = shares[interval];
            let mut residual = 0_i64;
            for (place, s) in ever.iter().enumerate() {
                let site = &books.sites[*s];
                let here = site.boundary.at(interval) == index;
                let taken = site.open(interval) - matching.site_wh[*s][interval] - site.scope_1(interval);
                left[place] = if here { taken.max(0) } else { 0 };
                residual = residual.checked_add(left[place]).ok_or_else(overflow)?;
            }
            let wh = share.floor_of(residual).ok_or_else(overflow)?;
            if wh == 0 {
                continue;
            }
            // A site that moves is listed in every boundary it ever lies in, and takes nothing where it is not.
            for (s, wh) in ever.iter().zip(largest_remainder(wh, &left, &names)) {
                credit[*s][interval] += wh;
            }
        }
    }
    Ok(credit)
}
