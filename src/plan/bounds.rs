//! What a plan leaves of every bound, as rows of the document, and read back as room to take draws out of.
//!
//! The rows are the solver's own. Where the portfolio has changed since, or an event's notice has come, the rows of what
//! holds now stand beside them.

use super::common::{Grid, Instant, Interval, Portfolio, Snapshot};
use super::document::{Bound, Capacity, Counted, Drawn, Plan, tidy};
use super::{draws, problem};
use crate::expected::{BoundaryExpectation, Expected, Gaps, View};
use ids::{AccountId, Index, PoolId, SiteId, SiteIndex};
use reports::ruleset::Ruleset;
use solver::{Coefficient, Free, Of, Problem, Room};
use std::sync::Arc;

/// Rows as the document has them; their numbers are the problem's own.
pub(super) fn document(portfolio: &Portfolio, grid: Grid, (problem, rows): (&Problem, Vec<Free>)) -> Vec<Bound> {
    let round = |values: &[f64]| values.iter().map(|v| tidy(*v)).collect::<Vec<f64>>();
    let bound = |row: Free| Bound {
        of: name(portfolio, problem, &row),
        start: grid.start(row.from),
        counts: row.coefficients.iter().map(|coefficient| counted(portfolio, coefficient)).collect(),
        free: round(&row.rise),
        fall: round(&row.fall),
        charge: row.price.map(|(charge, _)| charge),
        per_mw: row.price.map(|(_, per_mw)| per_mw),
        rule: row.rule,
    };
    rows.into_iter().map(bound).collect()
}

fn name(portfolio: &Portfolio, problem: &Problem, row: &Free) -> String {
    match row.rule.as_str() {
        solver::bounds::EVENT => problem.events[row.of].id.to_string(),
        solver::bounds::LIMIT => problem.limits[row.of].id.to_string(),
        _ => row.coefficients.first().map_or_else(String::new, |coefficient| counted(portfolio, coefficient).id),
    }
}

fn counted(portfolio: &Portfolio, coefficient: &Coefficient) -> Counted {
    let sites = &portfolio.definitions.sites;
    let (what, id): (Drawn, &str) = match coefficient.of {
        Of::It(site) => (Drawn::It, &sites[site].id),
        Of::Facility(site) => (Drawn::Facility, &sites[site].id),
        Of::Work(site) => (Drawn::Work, &sites[site].id),
        Of::Pool(pool) => (Drawn::Pool, &portfolio.planning.pools[pool].id),
        Of::Account(account) => (Drawn::Account, &portfolio.planning.accounts[account].id),
    };
    Counted { what, id: id.into(), ahead: coefficient.ahead as i64, weight: coefficient.weight }
}

/// Room that a stored plan leaves, by the numbers of the portfolio as it is now.
pub fn room(plan: &Plan, portfolio: &Portfolio, now: Instant) -> anyhow::Result<Room> {
    let grid = plan.grid();
    let mut rows: Vec<Free> = plan.bounds.iter().filter_map(|bound| read(bound, portfolio, grid)).collect();
    // Plans stored before had no rows.
    if rows.is_empty() || differs(plan, portfolio, now) {
        rows.extend(rows_now(plan, portfolio, now)?);
    }
    Ok(Room { rows, pue: pue(plan, portfolio) })
}

/// Draws of sites, pools and accounts that are gone count nowhere.
fn read(bound: &Bound, portfolio: &Portfolio, grid: Grid) -> Option<Free> {
    let coefficient = |c: &Counted| {
        let id = c.id.as_str();
        let site = || portfolio.site(&SiteId::from(id));
        let of = match c.what {
            Drawn::It => Of::It(site()?),
            Drawn::Facility => Of::Facility(site()?),
            Drawn::Work => Of::Work(site()?),
            Drawn::Pool => Of::Pool(draws::pool(portfolio, &PoolId::from(id))?),
            Drawn::Account => Of::Account(draws::account(portfolio, &AccountId::from(id))?),
        };
        Some(Coefficient { of, ahead: c.ahead as isize, weight: c.weight })
    };
    let coefficients: Vec<Coefficient> = bound.counts.iter().filter_map(coefficient).collect();
    let from = (bound.start - grid.start).checked_div(grid.step_s)?;
    (!coefficients.is_empty()).then(|| Free {
        rule: bound.rule.clone(),
        of: 0,
        from: usize::try_from(from).unwrap_or(0),
        coefficients,
        rise: bound.free.clone(),
        fall: bound.fall.clone(),
        price: bound.charge.zip(bound.per_mw),
    })
}

