//! A snapshot to a plan, in memory.

use super::document::{Balance, Capacity, Missed, Plan, Price, Reason, SCHEMA, Scheduled, origin_reason, tidy};
use super::problem::{self, EXPECTED, Stated};
use super::score::{Scored, score};
use super::snapshot::Snapshot;
use super::{Request, accept};
use crate::forecast::Origin;
use reports::report::Totals;
use reports::time::format_instant;
use reports::units::wh_to_mw;
use solver::{Limits, Outcome, Placement, Status};

pub fn run(snapshot: &Snapshot, request: &Request) -> anyhow::Result<Plan> {
    let stated = problem::state(snapshot);
    let limits =
        Limits { iterations: request.iteration_limit, seconds: Some(request.time_limit_s), ..Limits::default() };
    let mut outcome = request.strategy.run(&stated, &limits)?;
    // Work still to come steers the plan, and is no part of it.
    outcome.placements.retain(|p| p.work < stated.work.len());
    outcome.miss_mwh.truncate(stated.work.len());
    outcome.reasons.retain(|r| !r.subject.starts_with(EXPECTED));
    let scored = score(snapshot, &facility_mw(snapshot, &outcome.placements))?;
    accept::check(snapshot, &outcome, &scored)?;
    let nothing = score(snapshot, &facility_mw(snapshot, &solver::asap(&stated.without_expected())))?.totals;
    Ok(document(snapshot, request, stated, &outcome, &scored, nothing))
}

/// Facility load of firm and placed work, `[site][step]`.
fn facility_mw(snapshot: &Snapshot, placements: &[Placement]) -> Vec<Vec<f64>> {
    let mut it: Vec<Vec<f64>> = snapshot.firm_it_mw.iter().map(|firm| firm.values.clone()).collect();
    for p in placements {
        it[p.site][p.step] += p.mw;
    }
    for (row, site) in it.iter_mut().zip(&snapshot.portfolio.sites) {
        row.iter_mut().for_each(|mw| *mw = site.overhead_mw + site.pue * *mw);
    }
    it
}

fn document(
    snapshot: &Snapshot,
    request: &Request,
    stated: Stated,
    outcome: &Outcome,
    scored: &Scored,
    doing_nothing: Totals,
) -> Plan {
    let period = snapshot.grid.period();
    let input_sha256 = snapshot.sha256(request.strategy.name());
    let status = match outcome.status {
        Status::Optimal => "optimal",
        Status::Feasible => "feasible",
        Status::Greedy => "greedy",
        Status::TimeLimit => "time_limit",
    };
    let mut plan = Plan {
        schema: SCHEMA.into(),
        engine: crate::ENGINE.into(),
        synthetic: snapshot.portfolio.definitions.synthetic,
        id: String::new(),
        made: format_instant(snapshot.now_s),
        start: format_instant(period.start_s),
        end: format_instant(period.end_s),
        step_minutes: snapshot.grid.step_s / 60,
        strategy: request.strategy.name().into(),
        status: status.into(),
        objective: outcome.objective,
        bound: outcome.bound,
        gap: outcome.gap,
        input_sha256,
        carbon_basis: snapshot.portfolio.policy.carbon_basis.name().into(),
        schedule: schedule(snapshot, &stated, &outcome.placements),
        events: Vec::new(),
        prices: prices(snapshot, outcome),
        balance: balance(snapshot, &stated, scored),
        capacity: capacity(snapshot, &outcome.placements, scored),
        expected: scored.totals.clone(),
        doing_nothing,
        missed: missed(snapshot, &stated, outcome),
        reasons: reasons(snapshot, &stated, outcome),
        reserved: snapshot.reserved.clone(),
    };
    let bytes = serde_json::to_vec(&plan).unwrap_or_default();
    plan.id = format!("p-{}", &reports::evidence::digest::sha256_hex(&bytes)[..12]);
    plan
}

/// Steps of equal power joined, by work, site and time.
fn schedule(snapshot: &Snapshot, stated: &Stated, placements: &[Placement]) -> Vec<Scheduled> {
    let mut sorted: Vec<&Placement> = placements.iter().filter(|p| tidy(p.mw) > 0.0).collect();
    sorted.sort_by_key(|p| (p.work, p.site, p.step));
    let mut rows: Vec<(usize, usize, usize, usize, f64)> = Vec::new();
    for p in sorted {
        let mw = tidy(p.mw);
        match rows.last_mut() {
            Some(last) if last.0 == p.work && last.1 == p.site && last.3 == p.step && last.4 == mw => last.3 += 1,
            _ => rows.push((p.work, p.site, p.step, p.step + 1, mw)),
        }
    }
    rows.into_iter()
        .map(|(work, site, from, to, mw)| Scheduled {
            work: snapshot.work[stated.work[work]].id.clone(),
            site: snapshot.portfolio.definitions.sites[site].id.clone(),
            start: format_instant(snapshot.grid.start(from)),
            end: format_instant(snapshot.grid.start(to)),
            mw,
            gpus: None,
            power_fraction: None,
        })
        .collect()
}

