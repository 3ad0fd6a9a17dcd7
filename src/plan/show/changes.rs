//! How a plan differs from the previous one, and what that means at today's prices.

use super::shown::Shown;
use crate::plan::common::{Instant, Phase, Placement, Plan, Serialize, SiteId, WorkId, fixed};
use std::collections::{BTreeMap, BTreeSet};

pub const SCHEMA: &str = "hourmatch/plan-diff/1";

/// Work counts as moved from this part of its energy on: less is a solver's choice among equals.
const MOVED: f64 = 0.01;
const DUST_MWH: f64 = 1e-6;

/// What changed since the plan before, over the time that both cover.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Changes<'p> {
    pub since: &'p str,
    pub made: Instant,
    /// The plan before ended before this one starts.
    pub apart: bool,
    /// Not in the plan before.
    pub new: Vec<&'p WorkId>,
    /// Planned before and no longer, as reported.
    pub done: Vec<&'p WorkId>,
    pub cancelled: Vec<&'p WorkId>,
    /// Planned before and no longer, without a report: run as planned, overdue, or without room by now.
    pub gone: Vec<&'p WorkId>,
    /// The most energy first.
    pub moved: Vec<Moved<'p>>,
    pub kept: usize,
}

/// A piece of work that runs at another time or place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Moved<'p> {
    pub work: &'p WorkId,
    /// IT energy that runs elsewhere than it was to.
    pub energy_mwh: f64,
    pub from: At<'p>,
    pub to: At<'p>,
}

/// The first hours that energy left or came to, and their mean price by this plan; none where it states none.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct At<'p> {
    pub site: &'p SiteId,
    pub start: Instant,
    pub price: Option<f64>,
}

impl At<'_> {
    /// `ashburn Tue 31 Mar 02:00 at 78.20 USD/MWh`.
    pub fn words(&self, shown: &Shown<'_>) -> String {
        let price =
            self.price.map_or_else(String::new, |price| format!(" at {} {}/MWh", fixed(price, 2), shown.currency()));
        format!("{} {}{price}", shown.site(self.site), shown.moment(self.site, Some(self.start)))
    }
}

/// The same as a document.
#[derive(Debug, Serialize)]
pub struct Difference<'p> {
    schema: &'static str,
    engine: &'static str,
    synthetic: bool,
    plan: &'p str,
    #[serde(flatten)]
    changes: Changes<'p>,
}

/// `ended` is of work that was reported done or cancelled.
pub fn difference<'p>(plan: &'p Plan, before: &'p Plan, ended: &BTreeMap<WorkId, Phase>) -> Difference<'p> {
    let changes = Changes::new(plan, before, ended);
    Difference { schema: SCHEMA, engine: crate::ENGINE, synthetic: plan.synthetic, plan: &plan.id, changes }
}

type Place<'p> = (Instant, &'p SiteId);
type Prices<'p> = BTreeMap<Place<'p>, f64>;

