//! What work comes to in megawatts and hours, with the portfolio's pools: operators think in GPUs x hours.

use super::{Portfolio, Serialize, Work};
use crate::portfolio::planning::{KW_PER_GPU, Pool};
use ids::{Index, PoolIndex, SiteIndex};

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Terms {
    pub sites: Vec<SiteIndex>,
    pub pool: Option<PoolIndex>,
    /// GPUs of one, where it has any.
    pub gpus: Option<f64>,
    /// IT energy of one at full speed, and the power it draws at most.
    pub energy_mwh: f64,
    pub max_mw: f64,
    /// Hours of one at full power.
    pub hours: f64,
    pub count: u32,
    pub miss_price_per_mwh: f64,
}

/// Where not everything fits, one step of priority is worth this part of the price of missing it.
const PER_PRIORITY: f64 = 0.1;

pub fn derive(work: &Work, portfolio: &Portfolio) -> Terms {
    let pools = &portfolio.planning.pools;
    let pool = work.pool.as_ref().and_then(|id| PoolIndex::find(pools, |p| p.id == *id));
    let of_pool = pool.map(|p| &pools[p]);
    let sites = sites(work, portfolio, of_pool);
    let largest = sites.iter().map(|s| portfolio.sites[*s].it_capacity_mw).fold(0.0, f64::max);
    let drawn = work.gpus.map(|gpus| gpus * of_pool.map_or(KW_PER_GPU, |p| p.kw_per_gpu) / 1_000.0);
    let max_mw = work.max_mw.or(drawn).unwrap_or(largest);
    let energy_mwh = work.energy_mwh.or(work.hours.map(|hours| hours * max_mw)).unwrap_or(0.0);
    let hours = work.hours.unwrap_or(if max_mw > 0.0 { energy_mwh / max_mw } else { 0.0 });
    let base = work.miss_price_per_mwh.unwrap_or(portfolio.policy.miss_price_per_mwh);
    let miss_price_per_mwh = base * (1.0 + PER_PRIORITY * f64::from(work.priority.unwrap_or(0)));
    let (gpus, count) = (work.gpus, work.count.unwrap_or(1));
    Terms { sites, pool, gpus, energy_mwh, max_mw, hours, count, miss_price_per_mwh }
}

/// Where it may run: what it lists, but with a pool only where that is, and nowhere where that is gone; sorted.
fn sites(work: &Work, portfolio: &Portfolio, pool: Option<&Pool>) -> Vec<SiteIndex> {
    if work.pool.is_some() && pool.is_none() {
        return Vec::new();
    }
    let mut sites: Vec<SiteIndex> = if work.sites.is_empty() {
        SiteIndex::all(&portfolio.sites).collect()
    } else {
        work.sites.iter().filter_map(|id| portfolio.site(id)).collect()
    };
    if let Some(pool) = pool {
        sites.retain(|s| portfolio.definitions.sites[*s].id == pool.site);
    }
    sites.sort_unstable();
    sites.dedup();
    sites
}

impl Terms {
    pub fn all_energy_mwh(&self) -> f64 {
        self.energy_mwh * f64::from(self.count)
    }

    pub fn most_mw(&self) -> f64 {
        self.max_mw * f64::from(self.count)
    }
}

impl Work {
    /// Whether it may be put down and taken up again at any step, at any power.
    pub fn divides(&self) -> bool {
        match self.divisible {
            Some(divisible) => divisible,
            // Energy is energy; a job of GPUs runs in one go unless it can be put down.
            None => self.gpus.is_none() || self.gpus_min.is_some() || self.preempt == Some(super::Preempt::Checkpoint),
        }
    }
}
