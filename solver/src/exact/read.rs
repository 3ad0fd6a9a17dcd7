//! A solution of a linear model, certified, as an outcome.

use crate::check::check_plan;
use crate::model::objective::{Evaluation, settle};
use crate::model::read::report::{self, Beside, Parts};
use crate::model::{Duals, LinearModel, RawSolution, RawStatus, Terms, certify_with};
use crate::outcome::{Outcome, Placement, SolveError, Status};
use crate::problem::Problem;

/// A gap below this counts as none.
pub(crate) const OPTIMAL_GAP: f64 = 1e-6;

/// Reads a linear model's answer, certified.
pub(crate) fn read(
    problem: &Problem,
    terms: &Terms,
    model: &LinearModel,
    raw: RawSolution,
) -> Result<Outcome, SolveError> {
    let certificate = certify_with(terms, problem, model, &raw)?;
    let (placements, evaluation, x) = settled(problem, terms, model, &raw);
    let prices = Duals::read(problem, terms, model, &raw.row_duals).prices(problem, terms);
    let parts = Parts {
        status: Status::Optimal,
        placements,
        evaluation,
        beside: Beside::read(problem, model, &x),
        bound: certificate.bound,
        relaxed_bound: certificate.bound,
        prices,
        iterations: raw.iterations,
        size: (model.rows.len(), model.columns.len()),
        x,
        duals: raw.row_duals,
    };
    let mut outcome = report::outcome(problem, terms, parts);
    if outcome.gap > OPTIMAL_GAP {
        outcome.status = Status::Feasible;
    }
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
        let candidate = RawSolution {
            status: RawStatus::Other("settled".to_string()),
            x,
            row_duals: raw.row_duals.clone(),
            objective: evaluation.objective,
            bound: raw.bound.min(evaluation.objective),
            iterations: raw.iterations,
        };
        let dearer = evaluation.objective - raw.objective;
        let good = dearer <= OPTIMAL_GAP * 0.1 * raw.objective.abs().max(1.0);
        if good && certify_with(terms, problem, model, &candidate).is_ok() {
            return (placements, evaluation, candidate.x);
        }
    }
    let own = report::evaluation(problem, terms, model, &raw.x);
    (placements, own, raw.x.clone())
}
