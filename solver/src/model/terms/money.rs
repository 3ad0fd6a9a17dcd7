//! `sum h*grid*(buy + carbon_price*r/1000) + sum h*buy*use` of financial contracts, less
//! `sum h*sell*(available - use)` of physical ones, both as far as they are expected to come, plus `sum h*delay*t*x`, and miss, later and
//! short at their prices. The contracts' own price is sunk.

use crate::problem::{Boundary, Contract, Problem, Settlement};

pub fn grid_cost(problem: &Problem) -> Vec<Vec<f64>> {
    let carbon = problem.policy.carbon_price_per_t / 1000.0;
    let per_mw = |(buy, r): (&f64, &f64)| problem.step_hours * (buy + carbon * r);
    let by_step = |b: &Boundary| b.buy_per_mwh.iter().zip(&b.carbon_g_per_kwh).map(per_mw).collect();
    problem.boundaries.iter().map(by_step).collect()
}

pub fn use_cost(problem: &Problem, contract: &Contract) -> Vec<f64> {
    let price = match contract.settlement {
        Settlement::Physical => &contract.sell_per_mwh,
        Settlement::Financial => &problem.boundaries[contract.boundary].buy_per_mwh,
    };
    price.iter().map(|p| problem.step_hours * p).collect()
}

pub fn constant(problem: &Problem) -> f64 {
    let physical = problem.contracts.iter().filter(|c| c.settlement == Settlement::Physical);
    let sold = physical.flat_map(|c| {
        let steps = c.available_mw.iter().zip(&c.sell_per_mwh).enumerate();
        steps.map(move |(t, (mw, sell))| (1.0 - c.doubt_at(t)) * mw * sell)
    });
    // 0 - x, not -x: a negative zero would print as such.
    0.0 - problem.step_hours * sold.sum::<f64>()
}

/// Cost of one MW of work for one step at absolute step `t`.
pub fn delay_cost(problem: &Problem, t: usize) -> f64 {
    problem.step_hours * problem.policy.delay_price_per_mwh_step * t as f64
}
