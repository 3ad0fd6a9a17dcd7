//! `least <= x + keep <= most` for work pinned at a site and step; `least <= start <= most` for a job's start.

use crate::model::given::Given;
use crate::model::linear::LinearModel;
use crate::problem::Pin;
use ids::Index;

pub fn add(model: &mut LinearModel, given: &Given) {
    let problem = given.problem;
    for (k, pin) in problem.pins.iter().enumerate() {
        match *pin {
            Pin::Place { work, site, step, least_mw, most_mw } => {
                let Some(position) = problem.work[work].sites.iter().position(|s| *s == site) else { continue };
                let mut entries = vec![(model.keys.place(work, position, step), 1.0)];
                let kept = model.keys.keep[work].iter().filter(|kept| (kept.0, kept.1) == (site, step));
                entries.extend(kept.map(|kept| (kept.2, 1.0)));
                model.rule("pin", (k, site, step), (least_mw, most_mw), &entries);
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
