//! Replays a stored period hour by hour; each strategy sees only what was known then.
//!
//! `stage` holds what happened, `ran` what a strategy has run. `replan` makes plans as they would have been made, and
//! `planner` has `execute` run their first steps. `unplanned` and `foresight` hold the strategies to compare with;
//! `measure` scores what ran by the rules of the audit, and `report` and `page` show it.

mod charts;
mod common;
mod execute;
mod foresight;
mod key;
mod measure;
mod page;
mod planner;
mod progress;
mod ran;
mod replan;
mod report;
mod request;
mod stage;
mod unplanned;

pub use key::key;
pub use page::page;
pub use progress::{Kept, Progress, so_far};
pub use report::{Backtest, StrategyResult};
pub use request::{Request, Strategy};
pub use stage::Stage;

use crate::error::{Fault, Kind};
use crate::portfolio::Portfolio;
use crate::store::Store;
use ran::Ran;
use reports::definitions::too_much;

/// Decisions there will be.
pub fn decisions(request: &Request) -> usize {
    let each = (request.period.duration_s() / request.every_s.max(1)) as usize;
    each * wanted(request).iter().filter(|s| s.replans()).count()
}

/// With the baseline and foresight beside whatever was asked for: a gain is kept of their difference.
fn wanted(request: &Request) -> Vec<Strategy> {
    let mut wanted = request.strategies.clone();
    wanted.extend([Strategy::Asap, Strategy::LpPerfect]);
    wanted.sort();
    wanted.dedup();
    wanted
}

/// Whether a period is run again at all: it is as long and as wide as a report may be, and plans of it end by 9999.
///
/// # Errors
/// With the numbers it comes to.
pub fn check(portfolio: &Portfolio, request: &Request) -> Result<(), Fault> {
    let steps = request.period.duration_s().div_euclid(portfolio.resolution().seconds());
    if let Some(what) = too_much(&portfolio.definitions, usize::try_from(steps).unwrap_or(usize::MAX)) {
        return Err(Fault::new(what).hint("run a shorter period again"));
    }
    let end = request.period.end + request.horizon_s;
    let refused =
        |error| Fault::new(format!("the last plan would end then: {error}")).hint("run an earlier period again");
    end.in_range(&end.to_string()).map(|_| ()).map_err(refused)
}

pub async fn run(
    store: &Store,
    portfolio: &Portfolio,
    request: &Request,
    progress: &Progress,
) -> anyhow::Result<Backtest> {
    let stage = Stage::load(store, portfolio, request).await?;
    let wanted = wanted(request);
    // Two at a time: what plans hour by hour, and what is quick.
    let (slow, quick): (Vec<Strategy>, Vec<Strategy>) = wanted.into_iter().partition(|s| s.replans());
    let all = |strategies: &[Strategy]| -> anyhow::Result<Vec<(Strategy, Ran)>> {
        strategies.iter().map(|s| Ok((*s, one(&stage, *s, request, progress)?))).collect()
    };
    let (slow, quick) = tokio::task::block_in_place(|| {
        std::thread::scope(|scope| {
            let slow = scope.spawn(|| all(&slow));
            let quick = all(&quick);
            (slow.join(), quick)
        })
    });
    let slow = slow.map_err(|_| Fault::new("a strategy broke down: this is a defect").kind(Kind::Defect))?;
    let mut ran = quick?;
    ran.extend(slow?);
    ran.sort_by_key(|(strategy, _)| *strategy);
    report::compile(&stage, request, ran)
}

fn one(stage: &Stage, strategy: Strategy, request: &Request, progress: &Progress) -> anyhow::Result<Ran> {
    if let Some(ran) = progress.finished(strategy) {
        return Ok(ran);
    }
    let ran = match strategy {
        Strategy::Asap => return Ok(unplanned::as_submitted(stage)),
        Strategy::LowestIntensity => return Ok(unplanned::lowest_intensity(stage)),
        Strategy::CleanFirst | Strategy::Lp => replan::run(stage, strategy, request, progress)?,
        Strategy::LpPerfect => foresight::run(stage, request)?,
    };
    progress.finish(strategy, &ran);
    Ok(ran)
}
