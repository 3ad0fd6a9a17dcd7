//! Errors of forecasts by series and lead, as they are printed.

use crate::expected::accuracy::Figures;
use reports::time::Instant;
use serde::Serialize;

/// Where forecasts of a series come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    Supplier,
    BuiltIn,
}

impl Source {
    pub fn name(self) -> &'static str {
        match self {
            Self::Supplier => "supplier",
            Self::BuiltIn => "built-in",
        }
    }
}

/// Errors of one series' forecasts from one source.
#[derive(Debug, Serialize)]
pub struct Row {
    pub series: String,
    pub source: Source,
    pub unit: &'static str,
    pub issues: usize,
    /// Forecast intervals that nothing was measured of, or not yet.
    pub without_actual: usize,
    pub by_lead: Vec<Figures>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub vintages: Vec<Vintage>,
}

#[derive(Debug, Serialize)]
pub struct Vintage {
    pub issued: Instant,
    pub by_lead: Vec<Figures>,
}

#[derive(Debug, Serialize)]
pub struct Document {
    pub schema: &'static str,
    pub engine: &'static str,
    pub synthetic: bool,
    pub from: Instant,
    pub to: Instant,
    pub series: Vec<Row>,
}
