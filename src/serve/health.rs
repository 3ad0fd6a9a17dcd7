//! Whether the service is alive, and whether it can do its work: it reports only what it has tried.

use crate::clock::{Clock, Stopwatch};
use crate::error::{Fault, Kind, kind_of};
use crate::jobs::agenda::COVER;
use crate::plan::current;
use crate::store::slots::{self, Slot};
use crate::store::{Store, faults, feeds};
use crate::telemetry::{Counted, Counts};
use reports::time::Instant;
use serde::Serialize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

const SCHEMA: &str = "hourmatch/ready/1";
/// How long a result stands, in seconds: however many ask, the store is tried once.
const FRESH_S: f64 = 1.0;
/// How long each read may take.
const LONGEST: Duration = Duration::from_secs(3);
/// Failed tries of a plan, or of a source, from which on it is a warning.
const TROUBLED: i64 = 3;

#[derive(Debug)]
pub struct Health {
    store: Store,
    counts: Arc<Counts>,
    /// Where the store is a file.
    file: Option<PathBuf>,
    tried: Mutex<Option<(Stopwatch, Tried)>>,
}

/// What trying the store came to.
#[derive(Debug, Clone)]
struct Tried {
    problems: Vec<Fault>,
    schema: Option<(i64, i64)>,
    slots: Vec<Slot>,
}

/// The answer of `/readyz`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ready {
    pub schema: &'static str,
    pub engine: &'static str,
    pub synthetic: bool,
    pub ready: bool,
    pub now: Instant,
    pub store: StoreState,
    pub planning: Planning,
    pub counts: Counted,
    /// What does not stand in the way of answers, and should be looked at.
    pub warnings: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StoreState {
    /// SQLite or PostgreSQL.
    pub kind: &'static str,
    /// The last migration applied; null where it cannot be read.
    pub schema: Option<i64>,
    /// The last this version knows.
    pub schema_known: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Planning {
    pub running: bool,
    /// Since when this process is making a plan; null while it is not.
    pub since: Option<Instant>,
    pub due: Vec<Owed>,
}

/// A planning time that is owed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Owed {
    /// A site, or `*` for a plan that covers now.
    pub slot: String,
    pub due: Instant,
    /// How often it failed.
    pub tries: i64,
    /// Whether a process is at it, or was when it ended.
    pub taken: bool,
}

impl Health {
    pub fn new(store: Store, counts: Arc<Counts>) -> Self {
        // A store that has no file from the start has none to lose.
        let file = store.file().filter(|path| path.exists());
        Self { store, counts, file, tried: Mutex::new(None) }
    }

    /// What stands in the way of everything: a planning task that is gone, a store without its file.
    pub fn problems(&self) -> Vec<Fault> {
        let planner = self.counts.planner_down().then(|| {
            Fault::new("the planning task is down: nothing is planned on time")
                .kind(Kind::Defect)
                .hint("the service's log says why; restart the service")
        });
        let gone = self.file.as_ref().filter(|path| !path.exists()).map(|_| {
            Fault::new("the store's file is gone")
                .kind(Kind::Unavailable)
                .hint("put it back, or restore a backup in its place: no restart is needed")
        });
        planner.into_iter().chain(gone).collect()
    }

    /// Reads and writes, or what that came to just now; and what stands in the way of being asked.
    pub async fn ready(&self, clock: Clock, synthetic: bool) -> (Ready, Vec<Fault>) {
        let tried = self.tried().await;
        let mut problems = self.problems();
        // A store whose file is gone fails all else too.
        if !problems.iter().any(|problem| problem.kind == Kind::Unavailable) {
            problems.extend(tried.problems);
        }
        let now = clock.now();
        let ready = Ready {
            schema: SCHEMA,
            engine: crate::ENGINE,
            synthetic,
            ready: problems.is_empty(),
            now,
            store: StoreState {
                kind: self.store.engine(),
                schema: tried.schema.map(|(applied, _)| applied),
                schema_known: tried.schema.map(|(_, known)| known),
            },
            planning: Planning {
                running: !self.counts.planner_down(),
                since: self.counts.planning_since(),
                due: tried.slots.iter().filter_map(owed).collect(),
            },
            counts: self.counts.counted(),
            warnings: warnings(&self.store, &tried.slots, now).await,
        };
        (ready, problems)
    }

