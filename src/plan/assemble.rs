//! Stored rows to a snapshot: what a planner at `now` may know.

use super::snapshot::{BoundaryExpectation, Snapshot};
use super::work::Work;
use super::{Request, firm, past, work};
use crate::error::Problem;
use crate::forecast::expect::Shape;
use crate::forecast::{Expected, blend, expect};
use crate::portfolio::{CarbonBasis, Portfolio};
use crate::store::readings::Cut;
use crate::store::reservations::Kind;
use crate::store::{Store, forecasts, readings, reservations};
use reports::books::Share;
use reports::definitions::ContractDef;
use reports::factors::{FUELS, Factors};
use reports::inputs::SeriesMap;
use reports::ruleset::Ruleset;
use reports::series::{boundary, delivery, mix, profile, resample};
use reports::time::{Grid, Interval};
use reports::units::{MICRO, wh_to_mw};
use std::collections::BTreeMap;

/// Loads what is visible at `request.now_s` and turns it into expected series.
pub async fn snapshot(store: &Store, portfolio: &Portfolio, request: &Request) -> anyhow::Result<Snapshot> {
    let grid = horizon(portfolio, request)?;
    let day = 86_400;
    let history = Grid {
        start_s: grid.start_s - blend::DAYS as i64 * day,
        step_s: grid.step_s,
        len: blend::DAYS * (day / grid.step_s) as usize,
    };
    let known = known_series(store, portfolio, history, grid, request.now_s).await?;
    let view = View { portfolio, known: &known, history, grid, rules: rules(portfolio)?, factors: Factors::default() };
    let mut boundaries = Vec::new();
    for index in 0..portfolio.definitions.boundaries.len() {
        boundaries.push(view.boundary(index)?);
    }
    let delivered_mw =
        portfolio.definitions.contracts.iter().map(|c| view.contract(c)).collect::<Result<Vec<_>, _>>()?;
    let work = queued(store).await?;
    let past = past::load(store, history, request.now_s).await?;
    let drawn_mw = past::drawn_mw(&past, portfolio, history);
    let done_mwh = past::done_mwh(&past, &work, grid.start_s);
    let mut firm_it_mw = Vec::new();
    for (site, drawn) in drawn_mw.iter().enumerate() {
        let sources = firm::Sources { supplier: &known.supplier, history: &known.history, drawn_mw: drawn };
        firm_it_mw.push(firm::expected(portfolio, site, &sources, (history, grid), view.shape())?);
    }
    let mut held_mw = vec![vec![0.0; grid.len]; portfolio.sites.len()];
    let (mut reserved, mut live) = (Vec::new(), Vec::new());
    for r in reservations::live_in(store, request.now_s).await? {
        live.push(r.id.clone());
        let Some(site) = portfolio.site(&r.site) else { continue };
        // Power is not shared within a step: a draw of half an hour needs its megawatts all the same.
        for step in grid.touched(Interval { start_s: r.start_s, end_s: r.end_s }) {
            match r.kind {
                Kind::Reserved => firm_it_mw[site].values[step] += r.mw,
                Kind::Held => held_mw[site][step] += r.mw,
            }
        }
        if r.kind == Kind::Reserved {
            reserved.push(r.id);
        }
    }
    Ok(Snapshot {
        portfolio: portfolio.clone(),
        rules: view.rules.clone(),
        now_s: request.now_s,
        grid,
        boundaries,
        firm_it_mw,
        delivered_mw,
        work,
        done_mwh,
        held_mw,
        reserved,
        live,
        profile_gaps: view.profile_gaps()?,
    })
}

fn horizon(portfolio: &Portfolio, request: &Request) -> Result<Grid, Problem> {
    let step_s = portfolio.resolution().seconds();
    // A step that has begun cannot be planned whole: the next one is the first.
    let start_s = request.start_s.unwrap_or(request.now_s + step_s - 1).div_euclid(step_s) * step_s;
    let len = request.horizon_s / step_s;
    if len < 1 {
        return Err(Problem::new("the horizon is shorter than one step").hint("--horizon 168h"));
    }
    if len > 24 * 366 {
        return Err(Problem::new("the horizon is longer than a year of hours").hint("--horizon 168h"));
    }
    Ok(Grid { start_s, step_s, len: len as usize })
}

fn rules(portfolio: &Portfolio) -> anyhow::Result<Ruleset> {
    Ok(Ruleset::named(&portfolio.definitions.ruleset)?.0)
}

