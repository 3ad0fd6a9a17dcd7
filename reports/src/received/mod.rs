//! Files as received: bytes to rows, by the same code for ingest and for the verifier.
//!
//! One file per provider; files of public feeds are listed in `feeds`, what is fetched in `providers`. A source turns
//! text into rows; files and the network are elsewhere.

pub mod bytes;
pub mod encoding;
pub mod ends;
pub mod feeds;
pub mod forms;
pub mod gb;
pub mod header;
pub mod invoices;
mod lines;
mod points;
pub mod providers;
pub mod readings;
pub mod records;
mod refused;
pub mod row;
#[cfg(test)]
mod tests;
mod xml;

pub use ends::Ends;
pub use points::Points;
pub use records::Records;
pub use refused::Refused;
pub use row::{EXPECTED_PPM, Row, Rows};

/// Which end of its interval a time stamp names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    Start,
    End,
}

/// Two columns of rejected rows: line and reason. Files with them are taken as they are, once corrected.
pub const REJECT_LINE: &str = "reject_line";
pub const REJECT_REASON: &str = "reject_reason";
