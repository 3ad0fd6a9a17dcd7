//! Totals and scores, for audits and plans alike.
//!
//! `matched_share = sum(M)/sum(L)`, `cfe_score = sum(M+G)/sum(L)`, `annual_share = sum(C)/sum(L)`,
//! `annual_share_capped = sum over boundaries of min(C_b, L_b) / sum(L)`. Numerators are summed before
//! dividing: never a mean of scores, never one pool.

use super::{Ledger, Matched};
use crate::books::Books;
use crate::report::{QualitySplit, Totals};
use crate::units::floored_six;

/// Sums behind a set of totals; scores are derived once, at the end.
#[derive(Debug, Clone, Default)]
pub struct Sums {
    pub load: i128,
    pub contracted: i128,
    pub capped: i128,
    pub matched: i128,
    pub metered: i128,
    pub surplus: i128,
    pub grid_cfe: i128,
    pub cfe_known: bool,
    pub with_load: usize,
    pub full: usize,
    pub quality: QualitySplit,
}

impl Sums {
    pub fn totals(&self, with_annual: bool) -> Totals {
        let annual = |value: i128| if with_annual { floored_six(value, self.load) } else { None };
        Totals {
            load_wh: self.load,
            contracted_wh: self.contracted,
            matched_wh: self.matched,
            stored_wh: 0,
            surplus_wh: self.surplus,
            unmatched_wh: self.load - self.matched,
            grid_cfe_wh: self.grid_cfe,
            matched_share: floored_six(self.matched, self.load),
            cfe_score: if self.cfe_known { floored_six(self.matched + self.grid_cfe, self.load) } else { None },
            annual_share: annual(self.contracted),
            annual_share_capped: annual(self.capped),
            matched_metered_share: floored_six(self.metered, self.load),
            intervals_with_load: self.with_load,
            intervals_fully_matched: self.full,
            quality: self.quality.clone(),
            ..Totals::default()
        }
    }
}

/// One boundary's interval.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cell {
    pub load: i64,
    pub contracted: i64,
    pub matched: i64,
    pub grid_cfe: i64,
}

/// `[boundary][interval]` cells.
pub fn cells(books: &Books, matched: &Matched) -> Vec<Vec<Cell>> {
    let mut cells = vec![vec![Cell::default(); books.grid.len]; books.boundaries.len()];
    for (s, site) in books.sites.iter().enumerate() {
        for (t, cell) in cells[site.boundary].iter_mut().enumerate() {
            cell.load += site.load_wh[t];
            cell.matched += matched.site_matched_wh[s][t];
            cell.grid_cfe += matched.site_grid_cfe_wh[s][t];
        }
    }
    for contract in books.contracts.iter().filter(|c| c.carbon_free) {
        for (t, cell) in cells[contract.boundary].iter_mut().enumerate() {
            cell.contracted += contract.delivered_wh[t];
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

pub fn of(books: &Books, matched: &Matched) -> Scores {
    let cells = cells(books, matched);
    let mut sites = site_sums(books, matched);
    let mut boundaries: Vec<Sums> = cells.iter().map(|row| boundary_sums(row)).collect();
    for (b, sums) in boundaries.iter_mut().enumerate() {
        sums.cfe_known = books.boundaries[b].grid_cfe.is_some();
    }
    for (s, site) in books.sites.iter().enumerate() {
        sites[s].cfe_known = boundaries[site.boundary].cfe_known;
        boundaries[site.boundary].metered += sites[s].metered;
        boundaries[site.boundary].quality.load.merge(&site.quality);
    }
    for contract in &books.contracts {
        boundaries[contract.boundary].quality.generation.merge(&contract.quality);
    }
    let mut portfolio = Sums { cfe_known: boundaries.iter().all(|b| b.cfe_known), ..Sums::default() };
    for sums in &boundaries {
        portfolio.load += sums.load;
        portfolio.contracted += sums.contracted;
        portfolio.capped += sums.capped;
        portfolio.matched += sums.matched;
        portfolio.metered += sums.metered;
        portfolio.surplus += sums.surplus;
        portfolio.grid_cfe += sums.grid_cfe;
        portfolio.quality.load.merge(&sums.quality.load);
        portfolio.quality.generation.merge(&sums.quality.generation);
    }
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
    for cell in row {
        sums.load += i128::from(cell.load);
        sums.contracted += i128::from(cell.contracted);
        sums.matched += i128::from(cell.matched);
        sums.surplus += i128::from(cell.contracted - cell.matched);
        sums.grid_cfe += i128::from(cell.grid_cfe);
        sums.with_load += usize::from(cell.load > 0);
        sums.full += usize::from(cell.load > 0 && cell.matched == cell.load);
    }
    sums.capped = sums.contracted.min(sums.load);
    sums
}

/// A site's contracted energy is what contracts gave it: surplus belongs to no site.
fn site_sums(books: &Books, matched: &Matched) -> Vec<Sums> {
    let mut all = Vec::with_capacity(books.sites.len());
    for (s, site) in books.sites.iter().enumerate() {
        let mut sums = Sums::default();
        sums.quality.load = site.quality;
        for t in 0..books.grid.len {
            let (load, given) = (site.load_wh[t], matched.site_matched_wh[s][t]);
            sums.load += i128::from(load);
            sums.matched += i128::from(given);
            sums.grid_cfe += i128::from(matched.site_grid_cfe_wh[s][t]);
            sums.with_load += usize::from(load > 0);
            sums.full += usize::from(load > 0 && given == load);
        }
        sums.contracted = sums.matched;
        all.push(sums);
    }
    for a in matched.allocations.iter().filter(|a| a.ledger == Ledger::Matching) {
        let (site, contract) = (&books.sites[a.site], &books.contracts[a.contract]);
        let tier = contract.worst[a.interval];
        all[a.site].quality.generation.add(tier, a.wh);
        if site.worst[a.interval].is_metered() && tier.is_metered() {
            all[a.site].metered += i128::from(a.wh);
        }
    }
    all
}