async fn queued(store: &Store) -> anyhow::Result<Vec<Work>> {
    let rows = crate::store::work::all(store).await?;
    rows.iter()
        .filter(|row| row.state == crate::store::work::QUEUED)
        .map(|row| {
            serde_json::from_str::<work::Work>(&row.content)
                .map_err(|e| Problem::new(format!("stored work {} cannot be read: {e}", row.id)).into())
        })
        .collect()
}

/// Readings and supplier forecasts known at an instant.
struct Known {
    history: SeriesMap,
    /// Whole base periods of profiles: their scale is a term of the contract, not something observed.
    bases: SeriesMap,
    supplier: SeriesMap,
    /// Fuels each area normally reports: a mix without one of them is not known.
    fuels: BTreeMap<String, Vec<String>>,
}

async fn known_series(
    store: &Store,
    portfolio: &Portfolio,
    history: Grid,
    grid: Grid,
    now_s: i64,
) -> anyhow::Result<Known> {
    let mut spans: BTreeMap<String, Vec<Interval>> = BTreeMap::new();
    let mut want = |name: String| {
        spans.entry(name).or_insert_with(|| vec![history.period()]);
    };
    for b in &portfolio.definitions.boundaries {
        let leaves = ["cfe_share", "carbon_intensity", "residual_intensity", "fossil_intensity", "price"];
        for leaf in leaves.into_iter().chain(FUELS.iter().map(|(fuel, ..)| *fuel)) {
            want(format!("grid/{}/{leaf}", b.id));
        }
    }
    for site in &portfolio.definitions.sites {
        want(format!("site/{}/it_load", site.id));
        want(format!("site/{}/load", site.id));
    }
    let mut base_spans: BTreeMap<String, Vec<Interval>> = BTreeMap::new();
    for contract in &portfolio.definitions.contracts {
        for name in delivery::plant_series(contract) {
            want(name);
        }
        if let Some(profile) = &contract.profile {
            want(profile.series.clone());
            base_spans.entry(profile.series.clone()).or_default().push(profile.over);
        }
    }
    let mut supplier = SeriesMap::new();
    for name in spans.keys() {
        let points = forecasts::latest(store, name, grid.period(), now_s).await?;
        if !points.is_empty() {
            supplier.insert(name.clone(), points);
        }
    }
    let cut = Cut { revision: i64::MAX, known_s: now_s };
    Ok(Known {
        history: readings::load(store, &spans, cut).await?,
        bases: readings::load(store, &base_spans, Cut::NONE).await?,
        supplier,
        fuels: mix::reported_fuels(&readings::grid_series(store, i64::MAX).await?),
    })
}

struct View<'a> {
    portfolio: &'a Portfolio,
    known: &'a Known,
    history: Grid,
    grid: Grid,
    rules: Ruleset,
    factors: Factors,
}