fn prices(snapshot: &Snapshot, outcome: &Outcome) -> Vec<Price> {
    let portfolio = &snapshot.portfolio;
    let mut rows = Vec::new();
    for (s, site) in portfolio.definitions.sites.iter().enumerate() {
        let average = &snapshot.boundaries[portfolio.boundary_of(s)].average_g_per_kwh;
        for step in 0..snapshot.grid.len {
            rows.push(Price {
                site: site.id.clone(),
                start: format_instant(snapshot.grid.start(step)),
                per_mwh: tidy(outcome.prices[s][step]),
                grid_average_g_per_kwh: (average.origins[step] != Origin::None).then(|| tidy(average.values[step])),
            });
        }
    }
    rows
}

fn balance(snapshot: &Snapshot, stated: &Stated, scored: &Scored) -> Vec<Balance> {
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
                start: format_instant(snapshot.grid.start(t)),
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

fn capacity(snapshot: &Snapshot, placements: &[Placement], scored: &Scored) -> Vec<Capacity> {
    let portfolio = &snapshot.portfolio;
    let mut planned = vec![vec![0.0; snapshot.grid.len]; portfolio.sites.len()];
    for p in placements {
        planned[p.site][p.step] += p.mw;
    }
    let mut rows = Vec::new();
    for (s, site) in portfolio.definitions.sites.iter().enumerate() {
        let plan = &portfolio.sites[s];
        let cap_mw = plan.cap_mw();
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
                start: format_instant(snapshot.grid.start(step)),
                firm_mw: tidy(snapshot.firm_it_mw[s].values[step]),
                planned_mw: tidy(planned[s][step]),
                cap_mw: tidy(cap_mw),
                surplus_mw: tidy(wh_to_mw(surplus, snapshot.grid.step_s)),
                pue: plan.pue,
            });
        }
    }
    rows
}

/// Misses under a thousandth of a MWh are a solver's last bits.
const MISS_MWH: f64 = 1e-3;

fn missed(snapshot: &Snapshot, stated: &Stated, outcome: &Outcome) -> Vec<Missed> {
    let mut rows = stated.missed.clone();
    for (index, missed) in outcome.miss_mwh.iter().enumerate().filter(|(_, mwh)| **mwh > MISS_MWH) {
        let work = &snapshot.work[stated.work[index]];
        let reason = outcome.reasons.iter().find(|r| r.subject == work.id);
        rows.push(Missed {
            work: work.id.clone(),
            energy_mwh: work.energy_mwh,
            missed_mwh: tidy(*missed),
            code: reason.map_or("missed".into(), |r| r.code.clone()),
            message: reason.map_or_else(|| format!("{}: {missed:.3} MWh find no room", work.id), |r| r.message.clone()),
        });
    }
    rows.sort_by(|a, b| a.work.cmp(&b.work));
    rows
}

fn reasons(snapshot: &Snapshot, stated: &Stated, outcome: &Outcome) -> Vec<Reason> {
    let solved = outcome.reasons.iter().map(|r| Reason {
        code: r.code.clone(),
        subject: r.subject.clone(),
        quantity: tidy(r.quantity),
        unit: r.unit.clone(),
        message: r.message.clone(),
    });
    let mut reasons: Vec<Reason> = solved.chain(stated.reasons.iter().cloned()).collect();
    let definitions = &snapshot.portfolio.definitions;
    reasons.extend(definitions.storage.iter().map(|storage| {
        let message = format!("storage/{}: audited, not planned by this version; the plan leaves it idle", storage.id);
        Reason::new("storage_not_planned", &storage.id, storage.energy_wh as f64 / 1e6, "MWh", message)
    }));
    reasons.extend(snapshot.profile_gaps.iter().map(|(contract, gaps)| {
        let message = format!("contract/{contract}: {gaps} intervals of its profile's base period have no reading");
        Reason::new("profile_incomplete", contract, *gaps as f64, "intervals", message)
    }));
    for (contract, expected) in definitions.contracts.iter().zip(&snapshot.delivered_mw) {
        reasons.extend(origin_reason(&format!("contract/{}/generation", contract.id), expected.worst()));
    }
    for (site, expected) in definitions.sites.iter().zip(&snapshot.firm_it_mw) {
        reasons.extend(origin_reason(&format!("site/{}/it_load", site.id), expected.worst()));
    }
    for (boundary, expected) in definitions.boundaries.iter().zip(&snapshot.boundaries) {
        reasons.extend(origin_reason(&format!("grid/{}/cfe_share", boundary.id), expected.cfe_share.worst()));
    }
    reasons
}
