//! A world: every series of a portfolio over a span, in memory, and what came by it.

use super::common::{GridSeries, Point, PoolLeaf, SeriesMap, SeriesName, SiteLeaf, StorageLeaf, Values};
use super::derive::{self, Derive};
use super::hedges::{self, List};
use super::note::{self, Reason, StoodIn};
use super::supplied::Supplied;
use super::track::{Bounds, Track, part};
use super::tracks::{Maker, SiteTracks, after, lenient, per_hour};
use crate::portfolio::{self, Portfolio};
use crate::store::readings::Cut;
use crate::store::{Store, readings, stand_ins};
use ids::{BoundaryIndex, ContractId, ContractIndex, Index, SiteIndex, StorageIndex};
use reports::ruleset::Ruleset;
use reports::series::{delivery, mix};
use reports::time::{DAY_S, Grid, HOUR_S, Instant, Interval};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// How far back forecasts learn from.
const LEARN_S: i64 = 3 * 366 * DAY_S;
/// What a PUE may be expected to be.
const PUE: Bounds = Bounds { least: 1.0, most: 5.0 };

#[derive(Debug, Clone)]
pub struct World {
    pub(super) derive: Derive,
    /// What is loaded, in whole hours.
    pub span: Grid,
    pub(super) contracts: Vec<Track>,
    pub(super) boundaries: Vec<GridSeries<Track>>,
    pub(super) sites: Vec<SiteTracks>,
    pub(super) lists: Vec<List>,
    pub(super) supplied: Supplied,
    /// Accelerators counted, by pool.
    pub(super) pools: Vec<Values>,
    /// State of charge, by storage.
    states: Vec<Vec<Point>>,
    /// Readings and forecasts that were left out.
    pub(super) left_out: Vec<Reason>,
    /// Readings of sources that stood in for better ones.
    pub(super) stood_in: StoodIn,
}

/// What is loaded, and what may be learnt from: the three years before a period, too.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    loaded: Interval,
    cut: Cut,
    /// Learn only from before this; none: from whatever a forecast sees.
    learn_before: Option<Instant>,
    /// Readings come as late as their sources say; false where the cut sees to that.
    late: bool,
}

impl Span {
    /// For a plan of a horizon, made at an instant.
    pub fn planned(horizon: Interval, now: Instant) -> Self {
        let loaded = Interval { start: horizon.start - LEARN_S, end: horizon.end };
        let cut = Cut { revision: i64::MAX, known: now };
        Self { loaded, cut, learn_before: None, late: false }
    }

    /// For forecasts made again over a period, held against what is known at an instant.
    pub fn replayed(period: Interval, now: Instant) -> Self {
        Self { late: true, ..Self::planned(period, now) }
    }

    /// For plans made again over a period, each as far ahead as a horizon: nothing of the period teaches.
    pub fn planned_again(period: Interval, horizon_s: i64) -> Self {
        let seen = Interval { end: period.end + horizon_s, ..period };
        Self { cut: Cut::NONE, learn_before: Some(period.start), ..Self::replayed(seen, seen.end) }
    }
}

impl World {
    pub async fn load(store: &Store, portfolio: &Arc<Portfolio>, span: Span) -> anyhow::Result<Self> {
        let step_s = portfolio.resolution().seconds();
        let start = span.loaded.start.floor(HOUR_S);
        let hours = (span.loaded.end - start + HOUR_S - 1).div_euclid(HOUR_S);
        let grid = Grid { start, step_s, len: (hours * HOUR_S / step_s).max(0) as usize };
        let whole = grid.period();
        let rules = Arc::new(Ruleset::named(&portfolio.definitions.ruleset)?.0);
        let names = derive::names(portfolio);
        let spans: BTreeMap<String, Vec<Interval>> = names.iter().map(|name| (name.clone(), vec![whole])).collect();
        let mut series = readings::load(store, &spans, span.cut).await?;
        let mut supplied = Supplied::load(store, &names, whole, span.cut.known).await?;
        let mut base_spans: BTreeMap<String, Vec<Interval>> = BTreeMap::new();
        for p in portfolio.definitions.contracts.iter().filter_map(|c| c.profile.as_ref()) {
            base_spans.entry(p.series.clone()).or_default().push(p.over);
        }
        let bases = readings::load(store, &base_spans, Cut::NONE).await?;
        let fuels = mix::reported_fuels(&readings::grid_series(store, i64::MAX).await?);
        let derive = Derive::new(portfolio.clone(), rules, fuels, &bases)?;
        let vintages = Arc::make_mut(&mut supplied.vintages);
        let left_out = note::leave_out(&portfolio::expected(portfolio), &mut series, vintages);
        let stood_in = StoodIn::new(&series, stand_ins::all(store).await?);
        let delays = if span.late { readings::longest_delays(store, &names).await? } else { BTreeMap::new() };
        let learn = span.learn_before.map(|at| ((at - start).max(0) / step_s) as usize);
        let maker = Maker { span: grid, delays: &delays, learn };
        let world = Self::new(derive, &maker, &series)?;
        Ok(Self { supplied, left_out, stood_in, ..world })
    }

