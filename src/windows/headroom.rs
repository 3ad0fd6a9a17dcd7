//! What is left of a plan at each site and step, after reservations and holds it did not know.
//!
//! `headroom = cap - firm - planned - pending`; a pending draw takes the surplus of its whole boundary,
//! so no two askers are promised the same clean energy.

use crate::plan::Plan;
use crate::portfolio::Portfolio;
use crate::store::reservations::Reservation;
use reports::time::{Grid, Interval};

/// Room per step of the plan at one site; IT megawatts but for `surplus_mw`.
#[derive(Debug, Clone, PartialEq)]
pub struct Room {
    pub site: String,
    pub boundary: String,
    pub pue: f64,
    pub free_mw: Vec<f64>,
    /// Facility megawatts of contracted surplus that another draw here could use.
    pub surplus_mw: Vec<f64>,
    pub price_per_mwh: Vec<f64>,
    pub grid_cost_per_mwh: Vec<f64>,
    pub surplus_value_per_mwh: Vec<f64>,
}

/// The plan's steps.
pub fn grid(plan: &Plan) -> Grid {
    let step_s = plan.step_s();
    let len = ((plan.end_s() - plan.start_s()) / step_s).max(0) as usize;
    Grid { start_s: plan.start_s(), step_s, len }
}

/// Rooms of every site of the plan that the portfolio still has.
pub fn rooms(plan: &Plan, portfolio: &Portfolio, live: &[Reservation]) -> Vec<Room> {
    let grid = grid(plan);
    let mut rooms: Vec<Room> = Vec::new();
    for (s, site) in portfolio.definitions.sites.iter().enumerate() {
        let capacity: Vec<_> = plan.capacity.iter().filter(|c| c.site == site.id).collect();
        let balance: Vec<_> = plan.balance.iter().filter(|b| b.boundary == site.boundary).collect();
        let prices: Vec<_> = plan.prices.iter().filter(|p| p.site == site.id).collect();
        if [capacity.len(), balance.len(), prices.len()] != [grid.len; 3] {
            continue;
        }
        let cap_mw = portfolio.sites[s].cap_mw();
        rooms.push(Room {
            site: site.id.clone(),
            boundary: site.boundary.clone(),
            pue: portfolio.sites[s].pue,
            // The portfolio may have shrunk since the plan was made.
            free_mw: capacity.iter().map(|c| c.cap_mw.min(cap_mw) - c.firm_mw - c.planned_mw).collect(),
            surplus_mw: capacity.iter().map(|c| c.surplus_mw).collect(),
            price_per_mwh: prices.iter().map(|p| p.per_mwh).collect(),
            grid_cost_per_mwh: balance.iter().map(|b| b.grid_cost_per_mwh).collect(),
            surplus_value_per_mwh: balance.iter().map(|b| b.surplus_value_per_mwh).collect(),
        });
    }
    for r in live.iter().filter(|r| !plan.reserved.contains(&r.id)) {
        debit(&mut rooms, grid, r);
    }
    rooms
}

/// Takes a draw out of the site's room and out of its boundary's surplus.
fn debit(rooms: &mut [Room], grid: Grid, r: &Reservation) {
    let Some((boundary, pue)) =
        rooms.iter().find(|room| room.site == r.site).map(|room| (room.boundary.clone(), room.pue))
    else {
        return;
    };
    let span = Interval { start_s: r.start_s, end_s: r.end_s };
    for step in grid.touched(span) {
        let part = span.overlap_s(grid.interval(step)) as f64 / grid.step_s as f64;
        for room in rooms.iter_mut().filter(|room| room.boundary == boundary) {
            room.surplus_mw[step] = (room.surplus_mw[step] - r.mw * pue * part).max(0.0);
            if room.site == r.site {
                // Power is not shared within a step: a draw of half an hour needs its megawatts all the same.
                room.free_mw[step] -= r.mw;
            }
        }
    }
}
