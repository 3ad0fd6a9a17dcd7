//! With each plan stored, what has been over for long enough goes.

use crate::portfolio::Portfolio;
use crate::store::Store;
use crate::store::retention::{self, Kept, Removed};
use reports::time::Instant;

/// What the portfolio has the store keep.
pub fn kept(portfolio: &Portfolio) -> Kept {
    Kept { plans_s: portfolio.retention.plans_s, work_s: portfolio.retention.work_s }
}

/// Removes it, and says so in the log; a plan is none the worse where that fails, and the next one tries again.
pub(super) async fn after_plan(store: &Store, portfolio: &Portfolio, now: Instant) {
    match over(store, portfolio, now).await {
        Ok(removed) if removed.is_nothing() => {}
        Ok(removed) => tracing::info!("removed from the store: {}", removed.words()),
        Err(error) => tracing::warn!("old rows stay in the store until the next plan: {error:#}"),
    }
}

async fn over(store: &Store, portfolio: &Portfolio, now: Instant) -> anyhow::Result<Removed> {
    match retention::settled(store).await? {
        Some(settled) => retention::prune(store, kept(portfolio), settled.min(now)).await,
        None => Ok(Removed::default()),
    }
}
