//! One interval of one ledger: instruments in their order, then what charges storage.

use super::allocations::Allocation;
use super::ledgers::{Ledger, LedgerRun};
use super::order::reaches;
use super::{charge, equal_share, priority, pro_rata_contract, proportional};
use crate::books::Books;
use crate::definitions::SharingRule;
use crate::ruleset::Step;
use crate::shares::largest_remainder;
use crate::storage::Fifo;
use ids::{Index, InstrumentIndex, SiteId, SiteIndex, StorageIndex};

/// What carries over from one interval to the next: charge records, and nothing else.
pub struct Engine<'a> {
    books: &'a Books,
    ledger: Ledger,
    pub(super) stores: Vec<Fifo>,
    left: Vec<i64>,
    needs: Vec<i64>,
    /// Site ids, for ties.
    names: Vec<&'a SiteId>,
}

impl<'a> Engine<'a> {
    pub fn new(books: &'a Books, ledger: Ledger) -> Self {
        Self {
            books,
            ledger,
            stores: books.storage.iter().map(|s| Fifo::opening(s.opening_wh)).collect(),
            left: vec![0; books.sites.len()],
            needs: Vec::new(),
            names: Vec::new(),
        }
    }

    /// Allocates an interval for the instruments of one connected set of boundaries.
    pub fn run(&mut self, run: &mut LedgerRun, order: &[InstrumentIndex], t: usize) {
        let books = self.books;
        for &i in order {
            for &s in &books.instruments[i].sites {
                self.left[s] = self.ledger.load(books, s, t);
            }
        }
        for &i in order {
            let instrument = &books.instruments[i];
            if self.ledger == Ledger::Matching && !instrument.carbon_free {
                continue;
            }
            match instrument.step {
                Step::Sss | Step::Legacy => self.pro_rata(run, i, t),
                Step::Storage => {
                    let delivered = self.discharge(run, i, t);
                    self.share(run, i, t, delivered);
                }
                Step::SelfGeneration | Step::Contracts | Step::Unbundled => {
                    self.share(run, i, t, instrument.delivered_wh[t]);
                }
            }
        }
        if !books.storage.is_empty() && order.iter().any(|i| books.instruments[*i].step == Step::Storage) {
            self.charge(run, order, t);
        }
    }

    fn share(&mut self, run: &mut LedgerRun, i: InstrumentIndex, t: usize, supply: i64) {
        if supply <= 0 {
            return;
        }
        let books = self.books;
        let instrument = &books.instruments[i];
        if let [site] = instrument.sites[..]
            && instrument.rule != SharingRule::ProRataContract
        {
            // The common case: one site takes what it can.
            let wh = if reaches(books, instrument, site, t) { supply.min(self.left[site]) } else { 0 };
            return self.give(run, i, site, t, wh);
        }
        let mut needs = std::mem::take(&mut self.needs);
        let mut names = std::mem::take(&mut self.names);
        needs.clear();
        names.clear();
        for &site in &instrument.sites {
            needs.push(if reaches(books, instrument, site, t) { self.left[site] } else { 0 });
            names.push(&books.sites[site].id);
        }
        // Ties go by site id whatever the order of the contract's list.
        let leftovers = books.rules.leftovers;
        let parts = match instrument.rule {
            SharingRule::Proportional => proportional::split(supply, &needs, &names),
            SharingRule::Priority => priority::split(supply, &needs),
            SharingRule::EqualShare => equal_share::split(supply, &needs, &names, leftovers),
            SharingRule::ProRataContract => {
                pro_rata_contract::split(supply, &needs, &instrument.split, &names, leftovers)
            }
        };
        for (place, wh) in parts.into_iter().enumerate() {
            self.give(run, i, instrument.sites[place], t, wh);
        }
        self.needs = needs;
        self.names = names;
    }

    /// Standard supply and legacy: in proportion to load itself, not to what is left of it, and not transferable.
    fn pro_rata(&mut self, run: &mut LedgerRun, i: InstrumentIndex, t: usize) {
        let books = self.books;
        let instrument = &books.instruments[i];
        let reached = |s: &SiteIndex| reaches(books, instrument, *s, t);
        let sites: Vec<SiteIndex> = instrument.sites.iter().copied().filter(reached).collect();
        let loads: Vec<i64> = sites.iter().map(|s| self.ledger.load(books, *s, t)).collect();
        let names: Vec<&SiteId> = sites.iter().map(|s| &books.sites[*s].id).collect();
        let total = loads.iter().fold(0_i64, |sum, wh| sum.saturating_add(*wh));
        let parts = largest_remainder(instrument.delivered_wh[t].min(total), &loads, &names);
        for (site, wh) in sites.into_iter().zip(parts) {
            self.give(run, i, site, t, wh.min(self.left[site]));
        }
    }

    fn give(&mut self, run: &mut LedgerRun, i: InstrumentIndex, site: SiteIndex, t: usize, wh: i64) {
        if wh <= 0 {
            return;
        }
        self.left[site] -= wh;
        run.allocated_wh[i][t] += wh;
        run.site_wh[site][t] += wh;
        run.allocations.push(Allocation { interval: t, site, instrument: i, wh });
    }

    /// Takes a storage's discharge from its records and re-issues the clean part.
    fn discharge(&mut self, run: &mut LedgerRun, i: InstrumentIndex, t: usize) -> i64 {
        let Some(s) = StorageIndex::find(&self.books.storage, |s| s.instrument == i) else { return 0 };
        let book = &self.books.storage[s];
        let Some(efficiency) = book.efficiency(t) else { return 0 };
        let clean = self.stores[s].discharge(book.discharge_wh[t], efficiency);
        run.reissued_wh[s][t] = clean;
        clean
    }

    /// New charge records, so much of each clean.
    fn charge(&mut self, run: &mut LedgerRun, order: &[InstrumentIndex], t: usize) {
        let books = self.books;
        for charge in charge::compute(books, run, order, t) {
            run.stored_wh[charge.instrument][t] += charge.wh;
            run.clean_charge_wh[charge.storage][t] += charge.wh;
        }
        for (s, storage) in StorageIndex::each(&books.storage).filter(|(_, s)| order.contains(&s.instrument)) {
            self.stores[s].charge(storage.charge_wh[t].max(0), run.clean_charge_wh[s][t]);
        }
    }
}
