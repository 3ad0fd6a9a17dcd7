//! Two ledgers, what stands in them, and why nothing can.

use super::allocations::Allocations;
use crate::books::Books;
use crate::named::named;
use ids::{BoundaryId, Index, InstrumentId, InstrumentIndex, SiteIndex, StorageIndex};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why nothing can be matched.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum MatchingError {
    #[error(
        "contracts {a} and {b}: their site lists overlap, and neither contains the other; nest them or keep them apart"
    )]
    SitesCross { a: InstrumentId, b: InstrumentId },
    #[error("matching broke its own rule: {0}. This is a defect: no report is made")]
    Invariant(String),
    #[error("energy sums past 2^63-1 Wh in boundary {0}")]
    Overflow(BoundaryId),
}

named! {
    /// Which books an allocation stands in.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Ledger {
        /// Counts towards the matched share.
        Matching = "matching",
        /// Decides the market-based inventory.
        Inventory = "inventory",
    }
}

impl Ledger {
    /// Wh of a site in an interval that instruments may serve in this ledger: no estimate, and in the matching ledger
    /// nothing that own generation served first, which is metered load before any estimate.
    pub fn load(self, books: &Books, site: SiteIndex, interval: usize) -> i64 {
        let book = &books.sites[site];
        match self {
            Self::Matching => (book.open(interval) - books.served_first(site, interval)).max(0),
            Self::Inventory => book.inventory_open(interval),
        }
    }
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
    pub(super) fn empty(books: &Books) -> Self {
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
    pub fn delivered(&self, books: &Books, instrument: InstrumentIndex, interval: usize) -> i64 {
        match StorageIndex::find(&books.storage, |s| s.instrument == instrument) {
            Some(storage) => self.reissued_wh[storage][interval],
            None => books.instruments[instrument].delivered_wh[interval],
        }
    }

    pub fn stored(&self, instrument: InstrumentIndex, interval: usize) -> i64 {
        self.stored_wh.get(instrument.get()).map_or(0, |row| row[interval])
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
