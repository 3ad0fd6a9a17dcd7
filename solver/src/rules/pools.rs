//! `sum gpus*held <= available` per pool and step; `sum gpus*held <= max_gpus` per account and step, and
//! `sum h*gpus*held <= gpu_hours` over its spans. Training that cannot be put down may break them, at the overload
//! price: a failed accelerator never makes a plan infeasible.

use crate::model::{LinearModel, Part};
use crate::problem::{Gpus, Problem};

/// Rows of pools and accounts, for whatever holds GPUs to add itself to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PoolRows {
    /// `[pool][step]`
    pools: Vec<Vec<usize>>,
    accounts: Vec<AccountRows>,
    step_hours: f64,
}

#[derive(Debug, Clone, PartialEq, Default)]
struct AccountRows {
    /// By step, empty without a limit on GPUs.
    gpus: Vec<usize>,
    /// From, to, row.
    hours: Vec<(usize, usize, usize)>,
}

impl PoolRows {
    /// Row of a pool in a step.
    pub fn pool(&self, pool: usize, step: usize) -> usize {
        self.pools[pool][step]
    }
}

/// A GPU over the limit for an hour counts as a kilowatt over it.
const MWH_PER_GPU_HOUR: f64 = 1e-3;

pub fn add(model: &mut LinearModel, problem: &Problem) {
    let h = problem.step_hours;
    let price = problem.policy.overload_price_per_mwh * MWH_PER_GPU_HOUR;
    let most: f64 = problem.runs.iter().filter_map(|r| r.gpus.map(|g| g.count)).sum::<f64>()
        + problem.jobs.iter().filter_map(|j| j.gpus.map(|g| g.count * f64::from(j.count))).sum::<f64>();
    let mut rows = PoolRows { step_hours: h, ..PoolRows::default() };
    for (p, pool) in problem.pools.iter().enumerate() {
        let row = |step: usize, model: &mut LinearModel| {
            let over = model.part(Part::OverPool, (p, 0, step), most, h * price);
            let limits = (f64::NEG_INFINITY, pool.available[step]);
            model.rule("pool", (p, 0, step), limits, &[(over, -1.0)])
        };
        rows.pools.push((0..problem.steps).map(|step| row(step, model)).collect());
    }
    for (a, account) in problem.accounts.iter().enumerate() {
        let mut mine = AccountRows::default();
        if let Some(limit) = account.max_gpus {
            for step in 0..problem.steps {
                let over = model.part(Part::OverAccount, (a, 0, step), most, h * price);
                mine.gpus.push(model.rule("account", (a, 0, step), (f64::NEG_INFINITY, limit), &[(over, -1.0)]));
            }
        }
        for (k, &(from, to, hours)) in account.gpu_hours.iter().enumerate() {
            let over = model.part(Part::OverAccount, (a, 1, k), most * h * (to - from) as f64, price);
            let row = model.rule("account_hours", (a, k, from), (f64::NEG_INFINITY, hours), &[(over, -1.0)]);
            mine.hours.push((from, to, row));
        }
        rows.accounts.push(mine);
    }
    model.keys.pools = rows;
}

/// Columns hold GPUs in a step: (column, how many holders one unit of it is).
pub fn hold(model: &mut LinearModel, gpus: &Gpus, step: usize, holders: &[(usize, f64)]) {
    let mut rows = vec![(model.keys.pools.pools[gpus.pool][step], 1.0)];
    if let Some(account) = gpus.account {
        let account = &model.keys.pools.accounts[account];
        rows.extend(account.gpus.get(step).map(|&row| (row, 1.0)));
        let inside = account.hours.iter().filter(|(from, to, _)| (*from..*to).contains(&step));
        rows.extend(inside.map(|&(_, _, row)| (row, model.keys.pools.step_hours)));
    }
    for (row, weight) in rows {
        for &(column, holders) in holders {
            model.entry(row, column, weight * gpus.count * holders);
        }
    }
}
