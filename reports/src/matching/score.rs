//! Totals and scores, for audits and plans alike.
//!
//! `matched_share = sum(M)/sum(L)`, `cfe_score = sum(M+G)/sum(L)`, `annual_share = sum(C)/sum(L)`,
//! `annual_share_capped = sum over boundaries of min(C_b, L_b) / sum(L)`, C there without re-issued storage, which was
//! contracted before it was charged. Numerators are summed before dividing: never a mean of scores, never one pool.

use super::ledgers::Matched;
use crate::books::{Books, Instrument, SiteBook};
use crate::quality::QualitySplit;
use crate::ruleset::{Rules, Step};
use ids::{BoundaryIndex, Index, InstrumentIndex, SiteIndex, StorageIndex};
use serde::{Deserialize, Serialize};

/// Sums behind a set of totals; scores are derived once, at the end.
#[derive(Debug, Clone, Default)]
pub struct Sums {
    pub load: i128,
    pub metered_load: i128,
    /// Load of the inventory ledger, and what batteries behind the meter took less what they gave.
    pub purchased: i128,
    pub storage_losses: i128,
    /// Own generation that is not carbon-free.
    pub scope_1: i128,
    /// Which of these the ruleset prints.
    pub rules: Rules,
    pub contracted: i128,
    pub reissued: i128,
    pub capped: i128,
    pub matched: i128,
    pub metered: i128,
    pub stored: i128,
    pub surplus: i128,
    pub grid_cfe: i128,
    pub cfe_known: bool,
    pub with_load: usize,
    pub full: usize,
    pub quality: QualitySplit,
}

impl Sums {
    fn add(&mut self, other: &Self) {
        self.load += other.load;
        self.metered_load += other.metered_load;
        self.purchased += other.purchased;
        self.storage_losses += other.storage_losses;
        self.scope_1 += other.scope_1;
        self.contracted += other.contracted;
        self.reissued += other.reissued;
        self.capped += other.capped;
        self.matched += other.matched;
        self.metered += other.metered;
        self.stored += other.stored;
        self.surplus += other.surplus;
        self.grid_cfe += other.grid_cfe;
        self.quality.load.merge(&other.quality.load);
        self.quality.generation.merge(&other.quality.generation);
    }

    /// Takes in an interval.
    fn take(&mut self, cell: &Cell) {
        self.load += i128::from(cell.load);
        self.contracted += i128::from(cell.contracted);
        self.reissued += i128::from(cell.reissued);
        self.matched += i128::from(cell.matched);
        self.stored += i128::from(cell.stored);
        self.surplus += i128::from(cell.surplus());
        self.grid_cfe += i128::from(cell.grid_cfe);
        self.with_load += usize::from(cell.load > 0);
        self.full += usize::from(cell.load > 0 && cell.matched == cell.load);
    }

    /// Takes in what a site's meters say of an interval beside its load.
    fn meter(&mut self, site: &SiteBook, interval: usize) {
        self.metered_load += i128::from(site.metered(interval));
        self.purchased += i128::from(site.inventory_load(interval));
        self.storage_losses += i128::from(site.storage_losses(interval));
        self.scope_1 += i128::from(site.scope_1(interval));
        site.add_quality(interval, &mut self.quality.load);
    }
}

/// One boundary's interval: `contracted = matched + stored + surplus`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    pub load: i64,
    pub contracted: i64,
    pub reissued: i64,
    pub matched: i64,
    pub stored: i64,
    pub grid_cfe: i64,
}

impl Cell {
    pub fn surplus(&self) -> i64 {
        self.contracted - self.matched - self.stored
    }
}

/// Counts towards matching: carbon-free, and of a step the matching ledger knows.
pub fn counts(books: &Books, instrument: &Instrument) -> bool {
    instrument.carbon_free && books.matching_order.contains(&instrument.step)
}

/// The boundary an instrument's energy lies in, in an interval.
pub fn boundary_of(books: &Books, instrument: &Instrument, interval: usize) -> BoundaryIndex {
    match (instrument.step, instrument.sites.first()) {
        (Step::SelfGeneration | Step::Storage, Some(site)) => books.sites[*site].boundary.at(interval),
        _ => instrument.boundary,
    }
}

