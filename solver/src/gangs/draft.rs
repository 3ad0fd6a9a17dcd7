//! A plan of jobs as it grows: where each starts, what that leaves of every limit, and what one more start would cost.

use super::expected::Expected;
use super::order::{depths, latest, pairs};
use super::relaxed::Relaxed;
use super::supply::Supply;
use crate::heuristic::Room;
use crate::model::Terms;
use crate::outcome::JobOutcome;
use crate::problem::{Gpus, Job, Problem};
use ids::{BoundaryIndex, Index, JobIndex, SiteIndex};
use std::ops::Range;

/// Power and GPUs short by less than this are a matter of rounding.
const ROUNDING: f64 = 1e-9;

/// A start: its number among those of its job.
pub(super) type Start = usize;

/// What the best start is chosen by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// What it costs as others stand.
    Cost,
    /// The relaxation's prices, how far it leads away from the relaxation, and how crowded it is expected to be.
    Expected,
    /// The relaxation's prices alone, which know what room will be wanted.
    Prices,
}

pub(super) struct Draft<'a> {
    pub problem: &'a Problem,
    pub relaxed: &'a Relaxed,
    supply: Supply,
    room: Room<'a>,
    /// `[boundary][step]` facility MW of everything that is placed, and of all but jobs.
    load: Vec<Vec<f64>>,
    /// One of a job by number: an array has several.
    pub job_of: Vec<JobIndex>,
    pub units_of: Vec<Vec<usize>>,
    pub at: Vec<Option<Start>>,
    firsts: Vec<Vec<JobIndex>>,
    thens: Vec<Vec<JobIndex>>,
    depth: Vec<usize>,
    /// By job, the first step in which it is too late for what waits for it.
    latest: Vec<usize>,
    expected: Expected,
    /// By site and by account, units that could be there.
    pub of_site: Vec<Vec<usize>>,
    pub of_account: Vec<Vec<usize>>,
    buffer: Vec<f64>,
}

