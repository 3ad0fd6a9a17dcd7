//! Two tanks per storage, of clean energy and of other:
//! `clean[t] = (1-loss)*clean[t-1] + h*(eff_c*charge_clean - discharge_clean/eff_d)`, other likewise from the grid;
//! `clean + other <= energy`, at the end `>= end_min`; `charges <= charge_mw*z`, `discharges <= discharge_mw*(1-z)` with
//! one converter, z = 1 in both with two.
//!
//! Clean charge comes from contracts: `charge_clean <= sum use` of those that serve the site, and of other storage's clean
//! discharge where it may; charging is no load. z is an integer only where a solution would be wrong without:
//! elsewhere the rows with it relaxed hold as they are.

use crate::model::given::{Finished, Given};
use crate::model::keys::StorageKeys;
use crate::model::linear::{At, LinearModel, Part, anywhere};
use crate::model::terms::Terms;
use crate::outcome::{Item, Kind, Ledger, Violation, codes, cost};
use crate::problem::{Problem, Start, Storage};
use ids::{BoundaryIndex, Index, StorageIndex};

pub fn add(model: &mut LinearModel, given: &Given) {
    let Given { problem, terms, integers, .. } = *given;
    for (k, storage) in StorageIndex::each(&problem.storage) {
        let keys = columns(model, problem, (k, storage));
        tanks(model, problem, (k, storage), &keys);
        draws(model, problem, terms, storage, &keys);
        for step in 0..problem.steps {
            if storage.exclusive {
                converter(model, (k, storage), &keys, step, integers.charging.contains(&(k, step)));
            } else {
                terminals(model, (k, storage), &keys, step);
            }
        }
        model.keys.storage.push(keys);
    }
    sources(model, problem, terms);
}

/// A storage and its place.
type One<'a> = (StorageIndex, &'a Storage);

fn at((k, storage): One<'_>, step: usize) -> At {
    (k.get(), storage.site, step)
}

/// Whether it can ever hold energy that is not clean.
fn mixed(storage: &Storage) -> bool {
    storage.from_grid || storage.held().is_some_and(|(_, other)| other > 0.0)
}

fn columns(model: &mut LinearModel, problem: &Problem, (k, storage): One<'_>) -> StorageKeys {
    let wear = problem.step_hours * storage.wear_per_mwh;
    let mut series = |part: Part, upper: f64, cost: f64| -> Vec<usize> {
        (0..problem.steps).map(|step| model.part(part, at((k, storage), step), upper, cost)).collect()
    };
    let (charge, discharge, energy) = (storage.charge_mw, storage.discharge_mw, storage.energy_mwh);
    StorageKeys {
        charge_clean: series(Part::ChargeClean, charge, 0.0),
        charge_grid: if storage.from_grid { series(Part::ChargeGrid, charge, 0.0) } else { Vec::new() },
        discharge_clean: series(Part::DischargeClean, discharge, wear),
        discharge_other: if mixed(storage) { series(Part::DischargeOther, discharge, wear) } else { Vec::new() },
        clean_mwh: series(Part::TankClean, energy, 0.0),
        other_mwh: if mixed(storage) { series(Part::TankOther, energy, 0.0) } else { Vec::new() },
    }
}