impl View<'_> {
    fn shape(&self) -> Shape {
        Shape {
            steps: self.grid.len,
            steps_per_day: (86_400 / self.grid.step_s) as usize,
            step_hours: self.grid.step_s as f64 / 3_600.0,
        }
    }

    fn boundary(&self, index: usize) -> anyhow::Result<BoundaryExpectation> {
        let definition = &self.portfolio.definitions.boundaries[index];
        let free = |fuel: &str| self.rules.is_carbon_free(fuel);
        let fuels = self.known.fuels.get(&definition.id).map_or(&[][..], Vec::as_slice);
        let basis = self.portfolio.definitions.factor_basis;
        let rules =
            boundary::Rules { factors: &self.factors, basis, feed_basis: definition.factor_basis, carbon_free: &free };
        let of = |series: &SeriesMap, grid: Grid| boundary::of(series, &definition.id, fuels, &rules, grid);
        let past = of(&self.known.history, self.history)?;
        let ahead = of(&self.known.supplier, self.grid)?;
        let shares = |v: Option<Vec<Option<Share>>>, n: usize| match v {
            Some(v) => v.into_iter().map(|s| s.map(Share::as_f64)).collect(),
            None => vec![None; n],
        };
        let grams = |v: Option<&Vec<Option<i64>>>, n: usize| match v {
            Some(v) => v.iter().map(|mg| mg.map(|mg| mg as f64 / 1_000.0)).collect(),
            None => vec![None; n],
        };
        let (n, m) = (self.grid.len, self.history.len);
        let factor = |a: Option<&Vec<Option<i64>>>, p: Option<&Vec<Option<i64>>>, default: Option<f64>| {
            expect(self.shape(), &grams(a, n), &grams(p, m), default)
        };
        let default = definition.default_fossil_mg_per_kwh.unwrap_or_else(|| self.factors.highest_fossil(basis));
        let default = Some(default as f64 / 1_000.0);
        let fossil = factor(ahead.fossil_mg_per_kwh.as_ref(), past.fossil_mg_per_kwh.as_ref(), default);
        let average = factor(ahead.intensity_mg_per_kwh.as_ref(), past.intensity_mg_per_kwh.as_ref(), None);
        let residual = factor(ahead.residual_mg_per_kwh.as_ref(), past.residual_mg_per_kwh.as_ref(), None);
        let fallback = residual.or(&fossil);
        let carbon = match self.portfolio.policy.carbon_basis {
            CarbonBasis::Residual => fallback.clone(),
            CarbonBasis::Fossil => fossil,
            CarbonBasis::Average => average.clone().or(&fallback),
        };
        let mut cfe_share = expect(self.shape(), &shares(ahead.cfe_share, n), &shares(past.cfe_share, m), None);
        cfe_share.values.iter_mut().for_each(|share| *share = share.clamp(0.0, 1.0));
        Ok(BoundaryExpectation {
            cfe_share,
            carbon_g_per_kwh: carbon,
            average_g_per_kwh: average,
            fallback_g_per_kwh: fallback,
            price_per_mwh: self.price(index),
        })
    }

    fn profile_gaps(&self) -> anyhow::Result<Vec<(String, usize)>> {
        let mut gaps = Vec::new();
        for contract in &self.portfolio.definitions.contracts {
            if let Some(p) = &contract.profile {
                let scale = profile::Scale::of(&contract.id, p, &self.known.bases, self.portfolio.resolution())?;
                gaps.push((contract.id.clone(), scale.gaps));
            }
        }
        gaps.retain(|(_, gaps)| *gaps > 0);
        Ok(gaps)
    }

    fn price(&self, index: usize) -> Expected {
        let name = format!("grid/{}/price", self.portfolio.definitions.boundaries[index].id);
        let unit = 1.0 / MICRO as f64;
        let values = |series: &SeriesMap, grid: Grid| match series.get(&name) {
            Some(points) => resample::mean(points, grid, unit),
            None => vec![None; grid.len],
        };
        // Prices may be negative, which `expect` floors: shift them up and back.
        let shift = 100_000.0;
        let raise = |v: Vec<Option<f64>>| v.into_iter().map(|p| p.map(|p| p + shift)).collect::<Vec<_>>();
        let configured = self.portfolio.boundaries[index].price_per_mwh.unwrap_or(0.0) + shift;
        let (ahead, past) =
            (raise(values(&self.known.supplier, self.grid)), raise(values(&self.known.history, self.history)));
        let mut expected = expect(self.shape(), &ahead, &past, Some(configured));
        expected.values.iter_mut().for_each(|price| *price -= shift);
        expected
    }

    /// MW delivered: forecasts of the plant first, then of its profile series, then what each did before.
    fn contract(&self, contract: &ContractDef) -> anyhow::Result<Expected> {
        let scale = match &contract.profile {
            Some(p) => Some((p, profile::Scale::of(&contract.id, p, &self.known.bases, self.portfolio.resolution())?)),
            None => None,
        };
        // The terms that hold when the plan starts, for the past it learns from too.
        let share = contract.share_at(self.grid.start_s);
        let terms = ContractDef {
            profile: None,
            share,
            share_changes: Vec::new(),
            valid_from: None,
            valid_to: None,
            ..contract.clone()
        };
        let megawatts = |series: &SeriesMap, grid: Grid| -> anyhow::Result<Vec<Option<f64>>> {
            let mut wh = delivery::of(&terms, series, self.portfolio.resolution(), grid)?.wh;
            if let Some((p, scale)) = scale {
                for (value, plant) in wh.iter_mut().zip(profile::plant(contract, p, scale, series, grid)?) {
                    *value = value.or(plant.map(|plant| share.of(plant)));
                }
            }
            Ok(wh.into_iter().map(|wh| wh.map(|wh| wh_to_mw(wh, grid.step_s))).collect())
        };
        let ahead = megawatts(&self.known.supplier, self.grid)?;
        let past = megawatts(&self.known.history, self.history)?;
        Ok(expect(self.shape(), &ahead, &past, None))
    }
}
