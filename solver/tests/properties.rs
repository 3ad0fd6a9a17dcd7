//! What must hold for every problem.
#![allow(clippy::unwrap_used)]

mod support;

use hourmatch_solver::{Limits, Outcome, Problem, asap, check_plan, evaluate, greedy, model, size, solve};
use proptest::prelude::*;
use support::{near, random};

fn solved(problem: &Problem) -> Outcome {
    solve(problem, &Limits::default()).unwrap()
}

fn scale(values: &mut [f64], k: f64) {
    values.iter_mut().for_each(|v| *v *= k);
}

/// Every power and energy times k, prices as they are.
fn scaled(problem: &Problem, k: f64) -> Problem {
    let mut p = problem.clone();
    for s in &mut p.sites {
        scale(&mut s.overhead_mw, k);
        scale(&mut s.firm_it_mw, k);
        scale(&mut s.it_capacity_mw, k);
        scale(&mut s.grid_limit_mw, k);
    }
    for c in &mut p.contracts {
        scale(&mut c.available_mw, k);
    }
    for w in &mut p.work {
        w.energy_mwh *= k;
        w.max_mw *= k;
        if let Some(later) = &mut w.later {
            later.max_mwh *= k;
        }
    }
    for t in &mut p.targets {
        t.load_elsewhere_mwh *= k;
        t.unmatched_elsewhere_mwh *= k;
    }
    p
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 16,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn twice_the_power_is_twice_the_cost(seed in 1u64..10_000, k in 0.5f64..3.0) {
        let problem = random(seed, 18, 15);
        let (one, many) = (solved(&problem), solved(&scaled(&problem, k)));
        prop_assert!(near(one.objective * k, many.objective, 1e-6));
    }

    #[test]
    fn the_order_of_work_does_not_matter(seed in 1u64..10_000) {
        let problem = random(seed, 18, 15);
        let mut turned = problem.clone();
        turned.work.reverse();
        prop_assert!(near(solved(&problem).objective, solved(&turned).objective, 1e-6));
    }

    #[test]
    fn more_contract_never_costs_more(seed in 1u64..10_000, k in 1.0f64..2.0) {
        let mut problem = random(seed, 18, 15);
        for c in &mut problem.contracts {
            // Surplus nobody wants can be costly to have; that is another matter.
            c.sell_per_mwh.iter_mut().for_each(|v| *v = v.max(0.0));
        }
        let mut more = problem.clone();
        for c in &mut more.contracts {
            scale(&mut c.available_mw, k);
        }
        let (less, more) = (solved(&problem).objective, solved(&more).objective);
        prop_assert!(more <= less + 1e-6 * less.abs().max(1.0), "{more} > {less}");
    }

    #[test]
    fn every_plan_is_feasible_and_bounded(seed in 1u64..10_000) {
        let problem = random(seed, 18, 15);
        let (best, plan) = (solved(&problem), greedy(&problem).unwrap());
        prop_assert!(check_plan(&problem, &best).is_ok());
        prop_assert!(check_plan(&problem, &plan).is_ok());
        let slack = 1e-6 * best.objective.abs().max(1.0);
        prop_assert!(plan.bound <= best.objective + slack);
        prop_assert!(best.objective <= plan.objective + slack);
        let submitted = evaluate(&problem, &asap(&problem)).unwrap();
        prop_assert!(best.objective <= submitted.objective + slack);
    }

    #[test]
    fn the_same_problem_is_the_same_bytes(seed in 1u64..10_000) {
        let problem = random(seed, 18, 15);
        let bytes = |o: &Outcome| serde_json::to_string(o).unwrap();
        prop_assert_eq!(bytes(&solved(&problem)), bytes(&solved(&problem)));
        let plans = (greedy(&problem).unwrap(), greedy(&problem).unwrap());
        prop_assert_eq!(bytes(&plans.0), bytes(&plans.1));
    }

    #[test]
    fn the_size_is_known_without_stating_the_model(seed in 1u64..10_000) {
        let problem = random(seed, 18, 15);
        let stated = model(&problem).unwrap();
        prop_assert_eq!(size(&problem).unwrap(), (stated.rows.len(), stated.columns.len()));
    }
}
