//! What happened in a period: supply, grid and firm load as metered, and the work there was.

use super::Request;
use crate::error::Problem;
use crate::forecast::{Expected, Origin};
use crate::plan::derive::{BoundaryValues, Values};
use crate::plan::problem;
use crate::plan::snapshot::{BoundaryExpectation, Snapshot};
use crate::plan::work::Work;
use crate::plan::world::{self, Span, World};
use crate::portfolio::{CarbonBasis, Portfolio};
use crate::store::Store;
use crate::store::readings::Cut;
use reports::time::{Grid, Interval, format_instant};
use std::sync::Arc;

const DAY_S: i64 = 86_400;

#[derive(Debug)]
pub struct Stage {
    pub portfolio: Arc<Portfolio>,
    /// Everything known to anybody, for looking at it as of any hour.
    pub world: World,
    pub grid: Grid,
    /// Work that can run in the period, sorted by release and id, and where its window lies.
    pub work: Vec<Piece>,
    /// Parallel to the boundaries.
    pub boundaries: Vec<BoundaryExpectation>,
    /// Parallel to the contracts and sites: as it came.
    pub delivered_mw: Vec<Expected>,
    pub firm_it_mw: Vec<Expected>,
}

/// A piece of work on the period's grid.
#[derive(Debug, Clone)]
pub struct Piece {
    pub work: Work,
    pub release: usize,
    /// Exclusive; beyond the period's end where the deadline is.
    pub deadline: usize,
    pub max_mw: f64,
    pub sites: Vec<usize>,
}

/// What a strategy ran: IT MW by site and step, and what it left undone of each piece.
#[derive(Debug, Clone)]
pub struct Ran {
    pub it_mw: Vec<Vec<f64>>,
    pub left_mwh: Vec<f64>,
    /// Past its deadline within the period.
    pub missed_mwh: f64,
    /// No limit kept it from more than there is room for.
    pub uncapped: bool,
}

impl Ran {
    pub fn nothing(stage: &Stage) -> Self {
        Self {
            it_mw: vec![vec![0.0; stage.grid.len]; stage.portfolio.sites.len()],
            left_mwh: stage.work.iter().map(|p| p.work.energy_mwh).collect(),
            missed_mwh: 0.0,
            uncapped: false,
        }
    }

    /// Adds up what is left of pieces whose deadline lies in the period.
    pub fn close(mut self, stage: &Stage) -> Self {
        let due = stage.work.iter().zip(&self.left_mwh).filter(|(p, _)| p.deadline <= stage.grid.len);
        self.missed_mwh = due.map(|(_, left)| left.max(0.0)).filter(|left| *left > problem::DONE_MWH).sum();
        self
    }
}

impl Stage {
    pub async fn load(store: &Store, portfolio: &Portfolio, request: &Request) -> anyhow::Result<Self> {
        let portfolio = Arc::new(portfolio.clone());
        let grid = Grid::over(request.period, portfolio.resolution())
            .map_err(|e| Problem::new(e.to_string()).hint("write bounds that lie on the portfolio's resolution"))?;
        let period = Interval {
            start_s: request.period.start_s - world::LEARN_DAYS * DAY_S,
            end_s: request.period.end_s + request.horizon_s,
        };
        let learn_before_s = Some(request.period.start_s);
        let span = Span { period, cut: Cut::NONE, learn_before_s, late: true };
        let world = World::load(store, &portfolio, span).await?;
        let work = work(store, &portfolio, grid).await?;
        let mut stage = Self {
            boundaries: boundaries(&world, grid),
            delivered_mw: world.actual_delivered(grid).into_iter().map(|v| certain(v, 0.0)).collect(),
            firm_it_mw: firm(&world, grid),
            portfolio,
            world,
            grid,
            work,
        };
        stage.refuse_empty()?;
        stage.work.shrink_to_fit();
        Ok(stage)
    }

    /// A backtest of nothing answers nothing.
    fn refuse_empty(&self) -> Result<(), Problem> {
        let unknown = |e: &Expected| e.origins.iter().all(|o| *o == Origin::None);
        let (from, to) = (format_instant(self.grid.start_s), format_instant(self.grid.period().end_s));
        if self.delivered_mw.iter().all(unknown) && !self.delivered_mw.is_empty() {
            return Err(Problem::new(format!("no contract has a reading between {from} and {to}"))
                .hint("ingest the generation of that period first: hourmatch ingest FILE"));
        }
        if self.firm_it_mw.iter().all(unknown) && self.work.is_empty() {
            return Err(Problem::new(format!("there is neither load nor work between {from} and {to}"))
                .hint("ingest site/<id>/it_load, or import a work list: hourmatch work import FILE"));
        }
        Ok(())
    }

    /// IT MW a site has left for work in a step.
    pub fn room(&self, site: usize, step: usize) -> f64 {
        (self.portfolio.sites[site].cap_mw() - self.firm_it_mw[site].values[step]).max(0.0)
    }

