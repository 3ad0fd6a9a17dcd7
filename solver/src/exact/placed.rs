//! Jobs that were placed all at once.

use crate::heuristic::Stopped;
use crate::outcome::JobOutcome;

/// Jobs placed, and what no plan can cost less than.
#[derive(Debug)]
pub struct Placed {
    pub(super) jobs: Vec<JobOutcome>,
    pub(super) bound: f64,
    pub(super) iterations: u64,
    pub(super) stopped: Option<Stopped>,
}
