//! Decisions taken already, or ruled out: what a plan is compared with, piece by piece.

use serde::{Deserialize, Serialize};

/// A range that a decision must lie in. Only the solver keeps to pins: the baseline and the greedy plan know none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Pin {
    /// IT MW of divisible work at a site in a step.
    Place { work: usize, site: usize, step: usize, least_mw: f64, most_mw: f64 },
    /// Units of a job that start at a site in a step.
    Start { job: usize, site: usize, step: usize, least: u32, most: u32 },
}
