//! What an explanation says.

use crate::plan::common::{Instant, Serialize, SiteId, WorkId};

pub const SCHEMA: &str = "hourmatch/explanation/1";

#[derive(Debug, Clone, Serialize)]
pub struct Explanation {
    pub schema: &'static str,
    pub engine: &'static str,
    pub synthetic: bool,
    pub plan: String,
    pub work: WorkId,
    /// work, job or training.
    pub kind: &'static str,
    pub currency: String,
    pub runs: Vec<Stretch>,
    /// Mean price of an IT MWh in its hours, and over all hours and sites it may use.
    pub price_per_mwh: Option<f64>,
    pub window_price_per_mwh: Option<f64>,
    /// Dearest first; empty where its hours are the cheapest there are and nothing stands in the way.
    pub limits: Vec<Binding>,
    pub alternatives: Vec<Alternative>,
    /// What the plan says of it: missed energy and why, break-even.
    pub notes: Vec<String>,
    /// The explained objective, and how far above the best there can be.
    pub objective: f64,
    pub gap: f64,
}

/// Equal power at one site.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stretch {
    pub site: SiteId,
    pub start: Instant,
    pub end: Instant,
    /// IT megawatts.
    pub mw: f64,
}

/// A limit that costs something where the piece could run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Binding {
    pub code: &'static str,
    pub subject: String,
    pub steps: usize,
    /// What an IT MWh more of it would save, on average over those steps.
    pub per_mwh: f64,
    pub message: String,
}

/// Whether a plan with the piece run otherwise is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    Found,
    /// Proved: none keeps every limit.
    CannotBe,
    /// The limits of the search ended it.
    NotFound,
}

/// The piece run otherwise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Alternative {
    pub code: &'static str,
    pub message: String,
    pub fate: Fate,
    /// Against the plan; null where no such plan is known.
    pub cost: Option<f64>,
    /// What of the cost is not certain: the gaps of both plans.
    pub within: f64,
    pub parts: Vec<Part>,
    pub runs: Vec<Stretch>,
}

/// A part of an alternative's cost, by the code of the plan's costs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// Energy is what is bought less the surplus sold.
    pub code: String,
    pub amount: f64,
}
