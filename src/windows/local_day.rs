//! One site of a plan, by day of its own time: what each step has room for, and what the day may bring.

use super::common::{Plan, Portfolio, Serialize, SiteId, SiteIndex};
use super::curve::{self, Brings, Curve, Step};
use super::desk::Known;
use crate::plan::document::{Capacity, Flexible, tidy};
use crate::work::Kind;
use reports::time::{Grid, Instant, Zone};
use std::ops::Range;

/// One local day of the site, as far as the plan reaches; IT MWh.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Day {
    pub start: Instant,
    pub end: Instant,
    /// Factor on planned work; null where other hours had to be opened too, or nothing is known.
    pub theta: Option<f64>,
    /// Energy of batch work that 97 in 100 such days stay within: what the caps are to leave.
    pub q97_mwh: f64,
    /// What the plan has of it: of known work, and kept for work still to come.
    pub known_mwh: f64,
    pub expected_mwh: f64,
    pub left_mwh: f64,
    /// What the limits keep the caps from leaving.
    pub short_mwh: f64,
}

#[derive(Debug)]
pub(super) struct OfPlan<'a> {
    grid: Grid,
    zone: Zone,
    rows: Vec<&'a Capacity>,
    flexible: Option<&'a Flexible>,
    pub steps: Vec<Step>,
}

impl<'a> OfPlan<'a> {
    /// `rows` are the site's, one for each step of the plan.
    pub fn new(known: &'a Known, portfolio: &Portfolio, site: SiteIndex, rows: Vec<&'a Capacity>) -> Self {
        let id = &portfolio.definitions.sites[site].id;
        let steps = steps(known, id, site, &rows);
        let flexible = known.base.plan.flexible.iter().find(|f| f.site == *id);
        Self { grid: known.free.grid, zone: portfolio.sites[site].zone, rows, flexible, steps }
    }

    /// The plan's steps by local day; a step belongs to the day it starts in.
    pub fn days(&self) -> Vec<Range<usize>> {
        let mut days: Vec<Range<usize>> = Vec::new();
        let mut last = None;
        for t in 0..self.grid.len {
            let number = self.zone.day_number(self.grid.start(t));
            match days.last_mut() {
                Some(day) if last == Some(number) => day.end = t + 1,
                _ => days.push(t..t + 1),
            }
            last = Some(number);
        }
        days
    }

    pub fn day(&self, range: Range<usize>) -> (Day, Curve) {
        let steps = &self.steps[range.clone()];
        let brings = self.brings(range.clone());
        let nothing_known = self.flexible.is_none_or(|f| f.days == 0) && brings.energy_mwh() <= 0.0;
        let curve = if nothing_known {
            // Nothing says what may come, and no job is kept out for that.
            let left_mwh = steps.iter().map(|s| s.hours * (s.limit_mw - s.firm_mw).max(0.0)).sum();
            Curve { theta: None, cap_mw: steps.iter().map(|s| s.limit_mw).collect(), left_mwh, short_mwh: 0.0 }
        } else {
            curve::day(steps, brings.energy_mwh())
        };
        let day = Day {
            start: self.grid.start(range.start),
            end: self.grid.start(range.end),
            theta: curve.theta.map(tidy),
            q97_mwh: tidy(brings.energy_mwh()),
            known_mwh: tidy(brings.known_mwh),
            expected_mwh: tidy(brings.expected_mwh),
            left_mwh: tidy(curve.left_mwh),
            short_mwh: tidy(curve.short_mwh),
        };
        (day, curve)
    }

    fn brings(&self, range: Range<usize>) -> Brings {
        let whole = self.zone.day(self.zone.date(self.grid.start(range.start)));
        // Of a day that the plan covers in part, that part of what a day brings.
        let part = (range.len() as f64 * self.grid.step_s as f64 / whole.duration_s().max(1) as f64).min(1.0);
        let sum = |mwh: &dyn Fn(usize) -> f64| range.clone().map(mwh).sum::<f64>();
        let expected_mwh = sum(&|t| self.steps[t].hours * self.rows[t].expected_mw);
        let all_mwh = sum(&|t| self.steps[t].hours * self.steps[t].work_mw);
        Brings {
            known_mwh: (all_mwh - expected_mwh).max(0.0),
            expected_mwh,
            mean_mwh: part * self.flexible.map_or(0.0, |f| f.mean_mwh),
            q97_mwh: part * self.flexible.map_or(0.0, |f| f.q97_mwh),
        }
    }
}

/// Training's IT power, which no factor scales.
fn training_mw(plan: &Plan, site: &SiteId, grid: Grid) -> Vec<f64> {
    let mut training = vec![0.0; grid.len];
    for s in plan.schedule.iter().filter(|s| s.site == *site && s.kind == Kind::Training) {
        for t in grid.touched(s.span()) {
            training[t] += s.mw;
        }
    }
    training
}

/// What the plan's rows leave is what may be drawn beside what it draws; what came since is firm, and what it freed is
/// work that does not come.
fn steps(known: &Known, id: &SiteId, site: SiteIndex, rows: &[&Capacity]) -> Vec<Step> {
    let (plan, grid) = (&known.base.plan, known.free.grid);
    let training = training_mw(plan, id, grid);
    let step = |t: usize| {
        let (row, training) = (rows[t], training[t]);
        let (taken, given) = (known.free.taken_mw[site][t], known.free.given_mw[site][t]);
        let firm_mw = row.firm_q95_mw.max(row.firm_mw);
        Step {
            hours: grid.step_s as f64 / 3_600.0,
            firm_mw: firm_mw + training + taken,
            work_mw: (row.planned_mw - training - given).max(0.0) + row.expected_mw,
            limit_mw: (firm_mw + row.planned_mw + known.base.left.room.most_mw(site, t)).max(0.0),
            price_per_mwh: 0.0,
        }
    };
    let mut steps: Vec<Step> = (0..grid.len).map(step).collect();
    for (step, price) in steps.iter_mut().zip(plan.prices.iter().filter(|p| p.site == *id)) {
        step.price_per_mwh = price.per_mwh;
    }
    steps
}
