//! The way through: check, state, solve, certify, read, explain; or the greedy plan instead.

use crate::backend::{Backend, HighsBackend, RawSolution, RawStatus};
use crate::certify::{CertifyError, certify_with};
use crate::check::check_plan;
use crate::duals::Duals;
use crate::explain::{explain, reason};
use crate::greedy::{self, Greedy};
use crate::keys::Keys;
use crate::lagrange::Lagrangian;
use crate::model::LinearModel;
use crate::objective::{Evaluation, settle};
use crate::outcome::{Outcome, Placement, Reason, Status};
use crate::problem::{Problem, ProblemError};
use crate::report::{self, Parts};
use crate::rules;
use crate::terms::Terms;
use thiserror::Error;

/// A gap below this counts as none.
const OPTIMAL_GAP: f64 = 1e-6;
/// Larger models are not stated just to certify a greedy plan: memory. The plan is still
/// checked against the problem and its bound computed from the same prices.
const STATED_COLUMNS: usize = 3_000_000;

/// Iterations repeat on every machine; seconds do not.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Limits {
    pub iterations: Option<u64>,
    pub seconds: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Error)]
pub enum SolveError {
    #[error("the problem is refused: {0}")]
    Problem(#[from] ProblemError),
    #[error("the solver's answer is refused: {0}")]
    Refused(#[from] CertifyError),
}

/// The linear model of a problem, as a backend would get it.
pub fn model(problem: &Problem) -> Result<LinearModel, SolveError> {
    problem.check()?;
    Ok(rules::state(problem, &Terms::new(problem)))
}

/// Rows and columns of the model, without stating it.
pub fn size(problem: &Problem) -> Result<(usize, usize), SolveError> {
    problem.check()?;
    let keys = Keys::new(problem, &Terms::new(problem));
    Ok((keys.rows(), keys.columns()))
}

pub fn solve(problem: &Problem, limits: &Limits) -> Result<Outcome, SolveError> {
    solve_with(problem, limits, &HighsBackend)
}

pub fn solve_with(problem: &Problem, limits: &Limits, backend: &dyn Backend) -> Result<Outcome, SolveError> {
    problem.check()?;
    let terms = Terms::new(problem);
    let model = rules::state(problem, &terms);
    let instead = |status, code: &str, why: String| {
        let said = reason(code, "plan", (0.0, ""), why);
        plan_greedily(problem, &terms, Some(&model), status, Some(said))
    };
    let raw = match backend.solve(&model, limits) {
        Ok(raw) => raw,
        Err(error) => return instead(Status::Greedy, "backend_refused", error.to_string()),
    };
    match &raw.status {
        RawStatus::Optimal => read(problem, &terms, &model, raw),
        RawStatus::IterationLimit => {
            let why = "the iteration limit ended the solve: this is a greedy plan".to_string();
            instead(Status::Greedy, "iteration_limit", why)
        }
        RawStatus::TimeLimit => {
            let why = "the clock ended the solve: this is a greedy plan".to_string();
            instead(Status::TimeLimit, "time_limit", why)
        }
        RawStatus::Other(status) => {
            let why = format!("the solver ended with {status}: this is a greedy plan");
            instead(Status::Greedy, "backend_refused", why)
        }
    }
}

/// The greedy plan with its bound.
pub fn greedy(problem: &Problem) -> Result<Outcome, SolveError> {
    problem.check()?;
    let terms = Terms::new(problem);
    let keys = Keys::new(problem, &terms);
    if keys.columns() > STATED_COLUMNS {
        return plan_greedily(problem, &terms, None, Status::Greedy, None);
    }
    let model = rules::state(problem, &terms);
    plan_greedily(problem, &terms, Some(&model), Status::Greedy, None)
}

fn read(problem: &Problem, terms: &Terms, model: &LinearModel, raw: RawSolution) -> Result<Outcome, SolveError> {
    let certificate = certify_with(terms, problem, model, &raw)?;
    let (placements, evaluation, x) = settled(problem, terms, model, &raw);
    let prices = Duals::read(problem, terms, &model.keys, &raw.row_duals).prices(problem, terms);
    let parts = Parts {
        status: Status::Optimal,
        placements,
        evaluation,
        bound: certificate.bound,
        prices,
        iterations: raw.iterations,
        x,
        duals: raw.row_duals,
    };
    let mut outcome = report::outcome(problem, terms, &model.keys, parts);
    if outcome.gap > OPTIMAL_GAP {
        outcome.status = Status::Feasible;
    }
    check_plan(problem, &outcome)?;
    outcome.reasons = explain(problem, terms, &outcome);
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
    let evaluation = settle(problem, terms, &placements);
    let x = report::vector(problem, &model.keys, &placements, &evaluation);
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
    let own = report::evaluation(problem, terms, model, &raw.x);
    (placements, own, raw.x.clone())
}

fn plan_greedily(
    problem: &Problem,
    terms: &Terms,
    model: Option<&LinearModel>,
    status: Status,
    why: Option<Reason>,
) -> Result<Outcome, SolveError> {
    let made = greedy::run(problem, terms);
    let keys = Keys::new(problem, terms);
    let lagrangian = Lagrangian { problem, terms };
    let row_duals = lagrangian.duals(&keys, &made.multipliers);
    let prices = marginal_prices(problem, terms, &made);
    let best = made.best;
    let mut raw = RawSolution {
        status: RawStatus::Other("greedy".to_string()),
        x: report::vector(problem, &keys, &best.placements, &best.evaluation),
        row_duals,
        objective: best.evaluation.objective,
        bound: made.bound.min(best.evaluation.objective),
        iterations: 0,
    };
    if let Some(model) = model {
        raw.bound = certify_with(terms, problem, model, &raw)?.bound;
    }
    let parts = Parts {
        status,
        placements: best.placements,
        evaluation: best.evaluation,
        bound: raw.bound,
        prices,
        iterations: 0,
        x: raw.x,
        duals: raw.row_duals,
    };
    let mut outcome = report::outcome(problem, terms, &keys, parts);
    check_plan(problem, &outcome)?;
    outcome.reasons.extend(why);
    let said = "prices are marginal costs of the greedy plan, not duals of an optimum".to_string();
    let note = reason("heuristic_prices", "prices", (0.0, ""), said);
    outcome.reasons.push(note);
    let found = explain(problem, terms, &outcome);
    outcome.reasons.extend(found);
    Ok(outcome)
}

/// What one more MW costs in the greedy plan as it stands.
fn marginal_prices(problem: &Problem, terms: &Terms, made: &Greedy) -> Vec<Vec<f64>> {
    let negated = |v: &Vec<f64>| v.iter().map(|p| -p).collect::<Vec<f64>>();
    let none = |things: usize| vec![vec![0.0; problem.steps]; things];
    let duals = Duals {
        balance: made.best.marginal.iter().map(negated).collect(),
        capacity: none(problem.sites.len()),
        nested: none(terms.nodes.len()),
        energy: Vec::new(),
        target: negated(&made.best.pressure),
    };
    duals.prices(problem, terms)
}
