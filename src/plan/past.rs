//! What earlier plans placed before now. Until state comes back, work is taken to have run as planned.

use super::Plan;
use super::snapshot::Planned;
use crate::portfolio::Portfolio;
use crate::store::{Store, plans};
use reports::time::{Grid, Interval, parse_instant};
use std::collections::{BTreeMap, BTreeSet};

/// Two weeks of a plan an hour, and some asked for by hand.
const PLANS_READ: i64 = 400;

/// A plan and the time in which it was the newest that had begun.
#[derive(Debug)]
pub struct Past {
    /// Its schedule and events apart: they are by work, read once.
    plan: Plan,
    ruled: Interval,
    rows: BTreeMap<String, Vec<Scheduled>>,
    checkpoints: BTreeMap<String, Vec<i64>>,
}

/// A row of a schedule with its instants read.
#[derive(Debug)]
struct Scheduled {
    site: String,
    span: Interval,
    mw: f64,
    on: bool,
    progress_h: f64,
}

impl Past {
    fn of(mut plan: Plan, ruled: Interval) -> Self {
        let at = |text: &str| parse_instant(text).unwrap_or(0);
        let mut rows: BTreeMap<String, Vec<Scheduled>> = BTreeMap::new();
        for s in std::mem::take(&mut plan.schedule) {
            let span = Interval { start_s: at(&s.start), end_s: at(&s.end) };
            let (on, progress_h) = (s.power_fraction != Some(0.0), s.progress_hours.unwrap_or(0.0));
            rows.entry(s.work).or_default().push(Scheduled { site: s.site, span, mw: s.mw, on, progress_h });
        }
        let mut checkpoints: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        for e in std::mem::take(&mut plan.events).into_iter().filter(|e| e.kind == "checkpoint") {
            checkpoints.entry(e.work).or_default().push(at(&e.at));
        }
        Self { plan, ruled, rows, checkpoints }
    }
}

/// Plans made before now that touch the history, oldest first.
pub async fn load(store: &Store, history: Grid, now_s: i64) -> anyhow::Result<Vec<Past>> {
    let period = history.period();
    let mut list: Vec<Past> = Vec::new();
    for row in plans::touching(store, period.start_s, period.end_s, PLANS_READ).await? {
        if row.made_s > now_s {
            continue;
        }
        while list.last().is_some_and(|last| last.ruled.start_s >= row.start_s) {
            list.pop();
        }
        if let Some(last) = list.last_mut() {
            last.ruled.end_s = last.ruled.end_s.min(row.start_s);
        }
        let ruled = Interval { start_s: row.start_s, end_s: row.end_s };
        list.push(Past::of(super::read(&row)?, ruled));
    }
    Ok(list)
}

/// IT megawatts of planned work, `[site][step]` of the history.
pub fn drawn_mw(past: &[Past], portfolio: &Portfolio, history: Grid) -> Vec<Vec<f64>> {
    let mut drawn = vec![vec![0.0; history.len]; portfolio.sites.len()];
    for Past { plan, ruled, .. } in past.iter().filter(|p| p.plan.step_s() == history.step_s) {
        for c in &plan.capacity {
            let start_s = parse_instant(&c.start).unwrap_or(0);
            if let (true, Some(site), Some(step)) =
                (start_s < ruled.end_s, portfolio.site(&c.site), history.index_of(start_s))
            {
                drawn[site][step] = c.planned_mw;
            }
        }
    }
    drawn
}

/// What a plan in force had a piece of work do.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub site: String,
    pub start_s: i64,
    pub end_s: i64,
    pub on: bool,
    pub mwh: f64,
    /// Rated hours of training made.
    pub progress_h: f64,
}

impl Row {
    /// The part of it before an instant that lies in it.
    pub fn until(self, end_s: i64) -> Self {
        let end_s = end_s.clamp(self.start_s, self.end_s);
        let part = (end_s - self.start_s) as f64 / (self.end_s - self.start_s).max(1) as f64;
        Self { end_s, mwh: self.mwh * part, progress_h: self.progress_h * part, ..self }
    }

    /// Energy and progress from an instant on.
    pub fn since(&self, from_s: i64) -> (f64, f64) {
        let from_s = from_s.clamp(self.start_s, self.end_s);
        let part = (self.end_s - from_s) as f64 / (self.end_s - self.start_s).max(1) as f64;
        (self.mwh * part, self.progress_h * part)
    }
}

