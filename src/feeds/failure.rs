//! Why a pass came to nothing, and what that means for the next.

use crate::error::{Fault, Kind};
use reports::received::Refused;
use reports::received::providers;
use std::fmt;
use thiserror::Error;

/// Why nothing was taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Failure {
    /// It passes: nobody answers, or not as documented.
    #[error("{0}")]
    Passing(String),
    /// The provider asks to be left alone for so long.
    #[error("{what}")]
    Later { what: String, wait_s: i64 },
    /// The credential is missing or refused.
    #[error("{0}")]
    Denied(String),
    /// The question is refused, and will be until somebody changes it.
    #[error("{0}")]
    Refused(Refused),
}

impl Failure {
    pub fn denied(what: impl Into<String>) -> Self {
        Self::Denied(what.into())
    }

    pub fn refused(what: impl Into<String>) -> Self {
        Self::Refused(Refused::new(what))
    }

    /// What a feed says of an answer; `ban_s` is how long it wants to be left alone where the answer does not say.
    pub fn from_fault(fault: providers::Fault, ban_s: i64) -> Self {
        match fault {
            providers::Fault::Form(refused) => Self::Passing(refused.to_string()),
            providers::Fault::Later { what, wait_s } => Self::Later { what, wait_s: wait_s.unwrap_or(ban_s).max(0) },
            providers::Fault::Denied(what) => Self::Denied(what),
            providers::Fault::Asked(refused) => Self::Refused(refused),
        }
    }

    /// For people: `place` is who was asked.
    pub fn problem(self, place: impl fmt::Display) -> Fault {
        let (what, kind, hint) = match self {
            Self::Passing(what) => (what, Kind::Unavailable, "nothing was stored; try again later".to_string()),
            Self::Later { what, wait_s } => {
                let hint =
                    format!("the provider asks to wait {wait_s} s; parts already stored are not asked for again");
                (what, Kind::Unavailable, hint)
            }
            Self::Denied(what) => {
                let hint = "set token_env or token_file of the source to a credential that is valid";
                (what, Kind::Input, hint.to_string())
            }
            Self::Refused(Refused { what, hint, .. }) => {
                (what, Kind::Input, hint.unwrap_or_else(|| "check the source in the portfolio".into()))
            }
        };
        Fault::new(what).kind(kind).hint(hint).file(place)
    }
}
