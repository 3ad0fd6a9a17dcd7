//! A snapshot to a plan, in memory.

use super::accept;
use super::basis::Basis;
use super::candidates::{self, Choice};
use super::document::Plan;
use super::problem::{self, EXPECTED, Stated};
use super::request::Request;
use super::score::{Planned, score};
use super::snapshot::Snapshot;
use super::write::{self, Parts};
use crate::store::reservations::Reservation;
use solver::{Outcome, PreviousPlan};

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

/// Takes out of an outcome what is no user's work.
pub fn without_expected(stated: &Stated, outcome: &mut Outcome) {
    outcome.placements.retain(|p| p.work < stated.work.len());
    outcome.miss_mwh.truncate(stated.work.len());
    outcome.later_mwh.truncate(stated.work.len());
    outcome.reasons.retain(|r| !r.subject.starts_with(EXPECTED));
}

/// `[site][step]`: IT megawatts that an outcome leaves for work still to come.
fn expected_mw(stated: &Stated, outcome: &Outcome) -> Vec<Vec<f64>> {
    let mut left = vec![vec![0.0; stated.problem.steps]; stated.problem.sites.len()];
    for p in outcome.placements.iter().filter(|p| p.work >= stated.work.len()) {
        left[p.site][p.step] += p.mw;
    }
    left
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
        let decided = decide(&snapshot, &request)?;
        Self::with_decided(snapshot, request, decided)
    }

    /// The same plan with reservations in it that were made meanwhile: what has no room any more goes elsewhere, or is
    /// missed.
    pub fn with(self, late: &[Reservation]) -> anyhow::Result<Self> {
        let mut snapshot = self.snapshot;
        late.iter().for_each(|r| snapshot.reserve(r));
        snapshot.reservation_seq = late.iter().map(|r| r.seq).fold(snapshot.reservation_seq, i64::max);
        let stated = problem::formulate(&snapshot);
        let outcome = solver::repair(&stated.problem, &self.outcome)?;
        // What a MW more is worth takes solves of its own.
        let request = Request { values: Some(false), ..self.request };
        Self::with_decided(snapshot, request, (stated, self.earlier, outcome, self.choice))
    }

    fn with_decided(snapshot: Snapshot, request: Request, decided: Decided) -> anyhow::Result<Self> {
        let (stated, earlier, outcome, choice) = decided;
        let plan = plan(&snapshot, &request, (&stated, outcome.clone(), choice.as_ref()))?;
        Ok(Self { snapshot, request, stated, outcome, earlier, choice, plan })
    }

    pub fn basis(&self) -> Basis {
        Basis::new(&self.snapshot, &self.request, &self.stated, self.earlier.as_ref())
    }
}

fn plan(
    snapshot: &Snapshot,
    request: &Request,
    (stated, mut outcome, choice): (&Stated, Outcome, Option<&Choice>),
) -> anyhow::Result<Plan> {
    let expected_mw = expected_mw(stated, &outcome);
    without_expected(stated, &mut outcome);
    let own = stated.without_expected();
    let scored = score(snapshot, &Planned::new(snapshot, &own, stated, &outcome))?;
    accept::check(snapshot, &outcome, &scored)?;
    let parts = Parts { stated, own: &own, outcome: &outcome, scored: &scored, expected_mw: &expected_mw, choice };
    write::document(snapshot, request, &parts)
}
