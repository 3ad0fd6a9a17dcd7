//! Without a usable plan: the portfolio's limits less firm load and reservations, the earliest window first.

use super::answer::Ask;
use super::headroom::Room;
use crate::portfolio::Portfolio;
use crate::store::reservations::Reservation;
use reports::time::{Grid, Interval};

/// How far a fallback looks.
const LOOK_S: i64 = 7 * 86_400;

pub fn rooms(portfolio: &Portfolio, ask: &Ask, live: &[Reservation]) -> (Vec<Room>, Grid) {
    let step_s = portfolio.resolution().seconds();
    let from_s = ask.after_s.unwrap_or(ask.now_s).max(ask.now_s).div_euclid(step_s) * step_s;
    let len = ((LOOK_S + ask.duration_s) / step_s + 1) as usize;
    let grid = Grid { start_s: from_s, step_s, len };
    let mut rooms = Vec::new();
    for (s, site) in portfolio.definitions.sites.iter().enumerate() {
        let plan = &portfolio.sites[s];
        let connection = plan.grid_limit_mw.map_or(f64::INFINITY, |limit| (limit - plan.overhead_mw) / plan.pue);
        let free = plan.it_capacity_mw.min(connection) - plan.it_load_mw.unwrap_or(0.0);
        let mut free_mw = vec![free; len];
        for r in live.iter().filter(|r| r.site == site.id) {
            let span = Interval { start_s: r.start_s, end_s: r.end_s };
            for step in grid.touched(span) {
                free_mw[step] -= r.mw;
            }
        }
        rooms.push(Room {
            site: site.id.clone(),
            boundary: site.boundary.clone(),
            pue: plan.pue,
            free_mw,
            surplus_mw: vec![0.0; len],
            price_per_mwh: vec![0.0; len],
            // Time itself is the cost, so that the earliest window with room ranks first.
            grid_cost_per_mwh: (0..len).map(|step| step as f64).collect(),
            surplus_value_per_mwh: vec![0.0; len],
        });
    }
    (rooms, grid)
}