    async fn tried(&self) -> Tried {
        let mut last = self.tried.lock().await;
        if let Some((_, tried)) = last.as_ref().filter(|(since, _)| since.seconds() < FRESH_S) {
            return tried.clone();
        }
        let fresh = try_out(&self.store).await;
        *last = Some((Stopwatch::start(), fresh.clone()));
        fresh
    }
}

async fn try_out(store: &Store) -> Tried {
    let mut tried = Tried { problems: Vec::new(), schema: None, slots: Vec::new() };
    // It ends in time by itself.
    if let Err(error) = store.probe().await {
        tried.problems.push(refused(error));
    }
    match tokio::time::timeout(LONGEST, read(store)).await {
        Ok(Ok((schema, slots))) => {
            if schema.0 != schema.1 {
                let what = format!("the store's schema is version {}, and this program's is {}", schema.0, schema.1);
                let hint = "run the same version of hourmatch everywhere";
                tried.problems.push(Fault::new(what).kind(Kind::Stored).hint(hint));
            }
            (tried.schema, tried.slots) = (Some(schema), slots);
        }
        // Said once where both fail.
        Ok(Err(error)) if tried.problems.is_empty() => tried.problems.push(refused(error)),
        Err(_) if tried.problems.is_empty() => {
            let what = "the store cannot be read: it does not answer";
            tried.problems.push(Fault::new(what).kind(Kind::Unavailable).hint("every request tries it again"));
        }
        _ => {}
    }
    tried
}

async fn read(store: &Store) -> anyhow::Result<((i64, i64), Vec<Slot>)> {
    Ok((store.schema().await?, slots::all(store).await?))
}

/// What the engine says goes to the log; what that means, to whoever asks.
fn refused(error: anyhow::Error) -> Fault {
    tracing::warn!("the store failed when it was tried: {error:#}");
    let what = faults::explained(error);
    what.downcast_ref::<Fault>().cloned().unwrap_or_else(|| {
        Fault::new("the store cannot be read and written").kind(kind_of(&what)).hint("the service's log says more")
    })
}

fn owed(slot: &Slot) -> Option<Owed> {
    Some(Owed { slot: slot.name.clone(), due: slot.due?, tries: slot.tries, taken: slot.holder.is_some() })
}

async fn warnings(store: &Store, slots: &[Slot], now: Instant) -> Vec<String> {
    let mut warnings = Vec::new();
    for slot in slots.iter().filter(|slot| slot.due.is_some() && slot.tries >= TROUBLED) {
        let of = if slot.name == COVER { "now".into() } else { format!("site {}", slot.name) };
        warnings.push(format!("planning for {of} has failed {} times and is being retried", slot.tries));
    }
    // A store that does not answer was said before.
    if let Ok(Ok(newest)) = tokio::time::timeout(LONGEST, current::newest(store, now)).await {
        warnings.extend(newest.ignored);
        match newest.plan {
            Some(plan) if plan.end <= now => warnings.push(format!("plan {} has ended: no plan covers now", plan.id)),
            Some(_) => {}
            None => warnings.push("there is no plan yet".into()),
        }
    }
    if let Ok(Ok(states)) = tokio::time::timeout(LONGEST, feeds::all(store)).await {
        for state in states.iter().filter(|state| state.failures >= TROUBLED) {
            let error = state.error.as_deref().unwrap_or("it does not answer");
            warnings.push(format!("source {} has failed {} times: {error}", state.name, state.failures));
        }
    }
    warnings
}
