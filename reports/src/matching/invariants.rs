//! What must hold of every run, recomputed from the allocations alone; a run that breaks one gives no report.

use super::ledgers::{Ledger, LedgerRun, Matched, MatchingError};
use crate::books::Books;
use crate::ruleset::Step;
use crate::storage::Fifo;
use ids::{BoundaryIndex, Index, InstrumentIndex, SiteIndex, StorageIndex};

pub fn check(books: &Books, matched: &Matched) -> Result<(), MatchingError> {
    for ledger in Ledger::ALL {
        let run = matched.ledger(ledger);
        let place = Place { books, ledger };
        let (to_site, from) = place.sums(run)?;
        place.loads(run, &to_site)?;
        place.instruments(run, &from)?;
        place.storage(run)?;
    }
    for (s, site) in SiteIndex::each(&books.sites) {
        for t in 0..site.load_wh.len() {
            let (given, grid) = (matched.matching.site_wh[s][t], matched.site_grid_cfe_wh[s][t]);
            let open = Ledger::Matching.load(books, s, t);
            if grid < 0 || given + grid > open {
                return Place { books, ledger: Ledger::Matching }
                    .fail(t, format!("site {} takes {grid} Wh from the grid beside {given} of {open}", site.id));
            }
        }
    }
    Ok(())
}

/// Wh, `[site]` or `[instrument]`, then `[interval]`.
type Cells = Vec<Vec<i64>>;

struct Place<'a> {
    books: &'a Books,
    ledger: Ledger,
}

impl Place<'_> {
    fn fail<T>(&self, interval: usize, what: String) -> Result<T, MatchingError> {
        let start = self.books.grid.start(interval);
        Err(MatchingError::Invariant(format!("{} ledger, {start}: {what}", self.ledger.name())))
    }

    /// Wh by site and by instrument, each `[..][interval]`; every row positive and within its reach.
    fn sums(&self, run: &LedgerRun) -> Result<(Cells, Cells), MatchingError> {
        let (books, len) = (self.books, self.books.grid.len);
        let mut to_site = vec![vec![0_i64; len]; books.sites.len()];
        let mut from = vec![vec![0_i64; len]; books.instruments.len()];
        for a in run.allocations.iter() {
            let t = a.interval;
            let (instrument, site) = (&books.instruments[a.instrument], &books.sites[a.site]);
            if a.wh <= 0 || !instrument.sites.contains(&a.site) {
                return self.fail(t, format!("{} gives {} Wh to {}", instrument.id, a.wh, site.id));
            }
            let there = site.boundary.at(t);
            let own = matches!(instrument.step, Step::SelfGeneration | Step::Storage);
            let bound = matches!(instrument.step, Step::Sss | Step::Legacy);
            let passed =
                |from: BoundaryIndex| books.links.iter().any(|l| (l.from, l.to) == (from, there) && l.tests[t].passed);
            if !own && there != instrument.boundary && (bound || !passed(instrument.boundary)) {
                return self.fail(t, format!("{} crosses its boundary to {}", instrument.id, site.id));
            }
            to_site[a.site][t] += a.wh;
            from[a.instrument][t] += a.wh;
        }
        Ok((to_site, from))
    }

    /// `allocated + unmatched = load`
    fn loads(&self, run: &LedgerRun, to_site: &[Vec<i64>]) -> Result<(), MatchingError> {
        for (s, site) in SiteIndex::each(&self.books.sites) {
            for t in 0..self.books.grid.len {
                let load = self.ledger.load(self.books, s, t);
                let given = to_site[s][t];
                if given != run.site_wh[s][t] || given > load {
                    return self.fail(t, format!("site {}: allocated {given} of {load} Wh", site.id));
                }
            }
        }
        Ok(())
    }

    /// `allocated + stored + surplus = delivered`
    fn instruments(&self, run: &LedgerRun, from: &[Vec<i64>]) -> Result<(), MatchingError> {
        let books = self.books;
        for (i, instrument) in InstrumentIndex::each(&books.instruments) {
            let storage = StorageIndex::find(&books.storage, |s| s.instrument == i);
            for t in 0..books.grid.len {
                let given = from[i][t];
                let delivered = storage.map_or(instrument.delivered_wh[t], |s| run.reissued_wh[s][t]);
                if given != run.allocated_wh[i][t] || given + run.stored(i, t) > delivered {
                    return self.fail(t, format!("{} gave {given} of {delivered} Wh", instrument.id));
                }
            }
        }
        Ok(())
    }

    /// Clean charge is what instruments stored, and re-issued energy follows from the charge records.
    fn storage(&self, run: &LedgerRun) -> Result<(), MatchingError> {
        let books = self.books;
        for t in 0..books.grid.len {
            let stored: i64 = run.stored_wh.iter().map(|row| row[t]).sum();
            let clean: i64 = run.clean_charge_wh.iter().map(|row| row[t]).sum();
            if stored != clean {
                return self.fail(t, format!("{clean} Wh charged clean of {stored} stored"));
            }
        }
        for (s, storage) in StorageIndex::each(&books.storage) {
            if run.reissued_wh[s].iter().all(|wh| *wh == 0) {
                continue;
            }
            let mut records = Fifo::opening(storage.opening_wh);
            for t in 0..books.grid.len {
                let clean = storage.efficiency(t).map_or(0, |e| records.discharge(storage.discharge_wh[t], e));
                if clean != run.reissued_wh[s][t] || run.clean_charge_wh[s][t] > storage.charge_wh[t].max(0) {
                    return self.fail(t, format!("storage {} re-issues {clean} Wh", storage.id));
                }
                records.charge(storage.charge_wh[t].max(0), run.clean_charge_wh[s][t]);
            }
        }
        Ok(())
    }
}
