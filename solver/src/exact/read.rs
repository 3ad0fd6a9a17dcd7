//! A linear model solved, and its solution, certified, as an outcome.

use super::backend::{Backend, Limits, OPTIMAL_GAP};
use crate::check::check_plan;
use crate::heuristic::Stopped;
use crate::model::objective::{Evaluation, settle};
use crate::model::read::{columns, report};
use crate::model::{Duals, LinearModel, RawSolution, RawStatus, Terms, certify_with};
use crate::outcome::{Outcome, Placement, SolveError, Status};
use crate::problem::Problem;

/// A problem that is solved, and by whom.
#[derive(Clone, Copy)]
pub(super) struct Task<'a> {
    pub problem: &'a Problem,
    pub terms: &'a Terms,
    pub limits: &'a Limits,
    pub backend: &'a dyn Backend,
}

/// A certified plan, or why there is no solution to read.
pub(super) type Solved = Result<Result<Outcome, Stopped>, SolveError>;

pub fn solve_linear(model: &LinearModel, limits: &Limits, backend: &dyn Backend) -> Result<RawSolution, Stopped> {
    match backend.solve(model, limits) {
        Ok(raw) => match Stopped::from_status(&raw.status) {
            None => Ok(raw),
            Some(stopped) => Err(Stopped { duals: raw.row_duals, ..stopped }),
        },
        Err(error) => Err(Stopped::refused(error.to_string())),
    }
}

/// The status of a plan whose gap is known, and why the search for it was stopped, if it was.
pub(super) fn ended(outcome: &mut Outcome, stopped: Option<&Stopped>) {
    outcome.status = match stopped {
        Some(Stopped { status: Status::TimeLimit, .. }) => Status::TimeLimit,
        _ if outcome.gap <= OPTIMAL_GAP => Status::Optimal,
        _ => Status::Feasible,
    };
    outcome.reasons.extend(stopped.map(Stopped::reason));
}

/// Reads a linear model's answer, certified.
pub fn read(problem: &Problem, terms: &Terms, model: &LinearModel, raw: RawSolution) -> Result<Outcome, SolveError> {
    let certificate = certify_with(terms, problem, model, &raw)?;
    let (placements, evaluation, x) = settled(problem, terms, model, &raw);
    let prices = Duals::read(problem, terms, model, &raw.row_duals).prices(problem, terms);
    let (bound, iterations, duals) = (certificate.bound, raw.iterations, raw.row_duals);
    let made = columns::read(problem, model, x);
    let made = Outcome { placements, bound, relaxed_bound: bound, prices, iterations, duals, ..made };
    let mut outcome = report::complete(problem, terms, evaluation, made);
    outcome.status = if outcome.gap > OPTIMAL_GAP { Status::Feasible } else { Status::Optimal };
    check_plan(problem, &outcome)?;
    Ok(outcome)
}

/// Among equally good answers the one that uses contracts wherever that costs nothing; the
/// solver's own where settling would cost something.
fn settled(
    problem: &Problem,
    terms: &Terms,
    model: &LinearModel,
    raw: &RawSolution,
) -> (Vec<Placement>, Evaluation, Vec<f64>) {
    let placements = report::placements(model, &raw.x);
    if problem.plain() {
        let evaluation = settle(problem, terms, &placements, None);
        let x = report::vector(problem, model, &placements, &evaluation);
        let (status, objective) = (RawStatus::Other("settled".to_string()), evaluation.objective);
        let (row_duals, bound, iterations) = (raw.row_duals.clone(), raw.bound.min(objective), raw.iterations);
        let candidate = RawSolution { status, x, row_duals, objective, bound, iterations };
        let dearer = evaluation.objective - raw.objective;
        let good = dearer <= OPTIMAL_GAP * 0.1 * raw.objective.abs().max(1.0);
        if good && certify_with(terms, problem, model, &candidate).is_ok() {
            return (placements, evaluation, candidate.x);
        }
    }
    let own = report::evaluation(problem, terms, model, &raw.x);
    (placements, own, raw.x.clone())
}
