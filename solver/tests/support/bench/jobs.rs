//! The `jobs-*` instances: deferrable work at ten sites, the plain LP.

use super::read::{count, ids, list, number, position, series, text};
use hourmatch_solver::{Allowance, Boundary, Contract, Metric, Policy, Problem, Scope, Settlement, Site, Target, Work};
use ids::{BoundaryId, BoundaryIndex, Index, SiteId, SiteIndex};
use serde_json::Value;

pub fn problem(value: &Value) -> Result<Problem, String> {
    let steps = count(value, "steps")?;
    let policy = &value["policy"];
    let boundary_ids: Vec<BoundaryId> = ids(value, "boundaries")?;
    let site_ids: Vec<SiteId> = ids(value, "sites")?;
    let sites = sites(value, steps, &boundary_ids)?;
    let financial = policy["settlement"].as_str() == Some("financial");
    let mut boundaries = Vec::new();
    let mut contracts = Vec::new();
    for (b, v) in BoundaryIndex::each(list(value, "boundaries")?) {
        boundaries.push(Boundary {
            id: text(v, "id")?,
            buy_per_mwh: series(v, "grid_price_per_mwh", steps)?,
            carbon_g_per_kwh: series(v, "grid_intensity_g_per_kwh", steps)?,
            grid_cfe_share: series(v, "grid_cfe_share", steps)?,
        });
        contracts.push(Contract {
            id: format!("{} contracts", boundary_ids[b]).into(),
            boundary: b,
            settlement: if financial { Settlement::Financial } else { Settlement::Physical },
            sites: SiteIndex::all(&sites).filter(|&s| sites[s].boundary == b).collect(),
            available_mw: series(v, "contracted_mw", steps)?,
            sell_per_mwh: vec![0.0; steps],
            doubt: Vec::new(),
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
            span: None,
        }],
        policy: Policy {
            carbon_price_per_t: number(policy, "carbon_price_per_t")?,
            delay_price_per_mwh_step: number(policy, "delay_price_per_mwh_step")?,
            ..Policy::default()
        },
        ..Problem::default()
    })
}

fn sites(value: &Value, steps: usize, boundaries: &[BoundaryId]) -> Result<Vec<Site>, String> {
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
            ..Site::default()
        });
    }
    Ok(sites)
}

fn work(value: &Value, site_ids: &[SiteId]) -> Result<Vec<Work>, String> {
    let miss = number(&value["policy"], "miss_price_per_mwh")?;
    let mut work = Vec::new();
    for v in list(value, "work")? {
        let mut sites = Vec::new();
        for site in list(v, "sites")? {
            sites.push(position(site_ids, &site.as_str().unwrap_or_default().into())?);
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
            ..Work::default()
        });
    }
    Ok(work)
}
