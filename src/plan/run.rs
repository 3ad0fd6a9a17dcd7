//! A snapshot to a plan, in memory.

use super::basis::Basis;
use super::candidates::{self, Choice};
use super::common::{Outcome, Plan, PreviousPlan, Reservation, Snapshot};
use super::problem::{self, Stated};
use super::request::Request;
use super::time_limit::Shared;
use super::write;

/// The decisions alone: what a backtest carries out. Work still to come steers them, and is no part of them.
pub fn place(snapshot: &Snapshot, request: &Request) -> anyhow::Result<(Stated, Outcome)> {
    let (stated, _, outcome, _) = decide(snapshot, request)?;
    Ok((stated, outcome))
}

/// What is decided, from which problem and which earlier plan, and what there was to choose from.
type Decided = (Stated, Option<PreviousPlan>, Outcome, Option<Choice>);

fn decide(snapshot: &Snapshot, request: &Request) -> anyhow::Result<Decided> {
    let stated = problem::formulate(snapshot);
    let earlier = candidates::earlier(snapshot, &stated);
    let (outcome, choice) = request.strategy.run(&stated, &request.limits(), earlier.as_ref(), request.told)?;
    Ok((stated, earlier, outcome, choice))
}

/// A plan, and all it was made of and with.
#[derive(Debug)]
pub struct Made {
    pub snapshot: Snapshot,
    pub request: Request,
    pub stated: Stated,
    /// Work still to come among it.
    pub outcome: Outcome,
    /// What the plan before has for the problem's pieces.
    pub earlier: Option<PreviousPlan>,
    /// What there was to choose from, where the search was cut short.
    pub choice: Option<Choice>,
    pub plan: Plan,
}

impl Made {
    pub fn new(snapshot: Snapshot, request: Request) -> anyhow::Result<Self> {
        let shared = Shared::start(request.time_limit_s);
        let decided = decide(&snapshot, &request)?;
        Self::with_decided(snapshot, request, decided, shared)
    }

    /// The same plan with reservations made meanwhile: what has no room any more goes elsewhere, or is missed.
    pub fn with(self, late: &[Reservation]) -> anyhow::Result<Self> {
        let mut snapshot = self.snapshot;
        late.iter().for_each(|r| snapshot.reserve(r));
        snapshot.reservation_seq = late.iter().map(|r| r.seq).fold(snapshot.reservation_seq, i64::max);
        let stated = problem::formulate(&snapshot);
        let mut outcome = solver::repair(&stated.problem, &self.outcome)?;
        outcome.searched = self.outcome.searched;
        // What a MW more is worth takes solves of its own.
        let request = Request { values: Some(false), ..self.request };
        let shared = Shared::start(request.time_limit_s);
        Self::with_decided(snapshot, request, (stated, self.earlier, outcome, self.choice), shared)
    }

    fn with_decided(snapshot: Snapshot, request: Request, decided: Decided, shared: Shared) -> anyhow::Result<Self> {
        let (stated, earlier, outcome, choice) = decided;
        let plan = write::document(&snapshot, &request, (&stated, outcome.clone(), choice.as_ref()), shared)?;
        Ok(Self { snapshot, request, stated, outcome, earlier, choice, plan })
    }

    pub fn basis(&self) -> Basis {
        Basis::new(&self.snapshot, &self.request, &self.stated, self.earlier.as_ref())
    }
}
