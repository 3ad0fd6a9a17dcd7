//! GPUs: how many a pool has, how many an account may hold.

use ids::{AccountId, AccountIndex, PoolId, PoolIndex};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Pool {
    pub id: PoolId,
    /// Accelerators that can be given out in each step; failed ones are none.
    pub available: Vec<f64>,
    /// What fixed work holds of them, by step. Empty: none.
    #[serde(default)]
    pub held: Vec<f64>,
}

impl Pool {
    /// What is left in a step; negative where fixed work holds more than there is.
    pub fn left(&self, step: usize) -> f64 {
        self.available[step] - self.held.get(step).copied().unwrap_or(0.0)
    }
}

/// What a user or team may hold.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Account {
    pub id: AccountId,
    pub max_gpus: Option<f64>,
    /// GPU-hours over spans of steps (days): from, to (exclusive), limit.
    pub gpu_hours: Vec<(usize, usize, f64)>,
    /// What fixed work holds in its name, by step. Empty: none.
    #[serde(default)]
    pub held: Vec<f64>,
}

impl Account {
    pub fn held(&self, step: usize) -> f64 {
        self.held.get(step).copied().unwrap_or(0.0)
    }

    /// GPUs left in a step; none without a limit on GPUs.
    pub fn left(&self, step: usize) -> Option<f64> {
        self.max_gpus.map(|most| most - self.held(step))
    }

    /// GPU-hours left of a span.
    pub fn hours_left(&self, &(from, to, hours): &(usize, usize, f64), step_hours: f64) -> f64 {
        hours - step_hours * (from..to).map(|step| self.held(step)).sum::<f64>()
    }
}

/// GPUs of a pool that something holds while it runs, per unit of whatever the holder counts in.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Gpus {
    pub pool: PoolIndex,
    pub count: f64,
    pub account: Option<AccountIndex>,
}
