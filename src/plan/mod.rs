//! Expected series and queued work to a plan: `run(&Snapshot) -> Plan` in memory; this module loads and saves.

pub mod accept;
mod arrays;
pub mod assemble;
pub mod basis;
pub mod derive;
pub mod document;
pub mod explain;
pub mod flexible;
pub mod listing;
pub mod past;
mod patience;
pub mod problem;
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

use basis::Basis;
pub use document::Plan;
pub use snapshot::Snapshot;

use crate::error::Problem;
use crate::portfolio::Portfolio;
use crate::store::plans::PlanRow;
use crate::store::{Store, plans, reservations};
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

/// How often a plan is made again because megawatts were promised while it was being made.
const TRIES: usize = 5;

/// Loads a snapshot, plans it off the threads that answer others, and stores the plan as the current one.
pub async fn make(store: &Store, portfolio: &Portfolio, request: &Request) -> anyhow::Result<Plan> {
    for _ in 0..TRIES {
        let snapshot = assemble::snapshot(store, portfolio, request).await?;
        let (live, request) = (snapshot.live.clone(), *request);
        let made = tokio::task::spawn_blocking(move || run::with_basis(&snapshot, &request)).await??;
        let (plan, basis) = made;
        if save(store, &plan, &basis, &live, request.now_s).await? {
            return Ok(plan);
        }
        tracing::warn!("reservations were made while planning: planning again");
    }
    Err(Problem::new("reservations kept coming while planning").hint("plan again in a quieter minute").into())
}

/// Stores a plan as the current one, unless megawatts were promised that it does not know; false then.
async fn save(store: &Store, plan: &Plan, basis: &Basis, live: &[String], now_s: i64) -> anyhow::Result<bool> {
    let row = PlanRow {
        id: plan.id.clone(),
        made_s: plan.made_s(),
        start_s: plan.start_s(),
        end_s: plan.end_s(),
        status: plan.status.clone(),
        input_sha256: plan.input_sha256.clone(),
        document: serde_json::to_string(plan)?,
    };
    let mut write = store.write().await?;
    let now_live = reservations::live(&mut write, now_s).await?;
    if !now_live.iter().all(|r| live.contains(&r.id)) {
        return Ok(false);
    }
    plans::add(&mut write, &row).await?;
    plans::add_problem(&mut write, &plan.id, &basis.pack()?).await?;
    write.commit().await?;
    Ok(true)
}

/// The current plan, or the one named.
pub async fn load(store: &Store, id: Option<&str>) -> anyhow::Result<Option<Plan>> {
    let row = plans::get(store, id).await?;
    row.map(|row| read(&row)).transpose()
}

pub fn read(row: &PlanRow) -> anyhow::Result<Plan> {
    serde_json::from_str(&row.document).map_err(|e| {
        Problem::new(format!("the stored plan {} cannot be read: {e}", row.id))
            .hint("plan again: hourmatch plan")
            .into()
    })
}
