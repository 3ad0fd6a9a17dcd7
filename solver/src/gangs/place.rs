//! A plan of jobs as it grows: where each starts, what that leaves of every limit, and what one more start would cost.

use super::relaxed::Relaxed;
use super::supply::Supply;
use crate::heuristic::Room;
use crate::model::Terms;
use crate::problem::{Job, Piece, Problem};

/// Power and GPUs short by less than this are a matter of rounding.
const ROUNDING: f64 = 1e-9;

/// A start: its number among those of its job.
pub(super) type Start = usize;

/// What the best start is chosen by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// What it costs as others stand.
    Cost,
    /// The same, and how crowded it is expected to be.
    Expected,
    /// The relaxation's prices, which know what room will be wanted.
    Prices,
}

pub(super) struct Place<'a> {
    pub problem: &'a Problem,
    pub relaxed: &'a Relaxed,
    supply: Supply,
    room: Room<'a>,
    /// `[boundary][step]` facility MW of everything.
    load: Vec<Vec<f64>>,
    /// One of a job by number: an array has several.
    pub job_of: Vec<usize>,
    pub units_of: Vec<Vec<usize>>,
    pub at: Vec<Option<Start>>,
    firsts: Vec<Vec<usize>>,
    thens: Vec<Vec<usize>>,
    /// By job, the first step in which it is too late for what waits for it.
    latest: Vec<usize>,
    /// What jobs not placed yet are expected to take, as the relaxation has them: power is part of `load`.
    expected: Expected,
    /// By site and by account, units that could be there.
    pub of_site: Vec<Vec<usize>>,
    pub of_account: Vec<Vec<usize>>,
    /// `[site][step]` IT MW by which jobs, placed and expected, draw more than in the relaxation; and what that costs.
    away: Vec<Vec<f64>>,
    soft: Vec<f64>,
    stiff: f64,
    buffer: Vec<f64>,
}

/// GPUs by step.
struct Expected {
    pools: Vec<Vec<f64>>,
    accounts: Vec<Vec<f64>>,
}

/// What a GPU-hour costs that is expected to be one too many, as a part of what missing it costs.
const CROWDED: f64 = 0.5;