    fn new(derive: Derive, maker: &Maker<'_>, series: &SeriesMap) -> anyhow::Result<Self> {
        let span = maker.span;
        let definitions = &derive.portfolio.definitions;
        let mut boundaries = Vec::new();
        for (index, b) in BoundaryIndex::each(&definitions.boundaries) {
            let all_after = |skipped, values: GridSeries<Values>| values.map(|values| after(skipped, values));
            let values = lenient(span, series, |series, grid| derive.boundary(series, index, grid), all_after)?;
            boundaries.push(maker.boundary(&b.id, values));
        }
        let mut contracts = Vec::new();
        for (index, contract) in ContractIndex::each(&definitions.contracts) {
            let at = span.start(span.len);
            let mw = lenient(span, series, |series, grid| derive.contract(series, index, grid, at), after)?;
            let mut names: Vec<String> = delivery::plant_series(contract).into_iter().map(String::from).collect();
            names.extend(contract.profile.iter().map(|p| p.series.clone()));
            contracts.push(maker.learning(mw, Bounds::NOT_NEGATIVE, &names));
        }
        let sites = SiteIndex::all(&definitions.sites).map(|index| site(&derive, maker, series, index));
        let sites = sites.collect::<anyhow::Result<Vec<SiteTracks>>>()?;
        let per_hour = per_hour(span);
        let lists = hedges::lists(&derive, &contracts, (span.len / per_hour, per_hour));
        let pools = derive.portfolio.planning.pools.iter();
        let pools = pools.map(|p| SeriesName::pool(&p.id, PoolLeaf::AvailableGpus));
        let pools = pools.map(|name| derive.mean(series, &name, span, 1.0)).collect();
        let states = definitions.storage.iter().map(|k| SeriesName::storage(&k.id, StorageLeaf::State));
        let states = states.map(|name| series.get(name.as_str()).cloned().unwrap_or_default()).collect();
        let (supplied, left_out, stood_in) = (Supplied::default(), Vec::new(), StoodIn::default());
        Ok(Self { derive, span, contracts, boundaries, sites, lists, supplied, pools, states, left_out, stood_in })
    }

    pub fn portfolio(&self) -> &Arc<Portfolio> {
        &self.derive.portfolio
    }

    pub fn rules(&self) -> &Arc<Ruleset> {
        &self.derive.rules
    }

    /// Contracts whose profile has gaps in its base period, and how many.
    pub fn profile_gaps(&self) -> Vec<(ContractId, usize)> {
        let contracts = self.derive.portfolio.definitions.contracts.iter().zip(&self.derive.scales);
        let gaps = contracts.filter_map(|(c, scale)| scale.map(|scale| (c.id.clone(), scale.gaps)));
        gaps.filter(|(_, gaps)| *gaps > 0).collect()
    }

    /// Takes what plans placed out of what facility meters saw: `drawn_mw` of IT power by site over `history`.
    pub fn less_planned(&mut self, history: Grid, drawn_mw: &[Vec<f64>]) {
        let (first, per_hour) = (self.steps(history).start, per_hour(self.span));
        for (site, drawn) in self.sites.iter_mut().zip(drawn_mw) {
            // Before the history nothing is known of what was planned, so nothing is learnt from it.
            let known = site.of_load.values().iter().enumerate().map(|(i, mw)| {
                let planned = i.checked_sub(first).and_then(|at| drawn.get(at));
                mw.zip(planned).map(|(mw, planned)| (mw - planned).max(0.0))
            });
            site.of_load = Track::new(known.collect(), per_hour, Bounds::NOT_NEGATIVE);
        }
    }

