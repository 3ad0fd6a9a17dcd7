//! `least <= x + keep <= most` for work pinned at a site and step; `least <= start <= most` for a job's start.

use crate::model::bounds;
use crate::model::given::Given;
use crate::model::linear::LinearModel;
use crate::outcome::JobOutcome;
use crate::problem::{Pin, Problem};
use ids::{Index, JobIndex, SiteIndex};

pub fn add(model: &mut LinearModel, given: &Given) {
    let problem = given.problem;
    for (k, pin) in problem.pins.iter().enumerate() {
        match *pin {
            Pin::Place { work, site, step, least_mw, most_mw } => {
                let Some(position) = problem.work[work].sites.iter().position(|s| *s == site) else { continue };
                let mut entries = vec![(model.keys.place(work, position, step), 1.0)];
                let kept = model.keys.keep[work].iter().filter(|kept| (kept.0, kept.1) == (site, step));
                entries.extend(kept.map(|kept| (kept.2, 1.0)));
                model.rule(bounds::PIN, (k, site, step), (least_mw, most_mw), &entries);
            }
            Pin::Start { job, site, step, least, most } => {
                // Where jobs are placed apart from the model, so are their pins.
                let mut starts = model.keys.jobs.get(job.get()).into_iter().flat_map(|keys| &keys.starts);
                let Some(&(_, _, column)) = starts.find(|s| (s.0, s.1) == (site, step)) else { continue };
                let column = &mut model.columns[column];
                column.lower = column.lower.max(f64::from(least));
                column.upper = column.upper.min(f64::from(most));
            }
        }
    }
}

/// Whether a job is held to some starts, or off one.
pub(crate) fn of_starts(problem: &Problem) -> bool {
    problem.pins.iter().any(|pin| matches!(pin, Pin::Start { .. }))
}

/// The starts (site, step) that pins leave a job, where there is no other like it.
pub(crate) fn left(problem: &Problem, j: JobIndex, mut starts: Vec<(SiteIndex, usize)>) -> Vec<(SiteIndex, usize)> {
    for pin in &problem.pins {
        if let Pin::Start { job, site, step, least, most } = *pin
            && job == j
        {
            starts.retain(|&start| if start == (site, step) { most > 0 } else { least == 0 });
        }
    }
    starts
}

/// Whether as many units of each job start where pins have them as these ask for.
pub(crate) fn kept(problem: &Problem, jobs: &[JobOutcome]) -> bool {
    problem.pins.iter().all(|pin| match *pin {
        Pin::Start { job, site, step, least, most } => {
            let there = jobs[job].starts.iter().filter(|s| (s.0, s.1) == (site, step)).map(|s| s.2).sum();
            (least..=most).contains(&there)
        }
        Pin::Place { .. } => true,
    })
}
