//! HiGHS alone, which the planner's methods are measured against, solves the same problems to the same optimum.
#![allow(clippy::unwrap_used)]

mod support;

use hourmatch_solver::{HighsBackend, Limits, Outcome, Problem, model, solve_with};
use std::path::Path;
use support::bench;
use support::plain::{self, BRANCH, LINEAR};
use support::small::small;

fn limits() -> Limits {
    Limits { gap: 1e-7, ..Limits::default() }
}

fn planned(problem: &Problem) -> Outcome {
    solve_with(problem, &limits(), &HighsBackend).unwrap()
}

/// What is paid and earned: terms may cancel.
fn turnover(outcome: &Outcome) -> f64 {
    outcome.costs.iter().map(|cost| cost.amount.abs()).sum::<f64>().max(1.0)
}

/// The optimum by each method that the build has; how many that are.
fn agrees(what: &str, problem: &Problem, methods: &[&str]) -> usize {
    let ours = planned(problem);
    let stated = model(problem).unwrap();
    let slack = 1e-4 * turnover(&ours);
    let mut tried = 0;
    for method in methods {
        let answer = plain::solve(problem, method, &limits()).unwrap();
        assert_eq!((answer.rows, answer.columns), (stated.rows.len(), stated.columns.len()), "{what}, {method}");
        // HiPO needs a library that not every build of HiGHS has.
        if *method == "hipo" && answer.status == "absent" {
            continue;
        }
        assert_eq!(answer.status, "optimal", "{what}, {method}");
        let (objective, bound) = (answer.objective.unwrap(), answer.bound.unwrap());
        assert!((objective - ours.objective).abs() <= slack, "{what}, {method}: {objective}, {}", ours.objective);
        assert!((objective - bound).abs() <= slack, "{what}, {method}: {objective}, {bound}");
        tried += 1;
    }
    tried
}

#[test]
fn linear_methods_find_the_optimum_of_divisible_work() {
    let problem = bench::load(Path::new("divisible:3:60:3")).unwrap().problem;
    assert!(agrees("divisible", &problem, &LINEAR) >= 2);
}

#[test]
fn corners_and_branches_find_the_optimum_of_small_problems() {
    let (mut linear, mut integer) = (0, 0);
    for seed in 0..200 {
        let problem = small(seed);
        let what = format!("small({seed})");
        if model(&problem).unwrap().has_integers() {
            integer += agrees(&what, &problem, &[BRANCH]);
        } else {
            linear += agrees(&what, &problem, &["simplex"]);
        }
    }
    assert!(linear > 100 && integer > 5, "{linear} linear, {integer} with integers");
}

#[test]
fn a_method_that_does_not_fit_is_refused() {
    let (divisible, queue) = (support::tiny(&[10.0, 20.0]), support::queue(1, 10, 1));
    for (problem, method, why) in [
        (&divisible, BRANCH, "nothing here is an integer"),
        (&divisible, "magic", "not one of simplex, ipm, hipo, branch"),
        (&queue, "simplex", "would relax integers"),
    ] {
        let error = plain::solve(problem, method, &limits()).unwrap_err();
        assert!(error.contains(why), "{method}: {error}");
    }
}

#[test]
fn time_that_is_up_leaves_what_there_is() {
    let problem = support::queue(1, 200, 2);
    let answer = plain::solve(&problem, BRANCH, &Limits { seconds: Some(0.0), ..limits() }).unwrap();
    assert_eq!(answer.status, "time_limit");
    if let Some((objective, bound)) = answer.objective.zip(answer.bound) {
        assert!(bound <= objective + 1e-6 * objective.abs().max(1.0));
    }
}
