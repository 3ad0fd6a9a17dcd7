//! Decisions taken already, or ruled out: what a plan is compared with, piece by piece.

use super::Problem;
use super::check::{self, Checked, not_negative, shape};
use serde::{Deserialize, Serialize};

/// A range that a decision must lie in. Only the solver keeps to pins: doing nothing and the greedy plan know none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Pin {
    /// IT MW of divisible work at a site in a step.
    Place { work: usize, site: usize, step: usize, least_mw: f64, most_mw: f64 },
    /// Units of a job that start at a site in a step.
    Start { job: usize, site: usize, step: usize, least: u32, most: u32 },
}

pub(super) fn check(problem: &Problem) -> Checked {
    for pin in &problem.pins {
        match *pin {
            Pin::Place { work, site, step, least_mw, most_mw } => {
                check::index("pin work", work, problem.work.len())?;
                let w = &problem.work[work];
                let inside = w.sites.contains(&site) && (w.release..w.deadline).contains(&step);
                shape("pin", inside, "it lies outside the sites or the window of its work")?;
                not_negative("pin least_mw", least_mw)?;
                shape("pin", least_mw <= most_mw, "its least is more than its most")?;
            }
            Pin::Start { job, site, step, least, most } => {
                check::index("pin job", job, problem.jobs.len())?;
                let j = &problem.jobs[job];
                let inside = j.sites.contains(&site) && j.starts().contains(&step);
                shape("pin", inside, "it lies outside the sites or the starts of its job")?;
                shape("pin", least <= most, "its least is more than its most")?;
            }
        }
    }
    Ok(())
}
