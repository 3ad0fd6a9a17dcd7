//! The capacity curve: how much power a scheduler that the planner does not own may use in each step, so that what comes
//! in on 97 of 100 days is done in time, in the hours the plan prefers.

use super::answer::{PlanRef, STALE_S, reference};
use super::curve::{self, Curve, Step};
use super::headroom;
use super::pools;
use crate::error::Problem;
use crate::plan::document::{Capacity, tidy};
use crate::plan::flexible::LEAST_DAYS;
use crate::plan::{self, Plan};
use crate::portfolio::Portfolio;
use crate::store::reservations::{self, Reservation};
use crate::store::{Store, plans};
use reports::time::{Grid, Interval, format_instant};
use serde::Serialize;
use std::ops::Range;

pub const SCHEMA: &str = "hourmatch/capacity/1";
/// What is said where there is nothing to make a curve of.
pub const NO_PLAN: &str = "there is no plan yet";

#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    pub now_s: i64,
    pub site: String,
    /// None: the step that now lies in.
    pub from_s: Option<i64>,
    /// None: the plan's end.
    pub to_s: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    pub schema: &'static str,
    pub engine: &'static str,
    pub synthetic: bool,
    pub now: String,
    pub site: String,
    pub plan: PlanRef,
    /// What weakens the answer, if anything.
    pub reason: Option<String>,
    pub days: Vec<Day>,
    pub intervals: Vec<Cap>,
}

/// One local day of the site, as far as the plan reaches; IT MWh.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Day {
    pub start: String,
    pub end: String,
    /// Factor on planned work; null where other hours had to be opened too, or nothing is known.
    pub theta: Option<f64>,
    /// Energy of batch work the day may bring, what the plan has of it, and what the caps leave.
    pub q97_mwh: f64,
    pub planned_mwh: f64,
    pub left_mwh: f64,
    /// What the limits keep the caps from leaving.
    pub short_mwh: f64,
}

/// IT megawatts of everything at the site over an interval.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cap {
    pub start: String,
    pub end: String,
    pub cap_mw: f64,
    /// What stands whatever batch work does: the firm load's q95, training, reservations.
    pub firm_q95_mw: f64,
    pub limit_mw: f64,
    /// Accelerators that work may hold, training's included; null at a site without pools.
    pub gpus: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pools: Vec<pools::Held>,
}

/// The curve by the current plan; none when there is no plan yet.
///
/// # Errors
/// An unknown site, a plan that cannot be read, and a time that the plan does not reach.
pub async fn answer(store: &Store, portfolio: &Portfolio, ask: &Ask) -> anyhow::Result<Option<Answer>> {
    let site = known(portfolio, &ask.site)?;
    let Some(row) = plans::get(store, None).await? else { return Ok(None) };
    let plan = plan::read(&row)?;
    let live = reservations::live_in(store, ask.now_s).await?;
    Ok(Some(of_plan(&plan, portfolio, site, &live, ask)?))
}

fn known(portfolio: &Portfolio, id: &str) -> Result<usize, Problem> {
    portfolio.site(id).ok_or_else(|| {
        let ids: Vec<&str> = portfolio.definitions.sites.iter().map(|s| s.id.as_str()).collect();
        Problem::new(format!("site `{id}` is not in the portfolio")).hint(format!("sites: {}", ids.join(" ")))
    })
}

