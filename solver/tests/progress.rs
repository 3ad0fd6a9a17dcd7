//! A solve that is watched: the same outcome to the last bit, told at its end, and nothing on the way that does not hold.
#![allow(clippy::unwrap_used)]

mod support;

use hourmatch_solver::{
    Backend, BackendError, Earlier, Limits, LinearModel, Outcome, Placed, Problem, Progress, RawSolution, Seen,
    SolveError, StructuredBackend, solve_with,
};
use std::cell::RefCell;

use support::small::small;
use support::{hand, queue};

type Solved = Result<RawSolution, BackendError>;

/// A backend that takes a look after each solve.
struct Watched<'a> {
    backend: StructuredBackend<'a>,
    progress: &'a Progress,
    seen: RefCell<Vec<Seen>>,
}

impl<'a> Watched<'a> {
    fn new(backend: StructuredBackend<'a>, progress: &'a Progress) -> Self {
        let backend = StructuredBackend { progress: Some(progress), ..backend };
        Self { backend, progress, seen: RefCell::default() }
    }

    fn look<T>(&self, solved: T) -> T {
        self.seen.borrow_mut().push(self.progress.seen());
        solved
    }
}

impl Backend for Watched<'_> {
    fn solve(&self, model: &LinearModel, limits: &Limits) -> Solved {
        self.look(self.backend.solve(model, limits))
    }

    fn solve_from(&self, model: &LinearModel, limits: &Limits, start: &[f64]) -> Solved {
        self.look(self.backend.solve_from(model, limits, start))
    }

    fn place_jobs(&self, problem: &Problem, limits: &Limits, earlier: Option<Earlier<'_>>) -> Option<Placed> {
        self.look(self.backend.place_jobs(problem, limits, earlier))
    }

    fn solve_again(&self, model: &LinearModel, limits: &Limits) -> Option<Solved> {
        self.look(self.backend.solve_again(model, limits))
    }

    fn progress(&self) -> Option<&Progress> {
        Some(self.progress)
    }
}

/// Solves a problem watched and not, and compares; what was seen after each solve.
fn watched(name: &str, problem: &Problem, gap: f64, backend: StructuredBackend<'_>) -> Result<Vec<Seen>, SolveError> {
    let limits = Limits { gap, ..Limits::default() };
    let alone: Outcome = solve_with(problem, &limits, &backend)?;
    let progress = Progress::new();
    let watched = Watched::new(backend, &progress);
    let outcome = solve_with(problem, &limits, &watched).unwrap();
    assert!(outcome == alone, "{name}: it is another outcome");
    let last = progress.seen();
    assert_eq!(last.best, Some(outcome.objective), "{name}");
    // A bound is shown as no more than the best.
    assert_eq!(last.bound, Some(outcome.bound.min(outcome.objective)), "{name}");
    assert!((last.gap().unwrap() - outcome.gap.max(0.0)).abs() <= 1e-12, "{name}: {last:?}");
    assert!(!progress.listens(), "{name}");
    let size: f64 = outcome.costs.iter().map(|c| c.amount.abs()).sum::<f64>().max(1.0);
    let seen = watched.seen.into_inner();
    for seen in &seen {
        let proved = seen.bound.is_none_or(|bound| bound <= outcome.objective + 1e-6 * size);
        assert!(proved, "{name}: {seen:?}, and the outcome costs {}", outcome.objective);
        // Where storage is made to choose anew, plans of the round before were none.
        let found = seen.best.is_none_or(|best| best >= outcome.bound - 1e-6 * size);
        assert!(found || !problem.storage.is_empty(), "{name}: {seen:?}, and {} is proved", outcome.bound);
    }
    Ok(seen)
}

#[test]
fn problems_worked_by_hand_and_random_ones_tell_what_holds() {
    for (name, problem, _) in hand::all() {
        watched(&name, &problem, 1e-9, StructuredBackend::default()).unwrap();
    }
    let mut solved = 0;
    for seed in 0..100 {
        let name = format!("small({seed})");
        solved += u32::from(watched(&name, &small(seed), 1e-9, StructuredBackend::default()).is_ok());
    }
    assert!(solved >= 75, "{solved} solved");
}

#[test]
fn a_search_tells_of_plans_and_bounds_before_it_ends() {
    let (mut bests, mut bounds) = (0, 0);
    for (name, problem, _) in hand::all().into_iter().filter(|p| !p.1.jobs.is_empty() || !p.1.runs.is_empty()) {
        let seen = watched(&name, &problem, 1e-9, StructuredBackend::default()).unwrap();
        bests += u32::from(seen.iter().any(|s| s.best.is_some()));
        bounds += u32::from(seen.iter().any(|s| s.bound.is_some()));
    }
    assert!(bests > 0 && bounds > 0, "{bests} told of a plan, {bounds} of a bound");
}

/// By the interior-point method, whose prices prove bounds on the way.
#[test]
fn divisible_work_by_prices_tells_a_bound() {
    let backend = StructuredBackend { columns: 0, ..StructuredBackend::default() };
    let mut told = 0;
    for seed in 0..50 {
        let problem = small(seed);
        if !(problem.jobs.is_empty() && problem.runs.is_empty() && problem.after.is_empty()) {
            continue;
        }
        let Ok(seen) = watched(&format!("small({seed})"), &problem, 1e-9, backend) else { continue };
        told += u32::from(seen.iter().any(|s| s.bound.is_some()));
    }
    assert!(told > 0, "none told a bound");
}

#[test]
fn jobs_by_the_hundred_tell_a_bound_and_better_and_better_plans() {
    let problem = queue(3, 200, 2);
    let backend = StructuredBackend { starts: 1, ..StructuredBackend::default() };
    let seen = watched("queue(3, 200, 2)", &problem, 5e-3, backend).unwrap();
    // After jobs were placed, nothing else having been solved.
    let placed = seen[0];
    assert!(placed.best.is_some() && placed.bound.is_some(), "{placed:?}");
    assert!(placed.gap().is_some_and(|gap| gap < 1.0), "{placed:?}");
}
