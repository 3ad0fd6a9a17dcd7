//! What a previous plan has.

use crate::outcome::{Outcome, Placement, RunStep};
use ids::SiteIndex;
use serde::{Deserialize, Serialize};

/// What a previous plan has for the pieces of a problem, in the problem's own numbers. What no longer fits them is left out.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PreviousPlan {
    /// Of divisible work.
    pub placements: Vec<Placement>,
    /// By job: site, step, how many start there.
    pub jobs: Vec<Vec<(SiteIndex, usize, u32)>>,
    /// By run, in order of steps; empty where the plan says nothing of it.
    pub runs: Vec<Vec<PreviousStep>>,
    /// The gap that the last whole search ended with, where that is known.
    #[serde(default)]
    pub searched_gap: Option<f64>,
}

impl PreviousPlan {
    /// What a plan has for its own problem.
    pub fn of(plan: &Outcome) -> PreviousPlan {
        let step = |(step, made): (usize, &RunStep)| {
            let &RunStep { on, save, mw, .. } = made;
            made.site.map(|site| PreviousStep { site, step, on, save, mw })
        };
        PreviousPlan {
            placements: plan.placements.clone(),
            jobs: plan.jobs.iter().map(|made| made.starts.clone()).collect(),
            runs: plan.runs.iter().map(|made| made.steps.iter().enumerate().filter_map(step).collect()).collect(),
            searched_gap: plan.searched.map(|searched| searched.gap),
        }
    }
}

/// Where a previous plan had a run in a step.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PreviousStep {
    pub site: SiteIndex,
    pub step: usize,
    /// Running, or paused with its nodes held.
    pub on: bool,
    /// It ends with a checkpoint.
    pub save: bool,
    /// IT power in all.
    pub mw: f64,
}