/// The same of a plan at hand; `live` are the reservations and holds there are.
///
/// # Errors
/// Where the plan does not reach the site or the time asked for.
pub fn of_plan(
    plan: &Plan,
    portfolio: &Portfolio,
    site: usize,
    live: &[Reservation],
    ask: &Ask,
) -> Result<Answer, Problem> {
    let grid = headroom::grid(plan);
    let asked = asked(plan, grid, ask)?;
    let rows: Vec<&Capacity> = plan.capacity.iter().filter(|c| c.site == ask.site).collect();
    if rows.len() != grid.len {
        return Err(Problem::new(format!("the plan {} does not cover site `{}`", plan.id, ask.site))
            .hint("plan again: hourmatch plan"));
    }
    let training_mw = training_mw(plan, &ask.site, grid);
    let steps = steps(plan, portfolio, site, live, &rows, &training_mw);
    let mut answer = Answer {
        schema: SCHEMA,
        engine: crate::ENGINE,
        synthetic: portfolio.definitions.synthetic,
        now: format_instant(ask.now_s),
        site: ask.site.clone(),
        plan: reference(plan),
        reason: reason(plan, ask),
        days: Vec::new(),
        intervals: Vec::new(),
    };
    let pools = pools::Pools::new(Some(plan), portfolio, &ask.site, grid);
    for range in days(portfolio, site, grid) {
        let (day, curve) = one(plan, portfolio, site, grid, range.clone(), &steps);
        if grid.touched(asked).any(|t| range.contains(&t)) {
            answer.days.push(day);
        }
        for t in range.clone().filter(|t| grid.touched(asked).contains(t)) {
            let cap_mw = curve.cap_mw[t - range.start];
            let held = pools.held(t, (cap_mw - steps[t].firm_mw).max(0.0));
            answer.intervals.push(Cap {
                start: format_instant(grid.start(t)),
                end: format_instant(grid.start(t + 1)),
                cap_mw: tidy(cap_mw),
                firm_q95_mw: tidy(steps[t].firm_mw),
                limit_mw: tidy(steps[t].limit_mw),
                gpus: (!held.is_empty()).then(|| held.iter().map(|h| h.gpus).sum()),
                pools: if held.len() > 1 { held } else { Vec::new() },
            });
        }
    }
    Ok(answer)
}

/// The part of the plan that is asked for.
fn asked(plan: &Plan, grid: Grid, ask: &Ask) -> Result<Interval, Problem> {
    let from_s = ask.from_s.unwrap_or(ask.now_s);
    if ask.to_s.is_some_and(|to_s| to_s <= from_s) {
        return Err(Problem::new("the end asked for is not after the start").hint("move --from or --to"));
    }
    let period = grid.period();
    let asked =
        Interval { start_s: from_s.max(period.start_s), end_s: ask.to_s.unwrap_or(period.end_s).min(period.end_s) };
    if asked.end_s <= asked.start_s {
        return Err(Problem::new(format!("the plan covers {} to {}, not the time asked for", plan.start, plan.end))
            .hint("plan again: hourmatch plan"));
    }
    Ok(asked)
}

fn reason(plan: &Plan, ask: &Ask) -> Option<String> {
    let flexible = plan.flexible.iter().find(|f| f.site == ask.site);
    if ask.now_s - plan.made_s() > STALE_S {
        return Some(format!("the plan was made at {}: it is stale; plan again", plan.made));
    }
    match flexible.map_or(0, |f| f.days) {
        0 => Some("no day of released work is over yet: what is planned and expected is left room for, and where that is nothing, all there is".into()),
        days if days < LEAST_DAYS => {
            Some(format!("only {days} days of released work are known: the largest stands for the 97 % quantile"))
        }
        _ => None,
    }
}

/// Training's IT power, which no factor scales.
fn training_mw(plan: &Plan, site: &str, grid: Grid) -> Vec<f64> {
    let mut training = vec![0.0; grid.len];
    for s in plan.schedule.iter().filter(|s| s.site == site && s.power_fraction.is_some()) {
        for t in grid.touched(s.span()) {
            training[t] += s.mw;
        }
    }
    training
}

