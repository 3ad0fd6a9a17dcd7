//! The method for pieces of work against simplex: the same optimum on random problems, whatever else is in them; what it
//! proves holds; and the same bytes again.
#![allow(clippy::unwrap_used)]

mod support;

use hourmatch_solver::{
    Backend, HighsBackend, Limits, LinearModel, RawSolution, RawStatus, StructuredBackend, certify, check_plan,
    relaxed_model, solve, solve_pieces, solve_with,
};
use support::recheck::recheck;
use support::small::small;
use support::{in_full, near, random};

fn problems() -> u64 {
    if in_full() { 100_000 } else { 2_000 }
}

fn limits(gap: f64) -> Limits {
    Limits { gap, ..Limits::default() }
}

/// What is paid and earned, since terms may cancel.
fn size(model: &LinearModel, raw: &RawSolution) -> f64 {
    let costs = model.columns.iter().zip(&raw.x).map(|(c, x)| (c.cost * x).abs());
    (model.constant.abs() + costs.sum::<f64>()).max(1.0)
}

#[test]
fn random_problems_have_the_optimum_that_simplex_finds() {
    let (mut taken, mut refused) = (0, 0);
    for seed in 0..problems() {
        let problem = small(seed);
        let model = relaxed_model(&problem).unwrap();
        let exact = HighsBackend.solve(&model, &Limits::default()).unwrap();
        assert_eq!(exact.status, RawStatus::Optimal, "small({seed})");
        let Some(raw) = solve_pieces(&model, &limits(1e-9)) else {
            refused += 1;
            continue;
        };
        taken += 1;
        let slack = 1e-6 * size(&model, &exact);
        assert!((raw.objective - exact.objective).abs() <= slack, "small({seed}): {} {}", raw.objective, exact.objective);
        assert!(raw.bound <= exact.objective + slack, "small({seed}): {} is proved", raw.bound);
        certify(&problem, &model, &raw).unwrap_or_else(|e| panic!("small({seed}): {e}"));
    }
    println!("{taken} solved, {refused} refused");
    assert!(taken * 20 >= (taken + refused) * 19, "{refused} refused");
}
