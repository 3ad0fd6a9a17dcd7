//! `storage-target`: a battery, a target over the month to date and a demand charge.

use super::read::{count, list, number, number_or, series, series_or_zero, text};
use super::{Instance, Variant};
use hourmatch_solver::{
    Allowance, Boundary, Contract, DemandCharge, Metric, Policy, Problem, Scope, Settlement, Site, Start, Storage,
    Target, Work,
};
use ids::{Index, SiteIndex};
use serde_json::Value;

pub fn instance(value: &Value) -> Result<Instance, String> {
    let problem = problem(value)?;
    let no_target = Problem { targets: Vec::new(), ..problem.clone() };
    let no_storage = Problem { storage: Vec::new(), ..problem.clone() };
    let variants = vec![Variant::new("no_target", no_target), Variant::new("no_storage", no_storage)];
    Ok(Instance { problem, variants })
}

fn problem(value: &Value) -> Result<Problem, String> {
    let steps = count(value, "steps")?;
    let (site, policy, so_far) = (&value["site"], &value["policy"], &value["so_far"]);
    let it_capacity_mw = series(site, "it_capacity_mw", steps)?;
    Ok(Problem {
        step_hours: number(value, "step_hours")?,
        steps,
        boundaries: vec![Boundary {
            id: "b".into(),
            buy_per_mwh: series(value, "buy_per_mwh", steps)?,
            carbon_g_per_kwh: series(value, "grid_intensity_g_per_kwh", steps)?,
            grid_cfe_share: series_or_zero(value, "grid_cfe_share", steps)?,
        }],
        sites: vec![Site {
            id: text(site, "id")?,
            pue: series(site, "pue", steps)?,
            overhead_mw: series_or_zero(site, "overhead_mw", steps)?,
            firm_it_mw: series(site, "firm_mw", steps)?,
            it_capacity_mw,
            grid_limit_mw: series(site, "grid_limit_mw", steps)?,
            ..Site::default()
        }],
        contracts: vec![Contract {
            id: "contracts".into(),
            settlement: Settlement::Physical,
            sites: vec![SiteIndex::new(0)],
            available_mw: series(value, "contracted_mw", steps)?,
            sell_per_mwh: series_or_zero(value, "sell_per_mwh", steps)?,
            ..Contract::default()
        }],
        work: work(value, number(policy, "miss_price_per_mwh")?)?,
        targets: vec![target(policy, so_far)?],
        storage: vec![storage(&value["storage"])?],
        demand: vec![DemandCharge {
            site: SiteIndex::new(0),
            from: 0,
            to: steps,
            rate_per_mw: number_or(policy, "demand_price_per_mw", 0.0)?,
            before_mw: number_or(so_far, "peak_mw", 0.0)?,
        }],
        policy: Policy { carbon_price_per_t: number(policy, "carbon_price_per_t")?, ..Policy::default() },
        ..Problem::default()
    })
}

fn work(value: &Value, miss: f64) -> Result<Vec<Work>, String> {
    let one = |v: &Value| -> Result<Work, String> {
        Ok(Work {
            id: text(v, "id")?,
            sites: vec![SiteIndex::new(0)],
            release: count(v, "release")?,
            deadline: count(v, "deadline")?,
            energy_mwh: number(v, "energy_mwh")?,
            max_mw: number(v, "max_mw")?,
            miss_price_per_mwh: miss,
            ..Work::default()
        })
    };
    list(value, "work")?.iter().map(one).collect()
}

fn target(policy: &Value, so_far: &Value) -> Result<Target, String> {
    let cfe = policy["target_metric"].as_str() == Some("cfe_score");
    let load = number(so_far, "load_mwh")?;
    let good = number(so_far, if cfe { "load_cfe_mwh" } else { "matched_mwh" })?;
    Ok(Target {
        scope: Scope::Portfolio,
        metric: if cfe { Metric::CfeScore } else { Metric::Matched },
        share: number(policy, "target")?,
        shortfall_price_per_mwh: number(policy, "shortfall_price_per_mwh")?,
        allowance: Allowance::DrawnLoad,
        load_elsewhere_mwh: load,
        unmatched_elsewhere_mwh: load - good,
        span: None,
    })
}

fn storage(v: &Value) -> Result<Storage, String> {
    let clean = number(v, "start_clean_mwh")?;
    Ok(Storage {
        id: text(v, "id")?,
        site: SiteIndex::new(0),
        charge_mw: number(v, "charge_mw")?,
        discharge_mw: number(v, "discharge_mw")?,
        energy_mwh: number(v, "energy_mwh")?,
        eff_charge: number(v, "eff_charge")?,
        eff_discharge: number(v, "eff_discharge")?,
        loss_per_step: number_or(v, "loss_per_step", 0.0)?,
        start: Start::Held { clean_mwh: clean, other_mwh: number(v, "start_mwh")? - clean },
        end_min_mwh: number_or(v, "end_min_mwh", 0.0)?,
        wear_per_mwh: number_or(v, "wear_per_mwh_discharged", 0.0)?,
        // The instance lets contracts charge before load is served.
        after_load: false,
        from_grid: true,
        from_storage: false,
        exclusive: true,
    })
}
