//! Turns stored rows into a report, a settled ledger and an evidence pack.

pub mod acts;
pub mod assemble;
pub mod doubts;
pub mod lacks;
pub mod ledger;
mod overlaps;
pub mod pack;
mod place;
pub mod portfolios;
pub mod settle;
mod since;
mod suspects;