fn tanks(model: &mut LinearModel, problem: &Problem, (k, storage): One<'_>, keys: &StorageKeys) {
    let at = |step: usize| at((k, storage), step);
    let (clean0, other0) = storage.held().unwrap_or((0.0, 0.0));
    let cyclic = storage.start == Start::Cyclic;
    let pairs = [
        ("tank_clean", &keys.clean_mwh, &keys.charge_clean, &keys.discharge_clean, clean0),
        ("tank_other", &keys.other_mwh, &keys.charge_grid, &keys.discharge_other, other0),
    ];
    for step in 0..problem.steps {
        for (rule, tank, charge, discharge, held) in pairs {
            let Some(&now) = tank.get(step) else { continue };
            let mut entries = vec![(now, 1.0)];
            let kept = 1.0 - storage.loss_per_step;
            let mut before = 0.0;
            match (step, cyclic) {
                (0, false) => before = kept * held,
                (0, true) => entries.push((tank[problem.steps - 1], -kept)),
                _ => entries.push((tank[step - 1], -kept)),
            }
            entries.extend(charge.get(step).map(|&c| (c, -problem.step_hours * storage.eff_charge)));
            entries.extend(discharge.get(step).map(|&d| (d, problem.step_hours / storage.eff_discharge)));
            model.rule(rule, at(step), (before, before), &entries);
        }
        if let Some(&other) = keys.other_mwh.get(step) {
            let both = [(keys.clean_mwh[step], 1.0), (other, 1.0)];
            model.rule("tanks", at(step), (f64::NEG_INFINITY, storage.energy_mwh), &both);
        }
    }
    if storage.end_min_mwh > 0.0 {
        let last = problem.steps - 1;
        // It may have begun lower than it can be brought up to.
        let price = problem.policy.class_price_per_mwh;
        let below = model.part(Part::EndBelow, at(last), storage.end_min_mwh, price);
        let mut entries = vec![(below, 1.0), (keys.clean_mwh[last], 1.0)];
        entries.extend(keys.other_mwh.get(last).map(|&other| (other, 1.0)));
        model.rule("tank_end", at(last), (storage.end_min_mwh, f64::INFINITY), &entries);
    }
}

/// What charging and discharging add to power rows and targets.
fn draws(model: &mut LinearModel, problem: &Problem, terms: &Terms, storage: &Storage, keys: &StorageKeys) {
    let site = storage.site;
    let boundary = problem.sites[site].boundary;
    let flows = [
        (&keys.charge_clean, 1.0, true, 0.0),
        (&keys.charge_grid, 1.0, false, -1.0),
        (&keys.discharge_clean, -1.0, true, 0.0),
        (&keys.discharge_other, -1.0, true, 1.0),
    ];
    for step in 0..problem.steps {
        for (columns, sign, contracts, unmatched) in flows {
            let Some(&column) = columns.get(step) else { continue };
            model.draw_facility(column, (site, step), sign);
            if contracts {
                model.draw_from_contracts(column, (site, step), sign);
            }
            for (k, target) in terms.targets.iter().enumerate().filter(|(_, t)| t.in_scope[boundary]) {
                // The grid column of the target's row holds all the grid gives: what charges is taken off, and load that
                // other discharge serves is put on. Charging is no load: it earns no allowance.
                let drawn = target.drawn_at(step);
                let bad = target.on_grid[boundary][step] + drawn;
                model.entry(model.keys.target(k), column, bad * unmatched + sign * drawn);
            }
        }
    }
}

fn converter(model: &mut LinearModel, (k, storage): One<'_>, keys: &StorageKeys, step: usize, integer: bool) {
    let at = at((k, storage), step);
    let z = model.part(Part::Charging, at, 1.0, 0.0);
    model.columns[z].integer = integer;
    let mut charge = vec![(keys.charge_clean[step], 1.0), (z, -storage.charge_mw)];
    charge.extend(keys.charge_grid.get(step).map(|&grid| (grid, 1.0)));
    model.rule("charging", at, (f64::NEG_INFINITY, 0.0), &charge);
    let mut discharge = vec![(keys.discharge_clean[step], 1.0), (z, storage.discharge_mw)];
    discharge.extend(keys.discharge_other.get(step).map(|&other| (other, 1.0)));
    model.rule("discharging", at, (f64::NEG_INFINITY, storage.discharge_mw), &discharge);
}

