//! A world: what is loaded of it, and what came by it.

use super::derive::{self, BoundaryValues, Derive, Values};
use super::errors::Issued;
use super::lists::{List, lists};
use super::track::{Bounds, Track, came};
use super::tracks::{BoundaryTracks, Maker, SiteTracks, lenient, per_hour};
use super::{above, stood_in};
use crate::plan::document::Reason;
use crate::portfolio::{self, Portfolio};
use crate::store::readings::Cut;
use crate::store::stand_ins::{self, StandIn};
use crate::store::{Store, forecasts, readings};
use reports::fallbacks::Fallback;
use reports::inputs::{Point, SeriesMap};
use reports::ruleset::Ruleset;
use reports::series::name::{PoolLeaf, SeriesName, SiteLeaf, StorageLeaf};
use reports::series::{delivery, mix};
use reports::time::{Grid, Interval};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How far back forecasts learn from.
pub const LEARN_DAYS: i64 = 3 * 366;
/// What a PUE may be expected to be.
const PUE: Bounds = Bounds { least: 1.0, most: 5.0 };

/// Supplier forecasts of a series, by issue.
pub(super) type Vintages = BTreeMap<String, Vec<(i64, Point)>>;

#[derive(Debug, Clone)]
pub struct World {
    pub derive: Derive,
    /// Whole hours.
    pub span: Grid,
    pub(super) contracts: Vec<Track>,
    pub(super) boundaries: Vec<BoundaryTracks>,
    pub(super) sites: Vec<SiteTracks>,
    pub(super) lists: Vec<List>,
    pub(super) vintages: Arc<Vintages>,
    /// Readings of what had not ended when it was cut: facts published ahead.
    pub(super) published: SeriesMap,
    /// Accelerators counted, by pool.
    pub(super) pools: Vec<Values>,
    /// State of charge, by storage.
    pub(super) states: Vec<Vec<Point>>,
    /// Readings and forecasts that were left out.
    pub(super) left_out: Vec<Reason>,
    /// Readings of sources that stood in for better ones, and the revisions of such sources.
    pub(super) stood_in: Vec<Fallback>,
    pub(super) stand_ins: Arc<BTreeMap<i64, StandIn>>,
}

/// What is loaded, and what may be learnt from.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    pub period: Interval,
    pub cut: Cut,
    /// Learn only from before this; none: from whatever a forecast sees.
    pub learn_before_s: Option<i64>,
    /// Readings come as late as their sources say; false where the cut sees to that.
    pub late: bool,
}

impl World {
    pub async fn load(store: &Store, portfolio: &Arc<Portfolio>, span: Span) -> anyhow::Result<Self> {
        let hour = 3_600;
        let step_s = portfolio.resolution().seconds();
        let start_s = span.period.start_s.div_euclid(hour) * hour;
        let hours = (span.period.end_s - start_s + hour - 1).div_euclid(hour);
        let grid = Grid { start_s, step_s, len: (hours * hour / step_s).max(0) as usize };
        let rules = Arc::new(Ruleset::named(&portfolio.definitions.ruleset)?.0);
        let names = derive::names(portfolio);
        let whole = |name: &String| (name.clone(), vec![grid.period()]);
        let mut series = readings::load(store, &names.iter().map(whole).collect(), span.cut).await?;
        let ahead: Vec<String> = names.iter().filter(|name| derive::is_published_ahead(name)).cloned().collect();
        let published = readings::published(store, &ahead, grid.period(), span.cut.known_s).await?;
        let mut base_spans: BTreeMap<String, Vec<Interval>> = BTreeMap::new();
        for p in portfolio.definitions.contracts.iter().filter_map(|c| c.profile.as_ref()) {
            base_spans.entry(p.series.clone()).or_default().push(p.over);
        }
        let bases = readings::load(store, &base_spans, Cut::NONE).await?;
        let fuels = mix::reported_fuels(&readings::grid_series(store, i64::MAX).await?);
        let derive = Derive::new(portfolio.clone(), rules, fuels, &bases)?;
        let mut vintages = Vintages::new();
        for name in &names {
            let issued = forecasts::vintages(store, name, grid.period(), span.cut.known_s).await?;
            if !issued.is_empty() {
                vintages.insert(name.clone(), issued);
            }
        }
        let left_out = above::leave_out(&portfolio::expected(portfolio), &mut series, &mut vintages);
        let stand_ins = stand_ins::all(store).await?;
        let stood_in = stood_in::of_points(&series, &stand_ins);
        let delays = if span.late { readings::longest_delays(store, &names).await? } else { BTreeMap::new() };
        let learn = span.learn_before_s.map(|s| ((s - start_s).max(0) / step_s) as usize);
        let world = Self::new(derive, grid, &series, &delays, learn)?;
        let (vintages, stand_ins) = (Arc::new(vintages), Arc::new(stand_ins));
        Ok(Self { vintages, published, left_out, stood_in, stand_ins, ..world })
    }