    /// What was delivered, by contract and step of a part of the span; none where no meter said.
    pub(super) fn actual_delivered(&self, grid: Grid) -> Vec<Values> {
        self.contracts.iter().map(|track| self.part(track, grid)).collect()
    }

    /// Firm IT load by site: metered, else made of the facility's meter.
    pub(super) fn actual_firm(&self, grid: Grid) -> Vec<Values> {
        let one = |site: &SiteTracks| {
            let (it, load) = (self.part(&site.it, grid), self.part(&site.of_load, grid));
            it.into_iter().zip(load).map(|(it, load)| it.or(load)).collect()
        };
        self.sites.iter().map(one).collect()
    }

    pub(super) fn part(&self, track: &Track, grid: Grid) -> Values {
        part(track.values(), self.steps(grid).start, grid.len)
    }

    /// Which steps of the span those of a grid are.
    pub(super) fn steps(&self, grid: Grid) -> Range<usize> {
        let first = (grid.start - self.span.start).div_euclid(self.span.step_s).max(0) as usize;
        first..first + grid.len
    }

    /// The facility's meter over a part of the span, else what IT load makes of it; by site.
    pub fn actual_facility(&self, grid: Grid) -> Vec<Values> {
        let first = self.steps(grid).start;
        let sites = self.sites.iter().zip(&self.derive.portfolio.sites).zip(self.actual_firm(grid));
        let loads = sites.map(|((site, plan), it)| {
            let pue = site.pue.came(first, grid.len, Some(plan.pue)).values;
            let of_it = |t: usize| it[t].map(|it| plan.overhead_mw + pue[t] * it);
            let metered = part(&site.facility, first, grid.len).into_iter().enumerate();
            metered.map(|(t, mw)| mw.or(of_it(t))).collect()
        });
        loads.collect()
    }

    /// MWh a storage held at the last reading by an instant.
    pub fn stored_mwh(&self, storage: StorageIndex, at: Instant) -> Option<f64> {
        let known = self.states[storage].iter().rev().find(|p| p.end <= at);
        known.map(|p| p.value as f64 / 1e6)
    }

    /// Forgets what looking at later grids does not need.
    pub fn forget_before(&mut self, grid: Grid) {
        let start = self.steps(grid).start;
        let hour = start / per_hour(self.span);
        self.lists.iter_mut().for_each(|list| list.forget_before(hour));
        self.contracts.iter_mut().for_each(|track| track.forget_before(start));
    }
}

fn site(derive: &Derive, maker: &Maker<'_>, series: &SeriesMap, index: SiteIndex) -> anyhow::Result<SiteTracks> {
    let (id, plan) = (&derive.portfolio.definitions.sites[index].id, &derive.portfolio.sites[index]);
    let span = maker.span;
    let [it, load] = [SiteLeaf::ItLoad, SiteLeaf::Load].map(|leaf| SeriesName::site(id, leaf));
    let metered = lenient(span, series, |series, grid| derive.megawatts(series, &it, grid), after)?;
    let facility = lenient(span, series, |series, grid| derive.megawatts(series, &load, grid), after)?;
    let names = [SiteLeaf::Pue, SiteLeaf::Temperature].map(|leaf| String::from(SeriesName::site(id, leaf)));
    let pue = maker.track(derive.pue(series, index, span), PUE, &names);
    let whole = pue.came(0, span.len, Some(plan.pue)).values;
    let of_load = facility.iter().zip(&whole).map(|(mw, pue)| mw.map(|mw| plan.it_of_mw(mw, *pue))).collect();
    let it = maker.learning(metered, Bounds::NOT_NEGATIVE, &[String::from(it)]);
    let of_load = maker.track(of_load, Bounds::NOT_NEGATIVE, &[String::from(load)]);
    Ok(SiteTracks { it, of_load, pue, facility })
}
