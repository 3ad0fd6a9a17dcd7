//! Turns at making reports: each holds its books in memory, so only so many are made at a time.

use super::app::App;
use super::limits::{REPORT_WAITS, REPORTS};
use crate::audit::settle;
use crate::error::{Fault, Kind};
use crate::portfolio::Portfolio;
use reports::report::Computed;
use reports::time::{Instant, Interval};
use tokio::sync::OwnedSemaphorePermit;

/// Kept as long as the report is in memory.
pub type Turn = OwnedSemaphorePermit;

fn taken() -> Fault {
    Fault::new(format!("{REPORTS} reports are being made already, the most there may be at a time"))
        .kind(Kind::Unavailable)
        .hint("ask again when they are done")
}

/// A turn, waited for a while.
pub async fn wait(app: &App) -> Result<Turn, Fault> {
    let turn = tokio::time::timeout(REPORT_WAITS, app.reports.clone().acquire_owned()).await;
    turn.ok().and_then(Result::ok).ok_or_else(taken)
}

/// A turn, if there is one now.
pub fn now(app: &App) -> Result<Turn, Fault> {
    app.reports.clone().try_acquire_owned().map_err(|_| taken())
}

/// The report of a period, in a task of its own: what nobody waits for any more keeps its turn until it is made.
pub async fn report(
    app: &App,
    portfolio: Portfolio,
    period: Interval,
    as_of: Option<Instant>,
    turn: Turn,
) -> anyhow::Result<(Computed, Turn)> {
    let store = app.store.clone();
    let made = tokio::spawn(async move { (settle::report(&store, &portfolio, period, as_of).await, turn) });
    let done = made.await.map_err(anyhow::Error::from).and_then(|(done, turn)| Ok((done?, turn)));
    if let Err(error) = &done {
        app.counts.note_panic("making a report", error);
    }
    done
}
