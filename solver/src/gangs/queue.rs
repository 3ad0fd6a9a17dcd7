//! The queue of a problem as the interior-point method sees it, and as a bound is proved from it.

use super::accounts::Kept;
use super::beside::{Beside, Rows, THOUSAND};
use super::order::earliest;
use crate::interior::{Gang, Place, Queue, Segment, Use};
use crate::model::Terms;
use crate::model::rules::{jobs, pins};
use crate::problem::{Job, Problem};
use ids::{AccountIndex, Index, JobIndex, PoolIndex, SiteIndex};
use std::collections::BTreeMap;

/// Power above room by this is rounding.
const ROUNDING_MW: f64 = 1e-9;

/// The scale of a job that draws next to nothing, in MW.
const LEAST_MW: f64 = 1e-3;

/// By job its starts at each of its sites: (site, steps in which it could start).
pub(super) fn admissible(problem: &Problem, terms: &Terms) -> Vec<Vec<(SiteIndex, usize)>> {
    let earliest = earliest(problem);
    let started: Vec<bool> = SiteIndex::all(&problem.sites).map(|s| problem.holds_started(s)).collect();
    let fits = |job: &Job, s: SiteIndex, start: usize| {
        let room = &terms.headroom[s][start..start + job.steps];
        started[s] || room.iter().all(|room| job.mw <= room + ROUNDING_MW)
    };
    let of = |((j, job), from): ((JobIndex, &Job), &usize)| -> Vec<(SiteIndex, usize)> {
        let starts = || job.starts().filter(|start| start >= from);
        let at = |s: SiteIndex| starts().filter(move |&start| fits(job, s, start)).map(move |start| (s, start));
        pins::left(problem, j, job.sites.iter().flat_map(|&s| at(s)).collect())
    };
    JobIndex::each(&problem.jobs).zip(&earliest).map(of).collect()
}

/// Jobs that run already, and those that can start nowhere, are no part of it. `merged`: what is taken in proportion and by
/// the same steps is one place. `accounts`: where limits are kept.
pub(super) fn queue(
    problem: &Problem,
    beside: &Beside,
    starts: &[Vec<(SiteIndex, usize)>],
    (merged, accounts): (bool, &Kept),
) -> Queue {
    let mut maker = Maker {
        problem,
        beside,
        merged,
        accounts,
        keys: BTreeMap::new(),
        blocks: blocks(problem),
        queue: Queue { steps: problem.steps, ..Queue::default() },
    };
    let mut jobs: Vec<JobIndex> = JobIndex::all(&problem.jobs).collect();
    jobs.retain(|&j| problem.jobs[j].running.is_none() && problem.jobs[j].count > 0 && !starts[j].is_empty());
    jobs.sort_by_key(|&j| (maker.blocks[problem.jobs[j].sites[0]], problem.jobs[j].release, j));
    for j in jobs {
        maker.push(j, &starts[j]);
    }
    accounts_last(maker.queue, maker.blocks.iter().max().map_or(0, |b| b + 1))
}

/// Accounts are of all sites: a block of their own, after all others.
fn accounts_last(mut queue: Queue, sites: usize) -> Queue {
    let mut order: Vec<usize> = (0..queue.places.len()).collect();
    order.sort_by_key(|&p| (queue.places[p].block, p));
    let mut at = vec![0; order.len()];
    order.iter().enumerate().for_each(|(k, &p)| at[p] = k);
    queue.places = order.iter().map(|&p| queue.places[p].clone()).collect();
    queue.places.iter_mut().filter(|p| p.block == ACCOUNTS).for_each(|p| p.block = sites);
    queue.uses.iter_mut().for_each(|u| u.place = at[u.place]);
    queue.shared = queue.places.last().filter(|p| p.block == sites).map(|p| p.block);
    queue
}

/// The block of accounts before there is a number for it.
const ACCOUNTS: usize = usize::MAX;

/// By site; sites that some job can choose between are in one block.
pub(super) fn blocks(problem: &Problem) -> Vec<usize> {
    let mut root: Vec<usize> = (0..problem.sites.len()).collect();
    for job in problem.jobs.iter().filter(|job| job.sites.len() > 1) {
        let joined: Vec<usize> = job.sites.iter().map(|&s| root[s]).collect();
        let least = joined.iter().copied().min().unwrap_or(0);
        root.iter_mut().filter(|r| joined.contains(r)).for_each(|r| *r = least);
    }
    let mut seen: Vec<usize> = Vec::new();
    for r in &root {
        if !seen.contains(r) {
            seen.push(*r);
        }
    }
    root.iter().map(|r| seen.iter().position(|s| s == r).unwrap_or(0)).collect()
}

/// What is taken of a place per unit: average and highest power at a site, thousands of GPUs of a pool.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Unit {
    site: SiteIndex,
    average: f64,
    highest: f64,
    gpus: Option<PoolIndex>,
    account: Option<AccountIndex>,
}

/// A unit, ratios rounded: those that differ in their last bits are one.
type Key = (SiteIndex, [u64; 2], Option<PoolIndex>, Option<AccountIndex>);

struct Maker<'a> {
    problem: &'a Problem,
    beside: &'a Beside,
    merged: bool,
    accounts: &'a Kept,
    /// The place of each unit.
    keys: BTreeMap<Key, usize>,
    blocks: Vec<usize>,
    queue: Queue,
}

