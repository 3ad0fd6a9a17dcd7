//! A plan loaded, made and stored as the current one.

use super::common::{Instant, Plan, Portfolio, Reservation};
use super::request::Request;
use super::run::Made;
use super::{assemble, bounds, draws, listing, parts};
use crate::store::plans::PlanRow;
use crate::store::retention::{self, Kept, Removed};
use crate::store::{Store, Write, plans, reservations};

/// How often a plan is made to fit reservations while others may still be made; the last time they wait.
const ROUNDS: usize = 3;

/// Loads a snapshot, plans it off the threads that answer others, and stores the plan as the current one.
pub async fn make(store: &Store, portfolio: &Portfolio, request: &Request) -> anyhow::Result<Plan> {
    let snapshot = assemble::snapshot(store, portfolio, request).await?;
    let request = *request;
    let made = tokio::task::spawn_blocking(move || Made::new(snapshot, request)).await??;
    let made = keep(store, made).await?;
    prune(store, portfolio, request.now).await;
    Ok(made.plan)
}

/// Stores a plan as the current one. What was reserved since its snapshot fits, or the plan is repaired until it does.
pub async fn keep(store: &Store, mut made: Made) -> anyhow::Result<Made> {
    for round in 0.. {
        let write = store.write().await?;
        let late = late(store, &made).await?;
        if fit(&made, &late)? {
            return save(write, made).await;
        }
        tracing::info!("reservations made while planning: {}; the plan is adjusted to fit them", late.len());
        // Once nobody can reserve while it is repaired, it fits.
        let waiting = if round < ROUNDS { None } else { Some(write) };
        made = tokio::task::spawn_blocking(move || made.with(&late)).await??;
        if let Some(write) = waiting {
            return save(write, made).await;
        }
    }
    unreachable!("the loop ends by returning")
}

/// Reservations made since the plan's snapshot, oldest first.
async fn late(store: &Store, made: &Made) -> anyhow::Result<Vec<Reservation>> {
    let ending = reservations::ending_after(store, made.snapshot.grid.start).await?;
    let new = |r: &Reservation| r.released_seq.is_none() && r.seq > made.snapshot.reservation_seq;
    let mut late: Vec<Reservation> = ending.into_iter().filter(new).collect();
    late.sort_by_key(|r| r.seq);
    Ok(late)
}

/// Whether the plan has room for all of them; windows take them out of it then.
fn fit(made: &Made, late: &[Reservation]) -> anyhow::Result<bool> {
    let snapshot = &made.snapshot;
    let mut room = bounds::room(&made.plan, &snapshot.portfolio, snapshot.now)?;
    for draw in late.iter().filter_map(|r| draws::of_reservation(&snapshot.portfolio, r, snapshot.grid)) {
        if room.fits(&draw).is_none() {
            return Ok(false);
        }
        room.take(&draw, 1.0);
    }
    Ok(true)
}

async fn save(mut write: Write, made: Made) -> anyhow::Result<Made> {
    let plan = &made.plan;
    let row = PlanRow {
        id: plan.id.clone(),
        made: plan.made,
        start: plan.start,
        end: plan.end,
        status: plan.status_name().into(),
        input_sha256: plan.input_sha256.clone(),
        document: serde_json::to_string(plan)?,
        work_seq: made.snapshot.work_seq,
        reservation_seq: made.snapshot.reservation_seq,
    };
    plans::add(&mut write, &row).await?;
    plans::add_line(&mut write, &plan.id, &listing::summary(plan)?).await?;
    plans::add_problem(&mut write, &plan.id, &made.basis().pack()?).await?;
    plans::add_parts(&mut write, &plan.id, &parts::packed(plan)?).await?;
    write.commit().await?;
    Ok(made)
}

/// What the portfolio has the store keep.
pub fn kept(portfolio: &Portfolio) -> Kept {
    Kept { plans_s: portfolio.retention.plans_s, work_s: portfolio.retention.work_s }
}

/// With each plan stored, what has been over for long enough goes, and the log says so; a plan is none the worse where that
/// fails, and the next one tries again.
async fn prune(store: &Store, portfolio: &Portfolio, now: Instant) {
    match prune_settled(store, portfolio, now).await {
        Ok(removed) if removed.is_nothing() => {}
        Ok(removed) => tracing::info!("removed from the store: {}", removed.words()),
        Err(error) => tracing::warn!("old rows stay in the store until the next plan: {error:#}"),
    }
}

async fn prune_settled(store: &Store, portfolio: &Portfolio, now: Instant) -> anyhow::Result<Removed> {
    match retention::settled(store).await? {
        Some(settled) => retention::prune(store, kept(portfolio), settled.min(now)).await,
        None => Ok(Removed::default()),
    }
}
