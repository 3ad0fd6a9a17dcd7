//! Expected series and queued work to a plan: `run(&Snapshot) -> Plan` in memory; this module loads and saves.

pub mod accept;
mod arrays;
pub mod assemble;
pub mod basis;
pub mod bounds;
pub mod derive;
pub mod document;
pub mod draws;
pub mod explain;
pub mod flexible;
pub mod listing;
pub mod past;
pub mod patience;
pub mod problem;
pub mod prune;
pub mod run;
pub mod score;
pub mod snapshot;
pub mod standing;
pub mod strategies;
pub mod table;
mod timeline;
pub mod todate;
pub mod unknown;
mod values;
pub mod work;
pub mod world;
mod write;

pub use document::Plan;
pub use run::Made;
pub use snapshot::Snapshot;

use crate::error::{Kind, Problem};
use crate::portfolio::Portfolio;
use crate::store::plans::{Latest, PlanRow};
use crate::store::reservations::Reservation;
use crate::store::{Store, Write, plans, reservations};
use reports::time::format_instant;
use strategies::Strategy;

/// What to plan.
#[derive(Debug, Clone, Copy)]
pub struct Request {
    pub now_s: i64,
    /// None: the step that `now` lies in.
    pub start_s: Option<i64>,
    pub horizon_s: i64,
    pub strategy: Strategy,
    /// None: the clock ends no solve, and the same inputs give the same bytes.
    pub time_limit_s: Option<f64>,
    pub iteration_limit: Option<u64>,
    /// Relative gap at which whole numbers are good enough.
    pub gap: f64,
    /// Whether to say what a MW more would be worth; none: where that is quick.
    pub values: Option<bool>,
}

impl Request {
    pub fn new(now_s: i64, horizon_s: i64) -> Self {
        Self {
            now_s,
            start_s: None,
            horizon_s,
            strategy: Strategy::Lp,
            time_limit_s: None,
            iteration_limit: None,
            gap: 1e-4,
            values: None,
        }
    }
}

/// How often a plan is made to fit reservations while others may still be made; the last time they wait.
const ROUNDS: usize = 3;

/// Loads a snapshot, plans it off the threads that answer others, and stores the plan as the current one.
pub async fn make(store: &Store, portfolio: &Portfolio, request: &Request) -> anyhow::Result<Plan> {
    let snapshot = assemble::snapshot(store, portfolio, request).await?;
    let request = *request;
    let made = tokio::task::spawn_blocking(move || Made::new(snapshot, request)).await??;
    let made = keep(store, made).await?;
    prune::after_plan(store, portfolio, request.now_s).await;
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
        tracing::info!("{} reservations were made while planning: the plan is made to fit them", late.len());
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
    let ending = reservations::ending_after(store, made.snapshot.grid.start_s).await?;
    let new = |r: &Reservation| r.released_seq.is_none() && r.seq > made.snapshot.reservation_seq;
    let mut late: Vec<Reservation> = ending.into_iter().filter(new).collect();
    late.sort_by_key(|r| r.seq);
    Ok(late)
}

/// Whether the plan has room for all of them; windows take them out of it then.
fn fit(made: &Made, late: &[Reservation]) -> anyhow::Result<bool> {
    let snapshot = &made.snapshot;
    let mut room = bounds::room(&made.plan, &snapshot.portfolio, snapshot.now_s)?;
    for draw in late.iter().filter_map(|r| draws::of_reservation(&snapshot.portfolio, r, snapshot.grid)) {
        if room.fits(&draw).is_none() {
            return Ok(false);
        }
        room.take(&draw, 1.0);
    }
    Ok(true)
}

/// Stores a plan as the current one.
async fn save(mut write: Write, made: Made) -> anyhow::Result<Made> {
    let plan = &made.plan;
    let row = PlanRow {
        id: plan.id.clone(),
        made_s: plan.made_s(),
        start_s: plan.start_s(),
        end_s: plan.end_s(),
        status: plan.status.clone(),
        input_sha256: plan.input_sha256.clone(),
        document: serde_json::to_string(plan)?,
        work_seq: made.snapshot.work_seq,
        reservation_seq: made.snapshot.reservation_seq,
    };
    plans::add(&mut write, &row).await?;
    plans::add_line(&mut write, &plan.id, &listing::summary(plan)?).await?;
    plans::add_problem(&mut write, &plan.id, &made.basis().pack()?).await?;
    write.commit().await?;
    Ok(made)
}

/// The newest plan there is, or the one named.
pub async fn load(store: &Store, id: Option<&str>) -> anyhow::Result<Option<Plan>> {
    let row = plans::get(store, id).await?;
    row.map(|row| read(&row)).transpose()
}

/// How far ahead of now a plan may have been made and be the current one: clocks of several machines differ a little.
pub const AHEAD_S: i64 = 60;

/// The row of the current plan: the newest of those made by now. One made ahead of now, by a clock that went back
/// since, is in charge of nothing.
pub async fn current_row(store: &Store, now_s: i64) -> anyhow::Result<Option<PlanRow>> {
    match plans::latest(store, now_s.saturating_add(AHEAD_S)).await? {
        Some(head) => Ok(plans::get(store, Some(&head.id)).await?),
        None => Ok(None),
    }
}

/// The current plan.
///
/// # Errors
/// A stored plan that cannot be read, and a store that does not answer.
pub async fn in_charge(store: &Store, now_s: i64) -> anyhow::Result<Option<Plan>> {
    current_row(store, now_s).await?.map(|row| read(&row)).transpose()
}

/// Says of the newest plan that it was made ahead of now, where it was: it is passed over.
pub async fn passed_over(store: &Store, now_s: i64) -> anyhow::Result<Option<String>> {
    let newest = plans::latest(store, i64::MAX).await?;
    let ahead = newest.filter(|plan| plan.made_s > now_s.saturating_add(AHEAD_S));
    Ok(ahead.map(|plan| {
        let made = format_instant(plan.made_s);
        format!("plan {} was made at {made}, which lies ahead of now: it is passed over", plan.id)
    }))
}

/// What is shown where no plan is named: the current one, else the newest there is; and what is to be said of it.
pub async fn shown(store: &Store, id: Option<&str>, now_s: i64) -> anyhow::Result<(Option<Plan>, Option<String>)> {
    if id.is_some() {
        return Ok((load(store, id).await?, None));
    }
    let said = passed_over(store, now_s).await?;
    match in_charge(store, now_s).await? {
        Some(plan) => Ok((Some(plan), said)),
        None => Ok((load(store, None).await?, said)),
    }
}

/// Which plan is the current one, where it covers now.
pub async fn covering(store: &Store, portfolio: &Portfolio, now_s: i64) -> anyhow::Result<Option<String>> {
    let head = plans::latest(store, now_s.saturating_add(AHEAD_S)).await?;
    let step_s = portfolio.resolution().seconds();
    let covers = |plan: &Latest| plan.start_s <= now_s.saturating_add(step_s) && now_s < plan.end_s;
    Ok(head.filter(covers).map(|plan| plan.id))
}

pub fn read(row: &PlanRow) -> anyhow::Result<Plan> {
    serde_json::from_str(&row.document).map_err(|e| {
        Problem::new(format!("the stored plan {} cannot be read: {e}", row.id))
            .kind(Kind::Stored)
            .hint("plan again: hourmatch plan")
            .into()
    })
}
