//! What is asked of a plan.

use super::strategies::Strategy;
use super::time_limit::Told;
use reports::time::Instant;
use solver::Limits;

#[derive(Debug, Clone, Copy)]
pub struct Request {
    pub now: Instant,
    /// Plans from the step that holds it. None: from the first that has not begun at `now`.
    pub start: Option<Instant>,
    pub horizon_s: i64,
    pub strategy: Strategy,
    /// None: the clock ends no solve, and the same inputs give the same bytes.
    pub time_limit_s: Option<f64>,
    pub iteration_limit: Option<u64>,
    /// Relative gap at which integers are good enough.
    pub gap: f64,
    /// Whether to say what a MW more would be worth; none: where that is quick.
    pub values: Option<bool>,
    /// Who looks on; the plan is the same.
    pub told: Told,
}

impl Request {
    pub fn new(now: Instant, horizon_s: i64) -> Self {
        Self {
            now,
            start: None,
            horizon_s,
            strategy: Strategy::Lp,
            time_limit_s: None,
            iteration_limit: None,
            gap: 1e-4,
            values: None,
            told: None,
        }
    }

    pub(super) fn limits(&self) -> Limits {
        Limits { iterations: self.iteration_limit, seconds: self.time_limit_s, gap: self.gap, ..Limits::default() }
    }
}
