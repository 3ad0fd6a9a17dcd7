//! The capacity curve: how much power a scheduler that the planner does not own may use in each step, so that what
//! comes in on 97 of 100 days is done in time, in the hours the plan prefers.

use super::answer::{PlanRef, STALE_S, reference};
use super::common::{Fault, Grid, Instant, Interval, Portfolio, Serialize, SiteId, SiteIndex};
use super::desk::{Desk, Known, again};
use super::local_day::{Day, OfPlan};
use super::pools;
use crate::plan::document::{Capacity, tidy};
use crate::plan::flexible::LEAST_DAYS;
use crate::plan::show::{self, Beside};
use crate::plan::{Plan, current};
use crate::store::reservations;
use reports::words::counted;

const SCHEMA: &str = "hourmatch/capacity/1";
/// What is said where there is nothing to make a curve of.
const UNSEEN: &str = "no day of released work is over yet: the caps of a day leave what the plan has for it, or all the room \
    there is where it has nothing";

#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    pub now: Instant,
    pub site: SiteId,
    /// None: the step that now lies in.
    pub from: Option<Instant>,
    /// None: the plan's end.
    pub to: Option<Instant>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    pub schema: &'static str,
    pub engine: &'static str,
    pub synthetic: bool,
    pub now: Instant,
    pub site: SiteId,
    pub plan: PlanRef,
    /// What weakens the answer, if anything.
    pub reason: Option<String>,
    pub days: Vec<Day>,
    pub intervals: Vec<Cap>,
}

/// IT megawatts of everything at the site over an interval.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cap {
    pub start: Instant,
    pub end: Instant,
    pub cap_mw: f64,
    /// What stands whatever batch work does: the firm load's q95, training, reservations.
    pub firm_q95_mw: f64,
    pub limit_mw: f64,
    /// Accelerators that work may hold, training's included; null at a site without pools.
    pub gpus: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pools: Vec<pools::Held>,
}

/// The curve by the current plan.
///
/// # Errors
/// An unknown site, no plan yet, plans that cannot be read or were all made ahead of now, and a time that the plan does not reach.
pub async fn answer(desk: &Desk, ask: &Ask) -> anyhow::Result<Answer> {
    let site = desk.portfolio.find_site(&ask.site)?;
    match desk.known(ask.now).await? {
        Ok(known) => Ok(of_plan(&known, &desk.portfolio, site, ask)?),
        // There is none, or none can be read: that is said then.
        Err(_) => {
            current::current(&desk.store, ask.now).await?;
            Err(current::none_yet(current::newest(&desk.store, ask.now).await?.ignored).into())
        }
    }
}

/// What is known of a plan beside it: what was reserved in its time, and where it is the current one its curve.
///
/// # Errors
/// A store that does not answer.
pub async fn beside(desk: &Desk, plan: &Plan, now: Instant) -> anyhow::Result<Beside> {
    let mut reserved = reservations::ending_after(&desk.store, plan.start).await?;
    reserved.retain(|r| r.released_seq.is_none() && r.start < plan.end);
    let mut caps = Vec::new();
    for site in &desk.portfolio.definitions.sites {
        let ask = Ask { now, site: site.id.clone(), from: Some(plan.start), to: None };
        // A plan made before a site came does not cover it: the page is worth looking at all the same.
        let Ok(answer) = answer(desk, &ask).await else { continue };
        let own = answer.intervals.iter().filter(|_| answer.plan.id == plan.id);
        caps.extend(own.map(|cap| show::Cap { site: site.id.clone(), start: cap.start, mw: cap.cap_mw }));
    }
    Ok(Beside { reserved, caps, ..Beside::default() })
}

fn of_plan(known: &Known, portfolio: &Portfolio, site: SiteIndex, ask: &Ask) -> Result<Answer, Fault> {
    let plan = &known.base.plan;
    let grid = plan.grid();
    let asked = asked(plan, grid, ask)?;
    let rows: Vec<&Capacity> = plan.capacity.iter().filter(|c| c.site == ask.site).collect();
    let what = format!("plan {} does not cover site `{}`", plan.id, ask.site);
    Fault::refuse_if(rows.len() != grid.len, &what, "plan again: hourmatch plan")?;
    let site = OfPlan::new(known, portfolio, site, rows);
    let mut answer = Answer {
        schema: SCHEMA,
        engine: crate::ENGINE,
        synthetic: portfolio.definitions.synthetic,
        now: ask.now,
        site: ask.site.clone(),
        plan: reference(plan),
        reason: known.reason(reason(plan, ask)),
        days: Vec::new(),
        intervals: Vec::new(),
    };
    let pools = pools::of_site(known, portfolio, &ask.site);
    for range in site.days() {
        let (day, curve) = site.day(range.clone());
        if grid.touched(asked).any(|t| range.contains(&t)) {
            answer.days.push(day);
        }
        for t in range.clone().filter(|t| grid.touched(asked).contains(t)) {
            let cap_mw = curve.cap_mw[t - range.start];
            let step = site.steps[t];
            let held = pools::held(&pools, t, (cap_mw - step.firm_mw).max(0.0));
            answer.intervals.push(Cap {
                start: grid.start(t),
                end: grid.start(t + 1),
                cap_mw: tidy(cap_mw),
                firm_q95_mw: tidy(step.firm_mw),
                limit_mw: tidy(step.limit_mw),
                gpus: (!held.is_empty()).then(|| held.iter().map(|h| h.gpus).sum()),
                pools: if held.len() > 1 { held } else { Vec::new() },
            });
        }
    }
    Ok(answer)
}

/// The part of the plan that is asked for.
fn asked(plan: &Plan, grid: Grid, ask: &Ask) -> Result<Interval, Fault> {
    let from = ask.from.unwrap_or(ask.now);
    let is_empty = ask.to.is_some_and(|to| to <= from);
    Fault::refuse_if(is_empty, "the end asked for is not after the start", "move --from or --to")?;
    let period = grid.period();
    let asked = Interval { start: from.max(period.start), end: ask.to.unwrap_or(period.end).min(period.end) };
    if asked.end <= asked.start {
        return Err(Fault::new(format!("the plan covers {} to {}, not the time asked for", plan.start, plan.end))
            .hint(again(plan, ask.now, (from, grid.step_s))));
    }
    Ok(asked)
}

fn reason(plan: &Plan, ask: &Ask) -> Option<String> {
    let flexible = plan.flexible.iter().find(|f| f.site == ask.site);
    if ask.now - plan.made > STALE_S {
        return Some(format!("the plan was made at {}: it is stale; plan again", plan.made));
    }
    match flexible.map_or(0, |f| f.days) {
        0 => Some(UNSEEN.into()),
        days if days < LEAST_DAYS => Some(format!(
            "history has only {} of released work: the largest stands for the 97 % quantile",
            counted(days, "day", "days")
        )),
        _ => None,
    }
}
