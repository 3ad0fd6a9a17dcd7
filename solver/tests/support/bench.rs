//! The instances of `bench/README.md` as problems. Shared by the tests and the example.

use flate2::read::GzDecoder;
use hourmatch_solver::{Allowance, Boundary, Contract, Metric, Policy, Problem, Scope, Settlement, Site, Target, Work};
use serde_json::Value;
use std::fs::File;
use std::io::Read;
use std::path::Path;

pub fn load(path: &Path) -> Result<Problem, String> {
    let value = json(path).map_err(|e| format!("{}: {e}", path.display()))?;
    if value.get("model").is_some() {
        let case = value["case"].as_str().unwrap_or("this case");
        return Err(format!("{case}: not supported yet (only jobs-* instances are)"));
    }
    problem(&value).map_err(|e| format!("{}: {e}", path.display()))
}

fn json(path: &Path) -> Result<Value, String> {
    let mut bytes = Vec::new();
    let mut file = File::open(path).map_err(|e| e.to_string())?;
    let packed = path.extension().is_some_and(|e| e == "gz");
    let read = if packed { GzDecoder::new(file).read_to_end(&mut bytes) } else { file.read_to_end(&mut bytes) };
    read.map_err(|e| e.to_string())?;
    serde_json::from_slice(&bytes).map_err(|e| e.to_string())
}

fn number(value: &Value, key: &str) -> Result<f64, String> {
    value[key].as_f64().ok_or(format!("{key} is not a number"))
}

fn count(value: &Value, key: &str) -> Result<usize, String> {
    let found = value[key].as_u64().and_then(|v| usize::try_from(v).ok());
    found.ok_or(format!("{key} is not a count"))
}

fn text(value: &Value, key: &str) -> Result<String, String> {
    let found = value[key].as_str().map(str::to_string);
    found.ok_or(format!("{key} is not text"))
}

fn list<'a>(value: &'a Value, key: &str) -> Result<&'a Vec<Value>, String> {
    value[key].as_array().ok_or(format!("{key} is not a list"))
}

/// A list of numbers, or one number for every step.
fn series(value: &Value, key: &str, steps: usize) -> Result<Vec<f64>, String> {
    if let Some(all) = value[key].as_f64() {
        return Ok(vec![all; steps]);
    }
    let numbers: Option<Vec<f64>> = list(value, key)?.iter().map(Value::as_f64).collect();
    numbers.ok_or(format!("{key} holds something else than numbers"))
}

fn position(ids: &[String], id: &str) -> Result<usize, String> {
    let found = ids.iter().position(|i| i == id);
    found.ok_or(format!("{id} is not defined"))
}

fn ids(value: &Value, key: &str) -> Result<Vec<String>, String> {
    list(value, key)?.iter().map(|v| text(v, "id")).collect()
}

fn problem(value: &Value) -> Result<Problem, String> {
    let steps = count(value, "steps")?;
    let policy = &value["policy"];
    let boundary_ids = ids(value, "boundaries")?;
    let site_ids = ids(value, "sites")?;
    let sites = sites(value, steps, &boundary_ids)?;
    let financial = policy["settlement"].as_str() == Some("financial");
    let mut boundaries = Vec::new();
    let mut contracts = Vec::new();
    for (b, v) in list(value, "boundaries")?.iter().enumerate() {
        boundaries.push(Boundary {
            id: text(v, "id")?,
            buy_per_mwh: series(v, "grid_price_per_mwh", steps)?,
            carbon_g_per_kwh: series(v, "grid_intensity_g_per_kwh", steps)?,
            grid_cfe_share: series(v, "grid_cfe_share", steps)?,
        });
        contracts.push(Contract {
            id: format!("{} contracts", text(v, "id")?),
            boundary: b,
            settlement: if financial { Settlement::Financial } else { Settlement::Physical },
            sites: (0..sites.len()).filter(|&s| sites[s].boundary == b).collect(),
            available_mw: series(v, "contracted_mw", steps)?,
            sell_per_mwh: vec![0.0; steps],
        });
    }
    Ok(Problem {
        step_hours: number(value, "step_hours")?,
        steps,
        boundaries,
        sites,
        contracts,
        work: work(value, &site_ids)?,
        targets: vec![Target {
            scope: Scope::Portfolio,
            metric: Metric::CfeScore,
            share: number(policy, "target")?,
            shortfall_price_per_mwh: number(policy, "shortfall_price_per_mwh")?,
            allowance: Allowance::DrawnLoad,
            load_elsewhere_mwh: 0.0,
            unmatched_elsewhere_mwh: 0.0,
        }],
        policy: Policy {
            carbon_price_per_t: number(policy, "carbon_price_per_t")?,
            delay_price_per_mwh_step: number(policy, "delay_price_per_mwh_step")?,
        },
    })
}

fn sites(value: &Value, steps: usize, boundaries: &[String]) -> Result<Vec<Site>, String> {
    let mut sites = Vec::new();
    for v in list(value, "sites")? {
        sites.push(Site {
            id: text(v, "id")?,
            boundary: position(boundaries, &text(v, "boundary")?)?,
            pue: series(v, "pue", steps)?,
            overhead_mw: vec![0.0; steps],
            firm_it_mw: series(v, "firm_mw", steps)?,
            it_capacity_mw: series(v, "it_capacity_mw", steps)?,
            grid_limit_mw: vec![f64::INFINITY; steps],
        });
    }
    Ok(sites)
}

fn work(value: &Value, site_ids: &[String]) -> Result<Vec<Work>, String> {
    let miss = number(&value["policy"], "miss_price_per_mwh")?;
    let mut work = Vec::new();
    for v in list(value, "work")? {
        let mut sites = Vec::new();
        for site in list(v, "sites")? {
            sites.push(position(site_ids, site.as_str().unwrap_or_default())?);
        }
        work.push(Work {
            id: text(v, "id")?,
            sites,
            release: count(v, "release")?,
            deadline: count(v, "deadline")?,
            energy_mwh: number(v, "energy_mwh")?,
            max_mw: number(v, "max_mw")?,
            miss_price_per_mwh: miss,
            later: None,
        });
    }
    Ok(work)
}
