//! A price is what firm load costs: solving again with a little more or less brackets it.
#![allow(clippy::unwrap_used)]

mod support;

use hourmatch_solver::{Duals, Limits, Problem, solve};
use ids::{Index, SiteIndex};
use support::{Random, random};

const SHIFT_MW: f64 = 0.01;

fn objective(problem: &Problem) -> f64 {
    solve(problem, &Limits::default()).unwrap().objective
}

fn shifted(problem: &Problem, site: SiteIndex, step: usize, mw: f64) -> f64 {
    let mut changed = problem.clone();
    changed.sites[site].firm_it_mw[step] += mw;
    objective(&changed)
}

/// The objective is convex in firm load, so the price lies between its two slopes.
fn bracket(problem: &Problem, seed: u64, count: usize) {
    let base = solve(problem, &Limits::default()).unwrap();
    let mut r = Random(seed);
    for _ in 0..count {
        let site = SiteIndex::new(r.index(problem.sites.len()));
        let step = r.index(problem.steps);
        let price = base.prices[site][step] * problem.step_hours;
        let up = (shifted(problem, site, step, SHIFT_MW) - base.objective) / SHIFT_MW;
        let down = (base.objective - shifted(problem, site, step, -SHIFT_MW)) / SHIFT_MW;
        let slack = 1e-4 * price.abs().max(10.0) + 1e-8 * base.objective.abs() / SHIFT_MW;
        let inside = down - slack <= price && price <= up + slack;
        assert!(inside, "site {site} step {step}: {down} <= {price} <= {up}");
    }
}

#[test]
fn prices_are_bracketed_by_solving_again() {
    for seed in 1..6 {
        bracket(&random(seed, 24, 30), seed, 10);
    }
}

#[test]
fn prices_hold_where_targets_bind() {
    let mut active = 0;
    for (seed, scale) in (10..16).zip([2.0, 0.5, 1.0, 0.5, 2.0, 1.0]) {
        let mut problem = random(seed, 24, 30);
        for c in &mut problem.contracts {
            c.available_mw.iter_mut().for_each(|mw| *mw *= scale);
        }
        let outcome = solve(&problem, &Limits::default()).unwrap();
        active += usize::from(Duals::new(&problem, &outcome.duals).target.iter().any(|dual| *dual < -1e-6));
        bracket(&problem, seed, 5);
    }
    assert!(active > 1, "a target bound in {active} of the problems");
}