    fn new(
        derive: Derive,
        span: Grid,
        series: &SeriesMap,
        delays: &BTreeMap<String, i64>,
        learn: Option<usize>,
    ) -> anyhow::Result<Self> {
        let maker = Maker { span, delays, learn };
        let definitions = &derive.portfolio.definitions;
        let mut boundaries = Vec::new();
        for (index, b) in definitions.boundaries.iter().enumerate() {
            let values = lenient(span, series, |series, grid| derive.boundary(series, index, grid))?;
            boundaries.push(maker.boundary(&b.id, values));
        }
        let mut contracts = Vec::new();
        for (index, contract) in definitions.contracts.iter().enumerate() {
            let at_s = span.period().end_s;
            let mw = lenient(span, series, |series, grid| derive.contract(series, index, grid, at_s))?;
            let mut names: Vec<String> = delivery::plant_series(contract).into_iter().map(String::from).collect();
            names.extend(contract.profile.iter().map(|p| p.series.clone()));
            contracts.push(maker.track(mw, Bounds::NOT_NEGATIVE, &names, true));
        }
        let mut sites = Vec::new();
        for (index, site) in definitions.sites.iter().enumerate() {
            let plan = &derive.portfolio.sites[index];
            let [it, load] = [SiteLeaf::ItLoad, SiteLeaf::Load].map(|leaf| SeriesName::site(&site.id, leaf));
            let metered = lenient(span, series, |series, grid| derive.megawatts(series, &it, grid))?;
            let facility = lenient(span, series, |series, grid| derive.megawatts(series, &load, grid))?;
            let pue = derive.pue(series, index, span);
            let whole = came(&pue, (per_hour(span), PUE), (0, span.len), Some(plan.pue)).values;
            let of_load = facility.iter().zip(&whole).map(|(mw, pue)| mw.map(|mw| plan.it_of_mw(mw, *pue))).collect();
            let names =
                [SiteLeaf::Pue, SiteLeaf::Temperature].map(|leaf| String::from(SeriesName::site(&site.id, leaf)));
            sites.push(SiteTracks {
                pue: maker.track(pue, PUE, &names, false),
                facility,
                it: maker.track(metered, Bounds::NOT_NEGATIVE, &[String::from(it)], true),
                of_load: maker.track(of_load, Bounds::NOT_NEGATIVE, &[String::from(load)], false),
            });
        }
        let lists = lists(&derive, span, &contracts);
        let pools = derive.portfolio.planning.pools.iter();
        let pools = pools.map(|p| SeriesName::pool(&p.id, PoolLeaf::AvailableGpus));
        let pools = pools.map(|name| derive.mean(series, &name, span, 1.0)).collect();
        let states = definitions.storage.iter().map(|k| SeriesName::storage(&k.id, StorageLeaf::State));
        let states = states.map(|name| series.get(name.as_str()).cloned().unwrap_or_default()).collect();
        let (vintages, published) = (Arc::default(), SeriesMap::new());
        Ok(Self {
            derive,
            span,
            contracts,
            boundaries,
            sites,
            lists,
            vintages,
            published,
            pools,
            states,
            left_out: Vec::new(),
            stood_in: Vec::new(),
            stand_ins: Arc::default(),
        })
    }