/// `[boundary][interval]` cells.
pub fn cells(books: &Books, matched: &Matched) -> Vec<Vec<Cell>> {
    let run = &matched.matching;
    let mut cells = vec![vec![Cell::default(); books.grid.len]; books.boundaries.len()];
    for (s, site) in SiteIndex::each(&books.sites) {
        for t in 0..books.grid.len {
            let cell = &mut cells[site.boundary.at(t)][t];
            cell.load += site.load_wh[t];
            cell.matched += run.site_wh[s][t];
            cell.grid_cfe += matched.site_grid_cfe_wh[s][t];
        }
    }
    for (i, instrument) in InstrumentIndex::each(&books.instruments).filter(|(_, i)| counts(books, i)) {
        let storage = StorageIndex::find(&books.storage, |s| s.instrument == i);
        for t in 0..books.grid.len {
            let cell = &mut cells[boundary_of(books, instrument, t)][t];
            // What is stored leaves with what it was delivered from, and is counted where the storage stands, below.
            cell.contracted -= run.stored(i, t);
            match storage {
                Some(s) => {
                    cell.contracted += run.reissued_wh[s][t];
                    cell.reissued += run.reissued_wh[s][t];
                }
                None => cell.contracted += instrument.delivered_wh[t],
            }
        }
    }
    for (s, storage) in StorageIndex::each(&books.storage) {
        for t in 0..books.grid.len {
            let cell = &mut cells[books.sites[storage.site].boundary.at(t)][t];
            cell.stored += run.clean_charge_wh[s][t];
            cell.contracted += run.clean_charge_wh[s][t];
        }
    }
    if !books.links.is_empty() {
        // What passes a link is contracted where it is used.
        for a in run.allocations.iter() {
            let t = a.interval;
            let from = boundary_of(books, &books.instruments[a.instrument], t);
            let to = books.sites[a.site].boundary.at(t);
            cells[from][t].contracted -= a.wh;
            cells[to][t].contracted += a.wh;
        }
    }
    cells
}

/// Sums per boundary, per site and for the portfolio.
#[derive(Debug, Clone)]
pub struct Scores {
    pub cells: Vec<Vec<Cell>>,
    pub boundaries: Vec<Sums>,
    pub sites: Vec<Sums>,
    pub portfolio: Sums,
}

pub fn compute(books: &Books, matched: &Matched) -> Scores {
    let cells = cells(books, matched);
    let mut boundaries: Vec<Sums> = cells.iter().map(|row| boundary_sums(row)).collect();
    for (sums, boundary) in boundaries.iter_mut().zip(&books.boundaries) {
        sums.cfe_known = boundary.grid_cfe.is_some();
        sums.rules = books.rules;
    }
    let sites = site_sums(books, matched, &mut boundaries);
    for instrument in books.instruments.iter().filter(|i| counts(books, i)) {
        if instrument.step != Step::SelfGeneration {
            boundaries[instrument.boundary].quality.generation.merge(&instrument.quality());
            continue;
        }
        // It lies where its site does, and that may change.
        for (t, (wh, tier)) in instrument.delivered_wh.iter().zip(&instrument.worst).enumerate() {
            boundaries[boundary_of(books, instrument, t)].quality.generation.add(*tier, *wh);
        }
    }
    // A boundary without load needs no grid share: a plant's, from which energy passes a link.
    let cfe_known = boundaries.iter().all(|b| b.cfe_known || b.load == 0);
    let mut portfolio = Sums { cfe_known, rules: books.rules, ..Sums::default() };
    boundaries.iter().for_each(|sums| portfolio.add(sums));
    for t in 0..books.grid.len {
        let loaded = cells.iter().any(|row| row[t].load > 0);
        let full = cells.iter().all(|row| row[t].matched == row[t].load);
        portfolio.with_load += usize::from(loaded);
        portfolio.full += usize::from(loaded && full);
    }
    Scores { cells, boundaries, sites, portfolio }
}

fn boundary_sums(row: &[Cell]) -> Sums {
    let mut sums = Sums::default();
    row.iter().for_each(|cell| sums.take(cell));
    sums.capped = (sums.contracted - sums.reissued).min(sums.load);
    sums
}

/// A site's contracted energy is what instruments gave it: surplus belongs to no site. What only meters of sites tell is
/// added to the boundaries, too.
fn site_sums(books: &Books, matched: &Matched, boundaries: &mut [Sums]) -> Vec<Sums> {
    let run = &matched.matching;
    let mut all = Vec::with_capacity(books.sites.len());
    for (s, site) in SiteIndex::each(&books.sites) {
        let mut sums = Sums { cfe_known: true, rules: books.rules, ..Sums::default() };
        for t in 0..books.grid.len {
            let (load, given, grid_cfe) = (site.load_wh[t], run.site_wh[s][t], matched.site_grid_cfe_wh[s][t]);
            sums.take(&Cell { load, contracted: given, matched: given, grid_cfe, ..Cell::default() });
            sums.meter(site, t);
            let boundary = &mut boundaries[site.boundary.at(t)];
            boundary.meter(site, t);
            // Where it used nothing, nobody need know the grid.
            sums.cfe_known &= boundary.cfe_known || load == 0;
        }
        all.push(sums);
    }
    for a in run.allocations.iter() {
        let (t, wh) = (a.interval, i128::from(a.wh));
        let (site, instrument) = (&books.sites[a.site], &books.instruments[a.instrument]);
        let (sums, tier) = (&mut all[a.site], instrument.worst[t]);
        sums.quality.generation.add(tier, a.wh);
        if instrument.step == Step::Storage {
            sums.reissued += wh;
        }
        if site.worst[t].is_metered() && tier.is_metered() {
            sums.metered += wh;
            boundaries[site.boundary.at(t)].metered += wh;
        }
    }
    all
}