impl<'p> Changes<'p> {
    pub fn new(plan: &'p Plan, before: &'p Plan, ended: &BTreeMap<WorkId, Phase>) -> Self {
        let (from, to) = (plan.start.max(before.start), plan.end.min(before.end));
        let step_s = plan.step_s().min(before.step_s());
        let spread = |plan: &'p Plan| by_work(&plan.schedule, from, to, step_s);
        let (now, then) = (spread(plan), spread(before));
        let known: BTreeSet<&WorkId> = works(before).collect();
        let here: BTreeSet<&WorkId> = plan.schedule.iter().map(|row| &row.work).collect();
        let prices: Prices<'p> = plan.prices.iter().map(|p| ((p.start, &p.site), p.per_mwh)).collect();
        let price_of = |(at, site): Place<'p>| {
            let step = plan.start + (at - plan.start).div_euclid(plan.step_s()) * plan.step_s();
            prices.get(&(step, site)).copied()
        };
        let nothing = BTreeMap::new();
        let mut moved: Vec<Moved<'p>> = now
            .iter()
            .filter_map(|(work, now)| moved(work, then.get(work).unwrap_or(&nothing), now, &price_of))
            .collect();
        moved.sort_by(|a, b| b.energy_mwh.total_cmp(&a.energy_mwh).then(a.work.cmp(b.work)));
        let of_both = here.intersection(&known).count();
        let left = |phase: Option<Phase>| {
            let left = then.keys().copied().filter(|work| !here.contains(work));
            left.filter(|work| ended.get(*work).copied() == phase).collect()
        };
        Self {
            since: &before.id,
            made: before.made,
            apart: to <= from,
            new: here.difference(&known).copied().collect(),
            done: left(Some(Phase::Done)),
            cancelled: left(Some(Phase::Cancelled)),
            gone: left(None),
            kept: of_both - moved.len().min(of_both),
            moved,
        }
    }

    /// `3 new, 2 done, 5 moved, 39 as before`.
    pub fn summary(&self) -> String {
        if self.apart {
            return "that plan ended before this one starts".into();
        }
        let listed = self.listed().map(|(what, works)| (works.len(), what));
        let counts = listed.into_iter().chain([(self.moved.len(), "moved"), (self.kept, "as before")]);
        let named = counts.filter(|(count, _)| *count > 0);
        let parts: Vec<String> = named.map(|(count, what)| format!("{count} {what}")).collect();
        if parts.is_empty() { "no work in either".into() } else { parts.join(", ") }
    }

    /// Work that came or went, by what became of it.
    pub fn listed(&self) -> [(&'static str, &[&'p WorkId]); 4] {
        [("new", &self.new), ("done", &self.done), ("cancelled", &self.cancelled), ("gone", &self.gone)]
    }
}

fn works(plan: &Plan) -> impl Iterator<Item = &WorkId> {
    plan.schedule.iter().map(|row| &row.work).chain(plan.missed.iter().map(|row| &row.work))
}

/// IT MWh by step and site.
type Spread<'p> = BTreeMap<Place<'p>, f64>;

fn by_work(rows: &[Placement], from: Instant, to: Instant, step_s: i64) -> BTreeMap<&WorkId, Spread<'_>> {
    let mut found: BTreeMap<&WorkId, Spread<'_>> = BTreeMap::new();
    for row in rows {
        let (mut at, end) = (row.start.max(from), row.end.min(to));
        while at < end {
            let next = end.min(at + step_s);
            let mwh = row.mw * (next - at) as f64 / 3_600.0;
            *found.entry(&row.work).or_default().entry((at, &row.site)).or_default() += mwh;
            at = next;
        }
    }
    found
}

fn moved<'p>(
    work: &'p WorkId,
    then: &Spread<'p>,
    now: &Spread<'p>,
    price_of: &impl Fn(Place<'p>) -> Option<f64>,
) -> Option<Moved<'p>> {
    let beyond = |a: &Spread<'p>, b: &Spread<'p>| -> Vec<(Place<'p>, f64)> {
        let more = |(place, mwh): (&Place<'p>, &f64)| (*place, mwh - b.get(place).copied().unwrap_or(0.0));
        a.iter().map(more).filter(|(_, mwh)| *mwh > DUST_MWH).collect()
    };
    let (left, came) = (beyond(then, now), beyond(now, then));
    let sum = |places: &[(Place<'p>, f64)]| places.iter().map(|(_, mwh)| mwh).sum::<f64>();
    let energy_mwh = sum(&left).min(sum(&came));
    let all_mwh: f64 = now.values().sum();
    if energy_mwh <= DUST_MWH || energy_mwh < MOVED * all_mwh {
        return None;
    }
    let at = |places: &[(Place<'p>, f64)]| {
        let (start, site) = places.first()?.0;
        let mean = places.iter().map(|(place, mwh)| price_of(*place).map(|price| price * mwh)).sum::<Option<f64>>();
        Some(At { site, start, price: mean.map(|cost| cost / sum(places)) })
    };
    Some(Moved { work, energy_mwh, from: at(&left)?, to: at(&came)? })
}