    /// Everything as it came, over a part of the period, with no work in it.
    pub fn snapshot(&self, from: usize, len: usize) -> Snapshot {
        let grid = Grid { start_s: self.grid.start(from), step_s: self.grid.step_s, len };
        let cut = |e: &Expected| Expected {
            values: e.values[from..from + len].to_vec(),
            origins: e.origins[from..from + len].to_vec(),
        };
        let boundary = |b: &BoundaryExpectation| BoundaryExpectation {
            cfe_share: cut(&b.cfe_share),
            carbon_g_per_kwh: cut(&b.carbon_g_per_kwh),
            average_g_per_kwh: cut(&b.average_g_per_kwh),
            fallback_g_per_kwh: cut(&b.fallback_g_per_kwh),
            price_per_mwh: cut(&b.price_per_mwh),
        };
        Snapshot {
            portfolio: self.portfolio.clone(),
            rules: self.world.derive.rules.clone(),
            now_s: grid.start_s,
            grid,
            boundaries: self.boundaries.iter().map(boundary).collect(),
            firm_peak_it_mw: self.firm_it_mw.iter().map(|e| cut(e).values).collect(),
            firm_it_mw: self.firm_it_mw.iter().map(cut).collect(),
            delivered_mw: self.delivered_mw.iter().map(cut).collect(),
            hedges: Vec::new(),
            work: Vec::new(),
            done_mwh: Vec::new(),
            expected_work: Vec::new(),
            held_mw: vec![vec![0.0; len]; self.portfolio.sites.len()],
            reserved: Vec::new(),
            live: Vec::new(),
            profile_gaps: Vec::new(),
        }
    }
}

async fn work(store: &Store, portfolio: &Portfolio, grid: Grid) -> anyhow::Result<Vec<Piece>> {
    let mut pieces = Vec::new();
    for row in crate::store::work::all(store).await? {
        if row.state == crate::store::work::CANCELLED {
            continue;
        }
        let work: Work = serde_json::from_str(&row.content)
            .map_err(|e| Problem::new(format!("stored work {} cannot be read: {e}", row.id)))?;
        pieces.extend(piece(work, portfolio, grid));
    }
    pieces.sort_by(|a: &Piece, b| a.release.cmp(&b.release).then_with(|| a.work.id.cmp(&b.work.id)));
    Ok(pieces)
}

/// None where it is not released within the period, or has no whole step.
fn piece(work: Work, portfolio: &Portfolio, grid: Grid) -> Option<Piece> {
    let (release_s, deadline_s) = work.span_s();
    let release = (release_s - grid.start_s + grid.step_s - 1).div_euclid(grid.step_s);
    let deadline = (deadline_s - grid.start_s).div_euclid(grid.step_s);
    let release = usize::try_from(release).ok().filter(|r| *r < grid.len)?;
    let deadline = usize::try_from(deadline).ok().filter(|d| *d > release)?;
    let sites: Vec<usize> = if work.sites.is_empty() {
        (0..portfolio.sites.len()).collect()
    } else {
        work.sites.iter().filter_map(|id| portfolio.site(id)).collect()
    };
    let most = sites.iter().map(|s| portfolio.sites[*s].it_capacity_mw).reduce(f64::max)?;
    let max_mw = work.max_mw.unwrap_or(most);
    Some(Piece { work, release, deadline, max_mw, sites })
}

fn certain(values: Values, otherwise: f64) -> Expected {
    let origins = values.iter().map(|v| if v.is_some() { Origin::Supplier } else { Origin::None }).collect();
    Expected { values: values.into_iter().map(|v| v.unwrap_or(otherwise)).collect(), origins }
}

fn firm(world: &World, grid: Grid) -> Vec<Expected> {
    let sites = &world.portfolio().sites;
    let metered = world.actual_firm(grid).into_iter().zip(sites);
    metered
        .map(|(values, site)| {
            let mut expected = certain(values, site.it_load_mw.unwrap_or(0.0));
            for origin in expected.origins.iter_mut().filter(|o| **o == Origin::None && site.it_load_mw.is_some()) {
                *origin = Origin::Configured;
            }
            expected
        })
        .collect()
}

fn boundaries(world: &World, grid: Grid) -> Vec<BoundaryExpectation> {
    let portfolio = world.portfolio();
    let definitions = &portfolio.definitions;
    let one = |(index, definition): (usize, &reports::definitions::BoundaryDef)| {
        let BoundaryValues { cfe_share, average, residual, fossil, price } = world.actual_boundary(index, grid);
        let default = definition.default_fossil_mg_per_kwh;
        let default = default.unwrap_or_else(|| world.derive.factors.highest_fossil(definitions.factor_basis));
        let configured = portfolio.boundaries[index].price_per_mwh.unwrap_or(0.0);
        let fossil = certain(fossil, default as f64 / 1_000.0);
        let fallback = certain(residual, 0.0).or(&fossil);
        let average = certain(average, 0.0);
        BoundaryExpectation {
            cfe_share: certain(cfe_share, 0.0),
            carbon_g_per_kwh: match portfolio.policy.carbon_basis {
                CarbonBasis::Residual => fallback.clone(),
                CarbonBasis::Fossil => fossil,
                CarbonBasis::Average => average.clone().or(&fallback),
            },
            average_g_per_kwh: average,
            fallback_g_per_kwh: fallback,
            price_per_mwh: certain(price, configured),
        }
    };
    definitions.boundaries.iter().enumerate().map(one).collect()
}
