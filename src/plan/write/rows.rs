//! Prices, balance and capacity of a plan, row by row.

use crate::expected::Origin;
use crate::plan::document::{Balance, Capacity, Price, tidy};
use crate::plan::problem::Stated;
use crate::plan::score::Scored;
use crate::plan::snapshot::Snapshot;
use reports::units::wh_to_mw;
use solver::Outcome;

pub(super) fn prices(snapshot: &Snapshot, outcome: &Outcome) -> Vec<Price> {
    let portfolio = &snapshot.portfolio;
    let mut rows = Vec::new();
    for (s, site) in portfolio.definitions.sites.iter().enumerate() {
        let average = &snapshot.boundaries[portfolio.boundary_of(s)].average_g_per_kwh;
        for step in 0..snapshot.grid.len {
            rows.push(Price {
                site: site.id.clone(),
                start: snapshot.grid.start(step),
                per_mwh: tidy(outcome.prices[s][step]),
                grid_average_g_per_kwh: (average.origins[step] != Origin::None).then(|| tidy(average.values[step])),
            });
        }
    }
    rows
}

pub(super) fn balance(snapshot: &Snapshot, stated: &Stated, scored: &Scored) -> Vec<Balance> {
    let mw = |wh: i64| tidy(wh_to_mw(wh, snapshot.grid.step_s));
    let mut rows = Vec::new();
    for (b, definition) in snapshot.portfolio.definitions.boundaries.iter().enumerate() {
        let boundary = &stated.problem.boundaries[b];
        let sell =
            stated.problem.contracts.iter().find(|c| c.boundary == b && c.settlement == solver::Settlement::Physical);
        for (t, cell) in scored.cells[b].iter().enumerate() {
            let carbon = stated.problem.policy.carbon_price_per_t * boundary.carbon_g_per_kwh[t] / 1_000.0;
            let value = sell.map_or(boundary.buy_per_mwh[t], |c| c.sell_per_mwh[t]);
            rows.push(Balance {
                boundary: definition.id.clone(),
                start: snapshot.grid.start(t),
                load_mw: mw(cell.load),
                contracted_mw: mw(cell.contracted),
                matched_mw: mw(cell.matched),
                surplus_mw: mw(cell.contracted - cell.matched),
                unmatched_mw: mw(cell.load - cell.matched),
                grid_cost_per_mwh: tidy(boundary.buy_per_mwh[t] + carbon),
                surplus_value_per_mwh: tidy(value),
            });
        }
    }
    rows
}

/// `planned` and `expected` are IT megawatts by site and step.
pub(super) fn capacity(
    snapshot: &Snapshot,
    (planned, expected): (&[Vec<f64>], &[Vec<f64>]),
    scored: &Scored,
) -> Vec<Capacity> {
    let portfolio = &snapshot.portfolio;
    let mut rows = Vec::new();
    for (s, site) in portfolio.definitions.sites.iter().enumerate() {
        let plan = &portfolio.sites[s];
        let serving: Vec<usize> = portfolio
            .definitions
            .contracts
            .iter()
            .enumerate()
            .filter(|(_, c)| snapshot.counts(c) && snapshot.served(c).contains(&s))
            .map(|(c, _)| c)
            .collect();
        for step in 0..snapshot.grid.len {
            let surplus: i64 = serving.iter().map(|c| scored.surplus_wh[*c][step]).sum();
            rows.push(Capacity {
                site: site.id.clone(),
                start: snapshot.grid.start(step),
                firm_mw: tidy(snapshot.firm_it_mw[s].values[step]),
                planned_mw: tidy(planned[s][step]),
                cap_mw: tidy(plan.cap_at_mw(snapshot.pue[s][step])),
                firm_q95_mw: tidy(snapshot.firm_peak_it_mw[s][step]),
                expected_mw: tidy(expected[s][step]),
                surplus_mw: tidy(wh_to_mw(surplus, snapshot.grid.step_s)),
                pue: tidy(snapshot.pue[s][step]),
            });
        }
    }
    rows
}
