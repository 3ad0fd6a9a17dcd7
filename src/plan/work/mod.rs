//! A piece of work, as its owner states it: batch energy, jobs of GPUs and hours, training runs.

pub mod add;
pub mod check;
pub mod columns;
pub mod csv;
pub mod gone;
pub mod listing;
pub mod state;
pub mod terms;
pub mod update;

pub use state::State;

use crate::clock::parse_when;
use crate::error::{Fault, Kind};
use crate::plan::codes;
use crate::store::work::WorkRow;
use reports::time::{Interval, TimeError, Zone, format_instant, parse_instant};
use serde::{Deserialize, Serialize};
use std::fmt;
use strum::EnumString;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Preempt {
    Never,
    /// Put down at a checkpoint, taken up again.
    Checkpoint,
    /// Put down, and begun again from nothing.
    Requeue,
}

impl Preempt {
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

/// Energy is IT energy, before PUE. No `sites` means every site; no `max_mw` means what a site can give.
///
/// Batch work states energy, or GPUs of a pool and hours; training states GPUs or power, and hours at full speed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Work {
    pub id: String,
    #[serde(default = "batch")]
    pub kind: String,
    #[serde(default)]
    pub sites: Vec<String>,
    pub release: String,
    pub deadline: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub energy_mwh: Option<f64>,
    #[serde(default)]
    pub max_mw: Option<f64>,
    #[serde(default)]
    pub miss_price_per_mwh: Option<f64>,
    #[serde(default)]
    pub scheduler_ref: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pool: Option<String>,
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
    pub account: Option<String>,
    /// Work that must be complete before this starts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<String>,
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

/// A stored row as the piece of work it holds, and from its release to its deadline.
///
/// # Errors
/// A row that is none, or states no time where it should.
pub fn stored(row: &WorkRow) -> Result<(Work, Interval), Fault> {
    let work: Work = serde_json::from_str(&row.content).map_err(|e| lost(&row.id, &e))?;
    let span = work.span().map_err(|e| lost(&row.id, &e))?;
    Ok((work, span))
}

/// A piece that is in the store and cannot be read.
pub fn lost(id: &str, why: &dyn fmt::Display) -> Fault {
    Fault::new(format!("stored work {id} cannot be read: {why}")).kind(Kind::Stored).hint(again(id))
}

/// That no work of that id is stored.
pub fn no_work(id: &str) -> Fault {
    Fault::no_such(format!("work `{id}`")).hint("list it: hourmatch work list, or GET /v1/work")
}

/// Code of the reason that says so of a piece of stored work.
pub const UNREADABLE: &str = codes::WORK_UNREADABLE;

/// What to do about a piece that cannot be read.
pub fn again(id: &str) -> String {
    format!("hourmatch work cancel {id}, and submit it again")
}

fn batch() -> String {
    "batch".into()
}

impl Work {
    /// A batch piece of energy and nothing else.
    pub fn batch(id: String, release: String, deadline: String, energy_mwh: Option<f64>) -> Self {
        Self {
            id,
            kind: batch(),
            sites: Vec::new(),
            release,
            deadline,
            energy_mwh,
            max_mw: None,
            miss_price_per_mwh: None,
            scheduler_ref: None,
            pool: None,
            gpus: None,
            gpus_min: None,
            hours: None,
            hours_p90: None,
            divisible: None,
            floor: None,
            curve: None,
            class: None,
            priority: None,
            account: None,
            after: Vec::new(),
            count: None,
            preempt: None,
            save_min: None,
            restart_min: None,
            mtbf_h: None,
            checkpoint_min: None,
            min_on_h: None,
            min_off_h: None,
            max_pauses_day: None,
            hold_nodes: None,
            notice_min: None,
            move_h: None,
            move_mwh: None,
        }
    }

    pub fn is_training(&self) -> bool {
        self.kind == "training"
    }

    /// Makes instants of times as people write them everywhere: a date in the portfolio's zone, or minutes alone. What
    /// is none stays as it is, for `problem` to refuse; so does what moves with the clock.
    pub fn complete(&mut self, zone: Zone) {
        for text in [&mut self.release, &mut self.deadline] {
            if parse_instant(text).is_err()
                && !text.starts_with("now")
                && let Ok(at_s) = parse_when(text, 0, zone)
            {
                *text = format_instant(at_s);
            }
        }
    }

    /// From its release to its deadline.
    ///
    /// # Errors
    /// A text that is no instant: work that is checked has none.
    pub fn span(&self) -> Result<Interval, TimeError> {
        Ok(Interval { start_s: parse_instant(&self.release)?, end_s: parse_instant(&self.deadline)? })
    }
}
