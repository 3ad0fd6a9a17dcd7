//! One asker's question answered: ranked windows against run-now, median and worst. Nothing is written.

use super::common::{Instant, Interval, Portfolio, Serialize, SiteId};
use super::desk::{Desk, Known, again};
use super::draw::Ask;
use super::fallback;
use super::rank::{self, Candidate, Wanted};
use super::site::Free;
use crate::error::{Fault, Faults};
use crate::plan::{Plan, document::tidy};
use reports::words::fixed;
use std::sync::Arc;

const SCHEMA: &str = "hourmatch/windows/1";
/// A plan older than this still ranks, and the answer says that it is stale.
pub(super) const STALE_S: i64 = 36 * 3_600;
/// Slack for sums of rounded counts.
const EPSILON: f64 = 1e-6;
/// Longest draw asked for.
const LONGEST_S: i64 = 31 * 86_400;

#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Answer {
    pub schema: &'static str,
    pub engine: &'static str,
    pub synthetic: bool,
    pub now: Instant,
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
    pub made: Instant,
    pub status: String,
}

/// IT megawatts over an interval, and what they cost there.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Window {
    /// 1 for the best; windows of equal price share it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank: Option<usize>,
    pub tied: bool,
    pub site: SiteId,
    pub start: Instant,
    pub end: Instant,
    pub mw: f64,
    /// Accelerators, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gpus: Option<u64>,
    /// Energy and carbon per IT MWh, with the rest of the plan fixed, a higher demand charge included and the shortfall of
    /// targets left out; null in a fallback, which knows no price.
    pub price_per_mwh: Option<f64>,
    /// What a higher peak costs the whole draw, where it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub demand_charge: Option<f64>,
    /// The plan's own price there, shortfall of targets included: what it would cost if other work moved for it.
    pub plan_price_per_mwh: Option<f64>,
    pub unmatched_mwh: Option<f64>,
}

impl Answer {
    pub(super) fn new(ask: &Ask, portfolio: &Portfolio) -> Self {
        let synthetic = portfolio.definitions.synthetic;
        Self { schema: SCHEMA, engine: crate::ENGINE, synthetic, now: ask.now, ..Self::default() }
    }
}

/// An answer, and what it was read from.
#[derive(Debug)]
pub(super) struct Found {
    pub answer: Answer,
    /// Best first.
    pub list: Vec<Candidate>,
    pub sites: Vec<SiteId>,
}

/// Ranked windows for a question.
///
/// # Errors
/// A question that makes no sense, and a store that does not answer.
pub async fn answer(desk: &Desk, ask: &Ask) -> anyhow::Result<Answer> {
    let found = find(desk, ask).await?;
    if let Some(best) = found.list.first() {
        let window = Interval { start: best.start, end: best.end };
        desk.lately(|memory| memory.add(&found.sites[best.at], window, best.mw, ask.now));
    }
    Ok(found.answer)
}

pub(super) async fn find(desk: &Desk, ask: &Ask) -> anyhow::Result<Found> {
    check(&desk.portfolio, ask)?;
    let mut answer = Answer::new(ask, &desk.portfolio);
    let known = desk.known(ask.now).await?;
    let usable = |known: &&Arc<Known>| covers(&known.base.plan, ask);
    if let Some(known) = known.as_ref().ok().filter(usable) {
        answer.plan = Some(reference(&known.base.plan));
        answer.fallback = ask.now - known.base.plan.made > STALE_S;
        let made = &known.base.plan.made;
        let stale = || format!("the plan was made at {made}: its prices are stale; plan again");
        answer.reason = known.reason(answer.fallback.then(stale));
        return Ok(ranked(desk, ask, answer, &known.free));
    }
    answer.fallback = true;
    let (known, mut reasons) = match known {
        Ok(known) => {
            let plan = &known.base.plan;
            let again = again(plan, ask.now, (bounds(ask).start, ask.duration_s));
            let short = format!("the plan covers {} to {}, not the time asked for; {again}", plan.start, plan.end);
            let reasons = known.of_plans(Some(short)).collect();
            (Some(known), reasons)
        }
        Err(reason) => (None, vec![reason]),
    };
    let (free, work_aside) = fallback::free(desk, ask, known.as_deref()).await?;
    reasons.extend(work_aside);
    answer.reason = Some(reasons.join("; "));
    Ok(ranked(desk, ask, answer, &free))
}

fn ranked(desk: &Desk, ask: &Ask, mut answer: Answer, free: &Free) -> Found {
    let mut wanted = Vec::new();
    for (at, site) in free.sites.iter().enumerate() {
        let asked = ask.site.as_ref().is_none_or(|id| *id == site.id);
        let draw = ask.draw.at(&desk.portfolio, &site.id, ask.account.as_ref()).filter(|_| asked);
        wanted.extend(draw.map(|(mw, gpus)| Wanted { at, mw, gpus }));
    }
    let mut list = rank::candidates(free, bounds(ask), ask.duration_s, &wanted);
    desk.lately(|memory| rank::sort(&mut list, free, memory, ask.now));
    fill(&mut answer, free, &list, &wanted, ask);
    Found { answer, list, sites: free.sites.iter().map(|s| s.id.clone()).collect() }
}

