//! Sites and everything that bounds them: capacity, ramps, events, limits, demand charges, pools, accounts, storage.

use super::stated::Stated;
use crate::plan::common::{Index, Interval, SiteIndex, StorageIndex, codes};
use crate::plan::snapshot::{Billing, Snapshot};
use crate::portfolio::storage::ChargeFrom;
use reports::series::name::{SeriesName, StorageLeaf};

pub(super) fn sites(snapshot: &Snapshot) -> Vec<solver::Site> {
    let portfolio = &snapshot.portfolio;
    let hours = snapshot.step_hours();
    let sites = SiteIndex::all(&portfolio.sites).map(|s| {
        let (plan, before_mw) = (&portfolio.sites[s], snapshot.work_before_mw[s]);
        solver::Site {
            id: portfolio.definitions.sites[s].id.clone(),
            boundary: portfolio.boundary_of(s),
            pue: snapshot.view.pue[s].clone(),
            overhead_mw: vec![plan.overhead_mw; snapshot.grid.len],
            firm_it_mw: snapshot.view.firm_it_mw[s].values.clone(),
            firm_peak_it_mw: snapshot.view.firm_peak_it_mw[s].clone(),
            it_capacity_mw: vec![plan.it_capacity_mw; snapshot.grid.len],
            grid_limit_mw: vec![plan.grid_limit_mw.unwrap_or(f64::INFINITY); snapshot.grid.len],
            ramp: plan.ramp_mw_per_hour.map(|ramp| solver::Ramp { mw_per_step: ramp * hours, before_mw }),
            ..solver::Site::default()
        }
    });
    sites.collect()
}

pub(super) fn add(snapshot: &Snapshot, stated: &mut Stated) {
    events(snapshot, stated);
    charges(snapshot, stated);
    pools(snapshot, stated);
    for reserved in &snapshot.reserved {
        stated.problem.hold(&reserved.draw);
    }
    storage(snapshot, stated);
}

fn events(snapshot: &Snapshot, stated: &mut Stated) {
    let portfolio = &snapshot.portfolio;
    for event in &portfolio.planning.events {
        // Before its notice nobody knows of it.
        if event.notice_s.is_some_and(|notice| snapshot.now < event.start - notice) {
            continue;
        }
        let span = Interval { start: event.start, end: event.end };
        let steps = snapshot.grid.touched(span);
        if let (Some(site), false) = (portfolio.site(&event.site), steps.is_empty()) {
            let id = format!("{} from {}", event.site, event.start).into();
            let (from, to) = (steps.start, steps.end);
            stated.problem.events.push(solver::Event { id, site, from, to, max_mw: event.max_mw });
        }
    }
    for limit in &portfolio.planning.limits {
        let sites = limit.sites.iter().filter_map(|id| portfolio.site(id)).collect();
        let max_mw = vec![limit.max_mw; snapshot.grid.len];
        stated.problem.limits.push(solver::Limit { id: limit.id.clone(), sites, max_mw });
    }
}

fn charges(snapshot: &Snapshot, stated: &mut Stated) {
    for &Billing { charge, from, to, before_mw } in &snapshot.billing {
        let charge = &snapshot.portfolio.planning.demand_charges[charge];
        if let Some(site) = snapshot.portfolio.site(&charge.site) {
            let rate_per_mw = charge.per_mw;
            stated.problem.demand.push(solver::DemandCharge { site, from, to, rate_per_mw, before_mw });
        }
    }
}

fn pools(snapshot: &Snapshot, stated: &mut Stated) {
    let planning = &snapshot.portfolio.planning;
    for (pool, available) in planning.pools.iter().zip(&snapshot.view.available_gpus) {
        let (id, available) = (pool.id.clone(), available.clone());
        stated.problem.pools.push(solver::Pool { id, available, ..solver::Pool::default() });
    }
    let per_day = (86_400 / snapshot.grid.step_s) as usize;
    for account in &planning.accounts {
        let days = |hours: f64| -> Vec<(usize, usize, f64)> {
            let starts = (0..snapshot.grid.len).step_by(per_day);
            starts.map(|from| (from, (from + per_day).min(snapshot.grid.len), hours)).collect()
        };
        let gpu_hours = account.gpu_hours_per_day.map_or_else(Vec::new, days);
        let (id, max_gpus) = (account.id.clone(), account.max_gpus);
        stated.problem.accounts.push(solver::Account { id, max_gpus, gpu_hours, ..solver::Account::default() });
    }
}

fn storage(snapshot: &Snapshot, stated: &mut Stated) {
    let portfolio = &snapshot.portfolio;
    for (index, definition) in StorageIndex::each(&portfolio.definitions.storage) {
        let plan = &portfolio.storage[index];
        let (Some(site), Some(charge), Some(discharge)) =
            (portfolio.site(&definition.site), plan.charge_mw, plan.discharge_mw)
        else {
            let message = format!("storage {}: it has no charge_mw and discharge_mw, and is not used", definition.id);
            stated.say(codes::STORAGE_IDLE, &definition.id, 0.0, "", message);
            continue;
        };
        let held = snapshot.stored[index];
        if !held.known {
            let message = format!(
                "storage {}: its state of charge is unknown and taken as empty; ingest {}",
                definition.id,
                SeriesName::storage(&definition.id, StorageLeaf::State)
            );
            stated.say(codes::STORAGE_UNKNOWN, &definition.id, 0.0, "MWh", message);
        }
        let energy_mwh = definition.energy_wh as f64 / 1e6;
        let most = (held.clean_mwh + held.other_mwh).max(1e-12);
        let scale = (energy_mwh / most).min(1.0);
        stated.storage.push(index);
        stated.problem.storage.push(solver::Storage {
            id: definition.id.clone(),
            site,
            charge_mw: charge,
            discharge_mw: discharge,
            energy_mwh,
            eff_charge: plan.eff_charge,
            eff_discharge: plan.eff_discharge,
            loss_per_step: 1.0 - (1.0 - plan.loss_per_hour).powf(snapshot.step_hours()),
            start: solver::Start::Held { clean_mwh: held.clean_mwh * scale, other_mwh: held.other_mwh * scale },
            end_min_mwh: plan.end_min_mwh,
            wear_per_mwh: plan.wear_per_mwh,
            // Clean charge is what the audit's ledger will count as clean.
            after_load: true,
            from_grid: plan.charge_from == ChargeFrom::Grid,
            from_storage: false,
            exclusive: true,
        });
    }
}
