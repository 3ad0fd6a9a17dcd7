//! What is asked of a plan, and the strategies that place the same work, so that it can be compared with the baseline.

use super::candidates::{self, Solved};
use super::common::{Instant, Limits, Outcome, PreviousPlan, Problem, Progress, SolveError, Status};
use super::problem::Stated;
use super::time_limit::Told;
use strum::{EnumString, IntoStaticStr, VariantNames};

/// Part of the time limit that the plan itself has where values are asked for.
const BESIDE_VALUES: f64 = 0.6;

#[derive(Debug, Clone, Copy)]
pub struct Request {
    pub now: Instant,
    /// Plans from the step that holds it. None: from the first that has not begun at `now`.
    pub start: Option<Instant>,
    pub horizon_s: i64,
    pub strategy: Strategy,
    /// None: the clock ends no solve, and the same inputs give the same bytes.
    pub time_limit_s: Option<f64>,
    pub iteration_limit: Option<u64>,
    /// Relative gap at which integers are good enough.
    pub gap: f64,
    /// Whether to say what a MW more would be worth; none: where that is quick.
    pub values: Option<bool>,
    /// Whether jobs are searched from prices and not branched on, however few.
    pub search_alone: bool,
    /// Who looks on; the plan is the same.
    pub told: Told,
}

impl Request {
    pub fn new(now: Instant, horizon_s: i64) -> Self {
        Self {
            now,
            start: None,
            horizon_s,
            strategy: Strategy::Lp,
            time_limit_s: None,
            iteration_limit: None,
            gap: 1e-4,
            values: None,
            search_alone: false,
            told: None,
        }
    }

    pub(super) fn limits(&self) -> Limits {
        Limits {
            iterations: self.iteration_limit,
            seconds: self.time_limit_s.map(|all| if self.values == Some(true) { BESIDE_VALUES * all } else { all }),
            gap: self.gap,
            search_alone: self.search_alone,
            ..Limits::default()
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum Strategy {
    /// Everything at once, to a stated bound.
    Lp,
    /// Greedy: each piece of work into the cleanest room left.
    CleanFirst,
    /// The work as submitted: every piece of work as early as it can run.
    Asap,
}

impl Strategy {
    /// The decisions; an earlier plan is of use to `lp` alone.
    pub fn run(self, stated: &Stated, limits: &Limits, earlier: Option<&PreviousPlan>, told: Told) -> Solved {
        told.into_iter().for_each(Progress::begin);
        match self {
            Self::Lp => candidates::solve(&stated.problem, limits, earlier, told),
            Self::CleanFirst => Ok((solver::greedy(&stated.without_expected())?, None)),
            Self::Asap => Ok((asap(&stated.without_expected())?, None)),
        }
    }
}

/// The bound and the prices are those of the greedy relaxation: `asap` has none of its own.
fn asap(model: &Problem) -> Result<Outcome, SolveError> {
    let greedy = solver::greedy(model)?;
    let mut outcome = solver::baseline(model)?;
    outcome.status = Status::Feasible;
    outcome.bound = greedy.bound.min(outcome.objective);
    outcome.relaxed_bound = outcome.bound;
    outcome.gap = ((outcome.objective - outcome.bound) / outcome.objective.abs().max(1.0)).max(0.0);
    outcome.prices = greedy.prices;
    Ok(outcome)
}
