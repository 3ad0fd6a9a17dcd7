//! A backend that lies is refused, not silently replaced; only limits lead to the greedy plan.
#![allow(clippy::unwrap_used)]

mod support;

use hourmatch_solver::{
    Backend, BackendError, CertifyError, HighsBackend, Limits, LinearModel, RawSolution, RawStatus, SolveError, Status,
    certify, greedy, model, solve, solve_with,
};
use support::{near, random};

/// HiGHS with its answer changed.
struct Liar(fn(&mut RawSolution));

impl Backend for Liar {
    fn solve(&self, model: &LinearModel, limits: &Limits) -> Result<RawSolution, BackendError> {
        let mut raw = HighsBackend.solve(model, limits)?;
        (self.0)(&mut raw);
        Ok(raw)
    }
}

fn refusal(lie: fn(&mut RawSolution)) -> CertifyError {
    let problem = random(3, 24, 20);
    match solve_with(&problem, &Limits::default(), &Liar(lie)) {
        Err(SolveError::Refused(error)) => error,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn the_honest_answer_is_accepted() {
    let problem = random(3, 24, 20);
    let outcome = solve_with(&problem, &Limits::default(), &Liar(|_| {})).unwrap();
    assert_eq!(outcome.status, Status::Optimal);
    let stated = model(&problem).unwrap();
    let raw = HighsBackend.solve(&stated, &Limits::default()).unwrap();
    let certificate = certify(&problem, &stated, &raw).unwrap();
    assert!(near(certificate.objective, certificate.bound, 1e-6));
}

#[test]
fn a_shifted_answer_is_refused() {
    let error = refusal(|raw| raw.x.iter_mut().for_each(|x| *x += 1e-3));
    let placed = matches!(error, CertifyError::Row { .. } | CertifyError::Bound { .. });
    assert!(placed, "{error}");
}

#[test]
fn a_nan_is_refused() {
    let error = refusal(|raw| raw.x[5] = f64::NAN);
    assert!(matches!(error, CertifyError::NotFinite { .. }), "{error}");
    let error = refusal(|raw| raw.row_duals[5] = f64::NAN);
    assert!(matches!(error, CertifyError::NotFinite { .. }), "{error}");
}

#[test]
fn a_wrong_objective_is_refused() {
    let error = refusal(|raw| raw.objective += 1e-3 * raw.objective.abs().max(1.0));
    assert!(matches!(error, CertifyError::Objective { .. }), "{error}");
}

#[test]
fn a_wrong_bound_is_refused() {
    let error = refusal(|raw| raw.bound += 1e-3 * raw.objective.abs().max(1.0));
    let above = matches!(error, CertifyError::BoundAboveObjective { .. });
    assert!(above, "{error}");
    let error = refusal(|raw| raw.row_duals.iter_mut().for_each(|y| *y = 0.0));
    assert!(matches!(error, CertifyError::BoundNotProved { .. }), "{error}");
}

#[test]
fn a_short_answer_is_refused() {
    let error = refusal(|raw| {
        raw.x.pop();
    });
    assert!(matches!(error, CertifyError::Length { .. }), "{error}");
}

#[test]
fn limits_lead_to_the_greedy_plan() {
    for seed in 1..6 {
        let problem = random(seed, 48, 60);
        let best = solve(&problem, &Limits::default()).unwrap();
        let limits = Limits { iterations: Some(1), ..Limits::default() };
        let plan = solve(&problem, &limits).unwrap();
        assert_eq!(plan.status, Status::Greedy);
        assert_eq!(plan.reasons[0].code, "iteration_limit");
        let slack = 1e-6 * best.objective.abs().max(1.0);
        assert!(plan.bound <= best.objective + slack);
        assert!(best.objective <= plan.objective + slack);
        assert!(plan.gap < 0.5, "gap {}", plan.gap);
        assert_eq!(plan.objective, greedy(&problem).unwrap().objective);
    }
}

#[test]
fn the_clock_is_named_when_it_ends_a_solve() {
    let problem = random(3, 24, 20);
    let stopped = Liar(|raw| raw.status = RawStatus::TimeLimit);
    let plan = solve_with(&problem, &Limits::default(), &stopped).unwrap();
    assert_eq!(plan.status, Status::TimeLimit);
    assert_eq!(plan.reasons[0].code, "time_limit");
}

#[test]
fn a_nan_in_the_model_never_reaches_the_solver() {
    let mut stated = model(&random(3, 24, 20)).unwrap();
    stated.columns[7].cost = f64::NAN;
    let error = HighsBackend.solve(&stated, &Limits::default()).unwrap_err();
    assert!(matches!(error, BackendError::NotFinite { .. }), "{error}");
}
