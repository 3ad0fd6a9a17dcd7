//! What an interrupted run has to show, and what tells whether another may go on from it.

use super::as_submitted;
use super::progress::Kept;
use super::report::{self, Backtest};
use super::request::{Request, Strategy};
use super::stage::Stage;
use crate::portfolio::Portfolio;
use crate::store::{Store, revisions, work};
use reports::digest::sha256_hex;
use reports::time::Interval;
use std::fmt::Write;

/// The same for the same question to the same engine about the same data.
///
/// # Errors
/// Where the store cannot be read.
pub async fn key(store: &Store, portfolio: &Portfolio, request: &Request) -> anyhow::Result<String> {
    // Debug prints floats in shortest round-trip form, so equal text means equal inputs.
    let mut text = format!("{}\n{request:?}\n{portfolio:?}\n", crate::ENGINE);
    for revision in revisions::all(store).await?.values() {
        writeln!(text, "{} {} {:?}", revision.recorded, revision.file_sha256, revision.form)?;
    }
    let rows = work::all(store).await?;
    writeln!(text, "{:?}\n{:?}", rows.readable, rows.unreadable)?;
    Ok(sha256_hex(text.as_bytes()))
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
    let ran = vec![(Strategy::Asap, as_submitted::run(&stage)), (strategy, ran.clone().until(&stage).close(&stage))];
    Ok(Some(Backtest { complete: false, ..report::compile(&stage, &until, ran)? }))
}
