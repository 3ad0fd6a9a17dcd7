//! Accelerators of a site's pools: what a plan holds, and what power is in them.

use super::desk::Known;
use crate::portfolio::Portfolio;
use crate::portfolio::planning::Pool;
use crate::work::Kind;
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
    /// Accelerators that training and what was reserved or reported since hold, and IT megawatts of batch work, by step.
    standing_gpus: Vec<f64>,
    batch_mw: Vec<f64>,
    /// Accelerators that work may hold: what the plan holds, and what its rows leave beside that.
    most: Vec<f64>,
}

impl<'a> Pools<'a> {
    pub(super) fn new(known: &Known, portfolio: &'a Portfolio, site: &str) -> Self {
        let grid = known.free.grid;
        let pools: Vec<(usize, &Pool)> =
            portfolio.planning.pools.iter().enumerate().filter(|(_, p)| p.site == site).collect();
        let only = pools.len() == 1;
        let of_plan = |(index, pool): (usize, &'a Pool)| {
            let mut found =
                OfPlan { pool, standing_gpus: vec![0.0; grid.len], batch_mw: vec![0.0; grid.len], most: Vec::new() };
            let mut all_gpus = vec![0.0; grid.len];
            for s in known.plan.schedule.iter().filter(|s| s.site == site) {
                // Work that states its power runs on what there is.
                let mine = s.pool.as_ref().map_or(only, |id| *id == pool.id);
                for t in grid.touched(s.span()).filter(|_| mine) {
                    let gpus = s.gpus.unwrap_or(0) as f64;
                    all_gpus[t] += gpus;
                    match s.kind {
                        Kind::Training => found.standing_gpus[t] += gpus,
                        Kind::Batch => found.batch_mw[t] += s.mw,
                    }
                }
            }
            for t in 0..grid.len {
                let (taken, given) = known.free.gpus.get(&(index, t)).copied().unwrap_or_default();
                let held = all_gpus[t] - given + taken + known.free.room.most_gpus(index, t);
                found.most.push(held.clamp(0.0, pool.count));
                found.standing_gpus[t] += taken;
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
            let gpus = (p.standing_gpus[step] + batch).min(p.most[step]);
            Held { pool: p.pool.id.clone(), gpus: (gpus + 1e-6).floor().max(0.0) as u64 }
        };
        self.pools.iter().map(held).collect()
    }
}
