//! What a plan has for divisible work, jobs, training and storage, and firm load beyond what a site carries.

use crate::problem::{Job, Problem, Run, parts};
use ids::{SiteIndex, WorkIndex};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Placement {
    pub work: WorkIndex,
    pub site: SiteIndex,
    pub step: usize,
    pub mw: f64,
}

/// Those of one piece: placements are sorted by work.
pub(crate) fn of_work(placements: &[Placement], w: WorkIndex) -> &[Placement] {
    &placements[placements.partition_point(|p| p.work < w)..placements.partition_point(|p| p.work <= w)]
}

/// By work, step and site; what is placed in two parts there is one.
pub(crate) fn merged(mut placements: Vec<Placement>) -> Vec<Placement> {
    placements.sort_by_key(|p| (p.work, p.step, p.site));
    placements.dedup_by(|next, kept| {
        let same = (next.work, next.step, next.site) == (kept.work, kept.step, kept.site);
        if same {
            kept.mw += next.mw;
        }
        same
    });
    placements
}

/// Firm load alone exceeds what the site can carry, by this much IT power.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Overload {
    pub site: SiteIndex,
    pub step: usize,
    pub mw: f64,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct JobOutcome {
    /// Site, step, how many start there.
    pub starts: Vec<(SiteIndex, usize, u32)>,
    pub missed: u32,
}

impl JobOutcome {
    /// How many start at a site in a step.
    pub(crate) fn started(&self, (site, step): (SiteIndex, usize)) -> f64 {
        self.starts.iter().filter(|s| (s.0, s.1) == (site, step)).map(|s| f64::from(s.2)).sum()
    }

    /// Step and site of each that starts, in order.
    pub fn each_start(&self) -> Vec<(usize, SiteIndex)> {
        let each = self.starts.iter().flat_map(|&(site, step, count)| vec![(step, site); count as usize]);
        let mut each: Vec<(usize, SiteIndex)> = each.collect();
        each.sort_unstable();
        each
    }

    /// The first step by which all of them are complete; none where some are missed.
    pub(crate) fn complete(&self, job: &Job) -> Option<usize> {
        self.starts.iter().map(|s| s.1 + job.steps).max().filter(|_| self.missed == 0)
    }

    /// So many more start at a site in a step.
    pub(crate) fn add(&mut self, (site, step): (SiteIndex, usize), count: u32) {
        match self.starts.iter_mut().find(|s| (s.0, s.1) == (site, step)) {
            Some(alike) => alike.2 += count,
            None => self.starts.push((site, step, count)),
        }
    }
}

/// One step of a training run.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct RunStep {
    /// Where it is, running or with its nodes held.
    pub site: Option<SiteIndex>,
    pub on: bool,
    /// Comes back from a pause in this step.
    pub start: bool,
    /// Ends with a checkpoint.
    pub save: bool,
    /// IT power that trains, and IT power in all.
    pub train_mw: f64,
    pub mw: f64,
    /// Part of a rated step's tokens.
    pub progress: f64,
    pub done: bool,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RunOutcome {
    /// One for each step of the horizon.
    pub steps: Vec<RunStep>,
    pub pauses: usize,
    /// Rated hours not made that it could have used, and those its deadline will lack.
    pub lost_hours: f64,
    pub late_hours: f64,
}

/// IT power in all: training, saves, restarts, held nodes. Transit between sites is in `transit_mw`.
pub(crate) fn overheads(problem: &Problem, run: &Run, steps: &mut [RunStep]) {
    let h = problem.step_hours;
    for step in steps.iter_mut() {
        step.mw = step.train_mw;
        if step.site.is_some() && !step.on {
            step.mw += run.paused_mw;
        }
    }
    for t in 0..steps.len() {
        if steps[t].save {
            let before = steps[..=t].iter_mut().rev().zip(parts(run.save_h, h));
            before.for_each(|(step, part)| step.mw += run.save_mw * part);
        }
        if steps[t].start {
            let after = steps[t..].iter_mut().zip(parts(run.restart_h, h));
            after.for_each(|(step, part)| step.mw += run.restart_mw * part);
        }
    }
}

/// Facility MW by step, and MWh held at each step's end; or their columns in a model.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct StorageOutcome<T = f64> {
    pub charge_clean: Vec<T>,
    pub charge_grid: Vec<T>,
    pub discharge_clean: Vec<T>,
    pub discharge_other: Vec<T>,
    pub clean_mwh: Vec<T>,
    pub other_mwh: Vec<T>,
}