impl Maker<'_> {
    fn push(&mut self, j: JobIndex, starts: &[(SiteIndex, usize)]) {
        let job = &self.problem.jobs[j];
        let (segments, first) = (self.queue.segments.len(), self.queue.cost.len());
        let mut span = starts.iter().map(|s| s.1).min().unwrap_or(0)..0;
        for (at, &(site, step)) in starts.iter().enumerate() {
            let stays = job.prior.filter(|p| (p.site, p.step) == (site, step));
            let cost = jobs::delay(self.problem, job, step) - stays.map_or(0.0, |p| p.price);
            self.queue.cost.push(cost);
            span.end = span.end.max((step + job.steps + job.tail).min(self.problem.steps));
            match self.queue.segments[segments..].last_mut() {
                Some(last) if last.site == site && last.step + last.len == step => last.len += 1,
                _ => {
                    let from = self.queue.uses.len();
                    self.uses(job, site);
                    self.account(job);
                    let uses = from..self.queue.uses.len();
                    self.queue.segments.push(Segment { site, step, len: 1, at, uses });
                }
            }
        }
        self.queue.cost.push(job.miss_price);
        let count = f64::from(job.count);
        self.queue.gangs.push(Gang {
            job: j,
            count,
            size: (job.mw * count).max(LEAST_MW) * (job.steps as f64).sqrt(),
            segments: segments..self.queue.segments.len(),
            first,
            starts: starts.len(),
            block: self.blocks[job.sites[0]],
            span,
        });
    }

    fn uses(&mut self, job: &Job, site: SiteIndex) {
        let held = job.steps + job.tail;
        let whole = job.last >= 1.0;
        let per_gpu = job.gpus.filter(|g| g.count > 0.0).map(|g| (THOUSAND * job.mw / g.count, g));
        let unit = |average, highest, gpus| Unit { site, average, highest, gpus, account: None };
        let (average, highest) = (unit(1.0, 0.0, None), unit(0.0, 1.0, None));
        let gpus = per_gpu.map(|(_, g)| (unit(0.0, 0.0, Some(g.pool)), g.count / THOUSAND));
        let in_proportion = self.merged && job.tail == 0;
        match per_gpu {
            Some((mw, g)) if in_proportion => {
                let together = unit(if whole { mw } else { 0.0 }, mw, Some(g.pool));
                self.take(together, g.count / THOUSAND, job.steps, 1.0);
                if !whole {
                    self.take(average, job.mw, job.steps, job.last);
                }
            }
            _ if self.merged && whole => {
                self.take(unit(1.0, 1.0, None), job.mw, job.steps, 1.0);
                gpus.into_iter().for_each(|(unit, count)| self.take(unit, count, held, 1.0));
            }
            _ => {
                self.take(average, job.mw, job.steps, job.last);
                self.take(highest, job.mw, job.steps, 1.0);
                gpus.into_iter().for_each(|(unit, count)| self.take(unit, count, held, 1.0));
            }
        }
    }

    fn account(&mut self, job: &Job) {
        let Some((gpus, account)) = job.gpus.and_then(|g| Some((g, g.account?))) else { return };
        let mut rows = self.beside.accounts[account].iter().zip(&self.accounts[account]);
        if rows.any(|(rows, kept)| *kept && !rows.is_empty()) {
            let unit =
                Unit { site: SiteIndex::default(), average: 0.0, highest: 0.0, gpus: None, account: Some(account) };
            self.take(unit, gpus.count / THOUSAND, job.steps + job.tail, 1.0);
        }
    }

    fn take(&mut self, unit: Unit, units: f64, steps: usize, last: f64) {
        if units <= 0.0 {
            return;
        }
        let rounded = |v: f64| (v * 1e9).round() as u64;
        let key = (unit.site, [rounded(unit.average), rounded(unit.highest)], unit.gpus, unit.account);
        let place = match self.keys.get(&key) {
            Some(&place) => place,
            None => {
                let draws = (0..self.problem.steps).map(|t| self.rows(&unit, t)).collect();
                let place = self.queue.places.len();
                let block = if unit.account.is_some() { ACCOUNTS } else { self.blocks[unit.site] };
                self.queue.places.push(Place { draws, block });
                self.keys.insert(key, place);
                place
            }
        };
        self.queue.uses.push(Use { place, units, steps, last });
    }

    fn rows(&self, unit: &Unit, step: usize) -> Rows {
        let mut sums: BTreeMap<u32, f64> = BTreeMap::new();
        let mut add =
            |rows: &Rows, by: f64| rows.iter().for_each(|&(row, v)| *sums.entry(row).or_insert(0.0) += v * by);
        if unit.average > 0.0 {
            add(&self.beside.average[unit.site][step], unit.average);
        }
        if unit.highest > 0.0 {
            add(&self.beside.highest[unit.site][step], unit.highest);
        }
        if let Some(pool) = unit.gpus {
            add(&self.beside.gpus[pool][step], 1.0);
        }
        if let Some(account) = unit.account.filter(|&account| self.accounts[account][step]) {
            add(&self.beside.accounts[account][step], 1.0);
        }
        sums.into_iter().filter(|(_, v)| *v != 0.0).collect()
    }
}
