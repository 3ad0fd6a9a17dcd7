//! What a plan has work do, as the solver decided it. Whoever reads a plan reads this; `document` is how it is stored and
//! printed.

pub(super) mod legacy;

use crate::work::Kind;
use ids::{AccountId, PoolId, SiteId, WorkId};
use reports::time::{Instant, Interval};
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

/// A piece of work, or one of its units, at one site over steps of equal power; IT megawatts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Placement {
    pub work: WorkId,
    /// Which of its units, of work that runs in one go; energy that divides and training have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<u32>,
    #[serde(default)]
    pub kind: Kind,
    #[serde(default)]
    pub state: State,
    pub site: SiteId,
    pub start: Instant,
    pub end: Instant,
    pub mw: f64,
    pub gpus: Option<u64>,
    /// Pool those are of, and in whose name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pool: Option<PoolId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// Part of its full power, for training.
    pub power_fraction: Option<f64>,
    /// Rated hours of tokens that training makes here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress_hours: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    #[default]
    Running,
    /// At its site between a pause and what follows, with or without its nodes held.
    Paused,
}

impl Placement {
    pub fn span(&self) -> Interval {
        Interval { start: self.start, end: self.end }
    }

    /// IT energy.
    pub fn mwh(&self) -> f64 {
        self.mw * self.span().duration_s() as f64 / 3_600.0
    }
}

/// What a scheduler is told to do with training, and when; batch work has no events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    pub work: WorkId,
    pub site: SiteId,
    pub at: Instant,
    pub kind: EventKind,
}

/// Of `codes::events`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum EventKind {
    Start,
    Cap,
    Checkpoint,
    Pause,
    Resume,
    Done,
    Deadline,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::codes::events;

    #[test]
    fn events_are_stored_by_the_codes_of_the_reference() {
        for (code, _) in events::ALL {
            let kind: EventKind = serde_json::from_value((*code).into()).expect("a kind for every code");
            assert_eq!(kind.into_str(), *code);
        }
        assert!(serde_json::from_value::<EventKind>("nap".into()).is_err());
    }
}