fn steps(
    plan: &Plan,
    portfolio: &Portfolio,
    site: usize,
    live: &[Reservation],
    rows: &[&Capacity],
    training_mw: &[f64],
) -> Vec<Step> {
    let (grid, limits) = (headroom::grid(plan), &portfolio.sites[site]);
    let id = &portfolio.definitions.sites[site].id;
    let mut steps: Vec<Step> = rows
        .iter()
        .zip(training_mw)
        .map(|(row, training)| Step {
            hours: grid.step_s as f64 / 3_600.0,
            firm_mw: row.firm_q95_mw.max(row.firm_mw) + training,
            work_mw: (row.planned_mw - training).max(0.0) + row.expected_mw,
            // The portfolio may have shrunk since the plan was made.
            limit_mw: row.cap_mw.min(limits.cap_at_mw(row.pue)),
            price_per_mwh: 0.0,
        })
        .collect();
    for (step, price) in steps.iter_mut().zip(plan.prices.iter().filter(|p| p.site == *id)) {
        step.price_per_mwh = price.per_mwh;
    }
    for event in portfolio.planning.events.iter().filter(|e| e.site == *id) {
        // Before its notice nobody knows of it.
        if event.notice_s.is_some_and(|notice| plan.made_s() < event.start_s - notice) {
            continue;
        }
        for t in grid.touched(Interval { start_s: event.start_s, end_s: event.end_s }) {
            steps[t].limit_mw = steps[t].limit_mw.min(limits.it_of_mw(event.max_mw, rows[t].pue.max(1.0)));
        }
    }
    for r in live.iter().filter(|r| r.site == *id && !plan.reserved.contains(&r.id)) {
        for t in grid.touched(Interval { start_s: r.start_s, end_s: r.end_s }) {
            steps[t].firm_mw += r.mw;
        }
    }
    steps
}

/// The plan's steps by local day of the site; a step belongs to the day it starts in.
fn days(portfolio: &Portfolio, site: usize, grid: Grid) -> Vec<Range<usize>> {
    let zone = portfolio.sites[site].zone;
    let mut days: Vec<Range<usize>> = Vec::new();
    let mut last = None;
    for t in 0..grid.len {
        let number = zone.day_number(grid.start(t));
        match days.last_mut() {
            Some(day) if last == Some(number) => day.end = t + 1,
            _ => days.push(t..t + 1),
        }
        last = Some(number);
    }
    days
}

fn one(
    plan: &Plan,
    portfolio: &Portfolio,
    site: usize,
    grid: Grid,
    range: Range<usize>,
    steps: &[Step],
) -> (Day, Curve) {
    let zone = portfolio.sites[site].zone;
    let steps = &steps[range.clone()];
    let whole = zone.day(zone.date(grid.start(range.start)));
    let id = &portfolio.definitions.sites[site].id;
    let flexible = plan.flexible.iter().find(|f| f.site == *id);
    // Of a day that the plan covers in part, that part of what a day brings.
    let part = (range.len() as f64 * grid.step_s as f64 / whole.duration_s().max(1) as f64).min(1.0);
    let q97_mwh = part * flexible.map_or(0.0, |f| f.q97_mwh);
    let planned_mwh: f64 = steps.iter().map(|s| s.hours * s.work_mw).sum();
    let unknown = flexible.is_none_or(|f| f.days == 0) && planned_mwh <= 0.0;
    let curve = if unknown {
        // Nothing says what may come, and no job is kept out for that.
        let left_mwh = steps.iter().map(|s| s.hours * (s.limit_mw - s.firm_mw).max(0.0)).sum();
        Curve { theta: None, cap_mw: steps.iter().map(|s| s.limit_mw).collect(), left_mwh, short_mwh: 0.0 }
    } else {
        // What is planned already comes whatever other days brought.
        curve::day(steps, q97_mwh.max(planned_mwh))
    };
    let day = Day {
        start: format_instant(grid.start(range.start)),
        end: format_instant(grid.start(range.end)),
        theta: curve.theta.map(tidy),
        q97_mwh: tidy(q97_mwh),
        planned_mwh: tidy(planned_mwh),
        left_mwh: tidy(curve.left_mwh),
        short_mwh: tidy(curve.short_mwh),
    };
    (day, curve)
}
