//! What passes links: energy used, or stored, in another boundary than the one it was delivered in.

use super::ledgers::{LedgerRun, MatchingError};
use super::score::boundary_of;
use super::{charge, order};
use crate::books::Books;
use crate::ruleset::Step;
use ids::{BoundaryIndex, InstrumentIndex, SiteIndex};
use std::collections::BTreeMap;

/// Energy of an instrument, taken from one boundary to another over the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crossing {
    pub instrument: InstrumentIndex,
    pub from: BoundaryIndex,
    pub to: BoundaryIndex,
    pub wh: i128,
}

/// Every crossing of a ledger that was run under these steps.
pub fn find(books: &Books, run: &LedgerRun, steps: &[Step]) -> Result<Vec<Crossing>, MatchingError> {
    if books.links.is_empty() {
        return Ok(Vec::new());
    }
    let mut sums: BTreeMap<(InstrumentIndex, BoundaryIndex, BoundaryIndex), i128> = BTreeMap::new();
    let mut note = |instrument: InstrumentIndex, site: SiteIndex, t: usize, wh: i64| {
        let from = boundary_of(books, &books.instruments[instrument], t);
        let to = books.sites[site].boundary.at(t);
        if from != to {
            *sums.entry((instrument, from, to)).or_default() += i128::from(wh);
        }
    };
    for a in run.allocations.iter() {
        note(a.instrument, a.site, a.interval, a.wh);
    }
    if !books.storage.is_empty() && steps.contains(&Step::Storage) {
        for order in order::by_component(books, steps)? {
            for t in 0..books.grid.len {
                for charge in charge::compute(books, run, &order, t) {
                    note(charge.instrument, books.storage[charge.storage].site, t, charge.wh);
                }
            }
        }
    }
    let crossing = |((instrument, from, to), wh)| Crossing { instrument, from, to, wh };
    Ok(sums.into_iter().map(crossing).collect())
}
