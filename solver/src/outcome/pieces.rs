//! What a plan has for divisible work, jobs and storage, and firm load beyond what a site carries.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Placement {
    pub work: usize,
    pub site: usize,
    pub step: usize,
    pub mw: f64,
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
    pub site: usize,
    pub step: usize,
    pub mw: f64,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct JobOutcome {
    /// Site, step, how many start there.
    pub starts: Vec<(usize, usize, u32)>,
    pub missed: u32,
}

/// Facility MW by step, and MWh held at each step's end.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct StorageOutcome {
    pub charge_clean: Vec<f64>,
    pub charge_grid: Vec<f64>,
    pub discharge_clean: Vec<f64>,
    pub discharge_other: Vec<f64>,
    pub clean_mwh: Vec<f64>,
    pub other_mwh: Vec<f64>,
}
