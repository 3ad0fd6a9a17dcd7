//! Accelerators of a site's pools: what a plan holds, and what power is in them.

use super::common::{Portfolio, Serialize};
use super::desk::Known;
use crate::portfolio::planning::Pool;
use crate::work::Kind;
use ids::{Index, PoolId, PoolIndex, SiteId};

/// Accelerators that work may hold in one pool.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Held {
    pub pool: PoolId,
    pub gpus: u64,
}

/// One pool over a plan's steps.
#[derive(Debug)]
pub struct OfPlan<'a> {
    pool: &'a Pool,
    /// Accelerators that training and what was reserved or reported since hold, and IT megawatts of batch work, by step.
    standing_gpus: Vec<f64>,
    batch_mw: Vec<f64>,
    /// Accelerators that work may hold: what the plan holds, and what its rows leave beside that.
    most: Vec<f64>,
}

/// Pools of one site.
pub(super) fn of_site<'a>(known: &Known, portfolio: &'a Portfolio, site: &SiteId) -> Vec<OfPlan<'a>> {
    let grid = known.free.grid;
    let pools = || PoolIndex::each(&portfolio.planning.pools).filter(|(_, p)| p.site == *site);
    let only = pools().count() == 1;
    let of_plan = |(index, pool): (PoolIndex, &'a Pool)| {
        let none = vec![0.0; grid.len];
        let mut found = OfPlan { pool, standing_gpus: none.clone(), batch_mw: none.clone(), most: Vec::new() };
        let mut all_gpus = none;
        for s in known.base.plan.schedule.iter().filter(|s| s.site == *site) {
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
    pools().map(of_plan).collect()
}

/// What work may hold where batch work may draw so many IT megawatts: shared as the plan shares its own batch work, where
/// it has none by the pools' power.
pub(super) fn held(pools: &[OfPlan<'_>], step: usize, batch_mw: f64) -> Vec<Held> {
    let planned: f64 = pools.iter().map(|p| p.batch_mw[step]).sum();
    let weight = |p: &OfPlan<'_>| if planned > 1e-6 { p.batch_mw[step] } else { p.pool.count * p.pool.kw_per_gpu };
    let all: f64 = pools.iter().map(weight).sum();
    let held = |p: &OfPlan<'_>| {
        let part = if all > 0.0 { weight(p) / all } else { 0.0 };
        let batch = 1_000.0 * batch_mw * part / p.pool.kw_per_gpu;
        let gpus = (p.standing_gpus[step] + batch).min(p.most[step]);
        Held { pool: p.pool.id.clone(), gpus: (gpus + 1e-6).floor().max(0.0) as u64 }
    };
    pools.iter().map(held).collect()
}
