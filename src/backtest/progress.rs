//! The progress of a backtest: to show it, to interrupt it and to continue.

use super::common::{Ran, Request, Stage, Strategy};
use super::report::{self, Backtest};
use super::unplanned::as_submitted;
use crate::clock::Stopwatch;
use crate::plan::time_limit::Told;
use crate::portfolio::Portfolio;
use crate::store::Store;
use reports::time::Interval;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A state is copied no more often than this: decisions of a small portfolio take milliseconds.
const LEAST_APART_S: f64 = 1.0;

/// A strategy under way: its state after a decision, which is all that the next one needs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Checkpoint {
    pub strategy: Strategy,
    /// Steps of the period carried out.
    pub steps: usize,
    pub ran: Ran,
    /// Prices of the last plan.
    pub price_by_hour: Vec<f64>,
    /// What the last whole search for many jobs ended with, where plans go back to one.
    #[serde(default)]
    pub searched_gap: Option<f64>,
}

/// What has been computed, as a run that was interrupted leaves it to the next.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Kept {
    pub finished: BTreeMap<Strategy, Ran>,
    pub under_way: Option<Checkpoint>,
}

impl Kept {
    /// Decisions in it of the strategies that plan again and again.
    pub fn decisions(&self) -> usize {
        let finished = self.finished.iter().filter(|(strategy, _)| strategy.replans()).map(|(_, ran)| ran);
        finished.chain(self.under_way.iter().map(|at| &at.ran)).map(|ran| ran.tally.decisions).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.finished.is_empty() && self.under_way.is_none()
    }
}

#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicUsize,
    /// With the time of the last checkpoint.
    kept: Mutex<(Kept, Option<Stopwatch>)>,
    /// Who looks on while a decision is made.
    pub told: Told,
}

impl Progress {
    /// Goes on from what a run before has left.
    pub fn from(kept: Kept, told: Told) -> Self {
        Self { done: AtomicUsize::new(kept.decisions()), kept: Mutex::new((kept, None)), told }
    }

    /// Decisions made, of all strategies that plan again and again.
    pub fn done(&self) -> usize {
        self.done.load(Ordering::Relaxed)
    }

    pub fn kept(&self) -> Kept {
        self.lock().0.clone()
    }

    pub(super) fn finished(&self, strategy: Strategy) -> Option<Ran> {
        self.lock().0.finished.get(&strategy).cloned()
    }

    pub(super) fn under_way(&self, strategy: Strategy) -> Option<Checkpoint> {
        self.lock().0.under_way.clone().filter(|at| at.strategy == strategy)
    }

    /// A decision was made, after which the state is what `checkpoint` says.
    pub(super) fn decided(&self, checkpoint: impl FnOnce() -> Checkpoint) {
        self.done.fetch_add(1, Ordering::Relaxed);
        let mut kept = self.lock();
        if kept.1.as_ref().is_none_or(|last| last.seconds() >= LEAST_APART_S) {
            *kept = (Kept { under_way: Some(checkpoint()), ..std::mem::take(&mut kept.0) }, Some(Stopwatch::start()));
        }
    }

    pub(super) fn finish(&self, strategy: Strategy, ran: &Ran) {
        let mut kept = self.lock();
        kept.0.finished.insert(strategy, ran.clone());
        kept.0.under_way.take_if(|at| at.strategy == strategy);
    }

    fn lock(&self) -> MutexGuard<'_, (Kept, Option<Stopwatch>)> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The strategy under way, or the last one done, beside the work as submitted, over the part of the period that it has
/// come to. None before the first decision.
///
/// # Errors
/// Where that part cannot be measured.
pub async fn so_far(
    store: &Store,
    portfolio: &Portfolio,
    request: &Request,
    kept: &Kept,
) -> anyhow::Result<Option<Backtest>> {
    let all = request.period.duration_s().div_euclid(portfolio.resolution().seconds());
    let whole = kept.finished.iter().rfind(|(strategy, _)| strategy.replans());
    let whole = whole.map(|(strategy, ran)| (*strategy, all, ran));
    let under_way = kept.under_way.as_ref().map(|at| (at.strategy, at.steps as i64, &at.ran));
    let Some((strategy, steps, ran)) = under_way.or(whole) else { return Ok(None) };
    let end = request.period.start + steps * portfolio.resolution().seconds();
    let until = Request { period: Interval { end, ..request.period }, ..request.clone() };
    let stage = Stage::load(store, portfolio, &until).await?;
    let ran = vec![(Strategy::Asap, as_submitted(&stage)), (strategy, ran.clone().until(&stage).close(&stage))];
    Ok(Some(Backtest { complete: false, ..report::compile(&stage, &until, ran)? }))
}
