//! What is left for after the horizon: what a MWh of it is expected to cost, and how much there is room for.
//!
//! `rem = energy - sum h*x - miss`, `0 <= rem <= h*max*(deadline - end)`; what is due by a day takes no more than is free
//! until then. Costs are the mean price, in the previous plan, of the hours of day it then has.

use super::stated::Stated;
use crate::plan::common::{DAY_S, Index, Item, Problem, SiteIndex, Snapshot, WorkIndex};

const HOURS: i64 = 24;

pub(super) struct Later {
    /// Of a MWh in any hour.
    any_hour: f64,
    delay: f64,
}

impl Later {
    pub fn new(snapshot: &Snapshot, problem: &Problem) -> Self {
        let delay = snapshot.portfolio.policy.delay_price_per_mwh_step * problem.steps as f64;
        let by_hour = &snapshot.price_by_hour;
        let any_hour = if by_hour.is_empty() {
            on_top_of_firm_load(problem)
        } else {
            by_hour.iter().sum::<f64>() / by_hour.len() as f64
        };
        Self { any_hour, delay }
    }

    /// Of a piece due after the horizon. Never a reward for putting off, or negative prices would empty the horizon.
    pub fn cost_per_mwh(&self, snapshot: &Snapshot, item: &Item) -> f64 {
        let end = snapshot.grid.period().end;
        let first = end.seconds().div_euclid(3_600);
        let hours = (item.span.end - end).div_euclid(3_600).clamp(0, HOURS);
        let by_hour = &snapshot.price_by_hour;
        let mean = if by_hour.len() as i64 == HOURS && (1..HOURS).contains(&hours) {
            let prices = (first..first + hours).map(|hour| by_hour[hour.rem_euclid(HOURS) as usize]);
            prices.sum::<f64>() / hours as f64
        } else {
            self.any_hour
        };
        (mean + self.delay).max(0.0)
    }
}

/// A bound for each day by which work left for later may not all fit; firm load is taken to stay at its average.
pub(super) fn bounds(snapshot: &Snapshot, stated: &mut Stated) {
    let end = snapshot.grid.period().end;
    let left = WorkIndex::each(&stated.work).filter_map(|(w, item)| {
        let later = stated.problem.work[w].later?;
        let days = (snapshot.work[*item].span.end - end).div_euclid(DAY_S) + 1;
        Some((days, w, later.max_mwh))
    });
    let mut left: Vec<(i64, WorkIndex, f64)> = left.collect();
    left.sort_by_key(|l| (l.0, l.1));
    let free_mw = free_mw(snapshot);
    let mut bounds = Vec::new();
    for at in 0..left.len() {
        let days = left[at].0;
        if left.get(at + 1).is_some_and(|next| next.0 == days) {
            continue;
        }
        let due = &left[..=at];
        let free_mwh = free_mw * 24.0 * days as f64;
        if due.iter().map(|l| l.2).sum::<f64>() > free_mwh {
            bounds.push((due.iter().map(|l| l.1).collect(), free_mwh));
        }
    }
    stated.problem.free_later = bounds;
}

/// IT MW that sites have beside their firm load, on average over the horizon.
fn free_mw(snapshot: &Snapshot) -> f64 {
    let steps = snapshot.grid.len.max(1) as f64;
    let free = SiteIndex::each(&snapshot.portfolio.sites).map(|(s, site)| {
        let (pue, firm) = (&snapshot.view.pue[s], &snapshot.view.firm_it_mw[s].values);
        (0..snapshot.grid.len).map(|t| (site.cap_at_mw(pue[t]) - firm[t]).max(0.0)).sum::<f64>() / steps
    });
    free.sum()
}

/// The mean over steps and sites of what one more MWh costs on top of the firm load.
fn on_top_of_firm_load(problem: &Problem) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for step in 0..problem.steps {
        for site in &problem.sites {
            let b = site.boundary;
            let here = problem.sites.iter().filter(|s| s.boundary == b);
            let load: f64 = here.map(|s| s.overhead_mw[step] + s.pue[step] * s.firm_it_mw[step]).sum();
            let expected = |c: &solver::Contract| (1.0 - c.doubt_at(step)) * c.available_mw[step];
            let supply: f64 = problem.contracts.iter().filter(|c| c.boundary == b).map(expected).sum();
            let boundary = &problem.boundaries[b];
            let carbon = problem.policy.carbon_price_per_t * boundary.carbon_g_per_kwh[step] / 1_000.0;
            let unmatched = if load > supply { carbon } else { 0.0 };
            sum += site.pue[step] * (boundary.buy_per_mwh[step] + unmatched);
            count += 1.0;
        }
    }
    if count > 0.0 { sum / count } else { 0.0 }
}
