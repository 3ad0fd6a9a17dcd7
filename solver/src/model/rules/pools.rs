//! `sum gpus*held <= available` per pool and step; `sum gpus*held <= max_gpus` per account and step, and
//! `sum h*gpus*held <= gpu_hours` over its spans. Training that cannot be put down may break them, at the overload
//! price: a failed accelerator never makes a plan infeasible. What fixed work holds is taken off first.

use crate::model::bounds;
use crate::model::given::{Finished, Given};
use crate::model::linear::{LinearModel, Part, anywhere};
use crate::outcome::{Item, Violation, codes};
use crate::problem::{Account, Gpus, Problem};
use ids::{Index, SiteIndex};

/// A GPU over the limit for an hour counts as a kilowatt over it.
const MWH_PER_GPU_HOUR: f64 = 1e-3;

pub fn add(model: &mut LinearModel, given: &Given) {
    let problem = given.problem;
    let h = problem.step_hours;
    let price = problem.policy.overload_price_per_mwh * MWH_PER_GPU_HOUR;
    let most: f64 = problem.runs.iter().filter_map(|r| r.gpus.map(|g| g.count)).sum::<f64>()
        + problem.jobs.iter().filter_map(|j| j.gpus.map(|g| g.count * f64::from(j.count))).sum::<f64>();
    for (p, pool) in problem.pools.iter().enumerate() {
        let mut limit_rows = vec![Vec::new(); problem.steps];
        for step in 0..problem.steps {
            let left = pool.left(step);
            let over = model.part(Part::OverPool, anywhere(p, step), most + (-left).max(0.0), h * price);
            let row = model.rule(bounds::POOL, anywhere(p, step), (f64::NEG_INFINITY, left), &[(over, -1.0)]);
            limit_rows[step].push((row, 1.0));
        }
        model.limit_rows.pools.push(limit_rows);
    }
    problem.accounts.iter().enumerate().for_each(|entry| account(model, problem, entry, (most, price)));
}

fn account(model: &mut LinearModel, problem: &Problem, (a, account): (usize, &Account), (most, price): (f64, f64)) {
    let h = problem.step_hours;
    let mut limit_rows = vec![Vec::new(); problem.steps];
    for step in 0..problem.steps {
        let Some(left) = account.left(step) else { break };
        let over = model.part(Part::OverAccount, anywhere(a, step), most + (-left).max(0.0), h * price);
        let row = model.rule(bounds::ACCOUNT, anywhere(a, step), (f64::NEG_INFINITY, left), &[(over, -1.0)]);
        limit_rows[step].push((row, 1.0));
    }
    for (k, span) in account.gpu_hours.iter().enumerate() {
        let (from, to, left) = (span.0, span.1, account.hours_left(span, h));
        let bound = most * h * (to - from) as f64 + (-left).max(0.0);
        // At no site: spans are told apart where one would stand.
        let over = model.part(Part::OverAccount, (a, SiteIndex::new(1), k), bound, price);
        let at = (a, SiteIndex::new(k), from);
        let row = model.rule(bounds::ACCOUNT_HOURS, at, (f64::NEG_INFINITY, left), &[(over, -1.0)]);
        limit_rows[from..to].iter_mut().for_each(|limit_rows| limit_rows.push((row, h)));
    }
    model.limit_rows.accounts.push(limit_rows);
}

/// Columns hold GPUs in a step: (column, how many holders one unit of it is).
pub fn hold(model: &mut LinearModel, gpus: &Gpus, step: usize, holders: &[(usize, f64)]) {
    let account = gpus.account.map(|a| &model.limit_rows.accounts[a][step]);
    let limit_rows = model.limit_rows.pools[gpus.pool][step].iter().chain(account.into_iter().flatten());
    let rows: Vec<(usize, f64)> = limit_rows.copied().collect();
    for (row, weight) in rows {
        for &(column, holders) in holders {
            model.entry(row, column, weight * gpus.count * holders);
        }
    }
}

/// GPU-hours over pools, and over accounts.
pub fn violations(made: &Finished) -> Vec<Violation> {
    let (problem, h) = (made.problem, made.problem.step_hours);
    let mut over = (0.0, 0.0);
    for (pool, held) in problem.pools.iter().zip(&made.loads.pools) {
        over.0 += h * held.iter().enumerate().map(|(t, held)| (held - pool.left(t)).max(0.0)).sum::<f64>();
    }
    for (account, held) in problem.accounts.iter().zip(&made.loads.accounts) {
        let excess = |t: usize| account.left(t).map_or(0.0, |left| (held[t] - left).max(0.0));
        over.1 += h * (0..held.len()).map(excess).sum::<f64>();
        for span in &account.gpu_hours {
            let used = h * held[span.0..span.1].iter().sum::<f64>();
            over.1 += (used - account.hours_left(span, h)).max(0.0);
        }
    }
    let (unit, price) = ("GPU-hours", problem.policy.overload_price_per_mwh * MWH_PER_GPU_HOUR);
    vec![
        Violation { item: Item::OverPool, code: codes::OVER_POOL, quantity: over.0, unit, price },
        Violation { item: Item::OverAccount, code: codes::OVER_ACCOUNT, quantity: over.1, unit, price },
    ]
}
