//! Without a plan that covers the question: the portfolio's limits less the firm load last known, less what a stored
//! plan placed where it reaches, less what runs and is reserved; the earliest window first.

use super::common::{Grid, Index, Instant, Interval, Portfolio, SiteIndex};
use super::desk::{Desk, Known};
use super::draw::Ask;
use super::since;
use super::site::{Free, Site};
use crate::plan::{Plan, bounds, draws};
use crate::store::readings;
use reports::definitions::SiteDef;
use reports::series::name::{SeriesName, SiteLeaf};
use solver::{Draw, Room};

/// How far a fallback looks.
const LOOK_S: i64 = 7 * 86_400;

/// What is free, and what could not be read of that.
pub async fn free(desk: &Desk, ask: &Ask, known: Option<&Known>) -> anyhow::Result<(Free, Vec<String>)> {
    let portfolio = &desk.portfolio;
    let step_s = portfolio.resolution().seconds();
    let start = ask.after.unwrap_or(ask.now).max(ask.now).floor(step_s);
    let grid = Grid { start, step_s, len: ((LOOK_S + ask.duration_s) / step_s + 1) as usize };
    let plan = known.map(|k| &k.base.plan);
    let mut firm = Vec::new();
    for site in SiteIndex::all(&portfolio.sites) {
        firm.push(vec![firm_mw(desk, site, ask.now, plan).await?; grid.len]);
    }
    let mut planned = Vec::new();
    for c in plan.iter().flat_map(|p| &p.capacity) {
        let start = grid.index_of(c.start);
        if let (Some(site), Some(step)) = (portfolio.site(&c.site), start) {
            firm[site][step] = c.firm_q95_mw.max(c.firm_mw);
            planned.push(Draw::flat(site, step..step + 1, c.planned_mw, None));
        }
    }
    let pue: Vec<Vec<f64>> = portfolio.sites.iter().map(|site| vec![site.pue; grid.len]).collect();
    let rows = bounds::rows_of(portfolio, ask.now, grid, (firm, pue.clone()))?;
    let mut free = Free::new(grid, sites(portfolio, grid), Room { rows, pue });
    planned.iter().for_each(|draw| free.take(draw));
    let held = plan.iter().flat_map(|p| &p.schedule).filter_map(|p| draws::held(portfolio, p, grid));
    held.for_each(|draw| free.take(&draw));
    // What a plan knows of reservations it has as firm load as far as it reaches, and no farther.
    let mut news = desk.news(grid.start, known.map_or(-1, |k| k.base.work_seq), 0).await?;
    if let Some(known) = known {
        news.reservations.retain(|r| !(r.seen_at(known.base.reservation_seq) && r.end <= known.base.plan.end));
    }
    let aside = since::take(&mut free, plan, portfolio, &news, ask.now);
    Ok((free, aside))
}

fn sites(portfolio: &Portfolio, grid: Grid) -> Vec<Site> {
    let none = vec![0.0; grid.len];
    let one = |(index, site): (SiteIndex, &SiteDef)| Site {
        site: index,
        id: site.id.clone(),
        boundary: site.boundary.clone(),
        pue: vec![portfolio.sites[index].pue; grid.len],
        surplus_mw: none.clone(),
        price_per_mwh: none.clone(),
        // Time itself is the cost, so that the earliest window with room ranks first.
        grid_cost_per_mwh: (0..grid.len).map(|step| step as f64).collect(),
        surplus_value_per_mwh: none.clone(),
    };
    SiteIndex::each(&portfolio.definitions.sites).map(one).collect()
}

/// The highest firm load known: of the stored plan, of the last week's meters, else the portfolio's figure.
async fn firm_mw(desk: &Desk, site: SiteIndex, now: Instant, plan: Option<&Plan>) -> anyhow::Result<f64> {
    let Desk { store, portfolio, .. } = desk;
    let (definition, limits) = (&portfolio.definitions.sites[site], &portfolio.sites[site]);
    let planned = plan.iter().flat_map(|p| &p.capacity).filter(|c| c.site == definition.id).map(|c| c.firm_mw);
    if let Some(most) = planned.reduce(f64::max) {
        return Ok(most);
    }
    let week = Interval { start: now - LOOK_S, end: now };
    let [it, load] = [SiteLeaf::ItLoad, SiteLeaf::Load].map(|leaf| SeriesName::site(&definition.id, leaf));
    if let Some(it) = readings::peak_mw(store, &it, week).await? {
        return Ok(it);
    }
    let load = readings::peak_mw(store, &load, week).await?;
    let metered = load.map(|mw| ((mw - limits.overhead_mw) / limits.pue).max(0.0));
    Ok(metered.or(limits.it_load_mw).unwrap_or(0.0))
}
