//! A plan of jobs improved part by part: some jobs of one site are free at the starts that the relaxation's prices find
//! cheapest, as an integer problem beside everything else as it stands.

use super::backend::{Backend, Limits};
use super::highs::HighsBackend;
use super::integers::fix_jobs;
use super::read::solve_linear;
use crate::gangs::Relaxed;
use crate::model::{LinearModel, RawSolution, Starts, StorageIntegers, Terms, rules};
use crate::outcome::JobOutcome;
use crate::problem::Problem;
use std::cmp::Reverse;

/// Jobs that are free at once at most.
const FREE: usize = 120;

/// Starts of a job that are tried beside where it is, and where the relaxation has more than such a part of it.
const CHEAPEST: usize = 4;
const PART: f64 = 1e-3;

/// Nodes of one search, and what part of the whole time it may take.
const NODES: u64 = 20;
const OF_ALL_TIME: f64 = 0.05;

/// Searches in all, and how often all parts are gone through, each time with other jobs together.
const SEARCHES: usize = 16;
const PASSES: usize = 3;

/// A part that loses less than this of the whole is left alone.
const WORTH: f64 = 2e-5;

/// A plan must be better by this part of it to stand instead.
const BETTER: f64 = 1e-9;

/// Where jobs start.
type At = Vec<(usize, usize)>;

/// A plan of jobs as good or better, from a search that two threads share: always two parts at once, whatever the machine.
/// `over`: whether time is up; `tell`: who is told of better plans.
pub(super) fn polish(
    (problem, terms): (&Problem, &Terms),
    relaxed: &Relaxed,
    jobs: Vec<JobOutcome>,
    (limits, over): (&Limits, Option<&(dyn Fn() -> bool + Sync)>),
    tell: &dyn Fn(f64),
) -> Vec<JobOutcome> {
    let candidates = (0..problem.jobs.len()).map(|j| cheapest(relaxed, j)).collect();
    let mut polish = Polish { problem, terms, relaxed, limits: *limits, candidates, jobs, objective: f64::INFINITY };
    let Some(objective) = polish.cost(&polish.jobs) else { return polish.jobs };
    polish.objective = objective;
    let mut searches = 0;
    for pass in 0..PASSES {
        for pair in polish.parts(pass).chunks(2) {
            if over.is_some_and(|over| over()) || searches >= SEARCHES || polish.is_near_enough() {
                return polish.jobs;
            }
            searches += pair.len();
            if polish.improve(pair) {
                tell(polish.objective);
            }
        }
    }
    polish.jobs
}

struct Polish<'a> {
    problem: &'a Problem,
    terms: &'a Terms,
    relaxed: &'a Relaxed,
    limits: Limits,
    /// By job.
    candidates: Vec<At>,
    jobs: Vec<JobOutcome>,
    objective: f64,
}

