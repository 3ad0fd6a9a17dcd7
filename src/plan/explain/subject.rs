//! The piece asked about, as the problem holds it.

use crate::plan::basis::Basis;
use crate::plan::common::{Index, JobIndex, Outcome, RunIndex, SiteIndex, WorkId, WorkIndex};

/// What the problem makes of the piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Work(WorkIndex),
    /// One of a job's alike, and which: starts go to members in their order.
    Job {
        job: JobIndex,
        first: u32,
        count: u32,
    },
    Run(RunIndex),
}

impl Subject {
    pub fn find(basis: &Basis, id: &WorkId) -> Option<Self> {
        let work = WorkIndex::find(&basis.work, |w| w == id).map(Self::Work);
        let run = || RunIndex::find(&basis.runs, |r| r == id).map(Self::Run);
        work.or_else(run).or_else(|| {
            // Of an array, what has not begun: what runs has no choice.
            let running = |job: &JobIndex| basis.problem.jobs[*job].running.is_some();
            let (run, free): (Vec<JobIndex>, Vec<JobIndex>) = JobIndex::all(&basis.jobs).partition(running);
            free.into_iter().chain(run).find_map(|job| {
                let members = &basis.jobs[job];
                let at = members.iter().position(|m| m.0 == *id)?;
                let first = members[..at].iter().map(|m| m.1).sum();
                Some(Self::Job { job, first, count: members[at].1 })
            })
        })
    }

    pub fn kind(&self) -> &'static str {
        match self {
            Self::Work(_) => "work",
            Self::Job { .. } => "job",
            Self::Run(_) => "training",
        }
    }

    pub fn sites<'a>(&self, basis: &'a Basis) -> &'a [SiteIndex] {
        self.room(basis).0
    }

    /// Sites and steps it may use.
    pub fn window(&self, basis: &Basis) -> Vec<(SiteIndex, usize)> {
        let (sites, from, deadline) = self.room(basis);
        let to = deadline.min(basis.problem.steps);
        sites.iter().flat_map(|site| (from..to).map(|step| (*site, step))).collect()
    }

    /// Its sites, its release and its deadline.
    fn room<'a>(&self, basis: &'a Basis) -> (&'a [SiteIndex], usize, usize) {
        let solver::Problem { work, jobs, runs, .. } = &basis.problem;
        match *self {
            Self::Work(w) => (&work[w].sites, work[w].release, work[w].deadline),
            Self::Job { job, .. } => (&jobs[job].sites, jobs[job].release, jobs[job].deadline),
            Self::Run(r) => (&runs[r].sites, runs[r].release, runs[r].deadline),
        }
    }

    /// Site, step, IT MW of it in an outcome, in order.
    pub fn steps(&self, basis: &Basis, outcome: &Outcome) -> Vec<(SiteIndex, usize, f64)> {
        let mut steps = match *self {
            Self::Work(w) => {
                outcome.placements.iter().filter(|p| p.work == w).map(|p| (p.site, p.step, p.mw)).collect()
            }
            Self::Job { job, .. } => {
                let of = &basis.problem.jobs[job];
                let mut steps: Vec<(SiteIndex, usize, f64)> = Vec::new();
                for (start, site) in self.starts(outcome) {
                    for since in 0..of.steps {
                        let mw = of.mw * of.part(since);
                        match steps.iter_mut().find(|s| (s.0, s.1) == (site, start + since)) {
                            Some(step) => step.2 += mw,
                            None => steps.push((site, start + since, mw)),
                        }
                    }
                }
                steps
            }
            Self::Run(r) => {
                let made = outcome.runs[r].steps.iter().enumerate();
                made.filter_map(|(t, s)| s.site.map(|site| (site, t, s.mw))).collect()
            }
        };
        steps.sort_by_key(|s| (s.0, s.1));
        steps
    }

    /// Step and site of each of its units.
    pub fn starts(&self, outcome: &Outcome) -> Vec<(usize, SiteIndex)> {
        let Self::Job { job, first, count } = *self else { return Vec::new() };
        outcome.jobs[job].each_start().into_iter().skip(first as usize).take(count as usize).collect()
    }
}
