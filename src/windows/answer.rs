//! One asker's question answered: ranked windows against run-now, median and worst.

use super::draw::{self, Draw, Taken};
use super::headroom::{self, Room};
use super::rank::{self, Candidate};
use super::{fallback, reserve};
use crate::error::Problem;
use crate::plan::{self, Plan};
use crate::portfolio::Portfolio;
use crate::store::reservations::{self, Kind, Reservation};
use crate::store::{Store, Write, plans};
use reports::time::{Interval, format_instant};
use serde::Serialize;

pub const SCHEMA: &str = "hourmatch/windows/1";
/// Holds last this long, so that askers who never reserve do not all get the same hour.
pub const HOLD_S: i64 = 15 * 60;
/// A plan older than this still ranks, and the answer says that it is stale.
pub(super) const STALE_S: i64 = 36 * 3_600;

#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    pub now_s: i64,
    pub duration_s: i64,
    pub draw: Draw,
    pub site: Option<String>,
    pub after_s: Option<i64>,
    pub before_s: Option<i64>,
    pub top: usize,
    pub reserve: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    pub schema: &'static str,
    pub engine: &'static str,
    pub synthetic: bool,
    pub now: String,
    pub plan: Option<PlanRef>,
    pub fallback: bool,
    pub reason: Option<String>,
    pub windows: Vec<Window>,
    pub run_now: Option<Window>,
    pub median: Option<Window>,
    pub worst: Option<Window>,
    /// Id of the reservation made, where one was asked for.
    pub reserved: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlanRef {
    pub id: String,
    pub made: String,
    pub status: String,
}

/// IT megawatts over an interval, and what they cost there.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Window {
    pub site: String,
    pub start: String,
    pub end: String,
    pub mw: f64,
    /// Accelerators, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gpus: Option<u64>,
    /// Per IT MWh, with the rest of the plan fixed; null in a fallback, which knows no price.
    pub price_per_mwh: Option<f64>,
    /// The plan's own price there: what it would cost if other work moved for it.
    pub plan_price_per_mwh: Option<f64>,
    pub unmatched_mwh: Option<f64>,
}

impl Answer {
    fn new(ask: &Ask, portfolio: &Portfolio) -> Self {
        Self {
            schema: SCHEMA,
            engine: crate::ENGINE,
            synthetic: portfolio.definitions.synthetic,
            now: format_instant(ask.now_s),
            plan: None,
            fallback: false,
            reason: None,
            windows: Vec::new(),
            run_now: None,
            median: None,
            worst: None,
            reserved: None,
        }
    }
}

/// Answers and takes the first window's megawatts out of the headroom, in one transaction.
pub async fn answer(store: &Store, portfolio: &Portfolio, ask: &Ask) -> anyhow::Result<Answer> {
    check(portfolio, ask)?;
    let mut write = store.write().await?;
    if let Some(made) = reserve::existing(&mut write, portfolio, ask).await? {
        return Ok(repeat(ask, portfolio, made));
    }
    let live = reservations::live(&mut write, ask.now_s).await?;
    let mut answer = Answer::new(ask, portfolio);
    let (rooms, grid, mut list) = match current_plan(&mut write).await? {
        Ok(plan) if usable(&plan, ask) => {
            answer.plan = Some(reference(&plan));
            if ask.now_s - plan.made_s() > STALE_S {
                answer.fallback = true;
                answer.reason = Some(format!("the plan was made at {}: its prices are stale; plan again", plan.made));
            }
            let grid = headroom::grid(&plan);
            let taken = Taken { plan: Some(&plan), live: &live };
            let rooms = headroom::rooms(&plan, portfolio, &live);
            let (rooms, draws_mw) = draw::fit(rooms, grid, ask, portfolio, taken);
            let list = rank::candidates(&rooms, grid, bounds(ask), ask.duration_s, &draws_mw);
            (rooms, grid, list)
        }
        other => {
            answer.fallback = true;
            let (plan, reason) = match other {
                Ok(plan) => {
                    let what =
                        format!("the plan covers {} to {}, not the time asked for; plan again", plan.start, plan.end);
                    (Some(plan), what)
                }
                Err(reason) => (None, reason),
            };
            answer.reason = Some(reason);
            let (rooms, grid) = fallback::rooms(&mut write, portfolio, ask, &live, plan.as_ref()).await?;
            let taken = Taken { plan: plan.as_ref(), live: &live };
            let (rooms, draws_mw) = draw::fit(rooms, grid, ask, portfolio, taken);
            let list = rank::candidates(&rooms, grid, bounds(ask), ask.duration_s, &draws_mw);
            (rooms, grid, list)
        }
    };
    rank::sort(&mut list);
    fill(&mut answer, &rooms, &list, ask, grid.step_s);
    if let Some(best) = list.first() {
        let taken = reserve::take(&mut write, ask, &rooms[best.room].site, best).await?;
        answer.reserved = (taken.kind == Kind::Reserved).then_some(taken.id);
    }
    write.commit().await?;
    Ok(answer)
}

