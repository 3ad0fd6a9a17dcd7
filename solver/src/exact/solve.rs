//! The way through: check, state, solve, certify, read, explain; or the plan without a solver instead.

use super::again::{allowed_gap, is_enough};
use super::backend::{Backend, Earlier, Limits, Placed, tell, telling};
use super::gangs;
use super::integers;
use super::read::{Solved, Task, read, solve_linear};
use super::structured::StructuredBackend;
use crate::heuristic::{Stopped, unsolved};
use crate::model::read::explain::explain;
use crate::model::{Keys, LinearModel, Starts, StorageIntegers, Terms, rules};
use crate::outcome::{Outcome, Searched, SolveError, Status};
use crate::problem::Problem;
use crate::progress::{Progress, Says, Stage};

/// The linear model of a problem with every choice an integer, as another solver would need it.
pub fn model(problem: &Problem) -> Result<LinearModel, SolveError> {
    problem.check()?;
    Ok(rules::formulate(problem, &Terms::new(problem), &StorageIntegers::all(problem)))
}

/// The same with integers relaxed: a lower bound.
pub fn relaxed_model(problem: &Problem) -> Result<LinearModel, SolveError> {
    problem.check()?;
    let mut model = rules::formulate(problem, &Terms::new(problem), &StorageIntegers::default());
    model.columns.iter_mut().for_each(|c| c.integer = false);
    Ok(model)
}

/// Rows and columns of the model; without stating it where only divisible work is planned.
pub fn size(problem: &Problem) -> Result<(usize, usize), SolveError> {
    problem.check()?;
    let terms = Terms::new(problem);
    if problem.plain() && problem.work.iter().all(|w| w.prior.is_empty()) {
        let keys = Keys::new(problem, &terms);
        return Ok((keys.rows, keys.columns));
    }
    let model = rules::formulate(problem, &terms, &StorageIntegers::default());
    Ok((model.rows.len(), model.columns.len()))
}

pub fn solve(problem: &Problem, limits: &Limits) -> Result<Outcome, SolveError> {
    solve_with(problem, limits, &StructuredBackend::default())
}

/// Choices made integers are added until a solution needs no more: beyond so many rounds all are.
const ROUNDS: usize = 8;

pub fn solve_with(problem: &Problem, limits: &Limits, backend: &dyn Backend) -> Result<Outcome, SolveError> {
    solve_from(problem, limits, backend, None)
}

/// The same, knowing a plan of the problem: branch and bound starts from it where it is better than everything as early as
/// it can run, and many jobs are placed from where it has them. Simplex starts from no plan.
pub fn solve_from(
    problem: &Problem,
    limits: &Limits,
    backend: &dyn Backend,
    start: Option<&Outcome>,
) -> Result<Outcome, SolveError> {
    problem.check()?;
    tell(backend, Progress::begin);
    let terms = Terms::new(problem);
    let task = Task { problem, terms: &terms, limits, backend };
    let outcome = match start.and_then(|plan| plan.searched.zip(Some(plan))) {
        Some((searched, plan)) => again(task, searched.gap, plan)?,
        None => attempt(task, start, None)?.0,
    };
    tell(backend, |progress| progress.end(outcome.objective, outcome.bound));
    Ok(outcome)
}

/// From a plan that goes back to a whole search: by a short one, and by another whole one where that is not enough.
fn again(task: Task<'_>, searched_gap: f64, plan: &Outcome) -> Result<Outcome, SolveError> {
    let allowed = allowed_gap(searched_gap, task.limits);
    let mut best: Option<Outcome> = None;
    for left_by_short in [false, true] {
        let plan = best.as_ref().unwrap_or(plan);
        let earlier = Earlier { jobs: &plan.jobs, runs: &plan.runs, allowed, left_by_short };
        let (mut outcome, again) = attempt(task, Some(plan), Some(earlier))?;
        if !again {
            return Ok(outcome);
        }
        if left_by_short || is_enough(task.problem, &outcome, allowed) {
            outcome.searched = Some(Searched { gap: searched_gap, short: true });
            return Ok(outcome);
        }
        tell(task.backend, Progress::again);
        best = Some(outcome);
    }
    Ok(attempt(task, best.as_ref(), None)?.0)
}

