//! What charges storage: only surplus, after all load, of carbon-free self-generation and contracts that reach its
//! site.

use super::ledgers::LedgerRun;
use super::order::reaches;
use super::proportional;
use crate::books::Books;
use crate::ruleset::Step;
use ids::{Index, InstrumentIndex, StorageId, StorageIndex};

/// Surplus of an instrument that charged a storage in an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charge {
    pub instrument: InstrumentIndex,
    pub storage: StorageIndex,
    pub wh: i64,
}

/// Instruments in their order, storage in proportion to what it still takes. A function of what reached load in the
/// interval alone, so that a ledger read back tells the same charge as the one that was made.
pub fn compute(books: &Books, run: &LedgerRun, order: &[InstrumentIndex], t: usize) -> Vec<Charge> {
    let is_mine = |s: &StorageIndex| order.contains(&books.storage[*s].instrument);
    let mine: Vec<_> = StorageIndex::all(&books.storage).filter(is_mine).collect();
    let mut open: Vec<i64> = mine.iter().map(|s| books.storage[*s].charge_wh[t].max(0)).collect();
    let names: Vec<&StorageId> = mine.iter().map(|s| &books.storage[*s].id).collect();
    let mut charges = Vec::new();
    if open.iter().all(|wh| *wh == 0) {
        return charges;
    }
    for &i in order {
        let instrument = &books.instruments[i];
        let may = matches!(instrument.step, Step::SelfGeneration | Step::Contracts) && instrument.carbon_free;
        let surplus = instrument.delivered_wh[t] - run.allocated_wh[i][t];
        if !may || surplus <= 0 {
            continue;
        }
        let take = |(s, open): (&StorageIndex, &i64)| {
            let site = books.storage[*s].site;
            if instrument.sites.contains(&site) && reaches(books, instrument, site, t) { *open } else { 0 }
        };
        let takes: Vec<i64> = mine.iter().zip(&open).map(take).collect();
        for (place, wh) in proportional::split(surplus, &takes, &names).into_iter().enumerate().filter(|p| p.1 > 0) {
            open[place] -= wh;
            charges.push(Charge { instrument: i, storage: mine[place], wh });
        }
    }
    charges
}
