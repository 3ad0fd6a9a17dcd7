//! Accelerators of a site's pools: what a plan holds, and what power is in them.

use crate::plan::Plan;
use crate::portfolio::Portfolio;
use crate::portfolio::planning::Pool;
use reports::time::Grid;
use serde::Serialize;

/// Accelerators that work may hold in one pool.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Held {
    pub pool: String,
    pub gpus: u64,
}

/// Pools of one site over a plan's steps.
#[derive(Debug)]
pub struct Pools<'a> {
    pools: Vec<OfPlan<'a>>,
}

#[derive(Debug)]
struct OfPlan<'a> {
    pool: &'a Pool,
    /// Accelerators that training holds, and IT megawatts of batch work, by step.
    training_gpus: Vec<f64>,
    batch_mw: Vec<f64>,
    /// Accelerators that all work holds.
    all_gpus: Vec<f64>,
}

impl<'a> Pools<'a> {
    pub fn new(plan: Option<&Plan>, portfolio: &'a Portfolio, site: &str, grid: Grid) -> Self {
        let pools: Vec<&Pool> = portfolio.planning.pools.iter().filter(|p| p.site == site).collect();
        let only = pools.len() == 1;
        let of_plan = |pool: &'a Pool| {
            let mut found = OfPlan {
                pool,
                training_gpus: vec![0.0; grid.len],
                batch_mw: vec![0.0; grid.len],
                all_gpus: vec![0.0; grid.len],
            };
            for s in plan.iter().flat_map(|p| &p.schedule).filter(|s| s.site == site) {
                // Work that states its power runs on what there is.
                let mine = s.pool.as_ref().map_or(only, |id| *id == pool.id);
                for t in grid.touched(s.span()).filter(|_| mine) {
                    let gpus = s.gpus.unwrap_or(0) as f64;
                    found.all_gpus[t] += gpus;
                    match s.power_fraction {
                        Some(_) => found.training_gpus[t] += gpus,
                        None => found.batch_mw[t] += s.mw,
                    }
                }
            }
            found
        };
        Self { pools: pools.into_iter().map(of_plan).collect() }
    }

    /// What work may hold where batch work may draw so many IT megawatts: shared as the plan shares its own batch work,
    /// where it has none by the pools' power.
    pub fn held(&self, step: usize, batch_mw: f64) -> Vec<Held> {
        let planned: f64 = self.pools.iter().map(|p| p.batch_mw[step]).sum();
        let weight = |p: &OfPlan<'_>| if planned > 1e-6 { p.batch_mw[step] } else { p.pool.count * p.pool.kw_per_gpu };
        let all: f64 = self.pools.iter().map(weight).sum();
        let held = |p: &OfPlan<'_>| {
            let part = if all > 0.0 { weight(p) / all } else { 0.0 };
            let batch = 1_000.0 * batch_mw * part / p.pool.kw_per_gpu;
            let gpus = (p.training_gpus[step] + batch + 1e-6).floor().min(p.pool.count);
            Held { pool: p.pool.id.clone(), gpus: gpus.max(0.0) as u64 }
        };
        self.pools.iter().map(held).collect()
    }

    /// Accelerators of a pool that no planned work holds, by step; none where the site has no such pool.
    pub fn free_gpus(&self, pool: &str) -> Option<Vec<f64>> {
        let found = self.pools.iter().find(|p| p.pool.id == pool)?;
        Some(found.all_gpus.iter().map(|held| found.pool.count - held).collect())
    }
}