/// Solves, many jobs `from` where they stand; and whether a short search from there was all it took.
fn attempt(
    task: Task<'_>,
    start: Option<&Outcome>,
    earlier: Option<Earlier<'_>>,
) -> Result<(Outcome, bool), SolveError> {
    let Task { problem, limits, backend, .. } = task;
    let placed = telling(backend, Says::All, || backend.place_jobs(problem, limits, earlier));
    let Some(placed) = placed else { return Ok((around(task, None, start)?, false)) };
    let mut outcome = around(task, Some(&placed), start)?;
    if placed.few && outcome.gap > limits.gap {
        tell(backend, Progress::again);
        return Ok((branched(task, outcome)?, false));
    }
    // A short search proves nothing by branching, and is to be held against this.
    let gap = (outcome.objective - outcome.relaxed_bound) / outcome.objective.abs().max(1.0);
    outcome.searched = Some(Searched { gap, short: false });
    Ok((outcome, placed.again))
}

/// Branch and bound from a plan, whose bound stands where it is the better one.
fn branched(task: Task<'_>, from: Outcome) -> Result<Outcome, SolveError> {
    let mut outcome = around(task, None, Some(&from))?;
    if outcome.bound < from.bound {
        unsolved::set_bound(&mut outcome, from.bound);
    }
    Ok(outcome)
}

/// All else solved around jobs where they are placed, or everything by branch and bound.
fn around(task: Task<'_>, placed: Option<&Placed>, start: Option<&Outcome>) -> Result<Outcome, SolveError> {
    let Task { problem, terms, limits, backend } = task;
    let mut integers = StorageIntegers::default();
    let none = vec![Vec::new(); problem.jobs.len()];
    let mut rounds = 0;
    let said = |model: &LinearModel| if placed.is_none() { backend.plain(problem, model) } else { None };
    loop {
        // Where jobs are placed already, only storage is left to choose: their starts need no columns.
        let starts = if placed.is_some() { Starts::Only(&none) } else { Starts::Any };
        let model = rules::formulate_with(problem, terms, &integers, starts);
        let solved = if let Some(placed) = placed {
            gangs::solve(task, &integers, placed, start)?
        } else if model.has_integers() {
            integers::solve(task, &model, start)?
        } else {
            linear(task, &model)?
        };
        let mut outcome = match solved {
            Ok(outcome) => outcome,
            // The cost of a plan without a solver says nothing about the least cost.
            Err(Stopped { status: Status::TimeLimit, .. }) if limits.only_cost => return Err(SolveError::OutOfTime),
            Err(stopped) => {
                let mut outcome = instead(problem, terms, &model, stopped)?;
                outcome.reasons.extend(said(&model));
                return Ok(outcome);
            }
        };
        let wrong = integers::wrong(problem, terms, &model, &outcome, &integers);
        if wrong == StorageIntegers::default() {
            outcome.reasons.extend(explain(problem, terms, &outcome));
            outcome.reasons.extend(said(&model));
            return Ok(outcome);
        }
        tell(backend, Progress::again);
        integers.charging.extend(wrong.charging);
        integers.after_load.extend(wrong.after_load);
        if rounds >= ROUNDS {
            integers = StorageIntegers::all(problem);
        }
        rounds += 1;
    }
}

/// The plan without a solver; where that cannot be either, why there is none.
fn instead(problem: &Problem, terms: &Terms, model: &LinearModel, stopped: Stopped) -> Result<Outcome, SolveError> {
    let none = match stopped {
        Stopped { infeasible: true, .. } => Some(SolveError::Infeasible),
        Stopped { status: Status::TimeLimit, .. } => Some(SolveError::OutOfTime),
        _ => None,
    };
    unsolved::plan(problem, terms, model, stopped).map_err(|error| match (error, none) {
        (SolveError::Refused(_), Some(none)) => none,
        (error, _) => error,
    })
}

/// A linear model's answer, certified; another one where the first is refused and there is another way.
fn linear(task: Task<'_>, model: &LinearModel) -> Solved {
    let Task { problem, terms, limits, backend } = task;
    tell(backend, |progress| progress.at(Stage::Linear));
    let raw = match telling(backend, Says::Bounds, || solve_linear(model, limits, backend)) {
        Ok(raw) => raw,
        Err(stopped) => return Ok(Err(stopped)),
    };
    let refused = match read(problem, terms, model, raw) {
        Err(SolveError::Refused(why)) => why,
        read => return read.map(Ok),
    };
    match backend.solve_again(model, limits) {
        Some(Ok(raw)) if Stopped::from_status(&raw.status).is_none() => read(problem, terms, model, raw).map(Ok),
        _ => Err(refused.into()),
    }
}