/// Everything that is wrong with what is asked.
fn check(portfolio: &Portfolio, ask: &Ask) -> Result<(), Faults> {
    let odd = ask.duration_s <= 0 || ask.duration_s > LONGEST_S;
    let length = odd.then(|| Fault::new("the duration is not between a second and 31 days").hint("--duration 4h"));
    let short = ask.before.is_some_and(|before| before - bounds(ask).start < ask.duration_s);
    let room = (short && !odd).then(|| {
        let what = "the duration does not fit between the earliest start and --before";
        Fault::new(what).hint("move --after or --before")
    });
    let site = ask.site.as_ref().and_then(|site| portfolio.find_site(site).err());
    let account = ask.account.as_ref().and_then(|account| portfolio.check_account(account).err());
    // What a site has that is none cannot be said.
    let draw = if site.is_none() { ask.draw.check(portfolio, ask.site.as_ref()).err() } else { None };
    Faults::refuse([length, room, site, account, draw].into_iter().flatten())
}

fn covers(plan: &Plan, ask: &Ask) -> bool {
    let bounds = bounds(ask);
    let from = bounds.start.max(plan.start);
    from + ask.duration_s <= plan.end.min(bounds.end)
}

fn bounds(ask: &Ask) -> Interval {
    let start = ask.after.unwrap_or(ask.now).max(ask.now);
    Interval { start, end: ask.before.unwrap_or(Instant::LAST) }
}

pub(super) fn reference(plan: &Plan) -> PlanRef {
    PlanRef { id: plan.id.clone(), made: plan.made, status: plan.status_name().into() }
}

fn fill(answer: &mut Answer, free: &Free, list: &[Candidate], wanted: &[Wanted], ask: &Ask) {
    let known = answer.plan.is_some();
    let window = |c: &Candidate| Window {
        site: free.sites[c.at].id.clone(),
        start: c.start,
        end: c.end,
        mw: tidy(c.mw),
        gpus: ask.draw.gpus(),
        price_per_mwh: known.then(|| tidy(c.price_per_mwh)),
        demand_charge: (known && c.peak_cost > 0.0).then(|| tidy(c.peak_cost)),
        plan_price_per_mwh: known.then(|| tidy(c.plan_price_per_mwh)),
        unmatched_mwh: known.then(|| tidy(c.unmatched_mwh)),
        ..Window::default()
    };
    // A fallback's order is that of time.
    let ranked = |c: &Candidate| Window { rank: known.then_some(c.rank), tied: known && c.tied, ..window(c) };
    answer.windows = list.iter().take(ask.top.max(1)).map(ranked).collect();
    let by_price = |a: &&Candidate, b: &&Candidate| a.price_per_mwh.total_cmp(&b.price_per_mwh);
    let now = list.iter().filter(|c| c.start < ask.now + free.grid.step_s).min_by(by_price);
    answer.run_now = now.map(window);
    let mut by_cost: Vec<&Candidate> = list.iter().collect();
    by_cost.sort_by(|a, b| by_price(a, b).then(a.start.cmp(&b.start)));
    answer.median = by_cost.get(by_cost.len() / 2).map(|c| window(c));
    answer.worst = by_cost.last().map(|c| window(c));
    if list.is_empty() {
        let none = none_fits(free, wanted, ask, if known { "the plan leaves" } else { "the limits leave" });
        answer.reason = Some(answer.reason.take().map_or(none.clone(), |reason| format!("{reason}; {none}")));
    }
}

/// Why there is no window: nowhere such a draw, or no room for it.
fn none_fits(free: &Free, wanted: &[Wanted], ask: &Ask, left: &str) -> String {
    let hours = ask.duration_s as f64 / 3_600.0;
    if wanted.is_empty() {
        return format!("no site asked for has {}", ask.draw);
    }
    let bounds = bounds(ask);
    let steps = free.grid.touched(Interval { end: bounds.end.min(free.grid.period().end), ..bounds });
    let most = wanted.iter().flat_map(|w| steps.clone().map(|step| free.room.most_mw(free.sites[w.at].site, step)));
    let most = most.fold(0.0, f64::max);
    let held = wanted.iter().filter_map(|w| w.gpus.as_ref());
    let gpus = held.flat_map(|g| steps.clone().map(|step| free.room.most_gpus(g.pool, step)));
    let gpus = gpus.filter(|count| count.is_finite()).reduce(f64::max);
    let gpus = gpus.map(|count| format!("{:.0} GPUs and ", (count + EPSILON).floor().max(0.0))).unwrap_or_default();
    let quota = ask.account.as_ref().filter(|_| !gpus.is_empty());
    let quota = quota.map(|id| format!(", before the quota of account `{id}`")).unwrap_or_default();
    let (draw, most) = (&ask.draw, fixed(most, 3));
    format!("no window of {draw} for {hours} h fits what {left}; the most left in any step is {gpus}{most} MW{quota}")
}