    pub fn portfolio(&self) -> &Arc<Portfolio> {
        &self.derive.portfolio
    }

    /// Takes what plans placed out of what facility meters saw: `drawn_mw` of IT power by site over `history`.
    pub fn less_planned(&mut self, history: Grid, drawn_mw: &[Vec<f64>]) {
        for (site, drawn) in self.sites.iter_mut().zip(drawn_mw) {
            let first = ((history.start_s - self.span.start_s) / self.span.step_s).max(0) as usize;
            // Before the history nothing is known of what was planned, so nothing is learnt from it.
            let known = site.of_load.values().iter().enumerate().map(|(i, mw)| {
                let planned = i.checked_sub(first).and_then(|at| drawn.get(at));
                mw.zip(planned).map(|(mw, planned)| (mw - planned).max(0.0))
            });
            let known: Values = known.collect();
            site.of_load = Track::new(known, per_hour(self.span), 0, Bounds::NOT_NEGATIVE, None);
        }
    }

    /// What was delivered, by contract and step of a part of the span; none where no meter said.
    pub fn actual_delivered(&self, grid: Grid) -> Vec<Values> {
        self.contracts.iter().map(|track| self.part(track, grid)).collect()
    }

    pub fn actual_boundary(&self, index: usize, grid: Grid) -> BoundaryValues {
        let tracks = &self.boundaries[index];
        BoundaryValues {
            cfe_share: self.part(&tracks.cfe_share, grid),
            average: self.part(&tracks.average, grid),
            residual: self.part(&tracks.residual, grid),
            fossil: self.part(&tracks.fossil, grid),
            price: self.part(&tracks.price, grid),
        }
    }

    /// Firm IT load by site: metered, else made of the facility's meter.
    pub fn actual_firm(&self, grid: Grid) -> Vec<Values> {
        let one = |site: &SiteTracks| {
            let (it, load) = (self.part(&site.it, grid), self.part(&site.of_load, grid));
            it.into_iter().zip(load).map(|(it, load)| it.or(load)).collect()
        };
        self.sites.iter().map(one).collect()
    }

    pub(super) fn part(&self, track: &Track, grid: Grid) -> Values {
        let first = self.step_of(grid.start_s);
        (first..first + grid.len).map(|i| track.values().get(i).copied().flatten()).collect()
    }

    pub(super) fn step_of(&self, instant_s: i64) -> usize {
        ((instant_s - self.span.start_s).div_euclid(self.span.step_s)).max(0) as usize
    }

    /// The facility's meter over a part of the span, else what IT load makes of it; by site.
    pub fn actual_facility(&self, grid: Grid) -> Vec<Values> {
        let first = self.step_of(grid.start_s);
        let sites = self.sites.iter().zip(&self.derive.portfolio.sites).zip(self.actual_firm(grid));
        sites
            .map(|((site, plan), it)| {
                let pue = site.pue.came(first, grid.len, Some(plan.pue)).values;
                let of_it = |t: usize| it[t].map(|it| plan.overhead_mw + pue[t] * it);
                (0..grid.len).map(|t| site.facility.get(first + t).copied().flatten().or(of_it(t))).collect()
            })
            .collect()
    }

    /// MWh a storage held at the last reading by an instant, and when that was.
    pub fn stored_at(&self, storage: usize, instant_s: i64) -> Option<(i64, f64)> {
        let known = self.states[storage].iter().rev().find(|p| p.end_s <= instant_s);
        known.map(|p| (p.end_s, p.value as f64 / 1e6))
    }

    /// Forgets what looking at later instants does not need.
    pub fn forget_before(&mut self, start_s: i64) {
        let start = self.step_of(start_s);
        let oldest = Issued::wanted(start / per_hour(self.span)).start;
        self.lists.iter_mut().for_each(|list| list.issued.forget_before(oldest));
        self.contracts.iter_mut().for_each(|track| track.forget_before(start));
    }
}
