//! Allocation of energy to load, interval by interval, in whole Wh, once a ledger.
//!
//! The matching ledger decides the matched share: self-generation, contracts, re-issued storage discharge, over load that
//! own generation which is not carbon-free did not serve first. The inventory ledger decides market-based emissions: its
//! load is what was purchased, and it also holds standard supply, legacy and unbundled volume. Each is complete by
//! itself: per load `allocated + unmatched = load`, per instrument `allocated + stored + surplus = delivered`. Surplus is
//! never carried to another interval or boundary but through a charge record.

pub mod allocations;
pub mod backing;
pub mod charge;
pub mod crossing;
pub mod diff;
pub mod equal_share;
pub mod gap;
pub mod interval;
pub mod invariants;
pub mod order;
pub mod priority;
pub mod pro_rata_contract;
pub mod proportional;
pub mod restore;
pub mod score;
pub mod shares;

pub use allocations::Allocations;
pub use diff::{Reach, Rerun};
pub use restore::Posted;

use crate::books::{Books, Share};
use interval::Engine;
use thiserror::Error;

#[derive(Debug, Error, PartialEq, Eq)]
pub enum MatchingError {
    #[error(
        "contracts {a} and {b}: their site lists overlap without one holding the other; nest them or keep them apart"
    )]
    SitesCross { a: String, b: String },
    #[error("matching broke its own rule: {0}. This is a defect: no report is made")]
    Invariant(String),
    #[error("energy sums past 2^63-1 Wh in boundary {0}")]
    Overflow(String),
}

/// Which books an allocation stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ledger {
    /// Counts towards the matched share.
    Matching,
    /// Decides the market-based inventory.
    Inventory,
}

impl Ledger {
    pub const BOTH: [Self; 2] = [Self::Matching, Self::Inventory];

    pub fn name(self) -> &'static str {
        match self {
            Self::Matching => "matching",
            Self::Inventory => "inventory",
        }
    }

    /// Wh of a site in an interval that instruments may serve in this ledger: no estimate, and in the matching ledger
    /// nothing that own generation served first, which is metered load before any estimate.
    pub fn load(self, books: &Books, site: usize, interval: usize) -> i64 {
        let book = &books.sites[site];
        match self {
            Self::Matching => (book.open(interval) - books.served_first(site, interval)).max(0),
            Self::Inventory => book.inventory_open(interval),
        }
    }
}

/// `wh` of an instrument given to a site in an interval; indices into the books.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Allocation {
    pub interval: u32,
    pub site: u32,
    pub instrument: u32,
    pub wh: i64,
}

/// One ledger, complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRun {
    /// By interval, site, instrument.
    pub allocations: Allocations,
    /// `[site][interval]`
    pub site_wh: Vec<Vec<i64>>,
    /// `[instrument][interval]`
    pub allocated_wh: Vec<Vec<i64>>,
    /// `[instrument][interval]`: surplus that charged storage; empty where there is no storage.
    pub stored_wh: Vec<Vec<i64>>,
    /// `[storage][interval]`
    pub clean_charge_wh: Vec<Vec<i64>>,
    /// `[storage][interval]`: discharge re-issued as clean.
    pub reissued_wh: Vec<Vec<i64>>,
}

impl LedgerRun {
    fn empty(books: &Books) -> Self {
        let rows = |n: usize| vec![vec![0; books.grid.len]; n];
        let storage = books.storage.len();
        Self {
            allocations: Allocations::default(),
            site_wh: rows(books.sites.len()),
            allocated_wh: rows(books.instruments.len()),
            stored_wh: rows(if storage == 0 { 0 } else { books.instruments.len() }),
            clean_charge_wh: rows(storage),
            reissued_wh: rows(storage),
        }
    }

    /// What an instrument delivered in an interval; storage delivers what this ledger re-issued.
    pub fn delivered(&self, books: &Books, instrument: usize, interval: usize) -> i64 {
        match books.storage.iter().position(|s| s.instrument == instrument) {
            Some(storage) => self.reissued_wh[storage][interval],
            None => books.instruments[instrument].delivered_wh[interval],
        }
    }

    pub fn stored(&self, instrument: usize, interval: usize) -> i64 {
        self.stored_wh.get(instrument).map_or(0, |row| row[interval])
    }
}

/// Every allocation of both ledgers, and the grid's carbon-free energy credited to what matching left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched {
    pub matching: LedgerRun,
    pub inventory: LedgerRun,
    /// `[site][interval]`
    pub site_grid_cfe_wh: Vec<Vec<i64>>,
}

impl Matched {
    pub fn ledger(&self, ledger: Ledger) -> &LedgerRun {
        match ledger {
            Ledger::Matching => &self.matching,
            Ledger::Inventory => &self.inventory,
        }
    }
}

/// Allocates every instrument in both ledgers and checks the result against the invariants.
pub fn run(books: &Books) -> Result<Matched, MatchingError> {
    check_sums(books)?;
    let matching = ledger(books, Ledger::Matching, &books.matching_order)?;
    let inventory = ledger(books, Ledger::Inventory, &books.allocation_order)?;
    finish(books, matching, inventory)
}

/// What any boundary loads or is delivered in an interval is held in 63 bits, so that sums further on cannot overflow.
fn check_sums(books: &Books) -> Result<(), MatchingError> {
    for t in 0..books.grid.len {
        let mut load = vec![0_i64; books.boundaries.len()];
        let mut purchased = vec![0_i64; books.boundaries.len()];
        let mut delivered = vec![0_i64; books.boundaries.len()];
        let overflow = |b: usize| MatchingError::Overflow(books.boundaries[b].id.clone());
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
pub fn ledger(books: &Books, ledger: Ledger, steps: &[crate::ruleset::Step]) -> Result<LedgerRun, MatchingError> {
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

fn finish(books: &Books, matching: LedgerRun, inventory: LedgerRun) -> Result<Matched, MatchingError> {
    let site_grid_cfe_wh = grid_credit(books, &matching)?;
    let matched = Matched { matching, inventory, site_grid_cfe_wh };
    invariants::check(books, &matched)?;
    Ok(matched)
}

/// `G = floor(g * R)` per boundary, then to sites by largest remainder on what each took from the grid. Estimated load
/// gets none; load that own fossil generation served was not taken from the grid.
fn grid_credit(books: &Books, matching: &LedgerRun) -> Result<Vec<Vec<i64>>, MatchingError> {
    let mut credit = vec![vec![0; books.grid.len]; books.sites.len()];
    let ids: Vec<&str> = books.sites.iter().map(|s| s.id.as_str()).collect();
    for (index, boundary) in books.boundaries.iter().enumerate() {
        let Some(shares) = &boundary.grid_cfe else { continue };
        let ever: Vec<usize> =
            (0..books.sites.len()).filter(|s| books.sites[*s].boundary.values().any(|b| b == index)).collect();
        let names: Vec<&str> = ever.iter().map(|s| ids[*s]).collect();
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
            for (s, wh) in ever.iter().zip(shares::largest_remainder(wh, &left, &names)) {
                credit[*s][interval] += wh;
            }
        }
    }
    Ok(credit)
}
