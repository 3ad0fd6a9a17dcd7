//! Training runs: one gang at one site at a time, throttled on a curve, paused at checkpoints.

use super::pool::Gpus;
use ids::{SiteIndex, WorkId};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    pub id: WorkId,
    pub sites: Vec<SiteIndex>,
    pub release: usize,
    /// Exclusive; the horizon's end where the deadline lies beyond.
    pub deadline: usize,
    /// IT power at full speed.
    pub rated_mw: f64,
    /// Least and most power while it runs, as parts of rated.
    pub floor: f64,
    pub cap: f64,
    /// Power and progress, as parts of rated: rising, concave, two points or more.
    pub curve: Vec<(f64, f64)>,
    /// What one rated hour weighs in utilisation: GPUs, or rated MW.
    pub weight: f64,
    /// Progress lost, per rated hour.
    pub lost_price_per_hour: f64,
    pub pause_cost: f64,
    pub save_h: f64,
    pub save_mw: f64,
    pub restart_h: f64,
    pub restart_mw: f64,
    /// Drawn while paused with its nodes held.
    pub paused_mw: f64,
    /// Nodes stay its own while it is paused.
    pub hold_nodes: bool,
    pub checkpoint: Checkpoint,
    /// Steps before which a checkpoint is due while it runs: announced power events.
    pub save_before: Vec<usize>,
    pub min_on: usize,
    pub min_off: usize,
    /// At most so many pauses in spans of steps: from, to (exclusive), count.
    pub max_pauses: Vec<(usize, usize, usize)>,
    pub before: Before,
    /// A checkpoint stands at the end of the step before the horizon: it may stop at once.
    pub saved_before: bool,
    /// It is on in every step of its window in which it may be: never paused, but for a pause that has begun.
    pub always_on: bool,
    /// Mean progress a service class promises.
    pub class: Option<Class>,
    /// Rated hours it still needs; none: more than the horizon holds.
    pub need_hours: Option<f64>,
    /// Rated hours it must make inside the horizon for its deadline to hold, and the price of each missed.
    pub must_hours: f64,
    pub late_price_per_hour: f64,
    /// It may move from one site to another; otherwise it stays where it begins.
    pub may_move: bool,
    /// Steps of transit between sites, and IT energy it takes at both ends.
    pub move_steps: usize,
    pub move_mwh: f64,
    pub gpus: Option<Gpus>,
    /// Where a previous plan had it on, by step of the horizon, and what each step differing costs.
    pub prior: Vec<PriorState>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Checkpoint {
    /// Any `every` steps in a row hold a save; `since` is what has passed since the last one.
    Steps { every: usize, since: usize },
    /// Saves come more often than steps: progress is this part of the curve's, and it may stop at any step.
    Within { factor: f64 },
}

/// What it did up to the horizon.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Before {
    /// Running at a site for so many steps.
    On { site: SiteIndex, steps: usize },
    /// Begun, and paused at a site for so many steps.
    Paused { site: SiteIndex, steps: usize },
    /// Not begun: holds no nodes yet.
    Waiting,
}

impl Before {
    pub fn site(&self) -> Option<SiteIndex> {
        match *self {
            Before::On { site, .. } | Before::Paused { site, .. } => Some(site),
            Before::Waiting => None,
        }
    }
}

/// Mean progress over each `window` steps at least `mean`; `history` is progress before the horizon, newest last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Class {
    pub mean: f64,
    pub window: usize,
    pub history: Vec<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PriorState {
    pub site: SiteIndex,
    pub step: usize,
    pub on: bool,
    pub price: f64,
    /// Whether it ended with a save, and what differing in that costs.
    #[serde(default)]
    pub save: bool,
    #[serde(default)]
    pub save_price: f64,
}

impl Run {
    /// Steps it may be on.
    pub fn window(&self) -> std::ops::Range<usize> {
        self.release..self.deadline
    }

    pub fn begun(&self) -> bool {
        !matches!(self.before, Before::Waiting)
    }

    /// The steps in its window can hold more than it needs: it may finish.
    pub fn may_finish(&self, step_hours: f64) -> bool {
        let most = step_hours * (self.deadline - self.release) as f64;
        self.need_hours.is_some_and(|need| need < most)
    }

    /// Rated hours it can use in the horizon.
    pub fn useful_hours(&self, step_hours: f64) -> f64 {
        let most = step_hours * (self.deadline - self.release) as f64;
        self.need_hours.map_or(most, |need| need.min(most))
    }

    /// Progress at a power, both as parts of rated, without the cost of saves.
    pub fn progress(&self, power: f64) -> f64 {
        let pieces = self.curve.windows(2).map(|pair| {
            let ((p, y), (q, z)) = (pair[0], pair[1]);
            y + (z - y) / (q - p) * (power - p)
        });
        pieces.fold(f64::INFINITY, f64::min)
    }

    /// What is left of progress beside saves that no step shows.
    pub fn factor(&self) -> f64 {
        match self.checkpoint {
            Checkpoint::Steps { .. } => 1.0,
            Checkpoint::Within { factor } => factor,
        }
    }

    /// Most it draws in a step, whatever it does.
    pub fn most_mw(&self) -> f64 {
        self.rated_mw * self.cap.max(1.0) + self.save_mw + self.restart_mw + self.paused_mw
    }
}

/// Parts of each of the steps that something of `hours` takes, from its first.
pub(crate) fn parts(hours: f64, step_hours: f64) -> Vec<f64> {
    let left = std::iter::successors(Some(hours / step_hours), |left| Some(left - 1.0));
    left.take_while(|left| *left > 1e-12).map(|left| left.min(1.0)).collect()
}
