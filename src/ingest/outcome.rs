//! What taking a file in came to.

use reports::suspects::Suspect;
use reports::words::counted;
use serde::Serialize;
use std::collections::BTreeMap;

/// Readings that a check doubts, and the row of the first.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub struct Doubt {
    pub row: i64,
    #[serde(flatten)]
    pub suspect: Suspect,
}

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
    /// What the file was taken for, where its header told it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_as: Option<String>,
    /// Rows and sums without a reading, by why.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub left_out: BTreeMap<&'static str, usize>,
    /// Readings that are suspect: taken as they are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suspects: Vec<Doubt>,
}

impl Outcome {
    /// Nothing new: no revision is made.
    pub(crate) fn is_nothing(&self) -> bool {
        let rows = self.added + self.corrected + self.retracted + self.forecasts_added;
        rows + self.invoices_added + self.invoices_replaced == 0
    }

    pub fn sentence(&self) -> String {
        let counts = [
            (self.added, "reading added", "readings added"),
            (self.corrected, "corrected", "corrected"),
            (self.retracted, "retracted", "retracted"),
            (self.forecasts_added, "forecast value added", "forecast values added"),
            (self.invoices_added, "invoice added", "invoices added"),
            (self.invoices_replaced, "invoice replaced", "invoices replaced"),
            (self.rejected, "row rejected", "rows rejected"),
        ];
        let counts = counts.into_iter().filter(|(count, ..)| *count > 0);
        let mut parts: Vec<String> = counts.map(|(count, one, many)| counted(count, one, many)).collect();
        parts.extend((self.unchanged > 0).then(|| format!("{} already stored", self.unchanged)));
        let what = if parts.is_empty() { "no rows".to_string() } else { parts.join(", ") };
        // Invoices are no series.
        let series = if self.series > 0 { format!(" in {} series", self.series) } else { String::new() };
        let nothing = if self.revision.is_none() { "; nothing new, no revision made" } else { "" };
        let left_out: String = self.left_out.iter().map(|(why, count)| format!("; {count} left out: {why}")).collect();
        let taken_as = self.taken_as.as_ref().map(|form| format!(" (as {form})")).unwrap_or_default();
        format!("{}{taken_as}: {what}{series}{left_out}{nothing}", self.file)
    }
}
