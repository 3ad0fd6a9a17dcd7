//! PyPSA's model-energy example with capacities fixed: a year of three-hour steps, a battery and a hydrogen store.
//!
//! Load shedding is the grid, at 2 000 a MWh; wind and solar are one contract; the hydrogen store's electrolysis and
//! turbine are separate machines, so both may run at once; storage ends as it began.
#![allow(clippy::unwrap_used)]

mod support;

use flate2::read::GzDecoder;
use hourmatch_solver::{Boundary, Contract, Limits, Problem, Site, Start, Status, Storage, solve};
use ids::{Index, SiteIndex};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use support::near;

const HOURS: f64 = 3.0;

fn folder() -> Option<PathBuf> {
    let data = std::env::var_os("HOURMATCH_DATA").map(|d| PathBuf::from(d).join("pypsa-model-energy"));
    let found = data.filter(|d| d.exists());
    if found.is_none() {
        println!("skipped: HOURMATCH_DATA/pypsa-model-energy is not there");
    }
    found
}

/// Columns after the first, as numbers.
fn table(folder: &Path, name: &str) -> Vec<Vec<f64>> {
    let mut text = String::new();
    GzDecoder::new(File::open(folder.join(name)).unwrap()).read_to_string(&mut text).unwrap();
    let row = |line: &str| line.split(',').skip(1).map(|v| v.parse().unwrap()).collect();
    text.lines().skip(1).map(row).collect()
}

fn storage(id: &str, (charge, discharge): (f64, f64), energy: f64, (eff_in, eff_out): (f64, f64)) -> Storage {
    Storage {
        id: id.into(),
        site: SiteIndex::new(0),
        charge_mw: charge,
        discharge_mw: discharge,
        energy_mwh: energy,
        eff_charge: eff_in,
        eff_discharge: eff_out,
        loss_per_step: 0.0,
        start: Start::Cyclic,
        end_min_mwh: 0.0,
        wear_per_mwh: 0.0,
        after_load: false,
        from_grid: false,
        from_storage: true,
        exclusive: false,
    }
}

fn problem(folder: &Path) -> Problem {
    let (supply, load) = (table(folder, "generators-p_max_pu.csv.gz"), table(folder, "loads-p_set.csv.gz"));
    let steps = load.len();
    let available = supply.iter().map(|row| 25_000.0 * row[0] + 30_000.0 * row[1]).collect();
    Problem {
        step_hours: HOURS,
        steps,
        boundaries: vec![Boundary {
            id: "electricity".into(),
            buy_per_mwh: vec![2_000.0; steps],
            carbon_g_per_kwh: vec![0.0; steps],
            grid_cfe_share: vec![0.0; steps],
        }],
        sites: vec![Site {
            id: "demand".into(),
            pue: vec![1.0; steps],
            overhead_mw: vec![0.0; steps],
            firm_it_mw: load.iter().map(|row| row[0]).collect(),
            it_capacity_mw: vec![1e6; steps],
            grid_limit_mw: vec![f64::INFINITY; steps],
            ..Site::default()
        }],
        contracts: vec![Contract {
            id: "wind and solar".into(),
            sites: vec![SiteIndex::new(0)],
            available_mw: available,
            sell_per_mwh: vec![0.0; steps],
            ..Contract::default()
        }],
        storage: vec![
            storage("battery", (12_000.0, 12_000.0), 36_000.0, (0.96, 0.96)),
            // 8 000 MW of hydrogen into the turbine.
            storage("hydrogen", (3_000.0, 8_000.0 * 0.41), 3_000_000.0, (0.6217, 0.41)),
        ],
        ..Problem::default()
    }
}

#[test]
fn dispatch_costs_what_pypsa_says() {
    let Some(folder) = folder() else { return };
    let outcome = solve(&problem(&folder), &Limits::default()).unwrap();
    assert_eq!(outcome.status, Status::Optimal);
    assert!(near(outcome.objective, 3_984_939_969.25, 1e-6), "{}", outcome.objective);
    assert!(near(outcome.bound, outcome.objective, 1e-6), "{}", outcome.bound);
    let shed: f64 = outcome.grid_mw[0].iter().map(|mw| HOURS * mw).sum();
    assert!(near(shed, 1_992_469.98, 1e-6), "{shed}");
}
