//! A solution of a linear model, certified, as an outcome.

use crate::check::check_plan;
use crate::model::objective::{Evaluation, settle};
use crate::model::read::{columns, report};
use crate::model::{Duals, LinearModel, RawSolution, RawStatus, Terms, certify_with};
use crate::outcome::{Outcome, Placement, SolveError, Status};
use crate::problem::Problem;

/// A gap below this counts as none.
pub(crate) const OPTIMAL_GAP: f64 = 1e-6;

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
