//! Storage against its own terms: tanks, converter, and where its charge comes from.

use super::compare::{Checked, at_most, counted, equal};
use crate::outcome::Outcome;
use crate::problem::{Problem, Start};
use ids::{Index, StorageIndex};

pub(super) fn check(problem: &Problem, outcome: &Outcome) -> Checked {
    counted(|| "storage in the plan".to_string(), outcome.storage.len(), problem.storage.len())?;
    for ((k, storage), flows) in StorageIndex::each(&problem.storage).zip(&outcome.storage) {
        let h = problem.step_hours;
        let last = problem.steps - 1;
        let mut held = match storage.start {
            Start::Held { clean_mwh, other_mwh } => (clean_mwh, other_mwh),
            Start::Cyclic => (flows.clean_mwh[last], flows.other_mwh[last]),
        };
        for t in 0..problem.steps {
            let name = |what: &str| format!("{what} of storage {} at step {t}", storage.id);
            let (cc, cg) = (flows.charge_clean[t], flows.charge_grid[t]);
            let (dc, od) = (flows.discharge_clean[t], flows.discharge_other[t]);
            for flow in [cc, cg, dc, od] {
                at_most(|| name("flow backwards"), -flow, 0.0)?;
            }
            at_most(|| name("charge"), cc + cg, storage.charge_mw)?;
            at_most(|| name("discharge"), dc + od, storage.discharge_mw)?;
            let kept = 1.0 - storage.loss_per_step;
            let next =
                |held: f64, c: f64, d: f64| kept * held + h * (storage.eff_charge * c - d / storage.eff_discharge);
            held = (next(held.0, cc, dc), next(held.1, cg, od));
            equal(|| name("clean energy"), flows.clean_mwh[t], held.0)?;
            equal(|| name("other energy"), flows.other_mwh[t], held.1)?;
            at_most(|| name("energy"), held.0 + held.1, storage.energy_mwh)?;
            at_most(|| name("energy"), -held.0.min(held.1), 0.0)?;
            // The sums of small errors stay small.
            held = (flows.clean_mwh[t], flows.other_mwh[t]);
            sources(problem, outcome, (k, t))?;
        }
    }
    Ok(())
}

/// Clean charge is no more than what contracts deliver to the site beyond certain doubt, other charge than the grid's.
fn sources(problem: &Problem, outcome: &Outcome, (k, t): (StorageIndex, usize)) -> Checked {
    let site = problem.storage[k].site;
    let boundary = problem.sites[site].boundary;
    let serving = problem.contracts.iter().zip(&outcome.used_mw).filter(|(c, _)| c.sites.contains(&site));
    let mut used: f64 = serving.map(|(_, used)| used[t]).sum();
    let flows = &outcome.storage[k];
    if problem.storage[k].from_storage {
        let others = StorageIndex::each(&outcome.storage).filter(|(other, _)| *other != k);
        used += others.map(|(_, flows)| flows.discharge_clean[t]).sum::<f64>();
    }
    let name = || format!("clean charge of storage {} at step {t}", problem.storage[k].id);
    at_most(name, flows.charge_clean[t], used)?;
    let here = problem.storage.iter().zip(&outcome.storage);
    let grid: f64 =
        here.filter(|(k, _)| problem.sites[k.site].boundary == boundary).map(|(_, flows)| flows.charge_grid[t]).sum();
    let name = || format!("charge from the grid in boundary {} at step {t}", problem.boundaries[boundary].id);
    at_most(name, grid, outcome.grid_mw[boundary][t])
}
