//! Why there is no solution to read: where a plan without a solver begins.

use crate::model::RawStatus;
use crate::outcome::{Reason, Status, codes, reason};

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
    /// The backend proved that there is none.
    pub infeasible: bool,
}

impl Stopped {
    pub fn new(status: Status, code: &'static str, why: impl Into<String>) -> Stopped {
        Stopped { status, code, why: why.into(), bound: f64::NEG_INFINITY, duals: Vec::new(), infeasible: false }
    }

    pub fn refused(why: String) -> Stopped {
        Stopped::new(Status::Greedy, codes::BACKEND_REFUSED, why)
    }

    pub fn reason(&self) -> Reason {
        reason(self.code, "plan", (0.0, ""), self.why.clone())
    }

    /// None where the backend's status is a solution.
    pub fn from_status(status: &RawStatus) -> Option<Stopped> {
        match status {
            RawStatus::Optimal => None,
            RawStatus::IterationLimit => {
                Some(Stopped::new(Status::Greedy, codes::ITERATION_LIMIT, "the iteration limit ended the solve"))
            }
            RawStatus::TimeLimit => {
                Some(Stopped::new(Status::TimeLimit, codes::TIME_LIMIT, "the time limit ended the solve"))
            }
            RawStatus::Infeasible => {
                let why = "the solver ended with Infeasible".to_string();
                Some(Stopped { infeasible: true, ..Stopped::refused(why) })
            }
            RawStatus::Other(status) => Some(Stopped::refused(format!("the solver ended with {status}"))),
        }
    }

    /// A bound that was proved before it was stopped.
    pub fn proved(self, bound: f64) -> Stopped {
        let bound = if bound.is_finite() { self.bound.max(bound) } else { self.bound };
        Stopped { bound, ..self }
    }
}
