//! Jobs: each once, whole, in its window; and the order of what waits for what.

use super::compare::{Checked, at_most, counted, ensure};
use crate::outcome::Outcome;
use crate::problem::{Piece, Problem};
use ids::{Index, WorkId};

pub(super) fn check(problem: &Problem, outcome: &Outcome) -> Checked {
    counted(|| "jobs in the plan".to_string(), outcome.jobs.len(), problem.jobs.len())?;
    for (job, made) in problem.jobs.iter().zip(&outcome.jobs) {
        let mut count = made.missed;
        for &(site, step, alike) in &made.starts {
            count += alike;
            let name = || format!("job {} at a site it may not use", job.id);
            ensure(job.sites.contains(&site), name, site.get() as f64, 0.0)?;
            let name = || format!("job {} starts outside its window", job.id);
            ensure(job.starts().contains(&step), name, step as f64, job.release as f64)?;
        }
        let all = count == job.count && !(job.running.is_some() && made.missed > 0);
        ensure(all, || format!("count of job {}", job.id), f64::from(count), f64::from(job.count))?;
    }
    for after in &problem.after {
        let begins = begins(problem, outcome, after.then);
        if let Some(begin) = begins {
            let end = completes(problem, outcome, after.first);
            let name = || format!("what {} waits for", name(problem, after.then));
            at_most(name, end.map_or(f64::INFINITY, |end| end as f64), begin as f64)?;
        }
    }
    Ok(())
}

fn name(problem: &Problem, piece: Piece) -> &WorkId {
    match piece {
        Piece::Work(w) => &problem.work[w].id,
        Piece::Job(j) => &problem.jobs[j].id,
        Piece::Run(r) => &problem.runs[r].id,
    }
}

fn begins(problem: &Problem, outcome: &Outcome, piece: Piece) -> Option<usize> {
    match piece {
        Piece::Work(w) => {
            // A trace of power is a solver's last bits.
            let least = 1e-6 * problem.work[w].max_mw.max(1.0);
            outcome.placements.iter().filter(|p| p.work == w && p.mw > least).map(|p| p.step).min()
        }
        Piece::Job(j) => outcome.jobs[j].starts.iter().map(|s| s.1).min(),
        Piece::Run(r) if problem.runs[r].begun() => None,
        Piece::Run(r) => outcome.runs[r].steps.iter().position(|s| s.on),
    }
}

/// The first step by which a piece is complete; none where it misses something.
fn completes(problem: &Problem, outcome: &Outcome, piece: Piece) -> Option<usize> {
    match piece {
        Piece::Work(w) => {
            let work = &problem.work[w];
            let mut left = work.energy_mwh * (1.0 - 1e-6);
            let mut steps: Vec<_> = outcome.placements.iter().filter(|p| p.work == w).collect();
            steps.sort_by_key(|p| p.step);
            if left <= 0.0 {
                return Some(0);
            }
            steps.into_iter().find_map(|p| {
                left -= problem.step_hours * p.mw;
                (left <= 0.0).then_some(p.step + 1)
            })
        }
        Piece::Job(j) => outcome.jobs[j].complete(&problem.jobs[j]),
        Piece::Run(r) => outcome.runs[r].steps.iter().position(|s| s.done),
    }
}
