//! Strategies that place the same work, so that a plan can be compared with the baseline.

use super::candidates::{self, Solved};
use super::problem::Stated;
use super::time_limit::Told;
use solver::{Limits, Outcome, PreviousPlan, Problem, Progress, SolveError, Status};
use strum::{EnumString, IntoStaticStr, VariantNames};

#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "kebab-case")]
pub enum Strategy {
    /// Everything at once, to a stated bound.
    Lp,
    /// Greedy: each piece of work into the cleanest room left.
    CleanFirst,
    /// The work as submitted: every piece of work as early as it can run.
    Asap,
}

impl Strategy {
    pub fn name(self) -> &'static str {
        self.into()
    }

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
