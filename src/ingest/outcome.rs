//! What taking a file in came to.

use reports::words::counted;
use serde::Serialize;

/// What a file added.
#[derive(Debug, Clone, Default, Serialize, PartialEq, Eq)]
pub struct Outcome {
    pub file: String,
    pub sha256: String,
    pub revision: Option<i64>,
    pub series: usize,
    pub added: usize,
    pub corrected: usize,
    pub retracted: usize,
    pub unchanged: usize,
    pub forecasts_added: usize,
    pub invoices_added: usize,
    pub invoices_replaced: usize,
    pub rejected: usize,
}

impl Outcome {
    /// Nothing new: no revision is made.
    pub(crate) fn is_nothing(&self) -> bool {
        let rows = self.added + self.corrected + self.retracted + self.forecasts_added;
        rows + self.invoices_added + self.invoices_replaced == 0
    }

    pub fn sentence(&self) -> String {
        let mut parts = Vec::new();
        for (count, one, many) in [
            (self.added, "reading added", "readings added"),
            (self.corrected, "corrected", "corrected"),
            (self.retracted, "retracted", "retracted"),
            (self.forecasts_added, "forecast value added", "forecast values added"),
            (self.invoices_added, "invoice added", "invoices added"),
            (self.invoices_replaced, "invoice replaced", "invoices replaced"),
            (self.rejected, "row rejected", "rows rejected"),
        ] {
            if count > 0 {
                parts.push(counted(count, one, many));
            }
        }
        if self.unchanged > 0 {
            parts.push(format!("{} already stored", self.unchanged));
        }
        let what = if parts.is_empty() { "no rows".to_string() } else { parts.join(", ") };
        // Invoices are no series.
        let series = if self.series > 0 { format!(" in {} series", self.series) } else { String::new() };
        let nothing = if self.revision.is_none() { "; nothing new, no revision made" } else { "" };
        format!("{}: {what}{series}{nothing}", self.file)
    }
}
