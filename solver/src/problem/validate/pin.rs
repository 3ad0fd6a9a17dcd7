//! Pins: inside what they pin.

use super::fields::{self, Checked, not_negative, shape};
use crate::problem::instance::Problem;
use crate::problem::pin::Pin;

pub(super) fn check(problem: &Problem) -> Checked {
    for pin in &problem.pins {
        match *pin {
            Pin::Place { work, site, step, least_mw, most_mw } => {
                fields::index("pin work", work, problem.work.len())?;
                let w = &problem.work[work];
                let inside = w.sites.contains(&site) && (w.release..w.deadline).contains(&step);
                shape("pin", inside, "it lies outside the sites or the window of its work")?;
                not_negative("pin least_mw", least_mw)?;
                shape("pin", least_mw <= most_mw, "its least is more than its most")?;
            }
            Pin::Start { job, site, step, least, most } => {
                fields::index("pin job", job, problem.jobs.len())?;
                let j = &problem.jobs[job];
                let inside = j.sites.contains(&site) && j.starts().contains(&step);
                shape("pin", inside, "it lies outside the sites or the starts of its job")?;
                shape("pin", least <= most, "its least is more than its most")?;
            }
        }
    }
    Ok(())
}
