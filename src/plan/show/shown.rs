//! A plan with what names its sites and times.

use crate::plan::common::{Instant, Interval, Phase, Plan, Portfolio, Reservation, Store, Zone, plans};
use crate::plan::current;
use crate::work::piece;
use ids::{ContractId, SiteId, WorkId};
use reports::definitions::labels;
use std::collections::{BTreeMap, BTreeSet};

/// What others than the planner know of the plan's time; empty where nobody asked them.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    /// Not released, within the horizon, by id.
    pub reserved: Vec<Reservation>,
    pub caps: Vec<Cap>,
    /// Work of the plan before that was reported done or cancelled, by id.
    pub ended: BTreeMap<WorkId, Phase>,
}

/// A step of a site's capacity curve, in IT MW.
#[derive(Debug, Clone)]
pub struct Cap {
    pub site: SiteId,
    pub start: Instant,
    pub mw: f64,
}

/// A plan, what names its sites and times, the plan that was current before it, and what stands beside it.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    pub plan: &'a Plan,
    pub portfolio: &'a Portfolio,
    pub before: Option<&'a Plan>,
    pub beside: &'a Beside,
}

impl<'a> Shown<'a> {
    /// A site's own zone; of a site that has left the portfolio, the portfolio's.
    pub fn zone(&self, site: &SiteId) -> Zone {
        self.portfolio.site(site).map_or(self.portfolio.zone, |index| self.portfolio.sites[index].zone)
    }

    /// A site by its name alone, else by its id.
    pub fn site(&self, id: &'a SiteId) -> &'a str {
        let portfolio: &'a Portfolio = self.portfolio;
        let index = portfolio.site(id);
        index.and_then(|index| portfolio.definitions.sites[index].name.as_deref()).unwrap_or(id)
    }

    /// The same with the id that is typed.
    pub fn site_with_id(&self, id: &SiteId) -> String {
        labels::with_id(self.site(id), id)
    }

    /// A contract by its name alone, else by its id.
    pub fn contract(&self, id: &'a ContractId) -> &'a str {
        let contract = self.portfolio.definitions.contracts.iter().find(|contract| contract.id == *id);
        contract.and_then(|contract| contract.name.as_deref()).unwrap_or(id)
    }

    /// A local time at a site; nothing of no instant.
    pub fn moment(&self, site: &SiteId, at: Option<Instant>) -> String {
        let horizon = Interval { start: self.plan.start, end: self.plan.end };
        at.map_or_else(String::new, |at| self.zone(site).moment(at, horizon))
    }

    /// Local midnights within the horizon, with the day's name.
    pub fn days(&self, zone: Zone) -> Vec<(Instant, String)> {
        let (start, end) = (self.plan.start, self.plan.end);
        let dates = zone.date(start).iter_days().map(|date| (zone.day_start(date), date));
        let within = dates.take_while(|(at, _)| *at < end).filter(|(at, _)| *at >= start);
        within.map(|(at, date)| (at, date.format("%a %-d").to_string())).collect()
    }

    pub fn currency(&self) -> &'a str {
        &self.portfolio.definitions.currency
    }
}

/// The plan stored before one, or where that one is not stored, the current one. None where it cannot be read: what
/// changed since is then unknown, and the plan is worth looking at all the same.
///
/// # Errors
/// A store that does not answer.
pub async fn before(store: &Store, plan: &Plan, now: Instant) -> anyhow::Result<Option<Plan>> {
    let Some(seq) = plans::seq(store, &plan.id).await? else {
        return Ok(current::current(store, now).await.ok().flatten().map(|found| found.plan));
    };
    match plans::lines(store, seq, 1).await?.pop() {
        Some(line) => Ok(current::load(store, &line.id).await.ok().flatten()),
        None => Ok(None),
    }
}

/// How work ended that an earlier plan has and this one has not, as far as that was reported.
///
/// # Errors
/// A store that does not answer.
pub async fn ended(store: &Store, plan: &Plan, before: &Plan) -> anyhow::Result<BTreeMap<WorkId, Phase>> {
    let works = |plan: &Plan| -> BTreeSet<WorkId> { plan.schedule.iter().map(|row| row.work.clone()).collect() };
    let gone: Vec<WorkId> = works(before).difference(&works(plan)).cloned().collect();
    let phases = piece::phases(store, &gone).await?;
    Ok(phases.into_iter().filter(|(_, phase)| matches!(phase, Phase::Done | Phase::Cancelled)).collect())
}
