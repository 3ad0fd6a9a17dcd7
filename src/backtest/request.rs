//! What is asked of a backtest, and how far it has come.

use crate::error::Problem;
use reports::time::Interval;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Ways to run the same work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
        match self {
            Self::Asap => "asap",
            Self::LowestIntensity => "lowest-intensity",
            Self::CleanFirst => "clean-first",
            Self::Lp => "lp",
            Self::LpPerfect => "lp-perfect",
        }
    }

    pub fn parse(text: &str) -> Result<Self, Problem> {
        Self::ALL.into_iter().find(|s| s.name() == text).ok_or_else(|| {
            let known = Self::ALL.map(Self::name).join(", ");
            Problem::new(format!("strategy `{text}` is not known")).hint(format!("use one of {known}"))
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
}

/// Decisions made so far, for whoever shows progress.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicUsize,
}

impl Progress {
    pub(super) fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    pub fn done(&self) -> usize {
        self.done.load(Ordering::Relaxed)
    }
}
