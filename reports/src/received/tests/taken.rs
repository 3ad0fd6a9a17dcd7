//! Rows in memory.

use crate::inputs::Invoice;
use crate::received::{Row, Rows};
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
