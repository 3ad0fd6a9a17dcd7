//! A piece of work, as its owner states it: batch energy, jobs of GPUs and hours, training runs.

pub mod add;
mod arrays;
pub mod check;
pub mod columns;
pub mod csv;
pub mod gone;
pub mod history;
pub mod item;
pub mod listing;
pub mod piece;
pub mod queue;
pub mod standing;
pub mod state;
pub mod terms;
mod timeline;
pub mod update;
mod words;

pub use words::{Class, Kind, Preempt, known, word};

// Some of it for the files below.
use crate::clock::parse_when;
use crate::error::Fault;
use crate::portfolio::Portfolio;
use crate::store::Store;
use ids::{AccountId, PoolId, SiteId, SiteIndex, WorkId};
use reports::time::{Grid, Instant, Interval, TimeError, Zone};
use serde::{Deserialize, Serialize};

/// Energy is IT energy, before PUE. No `sites` means every site; no `max_mw` means what a site can give.
///
/// Batch work states energy, or GPUs of a pool and hours; training states GPUs or power, and hours at full speed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Work {
    pub id: WorkId,
    #[serde(default)]
    pub kind: Kind,
    #[serde(default)]
    pub sites: Vec<SiteId>,
    pub release: String,
    pub deadline: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub energy_mwh: Option<f64>,
    pub max_mw: Option<f64>,
    pub miss_price_per_mwh: Option<f64>,
    pub scheduler_ref: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pool: Option<PoolId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gpus: Option<f64>,
    /// Least GPUs it can run on: below `gpus`, it may be divided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gpus_min: Option<f64>,
    /// Hours at full speed, and what nine of ten such jobs do not exceed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours_p90: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub divisible: Option<bool>,
    /// Least part of its full power, while it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<f64>,
    /// A curve of the portfolio, or a preset: pretraining, fine-tuning, inference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub curve: Option<String>,
    /// Service class: flex-1, flex-2, flex-3 promise 0.90, 0.75, 0.50 of full progress over any day; firm all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// 0 to 9: where not everything fits, the higher is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// Work that must be complete before this starts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<WorkId>,
    /// An array: so many alike.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preempt: Option<Preempt>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub save_min: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restart_min: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mtbf_h: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkpoint_min: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_on_h: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_off_h: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_pauses_day: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold_nodes: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice_min: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub move_h: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub move_mwh: Option<f64>,
}

/// That no work of that id is stored.
pub fn no_work(id: &WorkId) -> Fault {
    Fault::no_such(format!("work `{id}`")).hint("list it: hourmatch work list, or GET /v1/work")
}

impl Work {
    /// A batch piece of energy and nothing else.
    pub fn batch(id: WorkId, release: String, deadline: String, energy_mwh: Option<f64>) -> Self {
        Self { id, release, deadline, energy_mwh, ..Self::default() }
    }

    pub fn is_training(&self) -> bool {
        self.kind == Kind::Training
    }

    /// Of training: what it promises; none where there is no such class.
    pub fn class(&self) -> Option<Class> {
        self.class.as_deref().map_or(Some(Class::default()), |text| text.parse().ok())
    }

    /// Makes instants of times as people write them everywhere: a date in the portfolio's zone, or minutes alone. What
    /// is none stays as it is, for `problem` to refuse; so does what moves with the clock.
    pub fn complete(&mut self, zone: Zone) {
        for text in [&mut self.release, &mut self.deadline] {
            if Instant::parse(text).is_err()
                && !text.starts_with("now")
                && let Ok(at) = parse_when(text, Instant::FIRST, zone)
            {
                *text = at.to_string();
            }
        }
    }

    /// From its release to its deadline.
    ///
    /// # Errors
    /// A text that is no instant: work that is checked has none.
    pub fn span(&self) -> Result<Interval, TimeError> {
        Ok(Interval { start: Instant::parse(&self.release)?, end: Instant::parse(&self.deadline)? })
    }
}
