//! Who solves the model. A backend's word is a claim until certified.

use super::limits::Limits;
use super::placed::Placed;
use crate::model::{LinearModel, RawSolution};
use crate::problem::Problem;
use crate::progress::Progress;
use thiserror::Error;

pub trait Backend {
    fn solve(&self, model: &LinearModel, limits: &Limits) -> Result<RawSolution, BackendError>;

    /// The same from a plan that is known to be feasible, where the backend can use one.
    fn solve_from(&self, model: &LinearModel, limits: &Limits, _start: &[f64]) -> Result<RawSolution, BackendError> {
        self.solve(model, limits)
    }

    /// Many jobs that run in one go placed all at once; none where the backend leaves them to branch and bound.
    fn place_jobs(&self, _problem: &Problem, _limits: &Limits) -> Option<Placed> {
        None
    }

    /// Another answer where one was refused, if there is another way to solve.
    fn solve_again(&self, _model: &LinearModel, _limits: &Limits) -> Option<Result<RawSolution, BackendError>> {
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

#[derive(Debug, Clone, PartialEq, Error)]
pub enum BackendError {
    #[error("{what} is not a number the solver can be given")]
    NotFinite { what: String },
    #[error("the solver refused the model: {0}")]
    Refused(String),
    #[error("the solver refused option {0}")]
    Option(&'static str),
}
