//! Candidate windows and their order.
//!
//! What a window costs is what inserting its draw costs with the rest of the plan fixed: surplus first, at what it
//! would have sold for, then the grid. The plan's own price is printed beside it. Order: cost to half a percent of
//! the spread, then the largest least headroom, then the earliest start, then site.

use super::headroom::Room;
use reports::time::{Grid, Interval};

/// A window with room for the whole draw.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Index into the rooms.
    pub room: usize,
    pub start_s: i64,
    pub end_s: i64,
    /// IT megawatts of the draw there.
    pub mw: f64,
    /// Currency, for the whole draw.
    pub cost: f64,
    /// Mean of the plan's own price over the window, per IT MWh.
    pub plan_price_per_mwh: f64,
    /// Facility energy that no contract matches.
    pub unmatched_mwh: f64,
    /// Least headroom over the window before the draw.
    pub least_free_mw: f64,
}

/// Slack for sums of rounded megawatts.
const EPSILON_MW: f64 = 1e-6;

/// Every window of `duration_s` that fits between the bounds, one start a step; `draws_mw` is parallel to the rooms.
pub fn candidates(rooms: &[Room], grid: Grid, bounds: Interval, duration_s: i64, draws_mw: &[f64]) -> Vec<Candidate> {
    let mut list = Vec::new();
    for (index, (room, mw)) in rooms.iter().zip(draws_mw).enumerate() {
        for step in 0..grid.len {
            let start_s = grid.start(step).max(bounds.start_s);
            if start_s >= grid.start(step + 1) {
                continue;
            }
            let window = Interval { start_s, end_s: start_s + duration_s };
            if window.end_s > grid.period().end_s || window.end_s > bounds.end_s {
                break;
            }
            if let Some(candidate) = price(index, room, grid, window, *mw) {
                list.push(candidate);
            }
        }
    }
    list
}

fn price(index: usize, room: &Room, grid: Grid, window: Interval, mw: f64) -> Option<Candidate> {
    let (mut cost, mut weighted, mut unmatched, mut least) = (0.0, 0.0, 0.0, f64::INFINITY);
    for step in grid.touched(window) {
        let hours = window.overlap_s(grid.interval(step)) as f64 / 3_600.0;
        if room.free_mw[step] + EPSILON_MW < mw {
            return None;
        }
        least = least.min(room.free_mw[step]);
        let facility = mw * room.pue;
        let clean = facility.min(room.surplus_mw[step]);
        cost += hours * (clean * room.surplus_value_per_mwh[step] + (facility - clean) * room.grid_cost_per_mwh[step]);
        unmatched += hours * (facility - clean);
        weighted += hours * room.price_per_mwh[step];
    }
    let hours = window.duration_s() as f64 / 3_600.0;
    Some(Candidate {
        room: index,
        start_s: window.start_s,
        end_s: window.end_s,
        mw,
        cost,
        plan_price_per_mwh: weighted / hours,
        unmatched_mwh: unmatched,
        least_free_mw: least,
    })
}

/// Sorts best first.
pub fn sort(list: &mut [Candidate]) {
    let lowest = list.iter().map(|c| c.cost).fold(f64::INFINITY, f64::min);
    let highest = list.iter().map(|c| c.cost).fold(f64::NEG_INFINITY, f64::max);
    // Costs closer than this are a tie: ranking them would send every asker to the same first hour.
    let bucket = ((highest - lowest) * 0.005).max(1e-6);
    let rank = |c: &Candidate| ((c.cost - lowest) / bucket).floor() as i64;
    list.sort_by(|a, b| {
        rank(a)
            .cmp(&rank(b))
            .then_with(|| b.least_free_mw.total_cmp(&a.least_free_mw))
            .then_with(|| (a.start_s, a.room).cmp(&(b.start_s, b.room)))
    });
}
