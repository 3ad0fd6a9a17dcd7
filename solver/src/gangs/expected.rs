//! What jobs not placed yet are expected to take, as the relaxation has them, and what a start costs that leads away from
//! that: the squared distance of each site's power from the relaxation's, and GPUs wanted where there are none left.

use super::relaxed::Relaxed;
use crate::heuristic::Room;
use crate::problem::{Job, Problem};
use ids::{BoundaryIndex, Index, JobIndex, SiteIndex};

/// What a GPU-hour costs that is expected to be one too many, as a part of what missing it costs.
const CROWDED: f64 = 0.5;

/// Parts of a job smaller than this are none.
const PART: f64 = 1e-6;

pub(super) struct Expected {
    /// `[pool][step]` and `[account][step]` GPUs of jobs that are not placed yet.
    pools: Vec<Vec<f64>>,
    accounts: Vec<Vec<f64>>,
    /// `[site][step]` IT MW by which jobs, placed and expected, draw more than in the relaxation.
    pub away: Vec<Vec<f64>>,
    /// `[site][step]` IT MW that they draw there.
    pub drawn: Vec<Vec<f64>>,
    /// By site, what a squared MW away costs: a step of the grid for as much as is drawn on average. And how many times that.
    per_square: Vec<f64>,
    stiff: f64,
}

impl Expected {
    pub fn new(problem: &Problem, relaxed: &Relaxed) -> Expected {
        let none = |things: usize| vec![vec![0.0; problem.steps]; things];
        let mut expected = Expected {
            pools: none(problem.pools.len()),
            accounts: none(problem.accounts.len()),
            away: none(problem.sites.len()),
            drawn: Vec::new(),
            per_square: Vec::new(),
            stiff: 1.0,
        };
        JobIndex::all(&problem.jobs).for_each(|j| expected.add(problem, relaxed, j, 1.0));
        expected.drawn = std::mem::replace(&mut expected.away, none(problem.sites.len()));
        let price = price(problem, relaxed);
        let average = |mw: &Vec<f64>| (mw.iter().sum::<f64>() / mw.len() as f64).max(1e-6);
        expected.per_square = expected.drawn.iter().map(|mw| price / average(mw)).collect();
        expected
    }

    /// Everything expected again, and `stiff` times as dear elsewhere.
    pub fn begin(&mut self, problem: &Problem, relaxed: &Relaxed, stiff: f64) {
        self.pools.iter_mut().chain(&mut self.accounts).flatten().for_each(|gpus| *gpus = 0.0);
        JobIndex::all(&problem.jobs).for_each(|j| self.add(problem, relaxed, j, 1.0));
        self.away.iter_mut().flatten().for_each(|mw| *mw = 0.0);
        self.stiff = stiff;
    }

    /// One of a job's units is no longer expected.
    pub fn forget(&mut self, problem: &Problem, relaxed: &Relaxed, j: JobIndex) {
        self.add(problem, relaxed, j, -1.0 / f64::from(problem.jobs[j].count.max(1)));
    }

    fn add(&mut self, problem: &Problem, relaxed: &Relaxed, j: JobIndex, part: f64) {
        let job = &problem.jobs[j];
        for (&(s, start), there) in relaxed.starts[j].iter().zip(&relaxed.parts[j]).filter(|(_, there)| **there > PART)
        {
            let there = part * there;
            (0..job.steps).for_each(|since| self.away[s][start + since] += there * job.mw * job.part(since));
            let Some(gpus) = job.gpus else { continue };
            for t in start..(start + job.steps + job.tail).min(problem.steps) {
                self.pools[gpus.pool][t] += gpus.count * there;
                if let Some(a) = gpus.account {
                    self.accounts[a][t] += gpus.count * there;
                }
            }
        }
    }

    /// What a step of a job costs beyond the relaxation's prices.
    pub fn cost(&self, job: &Job, (site, step): (SiteIndex, usize), room: &Room) -> f64 {
        let distance = job.mw * (2.0 * self.away[site][step] + job.mw);
        self.crowd(job, step, room) + self.stiff * self.per_square[site] * distance
    }

    /// What holding its GPUs in a step costs where more are wanted there than there are.
    fn crowd(&self, job: &Job, step: usize, room: &Room) -> f64 {
        let Some(gpus) = job.gpus else { return 0.0 };
        let hours = gpus.count * (job.steps + job.tail) as f64;
        let price = CROWDED * job.miss_price / hours.max(1e-9);
        let over = |free: f64| (gpus.count - free.max(0.0)).clamp(0.0, gpus.count);
        let (pool, account) = room.free(&gpus, step);
        let mut sum = over(pool - self.pools[gpus.pool][step]);
        if let (Some(a), Some(free)) = (gpus.account, account) {
            sum += over(free - self.accounts[a][step]);
        }
        price * sum
    }
}

/// What the grid costs on average, per MW and step.
fn price(problem: &Problem, relaxed: &Relaxed) -> f64 {
    let keys = &relaxed.beside.keys;
    let cells = BoundaryIndex::all(&problem.boundaries).flat_map(|b| (0..problem.steps).map(move |t| (b, t)));
    let sum: f64 = cells.map(|(b, t)| relaxed.beside.columns[keys.grid(b, t)].cost.abs()).sum();
    (sum / (problem.boundaries.len() * problem.steps).max(1) as f64).max(1e-6)
}
