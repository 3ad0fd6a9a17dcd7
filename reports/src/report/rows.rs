//! The long tables of a report, row by row, so that nobody has to hold them as text.

use crate::books::{Books, Instrument};
use crate::matching::{Allocation, Ledger, Matched};
use crate::ruleset::Step;
use crate::units::Floored;
use ids::{InstrumentId, InstrumentIndex, SiteId, SiteIndex};
use num_rational::BigRational;
use num_traits::ToPrimitive;
use serde::Serialize;

/// One allocation, borrowed from the books; in JSON an [`AllocationRow`](super::AllocationRow).
#[derive(Debug, Clone, Copy, Serialize)]
pub struct AllocationRef<'a> {
    /// Their places in the books, and their ids.
    #[serde(skip)]
    pub at: (SiteIndex, InstrumentIndex),
    pub site: &'a SiteId,
    pub contract: &'a InstrumentId,
    /// Index of the interval, and its start.
    #[serde(skip)]
    pub interval: usize,
    pub start: &'a str,
    pub wh: i64,
    pub ledger: Ledger,
    pub rule: &'static str,
}

/// Every allocation of both ledgers, sorted by start, site, contract and ledger.
pub fn allocations(books: &Books, matched: &Matched, each: &mut dyn FnMut(AllocationRef<'_>)) {
    let mut rank = vec![0; books.instruments.len()];
    books.instruments_by_id().into_iter().enumerate().for_each(|(place, i)| rank[i] = place);
    // How a contract is shared, else the step of the ruleset's order.
    let rule = |i: &Instrument| if i.step == Step::Contracts { i.rule.name() } else { i.step.name() };
    let rules: Vec<&'static str> = books.instruments.iter().map(rule).collect();
    let runs = [&matched.matching.allocations, &matched.inventory.allocations];
    let mut row: Vec<(SiteIndex, usize, Ledger, Allocation)> = Vec::new();
    for interval in 0..books.grid.len {
        row.clear();
        for (place, ledger) in Ledger::ALL.into_iter().enumerate() {
            for a in runs[place].in_interval(interval) {
                row.push((a.site, rank[a.instrument], ledger, a));
            }
        }
        row.sort_unstable();
        let start = books.grid.start(interval).to_string();
        for (_, _, ledger, a) in &row {
            each(AllocationRef {
                at: (a.site, a.instrument),
                site: &books.sites[a.site].id,
                contract: &books.instruments[a.instrument].id,
                interval,
                start: &start,
                wh: a.wh,
                ledger: *ledger,
                rule: rules[a.instrument],
            });
        }
    }
}

/// A ratio floored to six decimals.
pub fn six_decimals(ratio: &BigRational) -> Floored {
    let millionths = (ratio * BigRational::from_integer(1_000_000.into())).floor().to_integer();
    Floored::from_millionths(millionths.to_i64().unwrap_or(0).into())
}