impl<'a> Place<'a> {
    pub fn new(problem: &'a Problem, terms: &Terms, relaxed: &'a Relaxed) -> Place<'a> {
        let none = |things: usize| vec![vec![0.0; problem.steps]; things];
        let mut jobs = none(problem.boundaries.len());
        let mut expected = Expected { pools: none(problem.pools.len()), accounts: none(problem.accounts.len()) };
        for j in 0..problem.jobs.len() {
            spread(problem, relaxed, j, 1.0, (&mut jobs, &mut expected));
        }
        let supply = Supply::new(problem, terms, relaxed, &jobs);
        let mut load = supply.base.clone();
        load.iter_mut().flatten().zip(jobs.iter().flatten()).for_each(|(load, mw)| *load += mw);
        let (mut job_of, mut units_of) = (Vec::new(), vec![Vec::new(); problem.jobs.len()]);
        for (j, job) in problem.jobs.iter().enumerate().filter(|(_, job)| job.running.is_none()) {
            for _ in 0..job.count {
                units_of[j].push(job_of.len());
                job_of.push(j);
            }
        }
        let (mut firsts, mut thens) = (vec![Vec::new(); problem.jobs.len()], vec![Vec::new(); problem.jobs.len()]);
        for after in &problem.after {
            if let (Piece::Job(first), Piece::Job(then)) = (after.first, after.then) {
                firsts[then].push(first);
                thens[first].push(then);
            }
        }
        let mut room = Room::new(problem);
        for job in problem.jobs.iter().filter(|job| job.running.is_some()) {
            (0..job.count).for_each(|_| room.hold_job(job, (job.sites[0], job.release), 1.0));
        }
        room.hold_placements(&relaxed.placements);
        let mut of_site = vec![Vec::new(); problem.sites.len()];
        let mut of_account = vec![Vec::new(); problem.accounts.len()];
        for (unit, &j) in job_of.iter().enumerate() {
            let job = &problem.jobs[j];
            job.sites.iter().for_each(|&s| of_site[s].push(unit));
            job.gpus.and_then(|g| g.account).into_iter().for_each(|a| of_account[a].push(unit));
        }
        Place {
            load,
            expected,
            latest: latest(problem),
            away: vec![vec![0.0; problem.steps]; problem.sites.len()],
            soft: softness(problem, relaxed),
            stiff: 1.0,
            of_site,
            of_account,
            at: vec![None; job_of.len()],
            buffer: vec![0.0; problem.steps + 1],
            problem,
            relaxed,
            supply,
            room,
            job_of,
            units_of,
            firsts,
            thens,
        }
    }

    pub fn job(&self, unit: usize) -> &'a Job {
        &self.problem.jobs[self.job_of[unit]]
    }

    pub fn start_of(&self, unit: usize, start: Start) -> (usize, usize) {
        self.relaxed.starts[self.job_of[unit]][start]
    }

    /// Whether something that waits for it, or that it waits for, is placed.
    pub fn tied(&self, unit: usize) -> bool {
        let j = self.job_of[unit];
        !self.thens[j].is_empty() || !self.firsts[j].is_empty()
    }

    /// Steps in which it may start, as others stand: none where what it waits for is not complete.
    fn window(&self, unit: usize) -> Option<(usize, usize)> {
        let j = self.job_of[unit];
        let (mut from, mut to) = (0, self.latest[j]);
        for &first in &self.firsts[j] {
            let job = &self.problem.jobs[first];
            if job.running.is_some() {
                from = from.max(job.release + job.steps);
            }
            for &u in &self.units_of[first] {
                from = from.max(self.start_of(u, self.at[u]?).1 + job.steps);
            }
        }
        for &then in &self.thens[j] {
            for &u in &self.units_of[then] {
                if let Some(start) = self.at[u] {
                    to = to.min((self.start_of(u, start).1 + 1).saturating_sub(self.job(unit).steps));
                }
            }
        }
        (from < to).then_some((from, to))
    }

    /// How much drawing otherwise than the relaxation costs.
    pub fn stiffen(&mut self, by: f64) {
        self.stiff = by;
    }

    /// Nothing is placed, and everything expected where the relaxation has it.
    pub fn clear(&mut self) {
        for unit in 0..self.at.len() {
            self.remove(unit);
        }
        for j in 0..self.problem.jobs.len() {
            spread(self.problem, self.relaxed, j, 1.0, (&mut self.load, &mut self.expected));
        }
        self.away.iter_mut().flatten().for_each(|mw| *mw = 0.0);
    }

    /// A job is no longer expected where the relaxation has it: it has been placed, or is missed.
    pub fn forget(&mut self, unit: usize) {
        let j = self.job_of[unit];
        let part = -1.0 / f64::from(self.problem.jobs[j].count.max(1));
        away(self.problem, self.relaxed, j, part, &mut self.away);
        spread(self.problem, self.relaxed, j, part, (&mut self.load, &mut self.expected));
    }

    /// What holding its GPUs in a step costs where more are wanted there than there are.
    fn crowd(&self, job: &Job, step: usize) -> f64 {
        let Some(gpus) = job.gpus else { return 0.0 };
        let hours = gpus.count * (job.steps + job.tail) as f64;
        let price = CROWDED * job.miss_price / hours.max(1e-9);
        let over = |free: f64| (gpus.count - free.max(0.0)).clamp(0.0, gpus.count);
        let (pool, account) = self.room.free(&gpus, step);
        let mut sum = over(pool - self.expected.pools[gpus.pool][step]);
        if let (Some(a), Some(free)) = (gpus.account, account) {
            sum += over(free - self.expected.accounts[a][step]);
        }
        price * sum
    }

    /// The cheapest start there is room for, and what it costs; none where there is none.
    pub fn best(&mut self, unit: usize, by: By) -> Option<(f64, Start)> {
        let (from, to) = self.window(unit)?;
        let j = self.job_of[unit];
        let (problem, relaxed) = (self.problem, self.relaxed);
        let job = &problem.jobs[j];
        let starts = &relaxed.starts[j];
        let (mut best, mut least): (Option<(f64, Start)>, f64) = (None, f64::INFINITY);
        let mut first = 0;
        while first < starts.len() {
            let site = starts[first].0;
            let end = first + starts[first..].iter().take_while(|s| s.0 == site).count();
            let (low, high) = (starts[first].1, starts[end - 1].1 + job.steps);
            self.sum(job, site, (low, high), by == By::Expected);
            let mut clear = low;
            let mut checked = low;
            for start in first..end {
                let step = starts[start].1;
                let last = (step + job.steps + job.tail).min(problem.steps);
                while checked < last {
                    if !self.fits(job, site, checked, checked < high) {
                        clear = checked + 1;
                    }
                    checked += 1;
                }
                if step < clear.max(from) || step >= to {
                    continue;
                }
                let cost = match by {
                    By::Expected => {
                        let last = step + job.steps;
                        self.buffer[last - low] - self.buffer[step - low] + relaxed.costs[j][start]
                    }
                    _ => self.cost(job, (site, step), low) + relaxed.own[j][start],
                };
                let rank = if by == By::Prices { relaxed.costs[j][start] } else { cost };
                if rank < least && self.hours_fit(job, step) {
                    (best, least) = (Some((cost, start)), rank);
                }
            }
            first = end;
        }
        best
    }

    /// Costs of full power from a step on, added up, into the buffer.
    fn sum(&mut self, job: &Job, s: usize, (low, high): (usize, usize), crowd: bool) {
        let site = &self.problem.sites[s];
        let loads = &self.load[site.boundary];
        let mut sum = 0.0;
        self.buffer[0] = 0.0;
        for t in low..high {
            let more = site.pue[t] * job.mw;
            if crowd {
                let away = self.away[s][t];
                sum += self.crowd(job, t) + self.stiff * self.soft[s] * job.mw * (2.0 * away + job.mw);
            } else {
                let cost = self.supply.between(site.boundary, t, loads[t], loads[t] + more);
                sum += cost + self.supply.extra[s][t] * job.mw;
            }
            self.buffer[t - low + 1] = sum;
        }
    }

    fn cost(&self, job: &Job, (s, step): (usize, usize), low: usize) -> f64 {
        let last = step + job.steps - 1;
        if job.last >= 1.0 {
            return self.buffer[last + 1 - low] - self.buffer[step - low];
        }
        let site = &self.problem.sites[s];
        let mw = job.mw * job.last;
        let load = self.load[site.boundary][last];
        let of_last = self.supply.between(site.boundary, last, load, load + site.pue[last] * mw);
        self.buffer[last - low] - self.buffer[step - low] + of_last + self.supply.extra[s][last] * mw
    }

    fn fits(&self, job: &Job, site: usize, step: usize, draws: bool) -> bool {
        let gpus = job.gpus.map_or(0.0, |g| g.count);
        (!draws || self.room.fits(site, step, None) + ROUNDING >= job.mw)
            && job.gpus.is_none_or(|g| self.room.gpus_in_step(&g, step) + ROUNDING >= gpus)
    }

    /// GPU-hours an account has left over whole spans.
    fn hours_fit(&self, job: &Job, step: usize) -> bool {
        let Some(gpus) = job.gpus else { return true };
        self.room.hours_fit(&gpus, step..(step + job.steps + job.tail).min(self.problem.steps))
    }

    /// What is in the way of a start: units at its site and pool, and in its account, that run in its steps; those whose
    /// going helps most for what they are worth first, and no more than are needed. None where even that is not enough.
    pub fn in_the_way(&mut self, unit: usize, start: Start, by: impl Fn(usize) -> f64) -> Option<Vec<usize>> {
        let (job, (site, step)) = (self.job(unit), self.start_of(unit, start));
        let end = (step + job.steps + job.tail).min(self.problem.steps);
        let meets = |other: usize| {
            let of = self.job(other);
            let (there, from) = self.start_of(other, self.at[other]?);
            let same_account =
                job.gpus.and_then(|g| g.account).is_some_and(|a| of.gpus.and_then(|g| g.account) == Some(a));
            let overlap = end.min(from + of.steps + of.tail).saturating_sub(step.max(from));
            let counts = overlap > 0 && (there == site || same_account) && !self.tied(other);
            counts.then(|| (by(other) / overlap as f64, other))
        };
        let account = job.gpus.and_then(|g| g.account);
        let mine = self.of_site[site].iter().chain(account.into_iter().flat_map(|a| &self.of_account[a]));
        let mut others: Vec<(f64, usize)> = mine.copied().filter_map(meets).collect();
        others.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        others.dedup_by_key(|other| other.1);
        let mut out = Vec::new();
        let fits = |place: &Place, t: usize| place.fits(job, site, t, t < step + job.steps);
        let mut short: Vec<usize> = (step..end).filter(|&t| !fits(self, t)).collect();
        for (_, other) in others {
            if short.is_empty() {
                break;
            }
            let at = self.at[other]?;
            let (_, from) = self.start_of(other, at);
            let of = self.job(other);
            if !short.iter().any(|t| (from..from + of.steps + of.tail).contains(t)) {
                continue;
            }
            self.remove(other);
            out.push((other, at));
            short.retain(|&t| !fits(self, t));
        }
        let enough = short.is_empty() && self.hours_fit(job, step);
        // Put back for now: whoever asks takes them out.
        for &(other, at) in &out {
            self.put(other, at);
        }
        enough.then(|| out.into_iter().map(|(other, _)| other).collect())
    }

    /// Whether a start lies where what it waits for, and what waits for it, lets it.
    pub fn in_window(&self, unit: usize, start: Start) -> bool {
        let step = self.start_of(unit, start).1;
        self.window(unit).is_some_and(|(from, to)| (from..to).contains(&step))
    }

    /// What a unit costs where it is, beyond all others.
    pub fn cost_of(&self, unit: usize) -> f64 {
        let j = self.job_of[unit];
        let Some(start) = self.at[unit] else { return self.problem.jobs[j].miss_price };
        let (job, (s, step)) = (self.job(unit), self.start_of(unit, start));
        let site = &self.problem.sites[s];
        let mut sum = self.relaxed.own[j][start];
        for since in 0..job.steps {
            let (t, mw) = (step + since, job.mw * job.part(since));
            let load = self.load[site.boundary][t];
            sum += self.supply.between(site.boundary, t, load - site.pue[t] * mw, load) + self.supply.extra[s][t] * mw;
        }
        sum
    }

    pub fn put(&mut self, unit: usize, start: Start) {
        self.take(unit, start, 1.0);
        self.at[unit] = Some(start);
    }

    pub fn remove(&mut self, unit: usize) -> Option<Start> {
        let start = self.at[unit].take()?;
        self.take(unit, start, -1.0);
        Some(start)
    }

    fn take(&mut self, unit: usize, start: Start, part: f64) {
        let (job, (s, step)) = (self.job(unit), self.start_of(unit, start));
        let site = &self.problem.sites[s];
        for since in 0..job.steps {
            let t = step + since;
            self.load[site.boundary][t] += part * site.pue[t] * job.mw * job.part(since);
            self.away[s][t] += part * job.mw * job.part(since);
        }
        self.room.hold_job(job, (s, step), part);
    }

    /// What all jobs cost, misses too: the rest of the plan's costs stand still.
    pub fn total(&self) -> f64 {
        let mut sum = 0.0;
        for (b, loads) in self.load.iter().enumerate() {
            for (t, &load) in loads.iter().enumerate() {
                sum += self.supply.between(b, t, self.supply.base[b][t].min(load), load);
            }
        }
        for unit in 0..self.at.len() {
            let j = self.job_of[unit];
            let Some(start) = self.at[unit] else {
                sum += self.problem.jobs[j].miss_price;
                continue;
            };
            let (job, (s, step)) = (self.job(unit), self.start_of(unit, start));
            sum += self.relaxed.own[j][start];
            sum += (0..job.steps).map(|k| self.supply.extra[s][step + k] * job.mw * job.part(k)).sum::<f64>();
        }
        sum
    }
}

