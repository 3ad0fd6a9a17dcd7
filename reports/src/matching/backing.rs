//! What of allocated energy cancelled certificates back, hour by hour.
//!
//! `backed(contract, t) = min(certified(contract, t), allocated(contract, t))`, in each ledger by itself; what is short
//! of the allocation goes to sites by largest remainder on what each was given, ties by id. Self-generation, standard
//! supply and re-issued discharge have no certificates, and are backed by none.

use super::allocations::Allocation;
use super::ledgers::{LedgerRun, Matched};
use super::score::{self, Scores};
use crate::books::Books;
use crate::ruleset::Step;
use crate::shares::largest_remainder;
use ids::{BoundaryIndex, Index, InstrumentIndex, SiteId, SiteIndex};
use std::collections::BTreeMap;

/// Sums behind the figures that say how much is backed.
#[derive(Debug, Clone, Default)]
pub struct Sums {
    /// Of matched energy.
    pub matched: i128,
    /// Intervals with load of which all is backed.
    pub full: usize,
    /// Of contracted energy, whenever it was used, and the same capped at the load of each boundary.
    pub contracted: i128,
    pub capped: i128,
    /// Given to load under contracts in the inventory ledger, and what of it is backed.
    pub claimed: i128,
    pub inventory: i128,
}

/// Sums per boundary, per site and for the portfolio.
#[derive(Debug, Clone)]
pub struct Backing {
    /// `[boundary][interval]` of the matching ledger.
    pub cells: Vec<Vec<i64>>,
    pub boundaries: Vec<Sums>,
    pub sites: Vec<Sums>,
    pub portfolio: Sums,
}

/// Whether a step's energy is claimed under contracts: it may have certificates.
pub fn is_contract(step: Step) -> bool {
    matches!(step, Step::Contracts | Step::Legacy | Step::Unbundled)
}

/// Calls `each` with the backed part of every allocation of a ledger that has one.
fn each(books: &Books, run: &LedgerRun, mut each: impl FnMut(Allocation)) {
    if books.certified.iter().all(|certified| certified.wh.is_empty()) {
        return;
    }
    for t in 0..books.grid.len {
        let mut short: BTreeMap<InstrumentIndex, Vec<Allocation>> = BTreeMap::new();
        for a in run.allocations.in_interval(t) {
            let certified = books.certified_wh(a.instrument, t);
            if certified >= run.allocated_wh[a.instrument][t] {
                each(a);
            } else if certified > 0 {
                short.entry(a.instrument).or_default().push(a);
            }
        }
        for (instrument, given) in short {
            let weights: Vec<i64> = given.iter().map(|a| a.wh).collect();
            let names: Vec<&SiteId> = given.iter().map(|a| &books.sites[a.site].id).collect();
            let parts = largest_remainder(books.certified_wh(instrument, t), &weights, &names);
            for (a, wh) in given.into_iter().zip(parts).filter(|(_, wh)| *wh > 0) {
                each(Allocation { wh, ..a });
            }
        }
    }
}

/// What is certified of each contract in each boundary: in its own what it delivered there, less what passed a link.
pub fn by_boundary(books: &Books, run: &LedgerRun) -> BTreeMap<(InstrumentIndex, BoundaryIndex), i128> {
    let mut sums: BTreeMap<(InstrumentIndex, BoundaryIndex), i128> = BTreeMap::new();
    for (i, certified) in InstrumentIndex::each(&books.certified) {
        let all: i128 = certified.wh.iter().map(|wh| i128::from(*wh)).sum();
        sums.insert((i, books.instruments[i].boundary), all);
    }
    if !books.links.is_empty() {
        each(books, run, |a| {
            let (from, to) = (books.instruments[a.instrument].boundary, books.sites[a.site].boundary.at(a.interval));
            *sums.entry((a.instrument, from)).or_default() -= i128::from(a.wh);
            *sums.entry((a.instrument, to)).or_default() += i128::from(a.wh);
        });
    }
    sums
}

pub fn compute(books: &Books, matched: &Matched, scores: &Scores) -> Backing {
    let len = books.grid.len;
    let mut cells = vec![vec![0_i64; len]; books.boundaries.len()];
    let mut sites = vec![Sums::default(); books.sites.len()];
    let mut boundaries = vec![Sums::default(); books.boundaries.len()];
    let mut at_sites = vec![vec![0_i64; len]; books.sites.len()];
    each(books, &matched.matching, |a| {
        cells[books.sites[a.site].boundary.at(a.interval)][a.interval] += a.wh;
        at_sites[a.site][a.interval] += a.wh;
    });
    for (s, site) in SiteIndex::each(&books.sites) {
        sites[s].matched = at_sites[s].iter().map(|wh| i128::from(*wh)).sum();
        sites[s].full = (0..len).filter(|t| site.load_wh[*t] > 0 && at_sites[s][*t] == site.load_wh[*t]).count();
    }
    for b in BoundaryIndex::all(&books.boundaries) {
        let sums = &mut boundaries[b];
        sums.matched = cells[b].iter().map(|wh| i128::from(*wh)).sum();
        sums.full = scores.cells[b].iter().zip(&cells[b]).filter(|(c, wh)| c.load > 0 && c.load == **wh).count();
    }
    for ((i, b), wh) in by_boundary(books, &matched.matching) {
        if score::counts(books, &books.instruments[i]) {
            boundaries[b].contracted += wh;
        }
    }
    for (sums, scored) in boundaries.iter_mut().zip(&scores.boundaries) {
        sums.contracted = sums.contracted.clamp(0, (scored.contracted - scored.reissued).max(0));
        sums.capped = sums.contracted.min(scored.load);
    }
    inventory(books, &matched.inventory, &mut boundaries, &mut sites);
    let mut portfolio = Sums::default();
    boundaries.iter().for_each(|sums| portfolio.add(sums));
    let loaded = |t: usize| scores.cells.iter().any(|row| row[t].load > 0);
    let full = |t: usize| scores.cells.iter().zip(&cells).all(|(row, backed)| row[t].load == backed[t]);
    portfolio.full = (0..len).filter(|t| loaded(*t) && full(*t)).count();
    Backing { cells, boundaries, sites, portfolio }
}

