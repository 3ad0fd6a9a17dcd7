//! Divisible work by the thousand goes to the interior-point method, jobs that run in one go by the thousand to a search
//! from its prices, all else to HiGHS.

use super::again;
use super::backend::{Answer, Backend, Earlier, Limits, OPTIMAL_GAP, Placed};
use super::gangs::{self, Clocks};
use super::highs::HighsBackend;
use super::plain::{Large, plain};
use crate::interior::{self, Eliminate, Until};
use crate::model::rules::pins;
use crate::model::{LinearModel, RawSolution, RawStatus, Terms, keeps};
use crate::outcome::Reason;
use crate::problem::Problem;
use crate::progress::Progress;

/// Columns from which the interior-point method is the faster one.
const MANY: usize = 60_000;

/// Columns from which it may be. It is asked at once where an iteration takes at most `LIGHT` operations. Elsewhere simplex is asked
/// first, for `FIRST` iterations: it takes less than a second for some models of this size and twenty times as long for others.
const SOME: usize = 20_000;
const LIGHT: f64 = 1e9;
const FIRST: u64 = 13_000;

/// Below so many columns simplex is the faster one where an iteration of the method takes more operations than this: where
/// many sites are tied together.
const LARGE: usize = 150_000;
const HEAVY: f64 = 5e9;

/// The interior-point method where a model is large and has that shape, HiGHS otherwise.
#[derive(Clone, Copy)]
pub struct StructuredBackend<'a> {
    /// Columns from which a model is large.
    pub columns: usize,
    /// Starts of jobs from which they are many.
    pub starts: usize,
    /// Whether time is up: asked by the interior-point method, which has no clock. HiGHS keeps `Limits::seconds` itself.
    pub over: Option<&'a (dyn Fn() -> bool + Sync)>,
    /// Whether so much of it is up that jobs are searched from the prices there are. None: never before it is.
    pub soon: Option<&'a (dyn Fn() -> bool + Sync)>,
    /// What the interior-point method eliminates first.
    pub eliminate: Eliminate,
    /// Where to tell how far a solve is.
    pub progress: Option<&'a Progress>,
}

impl Default for StructuredBackend<'_> {
    fn default() -> Self {
        StructuredBackend {
            columns: MANY,
            starts: gangs::MANY,
            over: None,
            soon: None,
            eliminate: Eliminate::Cheaper,
            progress: None,
        }
    }
}

impl StructuredBackend<'_> {
    /// The interior-point method alone, whatever the size. None where a model is not of pieces of work, and where the
    /// method gives up or its answer breaks a row.
    pub fn solve_interior(&self, model: &LinearModel, limits: &Limits) -> Option<RawSolution> {
        let until = Until { gap: limits.gap, iterations: limits.iterations, over: self.over, told: self.progress };
        // A limit leaves prices and no plan.
        interior::solve(model, self.eliminate, until).filter(|raw| raw.x.is_empty() || keeps(model, &raw.x).is_ok())
    }

    /// The same where a model is large enough and nothing in it runs in one go: rounding needs a vertex of such a
    /// relaxation. Where it is just large enough and takes some effort, simplex may be done first.
    pub fn solve_large(&self, model: &LinearModel, limits: &Limits) -> Option<RawSolution> {
        if !self.takes(model) {
            return None;
        }
        let effort = interior::effort(model);
        if model.columns.len() < self.columns && effort > LIGHT {
            let few = limits.iterations.map_or(FIRST, |most| most.min(FIRST));
            let raw = HighsBackend.solve(model, &Limits { iterations: Some(few), ..*limits }).ok()?;
            if raw.status != RawStatus::IterationLimit || limits.iterations == Some(few) {
                return Some(raw);
            }
        }
        if model.columns.len() < LARGE.min(self.columns) && effort > HEAVY {
            return None;
        }
        // Where simplex would end at the optimum, so does the method if it can. Where simplex would take hours, an optimum
        // to fewer digits than asked for is the better answer.
        let (asked, optimal) = (limits.gap, 0.5 * OPTIMAL_GAP);
        let small = model.columns.len() < self.columns;
        let (first, then) = if small { (asked.min(optimal), asked) } else { (asked, asked.max(optimal)) };
        let within = |gap: f64| self.solve_interior(model, &Limits { gap, ..*limits });
        within(first).or_else(|| (then > first).then(|| within(then)).flatten())
    }

    fn takes(&self, model: &LinearModel) -> bool {
        let divisible = model.keys.jobs.is_empty() && model.keys.runs.is_empty() && !model.has_integers();
        divisible && model.columns.len() >= SOME.min(self.columns)
    }
}

impl Backend for StructuredBackend<'_> {
    fn solve(&self, model: &LinearModel, limits: &Limits) -> Answer {
        self.solve_large(model, limits).map_or_else(|| HighsBackend.solve(model, limits), Ok)
    }

    fn solve_from(&self, model: &LinearModel, limits: &Limits, start: &[f64]) -> Answer {
        if model.has_integers() { HighsBackend.solve_from(model, limits, start) } else { self.solve(model, limits) }
    }

    fn place_jobs(&self, problem: &Problem, limits: &Limits, earlier: Option<Earlier<'_>>) -> Option<Placed> {
        let many = gangs::takes(problem, self.starts);
        // Training beside few jobs is left to branch and bound.
        if !many && (self.starts < gangs::SOME || !problem.runs.is_empty() || !gangs::takes(problem, gangs::SOME)) {
            return None;
        }
        let few = !many && !limits.search_alone;
        let clocks = Clocks { relaxing: self.soon.or(self.over), all: self.over };
        let terms = Terms::new(problem);
        let earlier = earlier.filter(|_| !few && again::takes(problem));
        if let Some(earlier) = earlier.filter(|earlier| !earlier.left_by_short)
            && let Some(placed) = again::place(problem, &terms, limits, (earlier, clocks, self.progress))
        {
            return Some(placed);
        }
        // A whole search knows no pins of starts.
        if pins::of_starts(problem) {
            return None;
        }
        let placed = gangs::place(problem, &terms, limits, (earlier, clocks, self.progress))?;
        Some(Placed { few, ..placed })
    }

    fn solve_again(&self, model: &LinearModel, limits: &Limits) -> Option<Answer> {
        self.takes(model).then(|| HighsBackend.solve(model, limits))
    }

    fn plain(&self, problem: &Problem, model: &LinearModel) -> Option<Reason> {
        plain(problem, model, Large { columns: self.columns, starts: self.starts })
    }

    fn progress(&self) -> Option<&Progress> {
        self.progress
    }
}
