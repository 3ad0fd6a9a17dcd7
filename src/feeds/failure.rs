//! Why a pass came to nothing, and what that means for the next.

use crate::error::{Fault, Kind};
use reports::received::Refused;
use reports::received::providers;
use std::fmt;

/// Why nothing was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// It passes: nobody answers, or not as documented.
    Passing(String),
    /// The provider asks to be left alone for so long.
    Later { what: String, wait_s: i64 },
    /// The credential is missing or refused.
    Denied(String),
    /// The question is refused, and will be until somebody changes it.
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
    pub fn of(fault: providers::Fault, ban_s: i64) -> Self {
        match fault {
            providers::Fault::Form(refused) => Self::Passing(refused.to_string()),
            providers::Fault::Later { what, wait_s } => Self::Later { what, wait_s: wait_s.unwrap_or(ban_s).max(0) },
            providers::Fault::Denied(what) => Self::Denied(what),
            providers::Fault::Asked(refused) => Self::Refused(refused),
        }
    }

    /// For people: `place` is who was asked.
    pub fn problem(self, place: impl fmt::Display) -> Fault {
        let hint = |what: String, kind: Kind, hint: &str| Fault::new(what).kind(kind).hint(hint);
        let problem = match self {
            Self::Passing(what) => hint(what, Kind::Unavailable, "nothing was stored; try again later"),
            Self::Later { what, wait_s } => {
                let again =
                    format!("the provider asks to wait {wait_s} s; parts already stored are not asked for again");
                hint(what, Kind::Unavailable, &again)
            }
            Self::Denied(what) => {
                hint(what, Kind::Input, "set token_env or token_file of the source to a credential that is valid")
            }
            Self::Refused(Refused { what, hint: own, .. }) => {
                hint(what, Kind::Input, own.as_deref().unwrap_or("check the source in the portfolio"))
            }
        };
        problem.file(place)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passing(what) | Self::Later { what, .. } | Self::Denied(what) => f.write_str(what),
            Self::Refused(refused) => write!(f, "{refused}"),
        }
    }
}
