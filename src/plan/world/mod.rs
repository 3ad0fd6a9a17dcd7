//! Every series of a portfolio over a span, in memory, and what of it is expected at any instant in the span.
//!
//! `plan` looks at it once, a backtest at every hour of a year: both see only what was known then.

mod actual;
mod hedges;
mod replay;
mod tracks;

use super::derive::{self, BoundaryValues, Derive, Values};
use super::snapshot::{BoundaryExpectation, Hedge};
use crate::forecast::errors::Issued;
use crate::forecast::{Bounds, Expected, HOURS_PER_DAY, Origin, Track};
use crate::portfolio::{CarbonBasis, Portfolio};
use crate::store::readings::Cut;
use crate::store::{Store, forecasts, readings};
use reports::inputs::{Point, SeriesMap};
use reports::ruleset::Ruleset;
use reports::series::mix;
use reports::time::{Grid, Interval};
use std::collections::BTreeMap;
use std::sync::Arc;
use tracks::{BoundaryTracks, Maker, SiteTracks, lenient, reach};

/// How far back forecasts learn from.
pub const LEARN_DAYS: i64 = 3 * 366;

/// Supplier forecasts of a series, by issue.
type Vintages = BTreeMap<String, Vec<(i64, Point)>>;

#[derive(Debug, Clone)]
pub struct World {
    pub derive: Derive,
    /// Whole hours.
    pub span: Grid,
    contracts: Vec<Track>,
    boundaries: Vec<BoundaryTracks>,
    sites: Vec<SiteTracks>,
    lists: Vec<hedges::List>,
    vintages: Arc<Vintages>,
    /// Accelerators counted, by pool.
    pools: Vec<Values>,
    /// State of charge, by storage.
    states: Vec<Vec<Point>>,
}