/// Whether other bounds hold now than the plan was made with.
fn differs(plan: &Plan, portfolio: &Portfolio, now: Instant) -> bool {
    let noticed = portfolio.planning.events.iter().filter_map(|e| Some(e.start - e.notice_s?));
    plan.portfolio_sha256 != portfolio.sha256() || noticed.into_iter().any(|at| plan.made < at && at <= now)
}

/// Facility MW per IT MW, `[site][step]`: the plan's own, the portfolio's where it has none.
fn pue(plan: &Plan, portfolio: &Portfolio) -> Vec<Vec<f64>> {
    let grid = plan.grid();
    let mut pue: Vec<Vec<f64>> = portfolio.sites.iter().map(|site| vec![site.pue; grid.len]).collect();
    for (site, step, row) in plan.capacity_at(portfolio) {
        pue[site][step] = row.pue.max(1.0);
    }
    pue
}

/// Rows of the portfolio as it is now, less what the plan draws.
fn rows_now(plan: &Plan, portfolio: &Portfolio, now: Instant) -> anyhow::Result<Vec<Free>> {
    let grid = plan.grid();
    let pue = pue(plan, portfolio);
    let (mut firm, mut planned) = (vec![vec![0.0; grid.len]; pue.len()], vec![vec![0.0; grid.len]; pue.len()]);
    for (site, step, row) in plan.capacity_at(portfolio) {
        firm[site][step] = row.firm_q95_mw.max(row.firm_mw);
        planned[site][step] = row.planned_mw;
    }
    let rows = rows_of(portfolio, now, grid, (firm, pue.clone()))?;
    let mut room = Room { rows, pue };
    for (site, mw) in SiteIndex::each(&planned) {
        let mw = mw.iter().map(|mw| (*mw, *mw)).collect();
        room.take(&solver::Draw { site, from: 0, mw, gpus: None, firm: false }, 1.0);
    }
    let held = plan.schedule.iter().filter_map(|p| draws::held(portfolio, p, grid));
    held.for_each(|draw| room.take(&draw, 1.0));
    Ok(room.rows)
}

/// Rows of a portfolio beside its firm load alone; `firm` and `pue` are `[site][step]`.
pub fn rows_of(
    portfolio: &Portfolio,
    now: Instant,
    grid: Grid,
    (firm, pue): (Vec<Vec<f64>>, Vec<Vec<f64>>),
) -> anyhow::Result<Vec<Free>> {
    let nothing = || Expected::nothing(grid.len);
    let firm_it_mw = firm.iter().map(|row| Expected { values: row.clone(), ..nothing() }).collect();
    let boundary = |_: &_| BoundaryExpectation {
        cfe_share: nothing(),
        carbon_g_per_kwh: nothing(),
        average_g_per_kwh: nothing(),
        fallback_g_per_kwh: nothing(),
        price_per_mwh: nothing(),
    };
    let view = View {
        boundaries: portfolio.definitions.boundaries.iter().map(boundary).collect(),
        firm_it_mw,
        firm_peak_it_mw: firm,
        delivered_mw: portfolio.definitions.contracts.iter().map(|_| nothing()).collect(),
        hedges: Vec::new(),
        pue,
        available_gpus: portfolio.planning.pools.iter().map(|p| vec![p.count; grid.len]).collect(),
        gaps: Gaps::ahead(grid),
    };
    let rules = Ruleset::named(&portfolio.definitions.ruleset)?.0;
    let snapshot = Snapshot::of_view(Arc::new(portfolio.clone()), Arc::new(rules), now, grid, view);
    Ok(solver::free(&problem::bounds(&snapshot), None)?)
}

impl Plan {
    pub fn grid(&self) -> Grid {
        let step_s = self.step_s();
        // No plan is longer than a year of hours, whatever its document says.
        let len = ((self.end - self.start) / step_s).clamp(0, 24 * 366) as usize;
        Grid { start: self.start, step_s, len }
    }

    /// Its capacity rows by site and step of its own grid.
    fn capacity_at<'a>(&'a self, portfolio: &'a Portfolio) -> impl Iterator<Item = (SiteIndex, usize, &'a Capacity)> {
        let grid = self.grid();
        self.capacity.iter().filter_map(move |row| {
            let step = grid.index_of(row.start)?;
            Some((portfolio.site(&row.site)?, step, row))
        })
    }

    /// The part of a span that it covers.
    pub fn covers(&self, span: Interval) -> bool {
        self.start <= span.start && span.end <= self.end
    }
}
