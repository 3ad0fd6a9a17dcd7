//! Prices, balance, capacity and targets of a plan, row by row.

use crate::plan::common::{BoundaryIndex, Index, Outcome, SiteIndex};
use crate::plan::document::{Balance, Capacity, Price, TargetPath, tidy};
use crate::plan::problem::Stated;
use crate::plan::problem::target::{least_short, subject};
use crate::plan::score::Scored;
use crate::plan::snapshot::{Elsewhere, Snapshot};
use crate::plan::todate;
use reports::definitions::{ContractDef, SiteDef};
use reports::units::wh_to_mw;

pub(super) fn prices(snapshot: &Snapshot, outcome: &Outcome) -> Vec<Price> {
    let portfolio = &snapshot.portfolio;
    let of_site = |(index, site): (SiteIndex, &SiteDef)| {
        let average = &snapshot.view.boundaries[portfolio.boundary_of(index)].average_g_per_kwh;
        let price = |step: usize| Price {
            site: site.id.clone(),
            start: snapshot.grid.start(step),
            per_mwh: tidy(outcome.prices[index][step]),
            grid_average_g_per_kwh: average.known(step).map(tidy),
        };
        (0..snapshot.grid.len).map(price).collect::<Vec<_>>()
    };
    SiteIndex::each(&portfolio.definitions.sites).flat_map(of_site).collect()
}

pub(super) fn balance(snapshot: &Snapshot, stated: &Stated, scored: &Scored) -> Vec<Balance> {
    let mw = |wh: i64| tidy(wh_to_mw(wh, snapshot.grid.step_s));
    let mut rows = Vec::new();
    for (index, definition) in BoundaryIndex::each(&snapshot.portfolio.definitions.boundaries) {
        let boundary = &stated.problem.boundaries[index];
        let sells = |c: &&solver::Contract| c.boundary == index && c.settlement == solver::Settlement::Physical;
        let sell = stated.problem.contracts.iter().find(sells);
        for (t, cell) in scored.cells[index].iter().enumerate() {
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
    for (index, site) in SiteIndex::each(&portfolio.definitions.sites) {
        let plan = &portfolio.sites[index];
        let serves = |c: &ContractDef| snapshot.counts(c) && snapshot.served(c).contains(&index);
        let contracts = portfolio.definitions.contracts.iter().zip(&scored.surplus_wh);
        let surplus_wh: Vec<&Vec<i64>> = contracts.filter(|(c, _)| serves(c)).map(|(_, wh)| wh).collect();
        for step in 0..snapshot.grid.len {
            let surplus: i64 = surplus_wh.iter().map(|wh| wh[step]).sum();
            rows.push(Capacity {
                site: site.id.clone(),
                start: snapshot.grid.start(step),
                firm_mw: tidy(snapshot.view.firm_it_mw[index].values[step]),
                planned_mw: tidy(planned[index][step]),
                cap_mw: tidy(plan.cap_at_mw(snapshot.view.pue[index][step])),
                firm_q95_mw: tidy(snapshot.view.firm_peak_it_mw[index][step]),
                expected_mw: tidy(expected[index][step]),
                surplus_mw: tidy(wh_to_mw(surplus, snapshot.grid.step_s)),
                pue: tidy(snapshot.view.pue[index][step]),
            });
        }
    }
    rows
}

/// The path of a target: so far, in the horizon, and what is expected of the rest of its period.
pub(super) fn target(snapshot: &Snapshot, scored: &Scored, part: &Elsewhere) -> TargetPath {
    let (portfolio, grid) = (&snapshot.portfolio, snapshot.grid);
    let target = &portfolio.targets[part.target];
    let cells = scored.cells.iter().map(|cells| &cells[part.from..part.to]);
    let (load, unmatched, _) = todate::counted(portfolio, target, cells);
    let score = |load: f64, unmatched: f64| (load > 0.0).then(|| tidy(1.0 - unmatched / load));
    let whole = part.start == part.end;
    let (start, end) = if whole { (grid.start, grid.period().end) } else { (part.start, part.end) };
    let all = (part.load_to_date + load + part.load_rest, part.unmatched_to_date + unmatched + part.unmatched_rest);
    let (short, needed) = least_short(target.share, part, load);
    let to_come = load + part.load_rest;
    TargetPath {
        scope: subject(&target.scope),
        metric: target.metric,
        share: target.share,
        period: target.period,
        start,
        end,
        load_to_date_mwh: tidy(part.load_to_date),
        score_to_date: score(part.load_to_date, part.unmatched_to_date),
        load_here_mwh: tidy(load),
        score_here: score(load, unmatched),
        load_rest_mwh: tidy(part.load_rest),
        score_rest: score(part.load_rest, part.unmatched_rest),
        score_expected: score(all.0, all.1),
        needed_of_rest: (to_come > 0.0).then(|| tidy((needed / to_come).max(0.0))),
        lost_mwh: tidy(short),
    }
}
