//! Without a plan that covers the question: the portfolio's limits less the firm load last known, less what a stored
//! plan placed where it reaches, less reservations; the earliest window first.

use super::answer::Ask;
use super::headroom::Room;
use crate::plan::Plan;
use crate::portfolio::Portfolio;
use crate::store::reservations::Reservation;
use crate::store::{Write, readings};
use reports::time::{Grid, Interval, parse_instant};

/// How far a fallback looks.
const LOOK_S: i64 = 7 * 86_400;

pub async fn rooms(
    write: &mut Write,
    portfolio: &Portfolio,
    ask: &Ask,
    live: &[Reservation],
    plan: Option<&Plan>,
) -> anyhow::Result<(Vec<Room>, Grid)> {
    let step_s = portfolio.resolution().seconds();
    let from_s = ask.after_s.unwrap_or(ask.now_s).max(ask.now_s).div_euclid(step_s) * step_s;
    let len = ((LOOK_S + ask.duration_s) / step_s + 1) as usize;
    let grid = Grid { start_s: from_s, step_s, len };
    let mut rooms = Vec::new();
    for (s, site) in portfolio.definitions.sites.iter().enumerate() {
        let cap_mw = portfolio.sites[s].cap_mw();
        let mut free_mw = vec![cap_mw - firm_mw(write, portfolio, s, ask.now_s, plan).await?; len];
        for c in plan.iter().flat_map(|p| &p.capacity).filter(|c| c.site == site.id) {
            let start_s = parse_instant(&c.start).unwrap_or(0);
            let steps = grid.touched(Interval { start_s, end_s: start_s + plan.map_or(step_s, Plan::step_s) });
            for step in steps {
                free_mw[step] = free_mw[step].min(cap_mw - c.firm_mw - c.planned_mw);
            }
        }
        let known = |r: &&Reservation| plan.is_some_and(|p| p.reserved.contains(&r.id) && r.end_s <= p.end_s());
        for r in live.iter().filter(|r| r.site == site.id && !known(r)) {
            for step in grid.touched(Interval { start_s: r.start_s, end_s: r.end_s }) {
                free_mw[step] -= r.mw;
            }
        }
        rooms.push(Room {
            site: site.id.clone(),
            boundary: site.boundary.clone(),
            pue: portfolio.sites[s].pue,
            free_mw,
            surplus_mw: vec![0.0; len],
            price_per_mwh: vec![0.0; len],
            // Time itself is the cost, so that the earliest window with room ranks first.
            grid_cost_per_mwh: (0..len).map(|step| step as f64).collect(),
            surplus_value_per_mwh: vec![0.0; len],
        });
    }
    Ok((rooms, grid))
}

/// The highest firm load known: of the stored plan, of the last week's meters, else the portfolio's figure.
async fn firm_mw(
    write: &mut Write,
    portfolio: &Portfolio,
    site: usize,
    now_s: i64,
    plan: Option<&Plan>,
) -> anyhow::Result<f64> {
    let (definition, limits) = (&portfolio.definitions.sites[site], &portfolio.sites[site]);
    let planned = plan.iter().flat_map(|p| &p.capacity).filter(|c| c.site == definition.id).map(|c| c.firm_mw);
    if let Some(most) = planned.reduce(f64::max) {
        return Ok(most);
    }
    let week = Interval { start_s: now_s - LOOK_S, end_s: now_s };
    if let Some(it) = readings::peak_mw(write, &format!("site/{}/it_load", definition.id), week).await? {
        return Ok(it);
    }
    let load = readings::peak_mw(write, &format!("site/{}/load", definition.id), week).await?;
    let metered = load.map(|mw| ((mw - limits.overhead_mw) / limits.pue).max(0.0));
    Ok(metered.or(limits.it_load_mw).unwrap_or(0.0))
}
