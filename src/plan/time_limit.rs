//! One time limit over all the solves that a plan takes: the solver itself knows no clock. And one flag that ends them
//! when the process is to end, looked at before each solve and by the interior-point method before each iteration; what HiGHS is
//! at then runs on until its own limit, or until the process is gone: its binding takes no callback.

use super::search_log;
use crate::clock::Stopwatch;
use solver::{
    Backend, BackendError, Earlier, HighsBackend, Limits, LinearModel, Outcome, Placed, Problem, Progress, RawSolution,
    Reason, SolveError, StructuredBackend,
};
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, Ordering};

/// Part of what is left that one search for integers may take: others may have to follow it.
const SEARCH: f64 = 0.75;
/// Part of that in which jobs are priced, before they are searched from the prices.
const PRICING: f64 = 0.65;
/// What no search is left without, and no linear solve: parts of the limit. A plan that was found is of no use
/// without the linear solve that prices it.
const LEAST_SEARCH: f64 = 0.02;
const LEAST_LINEAR: f64 = 0.25;

/// Set once, when nobody waits for plans any more.
static STOPPED: AtomicBool = AtomicBool::new(false);

/// Ends what is being solved with a time limit, in this process: nobody waits for it any more.
pub fn stop() {
    STOPPED.store(true, Ordering::Relaxed);
}

/// What a plan that was stopped unwinds with; no panic is reported for it.
#[derive(Debug)]
pub struct Stopped;

/// Whoever looks on while a plan is solved, if anybody does.
pub type Told = Option<&'static Progress>;

/// A time limit that several solves share, one after another or side by side.
#[derive(Debug, Clone, Copy)]
pub struct Shared {
    watch: Stopwatch,
    /// None: solves end by themselves.
    seconds: Option<f64>,
}

impl Shared {
    pub fn start(seconds: Option<f64>) -> Self {
        Self { watch: Stopwatch::start(), seconds }
    }

    /// The limits of the next of so many solves that are still to come one after another; none where no time is left.
    pub fn next_of(self, count: usize, limits: &Limits) -> Option<Limits> {
        let Some(all) = self.seconds else { return Some(*limits) };
        let left = all - self.watch.seconds();
        (left > 0.0).then(|| Limits { seconds: Some(left / count.max(1) as f64), ..*limits })
    }
}

/// Solves within `limits.seconds` in all, as nearly as a solver can be stopped.
pub fn solve(problem: &Problem, limits: &Limits, told: Told) -> Result<Outcome, SolveError> {
    solver::solve_with(problem, limits, &*backend(limits, told))
}

/// The same from the plan of a problem that is changed a little, where many jobs are placed.
pub fn solve_from(problem: &Problem, limits: &Limits, plan: &Outcome, told: Told) -> Result<Outcome, SolveError> {
    let plan = plan.searched.is_some().then_some(plan);
    solver::solve_from(problem, limits, &*backend(limits, told), plan)
}

/// A backend whose solves, from now on, end within `limits.seconds` in all.
pub fn backend(limits: &Limits, told: Told) -> Box<dyn Backend> {
    match (limits.seconds, told) {
        (None, None) => Box::new(StructuredBackend::default()),
        (seconds, told) => Box::new(Watched { watch: Stopwatch::start(), seconds, stopped: &STOPPED, told }),
    }
}

struct Watched {
    watch: Stopwatch,
    /// None: solves end by themselves, and are watched.
    seconds: Option<f64>,
    stopped: &'static AtomicBool,
    told: Told,
}

impl Watched {
    /// Back to where the plan was asked for, once it is stopped: whatever else it takes would be computed for nobody.
    fn unless_stopped(&self) {
        if self.stopped.load(Ordering::Relaxed) {
            resume_unwind(Box::new(Stopped));
        }
    }

    /// Whether so many seconds, counted from now, are over.
    fn over_in(&self, seconds: Option<f64>) -> impl Fn() -> bool + Sync {
        let until = seconds.map(|seconds| self.watch.seconds() + seconds);
        move || self.stopped.load(Ordering::Relaxed) || until.is_some_and(|until| self.watch.seconds() >= until)
    }