/// Both tanks share what charges and what discharges them.
fn terminals(model: &mut LinearModel, (k, storage): One<'_>, keys: &StorageKeys, step: usize) {
    let at = at((k, storage), step);
    let pairs = [
        ("charging", keys.charge_clean[step], keys.charge_grid.get(step), storage.charge_mw),
        ("discharging", keys.discharge_clean[step], keys.discharge_other.get(step), storage.discharge_mw),
    ];
    for (rule, clean, other, most) in pairs {
        if let Some(&other) = other {
            model.rule(rule, at, (f64::NEG_INFINITY, most), &[(clean, 1.0), (other, 1.0)]);
        }
    }
}

/// Clean charge is what contracts deliver, other charge what the grid does.
fn sources(model: &mut LinearModel, problem: &Problem, terms: &Terms) {
    for boundary in BoundaryIndex::all(&problem.boundaries) {
        let here = |k: &StorageIndex| problem.sites[problem.storage[*k].site].boundary == boundary;
        let mine: Vec<StorageIndex> = StorageIndex::all(&problem.storage).filter(here).collect();
        if mine.is_empty() {
            continue;
        }
        for step in 0..problem.steps {
            for &k in &mine {
                let site = problem.storage[k].site;
                let serves = terms.groups_of[boundary].iter().filter(|&&g| terms.groups[g].sites.contains(&site));
                let mut entries: Vec<(usize, f64)> = serves.map(|&g| (model.keys.usage(g, step), -1.0)).collect();
                entries.push((model.keys.storage[k].charge_clean[step], 1.0));
                if problem.storage[k].from_storage {
                    let others = mine.iter().filter(|&&other| other != k);
                    entries.extend(others.map(|&o| (model.keys.storage[o].discharge_clean[step], -1.0)));
                }
                model.rule("clean_charge", (k.get(), site, step), (f64::NEG_INFINITY, 0.0), &entries);
            }
            let all = terms.groups_of[boundary].iter().map(|&g| (model.keys.usage(g, step), -1.0));
            let mut clean: Vec<(usize, f64)> = all.collect();
            let mut grid = vec![(model.keys.grid(boundary, step), -1.0)];
            for &k in &mine {
                let keys = &model.keys.storage[k];
                clean.push((keys.charge_clean[step], 1.0));
                if problem.storage.iter().any(|k| k.from_storage) {
                    clean.push((keys.discharge_clean[step], -1.0));
                }
                grid.extend(keys.charge_grid.get(step).map(|&column| (column, 1.0)));
            }
            if mine.len() > 1 {
                model.rule("clean_charges", anywhere(boundary.get(), step), (f64::NEG_INFINITY, 0.0), &clean);
            }
            if grid.len() > 1 {
                model.rule("grid_charge", anywhere(boundary.get(), step), (f64::NEG_INFINITY, 0.0), &grid);
            }
        }
    }
}

pub fn costs(made: &Finished, ledger: &mut Ledger) {
    let h = made.problem.step_hours;
    for (storage, flows) in made.problem.storage.iter().zip(&made.outcome.storage) {
        let out: f64 = flows.discharge_clean.iter().chain(&flows.discharge_other).sum();
        let amount = storage.wear_per_mwh * h * out;
        ledger.push(Item::StorageWear, cost(codes::STORAGE_WEAR, Kind::Money, (h * out, "MWh"), amount));
    }
}

/// What its end lacks.
pub fn violations(made: &Finished) -> Vec<Violation> {
    let problem = made.problem;
    let last = problem.steps.saturating_sub(1);
    let ends = problem.storage.iter().zip(&made.outcome.storage).map(|(k, flows)| {
        let held = flows.clean_mwh.get(last).unwrap_or(&0.0) + flows.other_mwh.get(last).unwrap_or(&0.0);
        (k.end_min_mwh - held).max(0.0)
    });
    let (quantity, price) = (ends.sum(), problem.policy.class_price_per_mwh);
    vec![Violation { item: Item::StorageEnd, code: codes::STORAGE_END, quantity, unit: "MWh", price }]
}
