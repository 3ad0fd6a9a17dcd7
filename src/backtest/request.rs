//! What is asked of a backtest.

use crate::error::Fault;
use reports::time::Interval;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

/// Ways to run the same work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Strategy {
    Asap,
    LowestIntensity,
    CleanFirst,
    Lp,
    LpPerfect,
}

impl Strategy {
    pub const ALL: [Self; 5] = [Self::Asap, Self::LowestIntensity, Self::CleanFirst, Self::Lp, Self::LpPerfect];
    /// `clean-first` takes as long as `lp` and is asked for by name.
    pub const USUAL: [Self; 4] = [Self::Asap, Self::LowestIntensity, Self::Lp, Self::LpPerfect];

    pub fn name(self) -> &'static str {
        self.into()
    }

    /// What it is, for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Asap => "as submitted",
            Self::LowestIntensity => "lowest intensity",
            Self::CleanFirst => "greedy",
            Self::Lp => "planned",
            Self::LpPerfect => "with foresight",
        }
    }

    /// Whether it plans again and again, rather than once with foresight or not at all.
    pub fn replans(self) -> bool {
        matches!(self, Self::Lp | Self::CleanFirst)
    }

    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::ALL.into_iter().find(|s| s.name() == text).ok_or_else(|| {
            let known = Self::ALL.map(Self::name).join(", ");
            Fault::new(format!("strategy `{text}` is not known")).hint(format!("use one of {known}"))
        })
    }
}

#[derive(Debug, Clone)]
pub struct Request {
    pub period: Interval,
    pub strategies: Vec<Strategy>,
    /// How often plans are made anew, and how far each looks.
    pub every_s: i64,
    pub horizon_s: i64,
    /// Of each decision; none: the clock ends no solve, and the same inputs give the same bytes.
    pub time_limit_s: Option<f64>,
}