fn check(portfolio: &Portfolio, ask: &Ask) -> Result<(), Problem> {
    if ask.duration_s <= 0 || ask.duration_s > 31 * 86_400 {
        return Err(Problem::new("the duration is not between a second and 31 days").hint("--duration 4h"));
    }
    if let Some(before_s) = ask.before_s
        && before_s - bounds(ask).start_s < ask.duration_s
    {
        return Err(Problem::new("the duration does not fit between the earliest start and --before")
            .hint("move --after or --before"));
    }
    if let Some(site) = &ask.site
        && portfolio.site(site).is_none()
    {
        let known: Vec<&str> = portfolio.definitions.sites.iter().map(|s| s.id.as_str()).collect();
        return Err(
            Problem::new(format!("site `{site}` is not in the portfolio")).hint(format!("sites: {}", known.join(" ")))
        );
    }
    ask.draw.check(portfolio, ask.site.as_deref())?;
    match &ask.reserve {
        Some(id) if !reports::series::name::is_id(id) => {
            Err(Problem::new(format!("`{id}` is not an id")).hint("use letters, digits, `-`, `_` and `.`"))
        }
        _ => Ok(()),
    }
}

/// The stored plan, or why there is none that can be used.
async fn current_plan(write: &mut Write) -> anyhow::Result<Result<Plan, String>> {
    Ok(match plans::newest(write).await? {
        None => Err("there is no plan yet; run `hourmatch plan`".into()),
        Some(row) => plan::read(&row).map_err(|e| e.to_string()),
    })
}

fn usable(plan: &Plan, ask: &Ask) -> bool {
    let bounds = bounds(ask);
    let from = bounds.start_s.max(plan.start_s());
    from + ask.duration_s <= plan.end_s().min(bounds.end_s)
}

fn bounds(ask: &Ask) -> Interval {
    let start_s = ask.after_s.unwrap_or(ask.now_s).max(ask.now_s);
    Interval { start_s, end_s: ask.before_s.unwrap_or(i64::MAX) }
}

pub(super) fn reference(plan: &Plan) -> PlanRef {
    PlanRef { id: plan.id.clone(), made: plan.made.clone(), status: plan.status.clone() }
}

fn fill(answer: &mut Answer, rooms: &[Room], list: &[Candidate], ask: &Ask, step_s: i64) {
    let known = answer.plan.is_some();
    let window = |c: &Candidate| {
        let energy = c.mw * ask.duration_s as f64 / 3_600.0;
        Window {
            site: rooms[c.room].site.clone(),
            start: format_instant(c.start_s),
            end: format_instant(c.end_s),
            mw: plan::document::tidy(c.mw),
            gpus: ask.draw.gpus(),
            price_per_mwh: known.then(|| plan::document::tidy(c.cost / energy)),
            plan_price_per_mwh: known.then(|| plan::document::tidy(c.plan_price_per_mwh)),
            unmatched_mwh: known.then(|| plan::document::tidy(c.unmatched_mwh)),
        }
    };
    answer.windows = list.iter().take(ask.top.max(1)).map(window).collect();
    let now = list.iter().filter(|c| c.start_s < ask.now_s + step_s).min_by(|a, b| a.cost.total_cmp(&b.cost));
    answer.run_now = now.map(window);
    let mut by_cost: Vec<&Candidate> = list.iter().collect();
    by_cost.sort_by(|a, b| a.cost.total_cmp(&b.cost).then(a.start_s.cmp(&b.start_s)));
    answer.median = by_cost.get(by_cost.len() / 2).map(|c| window(c));
    answer.worst = by_cost.last().map(|c| window(c));
    if list.is_empty() && answer.reason.is_none() {
        let most = rooms.iter().flat_map(|room| &room.free_mw).fold(0.0_f64, |a, b| a.max(*b));
        answer.reason = Some(format!(
            "no window of {} fits the headroom for {} h; the most left in any step is {most:.3} MW",
            ask.draw,
            ask.duration_s as f64 / 3_600.0
        ));
    }
}

/// The same id asks again: the same reservation, nothing taken twice.
fn repeat(ask: &Ask, portfolio: &Portfolio, made: Reservation) -> Answer {
    let mut answer = Answer::new(ask, portfolio);
    answer.reason = Some(format!("reservation {} exists already", made.id));
    answer.windows.push(Window {
        site: made.site,
        start: format_instant(made.start_s),
        end: format_instant(made.end_s),
        mw: made.mw,
        gpus: ask.draw.gpus(),
        price_per_mwh: None,
        plan_price_per_mwh: None,
        unmatched_mwh: None,
    });
    answer.reserved = Some(made.id);
    answer
}
