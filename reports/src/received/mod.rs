//! Files as they were received: bytes to rows, the same for whoever takes them in and for whoever checks them again.
//!
//! One file per provider. A source turns text into rows; files and the network are elsewhere.

pub mod bytes;
pub mod eia930;
pub mod ends;
pub mod gb;
pub mod invoices;
mod lines;
pub mod neso;
pub mod readings;
pub mod records;
pub mod row;

pub use ends::Ends;
pub use records::Records;
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

/// Why a file cannot be read any further, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub what: String,
    pub line: Option<u64>,
    pub hint: Option<String>,
}

impl Refused {
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), line: None, hint: None }
    }

    pub fn line(self, line: u64) -> Self {
        Self { line: Some(line), ..self }
    }

    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// What the csv reader says, for people; its lines are not those that people count.
    fn of_csv(error: &csv::Error) -> Self {
        match error.kind() {
            csv::ErrorKind::Utf8 { .. } => Self::not_text(),
            csv::ErrorKind::Io(error) => Self::no_table(format!("cannot be read: {error}")),
            _ => Self::no_table(format!("is not CSV: {error}")),
        }
    }

    fn not_text() -> Self {
        Self::no_table("is not UTF-8 text".into())
    }

    fn no_table(what: String) -> Self {
        Self::new(what).hint("give comma-separated text, plain or gzip")
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.what),
            None => write!(f, "{}", self.what),
        }
    }
}

/// Rows in memory, for tests of the sources.
#[cfg(test)]
pub(crate) mod taken {
    use super::{Row, Rows};
    use crate::inputs::Invoice;
    use std::collections::BTreeMap;

    #[derive(Debug, Default)]
    pub(crate) struct Taken {
        /// Values by series.
        pub readings: BTreeMap<String, Vec<i64>>,
        /// Issue times and values by series.
        pub forecasts: BTreeMap<String, Vec<(i64, i64)>>,
        pub bills: Vec<(Invoice, u64)>,
        pub rejects: Vec<(u64, String)>,
    }

    impl Rows for Taken {
        fn push(&mut self, row: Row<'_>) {
            match (row.base(), row.issued) {
                (Err(reason), _) => self.reject(row.line, reason),
                (Ok(value), None) => self.readings.entry(row.series.into()).or_default().push(value),
                (Ok(value), Some((issued_s, _))) => {
                    self.forecasts.entry(row.series.into()).or_default().push((issued_s, value));
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
