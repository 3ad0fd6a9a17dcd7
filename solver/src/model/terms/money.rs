//! `sum h*grid*(buy + carbon_price*r/1000) + sum h*buy*use` of financial contracts, less
//! `sum h*sell*(available - use)` of physical ones, both as far as they are expected to come, plus `sum h*delay*t*x`, and miss, later and
//! short at their prices. The contracts' own price is sunk.

use crate::problem::{Contract, Problem, Settlement};

pub fn grid_cost(problem: &Problem) -> Vec<Vec<f64>> {
    let carbon = problem.policy.carbon_price_per_t / 1000.0;
    problem
        .boundaries
        .iter()
        .map(|b| {
            let steps = b.buy_per_mwh.iter().zip(&b.carbon_g_per_kwh);
            steps.map(|(buy, r)| problem.step_hours * (buy + carbon * r)).collect()
        })
        .collect()
}

pub fn use_cost(problem: &Problem, contract: &Contract) -> Vec<f64> {
    let price = match contract.settlement {
        Settlement::Physical => &contract.sell_per_mwh,
        Settlement::Financial => &problem.boundaries[contract.boundary].buy_per_mwh,
    };
    price.iter().map(|p| problem.step_hours * p).collect()
}

pub fn constant(problem: &Problem) -> f64 {
    let physical = |c: &&Contract| c.settlement == Settlement::Physical;
    let sold: f64 = problem
        .contracts
        .iter()
        .filter(physical)
        .flat_map(|c| c.available_mw.iter().zip(&c.sell_per_mwh).enumerate().map(move |(t, at)| (c.doubt_at(t), at)))
        .map(|(doubt, (mw, sell))| (1.0 - doubt) * mw * sell)
        .sum();
    // 0 - x, not -x: a negative zero would print as such.
    0.0 - problem.step_hours * sold
}

/// Cost of one MW of work for one step at absolute step `t`.
pub fn delay_cost(problem: &Problem, t: usize) -> f64 {
    problem.step_hours * problem.policy.delay_price_per_mwh_step * t as f64
}
