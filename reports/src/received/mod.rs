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

pub use ends::Ends;
pub use points::Points;
pub use records::Records;
pub use refused::Refused;
pub use row::{Row, Rows};

/// Which end of its interval a time stamp names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    Start,
    End,
}

/// Two columns of rejected rows: line and reason. Files with them are taken as they are, once corrected.
pub const REJECT_LINE: &str = "reject_line";
pub const REJECT_REASON: &str = "reject_reason";

/// In place of a quantile: the expected value.
pub const EXPECTED_PPM: i64 = -1;

/// Rows in memory, for tests of the sources.
#[cfg(test)]
pub(crate) mod taken {
    use super::{Row, Rows};
    use crate::inputs::Invoice;
    use crate::time::Instant;
    use std::collections::BTreeMap;

    #[derive(Debug, Default)]
    pub(crate) struct Taken {
        /// Values by series.
        pub readings: BTreeMap<String, Vec<i64>>,
        /// Issue times and values by series.
        pub forecasts: BTreeMap<String, Vec<(Instant, i64)>>,
        pub bills: Vec<(Invoice, u64)>,
        pub rejects: Vec<(u64, String)>,
    }

    impl Rows for Taken {
        fn push(&mut self, row: Row<'_>) {
            match (row.base(), row.issued) {
                (Err(reason), _) => self.reject(row.line, reason),
                (Ok(value), None) => self.readings.entry(row.series.into()).or_default().push(value),
                (Ok(value), Some((issued, _))) => {
                    self.forecasts.entry(row.series.into()).or_default().push((issued, value));
                }
            }
        }

        fn bill(&mut self, invoice: Invoice, line: u64) {
            self.bills.push((invoice, line));
        }

        fn reject(&mut self, line: u64, reason: impl Into<String>) {
            self.rejects.push((line, reason.into()));
        }
    }
}
