//! The way through: check, state, solve, certify, read, explain; or the plan without a solver instead.

use crate::backend::{Backend, HighsBackend};
use crate::check::check_plan;
use crate::model::Duals;
use crate::model::Keys;
use crate::model::LinearModel;
use crate::model::Terms;
use crate::model::certify_with;
use crate::model::objective::{Evaluation, settle};
use crate::model::read::explain::explain;
use crate::model::read::report::{self, Beside, Parts};
use crate::model::{RawSolution, RawStatus};
use crate::model::{Whole, rules};
use crate::outcome::{Outcome, Placement, Reason, SolveError, Status, reason};
use crate::problem::Problem;
use crate::{integers, unsolved};

/// A gap below this counts as none.
pub(crate) const OPTIMAL_GAP: f64 = 1e-6;

/// Iterations and nodes repeat on every machine; seconds do not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    pub iterations: Option<u64>,
    pub seconds: Option<f64>,
    /// Relative gap at which whole numbers are good enough.
    pub gap: f64,
    /// Nodes of branch and bound.
    pub nodes: Option<u64>,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { iterations: None, seconds: None, gap: 1e-4, nodes: None }
    }
}

/// The linear model of a problem with every choice whole, as another solver would need it.
pub fn model(problem: &Problem) -> Result<LinearModel, SolveError> {
    problem.check()?;
    Ok(rules::state(problem, &Terms::new(problem), &Whole::all(problem)))
}

/// The same with whole numbers relaxed: a lower bound.
pub fn relaxed_model(problem: &Problem) -> Result<LinearModel, SolveError> {
    problem.check()?;
    let mut model = rules::state(problem, &Terms::new(problem), &Whole::default());
    model.columns.iter_mut().for_each(|c| c.integer = false);
    Ok(model)
}

/// Rows and columns of the model; without stating it where only divisible work is planned.
pub fn size(problem: &Problem) -> Result<(usize, usize), SolveError> {
    problem.check()?;
    let terms = Terms::new(problem);
    if problem.plain() && problem.work.iter().all(|w| w.prior.is_empty()) {
        let keys = Keys::new(problem, &terms);
        return Ok((keys.rows(), keys.columns()));
    }
    let model = rules::state(problem, &terms, &Whole::default());
    Ok((model.rows.len(), model.columns.len()))
}

pub fn solve(problem: &Problem, limits: &Limits) -> Result<Outcome, SolveError> {
    solve_with(problem, limits, &HighsBackend)
}

/// Choices made whole are added until a solution needs no more: beyond so many rounds all are.
const ROUNDS: usize = 8;

pub fn solve_with(problem: &Problem, limits: &Limits, backend: &dyn Backend) -> Result<Outcome, SolveError> {
    solve_from(problem, limits, backend, None)
}

/// The same, knowing a plan of the problem: branch and bound starts from it where it is better than everything as early as
/// it can run. Simplex starts from no plan.
pub fn solve_from(
    problem: &Problem,
    limits: &Limits,
    backend: &dyn Backend,
    start: Option<&Outcome>,
) -> Result<Outcome, SolveError> {
    problem.check()?;
    let terms = Terms::new(problem);
    let mut whole = Whole::default();
    for round in 0.. {
        let model = rules::state(problem, &terms, &whole);
        let solved = if model.has_integers() {
            integers::solve(problem, &terms, &model, (limits, backend), start)?
        } else {
            match solve_linear(&model, limits, backend) {
                Ok(raw) => Ok(read(problem, &terms, &model, raw)?),
                Err(stopped) => Err(stopped),
            }
        };
        let outcome = match solved {
            Ok(outcome) => outcome,
            Err(stopped) => return unsolved::plan(problem, &terms, &model, stopped),
        };
        let wrong = integers::wrong(problem, &terms, &model, &outcome, &whole);
        if wrong.len() == 0 {
            let mut outcome = outcome;
            outcome.reasons.extend(explain(problem, &terms, &outcome));
            return Ok(outcome);
        }
        whole.charging.extend(wrong.charging);
        whole.after_load.extend(wrong.after_load);
        if round >= ROUNDS {
            whole = Whole::all(problem);
        }
    }
    unreachable!("the loop above returns")
}

/// Why there is no solution to read, and what is proved all the same.
#[derive(Debug)]
pub(crate) struct Stopped {
    pub status: Status,
    pub code: &'static str,
    pub why: String,
    /// No plan costs less, by branch and bound.
    pub bound: f64,
    /// Row duals as they stood: they prove a bound whatever they are. Empty where there are none.
    pub duals: Vec<f64>,
}

impl Stopped {
    pub fn new(status: Status, code: &'static str, why: impl Into<String>) -> Stopped {
        Stopped { status, code, why: why.into(), bound: f64::NEG_INFINITY, duals: Vec::new() }
    }

    pub fn refused(why: String) -> Stopped {
        Stopped::new(Status::Greedy, "backend_refused", why)
    }

    pub fn reason(&self) -> Reason {
        reason(self.code, "plan", (0.0, ""), self.why.clone())
    }

    /// None where the backend's status is a solution.
    pub fn of(status: &RawStatus) -> Option<Stopped> {
        match status {
            RawStatus::Optimal => None,
            RawStatus::IterationLimit => {
                Some(Stopped::new(Status::Greedy, "iteration_limit", "the iteration limit ended the solve"))
            }
            RawStatus::TimeLimit => Some(Stopped::new(Status::TimeLimit, "time_limit", "the clock ended the solve")),
            RawStatus::Other(status) => Some(Stopped::refused(format!("the solver ended with {status}"))),
        }
    }

    /// A bound that was proved before it was stopped.
    pub fn proved(self, bound: f64) -> Stopped {
        let bound = if bound.is_finite() { self.bound.max(bound) } else { self.bound };
        Stopped { bound, ..self }
    }
}

pub(crate) fn solve_linear(
    model: &LinearModel,
    limits: &Limits,
    backend: &dyn Backend,
) -> Result<RawSolution, Stopped> {
    match backend.solve(model, limits) {
        Ok(raw) => match Stopped::of(&raw.status) {
            None => Ok(raw),
            Some(stopped) => Err(Stopped { duals: raw.row_duals, ..stopped }),
        },
        Err(error) => Err(Stopped::refused(error.to_string())),
    }
}

/// The plan without a solver, and its bound.
pub fn greedy(problem: &Problem) -> Result<Outcome, SolveError> {
    problem.check()?;
    unsolved::greedy(problem, &Terms::new(problem))
}

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
