//! Strategies that place the same work, so that a plan can be compared with the baseline.

pub mod asap;
pub mod clean_first;
pub mod lp;

use crate::error::Fault;
use crate::plan::candidates::Choice;
use crate::plan::problem::Stated;
use crate::plan::time_limit::Told;
use solver::{Limits, Outcome, PreviousPlan, Progress, SolveError};
use strum::IntoStaticStr;

#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Strategy {
    Lp,
    CleanFirst,
    Asap,
}

impl Strategy {
    pub const ALL: [Self; 3] = [Self::Lp, Self::CleanFirst, Self::Asap];

    pub fn name(self) -> &'static str {
        self.into()
    }

    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::ALL.into_iter().find(|s| s.name() == text).ok_or_else(|| {
            let known = Self::ALL.map(Self::name).join(", ");
            Fault::new(format!("strategy `{text}` is not known")).hint(format!("use one of {known}"))
        })
    }

    /// The decisions, and what there was to choose from where `lp` was cut short: an earlier plan is of use to it alone.
    pub fn run(
        self,
        stated: &Stated,
        limits: &Limits,
        earlier: Option<&PreviousPlan>,
        told: Told,
    ) -> Result<(Outcome, Option<Choice>), SolveError> {
        told.into_iter().for_each(Progress::begin);
        match self {
            Self::Lp => lp::run(&stated.problem, limits, earlier, told),
            Self::CleanFirst => Ok((clean_first::run(&stated.without_expected())?, None)),
            Self::Asap => Ok((asap::run(&stated.without_expected())?, None)),
        }
    }
}
