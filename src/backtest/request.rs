//! What is asked of a backtest.

use crate::plan;
use reports::time::{Instant, Interval};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantNames};

/// Ways to run the same work.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, EnumString, IntoStaticStr, VariantNames,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum Strategy {
    Asap,
    LowestIntensity,
    CleanFirst,
    Lp,
    LpPerfect,
}

impl Strategy {
    /// `clean-first` takes as long as `lp` and is asked for by name.
    pub const USUAL: [Self; 4] = [Self::Asap, Self::LowestIntensity, Self::Lp, Self::LpPerfect];

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
}

#[derive(Debug, Clone, Serialize)]
pub struct Request {
    pub period: Interval,
    pub strategies: Vec<Strategy>,
    /// How often plans are made anew, and how far each looks.
    pub every_s: i64,
    pub horizon_s: i64,
    /// Of each decision; none: the clock ends no solve, and the same inputs give the same bytes.
    pub time_limit_s: Option<f64>,
}

impl Request {
    /// What is asked of each plan, whenever it is made. Without a time limit branch and bound could take a minute a decision on a
    /// hundred jobs: they are searched alone.
    pub fn of_each_plan(&self) -> plan::Request {
        plan::Request {
            time_limit_s: self.time_limit_s,
            search_alone: self.time_limit_s.is_none(),
            ..plan::Request::new(Instant::FIRST, 0)
        }
    }
}