    fn limits(&self, model: &LinearModel, limits: &Limits) -> Limits {
        self.unless_stopped();
        let Some(all) = self.seconds else { return *limits };
        let left = (all - self.watch.seconds()).max(0.0);
        let seconds =
            if model.has_integers() { (SEARCH * left).max(LEAST_SEARCH * all) } else { left.max(LEAST_LINEAR * all) };
        Limits { seconds: Some(seconds), ..*limits }
    }

    fn by_highs(
        &self,
        model: &LinearModel,
        limits: &Limits,
        start: Option<&[f64]>,
    ) -> Result<RawSolution, BackendError> {
        let limits = self.limits(model, limits);
        match (self.told.filter(|told| told.listens()), start) {
            (Some(told), _) if model.has_integers() => search_log::solve(model, &limits, start, told),
            (_, Some(start)) => HighsBackend.solve_from(model, &limits, start),
            (_, None) => HighsBackend.solve(model, &limits),
        }
    }
}

impl Backend for Watched {
    fn solve(&self, model: &LinearModel, limits: &Limits) -> Result<RawSolution, BackendError> {
        let left = self.limits(model, limits);
        let over = self.over_in(left.seconds);
        let pieces = StructuredBackend { over: Some(&over), progress: self.told, ..StructuredBackend::default() };
        let solved = pieces.solve_large(model, &left);
        self.unless_stopped();
        // What is left is counted anew: the interior-point method may have tried in vain.
        solved.map_or_else(|| self.by_highs(model, limits, None), Ok)
    }

    fn solve_from(&self, model: &LinearModel, limits: &Limits, start: &[f64]) -> Result<RawSolution, BackendError> {
        if model.has_integers() {
            return self.by_highs(model, limits, Some(start));
        }
        self.solve(model, limits)
    }

    fn place_jobs(&self, problem: &Problem, limits: &Limits, earlier: Option<Earlier<'_>>) -> Option<Placed> {
        self.unless_stopped();
        let left = self.seconds.map(|all| SEARCH * (all - self.watch.seconds()).max(0.0));
        let (over, soon) = (self.over_in(left), self.over_in(left.map(|left| PRICING * left)));
        let watched = StructuredBackend { progress: self.told, ..StructuredBackend::default() };
        let pieces = StructuredBackend { over: Some(&over), soon: Some(&soon), ..watched };
        let placed = pieces.place_jobs(problem, limits, earlier);
        self.unless_stopped();
        placed
    }

    fn solve_again(&self, model: &LinearModel, limits: &Limits) -> Option<Result<RawSolution, BackendError>> {
        StructuredBackend::default().solve_again(model, &self.limits(model, limits))
    }

    fn plain(&self, problem: &Problem, model: &LinearModel) -> Option<Reason> {
        StructuredBackend::default().plain(problem, model)
    }

    fn progress(&self) -> Option<&Progress> {
        self.told
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    #[test]
    fn solves_share_a_time_limit_evenly_until_it_is_over() {
        let limits = Limits { seconds: Some(9.0), ..Limits::default() };
        let seconds = |all: f64, count: usize| Shared::start(Some(all)).next_of(count, &limits).and_then(|l| l.seconds);
        assert!(seconds(100.0, 4).is_some_and(|seconds| seconds > 20.0 && seconds <= 25.0));
        assert!(seconds(100.0, 0).is_some_and(|seconds| seconds > 90.0));
        assert_eq!(seconds(0.0, 1), None);
        // Without a limit, solves keep their own.
        assert_eq!(Shared::start(None).next_of(2, &limits), Some(limits));
    }

    #[test]
    fn a_plan_that_nobody_waits_for_ends_before_its_next_solve() {
        static STOPPED_HERE: AtomicBool = AtomicBool::new(false);
        let limited = Watched { watch: Stopwatch::start(), seconds: Some(60.0), stopped: &STOPPED_HERE, told: None };
        limited.unless_stopped();
        STOPPED_HERE.store(true, Ordering::Relaxed);
        let ended = catch_unwind(AssertUnwindSafe(|| limited.unless_stopped()));
        assert!(ended.is_err_and(|payload| payload.is::<Stopped>()));
    }
}