/// What of the inventory ledger is claimed under contracts, and what of that is backed.
fn inventory(books: &Books, run: &LedgerRun, boundaries: &mut [Sums], sites: &mut [Sums]) {
    for a in run.allocations.iter().filter(|a| is_contract(books.instruments[a.instrument].step)) {
        boundaries[books.sites[a.site].boundary.at(a.interval)].claimed += i128::from(a.wh);
        sites[a.site].claimed += i128::from(a.wh);
    }
    each(books, run, |a| {
        boundaries[books.sites[a.site].boundary.at(a.interval)].inventory += i128::from(a.wh);
        sites[a.site].inventory += i128::from(a.wh);
    });
}

impl Sums {
    fn add(&mut self, other: &Self) {
        self.matched += other.matched;
        self.contracted += other.contracted;
        self.capped += other.capped;
        self.claimed += other.claimed;
        self.inventory += other.inventory;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::books::{Certified, Estimated, Instrument, SiteBook};
    use crate::definitions::{Fraction, SharingRule, Timeline};
    use crate::inputs::Quality;
    use crate::ruleset::Rules;
    use crate::time::{Grid, Instant};

    fn site(id: &str, load_wh: i64) -> SiteBook {
        SiteBook {
            id: id.into(),
            boundary: Timeline::always(BoundaryIndex::new(0)),
            load_wh: vec![load_wh],
            metered_wh: None,
            estimated: Estimated::default(),
            purchased_wh: None,
            storage_losses_wh: Vec::new(),
            onsite_used_wh: Vec::new(),
            scope_1: None,
            inventory_share: Fraction::ONE,
            worst: vec![Quality::Measured],
        }
    }

    fn contract(id: &str, wh: i64) -> Instrument {
        Instrument {
            id: id.into(),
            step: Step::Contracts,
            boundary: BoundaryIndex::new(0),
            technology: "wind".into(),
            carbon_free: true,
            ef_mg_per_kwh: 0,
            rule: SharingRule::Proportional,
            sites: vec![SiteIndex::new(0), SiteIndex::new(1)],
            split: Vec::new(),
            delivered_wh: vec![wh],
            unplaced_wh: 0,
            worst: vec![Quality::Measured],
        }
    }

    /// 70 over loads of 100 and 40 are 50 and 20; 31 certified of it are 22.14 and 8.86: 22 and 9.
    #[test]
    fn what_is_short_goes_by_largest_remainder() {
        let books = Books {
            grid: Grid { start: Instant::FIRST, step_s: 3_600, len: 1 },
            boundaries: Vec::new(),
            sites: vec![site("a", 100), site("b", 40)],
            instruments: vec![contract("w", 70)],
            storage: Vec::new(),
            links: Vec::new(),
            certified: vec![Certified { wh: vec![31], ..Certified::default() }],
            matching_order: vec![Step::Contracts],
            allocation_order: vec![Step::Contracts],
            rules: Rules::default(),
            exceptions: Vec::new(),
        };
        let mut run = LedgerRun {
            allocations: crate::matching::Allocations::default(),
            site_wh: vec![vec![50], vec![20]],
            allocated_wh: vec![vec![70]],
            stored_wh: Vec::new(),
            clean_charge_wh: Vec::new(),
            reissued_wh: Vec::new(),
        };
        for (site, wh) in [(0, 50), (1, 20)] {
            let (site, instrument) = (SiteIndex::new(site), InstrumentIndex::new(0));
            run.allocations.push(Allocation { interval: 0, site, instrument, wh });
        }
        run.allocations.close();
        let backed = |books: &Books| {
            let mut found = Vec::new();
            each(books, &run, |a| found.push((a.site.get(), a.wh)));
            found
        };
        assert_eq!(backed(&books), [(0, 22), (1, 9)]);
        let all = Books { certified: vec![Certified { wh: vec![70], ..Certified::default() }], ..books.clone() };
        assert_eq!(backed(&all), [(0, 50), (1, 20)]);
        assert!(backed(&Books { certified: Vec::new(), ..books }).is_empty());
    }
}