impl<'a> Draft<'a> {
    pub fn new(problem: &'a Problem, terms: &Terms, relaxed: &'a Relaxed) -> Draft<'a> {
        let expected = Expected::new(problem, relaxed);
        let supply = Supply::new(problem, terms, relaxed, &expected.drawn);
        let (mut job_of, mut units_of) = (Vec::new(), vec![Vec::new(); problem.jobs.len()]);
        for (j, job) in JobIndex::each(&problem.jobs).filter(|(_, job)| job.running.is_none()) {
            for _ in 0..job.count {
                units_of[j].push(job_of.len());
                job_of.push(j);
            }
        }
        let (mut firsts, mut thens) = (vec![Vec::new(); problem.jobs.len()], vec![Vec::new(); problem.jobs.len()]);
        for (first, then) in pairs(problem) {
            firsts[then].push(first);
            thens[first].push(then);
        }
        let mut room = Room::new(problem);
        for job in problem.jobs.iter().filter(|job| job.running.is_some()) {
            room.hold_job(job, (job.sites[0], job.release), f64::from(job.count));
        }
        room.hold_placements(&relaxed.placements);
        let mut of_site = vec![Vec::new(); problem.sites.len()];
        let mut of_account = vec![Vec::new(); problem.accounts.len()];
        for (unit, &j) in job_of.iter().enumerate() {
            let job = &problem.jobs[j];
            job.sites.iter().for_each(|&s| of_site[s].push(unit));
            job.gpus.and_then(|g| g.account).into_iter().for_each(|a| of_account[a].push(unit));
        }
        Draft {
            load: supply.base.clone(),
            expected,
            latest: latest(problem),
            depth: depths(problem),
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

    pub fn start_of(&self, unit: usize, start: Start) -> (SiteIndex, usize) {
        self.relaxed.starts[self.job_of[unit]][start]
    }

    /// Where and when a unit runs, or could.
    pub fn span(&self, unit: usize) -> (SiteIndex, usize, usize) {
        let job = self.job(unit);
        let stands = self.at[unit].map(|start| self.start_of(unit, start));
        stands.map_or((job.sites[0], job.release, job.deadline), |(site, step)| (site, step, step + job.steps))
    }

    /// How many wait for each other up to this one.
    pub fn depth(&self, unit: usize) -> usize {
        self.depth[self.job_of[unit]]
    }

    pub fn waits_for(&self, unit: usize, first: usize) -> bool {
        self.firsts[self.job_of[unit]].contains(&self.job_of[first])
    }

    /// Whether anything runs that waits for it.
    pub fn is_waited_for(&self, unit: usize) -> bool {
        let thens = &self.thens[self.job_of[unit]];
        thens.iter().any(|&then| self.units_of[then].iter().any(|&u| self.at[u].is_some()))
    }

    /// Units that a start waits for and that are not complete by then; none where nothing that moves them makes it one.
    pub fn late_for(&self, unit: usize, start: Start) -> Option<Vec<usize>> {
        let (j, step) = (self.job_of[unit], self.start_of(unit, start).1);
        let ends = |u: usize| self.at[u].map(|at| self.start_of(u, at).1 + self.job(u).steps);
        let fixed = |first: &JobIndex| {
            let job = &self.problem.jobs[*first];
            job.running.is_some() && job.release + job.steps > step
        };
        if step >= self.latest[j] || self.firsts[j].iter().any(fixed) {
            return None;
        }
        let units = self.firsts[j].iter().flat_map(|&first| self.units_of[first].iter().copied());
        Some(units.filter(|&u| ends(u).is_none_or(|end| end > step)).collect())
    }

    /// Whether one that is missed leaves none waiting that runs.
    pub fn missing_holds(&self, unit: usize) -> bool {
        self.at[unit].is_some() || !self.is_waited_for(unit)
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

    /// Nothing is placed, and everything expected where the relaxation has it. Drawing otherwise than it does costs so much.
    pub fn clear(&mut self, stiff: f64) {
        for unit in 0..self.at.len() {
            self.remove(unit);
        }
        self.expected.begin(self.problem, self.relaxed, stiff);
    }

    /// A job is no longer expected where the relaxation has it: it is about to be placed, or is missed.
    pub fn forget(&mut self, unit: usize) {
        self.expected.forget(self.problem, self.relaxed, self.job_of[unit]);
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
    fn sum(&mut self, job: &Job, s: SiteIndex, (low, high): (usize, usize), expected: bool) {
        let site = &self.problem.sites[s];
        let loads = &self.load[site.boundary];
        let mut sum = 0.0;
        self.buffer[0] = 0.0;
        for t in low..high {
            let more = site.pue[t] * job.mw;
            sum += match expected {
                true => self.expected.cost(job, (s, t), &self.room),
                false => {
                    let cost = self.supply.between(site.boundary, t, loads[t], loads[t] + more);
                    cost + self.supply.extra[s][t] * job.mw
                }
            };
            self.buffer[t - low + 1] = sum;
        }
    }

    fn cost(&self, job: &Job, (s, step): (SiteIndex, usize), low: usize) -> f64 {
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

    fn fits(&self, job: &Job, site: SiteIndex, step: usize, draws: bool) -> bool {
        let holds = |gpus: &Gpus| {
            let (pool, account) = self.room.free(gpus, step);
            account.map_or(pool, |free| free.min(pool)) + ROUNDING >= gpus.count
        };
        (!draws || self.room.fits(site, step, None) + ROUNDING >= job.mw) && job.gpus.as_ref().is_none_or(holds)
    }

    /// GPU-hours an account has left over whole spans.
    fn hours_fit(&self, job: &Job, step: usize) -> bool {
        let Some(gpus) = job.gpus else { return true };
        self.room.hours_fit(&gpus, step..(step + job.steps + job.tail).min(self.problem.steps))
    }

    /// What is in the way of a start: units at its site and pool, and in its account, that run in its steps; those whose
    /// going helps most for what they are worth, times some noise, first, and no more than are needed. None where even that
    /// is not enough.
    pub fn in_the_way(&mut self, unit: usize, start: Start, noise: &[f64]) -> Option<Vec<usize>> {
        let (job, (site, step)) = (self.job(unit), self.start_of(unit, start));
        let end = (step + job.steps + job.tail).min(self.problem.steps);
        let meets = |other: usize| {
            let of = self.job(other);
            let (there, from) = self.start_of(other, self.at[other]?);
            let same_account =
                job.gpus.and_then(|g| g.account).is_some_and(|a| of.gpus.and_then(|g| g.account) == Some(a));
            let overlap = end.min(from + of.steps + of.tail).saturating_sub(step.max(from));
            let counts = overlap > 0 && (there == site || same_account);
            counts.then(|| (of.miss_price * noise[other % noise.len()] / overlap as f64, other))
        };
        let account = job.gpus.and_then(|g| g.account);
        let mine = self.of_site[site].iter().chain(account.into_iter().flat_map(|a| &self.of_account[a]));
        let mut others: Vec<(f64, usize)> = mine.copied().filter_map(meets).collect();
        others.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        others.dedup_by_key(|other| other.1);
        let mut out = Vec::new();
        let fits = |draft: &Draft, t: usize| draft.fits(job, site, t, t < step + job.steps);
        let mut short: Vec<usize> = (step..end).filter(|&t| !fits(self, t)).collect();
        for (_, other) in others {
            if short.is_empty() {
                break;
            }
            let Some(at) = self.at[other] else { continue };
            let (_, from) = self.start_of(other, at);
            let of = self.job(other);
            if !short.iter().any(|t| (from..from + of.steps + of.tail).contains(t)) {
                continue;
            }
            self.remove(other);
            out.push((other, at));
            short.retain(|&t| !fits(self, t));
        }
        // GPU-hours of its account may be short where GPUs are not.
        if short.is_empty() {
            for other in self.in_its_hours(job, step..end, noise) {
                if self.hours_fit(job, step) {
                    break;
                }
                out.extend(self.remove(other).map(|at| (other, at)));
            }
        }
        let enough = short.is_empty() && self.hours_fit(job, step);
        // Put back for now: whoever asks takes them out.
        for &(other, at) in &out {
            self.put(other, at);
        }
        enough.then(|| out.into_iter().map(|(other, _)| other).collect())
    }

    /// Units of its account that take GPU-hours from a budget which a job in these steps takes from as well, those that are worth
    /// least of them first.
    fn in_its_hours(&self, job: &Job, steps: Range<usize>, noise: &[f64]) -> Vec<usize> {
        let Some(account) = job.gpus.and_then(|gpus| gpus.account) else { return Vec::new() };
        let inside = |span: &Range<usize>, steps: &Range<usize>| {
            span.end.min(steps.end).saturating_sub(span.start.max(steps.start)) as f64
        };
        let budgets = self.problem.accounts[account].gpu_hours.iter().map(|&(from, to, _)| from..to);
        let budgets: Vec<Range<usize>> = budgets.filter(|span| inside(span, &steps) > 0.0).collect();
        let taken = |other: usize| {
            let (of, from) = (self.job(other), self.start_of(other, self.at[other]?).1);
            let steps = from..from + of.steps + of.tail;
            let hours = of.gpus?.count * budgets.iter().map(|span| inside(span, &steps)).sum::<f64>();
            (hours > 0.0).then(|| (of.miss_price * noise[other % noise.len()] / hours, other))
        };
        let mut others: Vec<(f64, usize)> = self.of_account[account].iter().copied().filter_map(taken).collect();
        others.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        others.into_iter().map(|(_, other)| other).collect()
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

    /// Keeps room in the steps that a job takes wherever it starts.
    pub fn reserve(&mut self, j: JobIndex) {
        let (job, starts) = (&self.problem.jobs[j], &self.relaxed.starts[j]);
        let (Some(&(site, first)), Some(&(_, last))) = (starts.first(), starts.last()) else { return };
        let end = (first + job.steps).min(self.problem.steps);
        if last < end && starts.iter().all(|start| start.0 == site) {
            let always = Job { steps: end - last, tail: 0, last: 1.0, ..job.clone() };
            self.room.hold_job(&always, (site, last), f64::from(job.count));
        }
    }

    /// Whether there is room for a unit at a start, as others stand.
    pub fn has_room(&self, unit: usize, start: Start) -> bool {
        let (job, (site, step)) = (self.job(unit), self.start_of(unit, start));
        let end = (step + job.steps + job.tail).min(self.problem.steps);
        (step..end).all(|t| self.fits(job, site, t, t < step + job.steps)) && self.hours_fit(job, step)
    }

    /// Everything where a plan has it.
    pub fn place(&mut self, made: &[JobOutcome]) {
        for (unit, start) in self.units_in(made) {
            self.put(unit, start);
        }
    }

    /// The same as far as there is room: what stands already stays.
    pub fn place_beside(&mut self, made: &[JobOutcome]) {
        for (unit, start) in self.units_in(made) {
            if self.at[unit].is_none() && self.has_room(unit, start) {
                self.put(unit, start);
            }
        }
    }

    /// The plan in which units start there, by job.
    pub fn outcome(&self, at: &[Option<Start>]) -> Vec<JobOutcome> {
        let mut made: Vec<JobOutcome> = Vec::with_capacity(self.problem.jobs.len());
        for (job, units) in self.problem.jobs.iter().zip(&self.units_of) {
            if job.running.is_some() {
                made.push(JobOutcome { starts: vec![(job.sites[0], job.release, job.count)], missed: 0 });
                continue;
            }
            let mut outcome = JobOutcome::default();
            for &unit in units {
                match at[unit] {
                    Some(start) => outcome.add(self.start_of(unit, start), 1),
                    None => outcome.missed += 1,
                }
            }
            outcome.starts.sort_unstable();
            made.push(outcome);
        }
        made
    }

    /// Units and the starts that a plan has for them.
    fn units_in(&self, made: &[JobOutcome]) -> Vec<(usize, Start)> {
        let mut all = Vec::new();
        for (j, made) in JobIndex::each(made) {
            let mut units = self.units_of[j].iter().copied();
            for &(site, step, count) in &made.starts {
                let Some(start) = self.relaxed.starts[j].iter().position(|s| *s == (site, step)) else { continue };
                all.extend(units.by_ref().take(count as usize).map(|unit| (unit, start)));
            }
        }
        all
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
            self.expected.away[s][t] += part * job.mw * job.part(since);
        }
        self.room.hold_job(job, (s, step), part);
    }

    /// What all jobs cost, misses too: the rest of the plan's costs stand still.
    pub fn total(&self) -> f64 {
        let mut sum = 0.0;
        for (b, loads) in BoundaryIndex::each(&self.load) {
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