impl Polish<'_> {
    fn is_near_enough(&self) -> bool {
        self.objective - self.relaxed.bound <= self.limits.gap * self.objective.abs().max(1.0)
    }

    /// Sets of jobs to set free, no job in two of the same kind: around each missed job those that run where it could, then
    /// the jobs of each site in the order of time, cut elsewhere from pass to pass; what loses most comes first.
    fn parts(&self, pass: usize) -> Vec<Vec<usize>> {
        let missed = (0..self.jobs.len()).filter(|&j| self.jobs[j].missed > 0 && !self.candidates[j].is_empty());
        let missed = missed.map(|j| self.around(j));
        let in_time = (0..self.problem.sites.len()).flat_map(|site| self.in_order_of_time(site, pass));
        let mut parts: Vec<(f64, Vec<usize>)> =
            missed.chain(in_time).map(|part| (part.iter().map(|&j| self.loss(j)).sum(), part)).collect();
        parts.retain(|part| part.0 > WORTH * self.objective.abs());
        parts.sort_by(|a, b| b.0.total_cmp(&a.0));
        parts.into_iter().map(|part| part.1).collect()
    }

    fn in_order_of_time(&self, site: usize, pass: usize) -> Vec<Vec<usize>> {
        let mut mine: Vec<usize> = (0..self.problem.jobs.len()).filter(|&j| self.is_free_at(j, site)).collect();
        mine.sort_by_key(|&j| (self.middle(j), j));
        let size = mine.len().div_ceil(mine.len().div_ceil(FREE).max(1)).max(1);
        let (first, rest) = mine.split_at(size * pass / PASSES);
        std::iter::once(first).chain(rest.chunks(size)).filter(|part| !part.is_empty()).map(<[usize]>::to_vec).collect()
    }

    fn is_free_at(&self, j: usize, site: usize) -> bool {
        let job = &self.problem.jobs[j];
        job.running.is_none() && job.sites.first() == Some(&site) && !self.candidates[j].is_empty()
    }

    /// Twice the step in the middle of where it runs, or of where it may.
    fn middle(&self, j: usize) -> usize {
        let job = &self.problem.jobs[j];
        self.jobs[j].starts.first().map_or(job.release + job.deadline, |start| 2 * start.1 + job.steps)
    }

    /// A missed job and those that run where it could, for longest first.
    fn around(&self, missed: usize) -> Vec<usize> {
        let job = &self.problem.jobs[missed];
        let overlap = |other: usize| {
            let steps = self.problem.jobs[other].steps;
            let during = |start: &(usize, usize, u32)| {
                (start.1 + steps).min(job.deadline).saturating_sub(start.1.max(job.release))
            };
            self.jobs[other].starts.iter().map(during).max().unwrap_or(0)
        };
        let here = |j: &usize| *j != missed && job.sites.first().is_some_and(|&site| self.is_free_at(*j, site));
        let others = (0..self.problem.jobs.len()).filter(here).map(|j| (Reverse(overlap(j)), j));
        let mut others: Vec<(Reverse<usize>, usize)> = others.filter(|(overlap, _)| overlap.0 > 0).collect();
        others.sort_unstable();
        others.truncate(FREE - 1);
        others.into_iter().map(|(_, j)| j).chain([missed]).collect()
    }

    /// What a job costs, where it is, beyond its cheapest start at the relaxation's prices.
    fn loss(&self, j: usize) -> f64 {
        let (job, costs) = (&self.problem.jobs[j], &self.relaxed.costs[j]);
        let least = costs.iter().copied().fold(job.miss_price, f64::min);
        let started = self.jobs[j].starts.iter().map(|&(site, step, count)| {
            let at = self.relaxed.starts[j].iter().position(|s| *s == (site, step));
            f64::from(count) * at.map_or(0.0, |at| costs[at] - least)
        });
        started.sum::<f64>() + f64::from(self.jobs[j].missed) * (job.miss_price - least)
    }

    /// Whether a plan is better that has one of the parts as found, or all of them.
    fn improve(&mut self, parts: &[Vec<usize>]) -> bool {
        let this = &*self;
        let found: Vec<Option<Vec<JobOutcome>>> = std::thread::scope(|scope| {
            let threads: Vec<_> = parts.iter().map(|part| scope.spawn(|| this.search(part))).collect();
            threads.into_iter().map(|thread| thread.join().ok().flatten()).collect()
        });
        let mut plans: Vec<Vec<JobOutcome>> = found.into_iter().flatten().collect();
        if let [one, other] = &plans[..] {
            let both = one.iter().zip(other).zip(&self.jobs);
            plans.push(both.map(|((one, other), now)| if one == now { other.clone() } else { one.clone() }).collect());
        }
        let before = self.objective;
        for jobs in plans {
            if let Some(objective) = self.cost(&jobs).filter(|&cost| cost < self.objective) {
                (self.jobs, self.objective) = (jobs, objective);
            }
        }
        self.objective < before
    }

    /// The best plan in which all but some jobs stay; none where no better one is found.
    fn search(&self, part: &[usize]) -> Option<Vec<JobOutcome>> {
        let mut starts: Vec<At> = self.jobs.iter().map(places).collect();
        for &j in part {
            starts[j].extend(&self.candidates[j]);
        }
        let mut model = self.model(&starts);
        let now = set_free(&mut model, &self.jobs, part);
        let limits = Limits {
            seconds: self.limits.seconds.map(|seconds| OF_ALL_TIME * seconds),
            iterations: None,
            gap: 0.1 * self.limits.gap,
            nodes: Some(NODES),
        };
        let raw = HighsBackend.solve_from(&model, &limits, &now).ok()?;
        let better = raw.objective < self.objective - BETTER * self.objective.abs();
        (better && raw.x.len() == model.columns.len()).then(|| outcomes(&model, &raw))
    }

    fn model(&self, starts: &[At]) -> LinearModel {
        rules::formulate_with(self.problem, self.terms, &StorageIntegers::default(), Starts::Only(starts))
    }

    /// What everything costs with jobs where they are; none where that cannot be.
    fn cost(&self, jobs: &[JobOutcome]) -> Option<f64> {
        let starts: Vec<At> = jobs.iter().map(places).collect();
        let mut model = self.model(&starts);
        fix_jobs(&mut model, jobs);
        model.columns.iter_mut().for_each(|column| column.integer = false);
        solve_linear(&model, &Limits::default(), &HighsBackend).ok().map(|raw| raw.objective)
    }
}

fn places(made: &JobOutcome) -> At {
    made.starts.iter().map(|start| (start.0, start.1)).collect()
}

/// The starts of a job worth trying.
fn cheapest(relaxed: &Relaxed, j: usize) -> At {
    let (costs, parts) = (&relaxed.costs[j], &relaxed.parts[j]);
    let mut order: Vec<usize> = (0..costs.len()).collect();
    order.sort_by(|&a, &b| costs[a].total_cmp(&costs[b]).then(a.cmp(&b)));
    let kept = order.into_iter().enumerate().filter(|&(rank, start)| rank < CHEAPEST || parts[start] > PART);
    kept.map(|(_, start)| relaxed.starts[j][start]).collect()
}

/// All jobs fixed where they are, but for some; and where all are, as a solution to begin from.
fn set_free(model: &mut LinearModel, jobs: &[JobOutcome], part: &[usize]) -> Vec<f64> {
    let mut fixed = model.clone();
    fix_jobs(&mut fixed, jobs);
    let mut now = vec![0.0; model.columns.len()];
    for (j, keys) in model.keys.jobs.iter().enumerate() {
        let free = part.contains(&j);
        for column in keys.starts.iter().map(|start| start.2).chain([keys.miss]) {
            now[column] = fixed.columns[column].lower;
            if !free {
                (model.columns[column].lower, model.columns[column].upper) = (now[column], now[column]);
            }
        }
    }
    now
}

/// Where jobs start in a solution.
fn outcomes(model: &LinearModel, raw: &RawSolution) -> Vec<JobOutcome> {
    let whole = |column: usize| raw.x[column].round().max(0.0) as u32;
    let jobs = model.keys.jobs.iter().map(|keys| {
        let starts = keys.starts.iter().map(|&(site, step, column)| (site, step, whole(column)));
        JobOutcome { starts: starts.filter(|start| start.2 > 0).collect(), missed: whole(keys.miss) }
    });
    jobs.collect()
}
