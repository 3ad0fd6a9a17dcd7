//! Batch work: divisible pieces, jobs that run in one go, which waits for which, and where either is pinned.

use super::pool::Gpus;
use ids::{JobIndex, RunIndex, SiteIndex, WorkId, WorkIndex};
use serde::{Deserialize, Serialize};

/// Energy that may be split over sites and steps.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Work {
    pub id: WorkId,
    pub sites: Vec<SiteIndex>,
    pub release: usize,
    /// Exclusive.
    pub deadline: usize,
    pub energy_mwh: f64,
    pub max_mw: f64,
    pub miss_price_per_mwh: f64,
    pub later: Option<Later>,
    /// GPUs held per IT MW.
    #[serde(default)]
    pub gpus: Option<Gpus>,
    /// Where a previous plan put it, and what leaving that costs.
    #[serde(default)]
    pub prior: Vec<Prior>,
}

/// The deadline lies beyond the horizon: this much may be left for after it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Later {
    pub max_mwh: f64,
    pub cost_per_mwh: f64,
}

/// `price * |x - mw|` per MWh at one site and step; `mw` is zero where the previous plan had nothing there.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Prior {
    pub site: SiteIndex,
    pub step: usize,
    pub mw: f64,
    pub price_per_mwh: f64,
}

/// Work that runs in one go at one site: `count` alike, each starting on its own.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Job {
    pub id: WorkId,
    pub sites: Vec<SiteIndex>,
    pub release: usize,
    /// Exclusive: its last step lies before.
    pub deadline: usize,
    /// Steps it takes, the last one for a part of `last` only.
    pub steps: usize,
    pub last: f64,
    /// IT power of one.
    pub mw: f64,
    pub count: u32,
    /// Of one not run, whole.
    pub miss_price: f64,
    /// Steps its place stays taken after its expected end: it may run longer.
    #[serde(default)]
    pub tail: usize,
    /// GPUs held by one.
    #[serde(default)]
    pub gpus: Option<Gpus>,
    /// Runs already: (site, steps left), no choice.
    #[serde(default)]
    pub running: Option<usize>,
    /// Where a previous plan had all of them start, and what each that does not costs.
    #[serde(default)]
    pub prior: Option<PriorStart>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PriorStart {
    pub site: SiteIndex,
    pub step: usize,
    pub price: f64,
}

impl Job {
    /// Starts that leave room for the whole of it.
    pub fn starts(&self) -> std::ops::Range<usize> {
        if self.running.is_some() {
            return self.release..self.release + 1;
        }
        self.release..(self.deadline + 1).saturating_sub(self.steps)
    }

    /// Steps of the horizon in which the place of one is taken.
    pub fn place(&self, start: usize, steps: usize) -> std::ops::Range<usize> {
        start..(start + self.steps + self.tail).min(steps)
    }

    /// Energy drawn in a step, as a part of `mw`, `since` steps after its start.
    pub fn part(&self, since: usize) -> f64 {
        match (since + 1).cmp(&self.steps) {
            std::cmp::Ordering::Less => 1.0,
            std::cmp::Ordering::Equal => self.last,
            std::cmp::Ordering::Greater => 0.0,
        }
    }

    pub fn energy_mwh(&self, step_hours: f64) -> f64 {
        step_hours * self.mw * (self.steps as f64 - 1.0 + self.last)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Piece {
    Work(WorkIndex),
    Job(JobIndex),
    /// Training: it waits while it has not begun, and is complete when it has all it needs.
    Run(RunIndex),
}

/// `then` starts only when `first` is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct After {
    pub first: Piece,
    pub then: Piece,
}

/// A range that a decision must lie in. Only the solver keeps to pins: the baseline and the greedy plan know none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Pin {
    /// IT MW of divisible work at a site in a step.
    Place { work: WorkIndex, site: SiteIndex, step: usize, least_mw: f64, most_mw: f64 },
    /// Units of a job that start at a site in a step.
    Start { job: JobIndex, site: SiteIndex, step: usize, least: u32, most: u32 },
}