/// Adds what a job is expected to take to loads and GPUs.
fn spread(
    problem: &Problem,
    relaxed: &Relaxed,
    j: usize,
    part: f64,
    (loads, expected): (&mut [Vec<f64>], &mut Expected),
) {
    let job = &problem.jobs[j];
    let starts = relaxed.starts[j].iter().zip(&relaxed.parts[j]).filter(|(_, there)| **there > 1e-6);
    for (&(s, start), there) in starts {
        let (site, there) = (&problem.sites[s], part * there);
        for since in 0..job.steps {
            loads[site.boundary][start + since] += site.pue[start + since] * job.mw * job.part(since) * there;
        }
        let Some(gpus) = job.gpus else { continue };
        for t in start..(start + job.steps + job.tail).min(problem.steps) {
            expected.pools[gpus.pool][t] += gpus.count * there;
            if let Some(a) = gpus.account {
                expected.accounts[a][t] += gpus.count * there;
            }
        }
    }
}

/// By job, the first step in which starting is too late for what waits for it to be complete in time.
fn latest(problem: &Problem) -> Vec<usize> {
    let mut latest: Vec<usize> = problem.jobs.iter().map(|job| (job.deadline + 1).saturating_sub(job.steps)).collect();
    for _ in 0..problem.jobs.len() {
        let mut moved = false;
        for after in &problem.after {
            let (Piece::Job(first), Piece::Job(then)) = (after.first, after.then) else { continue };
            let to = latest[then].saturating_sub(problem.jobs[first].steps);
            if to < latest[first] && to > problem.jobs[first].release {
                latest[first] = to;
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    latest
}

/// Adds the power that a job is expected to draw.
fn away(problem: &Problem, relaxed: &Relaxed, j: usize, part: f64, away: &mut [Vec<f64>]) {
    let job = &problem.jobs[j];
    for (&(s, start), there) in relaxed.starts[j].iter().zip(&relaxed.parts[j]).filter(|(_, there)| **there > 1e-6) {
        (0..job.steps).for_each(|since| away[s][start + since] += part * there * job.mw * job.part(since));
    }
}

/// What the grid costs on average, per MW and step.
fn price(problem: &Problem, relaxed: &Relaxed) -> f64 {
    let keys = &relaxed.beside.keys;
    let cells = (0..problem.boundaries.len()).flat_map(|b| (0..problem.steps).map(move |t| (b, t)));
    let sum: f64 = cells.map(|(b, t)| relaxed.beside.columns[keys.grid.at(b, t)].cost.abs()).sum();
    (sum / (problem.boundaries.len() * problem.steps).max(1) as f64).max(1e-6)
}

/// Cost of a squared MW away from the relaxation, by site: a step's price for as much as is drawn on average.
fn softness(problem: &Problem, relaxed: &Relaxed) -> Vec<f64> {
    let mut drawn = vec![vec![0.0; problem.steps]; problem.sites.len()];
    (0..problem.jobs.len()).for_each(|j| away(problem, relaxed, j, 1.0, &mut drawn));
    let price = price(problem, relaxed);
    drawn.iter().map(|mw| price / (mw.iter().sum::<f64>() / mw.len() as f64).max(1e-6)).collect()
}
