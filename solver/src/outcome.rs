//! What a solve answers: a plan, its value, how far from optimal it can be at most, and why.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Optimal,
    Feasible,
    /// A greedy plan: the iteration limit or the backend ended the solve.
    Greedy,
    /// A greedy plan: the clock ended the solve, so the answer may differ between machines.
    TimeLimit,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Placement {
    pub work: usize,
    pub site: usize,
    pub step: usize,
    pub mw: f64,
}

/// Firm load alone exceeds what the site can carry, by this much IT power.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Overload {
    pub site: usize,
    pub step: usize,
    pub mw: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    pub code: String,
    pub subject: String,
    pub quantity: f64,
    pub unit: String,
    pub message: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    pub status: Status,
    pub objective: f64,
    /// No plan costs less than this.
    pub bound: f64,
    pub gap: f64,
    /// By work, step, site.
    pub placements: Vec<Placement>,
    pub miss_mwh: Vec<f64>,
    pub later_mwh: Vec<f64>,
    /// `[boundary][step]`: energy from the grid, unmatched.
    pub grid_mw: Vec<Vec<f64>>,
    /// `[contract][step]`.
    pub used_mw: Vec<Vec<f64>>,
    pub short_mwh: Vec<f64>,
    /// `[site][step]`, currency per IT MWh.
    pub prices: Vec<Vec<f64>>,
    pub overloads: Vec<Overload>,
    pub reasons: Vec<Reason>,
    pub rows: usize,
    pub columns: usize,
    pub iterations: u64,
    /// In column order of the model.
    pub x: Vec<f64>,
    /// In row order of the model.
    pub duals: Vec<f64>,
}
