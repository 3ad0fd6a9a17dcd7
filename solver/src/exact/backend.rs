//! Who solves the model. A backend's word is a claim until certified.

use crate::gangs::Relaxed;
use crate::heuristic::Stopped;
use crate::model::{LinearModel, RawSolution};
use crate::outcome::{JobOutcome, Reason, RunOutcome};
use crate::problem::Problem;
use crate::progress::{Progress, Says};
use thiserror::Error;

/// A gap below this counts as none: such a plan is optimal.
pub(super) const OPTIMAL_GAP: f64 = 1e-6;

/// What ends a solve. Iterations and nodes repeat on every machine; seconds do not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    pub iterations: Option<u64>,
    pub seconds: Option<f64>,
    /// Relative gap at which a search over integers, or the interior-point method, stops.
    pub gap: f64,
    /// Nodes of branch and bound.
    pub nodes: Option<u64>,
    /// Only the cost is asked for: any of the plans that cost the same will do, and none where time is too short.
    pub only_cost: bool,
    /// Jobs that can be searched from prices are not branched on, however few: what is left of the gap then stays.
    pub search_alone: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { iterations: None, seconds: None, gap: 1e-4, nodes: None, only_cost: false, search_alone: false }
    }
}

/// Where jobs and training stand in a plan that is about as good as a whole search makes it, so that a short one may do.
#[derive(Debug, Clone, Copy)]
pub struct Earlier<'a> {
    pub jobs: &'a [JobOutcome],
    pub runs: &'a [RunOutcome],
    /// The gap within which they may stay.
    pub allowed: f64,
    /// A short search has left them there: they stay if they are within that of the bound of a whole one, else all are searched.
    pub left_by_short: bool,
}

/// Jobs placed all at once, and what no plan can cost less than.
#[derive(Debug)]
pub struct Placed {
    pub(super) jobs: Vec<JobOutcome>,
    pub(super) runs: Vec<RunOutcome>,
    pub(super) bound: f64,
    /// The same without branching.
    pub(super) relaxed_bound: f64,
    pub(super) iterations: u64,
    pub(super) stopped: Option<Stopped>,
    /// By a short search, from where they stood, and no whole one.
    pub(super) again: bool,
    /// So few that branch and bound may come nearer, from here.
    pub(super) few: bool,
}

impl Placed {
    /// What a relaxation says of it: nothing is placed yet.
    pub(super) fn of(relaxed: &Relaxed) -> Placed {
        Placed {
            jobs: Vec::new(),
            runs: Vec::new(),
            bound: relaxed.bound.max(relaxed.least),
            relaxed_bound: relaxed.proved.max(relaxed.least),
            iterations: relaxed.iterations,
            stopped: None,
            again: false,
            few: false,
        }
    }
}

/// What a backend says of a model.
pub type Answer = Result<RawSolution, BackendError>;

pub trait Backend {
    fn solve(&self, model: &LinearModel, limits: &Limits) -> Answer;

    /// The same from a plan that is known to be feasible, where the backend can use one.
    fn solve_from(&self, model: &LinearModel, limits: &Limits, _start: &[f64]) -> Answer {
        self.solve(model, limits)
    }

    /// Many jobs that run in one go placed all at once; none where the backend leaves them to branch and bound.
    fn place_jobs(&self, _problem: &Problem, _limits: &Limits, _earlier: Option<Earlier<'_>>) -> Option<Placed> {
        None
    }

    /// Another answer where one was refused, if there is another way to solve.
    fn solve_again(&self, _model: &LinearModel, _limits: &Limits) -> Option<Answer> {
        None
    }

    /// Why a large problem is solved as one plain model, where a faster method does not carry it.
    fn plain(&self, _problem: &Problem, _model: &LinearModel) -> Option<Reason> {
        None
    }

    /// Where to tell how far a solve is; none where nobody looks on.
    fn progress(&self) -> Option<&Progress> {
        None
    }
}

/// Tells whoever looks on.
pub(super) fn tell(backend: &dyn Backend, what: impl FnOnce(&Progress)) {
    if let Some(progress) = backend.progress() {
        what(progress);
    }
}

/// The same while something is solved that says so much.
pub(super) fn telling<T>(backend: &dyn Backend, says: Says, solve: impl FnOnce() -> T) -> T {
    tell(backend, |progress| progress.says(says));
    let solved = solve();
    tell(backend, |progress| progress.says(Says::Nothing));
    solved
}

#[derive(Debug, Clone, PartialEq, Error)]
pub enum BackendError {
    #[error("{what} is not a number the solver can be given")]
    NotFinite { what: String },
    #[error("the solver refused the model: {0}")]
    Refused(String),
    #[error("the solver refused option {0}")]
    Option(&'static str),
}