/// What is expected over a horizon.
#[derive(Debug, Clone)]
pub struct View {
    pub boundaries: Vec<BoundaryExpectation>,
    pub firm_it_mw: Vec<Expected>,
    /// What firm load may reach: its 95 % quantile.
    pub firm_peak_it_mw: Vec<Vec<f64>>,
    pub delivered_mw: Vec<Expected>,
    pub hedges: Vec<Hedge>,
    pub pue: Vec<Vec<f64>>,
    pub available_gpus: Vec<Vec<f64>>,
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
        let series = readings::load(store, &names.iter().map(whole).collect(), span.cut).await?;
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
        let delays = if span.late { readings::longest_delays(store, &names).await? } else { BTreeMap::new() };
        let learn = span.learn_before_s.map(|s| ((s - start_s).max(0) / step_s) as usize);
        Self::of(derive, grid, &series, &delays, vintages, learn)
    }

    fn of(
        derive: Derive,
        span: Grid,
        series: &SeriesMap,
        delays: &BTreeMap<String, i64>,
        vintages: Vintages,
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
            let mut names = reports::series::delivery::plant_series(contract);
            names.extend(contract.profile.iter().map(|p| p.series.clone()));
            contracts.push(maker.track(mw, Bounds::NOT_NEGATIVE, &names, true));
        }
        let mut sites = Vec::new();
        for (index, site) in definitions.sites.iter().enumerate() {
            let plan = &derive.portfolio.sites[index];
            let [it, load] = ["it_load", "load"].map(|leaf| format!("site/{}/{leaf}", site.id));
            let metered = lenient(span, series, |series, grid| derive.megawatts(series, &it, grid))?;
            let facility = lenient(span, series, |series, grid| derive.megawatts(series, &load, grid))?;
            let pue = derive.pue(series, index, span);
            let it_of =
                |(mw, pue): (&Option<f64>, &Option<f64>)| mw.map(|mw| plan.it_of_mw(mw, pue.unwrap_or(plan.pue)));
            let of_load = facility.iter().zip(&pue).map(it_of).collect();
            let names = ["pue", "temperature"].map(|leaf| format!("site/{}/{leaf}", site.id));
            sites.push(SiteTracks {
                pue: maker.track(pue, Bounds { least: 1.0, most: 5.0 }, &names, false),
                facility,
                it: maker.track(metered, Bounds::NOT_NEGATIVE, &[it], true),
                of_load: maker.track(of_load, Bounds::NOT_NEGATIVE, &[load], false),
            });
        }
        let lists = hedges::lists(&derive, span, &contracts);
        let pools = derive.portfolio.planning.pools.iter();
        let pools = pools.map(|p| derive.mean(series, &format!("pool/{}/available_gpus", p.id), span, 1.0)).collect();
        let states = definitions.storage.iter().map(|k| format!("storage/{}/state", k.id));
        let states = states.map(|name| series.get(&name).cloned().unwrap_or_default()).collect();
        let vintages = Arc::new(vintages);
        Ok(Self { derive, span, contracts, boundaries, sites, lists, vintages, pools, states })
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

    /// PUE by site and step, as it was where that is known.
    fn actual_pue(&self, grid: Grid) -> Vec<Vec<f64>> {
        let sites = self.sites.iter().zip(&self.derive.portfolio.sites);
        sites
            .map(|(site, plan)| self.part(&site.pue, grid).into_iter().map(|pue| pue.unwrap_or(plan.pue)).collect())
            .collect()
    }

    /// Firm IT load by site: metered, else made of the facility's meter.
    pub fn actual_firm(&self, grid: Grid) -> Vec<Values> {
        let one = |site: &SiteTracks| {
            let (it, load) = (self.part(&site.it, grid), self.part(&site.of_load, grid));
            it.into_iter().zip(load).map(|(it, load)| it.or(load)).collect()
        };
        self.sites.iter().map(one).collect()
    }

    fn part(&self, track: &Track, grid: Grid) -> Values {
        let first = self.step_of(grid.start_s);
        (first..first + grid.len).map(|i| track.values().get(i).copied().flatten()).collect()
    }

    fn step_of(&self, instant_s: i64) -> usize {
        ((instant_s - self.span.start_s).div_euclid(self.span.step_s)).max(0) as usize
    }

    /// What is expected from the start of `grid` on, as known at `now_s`.
    pub fn view(&mut self, grid: Grid, now_s: i64) -> anyhow::Result<View> {
        let ahead = self.issued_by(grid, now_s);
        let start = self.step_of(grid.start_s);
        let mut boundaries = Vec::new();
        for index in 0..self.boundaries.len() {
            boundaries.push(self.boundary(index, grid, start, &ahead)?);
        }
        let mut delivered_mw = Vec::new();
        for index in 0..self.contracts.len() {
            let supplied = self.derive.contract(&ahead, index, grid, grid.start_s)?;
            delivered_mw.push(self.contracts[index].expect(start, grid.len, &supplied, None));
        }
        let (mut firm_it_mw, mut firm_peak_it_mw) = (Vec::new(), Vec::new());
        for index in 0..self.sites.len() {
            let (expected, peak) = self.firm(index, grid, start, &ahead)?;
            firm_it_mw.push(expected);
            firm_peak_it_mw.push(peak);
        }
        let hedges = self.hedges(grid, start, &delivered_mw);
        let mut pue = Vec::new();
        for index in 0..self.sites.len() {
            let supplied = self.derive.pue(&ahead, index, grid);
            let configured = Some(self.derive.portfolio.sites[index].pue);
            pue.push(self.sites[index].pue.expect(start, grid.len, &supplied, configured).values);
        }
        let available_gpus = self.available_gpus(grid, start, &ahead);
        Ok(View { boundaries, firm_it_mw, firm_peak_it_mw, delivered_mw, hedges, pue, available_gpus })
    }

    /// Accelerators that can be given out: announced, else as last counted, else all there are.
    fn available_gpus(&self, grid: Grid, start: usize, ahead: &SeriesMap) -> Vec<Vec<f64>> {
        let pools = self.derive.portfolio.planning.pools.iter().zip(&self.pools);
        pools
            .map(|(pool, counted)| {
                let name = format!("pool/{}/available_gpus", pool.id);
                let announced = self.derive.mean(ahead, &name, grid, 1.0);
                let last = counted[..start.min(counted.len())].iter().rev().flatten().next().copied();
                let now = last.unwrap_or(pool.count).min(pool.count);
                announced.into_iter().map(|gpus| gpus.unwrap_or(now).min(pool.count)).collect()
            })
            .collect()
    }

    /// The facility's meter over a part of the span, else what IT load makes of it; by site.
    pub fn actual_facility(&self, grid: Grid) -> Vec<Values> {
        let first = self.step_of(grid.start_s);
        let sites = self.sites.iter().zip(&self.derive.portfolio.sites).zip(self.actual_firm(grid));
        sites
            .map(|((site, plan), it)| {
                let of_it = |t: usize| it[t].map(|it| plan.overhead_mw + plan.pue * it);
                (0..grid.len).map(|t| site.facility.get(first + t).copied().flatten().or(of_it(t))).collect()
            })
            .collect()
    }

    /// MWh a storage held at the last reading by an instant, and when that was.
    pub fn stored_at(&self, storage: usize, instant_s: i64) -> Option<(i64, f64)> {
        let known = self.states[storage].iter().rev().find(|p| p.end_s <= instant_s);
        known.map(|p| (p.end_s, p.value as f64 / 1e6))
    }

    /// The newest supplier forecasts issued by an instant.
    fn issued_by(&self, grid: Grid, now_s: i64) -> SeriesMap {
        let period = grid.period();
        let mut ahead = SeriesMap::new();
        for (name, issued) in self.vintages.iter() {
            let known = issued.iter().filter(|(issued_s, _)| *issued_s <= now_s);
            let touching = known.filter(|(_, p)| p.start_s < period.end_s && p.end_s > period.start_s);
            let points = forecasts::lay(touching.map(|(_, p)| *p));
            if !points.is_empty() {
                ahead.insert(name.clone(), points);
            }
        }
        ahead
    }

    fn boundary(
        &mut self,
        index: usize,
        grid: Grid,
        start: usize,
        ahead: &SeriesMap,
    ) -> anyhow::Result<BoundaryExpectation> {
        let supplied = if ahead.is_empty() {
            let none = vec![None; grid.len];
            BoundaryValues {
                cfe_share: none.clone(),
                average: none.clone(),
                residual: none.clone(),
                fossil: none.clone(),
                price: none,
            }
        } else {
            self.derive.boundary(ahead, index, grid)?
        };
        let portfolio = &self.derive.portfolio;
        let definition = &portfolio.definitions.boundaries[index];
        let basis = portfolio.definitions.factor_basis;
        let default = definition.default_fossil_mg_per_kwh;
        let default = default.unwrap_or_else(|| self.derive.factors.highest_fossil(basis)) as f64 / 1_000.0;
        let configured = portfolio.boundaries[index].price_per_mwh.unwrap_or(0.0);
        let by = portfolio.policy.carbon_basis;
        let tracks = &mut self.boundaries[index];
        let n = grid.len;
        let fossil = tracks.fossil.expect(start, n, &supplied.fossil, Some(default));
        let average = tracks.average.expect(start, n, &supplied.average, None);
        let residual = tracks.residual.expect(start, n, &supplied.residual, None);
        let fallback = residual.or(&fossil);
        let carbon = match by {
            CarbonBasis::Residual => fallback.clone(),
            CarbonBasis::Fossil => fossil,
            CarbonBasis::Average => average.clone().or(&fallback),
        };
        Ok(BoundaryExpectation {
            cfe_share: tracks.cfe_share.expect(start, n, &supplied.cfe_share, None),
            carbon_g_per_kwh: carbon,
            average_g_per_kwh: average,
            fallback_g_per_kwh: fallback,
            price_per_mwh: tracks.price.expect(start, n, &supplied.price, Some(configured)),
        })
    }

    /// `it_load` where it is metered or forecast, else the facility's load less what was planned, else the portfolio's
    /// figure; and what it may reach, from how far its days have been from one another.
    fn firm(
        &mut self,
        index: usize,
        grid: Grid,
        start: usize,
        ahead: &SeriesMap,
    ) -> anyhow::Result<(Expected, Vec<f64>)> {
        let portfolio = self.derive.portfolio.clone();
        let (site, plan) = (&portfolio.definitions.sites[index], &portfolio.sites[index]);
        let [it, load] = ["it_load", "load"].map(|leaf| format!("site/{}/{leaf}", site.id));
        let supplied_it = self.derive.megawatts(ahead, &it, grid)?;
        let supplied_load = self.derive.megawatts(ahead, &load, grid)?;
        let of_load: Values = supplied_load.into_iter().map(|mw| mw.map(|mw| plan.it_of_mw(mw, plan.pue))).collect();
        let tracks = &mut self.sites[index];
        let expected = tracks.it.expect(start, grid.len, &supplied_it, None);
        let expected = expected.or(&tracks.of_load.expect(start, grid.len, &of_load, plan.it_load_mw));
        let track = if expected.worst() == Origin::Supplier { None } else { Some(&tracks.it) };
        let per_day = HOURS_PER_DAY * per_hour(self.span);
        let above = track.map_or(0.0, |track| reach(track.values(), start, per_day));
        let peak = expected.values.iter().map(|mw| mw + above).collect();
        Ok((expected, peak))
    }

    /// Forgets what looking at later instants does not need.
    pub fn forget_before(&mut self, start_s: i64) {
        let start = self.step_of(start_s);
        let oldest = Issued::wanted(start / per_hour(self.span)).start;
        self.lists.iter_mut().for_each(|list| list.issued.forget_before(oldest));
        self.contracts.iter_mut().for_each(|track| track.forget_before(start));
    }
}

/// Steps of an hour.
fn per_hour(span: Grid) -> usize {
    (3_600 / span.step_s).max(1) as usize
}
