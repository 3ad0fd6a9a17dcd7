//! What is to be planned, in numbers: MW, MWh, currency, g/kWh, vectors of `steps` values.

mod check;
mod draw;
mod pin;
mod pool;
mod run;
mod site;
mod storage;
mod supply;
mod target;
mod work;

pub use draw::Draw;
pub use pin::Pin;
pub use pool::{Account, Gpus, Pool};
pub use run::{Before, Checkpoint, Class, PriorState, Run};
pub use site::{DemandCharge, Event, Limit, Ramp, Site};
pub use storage::{Start, Storage};
pub use supply::{Boundary, Contract, Settlement};
pub use target::{Allowance, Metric, Policy, Scope, Target, Utilisation};
pub use work::{After, Job, Later, Piece, Prior, PriorStart, Work};

use check::number;
use serde::{Deserialize, Serialize};
use thiserror::Error;

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Problem {
    pub step_hours: f64,
    pub steps: usize,
    pub boundaries: Vec<Boundary>,
    pub sites: Vec<Site>,
    pub contracts: Vec<Contract>,
    pub work: Vec<Work>,
    pub targets: Vec<Target>,
    pub policy: Policy,
    pub jobs: Vec<Job>,
    pub runs: Vec<Run>,
    pub storage: Vec<Storage>,
    pub pools: Vec<Pool>,
    pub accounts: Vec<Account>,
    pub events: Vec<Event>,
    pub limits: Vec<Limit>,
    pub demand: Vec<DemandCharge>,
    pub after: Vec<After>,
    pub utilisation: Option<Utilisation>,
    /// Energy left for later, by work whose deadline lies no later than each: (work, MWh free until then).
    pub free_later: Vec<(Vec<usize>, f64)>,
    #[serde(default)]
    pub pins: Vec<Pin>,
}

#[derive(Debug, Clone, PartialEq, Error)]
pub enum ProblemError {
    #[error("{what} has {found} values, expected {expected}")]
    Length { what: String, found: usize, expected: usize },
    #[error("{what} is {value} at position {at}, expected {expected}")]
    Value { what: String, at: usize, value: f64, expected: &'static str },
    #[error("{what} refers to number {index}, of which there are only {count}")]
    Index { what: String, index: usize, count: usize },
    #[error("{what}: {why}")]
    Shape { what: String, why: String },
}

impl Problem {
    /// Refuses what a solver would silently "solve": a NaN, a wrong length, a dangling index.
    pub fn check(&self) -> Result<(), ProblemError> {
        let h = self.step_hours;
        number("step_hours", h, "a finite number above 0", h.is_finite() && h > 0.0)?;
        // Sites first: contracts look up theirs.
        site::check(self)?;
        supply::check(self)?;
        pool::check(self)?;
        work::check(self)?;
        run::check(self)?;
        storage::check(self)?;
        target::check(self)?;
        pin::check(self)?;
        for (works, mwh) in &self.free_later {
            works.iter().try_for_each(|&w| check::index("free_later", w, self.work.len()))?;
            check::not_negative("free_later", *mwh)?;
        }
        Ok(())
    }

    /// Only divisible work on plain sites: what the greedy plan and its bound are made for. Pins make no difference: they
    /// say where work is, not what it may do there.
    pub fn plain(&self) -> bool {
        self.jobs.is_empty()
            && self.runs.is_empty()
            && self.storage.is_empty()
            && self.pools.is_empty()
            && self.accounts.is_empty()
            && self.events.is_empty()
            && self.limits.is_empty()
            && self.demand.is_empty()
            && self.after.is_empty()
            && self.free_later.is_empty()
            && self.sites.iter().all(|s| s.ramp.is_none())
    }
}

/// JSON has no infinity: it is written as null.
mod maybe_infinite {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(values: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
        let finite: Vec<Option<f64>> = values.iter().map(|v| v.is_finite().then_some(*v)).collect();
        finite.serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
        let values: Vec<Option<f64>> = Vec::deserialize(deserializer)?;
        Ok(values.into_iter().map(|v| v.unwrap_or(f64::INFINITY)).collect())
    }
}
