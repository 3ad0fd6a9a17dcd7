//! `two-boundary-target`: two targets over two boundaries, one settled financially, sites of unequal PUE.

use super::read::{count, ids, list, number, number_or, position, series, series_or_zero, text};
use super::{Instance, Variant};
use hourmatch_solver::{Allowance, Boundary, Contract, Metric, Policy, Problem, Scope, Settlement, Site, Target, Work};
use ids::{BoundaryId, BoundaryIndex, Index, SiteId, SiteIndex};
use serde_json::Value;

pub fn instance(value: &Value) -> Result<Instance, String> {
    let allowed = |allowance: Allowance| -> Result<Problem, String> { problem(value, allowance) };
    let useful = value["allowance"].as_str() != Some("all_load");
    let as_stated = if useful { Allowance::UsefulLoad } else { Allowance::DrawnLoad };
    let variants = vec![
        Variant::new("allowance_from_all_load", allowed(Allowance::DrawnLoad)?),
        Variant::new("allowance_from_useful_load", allowed(Allowance::UsefulLoad)?),
    ];
    Ok(Instance { problem: allowed(as_stated)?, variants })
}

fn problem(value: &Value, allowance: Allowance) -> Result<Problem, String> {
    let steps = count(value, "steps")?;
    let policy = &value["policy"];
    let boundary_ids: Vec<BoundaryId> = ids(value, "boundaries")?;
    let site_ids: Vec<SiteId> = ids(value, "sites")?;
    let sites = sites(value, steps, &boundary_ids)?;
    let mut boundaries = Vec::new();
    let mut contracts = Vec::new();
    for (b, v) in BoundaryIndex::each(list(value, "boundaries")?) {
        boundaries.push(Boundary {
            id: text(v, "id")?,
            buy_per_mwh: series(v, "grid_price_per_mwh", steps)?,
            carbon_g_per_kwh: series(v, "grid_intensity_g_per_kwh", steps)?,
            grid_cfe_share: series_or_zero(v, "grid_cfe_share", steps)?,
        });
        let financial = v["settlement"].as_str() == Some("financial");
        contracts.push(Contract {
            id: format!("{} contracts", boundary_ids[b]).into(),
            boundary: b,
            settlement: if financial { Settlement::Financial } else { Settlement::Physical },
            sites: SiteIndex::all(&sites).filter(|&s| sites[s].boundary == b).collect(),
            available_mw: series(v, "contracted_mw", steps)?,
            sell_per_mwh: series_or_zero(v, "sell_per_mwh", steps)?,
            ..Contract::default()
        });
    }
    let miss = number(policy, "miss_price_per_mwh")?;
    let targets = list(value, "targets")?.iter().map(|v| target(value, v, &boundary_ids, allowance));
    Ok(Problem {
        step_hours: number(value, "step_hours")?,
        steps,
        targets: targets.collect::<Result<_, String>>()?,
        boundaries,
        sites,
        contracts,
        work: list(value, "work")?.iter().map(|v| work(v, &site_ids, miss)).collect::<Result<_, String>>()?,
        policy: Policy {
            carbon_price_per_t: number(policy, "carbon_price_per_t")?,
            delay_price_per_mwh_step: number_or(policy, "delay_price_per_mwh_step", 0.0)?,
            ..Policy::default()
        },
        ..Problem::default()
    })
}

fn sites(value: &Value, steps: usize, boundaries: &[BoundaryId]) -> Result<Vec<Site>, String> {
    let one = |v: &Value| -> Result<Site, String> {
        Ok(Site {
            id: text(v, "id")?,
            boundary: position(boundaries, &text(v, "boundary")?)?,
            pue: series(v, "pue", steps)?,
            overhead_mw: series_or_zero(v, "overhead_mw", steps)?,
            firm_it_mw: series(v, "firm_mw", steps)?,
            it_capacity_mw: series(v, "it_capacity_mw", steps)?,
            grid_limit_mw: series(v, "grid_limit_mw", steps)?,
            ..Site::default()
        })
    };
    list(value, "sites")?.iter().map(one).collect()
}

fn work(v: &Value, site_ids: &[SiteId], miss: f64) -> Result<Work, String> {
    let sites = list(v, "sites")?.iter().map(|s| position(site_ids, &s.as_str().unwrap_or_default().into()));
    Ok(Work {
        id: text(v, "id")?,
        sites: sites.collect::<Result<_, String>>()?,
        release: count(v, "release")?,
        deadline: count(v, "deadline")?,
        energy_mwh: number(v, "energy_mwh")?,
        max_mw: number(v, "max_mw")?,
        miss_price_per_mwh: miss,
        ..Work::default()
    })
}

fn target(value: &Value, v: &Value, boundaries: &[BoundaryId], allowance: Allowance) -> Result<Target, String> {
    let scope = match v["scope"].as_str() {
        Some("portfolio") | None => Scope::Portfolio,
        Some(id) => Scope::Boundary(position(boundaries, &id.into())?),
    };
    let metric = v["metric"].as_str().or(v["target_metric"].as_str());
    let cfe = metric == Some("cfe_score");
    let (mut load, mut good) = (0.0, 0.0);
    for (b, boundary) in BoundaryIndex::each(list(value, "boundaries")?) {
        if scope == Scope::Portfolio || scope == Scope::Boundary(b) {
            let so_far = &boundary["so_far"];
            load += number_or(so_far, "load_mwh", 0.0)?;
            good += number_or(so_far, if cfe { "load_cfe_mwh" } else { "matched_mwh" }, 0.0)?;
        }
    }
    Ok(Target {
        scope,
        metric: if cfe { Metric::CfeScore } else { Metric::Matched },
        share: number(v, "target")?,
        shortfall_price_per_mwh: number(v, "shortfall_price_per_mwh")?,
        allowance,
        load_elsewhere_mwh: load,
        unmatched_elsewhere_mwh: load - good,
        span: None,
    })
}