impl Past {
    pub fn made_s(&self) -> i64 {
        self.plan.made_s()
    }

    /// The time in which it was in force.
    pub fn ruled(&self) -> Interval {
        self.ruled
    }

    /// Its rows while the plan was in force, between two instants.
    pub fn rows_of(&self, work: &str, from_s: i64, to_s: i64) -> Vec<Row> {
        let within = Interval { start_s: self.ruled.start_s.max(from_s), end_s: self.ruled.end_s.min(to_s) };
        let mut rows = Vec::new();
        for s in self.rows.get(work).into_iter().flatten() {
            let (start_s, end_s) = (s.span.start_s.max(within.start_s), s.span.end_s.min(within.end_s));
            if end_s <= start_s {
                continue;
            }
            let part = (end_s - start_s) as f64 / s.span.duration_s() as f64;
            let hours = (end_s - start_s) as f64 / 3_600.0;
            rows.push(Row {
                site: s.site.clone(),
                start_s,
                end_s,
                on: s.on,
                mwh: s.mw * hours,
                progress_h: s.progress_h * part,
            });
        }
        rows.sort_by_key(|r| r.start_s);
        rows
    }

    /// Instants at which it has a piece of work save.
    fn checkpoints(&self, work: &str) -> impl Iterator<Item = i64> {
        self.checkpoints.get(work).into_iter().flatten().copied()
    }

    /// The last checkpoint it had a piece of work make by an instant while it was in force.
    pub fn last_checkpoint(&self, work: &str, by_s: i64) -> Option<i64> {
        let (from_s, to_s) = (self.ruled.start_s, self.ruled.end_s.min(by_s));
        self.checkpoints(work).filter(|at| *at > from_s && *at <= to_s).max()
    }

    /// What it has for a piece of work on a grid that lies in its future.
    pub fn prior(&self, work: &str, portfolio: &Portfolio, grid: Grid) -> Vec<Planned> {
        if self.plan.step_s() != grid.step_s {
            return Vec::new();
        }
        let saves: BTreeSet<i64> = self.checkpoints(work).collect();
        let mut planned = Vec::new();
        for s in self.rows.get(work).into_iter().flatten() {
            let Some(site) = portfolio.site(&s.site) else { continue };
            for step in grid.touched(s.span) {
                let save = saves.contains(&(grid.start(step) + grid.step_s));
                planned.push(Planned { site, step, mw: s.mw, on: s.on, save });
            }
        }
        planned
    }

    /// Mean price of an IT MWh over its sites and days, by UTC hour; empty where an hour has none.
    pub fn price_by_hour(&self) -> Vec<f64> {
        let at = |text: &str| parse_instant(text).unwrap_or(0);
        by_hour(self.plan.prices.iter().map(|p| (at(&p.start), p.per_mwh)))
    }

    /// Clean energy and all energy a storage was to hold at an instant, by this plan.
    pub fn stored(&self, storage: &str, instant_s: i64) -> Option<(f64, f64)> {
        let at = |text: &str| parse_instant(text).unwrap_or(0);
        let mut found = self.plan.storage.iter().filter(|s| s.storage == storage);
        let last = found.rfind(|s| at(&s.start) + self.plan.step_s() <= instant_s)?;
        (at(&last.start) + self.plan.step_s() == instant_s).then_some((last.clean_mwh, last.clean_mwh + last.other_mwh))
    }

    /// IT power of work it had at a site just before an instant.
    pub fn work_before_mw(&self, site: &str, instant_s: i64) -> Option<f64> {
        let at = |text: &str| parse_instant(text).unwrap_or(0);
        let mut rows = self.plan.capacity.iter().filter(|c| c.site == site);
        rows.find(|c| at(&c.start) + self.plan.step_s() == instant_s).map(|c| c.planned_mw)
    }
}

/// Means by UTC hour of values at instants; empty where an hour has none.
pub fn by_hour(values: impl Iterator<Item = (i64, f64)>) -> Vec<f64> {
    let mut sums = [(0.0, 0.0); 24];
    for (at_s, value) in values {
        let sum = &mut sums[at_s.div_euclid(3_600).rem_euclid(24) as usize];
        *sum = (sum.0 + value, sum.1 + 1.0);
    }
    if sums.iter().any(|sum| sum.1 == 0.0) { Vec::new() } else { sums.iter().map(|sum| sum.0 / sum.1).collect() }
}
