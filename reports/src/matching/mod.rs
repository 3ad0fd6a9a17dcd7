//! Allocates energy to load, interval by interval, in whole Wh, once for each ledger.
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
mod fill;
pub mod gap;
pub mod interval;
pub mod invariants;
mod ledgers;
pub mod order;
pub mod priority;
pub mod pro_rata_contract;
pub mod proportional;
pub mod restore;
pub mod score;

pub use allocations::{Allocation, Allocations};
pub use diff::{Reach, Rerun};
pub use fill::{ledger, run};
pub use ledgers::{Ledger, LedgerRun, Matched, MatchingError};
pub use restore::Posted;
